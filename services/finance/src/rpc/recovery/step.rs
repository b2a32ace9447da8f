//! The steps of a recovery's way.

use platform::{
    Failure, Write, clock::day_in_sweden, convert::text, journal::Transaction, principal,
};
use proto::finance as pb;
use tonic::Request;
use values::{Fault, Faults, name::RecoveryName};

use crate::{
    domain::{
        recovery::{self, DecideFacts, Recovery, SettleFacts, State, StepRefusal},
        requisition::{Corrected, Reach, correction},
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

fn parse(
    name: &str,
    etag: String,
    comment: &str,
    shortest_comment: usize,
    mut faults: Faults,
) -> Result<Asked, Faults> {
    let name = faults.keep(RecoveryName::parse("name", name));
    convert::etag(&etag, &mut faults);
    let comment = faults.keep(text("comment", comment, 0, 1000));
    if comment.as_ref().is_some_and(|comment| comment.chars().count() < shortest_comment) {
        faults.push(Fault::new("comment", "COMMENT_MISSING"));
    }
    faults.into_result(|| Some(Asked { name: name?, etag, comment: comment? }))
}

async fn load(transaction: &Transaction, name: &RecoveryName) -> Result<Recovery, Failure> {
    let found = store::recovery::find(transaction, name, &Reach::Federation).await?;
    found.ok_or_else(|| Failure::not_found(name))
}

pub(super) async fn decide(
    shared: &Shared,
    request: Request<pb::DecideRecoveryRequest>,
) -> Result<pb::Recovery, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, DECIDE, request.get_ref())?;
    let pb::DecideRecoveryRequest {
        name: sent,
        etag,
        comment,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let asked = parse(&sent, etag, &comment, 0, Faults::new())?;
    principal.is_in(&asked.name.federation, &sent)?;

    let entries = shared.journal.write(write, move |transaction, step| {
        let (asked, actor) = (asked.clone(), principal.account.clone());
        Box::pin(async move {
            let Asked { name, etag, comment } = asked;
            let standing = load(transaction, &name).await?;
            let requisition = standing.proposal().requisition.clone();
            let mut wanted = Wanted::default();
            wanted.recovery(&requisition);
            let book = store::requisition::book(transaction, &name.federation, &wanted).await?;
            let broken = || refused(StepRefusal::LedgerBroken, &name);
            let recovered = book.corrected(&requisition).ok_or_else(broken)?;
            let claim = recovered.requisition.claim();
            let others = recovered.recovered.iter().filter(|cost| cost.recovery != name);
            let others: Vec<_> = others.cloned().collect();
            let beside = Corrected { recovered: &others, ..recovered };
            let claimed = book.claimed(&claim.grant, &claim.party);
            let facts = DecideFacts {
                etag: &etag,
                requisition: recovered.requisition,
                stands: &correction::standing(beside, claimed, None),
                grant: book.on_grant(&claim.grant).ok_or_else(broken)?,
                closed_through: book.closed_through(),
                today: day_in_sweden(step.now),
            };
            let (after, voucher) = recovery::decide(standing, facts, comment, actor, step.now)
                .map_err(|refusal| refused(refusal, &name))?;
            let sequence = step.sequence;
            store::recovery::keep_step(transaction, &after, sequence, Some(&voucher)).await?;
            Ok(vec![draft(kind(after.state()), &name, &convert::recovery::render(&after))])
        })
    });
    recorded(&entries.await?)
}

pub(super) async fn cancel(
    shared: &Shared,
    request: Request<pb::CancelRecoveryRequest>,
) -> Result<pb::Recovery, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, CANCEL, request.get_ref())?;
    let pb::CancelRecoveryRequest {
        name: sent,
        etag,
        comment,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let asked = parse(&sent, etag, &comment, 1, Faults::new())?;
    principal.is_in(&asked.name.federation, &sent)?;

    let entries = shared.journal.write(write, move |transaction, step| {
        let (asked, actor) = (asked.clone(), principal.account.clone());
        Box::pin(async move {
            let Asked { name, etag, comment } = asked;
            let standing = load(transaction, &name).await?;
            let after = recovery::cancel(standing, &etag, comment, actor, step.now)
                .map_err(|refusal| refused(refusal, &name))?;
            store::recovery::keep_step(transaction, &after, step.sequence, None).await?;
            Ok(vec![draft(kind(after.state()), &name, &convert::recovery::render(&after))])
        })
    });
    recorded(&entries.await?)
}

pub(super) async fn settle(
    shared: &Shared,
    request: Request<pb::SettleRecoveryRequest>,
) -> Result<pb::Recovery, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, SETTLE, request.get_ref())?;
    let pb::SettleRecoveryRequest {
        name: sent,
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
    let asked = parse(&sent, etag, &comment, 0, faults)?;
    principal.is_in(&asked.name.federation, &sent)?;
    let settlement = settlement.expect("a part is missing only when a fault was noted");

    let entries = shared.journal.write(write, move |transaction, step| {
        let (asked, settlement) = (asked.clone(), settlement.clone());
        let actor = principal.account.clone();
        Box::pin(async move {
            let Asked { name, etag, comment } = asked;
            let standing = load(transaction, &name).await?;
            let facts = SettleFacts {
                etag: &etag,
                closed_through: store::ledger::closed_through(transaction, &name.federation)
                    .await?,
                today: day_in_sweden(step.now),
            };
            let (after, voucher) =
                recovery::settle(standing, facts, settlement, comment, actor, step.now)
                    .map_err(|refusal| refused(refusal, &name))?;
            let sequence = step.sequence;
            store::recovery::keep_step(transaction, &after, sequence, Some(&voucher)).await?;
            Ok(vec![draft(kind(after.state()), &name, &convert::recovery::render(&after))])
        })
    });
    recorded(&entries.await?)
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
        StepRefusal::TooLarge(too_large) => convert::recovery::too_large(&too_large),
        StepRefusal::SettlementDateInFuture(day) => {
            Fault::new("settlement_date", "SETTLEMENT_DATE_IN_FUTURE").with("value", day).into()
        }
        StepRefusal::YearClosed(year) => convert::year_closed(year),
        StepRefusal::LedgerBroken => {
            Failure::Internal(anyhow::anyhow!("the ledger does not fit the state of {name}"))
        }
    }
}
