//! The decisions of an import on grants, in the order in which they were decided.

use platform::sql::Batch;
use sea_orm::{ConnectionTrait, DbErr};
use values::Slug;

use crate::{
    domain::{grant::Grant, ledger::Voucher},
    store::{grant, ledger},
};

/// A decision with its sequence in the journal, and what it moves.
type Decided<'a> = (i64, &'a (Grant, Voucher));

/// Records every decision. Grants that come one after the other are opened together: a
/// later decision between them finds what those before it have left.
pub(super) async fn record(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    decided: &[Decided<'_>],
) -> Result<(), DbErr> {
    let is_new = |(_, (grant, _)): &Decided<'_>| !grant.is_amended();
    for run in decided.chunk_by(|one, next| is_new(one) && is_new(next)) {
        match run {
            [(sequence, (grant, voucher))] if grant.is_amended() => {
                grant::keep_amendment(connection, grant, *sequence, voucher).await?;
            }
            opened => open(connection, federation, opened).await?,
        }
    }
    Ok(())
}

async fn open(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    opened: &[Decided<'_>],
) -> Result<(), DbErr> {
    let mut batch = Batch::on(connection);
    let grants: Vec<&Grant> = opened.iter().map(|(_, (grant, _))| grant).collect();
    grant::insert_all(&mut batch, &grants).await?;
    // Sub-projects change the balances of grants that are new themselves.
    batch.send().await?;
    let vouchers: Vec<(i64, &Voucher)> =
        opened.iter().map(|(sequence, (_, voucher))| (*sequence, voucher)).collect();
    let ids: Vec<&Slug> = grants.iter().map(|grant| &grant.decision.name.id).collect();
    ledger::append(&mut batch, federation, &vouchers, &ids).await?;
    batch.send().await
}
