//! Taking an import back as one, with a reason.

use axum::{extract::Path, response::Response};
use platform::convert::instant;
use proto::participant::{ParticipantImport, UndoParticipantImportRequest};
use tonic::Status;

use super::{address, client, imports, may};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::{Back, Fact, form_page_with_facts},
    },
    format,
    layout::Visit,
    reads::id_of,
    sign_in::see_other,
};

/// The form.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Path((team, import)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let import = read(&visit, &team, &import).await?;
    let form = form(&visit, &team, &import);
    Ok(page(&visit, &team, &import, form))
}

/// Takes the import back and shows the team's imports; or shows the form again, with what
/// is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path((team, import)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let import = read(&visit, &team, &import).await?;
    let mut form = form(&visit, &team, &import);
    form.fill(&posted);
    let answer = undo(&visit, &import, &posted, &mut form).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&team), None));
    }
    Ok(page(&visit, &team, &import, form))
}

async fn undo(
    visit: &Visit,
    import: &ParticipantImport,
    posted: &Posted,
    form: &mut Form,
) -> Result<(), Status> {
    let reason = form.text("reason", "reason");
    if reason.is_empty() {
        form.wrong("reason", "FIELD_MISSING", "");
    }
    let request = UndoParticipantImportRequest {
        name: import.name.clone(),
        etag: posted.get("etag").to_owned(),
        reason,
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    client(visit).undo_participant_import(visit.request(request)?).await.map(|_| ())
}

async fn read(visit: &Visit, team: &str, id: &str) -> Result<ParticipantImport, Trouble> {
    may(visit, team)?;
    let imports = imports(visit, team).await.map_err(|status| Trouble::of(visit, &status))?;
    let found = imports.into_iter().find(|import| id_of(&import.name) == id);
    found.ok_or_else(|| Trouble::no_such_page(visit))
}

fn form(visit: &Visit, team: &str, import: &ParticipantImport) -> Form {
    let language = visit.reader.language;
    let action = format!("{}/{}/undo", address(team), id_of(&import.name));
    let mut form = Form::new(visit, action, "list-undo");
    form.etag.clone_from(&import.etag);
    let reason = Input::new(language, "reason", "role-reason", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![reason.help(language, "list-undo-help")]));
    form
}

fn page(visit: &Visit, team: &str, import: &ParticipantImport, form: Form) -> Response {
    let back = Back::to(address(team), visit.t("lists-heading"));
    let facts = vec![
        Fact::new(visit, "list-taken-in", format::day(import.time.as_ref().and_then(instant))),
        Fact::new(visit, "list-cases", format::whole(import.cases)),
    ];
    let (title, intro) = (visit.t("list-undo-heading"), visit.t("list-undo-intro"));
    form_page_with_facts(visit, title, back, intro, facts, form)
}
