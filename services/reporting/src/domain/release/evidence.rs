//! Evidence: the record versions behind the figures of a release, with their salts, for
//! whoever is to check it with a program of their own.

use super::{Counted, Figure, Recorded, Seed, Source, Told, record_version, salt};
use crate::domain::canonical::Json;
use crate::domain::protection::Place;

/// What proves every count of a release that was reported or stated, as canonical JSON.
#[must_use]
pub fn evidence(release: &str, counted: &Counted, figures: &[Figure], seed: &Seed) -> Json {
    let proofs = figures.iter().filter(|figure| match figure.source {
        Source::Reported | Source::Stated => matches!(figure.told, Told::Count(_)),
        Source::Derived | Source::Mixed => false,
    });
    let proofs: Vec<Json> = proofs.map(|figure| proof(counted, figure, seed)).collect();
    Json::object([("release", Json::text(release)), ("figures", Json::List(proofs))])
}

fn proof(counted: &Counted, figure: &Figure, seed: &Seed) -> Json {
    let Figure { subject, cell, source, told: _, commitment: _, covered: _ } = figure;
    let mut known = counted.known();
    if *source == Source::Stated {
        known.extend(counted.of_whole());
    }
    let own = Place { subject: subject.clone(), cell: cell.clone() };
    let records: Vec<(&Recorded, i64)> = match known.get(&own) {
        Some((recorded, count, _)) => vec![(recorded, *count)],
        None => {
            let of_teams = known.iter().filter(|(place, _)| place.cell == *cell);
            of_teams.map(|(_, (recorded, count, _))| (*recorded, *count)).collect()
        }
    };
    let record = |(recorded, count): &(&Recorded, i64)| {
        let version = record_version(recorded, cell, *count);
        let salt = hex::encode(salt(seed, &version));
        Json::object([("version", Json::Text(version)), ("salt", Json::Text(salt))])
    };
    Json::object([
        ("subject", Json::text(subject)),
        ("figure", Json::text(&cell.figure)),
        ("category", Json::text(&cell.category)),
        ("source", Json::text(source.code())),
        ("records", Json::list(&records, record)),
    ])
}
