//! What is due, and reminders of it.

use platform::convert::{date_from_proto, date_to_proto};
use proto::reporting as pb;
use values::{
    Fault, Faults, Slug,
    name::{ReportTemplateName, ReportingPeriodName},
};

use super::{programme_plan::each, report_template::about_to_proto};
use crate::domain::due_report::{DueReport, Schedule, ScheduleName, State};
use crate::domain::reminder::{Kind, Reminded};
use crate::domain::report::Subject;
use crate::domain::template::About;

/// Reads from whom a report is due.
pub(in crate::rpc) fn about(sent: i32) -> Result<About, Fault> {
    match pb::ReportSubjectKind::try_from(sent) {
        Ok(pb::ReportSubjectKind::Federation) => Ok(About::Federation),
        Ok(pb::ReportSubjectKind::Area) => Ok(About::Area),
        Ok(pb::ReportSubjectKind::Team) => Ok(About::Team),
        Ok(pb::ReportSubjectKind::Unspecified) | Err(_) => {
            Err(Fault::new("about", "ENUM_UNSPECIFIED"))
        }
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
    let subjects = name.as_ref().and_then(|name| {
        each(&mut faults, "subjects", subjects, |subject| {
            Ok(Subject::parse("", &name.federation, &subject)?)
        })
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
    pb::ReportSchedule {
        name: name.to_string(),
        reporting_period: name.period_name().to_string(),
        template: name.template_name().to_string(),
        about: about_to_proto(*about).into(),
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
    let Reminded { schedule, subject, kind, due_date } = reminded;
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
        due_date: due_date.map(date_to_proto),
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
        due_date,
    } = recorded;
    let mut faults = Faults::new();
    let period = faults.keep(ReportingPeriodName::parse("reporting_period", &reporting_period));
    let template = faults.keep(ReportTemplateName::parse("template", &template));
    let subject = period
        .as_ref()
        .and_then(|period| faults.keep(Subject::parse("subject", &period.federation, &subject)));
    let kind = faults.keep(match pb::ReminderKind::try_from(kind) {
        Ok(pb::ReminderKind::TwoWeeksLeft) => Ok(Kind::TwoWeeksLeft),
        Ok(pb::ReminderKind::ThreeDaysLeft) => Ok(Kind::ThreeDaysLeft),
        Ok(pb::ReminderKind::Late) => Ok(Kind::Late),
        Ok(pb::ReminderKind::ByHand) => Ok(Kind::ByHand),
        Ok(pb::ReminderKind::Unspecified) | Err(_) => Err(Fault::new("kind", "ENUM_UNSPECIFIED")),
    });
    let due_date = due_date.map(|sent| date_from_proto("due_date", Some(sent))).transpose();
    let due_date = faults.keep(due_date);
    faults.into_result(|| {
        let schedule = ScheduleName::of(&period?, &template?);
        Some(Reminded { schedule, subject: subject?, kind: kind?, due_date: due_date? })
    })
}
