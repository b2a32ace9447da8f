//! Uploading a list: the file is read, kept sealed, and its columns are guessed.

use axum::{extract::Path, response::Response};
use values::Fault;

use super::{
    columns::{self, Columns},
    may, outcome,
    overview::ListsPage,
};
use crate::{
    text, uploaded_list,
    uploaded_list::Content,
    web::{
        error_page::{Trouble, borrowed},
        form::{
            fields::Form,
            inputs::{Group, Input, Kind},
            page::{Back, form_page},
        },
        layout::{Reader, Visit},
        upload::Upload,
    },
};

/// The form that uploads a list.
pub(super) fn form(visit: &Visit, team: &str) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, super::address(team), "list-upload");
    let file = Input::new(language, "file", "attachment-file", Kind::File);
    form.groups.push(Group::plain(vec![file.help(language, "list-file-help")]));
    form
}

/// Shows the columns of the list; or the page again, with what is wrong with the file.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    mut visit: Visit,
    Path(team): Path<String>,
    upload: Upload,
) -> Result<Response, Trouble> {
    may(&visit, &team)?;
    let (_, file) = upload.accept(&visit).await?;
    let content = match file.content.map(Content::new) {
        Some(content) if content.is_empty() => Err(visit.t("list-no-file")),
        Some(content) => Ok(content),
        None if file.name.is_empty() => Err(visit.t("list-no-file")),
        None => Err(visit.t("attachment-too-large")),
    };
    let content = match content {
        Ok(content) => content,
        Err(said) => return refused(&visit, &team, said).await,
    };
    let table = match outcome::table(&visit, content.clone()).await {
        Ok(table) => table,
        Err(fault) => return refused(&visit, &team, in_words(&visit, &fault)).await,
    };
    let kept = uploaded_list::keep(&visit.state, &visit.session, &team, &content).await;
    let key = kept.map_err(|failure| Trouble::of(&visit, &failure.into()))?;
    let guessed = Columns::guessed(&table);
    let form = columns::form(&visit, &team, &key, (&table, &guessed));
    // A language that is chosen now leads back to where the list can be uploaded anew.
    visit.reader = Reader { address: super::address(&team), ..visit.reader };
    let back = Back::to(super::address(&team), visit.t("lists-heading"));
    let (title, intro) = (visit.t("list-columns-heading"), visit.t("list-columns-intro"));
    Ok(form_page(&visit, title, back, intro, form))
}

/// The page with the upload, and what is wrong with the file.
pub(super) async fn refused(visit: &Visit, team: &str, said: String) -> Result<Response, Trouble> {
    let mut page = ListsPage::read(visit, team).await?;
    page.say_of_upload(said);
    Ok(page.show())
}

/// What a fault of the whole file says.
pub(super) fn in_words(visit: &Visit, fault: &Fault) -> String {
    let facts: Vec<(String, String)> =
        fault.facts.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect();
    text::reason(visit.reader.language, fault.reason, &borrowed(&facts))
}
