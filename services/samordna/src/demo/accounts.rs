//! The demonstration's accounts. No account combines what the rules keep apart;
//! the passwords are made at the first start and kept beside the data.

use std::{
    fs,
    io::{self, ErrorKind, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use anyhow::Context as _;
use gateway::domain::{
    account::{AccountKind, NewAccount},
    role_grant::party_of,
};
use platform::{Clock, Failure, Journal, config::Config};
use secrecy::ExposeSecret as _;
use values::{Role, RoleGrant, Scope, Slug, name::AccountName};

use super::FEDERATION;

/// The accounts: id, name, what signs it in, role, scope.
const ACCOUNTS: [(&str, &str, AccountKind, Role, &str); 10] = [
    (
        "koping-ekonom",
        "Ekonom, Köpings kommun",
        AccountKind::Person,
        Role::PartyEconomist,
        "party/koping",
    ),
    ("ekonom", "Förbundets ekonom", AccountKind::Person, Role::FederationEconomist, "federation"),
    (
        "kansli",
        "Förbundets administratör",
        AccountKind::Person,
        Role::FederationAdministrator,
        "federation",
    ),
    (
        "programledare",
        "Förbundets programledare",
        AccountKind::Person,
        Role::ProgrammeLead,
        "federation",
    ),
    (
        "surahammar-ledare",
        "Teamledare, Surahammar",
        AccountKind::Person,
        Role::TeamLead,
        "team/surahammar",
    ),
    (
        "koping-admin",
        "Administratör, Köpings kommun",
        AccountKind::Person,
        Role::PartyAdministrator,
        "party/koping",
    ),
    (
        "koping-handlaggare",
        "Aktualiserande handläggare, Köpings kommun",
        AccountKind::Person,
        Role::ReferringOfficer,
        "party/koping",
    ),
    (
        "samordnare",
        "Samordnare, Västra Mälardalen",
        AccountKind::Person,
        Role::Coordinator,
        "party/koping/team/vastra-malardalen",
    ),
    (
        "coach",
        "Coach, Västra Mälardalen",
        AccountKind::Person,
        Role::Coach,
        "party/koping/team/vastra-malardalen",
    ),
    (
        "demo-import",
        "Inläsning av filer",
        AccountKind::System,
        Role::FederationAdministrator,
        "federation",
    ),
];

/// Account ids with their passwords.
pub(super) struct SignIns(Vec<(String, String)>);

/// Bearer tokens of the accounts that load the demonstration.
pub(super) struct Tokens {
    pub(super) import: String,
    pub(super) federation_economist: String,
    pub(super) federation_administrator: String,
    pub(super) programme_lead: String,
    pub(super) officer: String,
    pub(super) coordinator: String,
}

impl SignIns {
    /// Reads the passwords; makes and keeps those that are missing, all of them at the
    /// first start and those of accounts that a later version added.
    pub(super) fn open(home: &Path) -> anyhow::Result<Self> {
        let file = home.join("sign-ins");
        let kept = match fs::read_to_string(&file) {
            Ok(kept) => kept,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).context("cannot read the demonstration's sign-ins"),
        };
        let kept = kept.lines().filter_map(|line| line.split_once(' '));
        let mut pairs: Vec<(String, String)> =
            kept.map(|(id, password)| (id.to_owned(), password.to_owned())).collect();
        let known = pairs.len();
        for (id, ..) in ACCOUNTS {
            if !pairs.iter().any(|(known, _)| known == id) {
                let password = crate::account::new_secret()?.expose_secret().to_owned();
                pairs.push((id.to_owned(), password));
            }
        }
        if pairs.len() > known {
            keep(home, &file, &pairs).context("cannot keep the demonstration's sign-ins")?;
        }
        Ok(Self(pairs))
    }

    fn password(&self, id: &str) -> anyhow::Result<&str> {
        let found = self.0.iter().find(|(known, _)| known == id);
        found
            .map(|(_, password)| password.as_str())
            .with_context(|| format!("the sign-ins have no {id}"))
    }

    /// Tells where to go and who can sign in.
    #[expect(clippy::print_stdout, reason = "a command speaks to its terminal")]
    pub(super) fn print(&self, config: &Config, reachable: &str) -> anyhow::Result<()> {
        let section: gateway::Config = config.section(gateway::NAME)?;
        let address = section.public_url.unwrap_or_else(|| reachable.to_owned());
        println!(
            "\nSamordna: Västmanland, January-June 2025, from the published half-year report\n"
        );
        println!("  Office UI      {address}");
        println!("  gRPC endpoint  {address} (reflection and health are open)\n");
        println!("  username             password                   who");
        for (id, name, kind, ..) in ACCOUNTS {
            if kind == AccountKind::Person {
                println!("  {id:<20} {:<26} {name}", self.password(id)?);
            }
        }
        println!(
            "\n  For a partner's system, POST {address}/oauth2/token with grant_type=client_credentials:"
        );
        println!("  client_id demo-import");
        println!("  client_secret {}\n", self.password("demo-import")?);
        println!("Stop with Ctrl-C; the same command goes on with the same data.");
        Ok(())
    }
}

/// Writes the list, for the owner's eyes only: whole under another name first, so that an
/// interruption leaves no half of it.
fn keep(home: &Path, file: &Path, pairs: &[(String, String)]) -> io::Result<()> {
    let unfinished = home.join("sign-ins.new");
    let mut options = fs::OpenOptions::new();
    let mut opened =
        options.write(true).create(true).truncate(true).mode(0o600).open(&unfinished)?;
    for (id, password) in pairs {
        writeln!(opened, "{id} {password}")?;
    }
    opened.sync_all()?;
    fs::rename(&unfinished, file)
}

/// Creates the accounts that are not there, and answers tokens for loading.
pub(super) async fn create(config: &Config, sign_ins: &SignIns) -> anyhow::Result<Tokens> {
    let database = crate::account::open(config).await?;
    let journal = Journal::new(database.clone(), Clock::system());
    for (id, name, kind, role, scope) in ACCOUNTS {
        let scope = Scope::parse("scope", scope).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
        // The one team of them is its municipality's alone, and has its name.
        let party = match &scope {
            Scope::Team(team) => Some(team),
            Scope::Federation | Scope::Area(_) | Scope::Party(_) | Scope::PartyTeam { .. } => {
                party_of(&scope)
            }
        };
        let new = NewAccount {
            federation: FEDERATION.to_owned(),
            id: id.to_owned(),
            display_name: name.to_owned(),
            kind,
            party: party.map(ToString::to_string),
            secret: sign_ins.password(id)?.into(),
            grants: vec![RoleGrant { role, scope }],
        };
        match gateway::account::create(&journal, new).await {
            Ok(_) | Err(Failure::Exists { .. }) => {}
            Err(failure) => anyhow::bail!("the account {id} cannot be created: {failure:?}"),
        }
    }
    let section: gateway::Config = config.section(gateway::NAME)?;
    let section = section.with_key(&config.common.data_directory)?;
    let token = async |id: &str| {
        let slug =
            |text: &str| Slug::parse("id", text).map_err(|fault| anyhow::anyhow!("{fault:?}"));
        let name = AccountName::new(slug(FEDERATION)?, slug(id)?);
        gateway::token::issue_for(&section, &database, &name, Clock::system()).await
    };
    Ok(Tokens {
        import: token("demo-import").await?,
        federation_economist: token("ekonom").await?,
        federation_administrator: token("kansli").await?,
        programme_lead: token("programledare").await?,
        officer: token("koping-handlaggare").await?,
        coordinator: token("samordnare").await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list as it was written before the programme lead came.
    const FORMER: &str = "koping-ekonom a\nekonom b\nkansli c\nsurahammar-ledare d\n\
        koping-admin e\nkoping-handlaggare f\nsamordnare g\ncoach h\ndemo-import i\n";

    #[test]
    fn a_directory_of_an_earlier_version_keeps_its_passwords_and_is_given_the_missing() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("sign-ins"), FORMER).unwrap();
        let opened = SignIns::open(home.path()).unwrap();
        for (id, password) in FORMER.lines().filter_map(|line| line.split_once(' ')) {
            assert_eq!(opened.password(id).unwrap(), password);
        }
        let again = SignIns::open(home.path()).unwrap();
        for (id, ..) in ACCOUNTS {
            assert_eq!(again.password(id).unwrap(), opened.password(id).unwrap());
        }
    }
}
