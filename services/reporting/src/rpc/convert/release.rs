//! Releases between messages and values. What the journal recorded is read back whole,
//! so that its document can be made again.

use anyhow::Context as _;
use platform::convert::{instant, period_from_proto, period_to_proto, timestamp};
use proto::reporting as message;
use values::name::ReportingPeriodName;

use crate::domain::{
    definition::{Cell, Text},
    release::{
        Attachment, Change, Chapter, Covered, Document, Explained, Explanation, Fact, FactKind,
        Figure, Funding, Label, List, Part, Source, Stamp, Subject, Told,
    },
};

/// A release without what the document does not have.
pub(crate) fn release(document: &Document) -> message::Release {
    let Document {
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
    } = document;
    message::Release {
        name: name.clone(),
        report: report.clone(),
        restates: restates.clone(),
        title: title.clone(),
        dnr: dnr.clone(),
        federation_display_name: federation_display_name.clone(),
        reporting_period: reporting_period.to_string(),
        period: Some(period_to_proto(*period)),
        publish_time: Some(timestamp(*publish_time)),
        publisher: String::new(),
        threshold: i32::try_from(*threshold).unwrap_or(i32::MAX),
        definitions_version: *definitions_version,
        template: template.clone(),
        stamps: stamps.iter().cloned().map(stamp).collect(),
        subjects: subjects.iter().cloned().map(subject).collect(),
        labels: labels.iter().cloned().map(label).collect(),
        figures: figures.iter().cloned().map(figure).collect(),
        funding: funding.iter().cloned().map(self::funding).collect(),
        chapters: chapters.iter().cloned().map(chapter).collect(),
        explanations: explanations.iter().cloned().map(explanation).collect(),
        changes: changes.iter().cloned().map(change).collect(),
        files: Vec::new(),
        sha256: String::new(),
        list: list.clone().map(self::list),
    }
}

fn list(List { sha256, rows, people, sequence }: List) -> message::ReleasedList {
    let rows = i32::try_from(rows).unwrap_or(i32::MAX);
    message::ReleasedList { sha256, rows, people, sequence }
}

fn stamp(Stamp { service, sequence, head_hash }: Stamp) -> message::ReleaseStamp {
    message::ReleaseStamp { service, sequence, head_hash }
}

fn subject(Subject { name, display_name, source }: Subject) -> message::ReleasedSubject {
    let source = source.map_or(message::ReleasedSource::Unspecified, self::source);
    message::ReleasedSubject { name, display_name, source: source.into() }
}

fn source(source: Source) -> message::ReleasedSource {
    match source {
        Source::Reported => message::ReleasedSource::Reported,
        Source::Derived => message::ReleasedSource::Derived,
        Source::Stated => message::ReleasedSource::Stated,
        Source::Mixed => message::ReleasedSource::Mixed,
    }
}

fn label(
    Label { cell: Cell { figure, category }, text: Text { sv, en } }: Label,
) -> message::ReleasedLabel {
    message::ReleasedLabel { figure, category, text_sv: sv, text_en: en }
}

fn figure(figure: Figure) -> message::ReleasedFigure {
    let Figure { subject, cell, source, told, commitment, covered } = figure;
    let Cell { figure, category } = cell;
    let covered = covered.unwrap_or(Covered { teams_covered: 0, team_count: 0 });
    let count_of = |teams: usize| i32::try_from(teams).unwrap_or(i32::MAX);
    let (count, stated, hidden) = match told {
        Told::Count(count) => (Some(count), String::new(), false),
        Told::Stated(stated) => (None, stated, false),
        Told::Hidden => (None, String::new(), true),
    };
    let source = self::source(source).into();
    message::ReleasedFigure {
        subject,
        figure,
        category,
        source,
        count,
        stated,
        hidden,
        commitment,
        teams_covered: count_of(covered.teams_covered),
        team_count: count_of(covered.team_count),
    }
}

fn funding(funding: Funding) -> message::ReleasedFunding {
    let Funding {
        recipient,
        display_name,
        team,
        granted_ore,
        requisitioned_ore,
        requisitioned_to_date_ore,
        share_percent,
    } = funding;
    message::ReleasedFunding {
        recipient,
        display_name,
        team,
        granted_ore,
        requisitioned_ore,
        requisitioned_to_date_ore,
        share_percent,
    }
}

fn chapter(chapter: Chapter) -> message::ReleasedChapter {
    let Chapter { section, subject, language, heading, text, shown_text, attachments } = chapter;
    let attachments = attachments.into_iter().map(attachment).collect();
    message::ReleasedChapter { section, subject, language, text, shown_text, heading, attachments }
}

