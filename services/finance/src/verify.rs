//! The check of a whole database: the journal's chain, the ledger's sums, and
//! every table against what the journal recorded.

mod year;

use std::collections::BTreeMap;

use platform::{Database, attachment, journal};
use prost::Message;
use proto::finance as pb;
use sea_orm::{ConnectionTrait, DbErr};
use values::{
    Slug,
    name::{GrantName, RecipientName, RecoveryName, RequisitionName, StaffingFinancingName},
};

use crate::{
    rpc::{
        account_plan_name, render_account_plan, render_grant, render_recipient, render_recovery,
        render_requisition, render_staffing_financing,
    },
    store::{self, verify::Reading},
};
use year::YearPayloads;

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
    let recoveries = payloads(&picture, RecoveryName::COLLECTION).await?;
    let of_years = YearPayloads::of(&picture).await?;
    let staffing = payloads(&picture, StaffingFinancingName::COLLECTION).await?;
    for federation in store::verify::federations(&picture).await? {
        problems.extend(store::verify::unbalanced(&picture, &federation).await?);
        problems.extend(store::verify::unrecorded(&picture, &federation).await?);
        problems.extend(store::verify::grants(&picture, &federation).await?);
        problems.extend(store::verify::holdings(&picture, &federation).await?);
        problems.extend(store::verify::recovered(&picture, &federation).await?);
        problems.extend(attachment::content::problems(&picture, &federation).await?);

        let kept = store::verify::recipients(&picture, &federation).await?;
        problems.extend(differences(&federation, kept, render_recipient, &recipients));
        let kept = store::verify::decisions(&picture, &federation).await?;
        problems.extend(differences(&federation, kept, render_grant, &grants));
        let kept = store::verify::requisitions(&picture, &federation).await?;
        problems.extend(differences(&federation, kept, render_requisition, &requisitions));
        let kept = store::verify::recoveries(&picture, &federation).await?;
        problems.extend(differences(&federation, kept, render_recovery, &recoveries));
        problems.extend(year::problems(&picture, &federation, &of_years).await?);
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

/// A resource as the journal records it.
trait Recorded: Message + Default + PartialEq {
    /// True when the payload and the table's rows say the same.
    fn tells(self, kept: Self) -> bool {
        self == kept
    }
}

impl Recorded for pb::AccountPlan {}
impl Recorded for pb::Recipient {}
impl Recorded for pb::Recovery {}
impl Recorded for pb::Requisition {}
impl Recorded for pb::StaffingFinancing {}

impl Recorded for pb::Grant {
    /// A grant is recorded as it was decided; its balances have moved since, and
    /// are the ledger's. What was recorded before decisions had versions has none.
    fn tells(self, kept: Self) -> bool {
        let has_versions = !self.decisions.is_empty();
        let decided = |grant: pb::Grant| pb::Grant {
            reserved_ore: 0,
            requisitioned_ore: 0,
            left_ore: 0,
            allotted_ore: 0,
            lapsed_ore: 0,
            decisions: if has_versions { grant.decisions } else { Vec::new() },
            etag: if has_versions { grant.etag } else { String::new() },
            ..grant
        };
        decided(self) == decided(kept)
    }
}

/// The last payload of each resource.
async fn payloads(connection: &impl ConnectionTrait, collection: &str) -> Result<Payloads, DbErr> {
    let payloads = journal::latest_payloads(connection, collection).await?;
    Ok(payloads.into_iter().collect())
}

/// What a table of a federation has otherwise than the journal.
fn differences<T, M: Recorded>(
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
                Ok(recorded) => (!recorded.tells(render(value)))
                    .then(|| "it is not what the journal recorded last".to_owned()),
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
