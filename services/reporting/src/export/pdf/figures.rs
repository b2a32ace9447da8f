//! The figures of a release as tables and charts.

use typeset::document::{Block, Chart, Drawing, Point, Series, Table};

use super::{end, grouped, start};
use crate::{
    domain::{
        definition::TOTAL,
        release::{Change, Covered, Document, Fact, Figure, Funding, Told},
    },
    export::release::{self, HIDDEN, NOT_SHOWN, cause, display_name, meaning, team_of},
};

/// Öre of a thousand kronor.
const TKR: i64 = 100_000;

/// The funding table, and the shares as a chart.
pub(super) fn funding(document: &Document) -> Vec<Block> {
    let row = |row: &Funding| {
        vec![
            if row.recipient.is_empty() { "Summa".to_owned() } else { row.display_name.clone() },
            tkr(row.granted_ore),
            tkr(row.requisitioned_ore),
            tkr(row.requisitioned_to_date_ore),
            format!("{}\u{a0}%", row.share_percent),
        ]
    };
    let table = Table {
        caption: "Beviljade och rekvirerade medel, tkr".to_owned(),
        columns: vec![
            start("Mottagare"),
            end("Beviljat för året"),
            end("Rekvirerat i perioden"),
            end("Rekvirerat hittills"),
            end("Andel"),
        ],
        row_headings: true,
        rows: document.funding.iter().map(row).collect(),
        total: document.funding.last().is_some_and(|row| row.recipient.is_empty()),
        note: Some("Andelen är rekvirerat hittills av beviljat för året.".to_owned()),
    };
    let recipients: Vec<&Funding> =
        document.funding.iter().filter(|row| !row.recipient.is_empty()).collect();
    let shares = recipients.iter().map(|row| (row.display_name.as_str(), row.share_percent));
    let told: Vec<String> = shares.map(|(name, share)| format!("{name} {share} %")).collect();
    let point = |row: &&Funding| Point {
        value: Some(row.share_percent.into()),
        label: format!("{}\u{a0}%", row.share_percent),
    };
    let mut blocks = vec![Block::Table(table)];
    if !recipients.is_empty() {
        blocks.push(Block::Chart(Chart {
            caption: "Rekvirerat hittills av beviljat för året, procent".to_owned(),
            alternative: format!("Stapeldiagram: {}.", told.join(", ")),
            drawing: Drawing::Bars,
            categories: recipients.iter().map(|row| row.display_name.clone()).collect(),
            series: vec![Series {
                name: "Andel".to_owned(),
                points: recipients.iter().map(point).collect(),
            }],
        }));
    }
    blocks
}

/// Whole thousands, half up.
fn tkr(ore: i64) -> String {
    grouped((ore + TKR / 2).div_euclid(TKR))
}

/// What is told of one team, or of all.
pub(super) fn of(document: &Document, subject: &str) -> Vec<Block> {
    let own: Vec<&Figure> =
        document.figures.iter().filter(|figure| figure.subject == subject).collect();
    if own.is_empty() {
        return Vec::new();
    }
    let row = |figure: &&Figure| vec![label(document, figure), told(figure), source(figure)];
    let table = Table {
        caption: "Uppgifter och varifrån de kommer".to_owned(),
        columns: vec![start("Uppgift"), end("Antal"), start("Källa")],
        row_headings: true,
        rows: own.iter().map(row).collect(),
        total: false,
        note: own
            .iter()
            .any(|figure| figure.told == Told::Hidden)
            .then(|| format!("”{HIDDEN}”: antalet är litet, eller kunde avslöja ett som är det.")),
    };
    let mut blocks = vec![Block::Table(table)];
    blocks.extend(outcomes(document, &own).map(Block::Chart));
    blocks
}

