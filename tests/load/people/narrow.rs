//! The yardstick of counting: a narrow table of facts, as one would make it by hand for
//! these two tables and nothing else, and the queries over it.
//!
//! All that is known here of the service's tables is in the texts below.

use crate::population::tally::AGE_BANDS;

/// Makes it of what is known now: codes for texts, and no column that is not asked for.
/// It has no history, no other cut and nobody's scope.
pub(super) fn fill(federation: &str) -> String {
    format!(
        "CREATE TABLE narrow_team AS \
             SELECT team_id, CAST(row_number() OVER (ORDER BY team_id) AS smallint) AS team \
             FROM (SELECT DISTINCT team_id FROM case_fact) t; \
         CREATE TABLE narrow_fact AS \
             SELECT enrolled_first, enrolled_end, queue_first, queue_end, exited, t.team, f.sex, \
                 f.age, f.outcome \
             FROM case_fact f JOIN narrow_team t ON t.team_id = f.team_id \
             WHERE f.federation_id = '{federation}' AND f.known_to = {} ORDER BY t.team",
        i64::MAX
    )
}

/// Those who have ended before, in and after a half-year, by sex, age, team and outcome.
pub(super) fn exits([first, last]: [&str; 2]) -> String {
    format!(
        "SELECT team, sex, {} AS band, outcome, \
             COUNT(*) FILTER (WHERE exited < '{first}'), \
             COUNT(*) FILTER (WHERE exited >= '{first}'), COUNT(*) \
         FROM narrow_fact WHERE exited <= '{last}' GROUP BY 1, 2, 3, 4;\n",
        band()
    )
}

/// Opening, in, out and closing of the queue and of those who are enrolled, by sex, age
/// and team.
pub(super) fn books([first, last]: [&str; 2]) -> String {
    let book = |stock: &str| {
        let (begins, ends) = (format!("{stock}_first"), format!("{stock}_end"));
        let is_within = |day: &str| format!("{day} BETWEEN '{first}' AND '{last}'");
        [
            format!("{begins} < '{first}' AND ({ends} IS NULL OR {ends} >= '{first}')"),
            is_within(&begins),
            is_within(&ends),
            format!("{begins} <= '{last}' AND ({ends} IS NULL OR {ends} > '{last}')"),
        ]
        .map(|condition| format!("COUNT(*) FILTER (WHERE {condition})"))
        .join(", ")
    };
    let touched = |stock: &str| {
        format!("{stock}_first <= '{last}' AND ({stock}_end IS NULL OR {stock}_end >= '{first}')")
    };
    format!(
        "SELECT team, sex, {} AS band, {}, {} FROM narrow_fact WHERE ({}) OR ({}) \
         GROUP BY 1, 2, 3;\n",
        band(),
        book("queue"),
        book("enrolled"),
        touched("queue"),
        touched("enrolled")
    )
}

fn band() -> String {
    let when = |(number, (_, _, oldest)): (usize, &(&str, i32, i32))| {
        format!(" WHEN age <= {oldest} THEN {number}")
    };
    let bands: String = AGE_BANDS.iter().enumerate().map(when).collect();
    format!("CASE{bands} END")
}
