//! A team's cases without anything that tells whose they are, to those who work with
//! them.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use platform::{
    Failure, Principal, convert::period_from_proto, db::OpenTransaction, page::Page, principal,
};
use proto::participant as pb;
use tonic::Request;
use values::{
    Fault, Faults, Period, Slug,
    name::{BandingName, TeamName},
};

use crate::{
    domain::{
        banding::{BandedDimension, Banding},
        enrolment::ConsentKind,
    },
    rpc::{
        Shared, convert, parent, people, permissions,
        tabulation::{as_of, banding, sequence},
    },
    store::{
        self,
        exported_case::{self, ExportedCase, Question},
    },
};

/// What is asked for, read.
struct Asked {
    team: TeamName,
    period: Period,
    banding: BandingName,
    /// The sequence that was asked for, or that of the first page.
    as_known_at: i64,
    size: u64,
    after: Option<(Slug, i16)>,
}

pub(super) async fn export(
    shared: &Shared,
    request: Request<pb::ExportCasesRequest>,
) -> Result<pb::ExportCasesResponse, Failure> {
    let principal = principal::of(&request)?;
    let Asked { team, period, banding: name, as_known_at, size, after } =
        parse(&principal, request.into_inner())?;
    let reach = permissions::writing_reach(&principal);
    let parties = reach.people.iter().filter(|(_, of)| *of == team.id).map(|(party, _)| party);
    let parties: Vec<&Slug> = parties.collect();
    if parties.is_empty() {
        return Err(Failure::not_found(&team));
    }
    let picture = shared.journal.database().snapshot().await?;
    let unknown = || Fault::new("age_banding", "BANDING_UNKNOWN").with("value", &name);
    let banding = banding(&picture, &name).await?.ok_or_else(unknown)?;
    if banding.dimension() != BandedDimension::Age {
        return Err(Fault::new("age_banding", "BANDING_UNFIT").with("value", &name).into());
    }
    let as_of = as_of(&picture, &team.federation, ("as_known_at", as_known_at)).await?;
    let sequence = as_of.sequence;
    let question = Question { team: &team, parties: &parties, period, sequence, after, size };
    let mut cases = exported_case::page(&picture, &question).await?;
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let has_more = cases.len() > size;
    cases.truncate(size);
    let agreed = agreed(shared, &picture, &team.federation, &cases).await?;
    picture.rollback().await?;
    let last = cases.last().filter(|_| has_more);
    let token = last.map(|ExportedCase { key: (case, part), .. }| {
        Page::token(&format!("{sequence}/{part}/{case}"))
    });
    Ok(pb::ExportCasesResponse {
        cases: cases
            .iter()
            .filter(|case| agreed.contains(&case.key.0))
            .map(|case| render(case, &banding))
            .collect(),
        next_page_token: token.unwrap_or_default(),
        sequence,
        head_hash: as_of.hash,
    })
}

/// The cases whose people agree to it today that information is exchanged.
async fn agreed(
    shared: &Shared,
    picture: &OpenTransaction,
    federation: &Slug,
    cases: &[ExportedCase],
) -> Result<BTreeSet<Slug>, Failure> {
    let ids: BTreeSet<&Slug> = cases.iter().map(|case| &case.key.0).collect();
    let today = shared.journal.clock().today();
    let mut agreed = BTreeSet::new();
    for (record, person) in store::enrolment::of_cases(picture, federation, ids).await? {
        let enrolment = people::open_enrolment(&shared.data_key(&person)?, &record)?;
        let agrees = enrolment.agrees_to(ConsentKind::ExchangeOfInformation, today);
        if enrolment.mistake.is_none() && agrees {
            agreed.insert(enrolment.referral.id);
        }
    }
    Ok(agreed)
}

fn parse(principal: &Principal, message: pb::ExportCasesRequest) -> Result<Asked, Failure> {
    let pb::ExportCasesRequest {
        parent: sent,
        team,
        period,
        age_banding,
        as_known_at,
        page_size,
        page_token,
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent)?;
    let team = TeamName::parse("team", &team);
    let team = faults.keep(convert::within(&federation, "team", team, |name| &name.federation));
    let period = faults.keep_nested("", period_from_proto("period", period));
    let banding = BandingName::parse("age_banding", &age_banding);
    let banding = convert::within(&federation, "age_banding", banding, |name| &name.federation);
    let banding = faults.keep(banding);
    let as_known_at = faults.keep(sequence("as_known_at", as_known_at));
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    let (team, period, banding, as_known_at, page) =
        faults.into_result(|| Some((team?, period?, banding?, as_known_at?, page?)))?;
    let after = page.after.as_deref().map(after).transpose()?;
    let (as_known_at, after) = match after {
        Some((sequence, key)) => (sequence, Some(key)),
        None => (as_known_at, None),
    };
    Ok(Asked { team, period, banding, as_known_at, size: page.size, after })
}

/// Reads where a page ended: the sequence that it was known at, and its last case.
fn after(token: &str) -> Result<(i64, (Slug, i16)), Fault> {
    let malformed = || Fault::new("page_token", "PAGE_TOKEN_MALFORMED");
    let mut parts = token.splitn(3, '/');
    let (sequence, part, case) = (parts.next(), parts.next(), parts.next());
    let read = sequence.zip(part).zip(case).and_then(|((sequence, part), case)| {
        let case = Slug::parse("page_token", case).ok()?;
        Some((sequence.parse().ok()?, (case, part.parse().ok()?)))
    });
    read.ok_or_else(malformed)
}

fn render(case: &ExportedCase, banding: &Banding) -> pb::ExportedCase {
    let ExportedCase { key: _, municipality, sex, age, referring_kind, enrolled, exited, outcome } =
        case;
    pb::ExportedCase {
        municipality: municipality.to_string(),
        sex: sex.number().into(),
        age_band: banding.of_age(*age).to_owned(),
        referring_kind: referring_kind.number().into(),
        enrolled: month(*enrolled),
        exited: exited.map(month).unwrap_or_default(),
        outcome: outcome.map(|outcome| outcome.number().into()).unwrap_or_default(),
    }
}

/// The month of a day: "2025-03".
fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}
