//! Which version of a programme plan a report belongs to, and its goals: out of the plan,
//! where there is one for its teams and days.

use proto::reporting::{GetReportResponse, PlanVersionOfReport, Report};

use crate::web::{
    form::{
        fields::Form,
        inputs::{Button, Choice, Input, Kind},
    },
    layout::Visit,
};

const VERSION: &str = "plan_version";
const GOALS: &str = "goals";
const LONGEST_GOALS: usize = 50_000;
/// What the button sends that fills in the goals.
pub(super) const FILL: &str = "add_goals";

/// The newest version that a report may belong to, while it says neither version nor goals.
pub(in crate::web::report) fn offered<'a>(
    report: &'a GetReportResponse,
    head: &Report,
) -> Option<&'a PlanVersionOfReport> {
    let says_nothing = head.plan_version.is_empty() && head.goals.is_empty();
    report.plan_versions.first().filter(|_| says_nothing)
}

/// A version as people call it: `Sikta, version 2.0`.
pub(in crate::web::report) fn called(visit: &Visit, version: &PlanVersionOfReport) -> String {
    let number = visit.t1("report-plan-version", "number", &version.number);
    format!("{}, {number}", version.title)
}

/// The inputs, filled in out of the newest version where the report says nothing yet.
pub(super) fn inputs(visit: &Visit, report: &GetReportResponse, head: &Report) -> [Input; 2] {
    let language = visit.reader.language;
    let offered = offered(report, head);
    let version = offered.map_or(&head.plan_version, |plan| &plan.number);
    let goals = offered.map_or(&head.goals, |plan| &plan.goals);
    let kind = match report.plan_versions.as_slice() {
        [] => Kind::Text(20),
        versions => Kind::Choice(choices(visit, versions, &head.plan_version)),
    };
    let help = match offered {
        Some(_) => "report-change-goals-filled",
        None => "report-change-goals-help",
    };
    [
        Input::new(language, VERSION, "written-report-plan", kind)
            .optional(language)
            .value(version),
        Input::new(language, GOALS, "written-report-goals", Kind::Lines(LONGEST_GOALS))
            .help(language, help)
            .value(goals.join("\n")),
    ]
}

/// None, those there are, and the one that the report names although it is not there.
fn choices(visit: &Visit, versions: &[PlanVersionOfReport], named: &str) -> Vec<Choice> {
    let none = Choice::new("", visit.t("report-change-no-plan"));
    let known = versions.iter().map(|it| Choice::new(it.number.as_str(), called(visit, it)));
    let is_unknown = !named.is_empty() && versions.iter().all(|it| it.number != named);
    let unknown = is_unknown.then(|| Choice::new(named, named));
    std::iter::once(none).chain(known).chain(unknown).collect()
}

/// The button that fills in the goals, where there is a plan to take them from.
pub(super) fn button(visit: &Visit, report: &GetReportResponse) -> Option<Button> {
    let text = visit.t("report-change-fill-goals");
    let button = Button { code: FILL, text, variant: "secondary", color: "accent" };
    (!report.plan_versions.is_empty()).then_some(button)
}

/// Fills in the goals of the version that is chosen; of the newest where none is.
pub(super) fn fill(form: &mut Form, report: &GetReportResponse) {
    let chosen = form.typed(VERSION);
    let is_it = |version: &&PlanVersionOfReport| chosen.is_empty() || version.number == chosen;
    if let Some(version) = report.plan_versions.iter().find(is_it) {
        form.set(VERSION, &version.number);
        form.set(GOALS, &version.goals.join("\n"));
        form.focus(GOALS);
    }
}