/// The exits by outcome, when there is something to compare.
fn outcomes(document: &Document, own: &[&Figure]) -> Option<Chart> {
    let is_outcome =
        |figure: &&&Figure| figure.cell.figure == "exits" && figure.cell.category != TOTAL;
    let outcomes: Vec<&Figure> = own.iter().filter(is_outcome).copied().collect();
    let counts = outcomes.iter().filter(|figure| matches!(figure.told, Told::Count(1..)));
    if counts.count() < 2 {
        return None;
    }
    let name = |figure: &Figure| category(document, figure);
    let each = outcomes.iter().map(|figure| format!("{} {}", name(figure), told(figure)));
    let each: Vec<String> = each.collect();
    let point = |figure: &&Figure| Point { value: value(figure), label: told(figure) };
    Some(Chart {
        caption: "Avslut efter resultat".to_owned(),
        alternative: format!("Stapeldiagram: {}.", each.join(", ")),
        drawing: Drawing::Bars,
        categories: outcomes.iter().map(|figure| name(figure)).collect(),
        series: vec![Series {
            name: "Avslut".to_owned(),
            points: outcomes.iter().map(point).collect(),
        }],
    })
}

/// Counts that are drawn are exact: they are far below what the number can hold.
fn value(figure: &Figure) -> Option<f64> {
    match figure.told {
        Told::Count(count) => i32::try_from(count).ok().map(f64::from),
        Told::Stated(_) | Told::Hidden => None,
    }
}

/// What is corrected, and what each difference is made of.
pub(super) fn changes(document: &Document) -> Block {
    let shown = |count: Option<i64>| count.map_or_else(|| NOT_SHOWN.to_owned(), grouped);
    let row = |change: &Change| {
        let Change { subject, cell, old, new, facts } = change;
        let difference = old.zip(*new).map(|(old, new)| signed(new - old));
        let facts: Vec<String> = facts.iter().map(|one| fact(document, one)).collect();
        vec![
            display_name(document, subject),
            meaning(document, cell),
            shown(*old),
            shown(*new),
            difference.unwrap_or_default(),
            facts.join("; "),
        ]
    };
    let columns = ["Avser", "Uppgift"].map(start).into_iter();
    let columns = columns.chain(["Förut", "Nu", "Skillnad"].map(end));
    Block::Table(Table {
        caption: "Uppgifter som har rättats".to_owned(),
        columns: columns.chain([start("Består av")]).collect(),
        row_headings: true,
        rows: document.changes.iter().map(row).collect(),
        total: false,
        note: None,
    })
}

/// A fact behind a change: `rättat underlag, Samordningsteam Sala: +7`.
fn fact(document: &Document, fact: &Fact) -> String {
    let whose = team_of(document, fact).map(|team| format!(", {team}")).unwrap_or_default();
    format!("{}{whose}: {}", cause(fact.kind), signed(fact.difference))
}

fn signed(difference: i64) -> String {
    let sign = if difference > 0 { "+" } else { "" };
    format!("{sign}{}", grouped(difference))
}

/// What a figure means; a part of a whole stands under it.
fn label(document: &Document, figure: &Figure) -> String {
    let text = category(document, figure);
    if figure.cell.category == TOTAL { text } else { format!("\u{2013} {text}") }
}

fn category(document: &Document, figure: &Figure) -> String {
    let found = document.labels.iter().find(|label| label.cell == figure.cell);
    found.map_or_else(
        || format!("{} {}", figure.cell.figure, figure.cell.category),
        |label| label.text.sv.clone(),
    )
}

fn told(figure: &Figure) -> String {
    match &figure.told {
        Told::Count(count) => grouped(*count),
        Told::Stated(stated) => release::stated_shown(stated),
        Told::Hidden => HIDDEN.to_owned(),
    }
}

/// Where it comes from; a sum over some of the teams says of how many.
fn source(figure: &Figure) -> String {
    let source = release::source(figure.source);
    match figure.covered {
        Some(Covered { teams_covered, team_count }) if teams_covered < team_count => {
            format!("{source}, {teams_covered} av {team_count} team")
        }
        Some(_) | None => source.to_owned(),
    }
}
