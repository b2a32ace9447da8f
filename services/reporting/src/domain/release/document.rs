//! The document of a release: its canonical JSON.

use chrono::{NaiveDate, SecondsFormat};
use sha2::{Digest as _, Sha256};

use super::{
    Attachment, Change, Chapter, Covered, Document, Explained, Explanation, Fact, FactKind, Figure,
    Funding, Label, List, Part, Source, Stamp, Subject, Told,
};
use crate::domain::canonical::Json;
use crate::domain::definition::Cell;

/// What a reader knows the document's form by.
pub const FORMAT: &str = "samordna-release-1";

/// The SHA-256 of bytes, in lower-case hexadecimal digits.
#[must_use]
pub fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

impl Document {
    /// Its canonical JSON.
    #[must_use]
    pub fn json(&self) -> Json {
        let Self {
            name,
            report,
            restates,
            title,
            dnr,
            federation_display_name,
            reporting_period,
            period,
            publish_time,
            threshold,
            definitions_version,
            template,
            stamps,
            subjects,
            labels,
            figures,
            funding,
            chapters,
            explanations,
            changes,
            list,
        } = self;
        let publish_time = publish_time.to_rfc3339_opts(SecondsFormat::Micros, true);
        let mut fields = vec![
            ("format", Json::text(FORMAT)),
            ("name", Json::text(name)),
            ("report", Json::text(report)),
            ("restates", Json::text(restates)),
            ("title", Json::text(title)),
            ("dnr", Json::text(dnr)),
            ("federation_display_name", Json::text(federation_display_name)),
            ("reporting_period", Json::Text(reporting_period.to_string())),
            ("first_day", Json::Text(period.first_day().to_string())),
            ("last_day", Json::Text(period.last_day().to_string())),
            ("publish_time", Json::Text(publish_time)),
            ("threshold", Json::Integer(*threshold)),
            ("definitions_version", Json::Integer((*definitions_version).into())),
            ("template", Json::text(template)),
            ("stamps", Json::list(stamps, stamp)),
            ("subjects", Json::list(subjects, subject)),
            ("labels", Json::list(labels, label)),
            ("figures", Json::list(figures, figure)),
            ("funding", Json::list(funding, self::funding)),
            ("chapters", Json::list(chapters, chapter)),
            ("explanations", Json::list(explanations, explanation)),
            ("changes", Json::list(changes, change)),
        ];
        fields.extend(list.as_ref().map(|list| ("list", self::list(list, period.last_day()))));
        Json::object(fields)
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.json().written().into_bytes()
    }
}

impl Source {
    /// As it is written.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Derived => "derived",
            Self::Stated => "stated",
            Self::Mixed => "mixed",
        }
    }
}

impl FactKind {
    /// As it is written.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::LateReport => "late_report",
            Self::ReplacedReport => "replaced_report",
            Self::Opening => "opening",
            Self::Inflow => "inflow",
            Self::Outflow => "outflow",
            Self::LateFacts => "late_facts",
            Self::Definition => "definition",
            Self::Source => "source",
        }
    }
}

fn stamp(Stamp { service, sequence, head_hash }: &Stamp) -> Json {
    Json::object([
        ("service", Json::text(service)),
        ("sequence", Json::Integer(*sequence)),
        ("head_hash", Json::Text(hex::encode(head_hash))),
    ])
}

fn subject(Subject { name, display_name, source }: &Subject) -> Json {
    Json::object([
        ("name", Json::text(name)),
        ("display_name", Json::text(display_name)),
        ("source", Json::text(source.map_or("", Source::code))),
    ])
}

fn label(Label { cell, text }: &Label) -> Json {
    Json::object([
        ("figure", Json::text(&cell.figure)),
        ("category", Json::text(&cell.category)),
        ("text_sv", Json::text(&text.sv)),
        ("text_en", Json::text(&text.en)),
    ])
}

