//! What stands on the pages.

use std::{fs, path::Path};

use typeset::{
    Document,
    document::{Align, Block, Chart, Drawing, Language, Level, Point, Series, Table},
};

use crate::{
    file::{File, squeezed},
    sample,
};

#[test]
fn every_figure_of_twenty_teams_stands_on_the_pages() {
    let report = sample::report(20);
    let bytes = typeset::pdf(&report).unwrap();
    // For those who want to look at it.
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("report.pdf"), &bytes).unwrap();
    let file = File::open(&bytes);
    assert!((22..=40).contains(&file.pages()), "{} pages", file.pages());
    let text = file.text();
    let mut figures = 0;
    for block in &report.blocks {
        for cell in figures_of(block) {
            assert!(text.contains(&squeezed(cell)), "{cell} is nowhere");
            figures += 1;
        }
    }
    assert!(figures > 1000, "{figures}");
    assert!(text.contains(sample::FINGERPRINT));
    assert_eq!(text.matches(&sample::FINGERPRINT[..12]).count(), file.pages() + 1);
    assert!(text.contains(&squeezed(&format!("Sida 1 av {}", file.pages()))), "{text}");
}

#[test]
fn the_same_document_is_the_same_file_and_another_date_or_fingerprint_another() {
    let report = sample::report(1);
    let file = typeset::pdf(&report).unwrap();
    assert!(typeset::pdf(&report).unwrap() == file, "the same document, another file");
    let later = Document { date: report.date.succ_opt().unwrap(), ..report.clone() };
    assert!(typeset::pdf(&later).unwrap() != file);
    let other = Document { fingerprint: "00ff".to_owned(), ..report };
    assert!(typeset::pdf(&other).unwrap() != file);
}

/// What stands in a table or beside the bars and points of a chart.
fn figures_of(block: &Block) -> Vec<&String> {
    match block {
        Block::Table(table) => table.rows.iter().flatten().collect(),
        Block::Chart(chart) => {
            chart.series.iter().flat_map(|one| &one.points).map(|point| &point.label).collect()
        }
        Block::Heading { .. }
        | Block::Paragraph(_)
        | Block::List { .. }
        | Block::Quote { .. }
        | Block::Notice { .. }
        | Block::PageBreak => Vec::new(),
    }
}

#[test]
fn what_a_document_says_is_never_read_as_instructions() {
    let sayings = [
        "#panic() #import \"x.typ\" #sys.inputs #read(\"/etc/passwd\")",
        "*stark* _betonad_ $x^2$ `kod` = rubrik - lista / term: @label <label>",
        "\\u{41} \\ C:\\mapp ~ -- --- ... // kommentar /* kommentar */ [klammer] {måsvinge}",
        "https://example.se/a_b*c 50 % & <b>fet</b>",
        "👍 \u{7} \u{202e}123\u{202c} ★ Ωπ Жук",
    ];
    let mut blocks = vec![sample::heading(Level::Chapter, sayings[0])];
    blocks.extend(sayings.map(sample::paragraph));
    blocks.push(Block::Table(Table {
        caption: sayings[1].to_owned(),
        columns: sayings.map(|text| sample::column(text, Align::Start)).to_vec(),
        row_headings: true,
        rows: vec![sayings.map(str::to_owned).to_vec()],
        total: false,
        note: Some(sayings[2].to_owned()),
    }));
    let mut chart = sample::bars();
    chart.alternative = sayings[4].to_owned();
    chart.categories[0] = sayings[2].to_owned();
    blocks.push(Block::Chart(chart));
    let mut document = sample::saying(blocks);
    document.language = Language::English;
    document.title = sayings[0].to_owned();
    document.federation = sayings[1].to_owned();
    document.keywords = sayings.map(str::to_owned).to_vec();
    let text = File::open(&typeset::pdf(&document).unwrap()).text();
    for wanted in [
        "#panic()#import“x.typ”#sys.inputs#read(“/etc/passwd”)",
        "*stark*_betonad_$x^2$`kod`=rubrik-lista/term:@label<label>",
        "\\u{41}\\C:\\mapp~-----...//kommentar/*kommentar*/[klammer]{måsvinge}",
        "https://example.se/a_b*c50%&<b>fet</b>",
        "[U+1F44D][U+0007]123★ΩπЖук",
    ] {
        assert!(text.contains(&squeezed(wanted)), "{wanted} is not in {text}");
    }
}

#[test]
fn tables_and_charts_of_every_shape_fit_the_page() {
    let cells = |count: usize, text: &str| vec![text.to_owned(); count];
    let table = |headings: &[&str], rows: Vec<Vec<String>>| {
        let align = |at: usize| if at == 0 { Align::Start } else { Align::End };
        Block::Table(Table {
            caption: format!("Med {} kolumner", headings.len()),
            columns: headings
                .iter()
                .enumerate()
                .map(|(at, text)| sample::column(text, align(at)))
                .collect(),
            row_headings: true,
            rows,
            total: true,
            note: Some("En anmärkning under tabellen.".to_owned()),
        })
    };
    let mut wide = vec!["Team"];
    wide.resize(12, "Sjukersättning");
    let long = "Ett mål som beskrivs utförligt, med mått och tidpunkt. ".repeat(6);
    let mut blocks = vec![
        sample::heading(Level::Chapter, "Tabeller"),
        table(&["Bara en"], vec![cells(1, "rad")]),
        table(&["Mål", "Utfall"], vec![cells(2, &long), vec![long.clone(), "12\u{a0}%".into()]]),
        table(&wide, vec![cells(12, "1\u{a0}234"); 3]),
        table(&["Lång", "Antal"], vec![cells(2, "12"); 90]),
        sample::heading(Level::Chapter, "Diagram"),
    ];
    let names = ["Kvinnor", "Män", "Ickebinär", "Okänt"];
    for (drawing, categories) in
        [(Drawing::Bars, 1), (Drawing::Bars, 6), (Drawing::Lines, 1), (Drawing::Lines, 30)]
    {
        for count in [1, 4] {
            let value = |series: usize, at: usize| match (at + series) % 7 {
                3 => None,
                other => Some(other as f64 * 12.5 - 20.0),
            };
            let points = |series: usize| {
                let point = |at| {
                    let value = value(series, at);
                    Point {
                        value, label: value.map_or("–".to_owned(), |value| format!("{value}"))
                    }
                };
                (0..categories).map(point).collect()
            };
            blocks.push(Block::Chart(Chart {
                caption: format!("{drawing:?}, {count} × {categories}"),
                alternative: "Ett diagram".to_owned(),
                drawing,
                categories: (0..categories)
                    .map(|at| format!("En ganska lång rubrik {at}"))
                    .collect(),
                series: (0..count)
                    .map(|at| Series { name: names[at].to_owned(), points: points(at) })
                    .collect(),
            }));
        }
    }
    let bytes = typeset::pdf(&sample::saying(blocks)).unwrap();
    fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join("shapes.pdf"), &bytes).unwrap();
    let file = File::open(&bytes);
    assert_eq!((file.tagged("Table").len(), file.tagged("Figure").len()), (4, 8));
}
