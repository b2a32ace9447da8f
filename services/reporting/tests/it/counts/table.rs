//! Tables of Sala's people.

use proto::participant::{self as pb, Count, CountCell, CountMargin, CountTable, Measure};

use crate::world::HOME;

/// Who took part in a period.
pub(super) struct People {
    pub(super) women: i64,
    pub(super) men: i64,
    /// True when those who were new are told: all of them.
    pub(super) tells_new: bool,
}

/// Sala's people, as the shape divides them.
pub(super) fn table(
    shape: &pb::TableShape,
    People { women, men, tells_new }: &People,
) -> CountTable {
    let all = women + men;
    let is_shown = |people: &i64| !(1..5).contains(people);
    let count =
        |value: Option<i64>| Count { value: value.filter(is_shown), commitment: vec![3; 32] };
    let of = |measure: &i32, part: Option<i64>| match Measure::try_from(*measure).unwrap() {
        Measure::Participants => count(Some(part.unwrap_or(all))),
        Measure::New => count(tells_new.then(|| part.unwrap_or(all))),
        // To nobody, nothing is committed.
        _ => Count { value: Some(0), commitment: Vec::new() },
    };
    let counts = |part: Option<i64>| -> Vec<Count> {
        shape.measures.iter().map(|measure| of(measure, part)).collect()
    };
    let team = format!("{HOME}/teams/sala");
    if shape.cuts.len() == 3 {
        return list(&team);
    }
    let second = shape.cuts.get(1).map(pb::Cut::dimension);
    let parts: &[(&str, i64)] = match second {
        Some(pb::Dimension::Sex) => &[("SEX_WOMAN", *women), ("SEX_MAN", *men)],
        Some(pb::Dimension::Age) => &[("under-30", all)],
        _ => &[],
    };
    let cell = |(key, part): &(&str, i64)| CountCell {
        keys: vec![team.clone(), (*key).to_owned()],
        counts: counts(Some(*part)),
    };
    let margin =
        |cut, key: &str, part| CountMargin { cut, key: key.to_owned(), counts: counts(part) };
    match second {
        None => CountTable {
            cells: vec![CountCell { keys: vec![team.clone()], counts: counts(None) }],
            totals: counts(None),
            margins: Vec::new(),
        },
        Some(_) => CountTable {
            cells: parts.iter().map(cell).collect(),
            totals: counts(None),
            margins: std::iter::once(margin(0, &team, None))
                .chain(parts.iter().map(|(key, part)| margin(1, key, Some(*part))))
                .collect(),
        },
    }
}

/// Those of Sala who are alike by sex and age, and some of another team: the others are too
/// few.
fn list(team: &str) -> CountTable {
    let shown = |value| vec![Count { value, commitment: vec![4; 32] }];
    let cell = |(team, sex, people): (&str, &str, Option<i64>)| CountCell {
        keys: vec![team.to_owned(), sex.to_owned(), "under-30".to_owned()],
        counts: shown(people),
    };
    let other = format!("{HOME}/teams/koping");
    let cells = [
        (team, "SEX_MAN", None),
        (team, "SEX_WOMAN", Some(7)),
        (other.as_str(), "SEX_MAN", Some(9)),
    ];
    CountTable {
        cells: cells.into_iter().map(cell).collect(),
        totals: shown(None),
        margins: Vec::new(),
    }
}
