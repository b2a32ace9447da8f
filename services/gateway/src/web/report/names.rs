//! What the figures, chapters and subjects of a report are called.

use std::collections::HashMap;

use proto::reporting::{
    FigureDefinition, GetReportResponse, ReportColumn, ReportSection, SubjectFigures,
};

use super::of;
use crate::{
    text::{self, Language},
    web::{half_year_report::figures::TOTAL, reads::id_of},
};

/// The figures that are finance's, and the ids of what they are called.
const OF_FINANCE: [(&str, &str); 3] = [
    ("granted_tkr", "figure-granted"),
    ("requisitioned_tkr", "figure-requisitioned"),
    ("requisitioned_to_date_tkr", "figure-requisitioned-to-date"),
];

/// What a report is told with.
pub(super) struct Names {
    language: Language,
    figures: HashMap<String, FigureName>,
    sections: Vec<ReportSection>,
    subjects: HashMap<String, String>,
    about: String,
}

/// What a figure is called, and its categories.
#[derive(Default)]
struct FigureName {
    text: String,
    categories: HashMap<String, String>,
}

impl Names {
    /// The names of a report's parts.
    pub(super) fn of(
        language: Language,
        definitions: &[FigureDefinition],
        report: &GetReportResponse,
    ) -> Self {
        let mut figures = HashMap::new();
        for definition in definitions {
            define(&mut figures, language, definition);
        }
        for (code, text_id) in OF_FINANCE {
            let text = text::message(language, text_id, &[]);
            figures.insert(code.to_owned(), FigureName { text, categories: HashMap::new() });
        }
        let template = report.template.clone().unwrap_or_default();
        for column in &template.columns {
            figures.insert(column.figure.clone(), of_column(language, column));
        }
        let called = |one: &SubjectFigures| (one.subject.clone(), one.display_name.clone());
        Self {
            language,
            figures,
            sections: template.sections,
            subjects: report.figures.iter().map(called).collect(),
            about: report.report.as_ref().map(|head| head.subject.clone()).unwrap_or_default(),
        }
    }

    /// What a figure counts.
    pub(super) fn figure<'a>(&'a self, code: &'a str) -> &'a str {
        self.figures.get(code).map_or(code, |name| name.text.as_str())
    }

    /// What a category is called.
    pub(super) fn category<'a>(&'a self, figure: &str, category: &'a str) -> &'a str {
        let found = self.figures.get(figure).and_then(|name| name.categories.get(category));
        found.map_or(category, String::as_str)
    }

    /// A cell in full: `Deltagare efter kön: Kvinnor`.
    pub(super) fn cell(&self, figure: &str, category: &str) -> String {
        if category == TOTAL || category.is_empty() {
            return self.figure(figure).to_owned();
        }
        format!("{}: {}", self.figure(figure), self.category(figure, category))
    }

    /// What a reference refers to, in words; as it is when it is not of a kind that says
    /// a figure alone.
    pub(super) fn reference(&self, reference: &str) -> String {
        let sum = |cells: &str| {
            let cells: Vec<String> = cells.split('+').map(|cell| self.referred(cell)).collect();
            cells.join(" + ")
        };
        match reference.split_once(':') {
            Some(("figure" | "date", cells)) => sum(cells),
            Some(("share", cells)) => {
                let (part, base) = cells.split_once('/').unwrap_or((cells, ""));
                let (part, base) = (sum(part), sum(base));
                let facts = [("part", part.as_str()), ("base", base.as_str())];
                text::message(self.language, "reference-share", &facts)
            }
            Some(("change", cells)) => {
                text::message(self.language, "reference-change", &[("figure", sum(cells).as_str())])
            }
            Some(("plan", cells)) => {
                text::message(self.language, "reference-plan", &[("figure", sum(cells).as_str())])
            }
            Some(_) | None => reference.to_owned(),
        }
    }

    /// A cell as a reference names it: `participants.woman@sala`.
    fn referred(&self, cell: &str) -> String {
        let (cell, subject) = cell.split_once('@').unwrap_or((cell, ""));
        let (figure, category) = cell.split_once('.').unwrap_or((cell, TOTAL));
        let whose = self.subjects.iter().find(|(name, _)| id_of(name) == subject);
        let whose = whose.map(|(_, called)| format!(", {called}")).unwrap_or_default();
        format!("{}{whose}", self.cell(figure, category))
    }

    /// The heading of a section.
    pub(super) fn section<'a>(&'a self, code: &'a str) -> &'a str {
        let found = self.sections.iter().find(|section| section.code == code);
        found.map_or(code, |it| of(self.language, &it.title_sv, &it.title_en))
    }

    /// A team, an area or the federation.
    pub(super) fn subject<'a>(&'a self, name: &'a str) -> &'a str {
        self.subjects.get(name).map_or_else(|| id_of(name), String::as_str)
    }

    /// The same after a comma; nothing for whom the whole report is about.
    pub(super) fn of_subject(&self, name: &str) -> String {
        if name.is_empty() || name == self.about {
            String::new()
        } else {
            format!(", {}", self.subject(name))
        }
    }
}

fn define(
    figures: &mut HashMap<String, FigureName>,
    language: Language,
    definition: &FigureDefinition,
) {
    let FigureDefinition { figure, text_sv, text_en, partitions } = definition;
    let own = figures.entry(figure.clone()).or_default();
    of(language, text_sv, text_en).clone_into(&mut own.text);
    for partition in partitions {
        let name = figures.entry(partition.reported_as.clone()).or_default();
        if name.text.is_empty() {
            of(language, &partition.text_sv, &partition.text_en).clone_into(&mut name.text);
        }
        for category in &partition.categories {
            let text = of(language, &category.text_sv, &category.text_en).to_owned();
            name.categories.insert(category.category.clone(), text);
        }
    }
}

fn of_column(language: Language, column: &ReportColumn) -> FigureName {
    let categories = column.categories.iter().map(|category| {
        let text = of(language, &category.text_sv, &category.text_en).to_owned();
        (category.category.clone(), text)
    });
    FigureName {
        text: of(language, &column.text_sv, &column.text_en).to_owned(),
        categories: categories.collect(),
    }
}
