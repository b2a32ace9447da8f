//! The steps of a referral's way.

use chrono::NaiveDate;
use platform::{
    Draft, Failure, Principal, Step,
    clock::day_in_sweden,
    convert::{date_from_proto, text},
    journal::Transaction,
    principal,
    sql::Batch,
};
use proto::{WriteRequest, participant as pb};
use tonic::Request;
use values::{Fault, Faults, name::ReferralName};

use crate::{
    domain::{
        case::{Case, Recorded},
        code::DecisionReason,
        reach::Reach,
        referral::{self, Action, Referral, State, StepRefusal, Taken},
    },
    rpc::{
        Shared,
        case::{self, Drafts, Owner},
        convert,
        participant::protect,
        people, permissions,
        written::Made,
    },
    store,
};

/// Which step is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    Receive,
    Call,
    Talk,
    Decide,
    Revoke,
    RegisterInError,
}

/// What any of the requests has.
pub(super) struct Sent {
    pub(super) name: String,
    pub(super) etag: String,
    pub(super) comment: String,
    /// None where the step has no day of its own.
    pub(super) day: Option<Option<proto::Date>>,
    /// What only a decision has.
    pub(super) decided: Option<Decided>,
}

/// A decision, as it was sent.
pub(super) struct Decided {
    pub(super) state: i32,
    pub(super) decision: Option<pb::ReferralDecision>,
}

/// What is asked for, read.
#[derive(Clone)]
struct Asked {
    name: ReferralName,
    etag: String,
    action: Action,
    /// None for today.
    day: Option<NaiveDate>,
    comment: String,
}

pub(super) async fn take<M>(
    shared: &Shared,
    request: Request<M>,
    asks: Asks,
    rpc: &'static str,
) -> Result<pb::Referral, Failure>
where
    M: WriteRequest + Into<Sent>,
{
    let principal = principal::of(&request)?;
    let write = shared.write_of(&principal, rpc, request.get_ref())?;
    let sent: Sent = request.into_inner().into();
    let sent_name = sent.name.clone();
    let asked = parse(asks, sent)?;
    principal.is_in(&asked.name.federation, &sent_name)?;
    let reach = permissions::reach(&principal);
    let (handed, caller) = (shared.clone(), principal.clone());
    let entries = shared.journal.write(write, move |transaction, step| {
        let (shared, asked) = (handed.clone(), asked.clone());
        let (reach, caller) = (reach.clone(), caller.clone());
        Box::pin(async move { save(&shared, transaction, step, asked, (&reach, caller)).await })
    });
    shared.answer(&principal, rpc, &entries.await?, &Made::default()).await
}

fn parse(asks: Asks, sent: Sent) -> Result<Asked, Failure> {
    let Sent { name, etag, comment, day, decided } = sent;
    let mut faults = Faults::new();
    let name = faults.keep(ReferralName::parse("name", &name));
    people::etag(&etag, &mut faults);
    let day = faults.keep(day.map(|day| date_from_proto("day", day)).transpose());
    let comment = faults.keep(text("comment", &comment, 0, 1000));
    let action = action(asks, decided, &mut faults);
    let needs_comment = match &action {
        Some(Action::Revoke | Action::RegisterInError) => true,
        Some(Action::Decide { decision, .. }) => decision.reason == DecisionReason::Other,
        Some(Action::Receive | Action::Call | Action::Talk) | None => false,
    };
    if needs_comment && comment.as_ref().is_some_and(String::is_empty) {
        faults.push(Fault::new("comment", "COMMENT_MISSING"));
    }
    Ok(faults.into_result(|| {
        let (name, action, day, comment) = (name?, action?, day?, comment?);
        Some(Asked { name, etag, action, day, comment })
    })?)
}

fn action(asks: Asks, decided: Option<Decided>, faults: &mut Faults) -> Option<Action> {
    match asks {
        Asks::Receive => Some(Action::Receive),
        Asks::Call => Some(Action::Call),
        Asks::Talk => Some(Action::Talk),
        Asks::Revoke => Some(Action::Revoke),
        Asks::RegisterInError => Some(Action::RegisterInError),
        Asks::Decide => {
            let Decided { state, decision } = decided?;
            let state = faults.keep(convert::code::code("state", state, State::from_number));
            let missing = || Fault::new("decision", "FIELD_MISSING");
            let decision = faults.keep(decision.ok_or_else(missing)).and_then(|decision| {
                faults.keep_nested("decision", convert::referral::decision(decision))
            });
            Some(Action::Decide { state: state?, decision: decision? })
        }
    }
}

