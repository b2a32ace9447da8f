//! The inputs of a version: what stands in it once, and its goals, activities and budgeted
//! participants line by line.

use proto::{
    participant::Livelihood,
    reporting::{
        BudgetedParticipants, GoalLevel, PlanGoal, PlannedActivity, ProgrammePlanVersion,
        QuantitativeGoal, TargetGroup,
    },
};

use super::livelihood_code;
use crate::web::{
    code,
    form::{
        Posted,
        fields::Form,
        inputs::{Button, Choice, Group, Input, Kind},
    },
    format,
    layout::Visit,
    reads::id_of,
};

/// What a version has several of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Goals.
    Goal,
    /// Activities.
    Activity,
    /// Budgeted participants.
    Budget,
}

impl Part {
    const ALL: [Part; 3] = [Part::Goal, Part::Activity, Part::Budget];

    /// What it is called in ids.
    pub(super) fn code(self) -> &'static str {
        match self {
            Part::Goal => "goal",
            Part::Activity => "activity",
            Part::Budget => "budget",
        }
    }

    /// The button for one more, and its text.
    fn adding(self) -> (&'static str, &'static str) {
        match self {
            Part::Goal => ("add_goal", "plan-add-goal"),
            Part::Activity => ("add_activity", "plan-add-activity"),
            Part::Budget => ("add_budget", "plan-add-budget"),
        }
    }

    /// The most that a plan may have.
    fn most(self) -> usize {
        match self {
            Part::Goal => 50,
            Part::Activity | Part::Budget => 200,
        }
    }

    /// The id of an input.
    pub(super) fn id(self, line: usize, field: &str) -> String {
        format!("{}-{line}-{field}", self.code())
    }
}

/// How many lines of each part a form has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lines([usize; 3]);

impl Lines {
    /// Those of a version, and one more of each.
    pub(super) fn of(version: &ProgrammePlanVersion) -> Self {
        let ProgrammePlanVersion { goals, activities, budgeted_participants, .. } = version;
        Self([goals.len() + 1, activities.len() + 1, budgeted_participants.len() + 1])
    }

    /// Those of a form that was posted, and one more where it was asked for.
    pub(super) fn posted(posted: &Posted) -> Self {
        Self(Part::ALL.map(|part| {
            let lines = posted.get(part.code()).parse().unwrap_or(1).clamp(1, part.most());
            let is_added = posted.get("step") == part.adding().0;
            if is_added { (lines + 1).min(part.most()) } else { lines }
        }))
    }

    /// The part that one more was asked for of.
    pub(super) fn added(posted: &Posted) -> Option<Part> {
        Part::ALL.into_iter().find(|part| posted.get("step") == part.adding().0)
    }

    /// Of a part.
    pub(super) fn count(self, part: Part) -> usize {
        let Self([goals, activities, budgets]) = self;
        match part {
            Part::Goal => goals,
            Part::Activity => activities,
            Part::Budget => budgets,
        }
    }
}

/// Puts the inputs into a form, with what a version says to begin with.
pub(super) fn add(
    visit: &Visit,
    form: &mut Form,
    teams: &[Choice],
    begins: &ProgrammePlanVersion,
    lines: Lines,
) {
    for part in Part::ALL {
        form.hidden.push((part.code(), lines.count(part).to_string()));
        let (code, text_id) = part.adding();
        let text = visit.t(text_id);
        form.buttons.push(Button { code, text, variant: "secondary", color: "accent" });
    }
    form.groups.extend(head(visit, begins));
    form.groups.push(teams_of(visit, teams, begins));
    form.groups.extend(target_group(visit, &begins.target_group.clone().unwrap_or_default()));
    form.groups.push(norms(visit, begins));
    let heading =
        |id: &str, help_id: &str| Group::heading(visit.t(id)).help(visit.reader.language, help_id);
    form.groups.push(heading("plan-goals", "plan-goals-help"));
    for line in 0..lines.count(Part::Goal) {
        form.groups.push(goal(visit, line, begins.goals.get(line)));
    }
    form.groups.push(heading("plan-activities", "plan-activities-help"));
    for line in 0..lines.count(Part::Activity) {
        form.groups.push(activity(visit, line, begins.activities.get(line)));
    }
    form.groups.push(heading("plan-budgeted", "plan-budgeted-help"));
    for line in 0..lines.count(Part::Budget) {
        form.groups.push(budget(visit, teams, line, begins.budgeted_participants.get(line)));
    }
}

