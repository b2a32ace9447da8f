//! The steps of a report's way, and who may take them.

use chrono::{DateTime, Utc};
use values::name::{AccountName, ReleasedTableName};

use super::{Report, State, Step};

/// A step that somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It is handed in.
    Submit {
        /// The newest table of counts that it shows.
        newest_table: Option<ReleasedTableName>,
    },
    /// It is given back.
    Return {
        /// Why.
        reason: String,
    },
    /// It is accepted, with these findings at that time, by key.
    Accept {
        /// The keys of all findings.
        findings: Vec<String>,
    },
    /// It is published.
    Publish,
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepRefusal {
    /// Somebody else changed the report since it was read.
    Stale,
    /// The report does not stand where the step begins.
    StateForbids(State),
    /// Whoever submitted does not accept.
    FourEyes,
    /// Findings that nobody has explained, by key.
    FindingsOpen(Vec<String>),
}

impl Action {
    /// The state it leads to.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::Submit { newest_table: _ } => State::Submitted,
            Self::Return { reason: _ } => State::Returned,
            Self::Accept { findings: _ } => State::Accepted,
            Self::Publish => State::Published,
        }
    }

    fn begins_at(&self, state: State) -> bool {
        match self {
            Self::Submit { newest_table: _ } => matches!(state, State::Draft | State::Returned),
            // A finding may come up after the report was accepted, with figures that come late.
            Self::Return { reason: _ } => matches!(state, State::Submitted | State::Accepted),
            Self::Accept { findings: _ } => state == State::Submitted,
            Self::Publish => state == State::Accepted,
        }
    }
}

/// Takes a step.
///
/// # Errors
/// What forbids it.
pub fn take(
    mut report: Report,
    etag: &str,
    action: Action,
    account: AccountName,
    time: DateTime<Utc>,
) -> Result<Report, StepRefusal> {
    if etag != report.etag() {
        return Err(StepRefusal::Stale);
    }
    if !action.begins_at(report.state()) {
        return Err(StepRefusal::StateForbids(report.state()));
    }
    let state = action.state();
    let mut step = Step { state, account, time, reason: String::new(), newest_table: None };
    match action {
        Action::Publish => {}
        Action::Submit { newest_table } => step.newest_table = newest_table,
        Action::Return { reason } => step.reason = reason,
        Action::Accept { findings } => {
            if report.was_submitted_by(&step.account) {
                return Err(StepRefusal::FourEyes);
            }
            let is_open = |key: &String| !report.explanations.contains_key(key);
            let open: Vec<String> = findings.into_iter().filter(is_open).collect();
            if !open.is_empty() {
                return Err(StepRefusal::FindingsOpen(open));
            }
        }
    }
    report.steps.push(step);
    report.revision += 1;
    Ok(report)
}
