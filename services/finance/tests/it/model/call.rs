//! One call: by whom, for what, under which request id, and what came of it.

use platform::failure::Problem;
use tonic::{Code, Status};

use super::{actor::Actor, reference::Asks};

#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) actor: Actor,
    pub(super) asks: Asks,
    pub(super) request_id: String,
}

/// The response as it was sent, or why there is none.
pub(super) type Answer = Result<Vec<u8>, Status>;

/// What an answer says, in the model's words.
pub(super) fn said(answer: &Answer) -> String {
    let Err(status) = answer else {
        return "OK".to_owned();
    };
    let problem = Problem::of(status);
    let mut faults: Vec<&str> = problem.faults.iter().map(|fault| fault.reason.as_str()).collect();
    faults.sort_unstable();
    if faults.is_empty() { problem.reason } else { faults.join(" ") }
}

/// True when nobody knows what came of it, and the caller is to ask again.
pub(super) fn is_away(answer: &Answer) -> bool {
    answer.as_ref().is_err_and(|status| Problem::of(status).code == Code::Unavailable)
}
