//! A release as a PDF that everybody can read: its chapters, the money, the figures of
//! each team, what explains its findings, and what all of it can be proved by.

mod figures;
mod text;

use platform::clock::day_in_sweden;
use typeset::document::{
    Align, Block, Column, Document as Printed, Inline, Language, Level, Table,
};
use values::name::AreaName;

use super::release::{self, HIDDEN};
use crate::domain::{
    finding::{Check, CheckText, CheckTexts},
    language::Language as Said,
    quantity::Quantity,
    release::{Attachment, Chapter, Document, Explanation, List, Stamp, hash},
};

/// The release as a file.
///
/// # Errors
/// When it cannot be typeset.
pub(crate) fn pdf(document: &Document, checks: &CheckTexts) -> anyhow::Result<Vec<u8>> {
    Ok(typeset::pdf(&printed(document, checks))?)
}

fn printed(document: &Document, checks: &CheckTexts) -> Printed {
    let mut blocks = Vec::new();
    let whole = document.subjects.first().map(|subject| subject.name.as_str());
    for chapter in document.chapters.iter().filter(|chapter| chapter.subject.is_empty()) {
        blocks.push(heading(Level::Chapter, &chapter.heading));
        blocks.extend(text::blocks(&chapter.shown_text, Level::Section));
        blocks.extend(attachments(chapter));
    }
    if !document.funding.is_empty() {
        blocks.push(heading(Level::Chapter, "Beviljat och rekvirerat"));
        blocks.extend(figures::funding(document));
    }
    if !document.changes.is_empty() {
        blocks.push(heading(Level::Chapter, "Rättelser"));
        blocks.push(figures::changes(document));
    }
    for subject in &document.subjects {
        let own = |chapter: &&Chapter| chapter.subject == subject.name;
        let chapters: Vec<&Chapter> = document.chapters.iter().filter(own).collect();
        let tables = figures::of(document, &subject.name);
        if chapters.is_empty() && tables.is_empty() {
            continue;
        }
        // A report on one team has nothing to sum up, and one on an area is headed by its name.
        let is_whole = whole == Some(subject.name.as_str())
            && AreaName::parse("", &subject.name).is_err()
            && chapters.is_empty()
            && document.subjects.len() > 1;
        let called = if is_whole { "Alla team" } else { &subject.display_name };
        blocks.push(heading(Level::Chapter, called));
        for chapter in chapters {
            blocks.push(heading(Level::Section, &chapter.heading));
            blocks.extend(text::blocks(&chapter.shown_text, Level::Subsection));
            blocks.extend(attachments(chapter));
        }
        if !tables.is_empty() {
            blocks.push(heading(Level::Section, "Uppgifter"));
            blocks.extend(tables);
        }
    }
    if !document.explanations.is_empty() {
        blocks.push(heading(Level::Chapter, "Förklarade avvikelser"));
        let notice = |one| notice(document, one, checks);
        blocks.extend(document.explanations.iter().map(notice));
    }
    blocks.push(heading(Level::Chapter, "Om uppgifterna"));
    blocks.extend(about(document));
    Printed {
        language: Language::Swedish,
        title: document.title.clone(),
        subtitle: (!document.restates.is_empty()).then(|| "Rättad rapport".to_owned()),
        federation: named(&document.federation_display_name, &document.name),
        dnr: (!document.dnr.is_empty()).then(|| document.dnr.clone()),
        period: format!("{}\u{2013}{}", document.period.first_day(), document.period.last_day()),
        date: day_in_sweden(document.publish_time),
        fingerprint: hash(&document.bytes()),
        keywords: ["rapport", "samordningsförbund"].map(str::to_owned).to_vec(),
        blocks,
    }
}

/// What belongs to a chapter and is not printed: each file with what it is known by.
fn attachments(Chapter { attachments, .. }: &Chapter) -> Vec<Block> {
    if attachments.is_empty() {
        return Vec::new();
    }
    let item = |file: &Attachment| {
        let Attachment { name: _, file_name, media_type: _, size_bytes, sha256 } = file;
        let size = grouped(*size_bytes);
        vec![Inline::Text(format!("{file_name} ({size} byte, SHA-256 {sha256})"))]
    };
    let items = attachments.iter().map(item).collect();
    vec![paragraph("Bilagor:".to_owned()), Block::List { numbered: false, items }]
}

