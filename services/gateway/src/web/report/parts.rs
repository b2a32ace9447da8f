//! The parts of a report on its page: the chapters they have in common, and a part for
//! each team with its figures, its chapters and what is said of them.

use proto::reporting::{
    Attachment, Chapter, Comment, GetReportResponse, ReportLanguage, ShownChapter, SubjectFigures,
};

use super::{
    anchor, attachment::files, editor, figures::FiguresView, is_open, names::Names, prose,
    reference::Cells,
};
use crate::web::{attachment::FileView, format, layout::Visit, reads::id_of, rights};

/// A chapter.
#[derive(Debug, Clone)]
pub(super) struct ChapterView {
    /// Where it stands on the page.
    pub(super) anchor: String,
    /// Its section's code.
    pub(super) section: String,
    /// Whose it is, as the last part of a resource name; empty for a common one.
    pub(super) subject: String,
    /// Its heading.
    pub(super) heading: String,
    /// Its text, as HTML; empty when there is none.
    pub(super) html: String,
    /// The language of the text.
    pub(super) language: &'static str,
    /// The address of its editor, for those who write it.
    pub(super) editor: Option<String>,
    /// Its files.
    pub(super) files: Vec<FileView>,
    /// The address of its files.
    pub(super) files_address: String,
    /// What is said of it.
    pub(super) comments: Vec<CommentView>,
    /// True for the one that the table of the money belongs to.
    pub(super) has_money: bool,
}

/// What belongs to one team or area.
#[derive(Debug, Clone)]
pub(super) struct PartView {
    /// Its figures; none for a team that is no longer there.
    pub(super) figures: Option<FiguresView>,
    /// The last part of its resource name.
    pub(super) id: String,
    /// What it is called.
    pub(super) display_name: String,
    /// Its chapters.
    pub(super) chapters: Vec<ChapterView>,
    /// What is said of its figures.
    pub(super) comments: Vec<CommentView>,
}

/// A comment.
#[derive(Debug, Clone)]
pub(super) struct CommentView {
    /// The last part of its resource name.
    pub(super) id: String,
    /// The figure it is on; empty for a comment on a section.
    pub(super) on: String,
    /// What it says.
    pub(super) text: String,
    /// Who wrote it.
    pub(super) author: String,
    /// The day it was written.
    pub(super) day: String,
    /// Who dealt with it and when; none while it is open.
    pub(super) resolved: Option<(String, String)>,
}

/// Everything of a report that has a place on its page.
pub(super) struct Parts {
    /// The common chapters.
    pub(super) common: Vec<ChapterView>,
    /// The figures of the whole; none in a report on one.
    pub(super) whole: Option<PartView>,
    /// A part for each team or area.
    pub(super) teams: Vec<PartView>,
}

/// A report with all that its parts are made of.
pub(super) struct Material<'a> {
    /// Who reads it.
    pub(super) visit: &'a Visit,
    /// What its figures are called.
    pub(super) names: &'a Names,
    /// The report.
    pub(super) report: &'a GetReportResponse,
    /// What is said of it, with what is shown of each.
    pub(super) comments: Vec<(Comment, CommentView)>,
}

impl CommentView {
    /// Makes a comment ready to be shown.
    pub(super) async fn of(visit: &Visit, names: &Names, comment: &Comment) -> Self {
        let day = |time: Option<&prost_types::Timestamp>| {
            format::day(time.and_then(platform::convert::instant))
        };
        let on = match comment.figure.as_str() {
            "" => String::new(),
            figure => names.cell(figure, &comment.category),
        };
        let resolved = match comment.resolver.as_str() {
            "" => None,
            resolver => {
                let who = visit.state.display_name(resolver).await;
                Some((who, day(comment.resolve_time.as_ref())))
            }
        };
        Self {
            id: id_of(&comment.name).to_owned(),
            on,
            text: comment.text.clone(),
            author: visit.state.display_name(&comment.author).await,
            day: day(comment.create_time.as_ref()),
            resolved,
        }
    }
}

