//! Which report is due when, from whom, and how far it has come.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use values::name::{ReportTemplateName, ReportingPeriodName};
use values::{Fault, Slug};

use crate::domain::report::{self, Content, Report, Subject};
use crate::domain::reporting_period::ReportingPeriod;
use crate::domain::template::About;

/// Where a report that is due stands, from the least to the furthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// There is nothing of it.
    Missing,
    /// The figures of its team are in, and no text.
    FiguresReported,
    /// Being written.
    Draft,
    /// Sent back.
    Returned,
    /// Sent in.
    Submitted,
    /// Accepted.
    Accepted,
    /// Published.
    Published,
}

/// Which report of which period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ScheduleName {
    /// The federation.
    pub federation: Slug,
    /// The period's id.
    pub period: Slug,
    /// The template's id.
    pub template: Slug,
}

/// That a report is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// From whom.
    pub about: About,
    /// The last day to send it in.
    pub due_date: NaiveDate,
    /// Those it is due from.
    pub subjects: BTreeSet<Subject>,
}

/// What is known when reports are scheduled.
#[derive(Debug, Clone)]
pub struct ScheduleFacts {
    /// The period, when it is there.
    pub period: Option<ReportingPeriod>,
    /// Whom reports of the template are about, when it is there.
    pub template: Option<Vec<About>>,
    /// What was scheduled before.
    pub before: Option<Schedule>,
    /// All that a report about such could be due from now.
    pub subjects: BTreeSet<Subject>,
}

/// Why reports are not scheduled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such period.
    PeriodMissing,
    /// There is no such template.
    TemplateMissing,
    /// A field is wrong.
    Faulty(Fault),
}

/// Decides what is due: from all that are there now and all it was due from before, by
/// the day that is asked for, or else the day before, or else the period's.
///
/// # Errors
/// A refusal when the period or the template is not there;
/// `REPORT_SUBJECT_OF_OTHER_KIND` when the template is about others;
/// `SCHEDULE_ABOUT_STAYS` when it was about others before; `DUE_DATE_TOO_EARLY`; `SCHEDULE_EMPTY` when there is nobody.
pub fn schedule(
    about: About,
    due_date: Option<NaiveDate>,
    facts: ScheduleFacts,
) -> Result<Schedule, Refusal> {
    let ScheduleFacts { period, template, before, mut subjects } = facts;
    let period = period.ok_or(Refusal::PeriodMissing)?;
    let template = template.ok_or(Refusal::TemplateMissing)?;
    let faulty = |fault| Err(Refusal::Faulty(fault));
    if !template.contains(&about) {
        return faulty(Fault::new("about", "REPORT_SUBJECT_OF_OTHER_KIND"));
    }
    let scheduled_date = before.as_ref().map(|before| before.due_date);
    if let Some(before) = before {
        if before.about != about {
            let fault = Fault::new("about", "SCHEDULE_ABOUT_STAYS");
            return faulty(fault.with("expected", before.about.code()));
        }
        subjects.extend(before.subjects);
    }
    if subjects.is_empty() {
        return faulty(Fault::new("about", "SCHEDULE_EMPTY").with("value", about.code()));
    }
    let due_date = due_date.or(scheduled_date).unwrap_or(period.due_date());
    let last_day = period.period().last_day();
    if due_date <= last_day {
        let fault = Fault::new("due_date", "DUE_DATE_TOO_EARLY");
        return faulty(fault.with("value", due_date).with("last_day", last_day));
    }
    Ok(Schedule { about, due_date, subjects })
}

/// A report that is due, as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueReport {
    /// The template.
    pub template: Slug,
    /// Whom it is due from.
    pub subject: Subject,
    /// The last day to send it in.
    pub due_date: NaiveDate,
    /// Where it stands.
    pub state: State,
    /// True when the day has passed and it is outstanding.
    pub is_late: bool,
    /// Days left; negative after the day.
    pub days_left: i64,
}

/// Where each report that is being written stands, by template and subject.
pub type States = BTreeMap<(Slug, Subject), State>;

/// How far the reports of a period have come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    /// Those that are being written or are done.
    pub reports: States,
    /// The teams whose figures are in.
    pub teams_reported: BTreeSet<Slug>,
}