fn attachment(attachment: Attachment) -> message::ReleasedAttachment {
    let Attachment { name, file_name, media_type, size_bytes, sha256 } = attachment;
    message::ReleasedAttachment { name, file_name, media_type, size_bytes, sha256 }
}

fn explanation(
    Explanation { finding, check, places, text }: Explanation,
) -> message::ReleasedExplanation {
    let places = places.into_iter().map(explained).collect();
    message::ReleasedExplanation { finding, check, text, places }
}

fn explained(Explained { subject, part }: Explained) -> message::ExplainedPlace {
    let place = message::ExplainedPlace { subject, ..Default::default() };
    match part {
        Some(Part::Chapter { section, heading }) => {
            message::ExplainedPlace { section, heading, ..place }
        }
        Some(Part::Figure(Cell { figure, category })) => {
            message::ExplainedPlace { figure, category, ..place }
        }
        None => place,
    }
}

pub(crate) fn change(Change { subject, cell, old, new, facts }: Change) -> message::ReleasedChange {
    let Cell { figure, category } = cell;
    let facts = facts.into_iter().map(fact).collect();
    message::ReleasedChange { subject, figure, category, old_count: old, new_count: new, facts }
}

fn fact(Fact { kind, subject, difference }: Fact) -> message::ReleasedFact {
    let kind = match kind {
        FactKind::LateReport => message::ReleasedFactKind::LateReport,
        FactKind::ReplacedReport => message::ReleasedFactKind::ReplacedReport,
        FactKind::Opening => message::ReleasedFactKind::Opening,
        FactKind::Inflow => message::ReleasedFactKind::Inflow,
        FactKind::Outflow => message::ReleasedFactKind::Outflow,
        FactKind::LateFacts => message::ReleasedFactKind::LateFacts,
        FactKind::Definition => message::ReleasedFactKind::Definition,
        FactKind::Source => message::ReleasedFactKind::Source,
    };
    message::ReleasedFact { kind: kind.into(), difference, subject }
}

/// The document of a release that the journal recorded.
pub(crate) fn document(recorded: message::Release) -> anyhow::Result<Document> {
    let message::Release {
        name,
        report,
        restates,
        title,
        dnr,
        federation_display_name,
        reporting_period,
        period,
        publish_time,
        publisher: _,
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
        files: _,
        sha256: _,
        list,
    } = recorded;
    let reporting_period = ReportingPeriodName::parse("", &reporting_period);
    let period = period_from_proto("", period);
    Ok(Document {
        name,
        report,
        restates,
        title,
        dnr,
        federation_display_name,
        reporting_period: reporting_period.map_err(|fault| anyhow::anyhow!("{fault:?}"))?,
        period: period.map_err(|faults| anyhow::anyhow!("{faults:?}"))?,
        publish_time: publish_time.as_ref().and_then(instant).context("without a time")?,
        threshold: threshold.into(),
        definitions_version,
        template,
        stamps: stamps.into_iter().map(read_stamp).collect(),
        subjects: subjects.into_iter().map(read_subject).collect::<Result<_, _>>()?,
        labels: labels.into_iter().map(read_label).collect(),
        figures: figures.into_iter().map(read_figure).collect::<Result<_, _>>()?,
        funding: funding.into_iter().map(read_funding).collect(),
        chapters: chapters.into_iter().map(read_chapter).collect(),
        explanations: explanations.into_iter().map(read_explanation).collect(),
        changes: changes.into_iter().map(read_change).collect::<Result<_, _>>()?,
        list: list.map(read_list),
    })
}

fn read_list(recorded: message::ReleasedList) -> List {
    let message::ReleasedList { sha256, rows, people, sequence } = recorded;
    List { sha256, rows: rows.into(), people, sequence }
}

/// Where the journals of the services were when a release was published.
pub(crate) fn stamps(release: message::Release) -> Vec<Stamp> {
    release.stamps.into_iter().map(read_stamp).collect()
}

fn read_stamp(recorded: message::ReleaseStamp) -> Stamp {
    let message::ReleaseStamp { service, sequence, head_hash } = recorded;
    Stamp { service, sequence, head_hash }
}

fn read_subject(recorded: message::ReleasedSubject) -> anyhow::Result<Subject> {
    let message::ReleasedSubject { name, display_name, source } = recorded;
    Ok(Subject { name, display_name, source: read_source(source)? })
}

