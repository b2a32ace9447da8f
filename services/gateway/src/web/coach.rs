//! Who can be a person's coach: those whom the owning party gave the role in the team,
//! to choose from by name; where there are none, a username is typed.

use tonic::Status;
use values::name::{PartyName, TeamName};

use super::{
    form::{
        fields::Form,
        inputs::{Choice, Input, Kind},
    },
    layout::Visit,
    reads,
};

/// The coaches of a team for the people of a party, by name.
///
/// # Errors
/// When the gateway's database cannot be read.
pub(crate) async fn choices(visit: &Visit, team: &str, party: &str) -> Result<Vec<Choice>, Status> {
    let (Ok(team), Ok(party)) = (TeamName::parse("team", team), PartyName::parse("party", party))
    else {
        return Ok(Vec::new());
    };
    let coaches = visit.state.coaches(&team, &party).await?;
    Ok(coaches.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect())
}

/// The input of a coach.
#[must_use]
pub(crate) fn input(visit: &Visit, coaches: Vec<Choice>) -> Input {
    let language = visit.reader.language;
    if coaches.is_empty() {
        let typed = Input::new(language, "coach", "enrolment-coach", Kind::Text(63));
        return typed.help(language, "enrolment-coach-help");
    }
    let first = Choice::new("", visit.t("choose"));
    let kind = Kind::Choice(std::iter::once(first).chain(coaches).collect());
    let chosen = Input::new(language, "coach", "enrolment-coach-choice", kind);
    chosen.help(language, "enrolment-coach-choice-help")
}

/// The account that is chosen or typed, for a field of the message.
pub(crate) fn read(visit: &Visit, form: &mut Form, field: &str) -> String {
    let coach = form.needed("coach", field).to_lowercase();
    reads::name(visit, "accounts", &coach)
}
