//! Both languages say the same things, and exactly what the program asks for.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use fluent_bundle::FluentResource;

use super::*;

const SOURCES: [(&str, &str); 2] =
    [("sv.ftl", include_str!("../../text/sv.ftl")), ("en.ftl", include_str!("../../text/en.ftl"))];

/// The ids of a file with their texts; every line of it has to parse.
fn texts(name: &str, source: &str) -> BTreeMap<String, String> {
    if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
        panic!("{name} does not parse: {errors:?}");
    }
    let mut texts = BTreeMap::new();
    for line in
        source.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
    {
        let (id, text) = line.split_once(" = ").unwrap();
        assert!(texts.insert(id.to_owned(), text.to_owned()).is_none(), "{name} has {id} twice");
    }
    texts
}

/// The facts a text names, in order.
fn facts(text: &str) -> BTreeSet<&str> {
    text.split("{ $").skip(1).filter_map(|rest| rest.split(" }").next()).collect()
}

/// The content of every file under a folder of this crate.
pub(crate) fn files(folder: &str) -> String {
    let mut all = String::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    all
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_facts() {
    let [swedish, english] = SOURCES.map(|(name, source)| texts(name, source));
    let (swedish_ids, english_ids): (Vec<_>, Vec<_>) =
        (swedish.keys().collect(), english.keys().collect());
    assert_eq!(swedish_ids, english_ids);
    for (id, text) in &swedish {
        assert_eq!(facts(text), facts(&english[id]), "{id}");
    }
}

#[test]
fn every_text_asked_for_is_there() {
    let used = files("templates") + &files("src/web");
    let asked = [
        ".t(\"",
        ".t1(\"",
        "message(language, \"",
        "message(reader.language, \"",
        "reader.language, \"",
    ];
    let mut count = 0;
    for call in asked {
        for rest in used.split(call).skip(1) {
            let id = rest.split('"').next().unwrap_or_default();
            if id.starts_with(|first: char| first.is_ascii_lowercase()) {
                count += 1;
                assert!(has(Language::Swedish, id), "there is no text {id}");
            }
        }
    }
    assert!(count > 100, "the test finds what it looks for");
}

#[test]
fn every_text_is_asked_for() {
    let used = files("templates") + &files("src/web");
    let by_fact = [
        "reason-",
        // A command asks for these, outside of this crate.
        "import-report-",
        "role-",
        "service-",
        "requisition-step-",
        "contribution-group-",
        "event-",
        "ledger-account-",
        "number-fault-",
        "criterion-",
        "referral-state-",
        "decision-reason-",
        "livelihood-",
        "referring-kind-",
        "consent-kind-",
        "exit-outcome-",
        "follow-up-result-",
        "situation-",
        "milestone-kind-",
        "sector-",
        "placement-end-",
        "survey-occasion-",
        "measure-",
        "dimension-",
        "banded-dimension-",
        "recipient-",
        "report-state-",
        "due-report-state-",
        "reminder-kind-",
        "report-subject-kind-",
        "goal-level-",
        "goal-outcome-",
        "activity-outcome-",
        "released-fact-kind-",
        "sex-",
    ];
    for id in texts("sv.ftl", SOURCES[0].1).keys() {
        let is_by_fact = by_fact.iter().any(|prefix| id.starts_with(prefix));
        assert!(is_by_fact || used.contains(&format!("\"{id}\"")), "nothing shows {id}");
    }
}

#[test]
fn reasons_stand_in_order_and_say_what_helps() {
    for (name, source) in SOURCES {
        let ids: Vec<&str> = source.lines().filter(|line| line.starts_with("reason-")).collect();
        assert!(ids.is_sorted(), "{name}");
        for (id, text) in texts(name, source).iter().filter(|(id, _)| id.starts_with("reason-")) {
            let says_what_helps = text.contains(['.', ';', ':', ',']);
            assert!(says_what_helps && text.len() > 25, "{name}: {id} is too short to help");
        }
    }
}

#[test]
fn every_role_has_a_name() {
    for role in values::Role::ALL {
        let id = format!("role-{}", role.code().replace('_', "-"));
        assert!(Language::ALL.into_iter().all(|language| has(language, &id)), "{id}");
    }
}

#[test]
fn facts_are_turned_into_words() {
    let said = reason(Language::Swedish, "STATE_FORBIDS", &[("state", "paid"), ("step", "submit")]);
    assert!(said.contains("skickas in") && said.contains("Betald"), "{said}");
    let said = reason(Language::English, "AMOUNT_NOT_POSITIVE", &[("value", "-500")]);
    assert!(said.contains("\u{2212}5,00\u{a0}kr"), "{said}");
    let said = reason(Language::Swedish, "FORECAST_NEGATIVE", &[("value", "-500")]);
    assert!(said.contains("\u{2212}5,00\u{a0}kr"), "{said}");
    let said = reason(Language::Swedish, "AMOUNT_MALFORMED", &[("value", "tolv")]);
    assert!(said.contains("”tolv”"), "{said}");
    let facts = [("reserved", "REFERRING_KIND_REGION:2,REFERRING_KIND_OTHER:1")];
    let said = reason(Language::English, "PLACES_RESERVED", &facts);
    assert!(said.contains("the region 2, other 1"), "{said}");
    let facts = [("accounts", "bank,payable"), ("cost_kinds", "staff")];
    let said = reason(Language::Swedish, "ACCOUNT_PLAN_INCOMPLETE", &facts);
    assert!(said.contains("Bank, Leverantörsskulder") && said.contains("Personal"), "{said}");
    let facts = [("criteria", "2025"), ("unmet", "too_young,not_ready")];
    let said = reason(Language::Swedish, "NOT_ELIGIBLE", &facts);
    assert!(said.contains("för ung, inte redo"), "{said}");
    let said = reason(Language::English, "PERSONAL_NUMBER_WRONG", &[("what", "check_digit")]);
    assert!(said.contains("check digit does not fit"), "{said}");
    let facts = [("roles", "party_economist,federation_economist")];
    let said = reason(Language::Swedish, "PERMISSION_DENIED", &facts);
    assert!(said.contains("partsekonom, förbundsekonom"), "{said}");
    let said = reason(Language::Swedish, "PERMISSION_DENIED", &[]);
    assert!(said.contains("Din roll"), "{said}");
    let said = reason(Language::English, "INTERNAL", &[]);
    assert!(!said.contains('$'), "{said}");
    let said = reason(Language::Swedish, "BRAND_NEW", &[]);
    assert!(said.contains("BRAND_NEW"), "{said}");
}

#[test]
fn no_invisible_marks_stand_around_facts() {
    let said = message(Language::Swedish, "overview-heading", &[("name", "Anna")]);
    assert_eq!(said, "Välkommen, Anna");
    assert_eq!(message(Language::Swedish, "no-such-text", &[]), "no-such-text");
}

#[test]
fn the_browsers_first_wish_among_our_languages_counts() {
    for (header, expected) in [
        ("sv", Some(Language::Swedish)),
        ("en-US,en;q=0.9", Some(Language::English)),
        ("de;q=1, sv-SE;q=0.5, en;q=0.7", Some(Language::English)),
        ("de, fr", None),
        ("en;q=0", None),
        ("", None),
        ("en;q=x", None),
    ] {
        assert_eq!(Language::from_accept_language(header), expected, "{header}");
    }
}
