//! That what people are found and counted by follows from their records in the journal.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use platform::journal;
use sea_orm::DatabaseTransaction;
use values::Slug;

use crate::{
    domain::person::Person,
    keyring::{DataKey, Keyring},
    rpc::{
        case::{Kept, assembled},
        criteria, people,
    },
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
    for collection in ["participants", "referrals", "enrolments"] {
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
    let referrals = store::referral::all(picture, federation).await?;
    for kept in assembled(referrals, store::enrolment::all(picture, federation).await?) {
        let name = &kept.referral.index.name;
        counted_cases.insert(name.id.to_string());
        is_latest(&name.to_string(), &kept.referral.payload, recorded, problems);
        for record in &kept.enrolments {
            is_latest(&record.index.name.to_string(), &record.payload, recorded, problems);
        }
        let Ok((key, person)) = opened(keyring, &kept.referral.person) else {
            continue;
        };
        match of_case(&kept, &key, &person, &known) {
            Ok(differing) => problems.extend(differing),
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

/// What of a case does not follow from its records.
fn of_case(
    kept: &Kept,
    key: &DataKey,
    person: &Person,
    known: &store::fact::Known,
) -> anyhow::Result<Vec<String>> {
    let case = kept.open(key)?;
    let mut problems = Vec::new();
    let index = &kept.referral.index;
    if people::referral_index(&case.referral, person, index.revision) != *index {
        problems.push(differs(&index.name.to_string()));
    }
    for (record, enrolment) in kept.enrolments.iter().zip(&case.enrolments) {
        let index = &record.index;
        if people::enrolment_index(enrolment, person, index.revision) != *index {
            problems.push(differs(&index.name.to_string()));
        }
    }
    let stands = case.enrolment().map(|enrolment| &enrolment.name);
    if stands != case.referral.enrolment.as_ref() {
        problems.push(format!("{} has not led to what it says", index.name));
    }
    if !known.is(&index.name, &person.name, &case.counted(person))? {
        problems.push(format!("{} is not counted as the journal has it", index.name));
    }
    Ok(problems)
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
