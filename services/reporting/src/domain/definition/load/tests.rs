//! Which definitions are taken in and which are refused, with the value at
//! fault.

use super::*;

const SHIPPED: &str = include_str!("../../../../definitions/figures.toml");

/// A small consistent set; each test breaks one thing of it.
const SMALL: &str = r#"
version = 7

[[figures]]
code = "participants"
text_sv = "Deltagare"
text_en = "Participants"

[[figures]]
code = "exits"
text_sv = "Avslut"
text_en = "Exits"

[[partitions]]
code = "participants_by_age"
total = "participants"
reported_as = "by_age"
code_list = "age"
text_sv = "Efter ålder"
text_en = "By age"

[[partitions]]
code = "exits_by_outcome"
total = "exits"
reported_as = "exits"
code_list = "outcome"
text_sv = "Efter resultat"
text_en = "By outcome"

[[code_lists]]
code = "age"
codes = [
  { code = "young", text_sv = "Unga", text_en = "Young", to_age = 29 },
  { code = "old", text_sv = "Äldre", text_en = "Old", from_age = 30 },
]

[[code_lists]]
code = "outcome"
codes = [
  { code = "work", text_sv = "Arbete", text_en = "Work" },
  { code = "other", text_sv = "Annat", text_en = "Other" },
]
"#;

fn refused(from: &str, to: &str) -> Vec<LoadError> {
    assert_eq!(SMALL.matches(from).count(), 1, "{from}");
    load(&SMALL.replace(from, to)).unwrap_err()
}

#[test]
fn the_shipped_definitions_load() {
    let definitions = load(SHIPPED).unwrap();
    let figures: Vec<_> = definitions.figures().iter().map(|figure| figure.code.as_str()).collect();
    assert_eq!(figures, ["participants", "new_participants", "exits", "queue"]);
    let partitions: Vec<_> = definitions
        .figures()
        .iter()
        .flat_map(|figure| figure.partitions.iter().map(|partition| partition.code.as_str()))
        .collect();
    assert_eq!(
        partitions,
        [
            "participants_by_sex",
            "participants_by_age",
            "new_participants_by_sex",
            "new_participants_by_referring_party",
            "exits_by_outcome",
        ]
    );
}

#[test]
fn a_consistent_set_loads_with_its_version() {
    assert_eq!(load(SMALL).unwrap().version(), 7);
}

#[test]
fn a_text_of_another_form_is_refused() {
    assert!(matches!(load("version = 1").unwrap_err()[..], [LoadError::Form(_)]));
    assert!(matches!(refused("version = 7", "version = 7\nage = 1")[..], [LoadError::Form(_)]));
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let faulty = SMALL.replace("\"Work\"", "\"\"").replace("from_age = 30", "from_age = 31");
    let faulty = faulty.replace("total = \"participants\"", "total = \"queue\"");
    let partition = "participants_by_age".to_owned();
    assert_eq!(
        load(&faulty).unwrap_err(),
        [
            LoadError::AgeGap { code_list: "age".to_owned(), age: 30 },
            LoadError::TextMissing("work".to_owned()),
            LoadError::TotalUnknown { partition, total: "queue".to_owned() },
        ]
    );
}

#[test]
fn a_malformed_or_repeated_code_and_an_empty_text_are_named() {
    assert_eq!(
        refused("code = \"work\"", "code = \"Work\""),
        [LoadError::CodeMalformed("Work".to_owned())]
    );
    assert_eq!(
        refused("code = \"other\"", "code = \"work\""),
        [LoadError::CodeTwice("work".to_owned())]
    );
    assert_eq!(
        refused("code = \"exits\"\ntext", "code = \"participants\"\ntext"),
        [
            LoadError::CodeTwice("participants".to_owned()),
            LoadError::TotalUnknown {
                partition: "exits_by_outcome".to_owned(),
                total: "exits".to_owned(),
            },
        ]
    );
    assert_eq!(refused("\"Work\"", "\" \""), [LoadError::TextMissing("work".to_owned())]);
}

#[test]
fn a_reference_that_dangles_is_named() {
    assert_eq!(
        refused("total = \"exits\"", "total = \"queue\""),
        [LoadError::ReportedAsOtherFigure {
            partition: "exits_by_outcome".to_owned(),
            reported_as: "exits".to_owned(),
        }]
    );
    assert_eq!(
        refused("total = \"participants\"", "total = \"queue\""),
        [LoadError::TotalUnknown {
            partition: "participants_by_age".to_owned(),
            total: "queue".to_owned(),
        }]
    );
    let twice_used = refused("code_list = \"outcome\"", "code_list = \"age\"");
    assert_eq!(twice_used, [LoadError::CodeListUnused("outcome".to_owned())]);
    let unknown = LoadError::CodeListUnknown {
        partition: "exits_by_outcome".to_owned(),
        code_list: "outcome".to_owned(),
    };
    assert_eq!(
        refused("code = \"outcome\"\ncodes", "code = \"results\"\ncodes"),
        [LoadError::CodeListUnused("results".to_owned()), unknown.clone()]
    );
    let head = SMALL.split("[[code_lists]]\ncode = \"outcome\"").next().unwrap();
    assert_eq!(load(head).unwrap_err(), [unknown]);
}

#[test]
fn two_partitions_never_share_a_cell() {
    let again = SMALL.replacen(
        "[[code_lists]]",
        "[[partitions]]\ncode = \"again\"\ntotal = \"exits\"\nreported_as = \"exits\"\n\
         code_list = \"outcome\"\ntext_sv = \"x\"\ntext_en = \"x\"\n\n[[code_lists]]",
        1,
    );
    let twice = ["work", "other"].map(|category| LoadError::CellTwice {
        figure: "exits".to_owned(),
        category: category.to_owned(),
    });
    assert_eq!(load(&again).unwrap_err(), twice);
}

#[test]
fn no_category_is_called_total_and_no_list_is_empty() {
    assert_eq!(
        refused("code = \"work\"", "code = \"total\""),
        [LoadError::CategoryIsTotal { code_list: "outcome".to_owned() }]
    );
    let head = SMALL.split("code = \"outcome\"\ncodes").next().unwrap();
    assert_eq!(
        load(&format!("{head}code = \"outcome\"\ncodes = []")).unwrap_err(),
        [LoadError::CodeListEmpty("outcome".to_owned())]
    );
}

#[test]
fn age_bands_leave_no_gap_and_do_not_overlap() {
    let gap = |age| [LoadError::AgeGap { code_list: "age".to_owned(), age }];
    let overlap =
        |age| [LoadError::AgeOverlap { code_list: "age".to_owned(), code: "old".to_owned(), age }];
    assert_eq!(refused("from_age = 30", "from_age = 31"), gap(30));
    assert_eq!(refused("to_age = 29", "from_age = 16, to_age = 29"), gap(0));
    assert_eq!(refused("from_age = 30", "from_age = 30, to_age = 65"), gap(66));
    assert_eq!(refused("from_age = 30", "from_age = 29"), overlap(29));
    assert_eq!(refused("from_age = 30", "from_age = 30, to_age = 20"), overlap(30));
}
