//! The steps of a recovery's way: each is read on its own, and one path takes all
//! of them.

use chrono::NaiveDate;
use platform::{
    Failure, Principal, Step, Write, clock::day_in_sweden, convert::prose, journal::Transaction,
    principal,
};
use proto::finance as pb;
use tonic::Request;
use values::{
    Fault, Faults,
    name::{AccountName, RecoveryName},
};

use crate::{
    domain::{
        ledger::Voucher,
        recovery::{self, DecideFacts, Recovery, SettleFacts, State, StepRefusal},
        requisition::{Payment, Reach},
    },
    rpc::{Shared, convert, draft, recorded},
    store::{self, requisition::Wanted},
};

const DECIDE: &str = "/samordna.finance.v1.RecoveryService/DecideRecovery";
const CANCEL: &str = "/samordna.finance.v1.RecoveryService/CancelRecovery";
const SETTLE: &str = "/samordna.finance.v1.RecoveryService/SettleRecovery";

/// What a step asks for, read.
#[derive(Clone)]
struct Asked {
    name: RecoveryName,
    etag: String,
    comment: String,
}

/// Which step.
#[derive(Clone)]
enum Action {
    Decide,
    Cancel,
    Settle(Payment),
}

pub(super) async fn decide(
    shared: &Shared,
    request: Request<pb::DecideRecoveryRequest>,
) -> Result<pb::Recovery, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, DECIDE, request.get_ref())?;
    let pb::DecideRecoveryRequest {
        name,
        etag,
        comment,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let asked = parse(&name, etag, &comment, Faults::new())?;
    take(shared, principal, write, asked, Action::Decide).await
}

pub(super) async fn cancel(
    shared: &Shared,
    request: Request<pb::CancelRecoveryRequest>,
) -> Result<pb::Recovery, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CANCEL, request.get_ref())?;
    let pb::CancelRecoveryRequest {
        name,
        etag,
        comment,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    if comment.trim().is_empty() {
        faults.push(Fault::new("comment", "COMMENT_MISSING"));
    }
    let asked = parse(&name, etag, &comment, faults)?;
    take(shared, principal, write, asked, Action::Cancel).await
}

pub(super) async fn settle(
    shared: &Shared,
    request: Request<pb::SettleRecoveryRequest>,
) -> Result<pb::Recovery, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, SETTLE, request.get_ref())?;
    let pb::SettleRecoveryRequest {
        name,
        etag,
        comment,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
        settlement_date,
        bank_reference,
    } = request.into_inner();
    let mut faults = Faults::new();
    let settlement =
        convert::payment("settlement_date", settlement_date, &bank_reference, &mut faults);
    let today = day_in_sweden(shared.journal.clock().now());
    let asked = parse(&name, etag, &comment, faults).map_err(|mut faults| {
        // Alone it is told where the step is decided, after what comes before it.
        settlement.future_day(today).into_iter().for_each(|day| faults.push(in_future(day)));
        faults
    })?;
    let settlement = settlement.whole().expect("a part is missing only when a fault was noted");
    take(shared, principal, write, asked, Action::Settle(settlement)).await
}

fn parse(name: &str, etag: String, comment: &str, mut faults: Faults) -> Result<Asked, Faults> {
    let name = faults.keep(RecoveryName::parse("name", name));
    convert::etag(&etag, &mut faults);
    let comment = prose(&mut faults, "comment", comment, 0, 1000);
    faults.into_result(|| Some(Asked { name: name?, etag, comment: comment? }))
}

async fn take(
    shared: &Shared,
    principal: Principal,
    write: Write,
    asked: Asked,
    action: Action,
) -> Result<pb::Recovery, Failure> {
    principal.is_in(&asked.name.federation, &asked.name.to_string())?;
    let entries = shared.journal.write(write, move |transaction, step| {
        let (asked, action) = (asked.clone(), action.clone());
        let actor = principal.account.clone();
        Box::pin(async move {
            let name = asked.name.clone();
            let found = store::recovery::find(transaction, &name, &Reach::Federation).await?;
            let standing = found.ok_or_else(|| Failure::not_found(&name))?;
            let taken = after(transaction, standing, asked, action, actor, step).await?;
            let (after, voucher) = taken.map_err(|refusal| refused(refusal, &name))?;
            let sequence = step.sequence;
            store::recovery::keep_step(transaction, &after, sequence, voucher.as_ref()).await?;
            Ok(vec![draft(kind(after.state()), &name, &convert::recovery::render(&after))])
        })
    });
    recorded(&entries.await?)
}

/// The recovery after a step, and what it does to the ledger; or why it is not
/// taken.
async fn after(
    transaction: &Transaction,
    standing: Recovery,
    asked: Asked,
    action: Action,
    actor: AccountName,
    step: Step,
) -> Result<Result<(Recovery, Option<Voucher>), StepRefusal>, Failure> {
    let Asked { name, etag, comment } = asked;
    let (today, now) = (day_in_sweden(step.now), step.now);
    let requisition = standing.proposal().requisition.clone();
    match action {
        Action::Decide => {
            let mut wanted = Wanted::default();
            wanted.recovery(&requisition);
            let book = store::requisition::book(transaction, &name.federation, &wanted).await?;
            let Some(recovered) = book.corrected(&requisition) else {
                return Ok(Err(StepRefusal::LedgerBroken));
            };
            let claim = recovered.requisition.claim();
            let Some(grant) = book.on_grant(&claim.grant) else {
                return Ok(Err(StepRefusal::LedgerBroken));
            };
            let facts = DecideFacts {
                etag: &etag,
                recovered,
                claimed: book.claimed(&claim.grant, &claim.party),
                grant,
                closed_through: book.closed_through(),
                today,
            };
            let decided = recovery::decide(standing, facts, comment, actor, now);
            Ok(decided.map(|(after, voucher)| (after, Some(voucher))))
        }
        Action::Cancel => {
            let cancelled = recovery::cancel(standing, &etag, comment, actor, now);
            Ok(cancelled.map(|after| (after, None)))
        }
        Action::Settle(settlement) => {
            let closed_through =
                store::ledger::closed_through(transaction, &name.federation).await?;
            let facts = SettleFacts { etag: &etag, closed_through, today };
            let settled = recovery::settle(standing, facts, settlement, comment, actor, now);
            Ok(settled.map(|(after, voucher)| (after, Some(voucher))))
        }
    }
}

fn in_future(day: NaiveDate) -> Fault {
    Fault::new("settlement_date", "SETTLEMENT_DATE_IN_FUTURE").with("value", day)
}

fn kind(state: State) -> &'static str {
    match state {
        State::Proposed => "recovery.proposed",
        State::Decided => "recovery.decided",
        State::Settled => "recovery.settled",
        State::Cancelled => "recovery.cancelled",
    }
}

fn refused(refusal: StepRefusal, name: &RecoveryName) -> Failure {
    match refusal {
        StepRefusal::Stale => Failure::Stale { name: name.to_string() },
        StepRefusal::StateForbids(_) => Failure::refused("RECOVERY_STATE_FORBIDS"),
        StepRefusal::OwnApproval => Failure::refused("OWN_APPROVAL"),
        StepRefusal::TooLarge(found) => {
            convert::forbidding(found.iter().map(convert::recovery::too_large))
        }
        StepRefusal::SettlementDateInFuture(day) => in_future(day).into(),
        StepRefusal::YearClosed(year) => convert::year_closed(year),
        StepRefusal::LedgerBroken => {
            Failure::Internal(anyhow::anyhow!("the ledger does not fit the state of {name}"))
        }
    }
}
