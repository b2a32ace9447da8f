//! What each kind of Markdown becomes.

use super::*;

fn text(words: &str) -> Inline {
    Inline::Text(words.to_owned())
}

#[test]
fn paragraphs_headings_lists_and_quotations_come_as_such() {
    let markdown = "# Om **året**\n\nFler än *förut*, se [lagen](https://www.example.se) och \
                    [bilagan](bilaga.pdf).\n\n1. ett\n2. två\n   - inne\n\n> Det gick bra.\n";
    let expected = [
        Block::Heading { level: Level::Section, text: "Om året".to_owned() },
        Block::Paragraph(vec![
            text("Fler än "),
            Inline::Emphasis("förut".to_owned()),
            text(", se "),
            Inline::Link { text: "lagen".to_owned(), address: "https://www.example.se".to_owned() },
            text(" och "),
            text("bilagan"),
            text("."),
        ]),
        Block::List {
            numbered: true,
            items: vec![vec![text("ett")], vec![text("två")], vec![text("inne")]],
        },
        Block::Quote { text: vec![text("Det gick bra.")], source: None },
    ];
    assert_eq!(blocks(markdown, Level::Section), expected);
}

#[test]
fn what_has_no_words_is_nothing() {
    assert_eq!(blocks("# \n\n-\n\n> \n", Level::Section), []);
}

#[test]
fn a_table_of_a_text_is_a_table_and_one_without_rows_what_its_headings_say() {
    let markdown = "Så här:\n\n| Kurs | Antal | |\n|---|--:|---|\n| **Ork** | 12 |\n| Kost | 9 | ny |\n\nSlut.";
    let column = |heading: &str, align| Column { heading: heading.to_owned(), align };
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let table = Table {
        caption: "Ur texten".to_owned(),
        columns: vec![
            column("Kurs", Align::Start),
            column("Antal", Align::End),
            column("\u{2013}", Align::Start),
        ],
        row_headings: false,
        rows: vec![row(["Ork", "12", ""]), row(["Kost", "9", "ny"])],
        total: false,
        note: None,
    };
    let expected = [
        Block::Paragraph(vec![text("Så här:")]),
        Block::Table(table),
        Block::Paragraph(vec![text("Slut.")]),
    ];
    assert_eq!(blocks(markdown, Level::Section), expected);
    let empty = blocks("| Kurs | Antal |\n|---|---|", Level::Section);
    assert_eq!(empty, [Block::Paragraph(vec![text("Kurs Antal")])]);
}
