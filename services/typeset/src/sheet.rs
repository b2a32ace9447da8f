//! A document as the template reads it, in JSON: every text settable, the columns and
//! charts laid out. The names of the fields are the template's.

use chrono::Datelike as _;
use serde::Serialize;

use crate::{
    chart, columns,
    document::{Align, Block, Chart, Document, Inline, Language, Table},
    letters,
};

/// As much of a fingerprint as stands at the foot of each page.
const SHORT: usize = 12;

/// A document, ready to be set.
#[derive(Serialize)]
pub(crate) struct Sheet {
    language: &'static str,
    title: String,
    subtitle: Option<String>,
    federation: String,
    dnr: Option<String>,
    period: String,
    date: Date,
    fingerprint: String,
    short: String,
    keywords: Vec<String>,
    blocks: Vec<Part>,
}

#[derive(Serialize)]
struct Date {
    year: i32,
    month: u32,
    day: u32,
    text: String,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Part {
    Heading { level: u8, text: String },
    Paragraph { text: Vec<Run> },
    List { numbered: bool, items: Vec<Vec<Run>> },
    Quote { text: Vec<Run>, source: Option<String> },
    Table(Grid),
    Chart(Figure),
    Notice { title: String, text: Vec<Run>, explanation: Vec<Run> },
    PageBreak,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Run {
    Text { text: String },
    Strong { text: String },
    Emphasis { text: String },
    Link { text: String, address: String },
}

#[derive(Serialize)]
struct Grid {
    caption: String,
    size: f64,
    long: bool,
    columns: Vec<Head>,
    row_headings: bool,
    rows: Vec<Vec<String>>,
    total: bool,
    note: Option<String>,
}

#[derive(Serialize)]
struct Head {
    heading: String,
    weight: f64,
    end: bool,
}

#[derive(Serialize)]
struct Figure {
    caption: String,
    alternative: String,
    #[serde(flatten)]
    plan: chart::Plan,
}

/// Makes a document ready; `has_glyph` tells what the typefaces have.
pub(crate) fn sheet(document: &Document, has_glyph: impl Fn(char) -> bool) -> Sheet {
    let Document {
        language,
        title,
        subtitle,
        federation,
        dnr,
        period,
        date,
        fingerprint,
        keywords,
        blocks,
    } = document;
    let setter = Setter { language: *language, has_glyph };
    let plain = |text: &str| setter.plain(text);
    Sheet {
        language: match language {
            Language::Swedish => "sv",
            Language::English => "en",
        },
        title: setter.prose(title),
        subtitle: subtitle.as_deref().map(|text| setter.prose(text)),
        federation: plain(federation),
        dnr: dnr.as_deref().map(plain),
        period: plain(period),
        date: Date {
            year: date.year(),
            month: date.month(),
            day: date.day(),
            text: date.format("%Y-%m-%d").to_string(),
        },
        fingerprint: plain(fingerprint),
        short: plain(&fingerprint.chars().take(SHORT).collect::<String>()),
        keywords: keywords.iter().map(|keyword| plain(keyword)).collect(),
        blocks: blocks.iter().map(|block| setter.part(block)).collect(),
    }
}

struct Setter<F> {
    language: Language,
    has_glyph: F,
}

impl<F: Fn(char) -> bool> Setter<F> {
    /// What stands by itself: names, figures, cells.
    fn plain(&self, text: &str) -> String {
        letters::settable(text, &self.has_glyph)
    }

    /// What is read as a sentence.
    fn prose(&self, text: &str) -> String {
        letters::quoted(&self.plain(text), self.language, None)
    }

    fn runs(&self, parts: &[Inline]) -> Vec<Run> {
        let mut before = None;
        let mut set = |text: &str| {
            let plain = self.plain(text);
            let quoted = letters::quoted(&plain, self.language, before);
            before = plain.chars().last().or(before);
            quoted
        };
        parts
            .iter()
            .map(|part| match part {
                Inline::Text(text) => Run::Text { text: set(text) },
                Inline::Strong(text) => Run::Strong { text: set(text) },
                Inline::Emphasis(text) => Run::Emphasis { text: set(text) },
                Inline::Link { text, address } => {
                    Run::Link { text: set(text), address: address.clone() }
                }
            })
            .collect()
    }

    fn part(&self, block: &Block) -> Part {
        match block {
            Block::Heading { level, text } => {
                Part::Heading { level: level.number(), text: self.prose(text) }
            }
            Block::Paragraph(text) => Part::Paragraph { text: self.runs(text) },
            Block::List { numbered, items } => Part::List {
                numbered: *numbered,
                items: items.iter().map(|item| self.runs(item)).collect(),
            },
            Block::Quote { text, source } => Part::Quote {
                text: self.runs(text),
                source: source.as_deref().map(|text| self.plain(text)),
            },
            Block::Table(table) => Part::Table(self.grid(table)),
            Block::Chart(chart) => Part::Chart(self.figure(chart)),
            Block::Notice { title, finding, explanation } => Part::Notice {
                title: self.prose(title),
                text: self.runs(finding),
                explanation: self.runs(explanation),
            },
            Block::PageBreak => Part::PageBreak,
        }
    }

    fn grid(&self, table: &Table) -> Grid {
        let columns::Widths { weights, size, long } = columns::widths(table);
        let Table { caption, columns, row_headings, rows, total, note } = table;
        let row = |cells: &Vec<String>| cells.iter().map(|cell| self.plain(cell)).collect();
        Grid {
            caption: self.prose(caption),
            size,
            long,
            columns: columns
                .iter()
                .zip(weights)
                .map(|(column, weight)| Head {
                    heading: self.plain(&column.heading),
                    weight,
                    end: match column.align {
                        Align::Start => false,
                        Align::End => true,
                    },
                })
                .collect(),
            row_headings: *row_headings,
            rows: rows.iter().map(row).collect(),
            total: *total,
            note: note.as_deref().map(|text| self.prose(text)),
        }
    }

    fn figure(&self, chart: &Chart) -> Figure {
        Figure {
            caption: self.prose(&chart.caption),
            alternative: self.prose(&chart.alternative),
            plan: chart::plan(chart, self.language, |text| self.plain(text)),
        }
    }
}
