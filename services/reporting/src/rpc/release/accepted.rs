//! What a release takes from a report that was accepted: its text, what explains its
//! findings, and what it is about.

use std::collections::BTreeSet;

use disclosure::Threshold;
use platform::Failure;
use sea_orm::ConnectionTrait;
use tonic::metadata::MetadataMap;
use values::{
    Slug,
    name::{AccountName, ReportName, TeamName},
};

use crate::{
    domain::{
        attachment::{self, AttachmentName},
        chapter::{Chapter as Kept, ChapterName},
        check,
        definition::Cell,
        language::Language,
        protection::Place,
        release::{Attachment, Chapter, Explanation, shows_hidden},
        report::{Report, Subject},
    },
    rpc::{
        Shell,
        convert::{compiled::shown_text, report::subject_name},
        report::compile::{Checked, Outside, compile, outside},
    },
};

/// A report that is to be published.
pub(in crate::rpc) struct Accepted {
    pub(in crate::rpc) name: ReportName,
    /// The version that was read; none when it is published already.
    pub(in crate::rpc) etag: Option<String>,
    pub(in crate::rpc) account: AccountName,
    pub(in crate::rpc) head: Report,
    outside: Outside,
}

impl Accepted {
    /// Asks the other services about a report.
    pub(in crate::rpc) async fn new(
        shell: &Shell,
        caller: &MetadataMap,
        (name, head): (ReportName, Report),
        (etag, account): (Option<String>, AccountName),
    ) -> Result<Self, Failure> {
        let outside = outside(shell, caller, &name.federation, &head.content).await?;
        Ok(Self { name, etag, account, head, outside })
    }

    /// Whom it is about, and what people call that.
    pub(super) fn whole(&self) -> (String, String) {
        let name = self.head.content.subject.name(&self.name.federation);
        (name, self.outside.display_name.clone())
    }

    /// True when it is about one team alone, so that nothing is summed.
    pub(super) fn is_of_one(&self) -> bool {
        match self.head.content.subject {
            Subject::Team(_) => true,
            Subject::Federation | Subject::Area(_) => false,
        }
    }

    /// True when the whole funding table belongs to it.
    pub(super) fn has_funding(&self) -> bool {
        self.outside.funding_table.is_some()
    }

    /// The teams that it covers.
    pub(super) fn covers(&self, team: &TeamName) -> bool {
        self.outside.teams.iter().any(|own| own.name == *team)
    }

    /// The teams whose figures are counted from records.
    pub(in crate::rpc) fn derived_teams(&self) -> BTreeSet<TeamName> {
        let federation = &self.name.federation;
        let team = |id: &Slug| TeamName::new(federation.clone(), id.clone());
        self.head.content.derived.iter().map(team).collect()
    }

    /// Its text, as it stands.
    pub(super) async fn text(
        &self,
        shell: &Shell,
        connection: &impl ConnectionTrait,
    ) -> Result<Text, Failure> {
        let checked = compile(shell, connection, &self.name, &self.outside).await?;
        let Checked { checked: report, standing, template, chapters, .. } = checked;
        let explanations = standing.report.explanations.iter();
        let explanation = |(key, explained): (&String, &crate::domain::report::Explanation)| {
            let (finding, check) = (key.clone(), explained.check.clone());
            Explanation { finding, check, text: explained.text.clone() }
        };
        let heading = |chapter: &check::Chapter| {
            let section =
                template.sections.iter().find(|section| section.code == chapter.section)?;
            Some(section.title.of(chapter.narrative.language).to_owned())
        };
        let files = |chapter: &check::Chapter| {
            let is_it = |(name, _): &&(ChapterName, Kept)| {
                name.section == chapter.section
                    && name.subject.as_ref().map(Slug::as_str) == chapter.subject.as_deref()
            };
            let kept = chapters.iter().find(is_it);
            kept.map(|(name, kept)| attachments(name, kept)).unwrap_or_default()
        };
        let chapter = |chapter: &check::Chapter| Chapter {
            heading: heading(chapter).unwrap_or_else(|| chapter.section.clone()),
            section: chapter.section.clone(),
            subject: chapter.subject.as_deref().map(|id| self.subject(id)).unwrap_or_default(),
            language: match chapter.narrative.language {
                Language::Swedish => "sv".to_owned(),
                Language::English => "en".to_owned(),
            },
            text: chapter.narrative.markdown.clone(),
            shown_text: shown_text(&report, chapter),
            attachments: files(chapter),
        };
        Ok(Text {
            chapters: report.chapters.iter().map(chapter).collect(),
            explanations: explanations.map(explanation).collect(),
            has_list: template.has_list(),
            report,
        })
    }

    /// Refuses a text that says something of a figure that is hidden.
    pub(super) fn check_text(
        &self,
        Text { report, .. }: &Text,
        hidden: &BTreeSet<Place>,
        threshold: Threshold,
    ) -> Result<(), Failure> {
        let mut by_id: BTreeSet<(String, Cell)> = BTreeSet::new();
        for id in report.subjects.keys() {
            let name = self.subject(id);
            let of = hidden.iter().filter(|place| place.subject == name);
            by_id.extend(of.map(|place| (id.clone(), place.cell.clone())));
        }
        let telling = shows_hidden(report, &by_id, threshold);
        if telling.is_empty() {
            return Ok(());
        }
        let name = |chapter: &&check::Chapter| match &chapter.subject {
            Some(subject) => format!("{}.{subject}", chapter.section),
            None => chapter.section.clone(),
        };
        let chapters: Vec<String> = telling.iter().map(name).collect();
        Err(Failure::refused("RELEASE_TEXT_SHOWS_HIDDEN")
            .with("count", chapters.len())
            .with("chapters", chapters.join(", ")))
    }

    fn subject(&self, id: &str) -> String {
        subject_name(&self.name.federation, &self.head.content.subject, id)
    }
}

fn attachments(name: &ChapterName, chapter: &Kept) -> Vec<Attachment> {
    let attachment = |file: &attachment::Attachment| {
        let attachment::Attachment { id, file_name, media_type, size_bytes, sha256 } = file;
        Attachment {
            name: AttachmentName::new(name.clone(), id.clone()).to_string(),
            file_name: file_name.clone(),
            media_type: media_type.code().to_owned(),
            size_bytes: *size_bytes,
            sha256: sha256.clone(),
        }
    };
    chapter.attachments.iter().map(attachment).collect()
}

/// The text of a report, and the report that it is of.
pub(super) struct Text {
    pub(super) chapters: Vec<Chapter>,
    pub(super) explanations: Vec<Explanation>,
    /// True when a de-identified list goes out with it.
    pub(super) has_list: bool,
    report: check::Report,
}
