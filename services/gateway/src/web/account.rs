//! Accounts: those a party's administrator keeps, with their roles and days.

use std::collections::HashMap;

use proto::{
    common,
    gateway::{Account, Invitation, RoleGrant},
};
use tonic::Status;
use values::{Role, Slug};

pub(crate) mod create;
pub(crate) mod detail;
pub(crate) mod invite;
pub(crate) mod list;

use super::{
    form::{inputs::Choice, page::Fact},
    format,
    layout::{Layout, Visit},
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};
use crate::text;

/// What parties, teams and municipalities are called.
pub(crate) struct Places {
    names: HashMap<String, String>,
    teams: Vec<Choice>,
    parties: Vec<Choice>,
}

/// A role of an account, ready to be shown.
pub(crate) struct RoleView {
    /// Its id, which is also its address.
    pub id: String,
    /// What it is called.
    pub role: String,
    /// What it is held for.
    pub place: String,
    /// On which days.
    pub days: String,
    /// Who granted it, on which day, and why.
    pub granted: String,
    /// Who took it back, on which day, and why; empty while nobody did.
    pub revoked: String,
    /// True when it gives nothing any more.
    pub is_over: bool,
    /// True when the person may take it back.
    pub may_revoke: bool,
}

impl Places {
    /// Reads them.
    ///
    /// # Errors
    /// What a service answered instead.
    pub(crate) async fn read(visit: &Visit) -> Result<Self, Status> {
        let (parties, teams, municipalities) = tokio::try_join!(
            reads::parties(visit),
            reads::teams(visit),
            reads::municipalities(visit)
        )?;
        let team_choices = sorted(teams.iter().map(|it| (&it.name, &it.display_name)).collect());
        let party_choices = sorted(parties.iter().map(|it| (&it.name, &it.display_name)).collect());
        let mut names: HashMap<String, String> =
            parties.into_iter().map(|party| (party.name, party.display_name)).collect();
        names.extend(teams.into_iter().map(|team| (team.name, team.display_name)));
        names.extend(municipalities.into_iter().map(|it| (it.name, it.display_name)));
        Ok(Self { names, teams: team_choices, parties: party_choices })
    }

    /// What a party or a team is called.
    #[must_use]
    pub(crate) fn called(&self, name: &str) -> String {
        self.names.get(name).cloned().unwrap_or_else(|| id_of(name).to_owned())
    }

    /// The teams to choose from.
    #[must_use]
    pub(crate) fn teams(&self) -> Vec<Choice> {
        self.teams.clone()
    }

    /// The parties to choose from.
    #[must_use]
    pub(crate) fn parties(&self) -> Vec<Choice> {
        self.parties.clone()
    }

    /// What a role is held for: the people of a party in a team, a party, a team, or
    /// the whole federation.
    #[must_use]
    pub(crate) fn scope(&self, visit: &Visit, scope: &str) -> String {
        let parts: Vec<&str> = scope.split('/').collect();
        match parts.as_slice() {
            [_, federation, "parties", party, "teams", team] => {
                let party = self.called(&format!("federations/{federation}/parties/{party}"));
                let team = self.called(&format!("federations/{federation}/teams/{team}"));
                format!("{team}, {party}")
            }
            [_, _] => visit.t("account-whole-federation"),
            _ => self.called(scope),
        }
    }
}

impl RoleView {
    async fn of(visit: &Visit, places: &Places, granted: &RoleGrant) -> Self {
        let today = visit.state.clock.today().to_string();
        let (first, last) =
            (format::date(granted.first_day.as_ref()), format::date(granted.last_day.as_ref()));
        let is_past = !last.is_empty() && last < today;
        let time = |time: Option<&prost_types::Timestamp>| {
            format::day(time.and_then(platform::convert::instant))
        };
        let who = visit.state.display_name(&granted.grantor).await;
        let mut revoked = String::new();
        if let Some(revocation) = &granted.revocation {
            let revoker = visit.state.display_name(&revocation.revoker).await;
            let day = time(revocation.revoke_time.as_ref());
            revoked = happened(&revoker, &day, &revocation.reason);
        }
        let is_over = is_past || granted.revocation.is_some();
        let principal = &visit.session.principal;
        Self {
            id: id_of(&granted.name).to_owned(),
            role: role_name(visit, granted.role()),
            place: places.scope(visit, &granted.scope),
            days: days(visit, &first, &last),
            granted: happened(&who, &time(granted.grant_time.as_ref()), &granted.reason),
            revoked,
            is_over,
            may_revoke: !is_over && rights::grants_roles_for(principal, &granted.scope),
        }
    }
}

/// Names to choose from, by what they are called.
fn sorted(named: Vec<(&String, &String)>) -> Vec<Choice> {
    let mut choices: Vec<Choice> =
        named.into_iter().map(|(name, called)| Choice::new(id_of(name), called.clone())).collect();
    choices.sort_by(|one, other| one.text.cmp(&other.text));
    choices
}

fn happened(who: &str, day: &str, reason: &str) -> String {
    if reason.is_empty() { format!("{who}, {day}") } else { format!("{who}, {day}: {reason}") }
}

fn days(visit: &Visit, first: &str, last: &str) -> String {
    if last.is_empty() {
        visit.t1("account-from", "day", first)
    } else {
        format!("{first}{}– {last}", format::NO_BREAK_SPACE)
    }
}

/// What a role is called.
pub(crate) fn role_name(visit: &Visit, role: common::Role) -> String {
    let code = role.as_str_name().to_ascii_lowercase().replace('_', "-");
    visit.t(&code)
}

/// The contract's word for a role.
pub(crate) fn role_to_proto(role: Role) -> common::Role {
    let name = format!("ROLE_{}", role.code().to_ascii_uppercase());
    common::Role::from_str_name(&name).unwrap_or_default()
}

/// The parties the person keeps accounts of, to choose from.
fn own_parties(visit: &Visit, places: &Places) -> Vec<Choice> {
    let called = |party: &Slug| {
        let name = reads::name(visit, "parties", party.as_str());
        Choice::new(party.as_str(), places.called(&name))
    };
    rights::administered_parties(&visit.session.principal).map(called).collect()
}

/// What to know about an account.
fn facts(visit: &Visit, places: &Places, account: &Account) -> Vec<Fact> {
    let party = match account.party.as_str() {
        "" => visit.t("account-no-party"),
        party => places.called(party),
    };
    vec![
        Fact::new(visit, "account-username", id_of(&account.name)),
        Fact::new(visit, "account-party", party),
    ]
}

#[derive(askama::Template)]
#[template(path = "account_code.html")]
struct CodePage {
    layout: Layout,
    account_id: String,
    display_name: String,
    code: String,
    expires: String,
}

/// The page that shows a code, once; the account's page when the form was sent again.
fn code_page(
    visit: &Visit,
    account: &Account,
    invitation: Option<Invitation>,
) -> axum::response::Response {
    let account_id = id_of(&account.name).to_owned();
    let address = format!("/accounts/{account_id}");
    let Some(Invitation { code, expire_time }) = invitation else {
        return see_other(&address, None);
    };
    let layout = Layout::of(visit, visit.t("account-code-heading"));
    let expires = expire_time.as_ref().and_then(platform::convert::instant);
    super::layout::page(&CodePage {
        layout: Layout { address, ..layout },
        account_id,
        display_name: account.display_name.clone(),
        code,
        expires: format::day(expires),
    })
}

/// The name people read of an account, for a heading.
fn heading(visit: &Visit, account: &Account) -> String {
    let facts = [("name", account.display_name.as_str())];
    text::message(visit.reader.language, "account-heading", &facts)
}
