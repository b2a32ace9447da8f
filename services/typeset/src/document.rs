//! What can be typeset: a title page and blocks of text, tables and charts, in the order
//! they are read. Figures, dates and names come as they are to be printed.

use chrono::NaiveDate;

/// What a document is written in: it decides hyphenation, quotation marks, the few words
/// that are printed around it, and how a screen reader pronounces it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Swedish.
    Swedish,
    /// English.
    English,
}

/// A document, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it is written in.
    pub language: Language,
    /// What it is called: on the title page, at the head of every page, and in the file.
    pub title: String,
    /// What else it is called.
    pub subtitle: Option<String>,
    /// Who gives it out.
    pub federation: String,
    /// Its registry number.
    pub dnr: Option<String>,
    /// What time it is about, in words.
    pub period: String,
    /// When it was made; the file has no other time in it.
    pub date: NaiveDate,
    /// The hash of what it was made from: its beginning at the foot of every page, and
    /// whole at the end. The file is identified by it.
    pub fingerprint: String,
    /// Words to find the file by.
    pub keywords: Vec<String>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A part of a document that stands under the one before it.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading; those of the first two levels are in the table of contents.
    Heading {
        /// How deep it stands.
        level: Level,
        /// What it says.
        text: String,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A list.
    List {
        /// Whether its items have numbers.
        numbered: bool,
        /// The items, one or more.
        items: Vec<Vec<Inline>>,
    },
    /// What somebody else said or wrote.
    Quote {
        /// Their words.
        text: Vec<Inline>,
        /// Who they are.
        source: Option<String>,
    },
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
    /// Something the reader should know before the figures are used: a finding, and why
    /// the document stands in spite of it.
    Notice {
        /// What it is called.
        title: String,
        /// What was found.
        finding: Vec<Inline>,
        /// Why it stands; may be empty.
        explanation: Vec<Inline>,
    },
    /// What follows begins a page.
    PageBreak,
}

/// How deep a heading stands. A level is never skipped on the way down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 1
    Chapter,
    /// 2
    Section,
    /// 3
    Subsection,
}

impl Level {
    /// From 1 to 3.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Level::Chapter => 1,
            Level::Section => 2,
            Level::Subsection => 3,
        }
    }
}

/// A piece of running text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// As it is.
    Text(String),
    /// Of weight.
    Strong(String),
    /// Stressed.
    Emphasis(String),
    /// Leads elsewhere.
    Link {
        /// What it says.
        text: String,
        /// Where it leads: `https:`, `http:` or `mailto:`.
        address: String,
    },
}

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// To the left: names and texts.
    Start,
    /// To the right: figures.
    End,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// What it is called.
    pub heading: String,
    /// Where its text stands.
    pub align: Align,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Its columns, one or more.
    pub columns: Vec<Column>,
    /// Whether the first column says what each row is about, so that a screen reader
    /// says it with the other cells.
    pub row_headings: bool,
    /// The rows, one or more, with a text for each column.
    pub rows: Vec<Vec<String>>,
    /// Whether the last row sums up the others.
    pub total: bool,
    /// What the reader should know about it.
    pub note: Option<String>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawing {
    /// A lying bar for each value, with its label after it.
    Bars,
    /// Values over time: a line for each series. Labels are printed when there are at
    /// most two.
    Lines,
}

/// A chart. It goes from zero, so that lengths can be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What it shows.
    pub caption: String,
    /// What a person who does not see it is told instead; never empty.
    pub alternative: String,
    /// How it is drawn.
    pub drawing: Drawing,
    /// What the values are of, in order.
    pub categories: Vec<String>,
    /// One to four series, each with a point for every category.
    pub series: Vec<Series>,
}

/// Values that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is called; printed when there are several.
    pub name: String,
    /// A point for each category.
    pub points: Vec<Point>,
}

/// A value in a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// How large it is; nothing where it is not known or not told.
    pub value: Option<f64>,
    /// What is printed beside it.
    pub label: String,
}
