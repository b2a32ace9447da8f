//! That what people are found and counted by follows from their records in the journal.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use platform::journal;
use sea_orm::DatabaseTransaction;
use values::Slug;

use crate::{
    domain::{person::Person, referral::counted},
    keyring::{DataKey, Keyring},
    rpc::{criteria, people},
    store,
};

type Recorded = BTreeMap<String, Vec<u8>>;

/// Adds a line for each problem.
pub(super) async fn check(
    picture: &DatabaseTransaction,
    keyring: Option<&Keyring>,
    problems: &mut Vec<String>,
) -> anyhow::Result<()> {
    let federations = store::verify::federations(picture).await?;
    let mut recorded: Recorded =
        journal::latest_payloads(picture, "criteria").await?.into_iter().collect();
    for federation in &federations {
        for record in store::criteria::all(picture, federation).await? {
            problems.extend(of_criteria(&record, &mut recorded));
        }
    }
    unlisted(recorded, problems);

    let Some(keyring) = keyring else {
        if store::person::is_anybody(picture).await? {
            problems.push("people are here, and there is no key to check them with".to_owned());
        }
        return Ok(());
    };
    let mut recorded = Recorded::new();
    for collection in ["participants", "referrals"] {
        recorded.extend(journal::latest_payloads(picture, collection).await?);
    }
    for federation in &federations {
        of_federation(picture, keyring, federation, &mut recorded, problems).await?;
    }
    unlisted(recorded, problems);
    Ok(())
}

fn unlisted(recorded: Recorded, problems: &mut Vec<String>) {
    let names = recorded.into_keys();
    problems.extend(names.map(|name| format!("{name} is in the journal and not in its table")));
}

async fn of_federation(
    picture: &DatabaseTransaction,
    keyring: &Keyring,
    federation: &Slug,
    recorded: &mut Recorded,
    problems: &mut Vec<String>,
) -> anyhow::Result<()> {
    for record in store::person::all(picture, federation).await? {
        let name = record.index.name.to_string();
        is_latest(&name, &record.payload, recorded, problems);
        match opened(keyring, &record) {
            Ok((key, person)) => {
                let derived = people::index(keyring, &person, &key, record.index.revision).0;
                if derived != record.index {
                    problems.push(differs(&name));
                }
            }
            Err(error) => problems.push(format!("{name} cannot be opened: {error:#}")),
        }
    }
    let known = store::fact::known(picture, federation).await?;
    let mut counted_cases = BTreeSet::new();
    for record in store::referral::all(picture, federation).await? {
        let name = record.index.name.to_string();
        is_latest(&name, &record.payload, recorded, problems);
        counted_cases.insert(record.index.name.id.to_string());
        let Ok((key, person)) = opened(keyring, &record.person) else {
            continue;
        };
        match people::open_referral(&key, &record) {
            Ok(referral) => {
                if people::referral_index(&referral, &person, record.index.revision) != record.index
                {
                    problems.push(differs(&name));
                }
                let facts = counted(&referral, &person);
                if !known.is(&referral.name, &person.name, &facts)? {
                    problems.push(format!("{name} is not counted as the journal has it"));
                }
            }
            Err(error) => problems.push(format!("{name} cannot be opened: {error:#}")),
        }
    }
    let strangers: BTreeSet<&str> =
        known.cases().filter(|case| !counted_cases.contains(*case)).collect();
    let stranger =
        |case| format!("federations/{federation}/referrals/{case} is counted and not there");
    problems.extend(strangers.into_iter().map(stranger));
    Ok(())
}

fn opened(keyring: &Keyring, record: &store::person::Record) -> anyhow::Result<(DataKey, Person)> {
    let (name, party) = (&record.index.name, &record.index.party);
    let key = keyring.unwrap(&name.federation, &party.id, name.id.as_str(), &record.wrapped_key)?;
    let person = people::open_person(&key, record).context("its record")?;
    Ok((key, person))
}

fn of_criteria(record: &store::criteria::Record, recorded: &mut Recorded) -> Vec<String> {
    let name = record.name.to_string();
    let mut problems = Vec::new();
    is_latest(&name, &record.payload, recorded, &mut problems);
    let follows = criteria::open(record).is_ok_and(|criteria| {
        let team = criteria.team.map(|team| team.id.to_string()).unwrap_or_default();
        (criteria.name, criteria.first_day, team.as_str())
            == (record.name.clone(), record.first_day, record.team_id.as_str())
    });
    if !follows {
        problems.push(differs(&name));
    }
    problems
}

/// Takes out what is recorded of a name, and tells when the table has something else.
fn is_latest(name: &str, payload: &[u8], recorded: &mut Recorded, problems: &mut Vec<String>) {
    if recorded.remove(name).is_none_or(|latest| latest != payload) {
        problems.push(differs(name));
    }
}

fn differs(name: &str) -> String {
    format!("{name} is not in its table as the journal has it")
}
