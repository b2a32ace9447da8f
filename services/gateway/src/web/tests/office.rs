//! The pages of what the office plans, steers, schedules and registers, for the checks that
//! every page has to pass.

/// Every page of these, and somebody who may open it.
pub(super) const PAGES: &[(&str, &str)] = &[
    ("maria", "/due-reports"),
    ("maria", "/due-reports/schedule"),
    (
        "maria",
        "/due-reports/remind?period=2025h1&template=status-report-1&subject=teams/hallstahammar",
    ),
    ("maria", "/reporting-periods/new"),
    ("leila", "/report-templates"),
    ("maria", "/report-templates/egen-1"),
    ("maria", "/report-templates/new?from=egen-1"),
    ("maria", "/national-follow-up?year=2025"),
    ("olle", "/planning"),
    ("maria", "/planning/plans/sikta"),
    ("maria", "/planning/plans/new"),
    ("maria", "/planning/plans/sikta/versions/new"),
    ("maria", "/planning/plans/sikta/held/2025h1"),
    ("leila", "/planning/local-goals"),
    ("leila", "/planning/local-goals/new"),
    ("leila", "/planning/local-goals/g1/change"),
    ("maria", "/planning/steering-groups"),
    ("maria", "/planning/steering-groups/norra"),
    ("maria", "/planning/steering-groups/new"),
    ("maria", "/planning/steering-groups/norra/change"),
    ("maria", "/planning/steering-groups/norra/meetings/new"),
    ("maria", "/planning/steering-groups/norra/meetings/m1/change"),
    ("maria", "/releases/r1-1/restate"),
    ("maria", "/statistics/definitions"),
    ("olle", "/statistics/definitions/layouts/alder"),
    ("olle", "/statistics/definitions/bandings/alder"),
    ("olle", "/statistics/definitions/questionnaires/egen-2025"),
    ("maria", "/statistics/definitions/new-layout"),
    ("maria", "/statistics/definitions/new-banding?dimension=BANDED_DIMENSION_AGE"),
    ("maria", "/statistics/definitions/new-banding?dimension=BANDED_DIMENSION_LIVELIHOOD"),
    ("maria", "/statistics/definitions/new-questionnaire"),
];

/// Every form of these, somebody who may send it, and something wrong to type into it.
pub(super) const FORMS: &[(&str, &str, (&str, &str))] = &[
    ("maria", "/due-reports/schedule", ("due_date", "x")),
    ("maria", "/reporting-periods/new", ("year", "x")),
    ("maria", "/report-templates/new", ("id", "")),
    ("maria", "/planning/plans/new", ("approval_date", "x")),
    ("maria", "/planning/plans/sikta/versions/new", ("funding", "x")),
    ("maria", "/planning/plans/sikta/held/2025h1", ("line-0-held", "x")),
    ("leila", "/planning/local-goals/new", ("half-1-text", "x")),
    ("leila", "/planning/local-goals/g1/change", ("half-2-text", "x")),
    ("maria", "/planning/steering-groups/norra/meetings/new", ("day", "x")),
    ("maria", "/planning/steering-groups/norra/meetings/m1/change", ("line-0-number", "x")),
    ("maria", "/statistics/definitions/new-questionnaire", ("line-0-most", "x")),
];
