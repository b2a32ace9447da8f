//! Teams and the municipalities they serve.

use proto::organisation::Team;
use values::name::TeamName;

use super::{Collection, Kind, municipalities::MUNICIPALITIES};
use crate::import::{Section, fields::Fields};

/// Teams, by id.
pub(in crate::import) const TEAMS: Collection =
    Collection { path: TeamName::COLLECTION, noun: "TEAM" };

pub(in crate::import) const KIND: Kind = Kind {
    name: "teams",
    section: Section::Organisation,
    columns: &["team", "display_name", "municipalities"],
    optional_columns: &[],
    key: "team",
    defines: Some(TEAMS),
    needs: None,
    read: |table, desk, requests| {
        requests.organisation.teams = desk.each(table, "teams", team);
    },
};

fn team(fields: &mut Fields<'_>) -> Team {
    Team {
        name: fields.own_name(TEAMS),
        display_name: fields.text("display_name"),
        municipalities: fields.references("municipalities", "municipalities", MUNICIPALITIES),
    }
}
