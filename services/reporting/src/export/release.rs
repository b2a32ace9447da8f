//! The figures of a release as files. Their words are Swedish, as a published report's
//! are.

use platform::clock::day_in_sweden;
use sheets::write::{self, Cell, Table};

use crate::domain::figures::Value;
use crate::domain::language::Language;
use crate::domain::release::{Change, Document, Figure, Funding, Source, Told};

/// What stands for a count that is not shown.
pub(super) const HIDDEN: &str = "skyddat";

/// The figures as text.
pub(crate) fn csv(document: &Document) -> anyhow::Result<Vec<u8>> {
    write::csv(&figures(document))
}

/// The figures, the money and what is corrected as a workbook, with a sheet for each that
/// there is.
pub(crate) fn workbook(document: &Document) -> anyhow::Result<Vec<u8>> {
    let mut tables = vec![figures(document)];
    tables.extend((!document.funding.is_empty()).then(|| funding(document)));
    tables.extend((!document.changes.is_empty()).then(|| changes(document)));
    write::workbook_of(&document.title, &tables, day_in_sweden(document.publish_time))
}

fn table<const COLUMNS: usize>(
    title: &str,
    headings: [&str; COLUMNS],
    rows: impl Iterator<Item = [Cell; COLUMNS]>,
) -> Table {
    Table {
        title: title.to_owned(),
        headings: headings.map(str::to_owned).to_vec(),
        rows: rows.map(Vec::from).collect(),
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn figures(document: &Document) -> Table {
    let headings =
        ["Avser", "Mått", "Kategori", "Betydelse", "Källa", "Värde", "Team", "Av team", "Bindning"];
    let row = |figure: &Figure| {
        let value = match &figure.told {
            Told::Count(count) => Cell::Number(*count),
            Told::Stated(stated) => text(stated_shown(stated)),
            Told::Hidden => text(HIDDEN),
        };
        let teams = |teams: usize| i64::try_from(teams).map_or(Cell::Empty, Cell::Number);
        let covered = figure.covered;
        [
            text(subject(document, &figure.subject)),
            text(&figure.cell.figure),
            text(&figure.cell.category),
            text(meaning(document, &figure.cell)),
            text(source(figure.source)),
            value,
            covered.map_or(Cell::Empty, |covered| teams(covered.teams_covered)),
            covered.map_or(Cell::Empty, |covered| teams(covered.team_count)),
            text(hex::encode(&figure.commitment)),
        ]
    };
    table("Uppgifter", headings, document.figures.iter().map(row))
}

fn funding(document: &Document) -> Table {
    let headings = [
        "Mottagare",
        "Beviljat för året, kr",
        "Rekvirerat i perioden, kr",
        "Rekvirerat hittills, kr",
        "Andel, %",
    ];
    let row = |row: &Funding| {
        [
            text(if row.recipient.is_empty() { "Summa" } else { &row.display_name }),
            Cell::Hundredths(row.granted_ore),
            Cell::Hundredths(row.requisitioned_ore),
            Cell::Hundredths(row.requisitioned_to_date_ore),
            Cell::Number(row.share_percent.into()),
        ]
    };
    table("Medel", headings, document.funding.iter().map(row))
}

fn changes(document: &Document) -> Table {
    let headings = ["Avser", "Mått", "Kategori", "Betydelse", "Förut", "Nu"];
    let count = |count: Option<i64>| count.map_or_else(|| text(HIDDEN), Cell::Number);
    let row = |change: &Change| {
        [
            text(subject(document, &change.subject)),
            text(&change.cell.figure),
            text(&change.cell.category),
            text(meaning(document, &change.cell)),
            count(change.old),
            count(change.new),
        ]
    };
    table("Rättelser", headings, document.changes.iter().map(row))
}

fn subject<'a>(document: &'a Document, name: &'a str) -> &'a str {
    let found = document.subjects.iter().find(|subject| subject.name == name);
    found.map_or(name, |subject| &subject.display_name)
}

fn meaning<'a>(document: &'a Document, cell: &crate::domain::definition::Cell) -> &'a str {
    let found = document.labels.iter().find(|label| label.cell == *cell);
    found.map_or("", |label| &label.text.sv)
}

/// A number with decimals, or a date, as it is written in Swedish.
pub(super) fn stated_shown(stated: &str) -> String {
    Value::parse(stated).map_or_else(|| stated.to_owned(), |one| one.shown(Language::Swedish))
}

/// Where a figure comes from, in a word.
pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Reported => "rapporterat",
        Source::Derived => "ur register",
        Source::Stated => "angivet",
        Source::Mixed => "blandat",
    }
}
