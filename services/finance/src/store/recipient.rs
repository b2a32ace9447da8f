//! Table `recipient`.

use std::collections::{BTreeSet, HashMap, HashSet};

use platform::{
    journal::ReadAt,
    page::Page,
    sql::{Batch, HEAD, Parts, is_among, texts},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use serde::Deserialize;
use values::{
    Slug,
    name::{RecipientName, TeamName},
};

use super::{Listed, among, bound::Bound, cut, entity::recipient, slug};
use crate::domain::recipient::{Recipient, RecipientKind};

/// One recipient.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &RecipientName,
) -> Result<Option<Recipient>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = recipient::Entity::find_by_id(key).one(connection).await?;
    row.map(value).transpose()
}

/// A page of recipients, in order of id.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Listed<Recipient>, DbErr> {
    let mut select =
        recipient::Entity::find().filter(recipient::Column::FederationId.eq(federation.as_str()));
    if let Some(after) = &page.after {
        select = select.filter(recipient::Column::RecipientId.gt(after.as_str()));
    }
    let rows = select
        .order_by_asc(recipient::Column::RecipientId)
        .limit(page.size + 1)
        .all(connection)
        .await?;
    let (rows, next) = cut(rows, page.size, |row| row.recipient_id.clone());
    let items = rows.into_iter().map(value).collect::<Result<_, _>>()?;
    Ok(Listed { items, next })
}

/// The recipients of these names that are there.
pub(super) async fn named(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: &BTreeSet<&str>,
) -> Result<HashMap<RecipientName, Recipient>, DbErr> {
    let rows = recipient::Entity::find()
        .filter(recipient::Column::FederationId.eq(federation.as_str()))
        .filter(among(connection, recipient::Column::RecipientId, ids))
        .all(connection)
        .await?;
    let named = |row| value(row).map(|recipient| (recipient.name.clone(), recipient));
    rows.into_iter().map(named).collect()
}

/// Which of these names are taken, and where the journal's head stood.
pub(crate) async fn taken(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    ids: impl Iterator<Item = &str>,
) -> Result<ReadAt<HashSet<RecipientName>>, DbErr> {
    let backend = connection.get_database_backend();
    let mut bound = Bound::new();
    let federation_id = bound.bind(federation.as_str());
    let ids = bound.bind(texts(backend, ids));
    let mut parts = Parts::new(backend);
    let named = is_among(backend, "r.recipient_id", &ids);
    let from = format!("FROM recipient r WHERE r.federation_id = {federation_id} AND {named}");
    parts.rows("taken", &["r.recipient_id"], &from);
    parts.head(&federation_id);
    let mut found = ReadAt { read: HashSet::new(), sequence: 0 };
    for row in parts.find(connection, bound.into_values()).await? {
        if row.part == HEAD {
            found.sequence = row.sequence()?;
        } else {
            let Taken { recipient_id } = row.read()?;
            let id = slug("recipient_id", &recipient_id)?;
            found.read.insert(RecipientName::new(federation.clone(), id));
        }
    }
    Ok(found)
}

#[derive(Deserialize)]
struct Taken {
    recipient_id: String,
}

/// Every recipient, each as far as its row makes one: for the check of the
/// whole database.
pub(super) async fn readings(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Vec<(RecipientName, Result<Recipient, DbErr>)>, DbErr> {
    let rows = recipient::Entity::find()
        .filter(recipient::Column::FederationId.eq(federation.as_str()))
        .order_by_asc(recipient::Column::RecipientId)
        .all(connection)
        .await?;
    let reading = |row: recipient::Model| {
        let id = slug("recipient_id", &row.recipient_id)?;
        Ok((RecipientName::new(federation.clone(), id), value(row)))
    };
    rows.into_iter().map(reading).collect()
}

/// Adds recipients.
pub(crate) async fn insert<C: ConnectionTrait>(
    batch: &mut Batch<'_, C>,
    added: &[Recipient],
) -> Result<(), DbErr> {
    let rows = added.iter().map(row).collect();
    batch.insert(recipient::Entity, rows).await
}

fn row(recipient: &Recipient) -> recipient::Model {
    let Recipient { name, display_name, kind } = recipient;
    recipient::Model {
        federation_id: name.federation.to_string(),
        recipient_id: name.id.to_string(),
        display_name: display_name.clone(),
        team_id: match kind {
            RecipientKind::Team(team) => Some(team.id.to_string()),
            RecipientKind::Resource => None,
        },
    }
}

fn value(row: recipient::Model) -> Result<Recipient, DbErr> {
    let recipient::Model { federation_id, recipient_id, display_name, team_id } = row;
    let federation = slug("federation_id", &federation_id)?;
    let team = team_id.map(|team| slug("team_id", &team)).transpose()?;
    Ok(Recipient {
        name: RecipientName::new(federation.clone(), slug("recipient_id", &recipient_id)?),
        display_name,
        kind: match team {
            Some(team) => RecipientKind::Team(TeamName::new(federation, team)),
            None => RecipientKind::Resource,
        },
    })
}
