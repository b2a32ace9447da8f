//! People: found by personal number, in the body of a form and never in an address, and
//! shown with their referrals.

use proto::participant::{
    GetParticipantRequest, Participant, participant_service_client::ParticipantServiceClient,
};
use tonic::Status;

pub(crate) mod change;
pub(crate) mod detail;
pub(crate) mod find;
pub(crate) mod list;
pub(crate) mod merge;
pub(crate) mod protect;
pub(crate) mod transfer;

use super::{
    code,
    layout::Visit,
    reads::{self, id_of},
};

/// A person, ready to be shown.
pub(crate) struct PersonView {
    /// The id, which is also the address and says nothing of who it is.
    pub id: String,
    /// What the person is called.
    pub name: String,
    /// The personal number; empty with protected identity.
    pub number: String,
    /// The sex.
    pub sex: String,
    /// The year of birth; empty with protected identity.
    pub birth_year: String,
    /// True when nothing but the sex and the start year is kept.
    pub is_protected: bool,
}

impl PersonView {
    /// Makes a person ready to be shown.
    #[must_use]
    pub(crate) fn of(visit: &Visit, person: &Participant) -> Self {
        let identity = person.identity.clone().unwrap_or_default();
        let name = format!("{} {}", identity.given_name, identity.family_name);
        let is_protected = person.protected_identity;
        Self {
            id: id_of(&person.name).to_owned(),
            name: if is_protected { visit.t("person-is-protected") } else { name },
            number: shown_number(&identity.personal_number),
            sex: code::called(visit, person.sex().as_str_name()),
            birth_year: match person.birth_year {
                0 => String::new(),
                year => year.to_string(),
            },
            is_protected,
        }
    }
}

/// A personal number as people read it: `19700101-2391`.
fn shown_number(digits: &str) -> String {
    match digits.split_at_checked(8) {
        Some((day, rest)) if rest.len() == 4 => format!("{day}-{rest}"),
        _ => digits.to_owned(),
    }
}

/// Reads people, in the order they are named; each read is noted by itself.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn read_all<'a>(
    visit: &Visit,
    names: impl Iterator<Item = &'a str>,
) -> Result<Vec<PersonView>, Status> {
    let people = names.map(|name| read(visit, id_of(name)));
    let people = futures::future::try_join_all(people).await?;
    Ok(people.iter().map(|person| PersonView::of(visit, person)).collect())
}

/// Reads one person.
///
/// # Errors
/// What the service answered instead.
pub(crate) async fn read(visit: &Visit, id: &str) -> Result<Participant, Status> {
    let request = GetParticipantRequest { name: reads::name(visit, "participants", id) };
    let mut client = ParticipantServiceClient::new(visit.state.organisation.clone());
    let answer = client.get_participant(visit.request(request)?).await?.into_inner();
    answer.participant.ok_or_else(|| Status::not_found(""))
}
