//! The figures of a report read back from each way out of the house. Each reader knows the
//! form alone, and takes no number but the one that stands in the figure's own place.

use std::{
    collections::{BTreeMap, HashMap},
    io::Cursor,
};

use calamine::{Reader as _, Xlsx};
use proto::reporting::{
    FigureDefinition, FigureSource, GetReportResponse, Release, ReleasedSource,
};

use super::counted::Place;

/// What is told of each place; nothing where the count is hidden.
pub(super) type Told = BTreeMap<Place, Option<i64>>;

/// What stands for a hidden count in a file, and on a page.
const HIDDEN: [&str; 2] = ["skyddat", "dold"];

/// A count as it is written.
fn count(text: &str) -> Option<i64> {
    if HIDDEN.contains(&text) {
        return None;
    }
    let digits: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    Some(digits.parse().unwrap_or_else(|_| panic!("`{text}` is no count")))
}

fn place(subject: &str, figure: &str, category: &str) -> Place {
    let [subject, figure, category] = [subject, figure, category].map(str::to_owned);
    Place { subject, figure, category }
}

/// Puts each place in once.
fn told(figures: impl IntoIterator<Item = (Place, Option<i64>)>) -> Told {
    let mut told = Told::new();
    for (place, count) in figures {
        assert_eq!(told.insert(place.clone(), count), None, "{place:?} twice");
    }
    told
}

/// A release, as it is answered.
pub(super) fn of_release(release: &Release) -> Told {
    told(release.figures.iter().map(|figure| {
        assert_eq!(figure.hidden, figure.count.is_none(), "{figure:?}");
        assert_eq!(figure.stated, "");
        (place(&figure.subject, &figure.figure, &figure.category), figure.count)
    }))
}

/// A report, as it is answered.
pub(super) fn of_report(report: &GetReportResponse) -> Told {
    let cells = report.figures.iter().flat_map(|of| of.cells.iter().map(move |cell| (of, cell)));
    let counted = cells.filter(|(_, cell)| cell.source() != FigureSource::Finance);
    told(counted.map(|(of, cell)| {
        assert_eq!(cell.hidden, cell.value.is_empty(), "{cell:?}");
        let told = (!cell.hidden).then(|| cell.value.parse().unwrap());
        (place(&of.subject, &cell.figure, &cell.category), told)
    }))
}

/// The document of a release.
pub(super) fn of_json(content: &[u8]) -> Told {
    let document: serde_json::Value = serde_json::from_slice(content).unwrap();
    told(document["figures"].as_array().unwrap().iter().map(|figure| {
        let text = |key: &str| figure[key].as_str().unwrap();
        let is_hidden = figure.get("hidden").is_some();
        assert_eq!(is_hidden, figure.get("count").is_none(), "{figure}");
        let told = (!is_hidden).then(|| figure["count"].as_i64().unwrap());
        (place(text("subject"), text("figure"), text("category")), told)
    }))
}

/// The figures of a release as CSV.
pub(super) fn of_csv(release: &Release, content: &[u8]) -> Told {
    let text = std::str::from_utf8(content).unwrap().trim_start_matches('\u{feff}');
    let rows = text.lines().map(|line| line.split(';').map(str::to_owned).collect());
    of_rows(release, rows.collect())
}

/// The figures of a release as a workbook.
pub(super) fn of_workbook(release: &Release, content: Vec<u8>) -> Told {
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(content)).unwrap();
    let sheet = workbook.worksheet_range("Uppgifter").unwrap();
    let rows = sheet.rows().map(|row| row.iter().map(ToString::to_string).collect());
    of_rows(release, rows.collect())
}

/// What files call the source of a release's figures, which all have the same.
fn source_of(release: &Release) -> &'static str {
    let source = release.figures[0].source();
    assert!(release.figures.iter().all(|figure| figure.source() == source));
    match source {
        ReleasedSource::Reported => "rapporterat",
        ReleasedSource::Derived => "ur register",
        ReleasedSource::Unspecified | ReleasedSource::Stated | ReleasedSource::Mixed => {
            panic!("{source:?}")
        }
    }
}

/// Rows of whose it is, figure, category, meaning, source, value, and what is behind it.
fn of_rows(release: &Release, rows: Vec<Vec<String>>) -> Told {
    let (headings, rows) = rows.split_first().unwrap();
    assert_eq!(headings[5], "Värde");
    let subject = |display_name: &String| {
        let mut all = release.subjects.iter();
        &all.find(|subject| subject.display_name == *display_name).unwrap().name
    };
    told(rows.iter().map(|row| {
        let [whose, figure, category, _, source, value, ..] = row.as_slice() else {
            panic!("{row:?}")
        };
        assert_eq!(source, source_of(release));
        (place(subject(whose), figure, category), count(value))
    }))
}