async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: Asked,
    (reach, caller): (&Reach, Principal),
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, action, day, comment } = asked;
    let found = store::referral::find(transaction, &name).await?;
    let record = found.ok_or_else(|| Failure::not_found(&name))?;
    check_reach(reach, &record, &action)?;
    people::is_current(&etag, record.index.revision, &name)?;
    let key = shared.data_key(&record.person)?;
    let person = people::open_person(&key, &record.person)?;
    let standing = people::open_referral(&key, &record)?;
    let today = day_in_sweden(step.now);
    let day = day.unwrap_or(today);
    let recorded = Recorded { actor: caller.account.clone(), time: step.now };
    let taken = Taken { actor: caller.account, now: step.now, today, day, comment };
    let after =
        referral::take(&standing, action, taken).map_err(|refusal| refused(refusal, day))?;

    let (mut batch, mut drafts) = (Batch::on(transaction), Drafts::of(step));
    let owner = Owner { person: &person, key: &key, entered: record.person.created_sequence };
    let kind = kind(&after);
    case::put_referral(&mut batch, &mut drafts, &record, &after, (owner, kind));
    // None of its enrolments stands while a step is taken.
    let (before, after) = (Case::from(standing), Case::from(after));
    if after.counted(&person) != before.counted(&person) {
        case::count(&mut batch, &after, &person, step.sequence).await?;
    }
    let whose = (&record.person, &person, &key);
    protect::ended(shared, &mut batch, &mut drafts, whose, (&after, &recorded)).await?;
    batch.send().await?;
    Ok(drafts.into_vec())
}

/// Who sees nothing of the referral does not learn that it is here; who sees some of it
/// may not take every step.
fn check_reach(
    reach: &Reach,
    record: &store::referral::Record,
    action: &Action,
) -> Result<(), Failure> {
    let belonging = record.index.belonging();
    if reach.view(belonging).is_none() {
        return Err(Failure::not_found(&record.index.name));
    }
    let may = match action {
        Action::Revoke => reach.sends(belonging),
        Action::Receive
        | Action::Call
        | Action::Talk
        | Action::Decide { .. }
        | Action::RegisterInError => reach.handles(belonging),
    };
    if may { Ok(()) } else { Err(Failure::Denied) }
}

fn kind(referral: &Referral) -> &'static str {
    match referral.state() {
        State::Sent => "referral.sent",
        State::Received => "referral.received",
        State::Called => "referral.called",
        State::Talked => "referral.talked",
        State::Reconsidering => "referral.reconsidered",
        State::Accepted => "referral.accepted",
        State::NotEligible => "referral.not_eligible",
        State::Declined => "referral.declined",
        State::Revoked => "referral.revoked",
        State::Enrolled => "referral.enrolled",
        State::RegisteredInError => "referral.registered_in_error",
    }
}

/// What a refused step answers.
pub(in crate::rpc) fn refused(refusal: StepRefusal, day: NaiveDate) -> Failure {
    match refusal {
        StepRefusal::NotFrom { state } => {
            Failure::refused("REFERRAL_STATE_FORBIDS").with("referral_state", state.name())
        }
        StepRefusal::Enrolled { enrolment } => {
            let enrolment = enrolment.map(|name| name.id.to_string()).unwrap_or_default();
            Failure::refused("ALREADY_ENROLLED").with("enrolment", enrolment)
        }
        StepRefusal::NoDecision { state } => {
            Fault::new("state", "NO_DECISION").with("referral_state", state.name()).into()
        }
        StepRefusal::ReasonNotFitting { state, reason } => {
            Fault::new("decision.reason", "DECISION_REASON_NOT_FITTING")
                .with("decision_reason", reason.name())
                .with("referral_state", state.name())
                .into()
        }
        StepRefusal::Before { earliest } => {
            Fault::new("day", "DAY_TOO_EARLY").with("value", day).with("earliest", earliest).into()
        }
        StepRefusal::InFuture { today: _ } => {
            Fault::new("day", "DAY_IN_FUTURE").with("value", day).into()
        }
    }
}