fn head(visit: &Visit, begins: &ProgrammePlanVersion) -> Vec<Group> {
    let language = visit.reader.language;
    let input = |id: &str, label_id: &str, kind| Input::new(language, id, label_id, kind);
    let period = begins.period.unwrap_or_default();
    let day = |day: Option<&proto::Date>| format::date(day);
    vec![
        Group::plain(vec![
            input("title", "plan-title", Kind::Text(200)).value(&begins.title),
            // Another version has a number and a decision of its own.
            input("number", "plan-number", Kind::Text(7)).help(language, "plan-number-help"),
            input("approved_by", "plan-approved-by", Kind::Text(200))
                .help(language, "plan-approved-by-help"),
            input("approval_date", "plan-approval-date", Kind::Day),
        ]),
        Group::row(
            visit.t("plan-period"),
            vec![
                input("first_day", "period-first-day", Kind::Day)
                    .value(day(period.first_day.as_ref())),
                input("last_day", "period-last-day", Kind::Day)
                    .value(day(period.last_day.as_ref())),
            ],
        ),
        Group::plain(vec![
            input("direction", "plan-direction", Kind::Lines(2000))
                .optional(language)
                .value(&begins.direction),
            input("method", "plan-method", Kind::Lines(2000))
                .optional(language)
                .value(&begins.method),
        ]),
    ]
}

fn teams_of(visit: &Visit, teams: &[Choice], begins: &ProgrammePlanVersion) -> Group {
    let tick = |team: &Choice| {
        let is_in = begins.teams.iter().any(|name| id_of(name) == team.code);
        let input = Input::called(format!("team-{}", team.code), &team.text, Kind::Tick);
        input.value(if is_in { code::YES } else { "" })
    };
    let ticks = teams.iter().map(tick).collect();
    Group::counts(visit.t("plan-teams"), ticks).help(visit.reader.language, "plan-teams-help")
}

fn target_group(visit: &Visit, begins: &TargetGroup) -> Vec<Group> {
    let language = visit.reader.language;
    let input = |id: &str, label_id: &str, kind| Input::new(language, id, label_id, kind);
    let age = |age: i32| if begins.oldest == 0 { String::new() } else { age.to_string() };
    let ages = vec![
        input("youngest", "criteria-youngest", Kind::Whole).value(age(begins.youngest)),
        input("oldest", "criteria-oldest", Kind::Whole).value(age(begins.oldest)),
    ];
    let livelihoods = code::all::<Livelihood>().into_iter().map(|livelihood| {
        let id = livelihood.as_str_name();
        let is_named = begins.livelihoods.contains(&livelihood_code(livelihood));
        let input = Input::called(id, code::called(visit, id), Kind::Tick);
        input.value(if is_named { code::YES } else { "" })
    });
    vec![
        Group::row(visit.t("plan-ages"), ages),
        Group::counts(visit.t("criteria-livelihoods"), livelihoods.collect()),
        Group::plain(vec![
            input("description", "plan-target-description", Kind::Lines(2000))
                .optional(language)
                .value(&begins.description),
        ]),
    ]
}

fn norms(visit: &Visit, begins: &ProgrammePlanVersion) -> Group {
    let language = visit.reader.language;
    let input = |id: &str, label_id: &str, kind| Input::new(language, id, label_id, kind);
    let is_new = begins.name.is_empty();
    let number = |number: i32| if is_new { String::new() } else { number.to_string() };
    let funding =
        if is_new { String::new() } else { format::exact(begins.federation_funding_ore_per_year) };
    let days = begins.report_due_days.iter();
    let days: Vec<String> = days.map(|it| format!("{:02}-{:02}", it.month, it.day)).collect();
    Group::plain(vec![
        input("longest_stay", "plan-longest-stay-months", Kind::Whole)
            .value(number(begins.longest_stay_months)),
        input("intake_norm", "plan-intake-norm", Kind::Whole).value(number(begins.intake_norm)),
        input("share", "plan-share", Kind::Whole).value(number(begins.federation_share_percent)),
        input("funding", "plan-funding", Kind::Decimal).value(funding),
        input("due_days", "plan-due-days", Kind::Text(100))
            .optional(language)
            .help(language, "plan-due-days-help")
            .value(days.join(", ")),
    ])
}

