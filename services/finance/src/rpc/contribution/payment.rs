//! What the parties have paid.

use platform::{Failure, Write, clock::day_in_sweden, page::Page, principal};
use proto::finance as pb;
use tonic::Request;
use values::{Fault, Faults, name::ContributionPaymentName};

use crate::{
    domain::contribution::payment::{self, PayFacts, PayRefusal},
    rpc::{Shared, convert, draft, organisation, recorded},
    store,
};

const RECORD: &str = "/samordna.finance.v1.ContributionService/RecordContributionPayment";
/// The field of the request that a refused amount stands in.
const AMOUNT: &str = "contribution_payment.amount_ore";

pub(super) async fn record(
    shared: &Shared,
    request: Request<pb::RecordContributionPaymentRequest>,
) -> Result<pb::ContributionPayment, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, RECORD, request.get_ref())?;
    let (caller, _, message) = request.into_parts();
    let pb::RecordContributionPaymentRequest {
        parent,
        contribution_payment_id,
        contribution_payment,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let missing = || Fault::new("contribution_payment", "FIELD_MISSING");
    let content = contribution_payment.ok_or_else(missing)?;
    let name_of = |id| ContributionPaymentName::new(federation.clone(), id);
    let name = convert::new_name(
        "contribution_payment",
        &contribution_payment_id,
        &content.name,
        name_of,
        &mut faults,
    );
    let (mut parts, inner) = convert::contribution::parse_payment(&federation, content);
    faults.nest("contribution_payment", inner);
    parts.name = name;
    let party_is_known = match &parts.party {
        Some(party) => organisation::knows_party(&shared.organisation, &caller, party).await?,
        None => true,
    };

    let entries = shared.journal.write(write, move |transaction, step| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        Box::pin(async move {
            let (name, party) = (parts.name.clone(), parts.party.as_ref());
            let before = store::contribution::payment::before_pay(
                transaction,
                name.as_ref(),
                parts.year,
                party,
            )
            .await?;
            let facts = PayFacts {
                is_taken: before.is_taken,
                party_is_known,
                standing: before.standing,
                closed_through: store::ledger::closed_through(transaction, &federation).await?,
                today: day_in_sweden(step.now),
            };
            let (paid, voucher) = payment::pay(parts, facts)
                .map_err(|refusal| refused(refusal, name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            let sequence = step.sequence;
            store::contribution::payment::insert(transaction, &paid, sequence, &voucher).await?;
            let resource = convert::contribution::render_payment(&paid);
            Ok(vec![draft("contribution_payment.recorded", &paid.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: PayRefusal, name: Option<ContributionPaymentName>, faults: Faults) -> Failure {
    match refusal {
        PayRefusal::Faulty(found) => convert::faulty(
            faults,
            "contribution_payment",
            found.into_iter().map(convert::contribution::payment_fault),
        ),
        PayRefusal::Taken => convert::taken(name),
        PayRefusal::YearClosed(year) => convert::year_closed(year),
        PayRefusal::Overpaid { amount, outstanding } => Failure::refused("CONTRIBUTION_OVERPAID")
            .with("field", AMOUNT)
            .with("asked_ore", amount)
            .with("outstanding_ore", outstanding),
        PayRefusal::BelowZero { amount, paid } => Failure::refused("CONTRIBUTION_PAID_BELOW_ZERO")
            .with("field", AMOUNT)
            .with("asked_ore", amount)
            .with("paid_ore", paid),
    }
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListContributionPaymentsRequest>,
) -> Result<pb::ListContributionPaymentsResponse, Failure> {
    let principal = principal::of(&request)?;
    let pb::ListContributionPaymentsRequest { parent, year, party, page_size, page_token } =
        request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let year = faults.keep(convert::field::year_filter("year", year));
    let party = faults.keep(convert::field::party_filter(&federation, "party", &party));
    let stretch = faults.keep_nested("", convert::field::stretch(page_size, &page_token));
    let (year, party, stretch) = faults.into_result(|| Some((year?, party?, stretch?)))?;
    let read = &shared.database().read;
    let listed =
        store::contribution::payment::list(read, &federation, year, party.as_ref(), stretch)
            .await?;
    let payments = listed.items.iter();
    Ok(pb::ListContributionPaymentsResponse {
        contribution_payments: payments.map(convert::contribution::render_payment).collect(),
        next_page_token: listed.next.map(|last| Page::token(&last)).unwrap_or_default(),
    })
}
