//! Explaining a finding that stays, and taking an explanation back.

use super::{Explanation, Report, State};

/// Why a finding is not explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExplainRefusal {
    /// The report is accepted already.
    StateForbids(State),
    /// The report has no such finding.
    FindingUnknown,
}

/// Why an explanation is not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithdrawRefusal {
    /// The report is accepted already.
    StateForbids(State),
    /// There is no such explanation.
    ExplanationUnknown,
}

/// Explains a finding, in place of an earlier explanation. `is_found` tells whether
/// the report has such a finding.
///
/// # Errors
/// What forbids it.
pub fn explain(
    mut report: Report,
    key: &str,
    explanation: Explanation,
    is_found: bool,
) -> Result<Report, ExplainRefusal> {
    if !takes_explanations(report.state()) {
        return Err(ExplainRefusal::StateForbids(report.state()));
    }
    if !is_found {
        return Err(ExplainRefusal::FindingUnknown);
    }
    report.explanations.insert(key.to_owned(), explanation);
    report.revision += 1;
    Ok(report)
}

/// Takes an explanation back; also one whose finding is no longer there.
///
/// # Errors
/// What forbids it.
pub fn withdraw(mut report: Report, key: &str) -> Result<Report, WithdrawRefusal> {
    if !takes_explanations(report.state()) {
        return Err(WithdrawRefusal::StateForbids(report.state()));
    }
    if report.explanations.remove(key).is_none() {
        return Err(WithdrawRefusal::ExplanationUnknown);
    }
    report.revision += 1;
    Ok(report)
}

/// A figure may come in late, so that there is something to explain also after the
/// report is handed in, and after it is published: what corrects it prints that.
fn takes_explanations(state: State) -> bool {
    match state {
        State::Draft | State::Returned | State::Submitted | State::Published => true,
        State::Accepted => false,
    }
}
