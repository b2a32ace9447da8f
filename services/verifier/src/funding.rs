//! The funding table: its total and its shares.

use serde::Deserialize;

/// A row.
#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    recipient: String,
    display_name: String,
    granted_ore: i64,
    requisitioned_ore: i64,
    requisitioned_to_date_ore: i64,
    share_percent: i64,
}

/// An amount of each row, with what it is called.
type Amount = (&'static str, fn(&Row) -> i64);

/// Every total and share that is another than the amounts make it.
pub(crate) fn problems(rows: &[Row]) -> Vec<String> {
    let mut problems = Vec::new();
    let Some((total, own)) = rows.split_last() else { return problems };
    let amounts: [Amount; 3] = [
        ("granted", |row| row.granted_ore),
        ("requisitioned", |row| row.requisitioned_ore),
        ("requisitioned to date", |row| row.requisitioned_to_date_ore),
    ];
    if !total.recipient.is_empty() {
        problems.push("the funding table has no total".to_owned());
    }
    for (name, amount) in amounts {
        let sum: i64 = own.iter().map(amount).sum();
        if sum != amount(total) {
            problems.push(format!("{name} in total is {} öre, its rows are {sum}", amount(total)));
        }
    }
    problems.extend(rows.iter().filter_map(share));
    problems
}

/// Half rounded up, as it is printed.
fn share(row: &Row) -> Option<String> {
    let Row { display_name, granted_ore, requisitioned_to_date_ore, share_percent, .. } = row;
    let (part, whole) = (i128::from(*requisitioned_to_date_ore), i128::from(*granted_ore));
    if whole <= 0 {
        return None;
    }
    let share = (200 * part + whole).div_euclid(2 * whole);
    (share != i128::from(*share_percent)).then(|| {
        format!("the share of {display_name:?} is {share_percent} %, it should be {share} %")
    })
}