/// A hidden figure has `hidden`, and neither a count nor what is stated; a sum tells how many
/// teams it covers.
fn figure(Figure { subject, cell, source, told, commitment, covered }: &Figure) -> Json {
    let mut fields = vec![
        ("subject", Json::text(subject)),
        ("figure", Json::text(&cell.figure)),
        ("category", Json::text(&cell.category)),
        ("source", Json::text(source.code())),
        match told {
            Told::Count(count) => ("count", Json::Integer(*count)),
            Told::Stated(stated) => ("stated", Json::text(stated)),
            Told::Hidden => ("hidden", Json::Integer(1)),
        },
    ];
    if !commitment.is_empty() {
        fields.push(("commitment", Json::Text(hex::encode(commitment))));
    }
    if let Some(Covered { teams_covered, team_count }) = covered {
        let number = |count: usize| Json::Integer(i64::try_from(count).unwrap_or(i64::MAX));
        fields.push(("teams_covered", number(*teams_covered)));
        fields.push(("team_count", number(*team_count)));
    }
    Json::object(fields)
}

fn funding(funding: &Funding) -> Json {
    let Funding {
        recipient,
        display_name,
        team,
        granted_ore,
        requisitioned_ore,
        requisitioned_to_date_ore,
        share_percent,
    } = funding;
    Json::object([
        ("recipient", Json::text(recipient)),
        ("display_name", Json::text(display_name)),
        ("team", Json::text(team)),
        ("granted_ore", Json::Integer(*granted_ore)),
        ("requisitioned_ore", Json::Integer(*requisitioned_ore)),
        ("requisitioned_to_date_ore", Json::Integer(*requisitioned_to_date_ore)),
        ("share_percent", Json::Integer((*share_percent).into())),
    ])
}

/// A chapter without files has no `attachments`.
fn chapter(chapter: &Chapter) -> Json {
    let Chapter { section, subject, language, heading, text, shown_text, attachments } = chapter;
    let mut fields = vec![
        ("section", Json::text(section)),
        ("subject", Json::text(subject)),
        ("language", Json::text(language)),
        ("heading", Json::text(heading)),
        ("text", Json::text(text)),
        ("shown_text", Json::text(shown_text)),
    ];
    if !attachments.is_empty() {
        fields.push(("attachments", Json::list(attachments, attachment)));
    }
    Json::object(fields)
}

fn attachment(attachment: &Attachment) -> Json {
    let Attachment { name, file_name, media_type, size_bytes, sha256 } = attachment;
    Json::object([
        ("name", Json::text(name)),
        ("file_name", Json::text(file_name)),
        ("media_type", Json::text(media_type)),
        ("size_bytes", Json::Integer(*size_bytes)),
        ("sha256", Json::text(sha256)),
    ])
}

/// An explanation of a finding in the whole report has no `places`.
fn explanation(Explanation { finding, check, places, text }: &Explanation) -> Json {
    let mut fields = vec![
        ("finding", Json::text(finding)),
        ("check", Json::text(check)),
        ("text", Json::text(text)),
    ];
    if !places.is_empty() {
        fields.push(("places", Json::list(places, explained)));
    }
    Json::object(fields)
}

fn explained(Explained { subject, part }: &Explained) -> Json {
    let mut fields = vec![("subject", Json::text(subject))];
    match part {
        Some(Part::Chapter { section, heading }) => {
            fields.push(("section", Json::text(section)));
            fields.push(("heading", Json::text(heading)));
        }
        Some(Part::Figure(Cell { figure, category })) => {
            fields.push(("figure", Json::text(figure)));
            fields.push(("category", Json::text(category)));
        }
        None => {}
    }
    Json::object(fields)
}

fn list(List { sha256, rows, people, sequence }: &List, last_day: NaiveDate) -> Json {
    Json::object([
        ("sha256", Json::text(sha256)),
        ("last_day", Json::Text(last_day.to_string())),
        ("rows", Json::Integer(*rows)),
        ("people", Json::Integer(*people)),
        ("sequence", Json::Integer(*sequence)),
    ])
}

fn change(Change { subject, cell, old, new, facts }: &Change) -> Json {
    let mut fields = vec![
        ("subject", Json::text(subject)),
        ("figure", Json::text(&cell.figure)),
        ("category", Json::text(&cell.category)),
        ("facts", Json::list(facts, fact)),
    ];
    fields.extend(old.map(|old| ("old", Json::Integer(old))));
    fields.extend(new.map(|new| ("new", Json::Integer(new))));
    Json::object(fields)
}

fn fact(Fact { kind, subject, difference }: &Fact) -> Json {
    Json::object([
        ("kind", Json::text(kind.code())),
        ("subject", Json::text(subject)),
        ("difference", Json::Integer(*difference)),
    ])
}
