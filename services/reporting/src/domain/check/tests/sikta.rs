//! Sörmland Norra's status report of 2025-06-30, entered as reported: what is
//! wrong in it is found, and nothing else.

use super::*;
use crate::domain::definition;
use crate::domain::release::counts_people;

const FIGURES: &str = include_str!("../../../../tests/it/data/sikta/norra-2025-06-30.csv");
const PLAN: &str = include_str!("../../../../tests/it/data/sikta/plan.toml");
const TEMPLATE: &str = include_str!("../../../../tests/it/data/sikta/status-report.toml");

/// What the report says of its figures, in our wording.
const PARTICIPANTS: &str = include_str!("../../../../tests/it/data/sikta/participants.md");

const AGE_AND_SEX: &str = include_str!("../../../../tests/it/data/sikta/age-and-sex.md");

const STAFF: &str = include_str!("../../../../tests/it/data/sikta/staff.md");

/// A code of a column's name.
fn code(text: &str) -> String {
    let mut code = String::new();
    for character in text.to_lowercase().chars() {
        match character {
            'å' | 'ä' => code.push('a'),
            'ö' => code.push('o'),
            'a'..='z' | '0'..='9' => code.push(character),
            _ if code.ends_with('_') || code.is_empty() => {}
            _ => code.push('_'),
        }
    }
    code.trim_end_matches('_').to_owned()
}

fn value(text: &str) -> Option<Value> {
    let month = || day(&format!("{text}-01"));
    let date = |first, last| Period::new("date", first, last).ok().map(Value::Date);
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [_] => Quantity::parse(text).map(Value::Number),
        [_, _] => date(month(), month() + chrono::Months::new(1) - chrono::Days::new(1)),
        _ => date(day(text), day(text)),
    }
}

fn relations() -> Vec<template::Relation> {
    template::load(TEMPLATE).unwrap().relations
}

fn norra() -> Report {
    let mut figures = Figures::default();
    for line in FIGURES.lines().skip(1) {
        let [_, figure, category, text] = line.split(';').collect::<Vec<_>>().try_into().unwrap();
        if let Some(value) = value(text) {
            figures = figures.with(Cell::new(figure, &code(category)), value);
        }
    }
    let plan: toml::Table = toml::from_str(PLAN).unwrap();
    let text = |entry: &toml::Value, key| entry[key].as_str().unwrap().to_owned();
    let titles: Vec<String> =
        plan["goal"].as_array().unwrap().iter().map(|goal| text(goal, "title")).collect();
    let version = text(plan["version"].as_array().unwrap().last().unwrap(), "number");
    let chapter = |(section, markdown): (&str, &str)| Chapter {
        section: section.to_owned(),
        subject: Some("norra".to_owned()),
        narrative: Narrative::read(&vocabulary(), Language::Swedish, markdown),
    };
    let list: String = titles.iter().map(|title| format!("- {title}\n")).collect();
    let list = list.replace("sex", "[sex](no-statistic \"Målets lydelse\")");
    let goals = Some(Goals { version: version.clone(), titles: titles.clone() });
    let (definitions, relations) = (definition::load(crate::DEFINITIONS).unwrap(), relations());
    let people = figures.iter().map(|(cell, _)| cell);
    let people = people.filter(|cell| counts_people(&definitions, &relations, cell));
    let people = People {
        threshold: Threshold::DEFAULT,
        cells: people.cloned().collect(),
        hidden: BTreeSet::new(),
    };
    Report {
        period: Period::new("period", day("2025-01-01"), day("2025-06-30")).unwrap(),
        subjects: BTreeMap::from([(
            "norra".to_owned(),
            Subject { figures, goals, ..Subject::default() },
        )]),
        chapters: [
            ("goals", list.as_str()),
            ("participants", PARTICIPANTS),
            ("age_and_sex", AGE_AND_SEX),
            ("staff", STAFF),
        ]
        .map(chapter)
        .into(),
        plan: BTreeMap::from([(version, titles)]),
        people,
    }
}

fn number(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

#[test]
fn norra_has_exactly_the_five_findings_that_are_in_it() {
    let report = norra();
    let findings = check(&template::load(TEMPLATE).unwrap(), &vocabulary(), &report);
    let month = Period::new("date", day("2024-10-01"), day("2024-10-31")).unwrap();
    let plan = Period::new("date", day("2023-10-01"), day("2023-10-01")).unwrap();
    let group = "enrolled_since_start_by_age_and_sex.30_or_younger";
    let men = format!("share:{group}_man/{group}_woman+{group}_man");
    let expected = [
        Fact::StatedTwice { first: Value::Date(month), second: Value::Date(plan) },
        Fact::ShareDiffers { stated: number("62"), right: number("63"), closer: number("62.6") },
        Fact::BandNamedTwice { labels: ["30 or younger".to_owned(), "under 30".to_owned()] },
        Fact::PlannedIntakeDiffers {
            stated: number("195"),
            least: number("87"),
            most: number("97"),
            fitting_start: Some(day("2024-01-01")),
        },
        Fact::WordDiffers {
            said: "domineras av".to_owned(),
            word: "dominates".to_owned(),
            measure: Measure::parse(&men).unwrap().unwrap(),
            measured: Some(number("58.8")),
        },
    ];
    let facts: Vec<Fact> = findings.iter().map(|finding| finding.fact.clone()).collect();
    assert_eq!(facts, expected);
}

#[test]
fn the_word_that_is_not_true_stands_against_the_other_word_of_the_same_group() {
    let report = norra();
    let findings = check(&template::load(TEMPLATE).unwrap(), &vocabulary(), &report);
    let texts: Vec<&str> = findings[4]
        .concerned
        .iter()
        .filter_map(|place| match place {
            Place::Text { subject: _, section: _, span } => Some(&AGE_AND_SEX[span.clone()]),
            Place::Cell { .. } | Place::Section { .. } => None,
        })
        .collect();
    assert!(texts[0].starts_with("[domineras av]"), "{texts:?}");
    assert!(texts[1].starts_with("[relativt jämn]"), "{texts:?}");
    assert_eq!(texts.len(), 2);
    let words = ["majority", "even"].map(str::to_owned).to_vec();
    assert_eq!(findings[4].remedies, [Remedy::Say(words)]);
}

#[test]
fn put_right_norra_has_no_finding() {
    let mut report = norra();
    let subject = report.subjects.get_mut("norra").unwrap();
    let date = Value::Date(Period::new("date", day("2023-10-01"), day("2023-10-01")).unwrap());
    let cells = [
        ("start_of_intake.stated_in_the_report", date),
        ("planned_intake.stated", Value::Number(number("228"))),
        ("planned_intake_share_percent.stated", Value::Number(number("54"))),
    ];
    for (cell, value) in cells {
        subject.figures =
            std::mem::take(&mut subject.figures).with(parse_cell(cell).unwrap(), value);
    }
    let texts = [(1, PARTICIPANTS), (2, AGE_AND_SEX)];
    for (chapter, text) in texts {
        let text = text
            .replace("oktober 2024", "oktober 2023")
            .replace("62 %", "54 %")
            .replace("195", "228")
            .replace("domineras av", "är en majoritet");
        report.chapters[chapter].narrative =
            Narrative::read(&vocabulary(), Language::Swedish, &text);
    }
    let template = TEMPLATE.replace("label = \"under 30\"", "label = \"30 or younger\"");
    let findings = check(&template::load(&template).unwrap(), &vocabulary(), &report);
    assert_eq!(findings, []);
}
