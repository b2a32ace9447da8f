//! What is due, and reminders of it.

use platform::convert::{date_from_proto, date_to_proto};
use proto::reporting as pb;
use values::{
    Fault, Faults, Slug,
    name::{ReportTemplateName, ReportingPeriodName},
};

use super::programme_plan::each;
use crate::domain::due_report::{About, DueReport, Schedule, ScheduleName, State, Subject};
use crate::domain::reminder::{Kind, Reminded};

/// Reads from whom a report is due.
pub(in crate::rpc) fn about(sent: i32) -> Result<About, Fault> {
    match pb::ReportAbout::try_from(sent) {
        Ok(pb::ReportAbout::Federation) => Ok(About::Federation),
        Ok(pb::ReportAbout::Area) => Ok(About::Area),
        Ok(pb::ReportAbout::Team) => Ok(About::Team),
        Ok(pb::ReportAbout::Unspecified) | Err(_) => Err(Fault::new("about", "ENUM_UNSPECIFIED")),
    }
}

/// Reads a schedule that was recorded.
pub(in crate::rpc) fn schedule(
    recorded: pb::ReportSchedule,
) -> Result<(ScheduleName, Schedule), Faults> {
    let pb::ReportSchedule {
        name,
        reporting_period: _, // The name has it.
        template: _,         // The name has it.
        about,
        due_date,
        subjects,
        etag: _, // The revision that stands beside it.
    } = recorded;
    let mut faults = Faults::new();
    let name = faults.keep(ScheduleName::parse("name", &name));
    let about = faults.keep(self::about(about));
    let due_date = faults.keep(date_from_proto("due_date", due_date));
    let subjects = each(&mut faults, "subjects", subjects, |subject| {
        let (_, subject) = Subject::parse("", &subject)?;
        Ok(subject)
    });
    faults.into_result(|| {
        let subjects = subjects?.into_iter().collect();
        Some((name?, Schedule { about: about?, due_date: due_date?, subjects }))
    })
}

/// A schedule as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &ScheduleName,
    schedule: &Schedule,
    revision: i32,
) -> pb::ReportSchedule {
    let Schedule { about, due_date, subjects } = schedule;
    let about = match about {
        About::Federation => pb::ReportAbout::Federation,
        About::Area => pb::ReportAbout::Area,
        About::Team => pb::ReportAbout::Team,
    };
    pb::ReportSchedule {
        name: name.to_string(),
        reporting_period: name.period_name().to_string(),
        template: name.template_name().to_string(),
        about: about.into(),
        due_date: Some(date_to_proto(*due_date)),
        subjects: subjects.iter().map(|subject| subject.name(&name.federation)).collect(),
        etag: revision.to_string(),
    }
}

/// A report that is due, as it is sent.
pub(in crate::rpc) fn due_report(federation: &Slug, due: &DueReport) -> pb::DueReport {
    let DueReport { template, subject, due_date, state, is_late, days_left } = due;
    let state = match state {
        State::Missing => pb::DueReportState::Missing,
        State::FiguresReported => pb::DueReportState::FiguresReported,
        State::Draft => pb::DueReportState::Draft,
        State::Submitted => pb::DueReportState::Submitted,
        State::Returned => pb::DueReportState::Returned,
        State::Accepted => pb::DueReportState::Accepted,
        State::Published => pb::DueReportState::Published,
    };
    pb::DueReport {
        template: ReportTemplateName::new(federation.clone(), template.clone()).to_string(),
        subject: subject.name(federation),
        due_date: Some(date_to_proto(*due_date)),
        state: state.into(),
        is_late: *is_late,
        days_left: i32::try_from(*days_left).unwrap_or(i32::MAX),
    }
}

/// A reminder as it is sent and recorded, all but its name, when and by whom.
pub(in crate::rpc) fn reminder(reminded: &Reminded) -> pb::Reminder {
    let Reminded { schedule, subject, kind } = reminded;
    let kind = match kind {
        Kind::TwoWeeksLeft => pb::ReminderKind::TwoWeeksLeft,
        Kind::ThreeDaysLeft => pb::ReminderKind::ThreeDaysLeft,
        Kind::Late => pb::ReminderKind::Late,
        Kind::ByHand => pb::ReminderKind::ByHand,
    };
    pb::Reminder {
        name: String::new(),
        reporting_period: schedule.period_name().to_string(),
        template: schedule.template_name().to_string(),
        subject: subject.name(&schedule.federation),
        kind: kind.into(),
        send_time: None,
        sender: String::new(),
    }
}

/// Reads a reminder that was recorded.
pub(in crate::rpc) fn reminded(recorded: pb::Reminder) -> Result<Reminded, Faults> {
    let pb::Reminder {
        name: _, // The sequence it is recorded with.
        reporting_period,
        template,
        subject,
        kind,
        send_time: _, // Not searched.
        sender: _,    // Not searched.
    } = recorded;
    let mut faults = Faults::new();
    let period = faults.keep(ReportingPeriodName::parse("reporting_period", &reporting_period));
    let template = faults.keep(ReportTemplateName::parse("template", &template));
    let subject = faults.keep(Subject::parse("subject", &subject));
    let kind = faults.keep(match pb::ReminderKind::try_from(kind) {
        Ok(pb::ReminderKind::TwoWeeksLeft) => Ok(Kind::TwoWeeksLeft),
        Ok(pb::ReminderKind::ThreeDaysLeft) => Ok(Kind::ThreeDaysLeft),
        Ok(pb::ReminderKind::Late) => Ok(Kind::Late),
        Ok(pb::ReminderKind::ByHand) => Ok(Kind::ByHand),
        Ok(pb::ReminderKind::Unspecified) | Err(_) => Err(Fault::new("kind", "ENUM_UNSPECIFIED")),
    });
    faults.into_result(|| {
        let (_, subject) = subject?;
        Some(Reminded { schedule: ScheduleName::of(&period?, &template?), subject, kind: kind? })
    })
}
