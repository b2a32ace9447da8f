//! All of a federation's organisation at once.

use sea_orm::{ConnectionTrait, DbErr};
use values::Slug;

use super::{area, federation, municipality, party, team};
use crate::domain::import::Organisation;

/// Everything the federation has.
pub(crate) async fn load(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<Organisation, DbErr> {
    Ok(Organisation {
        federations: federation::all(connection, federation).await?,
        parties: party::all(connection, federation).await?,
        areas: area::all(connection, federation).await?,
        municipalities: municipality::all(connection, federation).await?,
        teams: team::all(connection, federation).await?,
    })
}

/// Adds what is new, in an order in which every reference is there.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    additions: &Organisation,
) -> Result<(), DbErr> {
    let Organisation { federations, parties, areas, municipalities, teams } = additions;
    federation::insert(connection, federations).await?;
    party::insert(connection, parties).await?;
    area::insert(connection, areas).await?;
    municipality::insert(connection, municipalities).await?;
    team::insert(connection, teams).await
}