fn read_source(source: i32) -> anyhow::Result<Option<Source>> {
    Ok(match message::ReleasedSource::try_from(source)? {
        message::ReleasedSource::Unspecified => None,
        message::ReleasedSource::Reported => Some(Source::Reported),
        message::ReleasedSource::Derived => Some(Source::Derived),
        message::ReleasedSource::Stated => Some(Source::Stated),
        message::ReleasedSource::Mixed => Some(Source::Mixed),
    })
}

fn read_label(recorded: message::ReleasedLabel) -> Label {
    let message::ReleasedLabel { figure, category, text_sv, text_en } = recorded;
    Label { cell: Cell { figure, category }, text: Text { sv: text_sv, en: text_en } }
}

fn read_figure(recorded: message::ReleasedFigure) -> anyhow::Result<Figure> {
    let message::ReleasedFigure {
        subject,
        figure,
        category,
        source,
        count,
        stated,
        hidden,
        commitment,
        teams_covered,
        team_count,
    } = recorded;
    let covered = (team_count > 0)
        .then(|| {
            anyhow::Ok(Covered {
                teams_covered: usize::try_from(teams_covered)?,
                team_count: usize::try_from(team_count)?,
            })
        })
        .transpose()?;
    let told = match (count, hidden) {
        (_, true) => Told::Hidden,
        (Some(count), false) => Told::Count(count),
        (None, false) => Told::Stated(stated),
    };
    let source = read_source(source)?.context("a figure without a source")?;
    let cell = Cell { figure, category };
    Ok(Figure { subject, cell, source, told, commitment, covered })
}

fn read_funding(recorded: message::ReleasedFunding) -> Funding {
    let message::ReleasedFunding {
        recipient,
        display_name,
        team,
        granted_ore,
        requisitioned_ore,
        requisitioned_to_date_ore,
        share_percent,
    } = recorded;
    Funding {
        recipient,
        display_name,
        team,
        granted_ore,
        requisitioned_ore,
        requisitioned_to_date_ore,
        share_percent,
    }
}

fn read_chapter(recorded: message::ReleasedChapter) -> Chapter {
    let message::ReleasedChapter {
        section,
        subject,
        language,
        text,
        shown_text,
        heading,
        attachments,
    } = recorded;
    let attachments = attachments.into_iter().map(read_attachment).collect();
    Chapter { section, subject, language, heading, text, shown_text, attachments }
}

fn read_attachment(recorded: message::ReleasedAttachment) -> Attachment {
    let message::ReleasedAttachment { name, file_name, media_type, size_bytes, sha256 } = recorded;
    Attachment { name, file_name, media_type, size_bytes, sha256 }
}

fn read_explanation(recorded: message::ReleasedExplanation) -> Explanation {
    let message::ReleasedExplanation { finding, check, text, places } = recorded;
    let places = places.into_iter().map(read_explained).collect();
    Explanation { finding, check, places, text }
}

fn read_explained(recorded: message::ExplainedPlace) -> Explained {
    let message::ExplainedPlace { subject, section, heading, figure, category } = recorded;
    let part = match (section.is_empty(), figure.is_empty()) {
        (false, _) => Some(Part::Chapter { section, heading }),
        (true, false) => Some(Part::Figure(Cell { figure, category })),
        (true, true) => None,
    };
    Explained { subject, part }
}

fn read_change(recorded: message::ReleasedChange) -> anyhow::Result<Change> {
    let message::ReleasedChange { subject, figure, category, old_count, new_count, facts } =
        recorded;
    let facts = facts.into_iter().map(read_fact).collect::<Result<_, _>>()?;
    Ok(Change { subject, cell: Cell { figure, category }, old: old_count, new: new_count, facts })
}

fn read_fact(recorded: message::ReleasedFact) -> anyhow::Result<Fact> {
    let message::ReleasedFact { kind, difference, subject } = recorded;
    let kind = match message::ReleasedFactKind::try_from(kind)? {
        message::ReleasedFactKind::Unspecified => anyhow::bail!("a fact of no kind"),
        message::ReleasedFactKind::LateReport => FactKind::LateReport,
        message::ReleasedFactKind::ReplacedReport => FactKind::ReplacedReport,
        message::ReleasedFactKind::Opening => FactKind::Opening,
        message::ReleasedFactKind::Inflow => FactKind::Inflow,
        message::ReleasedFactKind::Outflow => FactKind::Outflow,
        message::ReleasedFactKind::LateFacts => FactKind::LateFacts,
        message::ReleasedFactKind::Definition => FactKind::Definition,
        message::ReleasedFactKind::Source => FactKind::Source,
    };
    Ok(Fact { kind, subject, difference })
}
