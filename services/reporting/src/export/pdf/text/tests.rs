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