impl Progress {
    /// Puts it together. Of several reports of a template on the same, the one that has
    /// come furthest counts.
    #[must_use]
    pub fn new(reports: impl IntoIterator<Item = Report>, teams_reported: BTreeSet<Slug>) -> Self {
        let mut states = States::new();
        for report in reports {
            let state = State::from(report.state());
            let Content { template, subject, .. } = report.content;
            let furthest = states.entry((template.id, subject)).or_insert(state);
            *furthest = state.max(*furthest);
        }
        Self { reports: states, teams_reported }
    }

    fn of(&self, template: &Slug, subject: &Subject) -> State {
        let written = self.reports.get(&(template.clone(), subject.clone())).copied();
        let is_reported = match subject {
            Subject::Team(team) => self.teams_reported.contains(team),
            Subject::Area(_) | Subject::Federation => false,
        };
        let unwritten = if is_reported { State::FiguresReported } else { State::Missing };
        written.unwrap_or(unwritten)
    }
}

/// What is due by some schedules, in order of template and subject.
#[must_use]
pub fn due_reports(
    schedules: &[(ScheduleName, Schedule)],
    progress: &Progress,
    today: NaiveDate,
) -> Vec<DueReport> {
    let of_schedule = |(name, schedule): &(ScheduleName, Schedule)| {
        let (template, due_date) = (name.template.clone(), schedule.due_date);
        let due_report = |subject: &Subject| {
            let state = progress.of(&template, subject);
            DueReport {
                template: template.clone(),
                subject: subject.clone(),
                due_date,
                state,
                is_late: state.is_outstanding() && due_date < today,
                days_left: (due_date - today).num_days(),
            }
        };
        schedule.subjects.iter().map(due_report).collect::<Vec<_>>()
    };
    let mut due: Vec<DueReport> = schedules.iter().flat_map(of_schedule).collect();
    due.sort_by(|one, other| (&one.template, &one.subject).cmp(&(&other.template, &other.subject)));
    due
}

impl From<report::State> for State {
    fn from(state: report::State) -> Self {
        match state {
            report::State::Draft => Self::Draft,
            report::State::Submitted => Self::Submitted,
            report::State::Returned => Self::Returned,
            report::State::Accepted => Self::Accepted,
            report::State::Published => Self::Published,
        }
    }
}

impl State {
    /// True while somebody has to send it in.
    #[must_use]
    pub fn is_outstanding(self) -> bool {
        match self {
            State::Missing | State::FiguresReported | State::Draft | State::Returned => true,
            State::Submitted | State::Accepted | State::Published => false,
        }
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            State::Missing => "missing",
            State::FiguresReported => "figures_reported",
            State::Draft => "draft",
            State::Submitted => "submitted",
            State::Returned => "returned",
            State::Accepted => "accepted",
            State::Published => "published",
        }
    }
}

impl ScheduleName {
    /// The schedule of a template in a period.
    #[must_use]
    pub fn of(period: &ReportingPeriodName, template: &ReportTemplateName) -> Self {
        Self {
            federation: period.federation.clone(),
            period: period.id.clone(),
            template: template.id.clone(),
        }
    }

    /// Reads a name.
    ///
    /// # Errors
    /// `NAME_MALFORMED` for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let slug = |part: &str| Slug::parse(field, part).ok();
        let ids = match text.split('/').collect::<Vec<_>>().as_slice() {
            ["federations", federation, "reportSchedules", id] => {
                let (period, template) = id.split_once('.').unwrap_or_default();
                slug(federation).zip(slug(period)).zip(slug(template))
            }
            _ => None,
        };
        let ((federation, period), template) = ids.ok_or_else(|| {
            let form = "federations/{federation}/reportSchedules/{period}.{template}";
            Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
        })?;
        Ok(Self { federation, period, template })
    }

    /// The period's name.
    #[must_use]
    pub fn period_name(&self) -> ReportingPeriodName {
        ReportingPeriodName::new(self.federation.clone(), self.period.clone())
    }

    /// The template's name.
    #[must_use]
    pub fn template_name(&self) -> ReportTemplateName {
        ReportTemplateName::new(self.federation.clone(), self.template.clone())
    }
}

impl fmt::Display for ScheduleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { federation, period, template } = self;
        write!(formatter, "federations/{federation}/reportSchedules/{period}.{template}")
    }
}

#[cfg(test)]
mod tests;
