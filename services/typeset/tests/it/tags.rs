//! What a screen reader is told.

use typeset::document::{Align, Block, Level, Table};

use crate::{
    file::{self, File},
    sample,
};

fn opened() -> File {
    let table = Table {
        caption: "Deltagare".to_owned(),
        columns: vec![
            sample::column("Team", Align::Start),
            sample::column("Kvinnor", Align::End),
            sample::column("Män", Align::End),
        ],
        row_headings: true,
        rows: (0..80).map(|row| [format!("Team {row}"), "7".into(), "8".into()].to_vec()).collect(),
        total: true,
        note: None,
    };
    let document = sample::saying(vec![
        sample::heading(Level::Chapter, "Ett"),
        sample::paragraph("Text."),
        sample::heading(Level::Section, "Ett ett"),
        Block::Table(table),
        sample::heading(Level::Chapter, "Två"),
        Block::Chart(sample::bars()),
    ]);
    File::open(&typeset::pdf(&document).unwrap())
}

#[test]
fn a_screen_reader_finds_its_way() {
    let file = opened();
    let catalog = file.catalog();
    assert_eq!(file::text_of(file.entry(catalog, b"Lang")), "sv");
    let marks = file.entry(catalog, b"MarkInfo").as_dict().unwrap();
    assert!(marks.get(b"Marked").unwrap().as_bool().unwrap());
    let view = file.entry(catalog, b"ViewerPreferences").as_dict().unwrap();
    assert!(view.get(b"DisplayDocTitle").unwrap().as_bool().unwrap());
    let metadata = file.metadata();
    assert!(metadata.contains("<pdfuaid:part>1</pdfuaid:part>"), "{metadata}");
    assert!(metadata.contains("Delårsrapport januari–juni 2025"), "{metadata}");
    assert_eq!(file.bookmarks(), ["Innehåll", "Ett", "Ett ett", "Två"]);

    // A table over several pages is one table, and says its headings once.
    assert!(file.pages() > 4);
    assert_eq!(file.tagged("Table").len(), 1);
    let scope = |element: &lopdf::Dictionary| {
        let attributes = match file.entry(element, b"A") {
            lopdf::Object::Array(all) => all[0].as_dict().unwrap().clone(),
            one => one.as_dict().unwrap().clone(),
        };
        file::name(&attributes, b"Scope")
    };
    let scopes: Vec<String> = file.tagged("TH").into_iter().map(scope).collect();
    assert_eq!(scopes.iter().filter(|scope| *scope == "Column").count(), 3);
    assert_eq!(scopes.iter().filter(|scope| *scope == "Row").count(), 80);
    assert_eq!(file.tagged("TD").len(), 160);
    assert_eq!(file.tagged("TR").len(), 81);
    assert_eq!((file.tagged("H1").len(), file.tagged("H2").len()), (3, 1));

    let figures = file.tagged("Figure");
    let told: Vec<String> =
        figures.iter().map(|figure| file::text_of(file.entry(figure, b"Alt"))).collect();
    assert_eq!(told, [sample::bars().alternative]);
}