impl Material<'_> {
    /// The parts, in the order they are read.
    pub(super) fn parts(&self) -> Parts {
        let chapters: Vec<ChapterView> =
            self.report.chapters.iter().filter_map(|shown| self.chapter(shown)).collect();
        let (common, of_teams): (Vec<_>, Vec<_>) =
            chapters.into_iter().partition(|chapter| chapter.subject.is_empty());
        let mut whole = None;
        let mut teams: Vec<PartView> = Vec::new();
        for figures in &self.report.figures {
            let part = self.part(figures);
            if figures.whole { whole = Some(part) } else { teams.push(part) }
        }
        for chapter in of_teams {
            let position = teams.iter().position(|part| part.id == chapter.subject);
            let position = position.unwrap_or_else(|| {
                teams.push(PartView {
                    figures: None,
                    id: chapter.subject.clone(),
                    display_name: chapter.subject.clone(),
                    chapters: Vec::new(),
                    comments: Vec::new(),
                });
                teams.len() - 1
            });
            teams[position].chapters.push(chapter);
        }
        Parts { common, whole, teams }
    }

    fn part(&self, figures: &SubjectFigures) -> PartView {
        let language = self.visit.reader.language;
        let is_on =
            |comment: &Comment| !comment.figure.is_empty() && comment.subject == figures.subject;
        PartView {
            figures: Some(FiguresView::of(language, self.names, figures)),
            id: id_of(&figures.subject).to_owned(),
            display_name: figures.display_name.clone(),
            chapters: Vec::new(),
            comments: self.said(is_on),
        }
    }

    fn chapter(&self, shown: &ShownChapter) -> Option<ChapterView> {
        let ShownChapter { chapter, shown_text: _, references } = shown;
        let chapter = chapter.as_ref()?;
        let id = id_of(&chapter.name);
        let (section, subject) = id.split_once('.').unwrap_or((id, ""));
        let language = self.visit.reader.language;
        let cells = Cells { language, figures: &self.report.figures, subject };
        // A chapter of a team stands under the team's heading.
        let heading = if subject.is_empty() { 3 } else { 4 };
        let is_on = |comment: &Comment| {
            comment.section == section && (subject.is_empty() || id_of(&comment.subject) == subject)
        };
        Some(ChapterView {
            anchor: anchor(section, subject),
            section: section.to_owned(),
            subject: subject.to_owned(),
            heading: self.names.section(section).to_owned(),
            html: prose::html(&chapter.text, references, &cells, heading),
            language: language_code(chapter),
            editor: self.may_write(chapter, subject).then(|| editor(&chapter.name)),
            files: chapter.attachments.iter().map(file).collect(),
            files_address: files(&chapter.name),
            comments: self.said(is_on),
            has_money: section == "finance",
        })
    }

    fn may_write(&self, chapter: &Chapter, subject: &str) -> bool {
        let Some(head) = &self.report.report else { return false };
        let principal = &self.visit.session.principal;
        let own = principal.account.to_string();
        let is_author = chapter.authors.contains(&own);
        is_open(head.state())
            && (is_author || rights::keeps_chapter(principal, &head.subject, subject))
    }

    fn said(&self, is_on: impl Fn(&Comment) -> bool) -> Vec<CommentView> {
        let here = self.comments.iter().filter(|(comment, _)| is_on(comment));
        here.map(|(_, view)| view.clone()).collect()
    }
}

/// A file as it is shown.
pub(super) fn file(file: &Attachment) -> FileView {
    let Attachment { name, file_name, media_type: _, size_bytes, sha256 } = file;
    FileView::of(name, file_name, *size_bytes, sha256)
}

/// The code of a text's language, for its mark.
pub(super) fn language_code(chapter: &Chapter) -> &'static str {
    match chapter.language() {
        ReportLanguage::English => "en",
        ReportLanguage::Swedish | ReportLanguage::Unspecified => "sv",
    }
}
