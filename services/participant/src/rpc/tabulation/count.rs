//! Counting those whom the caller may see.

use std::collections::BTreeSet;

use platform::{Failure, Principal, convert::period_from_proto, principal};
use proto::participant as pb;
use tonic::Request;
use values::{Fault, Faults, Period, Slug, name::TeamName};

use super::{as_of, layout, sequence};
use crate::{
    domain::table_layout::TableShape,
    rpc::{
        Shared,
        convert::{self, table_layout, tabulation::exact_table},
        parent, permissions,
    },
    store::{
        self,
        tabulation::{Question, Whose},
    },
};

/// What is asked for.
pub(super) struct Asked {
    pub(super) federation: Slug,
    pub(super) shape: TableShape,
    pub(super) period: Period,
    pub(super) as_known_at: i64,
    pub(super) whose: Whose,
}

pub(super) async fn tabulate(
    shared: &Shared,
    request: Request<pb::TabulateRequest>,
) -> Result<pb::TabulateResponse, Failure> {
    let principal = principal::of(&request)?;
    let asked = parse(&principal, request.into_inner())?;
    let Asked { federation, shape, period, as_known_at, whose } = &asked;
    let picture = shared.journal.database().snapshot().await?;
    let layout = layout(&picture, federation, shape).await?;
    let as_of = as_of(&picture, federation, ("as_known_at", *as_known_at)).await?;
    let question = Question { layout: &layout, period: *period, as_of: &as_of, whose };
    let counted = store::tabulation::count(&picture, federation, &question).await?;
    picture.rollback().await?;
    counted.check_books().map_err(|unbalanced| anyhow::anyhow!("{unbalanced:?}"))?;
    Ok(pb::TabulateResponse {
        table: Some(exact_table(&layout, &counted)),
        sequence: as_of.sequence,
        head_hash: as_of.hash,
    })
}

pub(super) fn parse(principal: &Principal, message: pb::TabulateRequest) -> Result<Asked, Failure> {
    let pb::TabulateRequest { parent: sent_parent, shape, period, as_known_at, teams } = message;
    let mut faults = Faults::new();
    let federation = parent(&mut faults, principal, &sent_parent)?;
    let shape = faults.keep(shape.ok_or_else(|| Fault::new("shape", "FIELD_MISSING")));
    let shape = shape.and_then(|sent| faults.keep_nested("shape", table_layout::shape(sent)));
    let period = faults.keep_nested("", period_from_proto("period", period));
    let as_known_at = faults.keep(sequence("as_known_at", as_known_at));
    let whose = faults.keep_nested("", whose(principal, &federation, &teams));
    Ok(faults.into_result(|| {
        let (shape, period, as_known_at, whose) = (shape?, period?, as_known_at?, whose?);
        Some(Asked { federation, shape, period, as_known_at, whose })
    })?)
}

/// Those whom the caller may see, as far as they are in the teams; in all when none is
/// named.
pub(in crate::rpc) fn whose(
    principal: &Principal,
    federation: &Slug,
    teams: &[String],
) -> Result<Whose, Faults> {
    let mut faults = Faults::new();
    let mut named = BTreeSet::new();
    for (row, team) in teams.iter().enumerate() {
        let field = format!("teams[{row}]");
        let parsed = TeamName::parse(&field, team);
        let parsed = convert::within(federation, &field, parsed, |name| &name.federation);
        named.extend(faults.keep(parsed).map(|name| name.id));
    }
    let reach = permissions::reach(principal).people.into_iter();
    let own = reach.filter(|(_, team)| named.is_empty() || named.contains(team)).collect();
    faults.into_result(|| Some(Whose::These(own)))
}
