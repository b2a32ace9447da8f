//! The tables of a release as files: its figures as text, all of them in a workbook. Their
//! words are Swedish, as a published report's are.

use platform::clock::day_in_sweden;
use sheets::write::{self, Cell, Table, Texts};

use crate::domain::definition::{self, TOTAL};
use crate::domain::figures::Value;
use crate::domain::language::Language;
use crate::domain::release::{
    Attachment, Change, Chapter, Document, Explained, Explanation, Fact, FactKind, Figure, Funding,
    Part, Source, Stamp, Told,
};

/// What stands for a count that is not shown.
pub(super) const HIDDEN: &str = "skyddat";
/// What stands for a count of one release beside that of another: it was hidden, or nothing
/// was told.
pub(super) const NOT_SHOWN: &str = "visas inte";

/// The figures as text.
pub(crate) fn csv(document: &Document) -> anyhow::Result<Vec<u8>> {
    write::csv(&figures(document))
}

/// Every table as a workbook: the figures first, then those that have rows.
pub(crate) fn workbook(document: &Document) -> anyhow::Result<Vec<u8>> {
    let others = [
        funding(document),
        changes(document),
        explanations(document).into(),
        attachments(document),
        stamps(document),
    ];
    let others = others.into_iter().filter(|table| !table.rows.is_empty());
    let tables: Vec<Table> = std::iter::once(figures(document)).chain(others).collect();
    write::workbook_of(&document.title, &tables, day_in_sweden(document.publish_time))
}

fn figures(document: &Document) -> Table {
    let columns =
        ["Avser", "Mått", "Kategori", "Betydelse", "Källa", "Värde", "Team", "Av team", "Bindning"];
    let row = |figure: &Figure| {
        let label = document.labels.iter().find(|label| label.cell == figure.cell);
        let value = match &figure.told {
            Told::Count(count) => Cell::Number(*count),
            Told::Stated(stated) => Cell::Text(stated_shown(stated)),
            Told::Hidden => Cell::Text(HIDDEN.to_owned()),
        };
        let teams = |teams: usize| i64::try_from(teams).map_or(Cell::Empty, Cell::Number);
        let covered = figure.covered;
        vec![
            Cell::Text(display_name(document, &figure.subject)),
            Cell::Text(figure.cell.figure.clone()),
            Cell::Text(figure.cell.category.clone()),
            Cell::Text(label.map(|label| label.text.sv.clone()).unwrap_or_default()),
            Cell::Text(source(figure.source).to_owned()),
            value,
            covered.map_or(Cell::Empty, |covered| teams(covered.teams_covered)),
            covered.map_or(Cell::Empty, |covered| teams(covered.team_count)),
            Cell::Text(hex::encode(&figure.commitment)),
        ]
    };
    Table {
        title: "Uppgifter".to_owned(),
        headings: headings(&columns),
        rows: document.figures.iter().map(row).collect(),
    }
}

/// A number with decimals, or a date, as it is written in Swedish.
pub(super) fn stated_shown(stated: &str) -> String {
    Value::parse(stated).map_or_else(|| stated.to_owned(), |one| one.shown(Language::Swedish))
}

fn headings(headings: &[&str]) -> Vec<String> {
    headings.iter().copied().map(str::to_owned).collect()
}

fn funding(document: &Document) -> Table {
    let row = |row: &Funding| {
        let Funding {
            recipient,
            display_name,
            team: _,
            granted_ore,
            requisitioned_ore,
            requisitioned_to_date_ore,
            share_percent,
        } = row;
        let name = if recipient.is_empty() { "Summa" } else { display_name };
        vec![
            Cell::Text(name.to_owned()),
            Cell::Hundredths(*granted_ore),
            Cell::Hundredths(*requisitioned_ore),
            Cell::Hundredths(*requisitioned_to_date_ore),
            Cell::Number((*share_percent).into()),
        ]
    };
    Table {
        title: "Medel".to_owned(),
        headings: headings(&[
            "Mottagare",
            "Beviljat för året (kr)",
            "Rekvirerat i perioden (kr)",
            "Rekvirerat hittills (kr)",
            "Andel (%)",
        ]),
        rows: document.funding.iter().map(row).collect(),
    }
}

/// A row for each fact behind a change, and for a change without any.
fn changes(document: &Document) -> Table {
    let number =
        |count: &Option<i64>| count.map_or_else(|| Cell::Text(NOT_SHOWN.to_owned()), Cell::Number);
    let rows = |change: &Change| {
        let Change { subject, cell, old, new, facts } = change;
        let begins = [
            Cell::Text(display_name(document, subject)),
            Cell::Text(cell.figure.clone()),
            Cell::Text(cell.category.clone()),
            Cell::Text(meaning(document, cell)),
            number(old),
            number(new),
        ];
        let ends = |fact: Option<&Fact>| match fact {
            Some(fact) => [
                Cell::Text(cause(fact.kind).to_owned()),
                team_of(document, fact).map_or(Cell::Empty, |team| Cell::Text(team.to_owned())),
                Cell::Number(fact.difference),
            ],
            None => [Cell::Empty, Cell::Empty, Cell::Empty],
        };
        let row = |fact| -> Vec<Cell> { begins.iter().cloned().chain(ends(fact)).collect() };
        if facts.is_empty() {
            vec![row(None)]
        } else {
            facts.iter().map(|fact| row(Some(fact))).collect()
        }
    };
    Table {
        title: "Rättelser".to_owned(),
        headings: headings(&[
            "Avser",
            "Mått",
            "Kategori",
            "Betydelse",
            "Förut",
            "Nu",
            "Orsak",
            "Team",
            "Skillnad",
        ]),
        rows: document.changes.iter().flat_map(rows).collect(),
    }
}

