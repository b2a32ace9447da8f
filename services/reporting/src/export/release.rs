//! The figures of a release as files. Their words are Swedish, as a published report's
//! are.

use platform::clock::day_in_sweden;
use sheets::write::{self, Texts};

use crate::domain::release::{Document, Figure, Source, Told};

/// What stands for a count that is not shown.
pub(super) const HIDDEN: &str = "skyddat";

/// The figures as text.
pub(crate) fn csv(document: &Document) -> anyhow::Result<Vec<u8>> {
    write::csv(&figures(document).into())
}

/// The figures as a workbook.
pub(crate) fn workbook(document: &Document) -> anyhow::Result<Vec<u8>> {
    write::workbook(&figures(document).into(), day_in_sweden(document.publish_time))
}

fn figures(document: &Document) -> Texts {
    let headings = ["Avser", "Mått", "Kategori", "Betydelse", "Källa", "Värde", "Bindning"];
    let row = |figure: &Figure| {
        let subject = document.subjects.iter().find(|subject| subject.name == figure.subject);
        let label = document.labels.iter().find(|label| label.cell == figure.cell);
        let value = match &figure.told {
            Told::Count(count) => count.to_string(),
            Told::Stated(stated) => stated.clone(),
            Told::Hidden => HIDDEN.to_owned(),
        };
        vec![
            subject.map_or_else(|| figure.subject.clone(), |one| one.display_name.clone()),
            figure.cell.figure.clone(),
            figure.cell.category.clone(),
            label.map(|label| label.text.sv.clone()).unwrap_or_default(),
            source(figure.source).to_owned(),
            value,
            hex::encode(&figure.commitment),
        ]
    };
    Texts {
        title: "Uppgifter".to_owned(),
        headings: headings.map(str::to_owned).to_vec(),
        rows: document.figures.iter().map(row).collect(),
    }
}

/// Where a figure comes from, in a word.
pub(super) fn source(source: Source) -> &'static str {
    match source {
        Source::Reported => "rapporterat",
        Source::Derived => "ur register",
        Source::Stated => "angivet",
        Source::Mixed => "blandat",
    }
}
