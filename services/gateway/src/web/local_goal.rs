//! The teams' local goals: the list with how they went, and the form of one.

use proto::reporting::{
    GetLocalGoalRequest, GoalOutcome, LocalGoal, local_goal_service_client::LocalGoalServiceClient,
};
use tonic::Status;

pub(crate) mod edit;
pub(crate) mod list;

use super::{layout::Visit, reads, requisition::StateView};
use crate::web::code;

/// The halves of a year, and the ids of what they are called.
const HALVES: [(i32, &str); 2] = [(1, "local-goal-first-half"), (2, "local-goal-second-half")];

/// An outcome as it is shown.
fn outcome_view(visit: &Visit, outcome: GoalOutcome) -> StateView {
    let color = match outcome {
        GoalOutcome::Unspecified | GoalOutcome::NotMeasured => "neutral",
        GoalOutcome::Reached => "success",
        GoalOutcome::Partly => "info",
        GoalOutcome::NotReached => "warning",
    };
    StateView { text: code::called(visit, outcome.as_str_name()), color }
}

/// A goal by its id.
async fn read(visit: &Visit, id: &str) -> Result<LocalGoal, Status> {
    let name = reads::name(visit, "localGoals", id);
    let mut client = client(visit);
    let request = visit.request(GetLocalGoalRequest { name })?;
    let answer = client.get_local_goal(request).await?.into_inner();
    answer.local_goal.ok_or_else(|| Status::not_found(""))
}

/// The way to the goals.
fn client(visit: &Visit) -> LocalGoalServiceClient<platform::Transport> {
    LocalGoalServiceClient::new(visit.state.reporting.clone())
}
