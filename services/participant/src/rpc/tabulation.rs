//! `TabulationService`: counts for a team's officers, protected tables for everybody
//! else.

mod commit;
mod count;
mod evidence;
mod ledger;
mod protected;
pub(super) mod publication;
mod records;
mod release;
mod told;

use std::collections::BTreeMap;

use platform::Failure;
use proto::participant as pb;
use proto::participant::tabulation_service_server::TabulationService;
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status};
use values::{
    Fault, Faults, Slug,
    name::{BandingName, TableLayoutName},
};

use super::{Shared, convert, decoded};
use crate::{
    domain::{
        banding::Banding,
        disclosure::table::{BandedCut, Layout},
        table_layout::TableShape,
    },
    store::{self, tabulation::AsOf},
};

pub(super) use count::whose;
pub(super) use ledger::threshold;
pub(crate) use release::row;
pub(super) use told::{Asked, of_layouts};

pub(super) struct Tabulations(pub(super) Shared);

/// Layouts of one call at most.
const MOST_LAYOUTS: usize = 100;

#[tonic::async_trait]
impl TabulationService for Tabulations {
    async fn tabulate(
        &self,
        request: Request<pb::TabulateRequest>,
    ) -> Result<Response<pb::TabulateResponse>, Status> {
        Ok(Response::new(count::tabulate(&self.0, request).await?))
    }

    async fn list_cell_records(
        &self,
        request: Request<pb::ListCellRecordsRequest>,
    ) -> Result<Response<pb::ListCellRecordsResponse>, Status> {
        Ok(Response::new(records::list(&self.0, request).await?))
    }

    async fn get_protected_tables(
        &self,
        request: Request<pb::GetProtectedTablesRequest>,
    ) -> Result<Response<pb::GetProtectedTablesResponse>, Status> {
        Ok(Response::new(protected::get(&self.0, request).await?))
    }

    async fn release_tables(
        &self,
        request: Request<pb::ReleaseTablesRequest>,
    ) -> Result<Response<pb::ReleaseTablesResponse>, Status> {
        Ok(Response::new(release::release(&self.0, request).await?))
    }

    async fn get_table_evidence(
        &self,
        request: Request<pb::GetTableEvidenceRequest>,
    ) -> Result<Response<pb::GetTableEvidenceResponse>, Status> {
        Ok(Response::new(evidence::get(&self.0, request).await?))
    }

    async fn list_released_tables(
        &self,
        request: Request<pb::ListReleasedTablesRequest>,
    ) -> Result<Response<pb::ListReleasedTablesResponse>, Status> {
        Ok(Response::new(protected::list(&self.0, request).await?))
    }
}

/// A shape with its bandings at hand.
async fn layout(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    shape: &TableShape,
) -> Result<Layout, Failure> {
    let mut bandings = BTreeMap::<BandingName, Banding>::new();
    for name in shape.cuts().iter().filter_map(|cut| cut.banding.as_ref()) {
        let own = name.federation == *federation;
        let found = if own { banding(connection, name).await? } else { None };
        bandings.extend(found.map(|found| (name.clone(), found)));
    }
    let known = bandings.iter().map(|(name, banding)| (name.clone(), banding.dimension()));
    shape.check_bandings(&known.collect()).into_result(|| Some(()))?;
    let cut = |cut: &crate::domain::table_layout::Cut| BandedCut {
        dimension: cut.dimension,
        banding: cut.banding.as_ref().and_then(|name| bandings.get(name)).cloned(),
    };
    let cuts = shape.cuts().iter().map(cut).collect();
    Ok(Layout { measures: shape.measures().to_vec(), cuts })
}

/// A banding; none when it is not there.
pub(in crate::rpc) async fn banding(
    connection: &impl ConnectionTrait,
    name: &BandingName,
) -> Result<Option<Banding>, Failure> {
    let Some(found) = store::banding::find(connection, name).await? else {
        return Ok(None);
    };
    let message: pb::Banding = decoded(&found.payload)?;
    let banding = convert::banding::banding(message);
    Ok(Some(banding.map_err(|faults| anyhow::anyhow!("{name}: {faults:?}"))?))
}

/// A registered layout with its bandings at hand; none when it is not there.
async fn registered(
    connection: &impl ConnectionTrait,
    name: &TableLayoutName,
) -> Result<Option<Layout>, Failure> {
    let Some(payload) = store::table_layout::find(connection, name).await? else {
        return Ok(None);
    };
    let registered = convert::table_layout::table_layout(decoded(&payload)?);
    let registered = registered.map_err(|faults| anyhow::anyhow!("{name}: {faults:?}"))?;
    layout(connection, &name.federation, &registered.shape).await.map(Some)
}

/// Reads the layouts of a call: 1 to 100, each once.
fn layouts(federation: &Slug, sent: &[String]) -> Result<Vec<TableLayoutName>, Faults> {
    let mut faults = Faults::new();
    if sent.is_empty() {
        faults.push(Fault::new("layouts", "LAYOUTS_MISSING"));
    }
    if sent.len() > MOST_LAYOUTS {
        let fault = Fault::new("layouts", "LAYOUTS_TOO_MANY").with("count", sent.len());
        faults.push(fault.with("limit", MOST_LAYOUTS));
    }
    let mut names: Vec<TableLayoutName> = Vec::with_capacity(sent.len());
    for (row, name) in sent.iter().enumerate() {
        let field = format!("layouts[{row}]");
        let parsed = TableLayoutName::parse(&field, name);
        let parsed = convert::within(federation, &field, parsed, |name| &name.federation);
        let Some(name) = faults.keep(parsed) else { continue };
        if names.contains(&name) {
            faults.push(Fault::new(field, "LAYOUT_TWICE").with("value", &name));
        }
        names.push(name);
    }
    faults.into_result(|| Some(names))
}

/// Where the journal is at the sequence asked for, or now with 0.
pub(in crate::rpc) async fn as_of(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    (field, sequence): (&str, i64),
) -> Result<AsOf, Failure> {
    let found = store::tabulation::as_of(connection, federation, sequence).await?;
    Ok(found.ok_or_else(|| Fault::new(field, "SEQUENCE_AHEAD").with("value", sequence))?)
}

/// Notes a sequence that cannot be one.
pub(in crate::rpc) fn sequence(field: &str, sent: i64) -> Result<i64, Fault> {
    if sent < 0 {
        Err(Fault::new(field, "SEQUENCE_NEGATIVE").with("value", sent))
    } else {
        Ok(sent)
    }
}