fn explanations(document: &Document) -> Texts {
    let row = |explanation: &Explanation| {
        let Explanation { finding, check, places: _, text } = explanation;
        vec![check.clone(), concerned(document, explanation), text.clone(), finding.clone()]
    };
    Texts {
        title: "Förklaringar".to_owned(),
        headings: headings(&["Kontroll", "Gäller", "Förklaring", "Avvikelse"]),
        rows: document.explanations.iter().map(row).collect(),
    }
}

fn attachments(document: &Document) -> Table {
    let rows = |chapter: &Chapter| {
        let row = |file: &Attachment| {
            let Attachment { name: _, file_name, media_type: _, size_bytes, sha256 } = file;
            vec![
                Cell::Text(display_name(document, &chapter.subject)),
                Cell::Text(chapter.heading.clone()),
                Cell::Text(file_name.clone()),
                Cell::Number(*size_bytes),
                Cell::Text(sha256.clone()),
            ]
        };
        chapter.attachments.iter().map(row).collect::<Vec<_>>()
    };
    Table {
        title: "Bilagor".to_owned(),
        headings: headings(&["Avser", "Kapitel", "Fil", "Storlek (byte)", "SHA-256"]),
        rows: document.chapters.iter().flat_map(rows).collect(),
    }
}

fn stamps(document: &Document) -> Table {
    let row = |Stamp { service, sequence, head_hash }: &Stamp| {
        let hash = hex::encode(head_hash);
        vec![
            Cell::Text(service_name(service).to_owned()),
            Cell::Number(*sequence),
            Cell::Text(hash),
        ]
    };
    Table {
        title: "Journaler".to_owned(),
        headings: headings(&["Tjänst", "Läge", "Kontrollsumma"]),
        rows: document.stamps.iter().map(row).collect(),
    }
}

/// What people call a service.
pub(super) fn service_name(service: &str) -> &str {
    match service {
        "participant" => "Deltagarregistret",
        "finance" => "Ekonomin",
        "reporting" => "Rapporteringen",
        other => other,
    }
}

/// What a finding that is explained is in, in words: `kapitlet ”Avslut” (Sala)`.
pub(super) fn concerned(document: &Document, explanation: &Explanation) -> String {
    let whose = |subject: &str| match subject {
        "" => String::new(),
        subject => format!(" ({})", display_name(document, subject)),
    };
    let mut said = Vec::new();
    let mut figures: Vec<(&str, Vec<String>)> = Vec::new();
    for Explained { subject, part } in &explanation.places {
        match part {
            None => said.push(display_name(document, subject)),
            Some(Part::Chapter { section: _, heading }) => {
                said.push(format!("kapitlet ”{heading}”{}", whose(subject)));
            }
            Some(Part::Figure(cell)) => {
                let figure = format!("”{}”", meaning(document, cell));
                match figures.iter_mut().find(|(known, _)| known == subject) {
                    Some((_, figures)) => figures.push(figure),
                    None => figures.push((subject, vec![figure])),
                }
            }
        }
    }
    said.extend(figures.into_iter().map(|(subject, figures)| {
        let called = if figures.len() == 1 { "uppgiften" } else { "uppgifterna" };
        format!("{called} {}{}", figures.join(", "), whose(subject))
    }));
    said.join(" och ")
}

/// Why a figure is another now, in words.
pub(super) fn cause(kind: FactKind) -> &'static str {
    match kind {
        FactKind::LateReport => "rapporterat för första gången",
        FactKind::ReplacedReport => "rättat underlag",
        FactKind::Opening => "sena uppgifter om vilka som fanns vid periodens början",
        FactKind::Inflow => "sena uppgifter om vilka som kom",
        FactKind::Outflow => "sena uppgifter om vilka som slutade",
        FactKind::LateFacts => "sena uppgifter",
        FactKind::Definition => "ändrad definition",
        FactKind::Source => "uppgifterna hämtas från annan källa",
    }
}

/// The team whose report is behind a change: what a team replaced is named by it last.
pub(super) fn team_of<'a>(document: &'a Document, fact: &Fact) -> Option<&'a str> {
    let (_, team) = fact.subject.rsplit_once('/')?;
    let team = format!("/teams/{team}");
    let found = document.subjects.iter().find(|subject| subject.name.ends_with(&team));
    found.map(|team| team.display_name.as_str())
}

/// What a figure means; a part of a whole with what it is a part of. Parts that are reported
/// under a name of their own have no whole beside them.
pub(super) fn meaning(document: &Document, cell: &definition::Cell) -> String {
    let label = |cell: &definition::Cell| {
        let known = document.labels.iter().find(|label| label.cell == *cell);
        known.map(|label| label.text.sv.clone())
    };
    let own = label(cell).unwrap_or_else(|| format!("{} {}", cell.figure, cell.category));
    let whole = definition::Cell::new(&cell.figure, TOTAL);
    let whole = label(&whole).filter(|_| cell.category != TOTAL);
    whole.map_or_else(|| own.clone(), |whole| format!("{whole}: {own}"))
}

pub(super) fn display_name(document: &Document, subject: &str) -> String {
    let known = document.subjects.iter().find(|known| known.name == subject);
    known.map_or_else(|| subject.to_owned(), |known| known.display_name.clone())
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
