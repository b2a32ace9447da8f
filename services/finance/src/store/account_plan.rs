//! Tables `account_plan`, `account_plan_account` and `account_plan_code`.

use std::collections::HashSet;

use platform::sql::Batch;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use values::{
    Slug,
    name::{GrantName, PartyName, RecipientName},
};

use super::{
    bound::Bound,
    entity::{account_plan, account_plan_account, account_plan_code},
    slug, wrong,
};
use crate::domain::{
    account_plan::{AccountPlan, Mapped, MappedAccount},
    cost_line::CostKind,
    ledger::Account,
};

const PARTY: &str = "party";
const RECIPIENT: &str = "recipient";
const GRANT: &str = "grant";

/// The federation's plan, when one has been entered. Takes three statements: give
/// it one picture of the database.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Option<AccountPlan>, DbErr> {
    let header = account_plan::Entity::find_by_id(federation.to_string()).one(connection).await?;
    let Some(header) = header else { return Ok(None) };
    let accounts = account_plan_account::Entity::find()
        .filter(account_plan_account::Column::FederationId.eq(federation.as_str()))
        .order_by_asc(account_plan_account::Column::Line)
        .all(connection)
        .await?;
    let codes = account_plan_code::Entity::find()
        .filter(account_plan_code::Column::FederationId.eq(federation.as_str()))
        .order_by_asc(account_plan_code::Column::Line)
        .all(connection)
        .await?;
    value(header, accounts, codes).map(Some)
}

/// The names of every recipient and every grant.
pub(crate) async fn known(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<(HashSet<RecipientName>, HashSet<GrantName>), DbErr> {
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let sql = format!(
        "SELECT '{RECIPIENT}' AS kind, recipient_id AS id FROM recipient \
             WHERE federation_id = {federation_id} \
         UNION ALL SELECT '{GRANT}' AS kind, grant_id AS id FROM \"grant\" \
             WHERE federation_id = {federation_id}"
    );
    let (mut recipients, mut grants) = (HashSet::new(), HashSet::new());
    for row in bound.query(connection, sql).await? {
        let (kind, id): (String, String) = (row.try_get("", "kind")?, row.try_get("", "id")?);
        let id = slug("id", &id)?;
        if kind == RECIPIENT {
            recipients.insert(RecipientName::new(federation.clone(), id));
        } else {
            grants.insert(GrantName::new(federation.clone(), id));
        }
    }
    Ok((recipients, grants))
}

/// Keeps a plan in the place of the one there was.
pub(crate) async fn replace(
    connection: &impl ConnectionTrait,
    plan: &AccountPlan,
) -> Result<(), DbErr> {
    let federation = plan.federation.as_str();
    // What goes must be gone before what comes.
    let mut batch = Batch::on(connection);
    for table in ["account_plan_account", "account_plan_code", "account_plan"] {
        let federation_id = batch.bind(federation);
        batch.push(format!("DELETE FROM {table} WHERE federation_id = {federation_id}"));
    }
    batch.send().await?;

    let mut batch = Batch::on(connection);
    let header = account_plan::Model {
        federation_id: federation.to_owned(),
        party_dimension: plan.party_dimension,
        voucher_series: plan.voucher_series.clone(),
        revision: plan.revision,
    };
    batch.insert(account_plan::Entity, vec![header]).await?;
    let accounts = (1..).zip(&plan.accounts).map(|(line, mapped)| {
        let MappedAccount { account, cost_kind, number, title } = mapped;
        account_plan_account::Model {
            federation_id: federation.to_owned(),
            line,
            account: account.code().to_owned(),
            cost_kind: cost_kind.map(|kind| kind.code().to_owned()),
            number: number.clone(),
            title: title.clone(),
        }
    });
    batch.insert(account_plan_account::Entity, accounts.collect()).await?;
    let parties = codes(federation, PARTY, &plan.parties, |name| &name.id);
    let recipients = codes(federation, RECIPIENT, &plan.recipients, |name| &name.id);
    let grants = codes(federation, GRANT, &plan.grants, |name| &name.id);
    let codes = parties.into_iter().chain(recipients).chain(grants);
    batch.insert(account_plan_code::Entity, codes.collect()).await?;
    batch.send().await
}

fn codes<N>(
    federation: &str,
    kind: &str,
    rows: &[Mapped<N>],
    id: impl Fn(&N) -> &Slug,
) -> Vec<account_plan_code::Model> {
    let row = |(line, mapped): (i32, &Mapped<N>)| account_plan_code::Model {
        federation_id: federation.to_owned(),
        kind: kind.to_owned(),
        line,
        subject_id: id(&mapped.name).to_string(),
        code: mapped.code.clone(),
    };
    (1..).zip(rows).map(row).collect()
}

fn value(
    header: account_plan::Model,
    accounts: Vec<account_plan_account::Model>,
    codes: Vec<account_plan_code::Model>,
) -> Result<AccountPlan, DbErr> {
    let account_plan::Model { federation_id, party_dimension, voucher_series, revision } = header;
    let federation = slug("federation_id", &federation_id)?;
    let mut plan = AccountPlan {
        federation: federation.clone(),
        accounts: accounts.into_iter().map(account).collect::<Result<_, _>>()?,
        parties: Vec::new(),
        recipients: Vec::new(),
        grants: Vec::new(),
        party_dimension,
        voucher_series,
        revision,
    };
    for row in codes {
        let account_plan_code::Model { federation_id: _, kind, line: _, subject_id, code } = row;
        let id = slug("subject_id", &subject_id)?;
        let federation = federation.clone();
        match kind.as_str() {
            PARTY => plan.parties.push(Mapped { name: PartyName::new(federation, id), code }),
            RECIPIENT => {
                plan.recipients.push(Mapped { name: RecipientName::new(federation, id), code });
            }
            GRANT => plan.grants.push(Mapped { name: GrantName::new(federation, id), code }),
            other => return Err(wrong("account_plan_code.kind", other)),
        }
    }
    Ok(plan)
}

fn account(row: account_plan_account::Model) -> Result<MappedAccount, DbErr> {
    let account_plan_account::Model {
        federation_id: _,
        line: _,
        account,
        cost_kind,
        number,
        title,
    } = row;
    let known = Account::from_code(&account);
    let kind = cost_kind.map(|code| {
        CostKind::from_code(&code).ok_or_else(|| wrong("account_plan_account.cost_kind", code))
    });
    Ok(MappedAccount {
        account: known.ok_or_else(|| wrong("account_plan_account.account", account))?,
        cost_kind: kind.transpose()?,
        number,
        title,
    })
}
