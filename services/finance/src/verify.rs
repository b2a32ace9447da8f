//! The check of a whole database: the journal's chain, the ledger's sums, and
//! every table against what the journal recorded.

use std::collections::BTreeMap;

use platform::{Database, journal};
use prost::Message;
use sea_orm::{ConnectionTrait, DbErr};
use values::{
    Slug,
    name::{GrantName, RecipientName, RequisitionName, StaffingFinancingName},
};

use crate::{
    domain::{grant::Grant, ledger::Balances},
    rpc::{
        account_plan_name, render_account_plan, render_grant, render_recipient, render_requisition,
        render_staffing_financing,
    },
    store::{self, verify::Reading},
};

/// Payloads by the name of what they describe.
type Payloads = BTreeMap<String, Vec<u8>>;

/// Every problem of a database, one line each; none when all is well.
///
/// # Errors
/// When the database cannot be read.
pub async fn verify(database: &Database) -> anyhow::Result<Vec<String>> {
    let mut problems = journal::verify(database).await?;
    let picture = database.snapshot().await?;
    let recipients = payloads(&picture, RecipientName::COLLECTION).await?;
    let grants = payloads(&picture, GrantName::COLLECTION).await?;
    let requisitions = payloads(&picture, RequisitionName::COLLECTION).await?;
    let staffing = payloads(&picture, StaffingFinancingName::COLLECTION).await?;
    // A grant is recorded as it was opened; its balances are the ledger's.
    let opened = |grant: &Grant| {
        let balances = Balances::opened(grant.decision.amount);
        let decision = grant.decision.clone();
        render_grant(&Grant { decision, balances })
    };
    for federation in store::verify::federations(&picture).await? {
        problems.extend(store::verify::unbalanced(&picture, &federation).await?);
        problems.extend(store::verify::unrecorded(&picture, &federation).await?);
        problems.extend(store::verify::grants(&picture, &federation).await?);
        problems.extend(store::verify::holdings(&picture, &federation).await?);

        let kept = store::verify::recipients(&picture, &federation).await?;
        problems.extend(differences(&federation, kept, render_recipient, &recipients));
        let kept = store::verify::decisions(&picture, &federation).await?;
        problems.extend(differences(&federation, kept, opened, &grants));
        let kept = store::verify::requisitions(&picture, &federation).await?;
        problems.extend(differences(&federation, kept, render_requisition, &requisitions));
        let kept = store::verify::staffing(&picture, &federation).await?;
        problems.extend(differences(&federation, kept, render_staffing_financing, &staffing));
        let name = account_plan_name(&federation);
        let kept = store::verify::account_plan(&picture, &federation, &name).await?;
        let plans = store::verify::last_payload(&picture, &federation, &name).await?;
        problems.extend(differences(&federation, kept, render_account_plan, &plans));
    }
    picture.rollback().await?;
    Ok(problems)
}

/// The last payload of each resource.
async fn payloads(connection: &impl ConnectionTrait, collection: &str) -> Result<Payloads, DbErr> {
    let payloads = journal::latest_payloads(connection, collection).await?;
    Ok(payloads.into_iter().collect())
}

/// What a table of a federation has otherwise than the journal.
fn differences<T, M: Message + Default + PartialEq>(
    federation: &Slug,
    kept: Vec<Reading<T>>,
    render: impl Fn(&T) -> M,
    payloads: &Payloads,
) -> Vec<String> {
    let kept: BTreeMap<String, Result<T, DbErr>> = kept.into_iter().collect();
    let mut problems = Vec::new();
    for (name, read) in &kept {
        let problem = match (read, payloads.get(name)) {
            (Err(error), _) => Some(format!("its rows make no sense: {error}")),
            (Ok(_), None) => Some("the journal does not know it".to_owned()),
            (Ok(value), Some(payload)) => match M::decode(payload.as_slice()) {
                Ok(recorded) if recorded == render(value) => None,
                Ok(_) => Some("it is not what the journal recorded last".to_owned()),
                Err(error) => Some(format!("what the journal recorded cannot be read: {error}")),
            },
        };
        problems.extend(problem.map(|problem| format!("{name}: {problem}")));
    }
    let own = format!("federations/{federation}/");
    let lost = payloads.keys().filter(|name| name.starts_with(&own) && !kept.contains_key(*name));
    problems.extend(lost.map(|name| format!("{name}: the journal has it, its table does not")));
    problems
}
