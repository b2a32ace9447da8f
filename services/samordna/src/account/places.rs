//! Whether an account's federation, party and scopes are there. The gateway keeps accounts
//! and does not know the organisation, and the operator asks no service.

use std::collections::BTreeSet;

use gateway::domain::account::NewAccount;
use participant::places::{Known, Places, known};
use platform::{Database, config::Config, service};
use values::{Scope, Slug};

type Participant = participant::process::Process;

/// What came of looking an account's places up.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct LookedUp {
    /// What is not there, with what there is: a line each.
    pub(super) faults: Vec<String>,
    /// Why nothing could be looked up.
    pub(super) note: Option<String>,
}

/// Looks the places of a new account up in the organisation's database, where the settings
/// name it. Before the first federation, nothing is there, and any account may be made.
pub(super) async fn look_up(
    config: &Config,
    gateway: &Database,
    new: &NewAccount,
    is_new_federation: bool,
) -> anyhow::Result<LookedUp> {
    // Its form is told when the account is made.
    let Ok(federation) = Slug::parse("federation", &new.federation) else {
        return Ok(LookedUp::default());
    };
    let Some(organisation) = organisation(config, gateway).await? else {
        return Ok(noted(
            "note: nobody looked whether federation, party and scopes are there: name the \
             organisation's database, participant.database.url, in the settings of this command",
        ));
    };
    Ok(judge(new, &known(&organisation, &federation).await?, is_new_federation))
}

/// The organisation's database. None where the gateway's is on a server and the settings
/// leave the other out: an empty file beside this command would say that nothing is there.
async fn organisation(config: &Config, gateway: &Database) -> anyhow::Result<Option<Database>> {
    let section: participant::Config = config.section(participant::NAME)?;
    if section.database.url.is_none() && !gateway.is_embedded() {
        return Ok(None);
    }
    let database = service::open::<Participant>(config, &section).await?;
    if database.is_embedded() {
        service::make_ready::<Participant>(&database).await?;
    }
    Ok(database.is_ready::<participant::Migrator>().await.then_some(database))
}

fn judge(new: &NewAccount, known: &Known, is_new_federation: bool) -> LookedUp {
    let federation = &new.federation;
    match known {
        Known::Here(places) => LookedUp { faults: missing(new, places), note: None },
        Known::Elsewhere(others) if others.is_empty() || is_new_federation => noted(&format!(
            "note: {federation} is not here yet, so nobody looked whether its party and scopes \
             are: import it with samordna import --federation {federation}"
        )),
        Known::Elsewhere(others) => LookedUp {
            faults: vec![format!(
                "federation: there is no federation {federation}, only {}. Choose one of them, or \
                 give --new-federation to begin another",
                others.join(", ")
            )],
            note: None,
        },
    }
}

/// What of the account is not in its federation.
fn missing(new: &NewAccount, places: &Places) -> Vec<String> {
    let mut faults = BTreeSet::new();
    let mut look_for = |field: &str, what: &str, id: &str, known: &BTreeSet<Slug>| {
        if known.iter().all(|known| known.as_str() != id) {
            let there_are: Vec<&str> = known.iter().map(Slug::as_str).collect();
            let there_are = match there_are.as_slice() {
                [] => format!("there is no {what} at all"),
                ids => format!("choose one of {}", ids.join(", ")),
            };
            let federation = &new.federation;
            faults.insert(format!("{field}: there is no {what} {id} in {federation}: {there_are}"));
        }
    };
    // The form of an id that is none is told when the account is made.
    let party = new.party.as_deref().filter(|party| Slug::parse("party", party).is_ok());
    if let Some(party) = party {
        look_for("party", "party", party, &places.parties);
    }
    for grant in &new.grants {
        match &grant.scope {
            Scope::Federation => {}
            Scope::Area(area) => look_for("roles", "area", area.as_str(), &places.areas),
            Scope::Party(party) => look_for("roles", "party", party.as_str(), &places.parties),
            Scope::Team(team) => look_for("roles", "team", team.as_str(), &places.teams),
            Scope::PartyTeam { party, team } => {
                look_for("roles", "party", party.as_str(), &places.parties);
                look_for("roles", "team", team.as_str(), &places.teams);
            }
        }
    }
    faults.into_iter().collect()
}

fn noted(note: &str) -> LookedUp {
    LookedUp { faults: Vec::new(), note: Some(note.to_owned()) }
}

#[cfg(test)]
mod tests {
    use gateway::domain::account::AccountKind;
    use values::{Role, RoleGrant};

    use super::*;

    fn account(party: Option<&str>, scopes: &[&str]) -> NewAccount {
        let grant = |scope: &&str| RoleGrant {
            role: Role::PartyEconomist,
            scope: Scope::parse("scope", scope).unwrap(),
        };
        NewAccount {
            federation: "vastmanland".to_owned(),
            id: "ekonom".to_owned(),
            display_name: "Ekonom".to_owned(),
            kind: AccountKind::Person,
            party: party.map(str::to_owned),
            secret: "not looked at here".into(),
            grants: scopes.iter().map(grant).collect(),
        }
    }

    fn vastmanland() -> Known {
        let slugs = |ids: &[&str]| ids.iter().map(|id| Slug::parse("", id).unwrap()).collect();
        let parties = slugs(&["koping", "sala"]);
        Known::Here(Places { parties, areas: BTreeSet::new(), teams: slugs(&["sala"]) })
    }

    #[test]
    fn whatever_is_not_there_is_told_with_what_is() {
        let good = account(Some("sala"), &["federation", "party/sala/team/sala", "team/sala"]);
        assert_eq!(judge(&good, &vastmanland(), false), LookedUp::default());
        let bad = account(Some("salax"), &["party/salax/team/norra", "area/norra", "party/salax"]);
        assert_eq!(
            judge(&bad, &vastmanland(), false).faults,
            [
                "party: there is no party salax in vastmanland: choose one of koping, sala",
                "roles: there is no area norra in vastmanland: there is no area at all",
                "roles: there is no party salax in vastmanland: choose one of koping, sala",
                "roles: there is no team norra in vastmanland: choose one of sala",
            ]
        );
    }

    #[test]
    fn another_federation_is_begun_only_when_it_is_meant() {
        let new = account(None, &["party/koping"]);
        let others = Known::Elsewhere(vec!["sormland".to_owned(), "varmland".to_owned()]);
        let refused = judge(&new, &others, false);
        assert!(refused.faults[0].contains("only sormland, varmland"), "{refused:?}");
        for (known, is_new) in [(&others, true), (&Known::Elsewhere(Vec::new()), false)] {
            let made = judge(&new, known, is_new);
            assert!(made.faults.is_empty() && made.note.is_some(), "{made:?}");
        }
    }
}
