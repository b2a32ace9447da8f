//! Tables `team` and `team_municipality`. Lists take two statements: give them
//! one picture of the database.

use std::collections::{BTreeMap, BTreeSet};

use platform::page::Page;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use values::{
    Faults, Slug,
    name::{MunicipalityName, TeamName},
};

use super::entity::{team, team_municipality};
use super::{Listed, cut, insert_all, on_page, slug};
use crate::domain::team::{ServedMunicipalities, Team};

/// One team.
pub(crate) async fn find(
    connection: &impl ConnectionTrait,
    name: &TeamName,
) -> Result<Option<Team>, DbErr> {
    let key = (name.federation.to_string(), name.id.to_string());
    let row = team::Entity::find_by_id(key).one(connection).await?;
    let served = served(&name.federation)
        .filter(team_municipality::Column::TeamId.eq(name.id.as_str()))
        .all(connection)
        .await?;
    let teams = join(row.into_iter().collect(), served)?;
    Ok(teams.into_iter().next().map(|(_, team)| team))
}

/// The teams that the federation has, by id.
pub(crate) async fn names(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<BTreeSet<TeamName>, DbErr> {
    let ids: Vec<String> = team::Entity::find()
        .select_only()
        .column(team::Column::TeamId)
        .filter(team::Column::FederationId.eq(federation.as_str()))
        .into_tuple()
        .all(connection)
        .await?;
    let name = |id: &String| Ok(TeamName::new(federation.clone(), slug("team_id", id)?));
    ids.iter().map(name).collect()
}

/// True when the federation has the team.
pub(crate) async fn is_known(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    name: &TeamName,
) -> Result<bool, DbErr> {
    if name.federation != *federation {
        return Ok(false);
    }
    let key = (name.federation.to_string(), name.id.to_string());
    Ok(team::Entity::find_by_id(key).one(connection).await?.is_some())
}

/// A page of teams.
pub(crate) async fn list(
    connection: &impl ConnectionTrait,
    federation: &Slug,
    page: &Page,
) -> Result<Listed<TeamName, Team>, DbErr> {
    let select = team::Entity::find().filter(team::Column::FederationId.eq(federation.as_str()));
    let rows = on_page(select, team::Column::TeamId, page).all(connection).await?;
    let Some((first, last)) = rows.first().zip(rows.last()) else {
        return Ok(cut(Vec::new(), page));
    };
    let of_page =
        team_municipality::Column::TeamId.between(first.team_id.as_str(), last.team_id.as_str());
    let served = served(federation).filter(of_page).all(connection).await?;
    Ok(cut(join(rows, served)?, page))
}

/// Every team.
pub(crate) async fn all(
    connection: &impl ConnectionTrait,
    federation: &Slug,
) -> Result<BTreeMap<TeamName, Team>, DbErr> {
    let rows = team::Entity::find()
        .filter(team::Column::FederationId.eq(federation.as_str()))
        .all(connection)
        .await?;
    let served = served(federation).all(connection).await?;
    Ok(join(rows, served)?.into_iter().collect())
}

/// Adds teams, whose municipalities are there.
pub(crate) async fn insert(
    connection: &impl ConnectionTrait,
    added: &BTreeMap<TeamName, Team>,
) -> Result<(), DbErr> {
    let teams = added.iter().map(|(name, team)| row(name, team).into_active_model());
    insert_all(connection, teams.collect()).await?;
    let served = added.iter().flat_map(|(name, team)| served_rows(name, team));
    insert_all(connection, served.map(|row| row.into_active_model()).collect()).await
}

fn served(federation: &Slug) -> Select<team_municipality::Entity> {
    team_municipality::Entity::find()
        .filter(team_municipality::Column::FederationId.eq(federation.as_str()))
        .order_by_asc(team_municipality::Column::TeamId)
        .order_by_asc(team_municipality::Column::Position)
}

fn row(name: &TeamName, team: &Team) -> team::Model {
    let Team { display_name, municipalities: _ } = team;
    team::Model {
        federation_id: name.federation.to_string(),
        team_id: name.id.to_string(),
        display_name: display_name.clone(),
    }
}

fn served_rows(name: &TeamName, team: &Team) -> Vec<team_municipality::Model> {
    let row = |(position, municipality): (i32, &MunicipalityName)| team_municipality::Model {
        federation_id: name.federation.to_string(),
        team_id: name.id.to_string(),
        position,
        municipality_id: municipality.id.to_string(),
    };
    (0..).zip(team.municipalities.as_slice()).map(row).collect()
}

fn join(
    teams: Vec<team::Model>,
    served: Vec<team_municipality::Model>,
) -> Result<Vec<(TeamName, Team)>, DbErr> {
    let mut by_team = BTreeMap::<String, Vec<MunicipalityName>>::new();
    for row in served {
        let federation = slug("federation_id", &row.federation_id)?;
        let id = slug("municipality_id", &row.municipality_id)?;
        by_team.entry(row.team_id).or_default().push(MunicipalityName::new(federation, id));
    }
    let value = |row: team::Model| {
        let team::Model { federation_id, team_id, display_name } = row;
        let name =
            TeamName::new(slug("federation_id", &federation_id)?, slug("team_id", &team_id)?);
        let served = by_team.remove(&team_id).unwrap_or_default();
        let municipalities =
            ServedMunicipalities::new(served).map_err(|faults| bad(&name, faults))?;
        Ok((name, Team { display_name, municipalities }))
    };
    teams.into_iter().map(value).collect()
}

fn bad(name: &TeamName, faults: Faults) -> DbErr {
    let reasons: Vec<_> = faults.into_vec().into_iter().map(|fault| fault.reason).collect();
    DbErr::Type(format!("{name}: {}", reasons.join(", ")))
}
