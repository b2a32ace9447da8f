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
];

/// Every form of these, somebody who may send it, and something wrong to type into it.
pub(super) const FORMS: &[(&str, &str, (&str, &str))] =
    &[("maria", "/due-reports/schedule", ("due_date", "x"))];
