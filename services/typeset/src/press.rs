//! Typst, with the template and the typefaces that are compiled in and nothing else: it
//! reads no file, asks no clock and reaches no network. What is the same for all
//! documents is made once.

use std::sync::LazyLock;

use chrono::Datelike as _;
use typst::{
    Feature, Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::{Document, Error, sheet::Sheet};

/// Libertinus Serif: its letters are made for long texts in the languages of Europe, and
/// it has figures of equal width.
const FACES: [&[u8]; 3] = [
    include_bytes!("../fonts/LibertinusSerif-Regular.otf"),
    include_bytes!("../fonts/LibertinusSerif-Italic.otf"),
    include_bytes!("../fonts/LibertinusSerif-Semibold.otf"),
];

const MAIN: &str = "report.typ";
const TEMPLATE: [(&str, &str); 4] = [
    (MAIN, include_str!("../template/report.typ")),
    ("chart.typ", include_str!("../template/chart.typ")),
    ("look.typ", include_str!("../template/look.typ")),
    ("table.typ", include_str!("../template/table.typ")),
];
const DATA: &str = "document.json";

static SHOP: LazyLock<Shop> = LazyLock::new(Shop::open);

/// What is the same for all documents.
struct Shop {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: FileId,
    data: FileId,
    sources: Vec<Source>,
}

impl Shop {
    fn open() -> Self {
        let fonts: Vec<Font> =
            FACES.into_iter().flat_map(|face| Font::iter(Bytes::new(face))).collect();
        // Headings of rows are behind a name that may change, not behind one that may fail.
        let features = [Feature::A11yExtras].into_iter().collect();
        Self {
            library: LazyHash::new(Library::builder().with_features(features).build()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            main: id(MAIN),
            data: id(DATA),
            sources: TEMPLATE
                .into_iter()
                .map(|(name, text)| Source::new(id(name), text.to_owned()))
                .collect(),
        }
    }
}

fn id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("the names of the template are plain");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

/// One document on the press.
struct Job {
    shop: &'static Shop,
    data: Bytes,
}

impl World for Job {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.book
    }

    fn main(&self) -> FileId {
        self.shop.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let source = self.shop.sources.iter().find(|source| source.id() == id);
        source.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.shop.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// True when all the typefaces have the character: another face would help out with a
/// letter, but not with an accent on a letter of its own.
pub(crate) fn has_glyph(letter: char) -> bool {
    SHOP.fonts.iter().all(|font| font.info().coverage.contains(u32::from(letter)))
}

/// The sheet as a PDF.
pub(crate) fn print(sheet: &Sheet, document: &Document) -> Result<Vec<u8>, Error> {
    let data = serde_json::to_vec(sheet).expect("a sheet is texts and finite numbers");
    let job = Job { shop: &SHOP, data: Bytes::new(data) };
    let printed = set(&job, document);
    // What Typst remembers of a document is some fifty megabytes for a long report, and
    // the next one is another.
    typst::comemo::evict(0);
    printed
}

fn set(job: &Job, document: &Document) -> Result<Vec<u8>, Error> {
    let pages = typst::compile::<PagedDocument>(job).output.map_err(|said| refused(&said))?;
    let options = PdfOptions {
        ident: Smart::Custom(document.fingerprint.clone()),
        creator: Smart::Auto,
        timestamp: midnight(document).map(Timestamp::new_utc),
        page_ranges: None,
        standards: PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|said| Error::Refused(vec![said.message().to_string()]))?,
        tagged: true,
        pretty: false,
    };
    typst_pdf::pdf(&pages, &options).map_err(|said| refused(&said))
}

fn midnight(document: &Document) -> Option<Datetime> {
    let date = document.date;
    let (month, day) = (u8::try_from(date.month()).ok()?, u8::try_from(date.day()).ok()?);
    Datetime::from_ymd_hms(date.year(), month, day, 0, 0, 0)
}

fn refused(said: &[SourceDiagnostic]) -> Error {
    Error::Refused(said.iter().map(|diagnostic| diagnostic.message.to_string()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Block, Inline, Language, Level};

    #[test]
    fn every_character_that_a_typeface_has_can_be_printed_in_every_face() {
        let letters: Vec<char> =
            ('\u{20}'..='\u{1ffff}').filter(|letter| has_glyph(*letter)).collect();
        assert!(letters.len() > 2000);
        let blocks = letters.chunks(100).flat_map(|letters| {
            let words: String =
                letters.iter().map(|letter| format!("{letter}n{letter} ")).collect();
            let parts = [Inline::Text, Inline::Strong, Inline::Emphasis];
            [
                Block::Heading { level: Level::Chapter, text: letters.iter().collect() },
                Block::Paragraph(parts.map(|part| part(words.clone())).to_vec()),
            ]
        });
        let document = Document {
            language: Language::Swedish,
            title: "Tecken".to_owned(),
            subtitle: None,
            federation: "Förbund".to_owned(),
            dnr: None,
            period: "2025".to_owned(),
            date: chrono::NaiveDate::default(),
            fingerprint: "ff".to_owned(),
            keywords: vec![letters.iter().collect()],
            blocks: blocks.collect(),
        };
        let printed = crate::pdf(&document);
        assert!(printed.is_ok(), "{:?}", printed.err());
    }
}