fn goal(visit: &Visit, line: usize, begins: Option<&PlanGoal>) -> Group {
    let language = visit.reader.language;
    let begins = begins.cloned().unwrap_or_default();
    let is_share = begins.quantitative.is_some();
    let share: QuantitativeGoal = begins.quantitative.clone().unwrap_or_default();
    let levels = code::all::<GoalLevel>();
    let levels = code::choices(visit, levels.iter().map(GoalLevel::as_str_name));
    let level = begins.level();
    let level = if level == GoalLevel::Unspecified { "" } else { level.as_str_name() };
    let input = |field: &str, label_id: &str, kind: Kind, value: String| {
        Input::new(language, Part::Goal.id(line, field), label_id, kind).value(value)
    };
    let target = if is_share { share.target_percent.to_string() } else { String::new() };
    Group::line(
        visit.t1("plan-goal-line", "number", &(line + 1).to_string()),
        vec![
            input("level", "plan-goal-level", Kind::Choice(levels), level.to_owned()),
            input("title", "plan-goal-title", Kind::Lines(500), begins.title),
            input("target", "plan-goal-target", Kind::Whole, target),
            input("numerator", "plan-goal-numerator", Kind::Lines(500), share.numerator),
            input("denominator", "plan-goal-denominator", Kind::Lines(500), share.denominator),
            input(
                "numerator_cells",
                "plan-goal-numerator-cells",
                Kind::Text(2000),
                share.numerator_cells.join(" "),
            ),
            input(
                "denominator_cells",
                "plan-goal-denominator-cells",
                Kind::Text(2000),
                share.denominator_cells.join(" "),
            ),
            input(
                "destinations",
                "plan-goal-destinations",
                Kind::Text(2000),
                share.destinations.join(" "),
            ),
        ],
    )
}

fn activity(visit: &Visit, line: usize, begins: Option<&PlannedActivity>) -> Group {
    let language = visit.reader.language;
    let begins = begins.cloned().unwrap_or_default();
    let input = |field: &str, label_id: &str, kind: Kind, value: String| {
        Input::new(language, Part::Activity.id(line, field), label_id, kind).value(value)
    };
    let given = |number: Option<i32>| number.map(|it| it.to_string()).unwrap_or_default();
    let per_area = if begins.is_per_area { code::YES } else { "" };
    Group::line(
        visit.t1("plan-activity-line", "number", &(line + 1).to_string()),
        vec![
            input("half_year", "plan-activity-half-year", Kind::Text(6), begins.half_year),
            input("title", "plan-activity-title", Kind::Text(200), begins.title),
            input("least", "plan-activity-least", Kind::Whole, given(begins.least)),
            input("most", "plan-activity-most", Kind::Whole, given(begins.most)),
            input("id", "plan-activity-id", Kind::Text(63), begins.id),
            input("per_area", "plan-activity-per-area", Kind::Tick, per_area.to_owned()),
        ],
    )
}

fn budget(
    visit: &Visit,
    teams: &[Choice],
    line: usize,
    begins: Option<&BudgetedParticipants>,
) -> Group {
    let language = visit.reader.language;
    let choose = Choice::new("", visit.t("choose"));
    let teams = std::iter::once(choose).chain(teams.iter().cloned()).collect();
    let input = |field: &str, label_id: &str, kind: Kind, value: String| {
        Input::new(language, Part::Budget.id(line, field), label_id, kind).value(value)
    };
    let of =
        |value: &dyn Fn(&BudgetedParticipants) -> String| begins.map(value).unwrap_or_default();
    let given = |number: Option<i64>| number.map(|it| it.to_string()).unwrap_or_default();
    Group::line(
        visit.t1("plan-budget-line", "number", &(line + 1).to_string()),
        vec![
            input("year", "plan-budget-year", Kind::Whole, of(&|it| it.year.to_string())),
            input("team", "role-team", Kind::Choice(teams), of(&|it| id_of(&it.team).to_owned())),
            input("total", "plan-budget-total", Kind::Whole, of(&|it| it.total.to_string())),
            input("women", "plan-budget-women", Kind::Whole, of(&|it| given(it.women))),
            input("men", "plan-budget-men", Kind::Whole, of(&|it| given(it.men))),
        ],
    )
}
