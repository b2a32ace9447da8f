//! The head of a report, and its way from draft to publication with four eyes.
//!
//! A report is changed while it is a draft or returned. Whoever submitted it never
//! accepts it; and it is accepted only when each of its findings is explained.

mod content;
mod explain;
mod step;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::{DateTime, Utc};
use values::name::{
    AccountName, AreaName, ReleasedTableName, ReportTemplateName, ReportingPeriodName, TeamName,
};
use values::{Fault, Slug};

pub use content::{ContentFacts, CreateRefusal, UpdateRefusal, create, update};
pub use explain::{ExplainRefusal, WithdrawRefusal, explain, withdraw};
pub use step::{Action, StepRefusal, take};

use crate::domain::figures::Figures;
use crate::domain::template::About;

/// What the whole of a report is called among its subjects.
pub const WHOLE: &str = "federation";
/// The most goals a report has.
pub const MOST_GOALS: usize = 100;
/// The most cells a report states.
pub const MOST_STATED: usize = 5000;

/// The head of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What was written in it.
    pub content: Content,
    /// Every step so far, in order; at least the one that drafted it.
    pub steps: Vec<Step>,
    /// What explains its findings, by key.
    pub explanations: BTreeMap<String, Explanation>,
    /// How often it was written.
    pub revision: i32,
}

/// What is written in the head of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The template.
    pub template: ReportTemplateName,
    /// The period.
    pub period: ReportingPeriodName,
    /// Whom it is about.
    pub subject: Subject,
    /// What it is called.
    pub title: String,
    /// The registry number; empty while it has none.
    pub dnr: String,
    /// The version of the programme plan; empty for none.
    pub plan_version: String,
    /// The goals it reports on.
    pub goals: Vec<String>,
    /// The teams whose figures are counted from records.
    pub derived: BTreeSet<Slug>,
    /// What is stated in it, by the subject's id.
    pub stated: BTreeMap<String, Figures>,
}

/// Whom a report is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The federation, with its teams.
    Federation,
    /// An area, as one.
    Area(Slug),
    /// A team.
    Team(Slug),
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It is being written.
    Draft,
    /// It is handed in.
    Submitted,
    /// It was given back.
    Returned,
    /// It is accepted.
    Accepted,
    /// It never changes.
    Published,
}

/// A step of a report's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state it led to.
    pub state: State,
    /// The account that took it.
    pub account: AccountName,
    /// When.
    pub time: DateTime<Utc>,
    /// Why; empty where no reason is needed.
    pub reason: String,
    /// The newest table of counts that it was handed in with; none where nothing is counted
    /// from records.
    pub newest_table: Option<ReleasedTableName>,
}

/// What explains a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The check that the finding is of, by its code.
    pub check: String,
    /// The explanation.
    pub text: String,
    /// The account that gave it.
    pub account: AccountName,
    /// When.
    pub time: DateTime<Utc>,
}

impl Report {
    /// Where it stands.
    ///
    /// # Panics
    /// Never: drafting it is its first step.
    #[must_use]
    pub fn state(&self) -> State {
        self.steps.last().expect("a report has a step").state
    }

    /// Names this version.
    #[must_use]
    pub fn etag(&self) -> String {
        self.revision.to_string()
    }

    /// True while figures and text are written.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self.state() {
            State::Draft | State::Returned => true,
            State::Submitted | State::Accepted | State::Published => false,
        }
    }

    /// The newest table that its figures are read from while it stands as it was handed in:
    /// what somebody fetches for another report is not what was looked at and accepted.
    #[must_use]
    pub fn newest_table(&self) -> Option<&ReleasedTableName> {
        match self.state() {
            State::Submitted | State::Accepted => {
                let handed_in = self.steps.iter().rfind(|step| step.state == State::Submitted);
                handed_in.and_then(|step| step.newest_table.as_ref())
            }
            State::Draft | State::Returned | State::Published => None,
        }
    }

    /// True when the account ever submitted it.
    #[must_use]
    pub fn was_submitted_by(&self, account: &AccountName) -> bool {
        self.steps.iter().any(|step| step.state == State::Submitted && step.account == *account)
    }
}

impl State {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Draft, Self::Submitted, Self::Returned, Self::Accepted, Self::Published];

    /// Its code, as it is stored and told.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Returned => "returned",
            Self::Accepted => "accepted",
            Self::Published => "published",
        }
    }

    /// The state of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

impl Subject {
    /// Reads `federations/{federation}`, an area's or a team's name of the federation.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named; also for another federation's.
    pub fn parse(field: &str, federation: &Slug, text: &str) -> Result<Self, Fault> {
        let of_home = |of: Slug, subject| (of == *federation).then_some(subject);
        let area = || AreaName::parse(field, text).ok();
        let team = || TeamName::parse(field, text).ok();
        let subject = if text == format!("federations/{federation}") {
            Some(Self::Federation)
        } else if let Some(AreaName { federation, id }) = area() {
            of_home(federation, Self::Area(id))
        } else if let Some(TeamName { federation, id }) = team() {
            of_home(federation, Self::Team(id))
        } else {
            None
        };
        subject.ok_or_else(|| {
            let home = format!("federations/{federation}");
            let form = format!("{home}, {home}/areas/{{id}}, {home}/teams/{{id}}");
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })
    }

    /// Its resource name.
    #[must_use]
    pub fn name(&self, federation: &Slug) -> String {
        match self {
            Self::Federation => format!("federations/{federation}"),
            Self::Area(id) => AreaName::new(federation.clone(), id.clone()).to_string(),
            Self::Team(id) => TeamName::new(federation.clone(), id.clone()).to_string(),
        }
    }

    /// What it is called among a report's subjects.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Federation => WHOLE,
            Self::Area(id) | Self::Team(id) => id.as_str(),
        }
    }

    /// Its kind.
    #[must_use]
    pub fn about(&self) -> About {
        match self {
            Self::Federation => About::Federation,
            Self::Area(_) => About::Area,
            Self::Team(_) => About::Team,
        }
    }
}

/// As a role's scope is written, and as it is stored.
impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Federation => formatter.write_str("federation"),
            Self::Area(id) => write!(formatter, "area/{id}"),
            Self::Team(id) => write!(formatter, "team/{id}"),
        }
    }
}

#[cfg(test)]
mod tests;
