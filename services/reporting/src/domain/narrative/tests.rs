//! What is bound, what is marked, what is neither, and where it stands.

use proptest::prelude::*;

use super::*;
use crate::domain::definition::Cell;

fn read(markdown: &str) -> Narrative {
    let vocabulary = Vocabulary::load(include_str!("../../../definitions/words.toml")).unwrap();
    Narrative::read(&vocabulary, Language::Swedish, markdown)
}

/// The parts of the source that hold a number bound to nothing.
fn unbound(markdown: &str) -> Vec<String> {
    let of_source = |unbound: Unbound| markdown[unbound.span].to_owned();
    read(markdown).unbound.into_iter().map(of_source).collect()
}

#[test]
fn a_number_that_is_bound_or_marked_is_no_finding_and_every_other_is() {
    let text = "Av [122](figure:enrolled) deltagare är [hälften](share:enrolled.woman/enrolled) \
                kvinnor, enligt [12 steg](no-statistic \"Metodens namn\") och 17 andra.";
    assert_eq!(unbound(text), ["17"]);
    let marks = read(text).marks;
    assert_eq!(
        marks.iter().map(|mark| mark.text.as_str()).collect::<Vec<_>>(),
        ["122", "hälften", "12 steg"]
    );
    assert_eq!(&text[marks[0].span.clone()], "[122](figure:enrolled)");
    let MarkKind::NoStatistic { reason } = &marks[2].kind else { panic!() };
    assert_eq!(reason, "Metodens namn");
}

#[test]
fn a_number_is_seen_through_emphasis_entities_code_lists_tables_and_hidden_signs() {
    for (markdown, expected) in [
        ("Totalt **6**2 %", "6**2 %"),
        ("Totalt &#54;2 %", "&#54;2 %"),
        ("Kod `17` här", "17"),
        ("- femtio personer\n- inga fler", "femtio"),
        ("| a | b |\n|---|---|\n| x | 31 |", "31"),
        ("## 14 deltagare", "14"),
        ("[17 deltagare](https://example.se)", "17"),
        ("tjugo\u{ad}två kvinnor", "tjugo\u{ad}två"),
        ("![31 kvinnor](bild.png)", "31"),
        ("[62](figur:enrolled)", "62"),
        ("1[22](figure:enrolled)", "1"),
    ] {
        assert_eq!(unbound(markdown), [expected], "{markdown}");
    }
    assert_eq!(unbound("1. Mål\n2. Personal\n\n---\n\n<!-- -->"), Vec::<String>::new());
}

#[test]
fn what_the_brackets_say_is_read_as_numbers_words_and_dates() {
    let claims = |text: &str| {
        let narrative = read(&format!("[{text}](figure:enrolled)"));
        let MarkKind::Bound { claims, measure } = narrative.marks[0].kind.clone() else { panic!() };
        assert_eq!(measure, Measure::Figure(vec![CellAt::here(Cell::new("enrolled", "total"))]));
        claims
    };
    assert_eq!(claims(""), []);
    assert_eq!(claims("deltagarna"), []);
    assert!(matches!(claims("drygt 60 %")[..], [Claim::Number(_)]));
    assert!(matches!(claims("fler än 60")[..], [Claim::Number(_)]));
    assert!(matches!(claims("ökat med 12 %")[..], [Claim::Number(_), Claim::Word { .. }]));
    assert!(matches!(claims("inte jämn")[..], [Claim::Word { is_negated: true, .. }]));
    assert!(matches!(claims("fördubblats")[..], [Claim::Word { is_negated: false, .. }]));
    assert!(matches!(claims("oktober 2024")[..], [Claim::Date(_)]));
}

#[test]
fn a_reference_that_cannot_be_read_is_kept_as_such() {
    let marks = read("[62 %](share:exits) och [3](figure:Exits)").marks;
    let unreadable = |part: &str| MarkKind::Unreadable { part: part.to_owned() };
    assert_eq!(marks[0].kind, unreadable("exits"));
    assert_eq!(marks[1].kind, unreadable("Exits"));
}

#[test]
fn a_text_is_shown_with_the_values_of_its_figures() {
    let text = "**[](figure:enrolled)** deltagare, [hälften](share:a/b) kvinnor, [](figure:x), \
                [12 steg](no-statistic \"namn\").";
    let value =
        |measure: &Measure| (measure.to_string() == "figure:enrolled").then(|| "122".to_owned());
    assert_eq!(read(text).shown(value), "**122** deltagare, hälften kvinnor, –, 12 steg.");
    let emphasis = "[*hälften* av \\*](share:a/b)\n\n[a\\]b]( figure:x 'c' )";
    assert_eq!(read(emphasis).shown(|_| None), "*hälften* av \\*\n\na\\]b");
}

#[test]
fn a_text_of_nothing_to_see_is_blank() {
    for (text, is_blank) in [("", true), (" \n\n", true), ("\u{200b}", true), ("Mål", false)] {
        assert_eq!(read(text).is_blank, is_blank, "{text:?}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_every_place_lies_in_it(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "12", "2025", "-", "–", "%", " ", " ", "två", "hundra", "en", "tredjedel", "av",
                "[", "](figure:a)", "](quotation \"b\")", "*", "**", "`", "&#54;", "\u{ad}", "½",
                "å", "\n\n", "|", "# ", "- ", "<b>", "juni", ":", ".", ",", "vecka", "drygt",
                "hälften", "H1", "\\", "!", "twenty", "and", "miljoner", "99999999999",
            ]),
            0..30,
        ),
    ) {
        let markdown = words.concat();
        for language in Language::ALL {
            let words = include_str!("../../../definitions/words.toml");
            let vocabulary = Vocabulary::load(words).unwrap();
            let narrative = Narrative::read(&vocabulary, language, &markdown);
            for Unbound { span, number: _, is_label: _ } in &narrative.unbound {
                prop_assert!(markdown.get(span.clone()).is_some_and(|text| !text.is_empty()));
            }
            for Mark { span, inner, text: _, kind: _ } in &narrative.marks {
                prop_assert!(markdown.get(span.clone()).is_some());
                prop_assert!(markdown.get(inner.clone()).is_some());
                prop_assert!(span.start <= inner.start && inner.end <= span.end);
            }
            prop_assert!(narrative.shown(|_| None).len() <= 3 * markdown.len());
        }
    }
}
