//! What a release takes from a report that was accepted: its text, what explains its
//! findings, and what it is about.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use disclosure::Threshold;
use platform::Failure;
use proto::finance::FundingTable;
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
        derived::Crosswalk,
        finding::{Finding, Place as At},
        language::Language,
        protection::Place,
        release::{
            Attachment, Chapter, Document, Explained, Explanation, Hiding, Part, shows_hidden,
            words_show_hidden,
        },
        report::{self, Action, Report, StepRefusal, Subject, take},
        template::Template,
    },
    rpc::{
        Shell,
        convert::{compiled::shown_text, report::subject_name},
        derived::Tables,
        report::{
            compile::{Checked, compile},
            outside::{Outside, uncounted},
            step::refused,
        },
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
    /// Asks the other services about a report, but for what is counted from records.
    pub(in crate::rpc) async fn new(
        shell: &Shell,
        caller: &MetadataMap,
        (name, head): (ReportName, Report),
        (etag, account): (Option<String>, AccountName),
    ) -> Result<Self, Failure> {
        let outside = uncounted(shell, caller, &name.federation, &head.content).await?;
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

    /// The funding table that belongs to it.
    pub(super) fn funding_table(&self) -> Option<&FundingTable> {
        self.outside.funding_table.as_ref()
    }

    /// Refuses to publish a report that does not stand where it is published, or that
    /// somebody has changed since it was read.
    pub(super) fn check_step(&self, now: DateTime<Utc>) -> Result<(), Failure> {
        let Some(etag) = &self.etag else { return Ok(()) };
        let (head, account) = (self.head.clone(), self.account.clone());
        let taken = take(head, etag, Action::Publish, account, now);
        taken.map(|_| ()).map_err(|refusal| refused(refusal, &self.name))
    }

    /// Refuses to publish a report with findings that nobody has explained: figures may have
    /// come in since it was accepted, or published.
    pub(super) fn check_findings(&self, Text { open, .. }: &Text) -> Result<(), Failure> {
        if open.is_empty() {
            return Ok(());
        }
        Err(refused(StepRefusal::FindingsOpen(open.clone()), &self.name))
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

    /// Its text, as it stands with what tables tell of those who are counted from records.
    pub(super) async fn text(
        &self,
        shell: &Shell,
        connection: &impl ConnectionTrait,
        (crosswalk, tables): (&Crosswalk, &Tables),
    ) -> Result<Text, Failure> {
        let outside = self.outside.clone();
        let outside = outside.counted(crosswalk, &self.head.content, tables);
        let checked = compile(shell, connection, &self.name, &outside).await?;
        let Checked { checked: report, standing, template, chapters, findings, .. } = checked;
        let found: BTreeMap<String, &Finding> =
            findings.iter().map(|finding| (finding.key(), finding)).collect();
        let explained = &standing.report.explanations;
        let open = found.keys().filter(|key| !explained.contains_key(*key)).cloned().collect();
        // What explains a finding that is no longer there explains nothing.
        let explanations = explained.iter().filter_map(|one| Some((one, found.get(one.0)?)));
        let explanation =
            |((key, explained), found): ((&String, &report::Explanation), &&Finding)| {
                let report::Explanation { check, text, account: _, time: _ } = explained.clone();
                let (finding, places) = (key.clone(), self.places(&template, found));
                (Explanation { finding, check, places, text }, found.subject.clone())
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
            explained: explanations.map(explanation).collect(),
            open,
            has_list: template.has_list(),
            report,
        })
    }

    /// Refuses a text, also the title and one that explains a finding, that says something of
    /// a figure that is hidden. A chapter that was published with the release that is corrected
    /// stays as it stands there instead, and so does the title: that tells nobody anything new.
    pub(super) fn check_text(
        &self,
        shell: &Shell,
        (Text { report, explained, chapters, .. }, published): (&mut Text, Option<&Document>),
        (hidden, before): (&BTreeMap<Place, BTreeSet<i64>>, &BTreeSet<Place>),
        threshold: Threshold,
    ) -> Result<(), Failure> {
        let before_of_tables = self.outside.before.hidden(self.head.content.subject.id());
        let mut hiding = Hiding { before: before_of_tables, ..Hiding::default() };
        for id in report.subjects.keys() {
            let name = self.subject(id);
            for (place, numbers) in hidden.iter().filter(|(place, _)| place.subject == name) {
                hiding.places.insert((id.clone(), place.cell.clone()));
                hiding.counts.entry(id.clone()).or_default().extend(numbers);
            }
            let then = before.iter().filter(|place| place.subject == name);
            hiding.before.extend(then.map(|place| (id.clone(), place.cell.clone())));
        }
        let vocabulary = &shell.vocabulary;
        let telling = shows_hidden(vocabulary, report, &hiding, threshold);
        let name = |chapter: &check::Chapter| match &chapter.subject {
            Some(subject) => format!("{}.{subject}", chapter.section),
            None => chapter.section.clone(),
        };
        let mut places = Vec::new();
        for chapter in telling {
            let subject = chapter.subject.as_deref().map(|id| self.subject(id)).unwrap_or_default();
            let is_it = |one: &Chapter| {
                one.section == chapter.section
                    && one.subject == subject
                    && one.text == chapter.narrative.markdown
            };
            let own = chapters.iter_mut().find(|one| is_it(one));
            match own
                .zip(published.and_then(|before| before.chapters.iter().find(|one| is_it(one))))
            {
                Some((own, published)) => own.shown_text.clone_from(&published.shown_text),
                None => places.push(name(chapter)),
            }
        }
        let says = |words: &str, subject: Option<&str>| {
            words_show_hidden(vocabulary, words, (report, subject), &hiding)
        };
        let title = &self.head.content.title;
        let is_new = published.is_none_or(|before| before.title != *title);
        if is_new && says(title, None) {
            places.push("title".to_owned());
        }
        let explaining = explained
            .iter()
            .filter(|(explanation, subject)| says(&explanation.text, subject.as_deref()));
        places.extend(explaining.map(|(explanation, _)| explanation.finding.clone()));
        if places.is_empty() {
            return Ok(());
        }
        Err(Failure::refused("RELEASE_TEXT_SHOWS_HIDDEN")
            .with("count", places.len())
            .with("chapters", places.join(", ")))
    }

    /// What a finding is in, each chapter and each figure once.
    fn places(&self, template: &Template, finding: &Finding) -> Vec<Explained> {
        let name = |id: &Option<String>| id.as_deref().map(|id| self.subject(id));
        let chapter = |section: &str| {
            let known = template.section(section);
            // A release is printed in Swedish.
            let heading = known.map_or(section, |known| known.title.of(Language::Swedish));
            Part::Chapter { section: section.to_owned(), heading: heading.to_owned() }
        };
        let mut places: Vec<Explained> = Vec::new();
        for place in &finding.concerned {
            let (subject, part) = match place {
                At::Text { subject, section, span: _ } | At::Section { subject, section } => {
                    (name(subject), chapter(section))
                }
                At::Cell { subject, cell } => {
                    (Some(self.subject(subject)), Part::Figure(cell.clone()))
                }
            };
            let (subject, part) = (subject.unwrap_or_default(), Some(part));
            let place = Explained { subject, part };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        if let (Some(subject), true) = (name(&finding.subject), places.is_empty()) {
            places.push(Explained { subject, part: None });
        }
        places
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
    /// What explains findings, and whom those are about.
    pub(super) explained: Vec<(Explanation, Option<String>)>,
    /// The keys of findings that nobody has explained.
    pub(super) open: Vec<String>,
    /// True when a de-identified list goes out with it.
    pub(super) has_list: bool,
    report: check::Report,
}
