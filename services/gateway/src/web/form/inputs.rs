//! What a form is made of: inputs, in groups, and buttons.

use super::FormErrors;
use crate::text::{self, Language};

/// Inputs that belong together.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// What they are together; empty when they are nothing.
    pub legend: String,
    /// What to know about them; may be empty.
    pub help: String,
    /// How they stand.
    pub shape: Shape,
    /// The inputs.
    pub inputs: Vec<Input>,
}

/// How a group stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One below the other, without a frame.
    Plain,
    /// Side by side under a legend.
    Row,
    /// A line of several alike: side by side in a frame of its own.
    Line,
    /// Numbers of the same kind, each after what it is called.
    Counts,
}

/// One input.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// Its id, and the name it is posted by.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// What to know about it; may be empty.
    pub help: String,
    /// What is typed there.
    pub kind: Kind,
    /// As typed, or to begin with.
    pub value: String,
    /// True for the first input of a line that was just added.
    pub takes_focus: bool,
}

/// What is typed into an input.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// A line of text, of so many characters.
    Text(usize),
    /// Several lines of text, of so many characters.
    Lines(usize),
    /// A day.
    Day,
    /// An amount in kronor, or another number with decimals.
    Decimal,
    /// A whole number.
    Whole,
    /// One of several.
    Choice(Vec<Choice>),
    /// A box to tick; its value when it is ticked is `yes`.
    Tick,
    /// A file.
    File,
}

/// One of what there is to choose from.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    /// What is posted.
    pub code: String,
    /// What people read.
    pub text: String,
}

/// A button.
#[derive(Debug, Clone)]
pub(crate) struct Button {
    /// What is posted as `step`.
    pub code: &'static str,
    /// What people read.
    pub text: String,
    /// The design system's variant.
    pub variant: &'static str,
    /// The design system's colour.
    pub color: &'static str,
}

impl Choice {
    /// A choice.
    #[must_use]
    pub(crate) fn new(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self { code: code.into(), text: text.into() }
    }
}

impl Input {
    /// An empty input; `label_id` is the id of what it is called.
    #[must_use]
    pub(crate) fn new(
        language: Language,
        id: impl Into<String>,
        label_id: &str,
        kind: Kind,
    ) -> Self {
        Self::called(id, text::message(language, label_id, &[]), kind)
    }

    /// An empty input that is called by a name rather than a text of ours.
    #[must_use]
    pub(crate) fn called(id: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        let (id, label) = (id.into(), label.into());
        Self { id, label, help: String::new(), kind, value: String::new(), takes_focus: false }
    }

    /// The same with something to know about it.
    #[must_use]
    pub(crate) fn help(self, language: Language, help_id: &str) -> Self {
        Self { help: text::message(language, help_id, &[]), ..self }
    }

    /// The same, marked as one that may be left empty.
    #[must_use]
    pub(crate) fn optional(self, language: Language) -> Self {
        let optional = text::message(language, "field-optional", &[]);
        Self { label: format!("{} ({optional})", self.label), ..self }
    }

    /// The same with a value to begin with.
    #[must_use]
    pub(crate) fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// True for a box to tick, which stands before what it is called.
    #[must_use]
    pub(crate) fn is_tick(&self) -> bool {
        matches!(self.kind, Kind::Tick)
    }

    /// What describes it, by id: its help and what is wrong with it.
    #[must_use]
    pub(crate) fn described_by(&self, errors: &FormErrors) -> String {
        let mut ids = Vec::new();
        if !self.help.is_empty() {
            ids.push(format!("{}-help", self.id));
        }
        if !errors.of(&self.id).is_empty() {
            ids.push(format!("{}-error", self.id));
        }
        ids.join(" ")
    }
}

impl Group {
    /// Inputs one below the other.
    #[must_use]
    pub(crate) fn plain(inputs: Vec<Input>) -> Self {
        Self { legend: String::new(), help: String::new(), shape: Shape::Plain, inputs }
    }

    /// Inputs side by side under a legend.
    #[must_use]
    pub(crate) fn row(legend: impl Into<String>, inputs: Vec<Input>) -> Self {
        Self { legend: legend.into(), help: String::new(), shape: Shape::Row, inputs }
    }

    /// Numbers of the same kind.
    #[must_use]
    pub(crate) fn counts(legend: impl Into<String>, inputs: Vec<Input>) -> Self {
        Self { shape: Shape::Counts, ..Self::row(legend, inputs) }
    }

    /// A line of several alike.
    #[must_use]
    pub(crate) fn line(legend: impl Into<String>, inputs: Vec<Input>) -> Self {
        Self { shape: Shape::Line, ..Self::row(legend, inputs) }
    }

    /// A heading over the groups that follow.
    #[must_use]
    pub(crate) fn heading(legend: impl Into<String>) -> Self {
        Self { legend: legend.into(), ..Self::plain(Vec::new()) }
    }

    /// The same with something to know about it.
    #[must_use]
    pub(crate) fn help(self, language: Language, help_id: &str) -> Self {
        Self { help: text::message(language, help_id, &[]), ..self }
    }
}

/// The id and name of an input of a line.
#[must_use]
pub(crate) fn line_id(line: usize, field: &str) -> String {
    format!("line-{line}-{field}")
}
