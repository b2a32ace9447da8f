//! Not the pages, which the typesetter's own tests read, but what is put on them.

use values::{Period, Slug, name::ReportingPeriodName};

use super::*;
use crate::domain::{
    definition::{self, Cell},
    narrative::parse_cell,
    release::{
        Change, Explained, Fact, FactKind, Figure, Funding, Part, Source, Subject, Told, labels,
    },
};

const WHOLE: &str = "federations/x";
const SALA: &str = "federations/x/teams/sala";

fn cell(text: &str) -> Cell {
    parse_cell(text).unwrap()
}

fn figure(subject: &str, text: &str, told: Told) -> Figure {
    let (subject, source) = (subject.to_owned(), Source::Reported);
    Figure { subject, cell: cell(text), source, told, commitment: Vec::new(), covered: None }
}

fn chapter(section: &str, subject: &str, heading: &str, shown_text: &str) -> Chapter {
    let [section, subject, heading, shown_text] =
        [section, subject, heading, shown_text].map(str::to_owned);
    Chapter {
        section,
        subject,
        language: "sv".to_owned(),
        heading,
        text: String::new(),
        shown_text,
        attachments: Vec::new(),
    }
}

fn funding(recipient: &str, display_name: &str, granted: i64, to_date: i64, share: i32) -> Funding {
    Funding {
        recipient: recipient.to_owned(),
        display_name: display_name.to_owned(),
        team: String::new(),
        granted_ore: granted,
        requisitioned_ore: to_date,
        requisitioned_to_date_ore: to_date,
        share_percent: share,
    }
}

fn explanation() -> Explanation {
    Explanation {
        finding: "0123456789abcdef".to_owned(),
        check: "share_and_rounding".to_owned(),
        places: [
            Part::Chapter { section: "exits".to_owned(), heading: "Avslut".to_owned() },
            Part::Figure(cell("exits")),
            Part::Figure(cell("exits.work")),
        ]
        .map(|part| Explained { subject: SALA.to_owned(), part: Some(part) })
        .into(),
        text: "Andelen är avrundad i källan.".to_owned(),
    }
}

/// Two teams; one has few exits to studies, so that they and another outcome are hidden.
fn document() -> Document {
    let figures = vec![
        figure(WHOLE, "participants", Told::Count(1123)),
        figure(SALA, "participants", Told::Count(81)),
        figure(SALA, "participants.woman", Told::Count(50)),
        figure(SALA, "participants.man", Told::Count(31)),
        figure(SALA, "exits", Told::Count(30)),
        figure(SALA, "exits.work", Told::Count(12)),
        figure(SALA, "exits.job_seeking", Told::Count(11)),
        figure(SALA, "exits.studies", Told::Hidden),
        figure(SALA, "exits.other", Told::Hidden),
    ];
    let definitions = definition::load(include_str!("../../../definitions/figures.toml")).unwrap();
    let slug = |text| Slug::parse("", text).unwrap();
    let day = |text: &str| text.parse().unwrap();
    let subject = |name: &str, display_name: &str| Subject {
        name: name.to_owned(),
        display_name: display_name.to_owned(),
        source: Some(Source::Reported),
    };
    Document {
        name: "federations/x/releases/2025h1-1".to_owned(),
        report: "federations/x/reports/2025h1".to_owned(),
        restates: String::new(),
        title: "Delårsrapport januari–juni 2025".to_owned(),
        dnr: "12/2025".to_owned(),
        federation_display_name: "Samordningsförbundet Exempeldalen".to_owned(),
        reporting_period: ReportingPeriodName::new(slug("x"), slug("2025h1")),
        period: Period::new("", day("2025-01-01"), day("2025-06-30")).unwrap(),
        publish_time: "2025-08-01T10:00:00Z".parse().unwrap(),
        threshold: 5,
        definitions_version: 1,
        template: String::new(),
        stamps: vec![Stamp {
            service: "reporting".to_owned(),
            sequence: 9,
            head_hash: vec![1; 32],
        }],
        subjects: vec![subject(WHOLE, "Exempeldalen"), subject(SALA, "Sala")],
        labels: labels(&definitions, &[], &figures),
        figures,
        funding: vec![
            funding("federations/x/recipients/sala", "Sala", 324_000_000, 162_050_000, 50),
            funding("", "", 324_000_000, 162_050_000, 50),
        ],
        chapters: vec![
            chapter(
                "introduction",
                "",
                "Inledning",
                "Fler än **tusen** har deltagit.\n\n- ett\n- två",
            ),
            chapter("exits", SALA, "Avslut", "Tolv har gått till arbete."),
        ],
        explanations: vec![explanation()],
        changes: Vec::new(),
        list: None,
    }
}

