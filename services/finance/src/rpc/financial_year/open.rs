//! The opening of a year.

use platform::{Failure, Write, clock::day_in_sweden, principal};
use proto::finance as pb;
use tonic::Request;
use values::{Fault, Faults, name::FinancialYearName};

use crate::{
    domain::financial_year::{self, OpenFacts, OpenRefusal},
    rpc::{Shared, convert, draft, recorded},
    store,
};

const OPEN: &str = "/samordna.finance.v1.FinancialYearService/OpenFinancialYear";

pub(super) async fn open(
    shared: &Shared,
    request: Request<pb::OpenFinancialYearRequest>,
) -> Result<pb::FinancialYear, Failure> {
    let principal = principal::of(&request)?;
    let write = Write::of(&principal, OPEN, request.get_ref())?;
    let pb::OpenFinancialYearRequest {
        parent,
        financial_year: content,
        request_id: _,    // Told by the write.
        validate_only: _, // Told by the write.
    } = request.into_inner();
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let content = content.ok_or_else(|| Fault::new("financial_year", "FIELD_MISSING"))?;
    let sent = content.name.clone();
    let (mut parts, inner) = convert::financial_year::parse(content);
    parts.name = parts.year.map(|year| FinancialYearName::of(&federation, year.number()));
    if let Some(name) = &parts.name {
        faults.keep(convert::given_name("financial_year.name", &sent, name));
    }
    faults.nest("financial_year", inner);

    let entries = shared.journal.write(write, move |transaction, step| {
        let (parts, faults, federation) = (parts.clone(), faults.clone(), federation.clone());
        Box::pin(async move {
            let before =
                store::financial_year::before_open(transaction, &federation, parts.year).await?;
            let facts = OpenFacts {
                is_taken: before.is_taken,
                first_year: before.first_year,
                closed_through: before.closed_through,
                today: day_in_sweden(step.now),
            };
            let name = parts.name.clone();
            let (opened, voucher) = financial_year::open(parts, facts)
                .map_err(|refusal| refused(refusal, name, faults.clone()))?;
            if !faults.is_empty() {
                return Err(faults.into());
            }
            let sequence = step.sequence;
            store::financial_year::insert(transaction, &opened, sequence, &voucher).await?;
            let resource = convert::financial_year::render(&opened);
            Ok(vec![draft("financial_year.opened", &opened.name, &resource)])
        })
    });
    recorded(&entries.await?)
}

fn refused(refusal: OpenRefusal, name: Option<FinancialYearName>, faults: Faults) -> Failure {
    match refusal {
        OpenRefusal::Faulty(found) => {
            let found = found.into_iter().map(convert::board_decision::fault);
            convert::faulty(faults, "financial_year.opening_decision", found)
        }
        OpenRefusal::Taken => convert::taken(name),
        OpenRefusal::EquityIsCarriedOver { first_year } => {
            Failure::refused("EQUITY_IS_CARRIED_OVER")
                .with("field", "financial_year.opening_equity_ore")
                .with("year", first_year)
        }
        OpenRefusal::LaterYearClosed { closed_through } => {
            Failure::refused("EARLIER_YEAR_CLOSED").with("year", closed_through)
        }
    }
}
