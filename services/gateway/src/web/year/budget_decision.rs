//! Recording a decision on a year's budget.

use axum::{extract::Path, response::Response};
use proto::{
    Date,
    finance::{
        Budget, BudgetRow, DecideBudgetRequest, Decision,
        budget_service_client::BudgetServiceClient,
    },
};
use tonic::Status;

use super::{
    address, back,
    budget::{self, AREAS, area_code, area_text_id},
    decision_inputs, read_decision, year_of,
};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind, line_id},
        page::form_page,
    },
    format,
    layout::Visit,
    names::Names,
    reads::id_of,
    rights,
    sign_in::see_other,
};

/// Lines of an empty form: one for each area, and one more.
const FIRST_LINES: usize = 5;
/// Rows a budget may have.
const MOST_LINES: usize = 200;
const OF_LINE: [&str; 4] = ["area", "title", "amount", "recipient"];

/// The form, with the rows in force.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(year): Path<String>) -> Result<Response, Trouble> {
    let year = year_of(&visit, &year)?;
    let (in_force, names) = read_first(&visit, year).await?;
    let lines = (in_force.rows.len() + 1).clamp(FIRST_LINES, MOST_LINES);
    Ok(page(&visit, year, form(&visit, year, &in_force, &names, lines)))
}

/// Records the decision and shows the year; or shows the form again, with one
/// line more or with everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(year): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let year = year_of(&visit, &year)?;
    let (in_force, names) = read_first(&visit, year).await?;
    let lines = posted.lines(FIRST_LINES, MOST_LINES);
    let mut form = form(&visit, year, &in_force, &names, lines);
    form.fill(&posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(page(&visit, year, form));
    }
    let budget = read(&mut form, year);
    let answer = decide(&visit, &posted, budget, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("{}#budget", address(year)), None));
    }
    Ok(page(&visit, year, form))
}

async fn decide(
    visit: &Visit,
    posted: &Posted,
    budget: Budget,
    validate_only: bool,
) -> Result<(), Status> {
    let request = DecideBudgetRequest {
        parent: visit.federation(),
        budget_id: posted.new_id(&[&budget.year.to_string()]),
        budget: Some(budget),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = BudgetServiceClient::new(visit.state.finance.clone());
    client.decide_budget(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, year: i32, in_force: &Budget, names: &Names, lines: usize) -> Form {
    let language = visit.reader.language;
    let action = format!("{}/budget/new", address(year));
    let mut form = Form::new(visit, action, "budget-decide").with_lines(lines, "draft-add-line");
    // Another decision has a number and a day of its own.
    form.groups.push(decision_inputs(visit, &Decision::default()));
    let heading = Group::heading(visit.t("budget-rows"));
    form.groups.push(heading.help(language, "budget-rows-help"));
    for line in 0..lines {
        form.groups.push(row(visit, names, line, in_force.rows.get(line)));
    }
    form
}

fn row(visit: &Visit, names: &Names, line: usize, begins: Option<&BudgetRow>) -> Group {
    let language = visit.reader.language;
    let choose = Choice::new("", visit.t("choose"));
    let areas = AREAS.map(|area| Choice::new(area_code(area), visit.t(area_text_id(area))));
    let areas: Vec<Choice> = std::iter::once(choose).chain(areas).collect();
    let nobody = Choice::new("", visit.t("budget-no-recipient"));
    let recipients: Vec<Choice> = std::iter::once(nobody).chain(names.recipients()).collect();
    let begins_or = |value: &dyn Fn(&BudgetRow) -> String| begins.map(value).unwrap_or_default();
    let input = |field: &str, label_id: &str, kind: Kind| {
        Input::new(language, line_id(line, field), label_id, kind)
    };
    let legend = visit.t1("draft-line", "number", &(line + 1).to_string());
    let inputs = vec![
        input("area", "budget-area", Kind::Choice(areas))
            .value(begins_or(&|row| area_code(row.area()).to_owned())),
        input("title", "budget-title", Kind::Text(200)).value(begins_or(&|row| row.title.clone())),
        input("amount", "draft-line-amount", Kind::Decimal)
            .value(begins_or(&|row| format::exact(row.amount_ore))),
        input("recipient", "budget-recipient", Kind::Choice(recipients))
            .value(begins_or(&|row| id_of(&row.recipient).to_owned())),
    ];
    Group::line(legend, inputs)
}

fn read(form: &mut Form, year: i32) -> Budget {
    let Decision { dnr, decision_date, deciding_body } = read_decision(form, "budget");
    let mut rows = Vec::new();
    for line in 0..form.lines {
        if form.is_blank(&OF_LINE.map(|part| line_id(line, part))) {
            continue;
        }
        let field = |part: &str| format!("budget.rows[{}].{part}", rows.len());
        let of_line = |part: &str| line_id(line, part);
        let area = form.chosen(&of_line("area"), &field("area"), &AREAS, area_code);
        let row = BudgetRow {
            area: area.unwrap_or(AREAS[3]).into(),
            title: form.text(&of_line("title"), &field("title")),
            amount_ore: form.ore(&of_line("amount"), &field("amount_ore")),
            recipient: form.resource_if_given(
                &of_line("recipient"),
                &field("recipient"),
                "recipients",
            ),
        };
        rows.push(row);
    }
    if rows.is_empty() {
        form.note_source(&line_id(0, "area"), "budget.rows");
    }
    Budget { year, rows, dnr, decision_date, deciding_body, ..Budget::default() }
}

/// The budget in force, an empty one before the first; and what things are
/// called.
async fn read_first(visit: &Visit, year: i32) -> Result<(Budget, Names), Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    tokio::try_join!(in_force(visit, year), Names::read(visit))
        .map_err(|status| Trouble::of(visit, &status))
}

async fn in_force(visit: &Visit, year: i32) -> Result<Budget, Status> {
    let last_day = Date { year, month: 12, day: 31 };
    let name = budget::table(visit, year, last_day).await?.budget;
    Ok(budget::decided(visit, name).await?.unwrap_or_default())
}

fn page(visit: &Visit, year: i32, form: Form) -> Response {
    let title = visit.t1("budget-decide-heading", "year", &year.to_string());
    form_page(visit, title, back(visit, year), visit.t("budget-decide-intro"), form)
}
