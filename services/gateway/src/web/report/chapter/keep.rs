//! What the editor keeps: the text and, in the same step, a file that is attached or taken
//! off. Whoever presses a button there has written before; nothing of it is lost.

use axum::response::Response;
use proto::reporting::{
    Chapter, UpdateChapterRequest, chapter_service_client::ChapterServiceClient,
};
use tonic::{Code, Status};

use super::{ChapterPage, Open, Typed, place};
use crate::web::{
    attachment::{check_size, form},
    error_page::{Trouble, http_status},
    form::{FormErrors, Place, Posted, fields::Form},
    layout::Visit,
    reads::id_of,
    report::{
        address, anchor,
        attachment::{attach, detach},
        editor, plain,
    },
    sign_in::see_other,
    upload::UploadedFile,
};

/// What a button of the editor that keeps something asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked<'a> {
    /// The text is kept, with the file that was chosen, if any.
    Save,
    /// The same for the file's sake.
    Attach,
    /// A file is taken off, by its id.
    Detach(&'a str),
}

impl<'a> Asked<'a> {
    /// Reads the value of the button; none for one that keeps nothing.
    pub(super) fn of(step: &'a str) -> Option<Self> {
        match step {
            "save" => Some(Self::Save),
            "attach" => Some(Self::Attach),
            _ => step.strip_prefix("detach ").map(Self::Detach),
        }
    }
}

impl Open {
    /// Saves the text, then what is asked for besides, and shows the report, or the editor
    /// where its files are.
    pub(super) async fn keep(
        self,
        visit: &Visit,
        mut typed: Typed,
        (asked, posted): (Asked<'_>, &Posted),
        file: UploadedFile,
    ) -> Result<Response, Trouble> {
        let is_chosen = !file.name.is_empty();
        if asked == Asked::Save || self.differs(visit, &typed) {
            match self.save(visit, &typed, posted.get("request_id")).await {
                Ok(etag) => typed.etag = etag,
                Err(refusal) => return self.refused(visit, typed, &refusal, is_chosen).await,
            }
        }
        let mut tried = form(visit, "", "");
        check_size(visit, &mut tried, &file);
        let version = (typed.etag.as_str(), posted);
        let answer = match asked {
            Asked::Save if !is_chosen => Ok(()),
            Asked::Save | Asked::Attach if tried.is_faulty() => Ok(()),
            Asked::Save | Asked::Attach => attach(visit, &self.name, version, file).await,
            Asked::Detach(id) => detach(visit, &self.name, version, id).await,
        };
        if let Err(refusal) = answer {
            tried.refuse(&refusal);
        }
        if tried.is_faulty() {
            return self.show_tried(visit, &tried).await;
        }
        let (report, _) = self.name.split_once("/chapters/").unwrap_or_default();
        let (section, team) = self.parts();
        let back = match asked {
            Asked::Save => {
                format!("{}#{}", address(id_of(report)), plain(&anchor(section, team)))
            }
            Asked::Attach | Asked::Detach(_) => format!("{}#files-heading", editor(&self.name)),
        };
        Ok(see_other(&back, None))
    }

    /// True when what is typed is not what the chapter holds.
    fn differs(&self, visit: &Visit, typed: &Typed) -> bool {
        let kept = Typed::of(&self.chapter);
        let names_others = self.may_name_authors(visit) && typed.authors != kept.authors;
        typed.text != kept.text || typed.language != kept.language || names_others
    }

    /// Saves the text; answers the version that it is now.
    async fn save(&self, visit: &Visit, typed: &Typed, request_id: &str) -> Result<String, Status> {
        let authors = if self.may_name_authors(visit) {
            typed.authors(&visit.federation())
        } else {
            self.chapter.authors.clone()
        };
        let chapter = Chapter {
            language: typed.language.into(),
            text: typed.text.clone(),
            authors,
            ..Chapter::default()
        };
        let request = UpdateChapterRequest {
            name: self.name.clone(),
            etag: typed.etag.clone(),
            chapter: Some(chapter),
            request_id: request_id.to_owned(),
            validate_only: false,
        };
        let mut client = ChapterServiceClient::new(visit.state.reporting.clone());
        let answer = client.update_chapter(visit.request(request)?).await?.into_inner();
        Ok(answer.chapter.unwrap_or_default().etag)
    }

    /// The editor with the text as it was typed, and why it is not saved.
    async fn refused(
        self,
        visit: &Visit,
        mut typed: Typed,
        refusal: &Status,
        is_chosen: bool,
    ) -> Result<Response, Trouble> {
        let mut errors = FormErrors::default();
        errors.add_all(visit.reader.language, refusal, |field| place(visit, field));
        let mut theirs = None;
        if refusal.code() == Code::Aborted {
            // What was saved meanwhile was read just now; saving again replaces it.
            theirs = Some(self.chapter.text.clone());
            typed.etag.clone_from(&self.chapter.etag);
        }
        let mut page = self.page(visit, typed).await?;
        if is_chosen {
            let said = visit.t("attachment-choose-again");
            let file = Place { id: "file".to_owned(), label: visit.t("attachment-file") };
            page.attaching.say("file", said.clone());
            errors.add(file, said);
        }
        Ok(ChapterPage { errors, theirs, status: http_status(refusal.code()), ..page }.show())
    }

    /// The editor with the text that is saved, and what is wrong with a file.
    async fn show_tried(&self, visit: &Visit, tried: &Form) -> Result<Response, Trouble> {
        let (report, chapter) = self.name.split_once("/chapters/").unwrap_or_default();
        let open = Self::read(visit, id_of(report), chapter).await?;
        let mut page = open.page(visit, Typed::of(&open.chapter)).await?;
        page.attaching.take_over(tried);
        let (errors, status) = (page.attaching.errors.clone(), page.attaching.status());
        Ok(ChapterPage { errors, status, ..page }.show())
    }
}