/// A federation without a record has no name of its own.
fn named(display_name: &str, release: &str) -> String {
    let id = || release.split('/').nth(1).unwrap_or_default().to_owned();
    if display_name.is_empty() { id() } else { display_name.to_owned() }
}

/// What was found is told by the check's words and by where it is: a finding's own could tell
/// a number that is hidden.
fn notice(document: &Document, explanation: &Explanation, checks: &CheckTexts) -> Block {
    let Explanation { finding: _, check, places: _, text } = explanation;
    let known = Check::ALL.into_iter().find(|known| known.code() == check);
    let texts = known.map(|check| checks.of(check));
    let (title, finding) = match texts {
        Some(CheckText { name, explanation, resolution: _ }) => {
            (name.sv.clone(), explanation.sv.clone())
        }
        None => (check.clone(), String::new()),
    };
    let concerned = release::concerned(document, explanation);
    let finding = match concerned.is_empty() {
        true => finding,
        false => format!("{finding} Gäller {concerned}."),
    };
    Block::Notice {
        title,
        finding: vec![Inline::Text(finding.trim_start().to_owned())],
        explanation: vec![Inline::Text(text.clone())],
    }
}

fn about(document: &Document) -> Vec<Block> {
    let hidden = format!(
        "Antal från 1 till {} visas inte, och inte heller antal som de kan räknas fram ur. De är \
         utskrivna som ”{}”.",
        document.threshold - 1,
        HIDDEN,
    );
    let proved = "Varje uppgift gäller vid ett läge i tjänsternas journaler. Den som har rapportens \
                  JSON-fil kan kontrollera att ingenting är ändrat: filens kontrollsumma (SHA-256) \
                  står sist i rapporten.";
    let row = |stamp: &Stamp| {
        let hash = hex::encode(&stamp.head_hash);
        vec![release::service_name(&stamp.service).to_owned(), grouped(stamp.sequence), hash]
    };
    let stamps = Table {
        caption: "Vad uppgifterna gäller vid".to_owned(),
        columns: vec![start("Tjänst"), end("Läge i journalen"), start("Journalens kontrollsumma")],
        row_headings: true,
        rows: document.stamps.iter().map(row).collect(),
        total: false,
        note: None,
    };
    let mut blocks = vec![paragraph(hidden), paragraph(proved.to_owned())];
    blocks.extend(document.list.as_ref().map(|list| paragraph(goes_out(document, list))));
    if !stamps.rows.is_empty() {
        blocks.push(Block::Table(stamps));
    }
    blocks
}

/// The list that goes out with a report is not printed; how it is known is.
fn goes_out(document: &Document, list: &List) -> String {
    let List { sha256, rows: _, people, sequence } = list;
    format!(
        "Till rapporten hör en avidentifierad lista över deltagare efter team, kön och ålder. Den \
         gäller till och med {}, vid läge {} i deltagarregistrets journal, och har {} personer: \
         grupper som är så små att de inte får visas är utelämnade. Dess kontrollsumma (SHA-256) \
         är {sha256}.",
        document.period.last_day(),
        grouped(*sequence),
        grouped(*people),
    )
}

fn heading(level: Level, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}

fn paragraph(text: String) -> Block {
    Block::Paragraph(vec![Inline::Text(text)])
}

fn start(heading: &str) -> Column {
    Column { heading: heading.to_owned(), align: Align::Start }
}

fn end(heading: &str) -> Column {
    Column { heading: heading.to_owned(), align: Align::End }
}

/// A number as people in Sweden write it.
fn grouped(number: i64) -> String {
    Quantity::new(number, 0)
        .map_or_else(|| number.to_string(), |number| number.shown(Said::Swedish))
}

#[cfg(test)]
mod tests;