/// The tables of a release as they stand on the pages of its PDF: one for each subject, with
/// a row of meaning, count and source for each figure.
pub(super) fn of_pdf(release: &Release, content: &[u8]) -> Told {
    let file = lopdf::Document::load_mem(content).unwrap();
    let pages: Vec<u32> = file.get_pages().into_keys().collect();
    let text = squeezed(&file.extract_text(&pages).unwrap());
    let (caption, source) =
        (squeezed("Uppgifter och varifrån de kommer"), squeezed(source_of(release)));
    let mut tables = text.split(caption.as_str()).skip(1);
    let mut figures = Vec::new();
    for subject in &release.subjects {
        let own = release.figures.iter().filter(|figure| figure.subject == subject.name);
        let mut own = own.peekable();
        if own.peek().is_none() {
            continue;
        }
        let mut rows = tables.next().unwrap().split(source.as_str());
        for figure in own {
            let is_it = |label: &&proto::reporting::ReleasedLabel| {
                (&label.figure, &label.category) == (&figure.figure, &figure.category)
            };
            let label = squeezed(&release.labels.iter().find(is_it).unwrap().text_sv);
            let row = rows.next().unwrap();
            // Above the first row of a page stand headings.
            let (_, value) = row.rsplit_once(&label).unwrap_or_else(|| panic!("{label}: {row}"));
            let place = place(&figure.subject, &figure.figure, &figure.category);
            figures.push((place, count(value)));
        }
        assert_eq!(rows.count(), 1, "nothing but what follows the table of {}", subject.name);
    }
    assert_eq!(tables.count(), 0);
    told(figures)
}

/// Without what a line break adds or takes away: spaces and hyphens.
fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && !"-\u{ad}".contains(*letter)).collect()
}

/// The tables of a report's page: one for each subject, in which the parts of a figure stand
/// under it.
pub(super) fn of_page(
    report: &GetReportResponse,
    definitions: &[FigureDefinition],
    html: &str,
) -> Told {
    let names = Names::of(definitions);
    let mut figures = Vec::new();
    for subject in report.figures.iter().map(|figures| figures.subject.as_str()) {
        let id = subject.rsplit('/').next().unwrap();
        let part = between(html, &format!("id=\"figures-{id}\""), "</section>");
        // A team that has not reported has none.
        let Some((_, table)) = part.split_once("<tbody>") else { continue };
        let (table, _) = table.split_once("</tbody>").unwrap();
        let mut whole = String::new();
        for row in table.split("<tr").skip(1) {
            let is_part = row.starts_with(" class=\"part\"");
            let text = plain(between(row, "<th scope=\"row\">", "</th>"));
            let (figure, category) = if is_part {
                let category = names.parts[&(whole.clone(), text)].clone();
                (whole.clone(), category)
            } else {
                names.cells[&text].clone()
            };
            whole.clone_from(&figure);
            let value = plain(between(row, "<td class=\"number\">", "</td>"));
            figures.push((place(subject, &figure, &category), count(&value)));
        }
    }
    told(figures)
}

/// What figures and categories are called on a page.
struct Names {
    /// Figure and category by what they are called together.
    cells: HashMap<String, (String, String)>,
    /// The category by its figure and what it is called.
    parts: HashMap<(String, String), String>,
}

impl Names {
    fn of(definitions: &[FigureDefinition]) -> Self {
        let (mut cells, mut parts) = (HashMap::new(), HashMap::new());
        for definition in definitions {
            let total = (definition.figure.clone(), "total".to_owned());
            cells.insert(definition.text_sv.clone(), total);
            for partition in &definition.partitions {
                let figure = &partition.reported_as;
                for category in &partition.categories {
                    let text = format!("{}: {}", partition.text_sv, category.text_sv);
                    cells.insert(text, (figure.clone(), category.category.clone()));
                    let part = (figure.clone(), category.text_sv.clone());
                    parts.insert(part, category.category.clone());
                }
            }
        }
        Self { cells, parts }
    }
}

/// What stands between two marks, the first time.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, after) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    after.split_once(end).unwrap_or_else(|| panic!("no {end} after {start}")).0
}

/// The text of a piece of a page, without its marks.
fn plain(html: &str) -> String {
    let texts = html.split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
    texts.collect::<String>().trim().to_owned()
}
