//! That what people are found and counted by follows from their records in the journal.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Display,
};

use platform::{db::OpenTransaction, journal, journalled::Recorded as At};
use values::Slug;

use super::{along, differences};
use crate::{
    keyring::Keyring,
    projection,
    rpc::criteria,
    store::{self, fact::Found},
};

type Recorded = BTreeMap<String, Vec<u8>>;

/// Adds a line for each problem.
pub(super) async fn check(
    picture: &OpenTransaction,
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
    for federation in &federations {
        of_federation(picture, keyring, federation, problems).await?;
    }
    Ok(())
}

fn unlisted(recorded: Recorded, problems: &mut Vec<String>) {
    let names = recorded.into_keys();
    problems.extend(names.map(|name| format!("{name} is in the journal and not in its table")));
}

async fn of_federation(
    picture: &OpenTransaction,
    keyring: &Keyring,
    federation: &Slug,
    problems: &mut Vec<String>,
) -> anyhow::Result<()> {
    let keys = store::projection::keys(picture, federation).await?;
    let made = projection::people::made(picture, keyring, federation, &keys).await?;
    problems.extend(made.problems);
    let people = store::person::all(picture, federation).await?.into_iter().map(|record| {
        let recorded = at(record.created_sequence, record.sequence);
        (record.index.name.clone(), (record.index, recorded))
    });
    problems.extend(differences(&named(made.people), &named(people)));
    let referrals = store::referral::all(picture, federation).await?.into_iter().map(|record| {
        let recorded = at(record.created_sequence, record.sequence);
        (record.index.name.clone(), (record.index, record.person_sequence, recorded))
    });
    problems.extend(differences(&named(made.referrals), &named(referrals)));
    let enrolments = store::enrolment::all(picture, federation).await?.into_iter().map(|record| {
        let recorded = at(record.created_sequence, record.sequence);
        (record.index.name.clone(), (record.index, recorded))
    });
    problems.extend(differences(&named(made.enrolments), &named(enrolments)));

    along::check(picture, federation, made.happened, problems).await?;

    let disposed = store::disposed::all(picture, federation).await?;
    let disposed = disposed.into_iter().map(|row| (row.name.clone(), row));
    problems.extend(differences(&made.disposed, &named(disposed)));

    let found = Found::all(picture, federation).await?;
    for (case, history) in &made.histories {
        if !found.is(case, history)? {
            problems.push(format!("{case} is not counted as the journal has it"));
        }
    }
    let counted: BTreeSet<&str> = made.histories.keys().map(|case| case.id.as_str()).collect();
    let strangers = found.cases().filter(|case| !counted.contains(case));
    let stranger =
        |case| format!("federations/{federation}/referrals/{case} is counted and not there");
    problems.extend(strangers.map(stranger));
    Ok(())
}

fn at(created_sequence: i64, sequence: i64) -> At {
    At { created_sequence, sequence }
}

pub(super) fn named<N: Display, T>(rows: impl IntoIterator<Item = (N, T)>) -> BTreeMap<String, T> {
    rows.into_iter().map(|(name, row)| (name.to_string(), row)).collect()
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
