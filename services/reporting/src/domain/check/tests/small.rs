//! Counts that may not be published: a text that tells one is found, and nothing is proposed
//! that would.

use super::*;

#[test]
fn a_text_that_says_something_of_few_people_is_found_and_how_few_is_not_told() {
    let subject = |exits: &str| Subject {
        figures: figures(&[("enrolled", "122"), ("exits", exits), ("positions", "3")]),
        before: figures(&[("enrolled", "119"), ("positions", "2")]),
        ..Subject::default()
    };
    let found = |exits: &str, text: &str| found("", &report(subject(exits), text));
    let small = |exits: &str, text: &str| {
        let findings = found(exits, text).into_iter();
        findings.filter(|finding| finding.check() == Check::SmallCount).collect::<Vec<_>>()
    };
    for text in [
        "[](figure:exits) slutade.",
        "[tre](figure:exits) slutade.",
        "[2,5 %](share:exits/enrolled)",
        "Det var [3 som slutade](quotation \"Teamet\").",
        "Det var tre som slutade.",
    ] {
        let [finding] = small("3", text).try_into().unwrap_or_else(|all| panic!("{text}: {all:?}"));
        assert!(
            finding.concerned.contains(&cell_of("sala", &parse_cell("exits").unwrap())),
            "{text}"
        );
        let told = finding.told();
        assert!(text.contains('3') || !(told.sv + &told.en).contains('3'), "{text}");
        assert_eq!(small("12", text), [], "{text}");
        assert_eq!(small("0", text), [], "{text}");
    }
    let few_more = "Antalet har [ökat](change:enrolled).";
    assert_eq!(small("12", few_more).len(), 1, "three more are few");
    assert_eq!(small("3", "[3](figure:positions) tjänster"), [], "those are no people");
    for text in [
        "Av alla [4 av 5](no-statistic \"Metodens namn\")",
        "[Tre av fyra](quotation \"SCB\") i landet",
        "Se bilaga 3.",
        "Se Bilaga [3](no-statistic \"Bilagans nummer\").",
        "Mål 3: [](figure:enrolled) deltagare",
        "Det var den 3:e gången.",
    ] {
        assert_eq!(small("3", text), [], "{text}");
    }
    for text in ["[3 av 122](no-statistic \"Räknat av oss\")", "Det var 3 av 122.", "bilaga, 3"] {
        assert_eq!(small("3", text).len(), 1, "{text}");
    }
    let key = |exits| small(exits, "[](figure:exits) slutade.")[0].key();
    assert_eq!(key("3"), key("2"), "nor does the key tell how few");
}

#[test]
fn a_text_that_says_a_count_that_is_hidden_for_another_is_found_like_one_that_says_a_small_one() {
    let subject = Subject {
        figures: figures(&[("enrolled", "122"), ("exits", "12"), ("queue", "12")]),
        before: figures(&[("exits", "40")]),
        ..Subject::default()
    };
    let found_in = |text: &str, hidden: &[(&str, &str)]| {
        let mut report = report(subject.clone(), text);
        let cell = |(id, cell): &(&str, &str)| ((*id).to_owned(), parse_cell(cell).unwrap());
        report.people.hidden = hidden.iter().map(cell).collect();
        let findings = found("", &report).into_iter();
        let mut findings = findings.filter(|finding| finding.check() == Check::SmallCount);
        findings.next().map(|finding| finding.concerned[1..].to_vec())
    };
    let exits = ("sala", "exits");
    for text in [
        "[](figure:exits) slutade.",
        "[12](figure:exits) slutade.",
        "[10 %](share:exits/enrolled)",
        "Antalet har [minskat](change:exits).",
        "Det var [12 som slutade](quotation \"Teamet\").",
        "Det var tolv som slutade.",
    ] {
        assert_eq!(found_in(text, &[]), None, "{text}");
        let place = cell_of("sala", &parse_cell("exits").unwrap());
        assert_eq!(found_in(text, &[exits]), Some(vec![place]), "{text}");
        assert_eq!(found_in(text, &[("koping", "exits")]), None, "{text}: another team's");
    }
    assert_eq!(found_in("[122](figure:enrolled) är inskrivna.", &[exits]), None);
    assert_eq!(found_in("Det var 13 som slutade.", &[exits]), None);
}

#[test]
fn a_text_on_a_change_by_few_or_since_there_were_few_is_found_whichever_way_it_went() {
    for (before, now, text, is_found) in [
        ("119", "122", "ökat", true),
        ("125", "122", "minskat", true),
        ("3", "40", "ökat", true),
        ("30", "40", "ökat", false),
        ("40", "30", "minskat", false),
    ] {
        let (before, figures) = (figures(&[("exits", before)]), figures(&[("exits", now)]));
        let text = format!("Antalet har [{text}](change:exits).");
        let findings = found("", &report(Subject { figures, before, ..Subject::default() }, &text));
        assert_eq!(findings.len(), usize::from(is_found), "{text} {findings:?}");
    }
}

#[test]
fn a_reference_to_a_count_that_is_told_to_nobody_is_said_to_be_to_one_that_is_there() {
    let mut report = written("Av dem gick [](figure:exits) vidare, [](share:exits/enrolled).");
    report.subjects.get_mut("sala").unwrap().untold = [parse_cell("exits").unwrap()].into();
    let findings = found("", &report);
    assert_eq!(checks(&findings), [Check::SmallCount, Check::SmallCount], "{findings:?}");
    for finding in findings {
        assert!(finding.told().sv.contains("finns, men"), "{finding:?}");
        assert!(finding.concerned.contains(&cell_of("sala", &parse_cell("exits").unwrap())));
    }
}

#[test]
fn a_number_is_not_proposed_to_be_bound_to_a_count_that_may_not_be_published() {
    let others = Subject {
        figures: figures(&[("enrolled", "60"), ("exits", "3"), ("queue", "12")]),
        ..Subject::default()
    };
    let bindings = |text: &str, hidden: &[&str]| {
        let own = figures(&[("enrolled", "122"), ("exits", "3"), ("queue", "12")]);
        let mut report = report(Subject { figures: own, ..Subject::default() }, text);
        report.subjects.insert("koping".to_owned(), others.clone());
        let cell = |code: &&str| ("sala".to_owned(), parse_cell(code).unwrap());
        report.people.hidden = hidden.iter().map(cell).collect();
        let findings = found("", &report);
        let unbound = |finding: &&Finding| finding.check() == Check::UnboundNumber;
        findings.iter().find(unbound).unwrap().remedies.len()
    };
    assert_eq!(bindings("Tre slutade.", &[]), 0);
    assert_eq!(bindings("Det var 12 i kö.", &[]), 1);
    assert_eq!(bindings("Det var 12 i kö.", &["queue"]), 0, "nor to another team's");
    assert_eq!(bindings("Det var 60 i Köping.", &["queue"]), 1);
}
