//! Each check on a small report: what is right has no finding, and each fault
//! has its own.

mod random;
mod sikta;
mod small;

use chrono::NaiveDate;

use super::*;
use crate::domain::definition::Text;
use crate::domain::figures::Value;
use crate::domain::finding::{Check, Lack, Remedy};
use crate::domain::language::Language;
use crate::domain::narrative::parse_cell;
use crate::domain::quantity::Quantity;
use crate::domain::template;

pub(super) fn vocabulary() -> Vocabulary {
    Vocabulary::load(include_str!("../../../definitions/words.toml")).unwrap()
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn figures(cells: &[(&str, &str)]) -> Figures {
    let value = |text: &str| Value::Number(Quantity::parse(text).unwrap());
    cells.iter().map(|(cell, text)| (parse_cell(cell).unwrap(), value(text))).collect()
}

fn report(subject: Subject, markdown: &str) -> Report {
    let narrative = Narrative::read(&vocabulary(), Language::Swedish, markdown);
    let chapter =
        Chapter { section: "text".to_owned(), subject: Some("sala".to_owned()), narrative };
    Report {
        period: Period::new("period", day("2025-01-01"), day("2025-06-30")).unwrap(),
        subjects: BTreeMap::from([("sala".to_owned(), subject)]),
        chapters: vec![chapter],
        plan: BTreeMap::from([("2.0".to_owned(), vec!["Bättre mående".to_owned()])]),
        people: People {
            threshold: Threshold::DEFAULT,
            cells: ["enrolled", "queue", "exits"].map(|code| parse_cell(code).unwrap()).into(),
            hidden: BTreeSet::new(),
        },
    }
}

pub(super) fn template(relations: &str) -> Template {
    template::load(&format!("version = 1\ncode = \"test\"\nsections = []\n{relations}")).unwrap()
}

fn found(relations: &str, report: &Report) -> Vec<Finding> {
    check(&template(relations), &vocabulary(), report)
}

/// A report with a text on enrolled 122 (63 women, 59 men), before 100, planned
/// 120, queue 6.
pub(super) fn written(markdown: &str) -> Report {
    let subject = Subject {
        figures: figures(&[
            ("enrolled", "122"),
            ("enrolled.woman", "63"),
            ("enrolled.man", "59"),
            ("enrolled.not_stated", "0"),
            ("queue", "6"),
        ]),
        before: figures(&[("enrolled", "100")]),
        planned: figures(&[("enrolled", "120")]),
        ..Subject::default()
    };
    report(subject, markdown)
}

/// The findings of such a text.
fn of_text(markdown: &str) -> Vec<Finding> {
    found("", &written(markdown))
}

fn checks(findings: &[Finding]) -> Vec<Check> {
    findings.iter().map(Finding::check).collect()
}

#[test]
fn what_a_text_says_of_its_figures_is_true_or_found() {
    let cases = [
        ("[122](figure:enrolled)", "[123](figure:enrolled)"),
        ("[etthundratjugotvå](figure:enrolled)", "[etthundratjugotre](figure:enrolled)"),
        ("[52 %](share:enrolled.woman/enrolled)", "[51 %](share:enrolled.woman/enrolled)"),
        ("[51,6 %](share:enrolled.woman/enrolled)", "[51,7 %](share:enrolled.woman/enrolled)"),
        ("[drygt hälften](share:enrolled.woman/enrolled)", "[drygt hälften](share:queue/enrolled)"),
        (
            "[63 av 122](share:enrolled.woman/enrolled)",
            "[62 av 122](share:enrolled.woman/enrolled)",
        ),
        ("[jämn](share:enrolled.woman/enrolled)", "[jämn](share:queue/enrolled)"),
        ("[majoritet](share:enrolled.woman/enrolled)", "[majoritet](share:enrolled.man/enrolled)"),
        (
            "[inte majoritet](share:enrolled.man/enrolled)",
            "[inte jämn](share:enrolled.man/enrolled)",
        ),
        ("[ökat](change:enrolled)", "[minskat](change:enrolled)"),
        ("[ökat med 22 %](change:enrolled)", "[ökat med 23 %](change:enrolled)"),
        ("[52](share:enrolled.woman/enrolled) %", "[63](figure:enrolled.woman) %"),
        ("[63](figure:enrolled.woman)", "[63 procent](figure:enrolled.woman)"),
        (
            "[dubbelt så många](share:enrolled/enrolled.woman)",
            "[dubbelt så många](share:queue/enrolled)",
        ),
        ("[22 fler](change:enrolled)", "[22 färre](change:enrolled)"),
        ("[över plan](plan:enrolled)", "[under plan](plan:enrolled)"),
        ("[102 %](plan:enrolled)", "[98 %](plan:enrolled)"),
        ("[ett hundratal](figure:enrolled)", "[ett tiotal](figure:enrolled)"),
        ("[minst 120](figure:enrolled)", "[minst 123](figure:enrolled)"),
        ("[sex](figure:queue)", "[sju](figure:queue)"),
    ];
    for (right, wrong) in cases {
        assert_eq!(of_text(right), [], "{right}");
        assert_eq!(checks(&of_text(wrong)), [Check::TextAgainstFigure], "{wrong}");
    }
    let of_a_share = of_text("[fördubblats](share:enrolled/enrolled.woman)");
    assert_eq!(checks(&of_a_share), [Check::Reference], "nothing has doubled");
}

#[test]
fn a_wrong_number_tells_its_place_its_cells_and_the_right_one() {
    let text = "Av alla [60](figure:enrolled.woman)";
    let place = Place::Text {
        subject: Some("sala".to_owned()),
        section: "text".to_owned(),
        span: 8..text.len(),
    };
    let findings = of_text(text);
    assert_eq!(findings[0].concerned, [place, cell_of("sala", &Cell::new("enrolled", "woman"))]);
    assert_eq!(findings[0].remedies, [Remedy::Write(Quantity::count(63))]);
}

#[test]
fn a_finding_is_the_same_one_after_an_edit_before_it_and_another_after_an_edit_of_it() {
    let found = |text: &str| of_text(text).pop().unwrap();
    let finding = found("Av alla [60](figure:enrolled.woman)");
    assert!(finding.is_same(&found("Av alla deltagare [60](figure:enrolled.woman)")));
    assert!(!finding.is_same(&found("Av alla [61](figure:enrolled.woman)")));
    assert!(!found("Av alla 7").is_same(&found("Av alla 8")));
}

#[test]
fn the_figures_of_vastmanlands_teams_have_no_finding() {
    let definitions = crate::domain::definition::load(crate::DEFINITIONS).unwrap();
    let template = template("").with_partitions(&definitions);
    let mut report = report(Subject::default(), "");
    report.subjects.clear();
    let csv = include_str!("../../../tests/it/data/reported-figures.csv");
    for line in csv.lines().skip(1) {
        let [team, figure, category, count] =
            line.split(';').collect::<Vec<_>>().try_into().unwrap();
        let subject = report.subjects.entry(team.to_owned()).or_default();
        let value = Value::Number(Quantity::parse(count).unwrap());
        let figures = std::mem::take(&mut subject.figures);
        subject.figures = figures.with(Cell::new(figure, category), value);
    }
    assert_eq!(report.subjects.len(), 3);
    assert_eq!(check(&template, &vocabulary(), &report), []);
}

#[test]
fn an_unbound_number_is_found_with_the_figures_that_it_may_be() {
    let bindings = |text: &str| {
        let findings = of_text(text);
        assert_eq!(checks(&findings), [Check::UnboundNumber], "{text}");
        let binding = |remedy: &Remedy| match remedy {
            Remedy::Bind(measure) => measure.to_string(),
            other => panic!("{other:?}"),
        };
        findings[0].remedies.iter().map(binding).collect::<Vec<_>>()
    };
    assert_eq!(bindings("Av 63 deltagare"), ["figure:enrolled.woman"]);
    assert_eq!(bindings("Sextiotre"), ["figure:enrolled.woman"]);
    assert_eq!(bindings("22 fler än sist"), ["change:enrolled"]);
    assert_eq!(bindings("102 % av planen"), ["plan:enrolled"]);
    assert_eq!(bindings("63 %"), Vec::<String>::new());
    assert_eq!(bindings("7 andra"), Vec::<String>::new());
    assert_eq!(bindings("Mer än 60"), ["figure:enrolled.woman"]);
    assert_eq!(bindings("Mer än 30"), Vec::<String>::new(), "true, and not meant");
}

#[test]
fn a_reference_leads_somewhere_says_something_and_a_mark_has_its_reason() {
    for text in [
        "[3](figure:exits)",
        "[3](figure:enrolled@koping)",
        "[3](figure:Exits)",
        "[många](figure:enrolled)",
        "[ökat](share:enrolled.woman/enrolled)",
        "[3](quotation)",
        "[3](no-statistic \" \")",
        "[](change:queue)",
    ] {
        assert_eq!(checks(&of_text(text)), [Check::Reference], "{text}");
    }
    let lack = |text: &str| match of_text(text).pop().map(|finding| finding.fact) {
        Some(Fact::FigureMissing { measure: _, lack }) => Some(lack),
        _ => None,
    };
    assert_eq!(lack("[](figure:exits)"), Some(Lack::Figure));
    assert_eq!(lack("[](change:exits)"), Some(Lack::Figure));
    assert_eq!(lack("[](change:queue)"), Some(Lack::Before));
    assert_eq!(lack("[](plan:queue)"), Some(Lack::Plan));
    assert_eq!(lack("[](share:queue/enrolled.not_stated)"), Some(Lack::Base));
    let text = "[](figure:enrolled) [3](quotation \"SCB\") [3](no-statistic \"namn\") 2025-06-30";
    assert_eq!(of_text(text), []);
}

#[test]
fn a_reference_is_shown_with_its_value() {
    let subject = Subject {
        figures: figures(&[("enrolled", "1220"), ("enrolled.woman", "63"), ("coaches", "6.5")]),
        before: figures(&[("enrolled", "1230"), ("enrolled.woman", "53"), ("coaches", "6.5")]),
        planned: figures(&[("enrolled", "1000")]),
        ..Subject::default()
    };
    let text = "[](figure:enrolled); [](share:enrolled.woman/enrolled); [](change:enrolled); \
                [](plan:enrolled); [](figure:coaches); [](figure:queue); \
                [](change:enrolled.woman); [](change:coaches)";
    let report = report(subject, text);
    let chapter = &report.chapters[0];
    let shown = chapter.narrative.shown(|measure| value(&report, chapter, measure));
    assert_eq!(shown, "1\u{a0}220; 5\u{a0}%; \u{2212}10; 122\u{a0}%; 6,5; –; +10; 0,0");
}

#[test]
fn figures_that_hold_together_have_no_finding_and_each_fault_has_one() {
    let share = "[[shares]]\nstated = \"share\"\npart = [\"a\"]\nbase = [\"b\"]";
    let flow = "[[flows]]\nopening = \"a\"\ninflow = [\"b\"]\noutflow = [\"c\"]\nclosing = \"d\"";
    let same = "[[same]]\nfirst = [\"a\", \"b\"]\nsecond = [\"c\"]";
    let whole = "[[wholes]]\npartition = \"p\"\nwhole = \"a\"\nparts = [\"a.*\"]";
    for (relations, right, wrong, check) in [
        (
            share,
            &[("share", "63"), ("a", "122"), ("b", "195")][..],
            ("share", "62"),
            Check::ShareAndRounding,
        ),
        (flow, &[("a", "5"), ("b", "3"), ("c", "2"), ("d", "6")][..], ("d", "7"), Check::Flow),
        (same, &[("a", "4.5"), ("b", "2"), ("c", "6.50")][..], ("c", "6.6"), Check::StatedTwice),
        (whole, &[("a", "5"), ("a.x", "3"), ("a.y", "2")][..], ("a.y", "3"), Check::PartsAndWhole),
    ] {
        let subject = |figures| Subject { figures, ..Subject::default() };
        assert_eq!(found(relations, &report(subject(figures(right)), "")), []);
        let value = Value::Number(Quantity::parse(wrong.1).unwrap());
        let figures = figures(right).with(parse_cell(wrong.0).unwrap(), value);
        let findings = found(relations, &report(subject(figures), ""));
        assert_eq!(checks(&findings), [check], "{relations}");
        assert!(!findings[0].concerned.is_empty() && !findings[0].remedies.is_empty());
        for (missing, _) in right {
            let rest: Vec<_> = right.iter().filter(|(cell, _)| cell != missing).copied().collect();
            let left = found(relations, &report(subject(self::figures(&rest)), ""));
            assert!(left.is_empty() || check == Check::PartsAndWhole, "{missing}: {left:?}");
        }
    }
}

#[test]
fn bands_that_overlap_leave_a_gap_or_are_not_nested_are_found() {
    let bands = |labels: [&str; 3]| {
        let [first, second, nested] = labels;
        let relations = format!(
            "[[band_lists]]\nbands = [{{ label = \"{first}\", cells = [\"a.x\"] }}, \
             {{ label = \"{second}\", cells = [\"a.y\"] }}, \
             {{ label = \"{nested}\", cells = [\"a.z\"], nested = true }}]"
        );
        let figures = figures(&[("a.x", "3"), ("a.y", "2"), ("a.z", "2")]);
        let findings = found(&relations, &report(Subject { figures, ..Subject::default() }, ""));
        findings.into_iter().map(|finding| finding.fact).collect::<Vec<_>>()
    };
    assert_eq!(bands(["under 30", "30 år och äldre", "över 50"]), []);
    assert_eq!(bands(["30 or younger", "over 30", "over 50"]), []);
    let labels = |first: &str, second: &str| [first.to_owned(), second.to_owned()];
    assert_eq!(
        bands(["30 or younger", "30 or older", "over 50"]),
        [Fact::BandsOverlap { labels: labels("30 or younger", "30 or older"), age: 30 }]
    );
    assert_eq!(
        bands(["under 30", "over 30", "over 50"]),
        [Fact::BandsGap { labels: labels("under 30", "over 30"), age: 30 }]
    );
    let not_nested = |label: &str| Fact::BandNotNested { label: label.to_owned() };
    assert_eq!(bands(["18–29", "30–64", "over 50"]), [not_nested("over 50")]);
    assert_eq!(
        bands(["under 30", "30 or older", "unga"]),
        [Fact::BandUnreadable { label: "unga".to_owned() }]
    );
}

#[test]
fn a_nested_band_holds_no_more_than_the_one_that_it_is_in() {
    let bands = "[[band_lists]]\nbands = [{ label = \"under 30\", cells = [\"a.x\"] }, \
                 { label = \"30 or older\", cells = [\"a.y\"] }, \
                 { label = \"over 50\", cells = [\"a.z\"], nested = true }]";
    for (nested, is_found) in [("2", false), ("3", true)] {
        let figures = figures(&[("a.x", "9"), ("a.y", "2"), ("a.z", nested)]);
        let findings = found(bands, &report(Subject { figures, ..Subject::default() }, ""));
        assert_eq!(findings.len(), usize::from(is_found), "{nested}: {findings:?}");
    }
}

#[test]
fn a_spoken_fraction_is_true_within_a_twentieth_and_a_count_of_a_count_exactly() {
    for (part, text, is_true) in [
        ("30", "en av fyra", true),
        ("31", "en av fyra", false),
        ("25", "5 av 20", true),
        ("25", "5 av 21", false),
        ("57", "9 av 16", false),
        ("57", "8 av 14", false),
        ("57", "4 av 7", true),
        ("25", "25 av 100", true),
    ] {
        let figures = figures(&[("a", part), ("b", "100")]);
        let text = format!("[{text}](share:a/b)");
        let findings = found("", &report(Subject { figures, ..Subject::default() }, &text));
        assert_eq!(findings.is_empty(), is_true, "{part}: {text}");
    }
}

#[test]
fn a_change_is_out_of_line_when_it_is_large_by_share_and_by_number() {
    let change = "[[changes]]\nfigure = \"a\"\nmost_percent = 50\nnever_below = 10";
    for (before, now, is_found) in
        [("100", "150", false), ("100", "151", true), ("4", "13", false), ("4", "14", true)]
    {
        let (before, figures) = (figures(&[("a", before)]), figures(&[("a", now)]));
        let subject = Subject { figures, before, ..Subject::default() };
        assert_eq!(found(change, &report(subject, "")).len(), usize::from(is_found), "{now}");
    }
}

#[test]
fn goals_of_another_wording_and_an_unknown_version_are_found() {
    for (version, titles, is_found) in [
        ("2.0", vec!["Bättre  mående"], false),
        ("2.0", vec!["Bättre hälsa"], true),
        ("2.0", vec!["Bättre mående", "Bättre hälsa"], true),
        ("2.0", vec![], true),
        ("3.0", vec!["Bättre mående"], true),
    ] {
        let titles = titles.into_iter().map(str::to_owned).collect();
        let goals = Some(Goals { version: version.to_owned(), titles });
        let findings = found("", &report(Subject { goals, ..Subject::default() }, ""));
        assert_eq!(findings.len(), usize::from(is_found), "{version} {findings:?}");
    }
}

#[test]
fn a_chapter_that_is_not_there_or_blank_is_missing() {
    let section = |code: &str| Section {
        code: code.to_owned(),
        title: Text { sv: code.to_owned(), en: code.to_owned() },
        is_per_subject: true,
    };
    let mut template = template("");
    template.sections = vec![section("text"), section("staff")];
    for (markdown, expected) in [("Text", 1), (" ", 2)] {
        let findings = check(&template, &vocabulary(), &report(Subject::default(), markdown));
        assert_eq!(checks(&findings), vec![Check::Chapters; expected]);
    }
}

#[test]
fn the_federation_is_the_sum_of_its_teams() {
    let mut report = report(Subject { figures: figures(&[("a", "3")]), ..Subject::default() }, "");
    let second = Subject { figures: figures(&[("a", "4")]), ..Subject::default() };
    report.subjects.insert("koping".to_owned(), second);
    for (stated, expected) in [("7", 0), ("8", 1)] {
        let figures = figures(&[("a", stated)]);
        let federation = Subject { figures, is_whole: true, ..Subject::default() };
        report.subjects.insert("federation".to_owned(), federation);
        assert_eq!(found("sums_of_teams = [\"a\"]", &report).len(), expected);
    }
    report.subjects.remove("koping");
    assert_eq!(found("sums_of_teams = [\"a\"]", &report).len(), 1, "also of one team");
}