fn checks() -> CheckTexts {
    CheckTexts::load(include_str!("../../../definitions/checks.toml")).unwrap()
}

#[test]
fn a_release_is_printed_chapter_by_chapter_with_what_explains_and_what_proves_it() {
    let printed = printed(&document(), &checks());
    let headings = printed.blocks.iter().filter_map(|block| match block {
        Block::Heading { level: Level::Chapter, text } => Some(text.as_str()),
        _ => None,
    });
    let headings: Vec<&str> = headings.collect();
    let expected = [
        "Inledning",
        "Beviljat och rekvirerat",
        "Alla team",
        "Sala",
        "Förklarade avvikelser",
        "Om uppgifterna",
    ];
    assert_eq!(headings, expected);
    let all = format!("{printed:?}").replace("\\u{a0}", "\u{a0}");
    for told in ["1\u{a0}123", "3\u{a0}240", "1\u{a0}621", "50\u{a0}%", "Kvinnor", "skyddat"] {
        assert!(all.contains(told), "{told}");
    }
    let place = " Gäller kapitlet ”Avslut” (Sala) och uppgifterna ”Avslut under perioden”, \
                 ”Avslut under perioden: Arbete” (Sala).";
    assert!(all.contains(place), "{all}");
    assert_eq!(printed.fingerprint, hash(&document().bytes()));
}

#[test]
fn a_correction_says_what_each_difference_is_made_of() {
    let mut document = document();
    let fact =
        |kind, subject: &str, difference| Fact { kind, subject: subject.to_owned(), difference };
    let change = |cell: &str, old, new, facts| Change {
        subject: SALA.to_owned(),
        cell: self::cell(cell),
        old,
        new,
        facts,
    };
    let replaced = "federations/x/reportingPeriods/2025h1/reportedFigures/sala";
    let replaced = fact(FactKind::ReplacedReport, replaced, 7);
    document.changes = vec![
        change("participants.woman", Some(50), Some(57), vec![replaced]),
        change(
            "exits",
            Some(30),
            Some(29),
            vec![fact(FactKind::Inflow, "", 2), fact(FactKind::Outflow, "", -3)],
        ),
        change("exits.studies", Some(9), None, Vec::new()),
    ];
    let Block::Table(table) = figures::changes(&document) else { panic!("no table") };
    let rows: Vec<String> = table.rows.iter().map(|row| row.join(" | ")).collect();
    assert_eq!(
        rows,
        [
            "Sala | Deltagare under perioden: Kvinnor | 50 | 57 | +7 | rättat underlag, Sala: +7",
            "Sala | Avslut under perioden | 30 | 29 | \u{2212}1 | sena uppgifter om vilka som \
             kom: +2; sena uppgifter om vilka som slutade: \u{2212}3",
            "Sala | Avslut under perioden: Studier | 9 | visas inte |  | ",
        ]
    );
    assert!(pdf(&document, &checks()).unwrap().starts_with(b"%PDF-"));
}

#[test]
fn a_report_on_one_team_is_headed_by_its_name() {
    let mut document = document();
    document.subjects.remove(0);
    let printed = printed(&document, &checks());
    let heads = |called: &str| {
        let heading = Block::Heading { level: Level::Chapter, text: called.to_owned() };
        printed.blocks.contains(&heading)
    };
    assert!(heads("Sala") && !heads("Alla team"));
}

#[test]
fn a_report_on_an_area_is_headed_by_its_name_and_says_what_its_list_is_known_by() {
    let mut document = document();
    let area = "federations/x/areas/norra";
    document.subjects[0].name = area.to_owned();
    document.subjects[0].display_name = "Norra".to_owned();
    document.figures[0].subject = area.to_owned();
    let sha256 = "ab".repeat(32);
    document.list = Some(List { sha256: sha256.clone(), rows: 3, people: 61, sequence: 1234 });
    let printed = printed(&document, &checks());
    let heads = |called: &str| {
        let heading = Block::Heading { level: Level::Chapter, text: called.to_owned() };
        printed.blocks.contains(&heading)
    };
    assert!(heads("Norra") && !heads("Alla team"));
    let all = format!("{printed:?}").replace("\\u{a0}", "\u{a0}");
    for told in ["2025-06-30, vid läge 1\u{a0}234", "61 personer", &sha256, "\"Rapporteringen\""] {
        assert!(all.contains(told), "{told}");
    }
}

#[test]
fn it_is_typeset_without_a_fault_and_always_the_same() {
    let document = document();
    let pdf = pdf(&document, &checks()).unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    assert_eq!(super::pdf(&document, &checks()).unwrap(), pdf);
}
