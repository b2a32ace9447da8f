//! Making every table again from the journal: what an operator does when a table was
//! damaged, or when a new version wants its tables otherwise.
//!
//! It is done in one transaction, beside which nothing is recorded. What is not made again
//! stays as it is: the journal; the read log; the keys of people, each wrapped for its
//! party; what was known of cases, and of how follow-ups ended, while that was sealed under
//! a key that is destroyed since; and what is counted of cases that lead nowhere any more.

mod organisation;
mod tables;

use anyhow::bail;
use platform::{Database, journal, sql::Batch};
use sea_orm::ConnectionTrait;
use values::Slug;

use crate::{
    keyring::Keyring,
    projection::{
        along::Happened,
        people::{People, made},
    },
    store::{
        self,
        fact::Found,
        follow_up_end::End,
        projection::{Keys, alone, clear, keys, of_people},
    },
};

/// Makes every table again. Answers every problem that forbids it, one line each: then
/// nothing is changed. Without a keyring, people cannot be made again, and that is a
/// problem where there are any.
///
/// # Errors
/// When the database fails.
pub async fn rebuild(
    database: &Database,
    keyring: Option<&Keyring>,
) -> anyhow::Result<Vec<String>> {
    let mut problems = journal::verify(database).await?;
    let transaction = alone(database).await?;
    let federations = store::verify::federations(&transaction).await?;
    let organisations = organisation::all(&transaction, &federations, &mut problems).await?;
    let tables = tables::Tables::made(&transaction, &mut problems).await?;
    let mut people = Vec::with_capacity(federations.len());
    for federation in federations {
        let all = of_federation(&transaction, keyring, federation).await?;
        problems.extend(all.made.problems.iter().cloned());
        people.push(all);
    }
    if !problems.is_empty() {
        transaction.rollback().await?;
        return Ok(problems);
    }
    clear(&transaction).await?;
    for organisation in &organisations {
        store::import::insert(&transaction, organisation).await?;
    }
    tables.insert(&transaction).await?;
    for of_federation in people {
        insert(&transaction, of_federation).await?;
    }
    transaction.commit().await?;
    Ok(problems)
}

/// A federation's people as they are to be, and what only the tables have of them.
struct OfFederation {
    made: People,
    keys: Keys,
    found: Found,
    ends: Vec<End>,
}

async fn of_federation(
    connection: &impl ConnectionTrait,
    keyring: Option<&Keyring>,
    federation: Slug,
) -> anyhow::Result<OfFederation> {
    let keys = keys(connection, &federation).await?;
    let found = Found::all(connection, &federation).await?;
    let ends = store::follow_up_end::all(connection, &federation).await?;
    let made = match keyring {
        Some(keyring) => made(connection, keyring, &federation, &keys).await?,
        None if of_people(connection, &federation, 0, 1).await?.is_empty() => People::default(),
        None => {
            let problem = "people are here, and there is no key to make them again with";
            People { problems: vec![problem.to_owned()], ..People::default() }
        }
    };
    Ok(OfFederation { made, keys, found, ends })
}

async fn insert(connection: &impl ConnectionTrait, all: OfFederation) -> anyhow::Result<()> {
    let OfFederation { made, mut keys, found, ends } = all;
    let People { people, referrals, enrolments, happened, disposed, histories, problems: _ } = made;
    let mut rows = Vec::with_capacity(people.len());
    for (name, (index, recorded)) in people {
        let Some((_, wrapped_key)) = keys.remove(&name.id) else {
            bail!("{name} was made without its key");
        };
        rows.push((index, wrapped_key, recorded));
    }
    let mut batch = Batch::on(connection);
    store::person::insert_all(&mut batch, rows).await?;
    batch.send().await?;
    let referrals: Vec<_> = referrals.into_values().collect();
    store::referral::insert_all(&mut batch, &referrals).await?;
    batch.send().await?;
    let enrolments: Vec<_> = enrolments.into_values().collect();
    store::enrolment::insert_all(&mut batch, &enrolments).await?;
    let disposed: Vec<_> = disposed.into_values().collect();
    store::disposed::insert(&mut batch, &disposed).await?;
    found.restore(&mut batch, &histories).await?;
    batch.send().await?;
    insert_happened(connection, happened, &ends).await
}

async fn insert_happened(
    connection: &impl ConnectionTrait,
    happened: Happened,
    ends: &[End],
) -> anyhow::Result<()> {
    let ends = happened.ends(ends);
    let Happened { milestones, placements, survey_answers, follow_ups, .. } = happened;
    let mut batch = Batch::on(connection);
    store::milestone::insert_all(&mut batch, milestones.into_values()).await?;
    store::placement::insert_all(&mut batch, placements.into_values()).await?;
    store::survey_answer::insert_all(&mut batch, survey_answers.into_values()).await?;
    let follow_ups: Vec<_> = follow_ups.into_values().collect();
    store::follow_up::insert_all(&mut batch, &follow_ups).await?;
    store::follow_up_end::insert_all(&mut batch, &ends).await?;
    Ok(batch.send().await?)
}
