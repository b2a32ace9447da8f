//! Finding a person by personal number. It is posted, and leads on by an id that says
//! nothing of who it is.

use axum::response::Response;
use proto::participant::{
    FindParticipantRequest, participant_service_client::ParticipantServiceClient,
};
use tonic::{Code, Status};

use super::list;
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
    },
    layout::Visit,
    reads::id_of,
    rights,
    sign_in::see_other,
};

/// Finds the person and leads on; or shows the list again, with what is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn find(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    Trouble::unless(&visit, rights::works_with_people)?;
    let mut form = form(&visit);
    form.fill(&posted);
    match ask(&visit, &mut form).await {
        Ok(name) => return Ok(see_other(&format!("/participants/{}", id_of(&name)), None)),
        Err(status) if status.code() == Code::NotFound => {
            form.say("personal_number", visit.t("person-not-found"));
        }
        Err(status) => form.refuse(&status),
    }
    list::of(&visit, "", "", form).await
}

async fn ask(visit: &Visit, form: &mut Form) -> Result<String, Status> {
    let request = FindParticipantRequest {
        parent: visit.federation(),
        personal_number: form.text("personal_number", "personal_number"),
    };
    let mut client = ParticipantServiceClient::new(visit.state.organisation.clone());
    let answer = client.find_participant(visit.request(request)?).await?.into_inner();
    Ok(answer.participant.unwrap_or_default().name)
}

/// The form, empty.
pub(super) fn form(visit: &Visit) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, "/participants/find", "person-find");
    let number = Input::new(language, "personal_number", "person-number", Kind::Text(20));
    form.groups.push(Group::plain(vec![number.help(language, "person-number-help")]));
    form
}
