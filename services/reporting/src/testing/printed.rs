//! Random releases, to be typeset.

use values::{Slug, name::ReportingPeriodName};

use super::{Draft, Piece, Text};
use crate::domain::{
    definition::{self, Cell},
    figures::Value,
    finding::CheckTexts,
    language::Language,
    release::{Chapter, Document, Figure, Funding, Source, Stamp, Subject, Told, labels},
};
use crate::export;

const WHOLE: &str = "federations/x";
/// What the introduction and each team's chapters say besides: the length of a page.
const PARAGRAPHS: usize = 6;
const PARAGRAPH: &str = "Teamet har under perioden arbetat med kartläggning, individuellt stöd och \
    gruppaktiviteter i samverkan med parterna. Flera deltagare har gått vidare till **arbete** \
    eller *studier*, och samarbetet med arbetsgivare i närområdet har fördjupats. Under hösten \
    planeras fler gemensamma insatser, och rutinerna för uppföljning ses över tillsammans med \
    styrgruppen.";

/// A release of so many teams.
///
/// # Panics
/// Never: what is in it is well formed.
#[must_use]
pub fn document(seed: u64, teams: usize) -> Document {
    let definitions = definition::load(crate::DEFINITIONS).expect("they are consistent");
    let Draft { report, texts } = Draft::random(seed, teams);
    let names = report.subjects.iter().map(|(id, subject)| (id, subject.is_whole));
    let name = |id: &str| {
        if id == "federation" { WHOLE.to_owned() } else { format!("{WHOLE}/teams/{id}") }
    };
    let mut subjects: Vec<Subject> = names
        .map(|(id, is_whole)| Subject {
            name: name(id),
            display_name: if is_whole {
                "Testförbundet".to_owned()
            } else {
                format!("Testteam {id}")
            },
            source: Some(Source::Reported),
        })
        .collect();
    subjects.sort_by_key(|subject| subject.name != WHOLE);
    let mut figures = Vec::new();
    for (id, subject) in &report.subjects {
        for (cell, value) in subject.figures.iter() {
            if definitions.position(cell).is_some() {
                figures.push(figure(name(id), cell, value));
            }
        }
    }
    let chapters = texts.iter().map(|text| chapter(text, &name)).collect();
    let all = i64::try_from(teams).expect("a few teams");
    let of_teams = subjects.iter().skip(1).map(|team| money(&team.name, &team.display_name, 1));
    let funding = of_teams.chain([money("", "", all)]).collect();
    Document {
        name: format!("{WHOLE}/releases/half-year-1"),
        report: format!("{WHOLE}/reports/half-year"),
        restates: String::new(),
        title: "Delårsrapport".to_owned(),
        dnr: "12/2025".to_owned(),
        federation_display_name: "Testförbundet".to_owned(),
        reporting_period: reporting_period(),
        period: report.period,
        publish_time: chrono::DateTime::UNIX_EPOCH,
        threshold: 5,
        definitions_version: definitions.version(),
        template: String::new(),
        stamps: vec![Stamp {
            service: crate::NAME.to_owned(),
            sequence: 4711,
            head_hash: vec![7; 32],
        }],
        subjects,
        labels: labels(&definitions, &[], &figures),
        figures,
        funding,
        chapters,
        explanations: Vec::new(),
        changes: Vec::new(),
        list: None,
    }
}

/// The release as a file.
///
/// # Errors
/// When it cannot be typeset.
///
/// # Panics
/// Never: the texts of checks are whole.
pub fn pdf(document: &Document) -> anyhow::Result<Vec<u8>> {
    let checks = CheckTexts::load(crate::CHECKS).expect("every check has its texts");
    export::pdf::pdf(document, &checks)
}

fn figure(subject: String, cell: &Cell, value: Value) -> Figure {
    let plain = value.plain();
    let told = plain.parse().map_or_else(|_| Told::Stated(plain), Told::Count);
    let (cell, commitment) = (cell.clone(), vec![9; 32]);
    Figure { subject, cell, source: Source::Reported, told, commitment, covered: None }
}

fn chapter(text: &Text, name: &impl Fn(&str) -> String) -> Chapter {
    let Text { section, subject, language, pieces } = text;
    let seen: String = pieces.iter().map(|Piece { text, .. }| text.as_str()).collect();
    let shown_text = [vec![seen], vec![PARAGRAPH.to_owned(); PARAGRAPHS]].concat().join("\n\n");
    Chapter {
        section: (*section).to_owned(),
        subject: subject.as_deref().map(name).unwrap_or_default(),
        language: match language {
            Language::Swedish => "sv".to_owned(),
            Language::English => "en".to_owned(),
        },
        heading: (*section).to_owned(),
        text: shown_text.clone(),
        shown_text,
        attachments: Vec::new(),
    }
}

fn money(recipient: &str, display_name: &str, times: i64) -> Funding {
    const GRANTED_ORE: i64 = 324_000_000;
    Funding {
        recipient: recipient.to_owned(),
        display_name: display_name.to_owned(),
        team: String::new(),
        granted_ore: GRANTED_ORE * times,
        requisitioned_ore: GRANTED_ORE / 2 * times,
        requisitioned_to_date_ore: GRANTED_ORE / 2 * times,
        share_percent: 50,
    }
}

fn reporting_period() -> ReportingPeriodName {
    let slug = |id| Slug::parse("", id).expect("an id");
    ReportingPeriodName::new(slug("x"), slug("2025h1"))
}
