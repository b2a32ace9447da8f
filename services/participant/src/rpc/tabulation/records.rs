//! From a cell to its records.

use platform::{Failure, Principal, page::Page, principal};
use proto::participant as pb;
use tonic::Request;
use values::{Fault, Faults, Slug};

use super::{
    as_of,
    count::{Asked, parse},
    layout,
};
use crate::{
    domain::{
        disclosure::table::Layout,
        fact::Measure,
        tabulation::{Part, part},
    },
    rpc::{Shared, parent},
    store::{
        self,
        tabulation::{Cell, Question},
    },
};

const LIST: &str = "/samordna.participant.v1.TabulationService/ListCellRecords";

/// The cell that is asked for.
struct Wanted {
    asked: Asked,
    sequence: i64,
    keys: Vec<String>,
    measure: Measure,
    page: Page,
}

pub(super) async fn list(
    shared: &Shared,
    request: Request<pb::ListCellRecordsRequest>,
) -> Result<pb::ListCellRecordsResponse, Failure> {
    let principal = principal::of(&request)?;
    let Wanted { asked, sequence, keys, measure, page } =
        parse_cell(&principal, request.into_inner())?;
    let Asked { federation, shape, period, as_known_at: _, whose } = &asked;
    let picture = shared.journal.database().snapshot().await?;
    let layout = layout(&picture, federation, shape).await?;
    let parts = parts(federation, &layout, &keys)?;
    let as_of = as_of(&picture, federation, ("sequence", sequence)).await?;
    let question = Question { layout: &layout, period: *period, as_of: &as_of, whose };
    let after = page.after.as_deref().unwrap_or_default();
    let cell = Cell { parts: &parts, measure, size: page.size, after };
    let (mut records, unnamed_count) =
        store::tabulation::records(&picture, federation, &question, &cell).await?;
    picture.rollback().await?;
    let size = usize::try_from(page.size).unwrap_or(usize::MAX);
    let has_more = records.len() > size;
    records.truncate(size);
    let last = records.last().filter(|_| has_more);
    let next_page_token = last.map(|last| Page::token(last.referral.id.as_str()));
    let people = records.iter().map(|record| (record.owner.clone(), record.person.clone()));
    shared.log(&principal, LIST, people).await?;
    Ok(pb::ListCellRecordsResponse {
        records: records.iter().map(|record| record.referral.to_string()).collect(),
        next_page_token: next_page_token.unwrap_or_default(),
        unnamed_count,
    })
}

fn parse_cell(
    principal: &Principal,
    message: pb::ListCellRecordsRequest,
) -> Result<Wanted, Failure> {
    let pb::ListCellRecordsRequest {
        parent: sent_parent,
        table,
        sequence,
        keys,
        measure,
        page_size,
        page_token,
    } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let sequence = faults.keep(if sequence == 0 {
        Err(Fault::new("sequence", "FIELD_MISSING"))
    } else {
        super::sequence("sequence", sequence)
    });
    let table = faults.keep(table.ok_or_else(|| Fault::new("table", "FIELD_MISSING")));
    let asked = match table.map(|table| parse(principal, table)).transpose() {
        Ok(asked) => asked,
        Err(Failure::Invalid(nested)) => {
            faults.nest("table", nested);
            None
        }
        Err(other) => return Err(other),
    };
    let unspecified = || Fault::new("measure", "ENUM_UNSPECIFIED");
    let measure = faults.keep(Measure::from_number(measure).ok_or_else(unspecified));
    if let (Some(asked), Some(measure)) = (&asked, measure) {
        if !asked.shape.measures().contains(&measure) {
            faults.push(Fault::new("measure", "MEASURE_NOT_IN_TABLE"));
        }
        if asked.federation != federation {
            let fault = Fault::new("table.parent", "OTHER_FEDERATION");
            faults.push(fault.with("name", &asked.federation));
        }
    }
    let page = faults.keep_nested("", Page::parse(page_size, &page_token));
    Ok(faults.into_result(|| {
        let (asked, sequence, measure, page) = (asked?, sequence?, measure?, page?);
        Some(Wanted { asked, sequence, keys, measure, page })
    })?)
}

/// What each key stands for.
fn parts(federation: &Slug, layout: &Layout, keys: &[String]) -> Result<Vec<Part>, Faults> {
    let mut faults = Faults::new();
    if keys.len() != layout.cuts.len() {
        let fault = Fault::new("keys", "CELL_KEYS_WRONG").with("count", keys.len());
        faults.push(fault.with("expected", layout.cuts.len()));
    }
    let mut parts = Vec::with_capacity(keys.len());
    for (row, (cut, key)) in layout.cuts.iter().zip(keys).enumerate() {
        let unknown = || Fault::new(format!("keys[{row}]"), "CELL_KEY_UNKNOWN").with("value", key);
        parts.extend(faults.keep(part(federation, cut, key).ok_or_else(unknown)));
    }
    faults.into_result(|| Some(parts))
}
