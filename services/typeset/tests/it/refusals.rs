//! What is not typeset, because somebody could not read it.

use typeset::{
    Error, Problem,
    document::{Align, Block, Inline, Level, Table},
};

use crate::sample;

/// The faults of a document, in its words.
fn faults(document: &typeset::Document) -> Vec<String> {
    match typeset::pdf(document) {
        Err(Error::Faults(faults)) => faults.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_chart_without_words_is_refused() {
    let mut chart = sample::bars();
    chart.alternative = " ".to_owned();
    let document = sample::saying(vec![Block::Chart(chart)]);
    let Err(Error::Faults(faults)) = typeset::pdf(&document) else { panic!("it was typeset") };
    assert_eq!(faults[0].at, "blocks[0].alternative");
    assert_eq!((faults.len(), &faults[0].problem), (1, &Problem::AlternativeMissing));
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let mut chart = sample::bars();
    chart.series[1].points.pop();
    chart.series[0].points[0].value = Some(f64::NAN);
    let mut document = sample::saying(vec![
        sample::heading(Level::Section, "För djupt"),
        Block::List { numbered: false, items: Vec::new() },
        Block::Paragraph(vec![Inline::Link {
            text: "läs".to_owned(),
            address: "javascript:alert(1)".to_owned(),
        }]),
        Block::Table(Table {
            caption: String::new(),
            columns: vec![sample::column("Team", Align::Start), sample::column("", Align::End)],
            row_headings: true,
            rows: vec![vec!["Ett".to_owned()], vec![String::new(), "2".to_owned()]],
            total: false,
            note: None,
        }),
        Block::Chart(chart),
    ]);
    document.title = String::new();
    assert_eq!(
        faults(&document),
        [
            "title is empty",
            "blocks[0].level has level 2, where 1 is the deepest that may follow",
            "blocks[1].items is empty",
            "blocks[2][0].address leads nowhere that a document may lead: https, http or mailto",
            "blocks[3].caption is empty",
            "blocks[3].columns[1].heading is empty",
            "blocks[3].rows[0] has 1 where 2 belong",
            "blocks[3].rows[1][0] is empty",
            "blocks[4].series[0].points[0].value is not a finite number",
            "blocks[4].series[1].points has 3 where 4 belong",
        ]
    );
}
