//! Noting how a follow-up ended.

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Step, clock::day_in_sweden, convert::date_from_proto, journal::Transaction,
    principal, sql::Batch,
};
use proto::participant as pb;
use tonic::Request;
use values::{Fault, Faults, name::FollowUpName};

use super::{Opened, find};
use crate::{
    domain::{
        follow_up::{self, EndRefusal, Outcome, Reached},
        reach::Reach,
    },
    rpc::{Shared, along, convert, people, permissions, written::Made},
    store::{self, follow_up::Index},
};

const END: &str = "/samordna.participant.v1.FollowUpService/EndFollowUp";

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: FollowUpName,
    etag: String,
    day: NaiveDate,
    outcome: Outcome,
}

pub(super) async fn end(
    shared: &Shared,
    request: Request<pb::EndFollowUpRequest>,
) -> Result<pb::FollowUp, Failure> {
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, END, request.get_ref())?;
    let sent_name = request.get_ref().name.clone();
    let asked = parse(request.into_inner())?;
    principal.is_in(&asked.name.enrolment.federation, &sent_name)?;
    let reach = permissions::reach(&principal);
    let handed = shared.clone();
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked, reach) = (handed.clone(), asked.clone(), reach.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, &reach).await })
    });
    shared.answer(&principal, END, &entries.await?, &Made::default()).await
}

fn parse(message: pb::EndFollowUpRequest) -> Result<Asked, Failure> {
    let pb::EndFollowUpRequest {
        name,
        etag,
        result,
        day,
        situation,
        livelihoods,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let name = faults.keep(FollowUpName::parse("name", &name));
    people::etag(&etag, &mut faults);
    let day = faults.keep(date_from_proto("day", day));
    let outcome = convert::follow_up::outcome(result, situation, livelihoods);
    let outcome = faults.keep_nested("", outcome);
    Ok(faults.into_result(|| {
        let (name, day, outcome) = (name?, day?, outcome?);
        Some(Asked { name, etag, day, outcome })
    })?)
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    reach: &Reach,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, day, outcome } = asked;
    let record = find(transaction, &name, reach).await?;
    people::is_current(&etag, record.index.revision, &name)?;
    let Opened { key, follow_up, enrolment } = Opened::of(shared, &record)?;
    let reached = Reached::from(&outcome);
    let today = day_in_sweden(step.now);
    let after = follow_up::end(&follow_up, &enrolment, day, outcome, today)
        .map_err(|refusal| refused(refusal, day))?;
    let revision = record.index.revision + 1;
    let index = Index { is_open: false, revision, ..record.index };
    let mut batch = Batch::on(transaction);
    store::follow_up::update(&mut batch, &index, Some(step.sequence));
    let end = (&record.case, reached);
    store::follow_up_end::insert(&mut batch, &name, end, step.sequence).await?;
    batch.send().await?;
    let message = convert::follow_up::render(&after, &index.team, revision);
    let sealed_by = (&key, &record.participant.id);
    Ok(vec![along::draft(sealed_by, "follow_up.ended", (&name, &message))])
}

fn refused(refusal: EndRefusal, day: NaiveDate) -> Failure {
    match refusal {
        EndRefusal::Ended => Failure::refused("FOLLOW_UP_ENDED"),
        EndRefusal::NotDue { from } => Failure::refused("FOLLOW_UP_NOT_DUE").with("from", from),
        EndRefusal::InFuture { today: _ } => {
            Fault::new("day", "DAY_IN_FUTURE").with("value", day).into()
        }
        EndRefusal::WithoutConsent => {
            Failure::refused("FOLLOW_UP_WITHOUT_CONSENT").with("day", day)
        }
    }
}
