//! The form of what a report has besides its chapters: title, registry number, plan and
//! goals, where each team's figures come from, and what is stated in the report itself.

use axum::{extract::Path, response::Response};
use proto::reporting::{
    FigureSource, GetReportResponse, Report, ReportColumn, StatedCell, SubjectFigures, TeamSource,
    UpdateReportRequest,
};
use tonic::Status;

pub(super) mod plan;

use super::{address, client, names::Names, read};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind, line_id},
        page::{Back, form_page},
    },
    half_year_report::figures::TOTAL,
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

const MOST_LINES: usize = 500;
const OF_LINE: [&str; 4] = ["subject", "cell", "category", "value"];
/// Stands for a category that is typed.
const TYPED: &str = "*";

/// A report with what it is told with.
struct Open {
    report: GetReportResponse,
    head: Report,
    names: Names,
}

/// The form, with the report as it stands.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let open = Open::read(&visit, &id).await?;
    let mut form = open.form(&visit, &id, open.head.stated_cells.len() + 1);
    form.etag.clone_from(&open.head.etag);
    Ok(open.page(&visit, &id, form))
}

/// Saves it and shows the report; or shows the form again, with one line more or with
/// everything that is wrong.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let open = Open::read(&visit, &id).await?;
    let mut form = open.form(&visit, &id, posted.lines(1, MOST_LINES));
    posted.get("etag").clone_into(&mut form.etag);
    form.fill(&posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(open.page(&visit, &id, form));
    }
    if posted.get("step") == plan::FILL {
        plan::fill(&mut form, &open.report);
        return Ok(open.page(&visit, &id, form));
    }
    let request = UpdateReportRequest {
        name: reads::name(&visit, "reports", &id),
        etag: posted.get("etag").to_owned(),
        report: Some(open.typed(&mut form)),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let answer = update(&visit, request).await;
    match form.kept(answer) {
        Some(()) => Ok(see_other(&address(&id), None)),
        None => Ok(open.page(&visit, &id, form)),
    }
}

async fn update(visit: &Visit, request: UpdateReportRequest) -> Result<(), Status> {
    client(visit).update_report(visit.request(request)?).await.map(|_| ())
}

impl Open {
    async fn read(visit: &Visit, id: &str) -> Result<Self, Trouble> {
        let (report, definitions) =
            tokio::try_join!(read(visit, id), reads::figure_definitions(visit))
                .map_err(|status| Trouble::of(visit, &status))?;
        let head = report.report.clone().unwrap_or_default();
        let may = rights::writes_report(&visit.session.principal, &head.subject);
        Trouble::unless_there(visit, may)?;
        let names = Names::of(visit.reader.language, &definitions, &report);
        Ok(Self { report, head, names })
    }

    /// The teams whose figures are reported or counted.
    fn teams(&self) -> impl Iterator<Item = &SubjectFigures> {
        self.report.figures.iter().filter(|one| one.subject.contains("/teams/"))
    }

    fn form(&self, visit: &Visit, id: &str, lines: usize) -> Form {
        let language = visit.reader.language;
        let mut form = Form::new(visit, format!("{}/change", address(id)), "report-change-save")
            .with_lines(lines, "draft-add-line");
        form.buttons.extend(plan::button(visit, &self.report));
        let input = |id: &str, label_id: &str, kind| Input::new(language, id, label_id, kind);
        let head = &self.head;
        let [version, goals] = plan::inputs(visit, &self.report, head);
        form.groups.push(Group::plain(vec![
            input("title", "written-report-title", Kind::Text(200)).value(&head.title),
            input("dnr", "field-dnr", Kind::Text(50)).optional(language).value(&head.dnr),
            version,
            goals,
        ]));
        let sources: Vec<Input> = self.teams().map(|team| self.source(visit, team)).collect();
        if !sources.is_empty() {
            let sources = Group::counts(visit.t("report-change-sources"), sources);
            form.groups.push(sources.help(language, "report-change-sources-help"));
        }
        form.groups.push(
            Group::heading(visit.t("report-change-stated"))
                .help(language, "report-change-stated-help"),
        );
        for line in 0..lines {
            form.groups.push(self.line(visit, line));
        }
        form
    }

    fn source(&self, visit: &Visit, team: &SubjectFigures) -> Input {
        let is_derived =
            self.head.sources.iter().any(|source| {
                source.team == team.subject && source.source() == FigureSource::Derived
            });
        let choices = vec![
            Choice::new("reported", visit.t("source-reported")),
            Choice::new("derived", visit.t("source-derived")),
        ];
        let id = format!("source-{}", id_of(&team.subject));
        let input = Input::called(id, &team.display_name, Kind::Choice(choices));
        input.value(if is_derived { "derived" } else { "reported" })
    }

    fn line(&self, visit: &Visit, line: usize) -> Group {
        let language = visit.reader.language;
        let stated = self.head.stated_cells.get(line).cloned().unwrap_or_default();
        let choose = || Choice::new("", visit.t("choose"));
        let subject =
            |one: &SubjectFigures| Choice::new(id_of(&one.subject), one.display_name.clone());
        let subjects = std::iter::once(choose()).chain(self.report.figures.iter().map(subject));
        let cells: Vec<Choice> = std::iter::once(choose()).chain(self.cells(visit)).collect();
        let code = format!("{}.{}", stated.figure, stated.category);
        let is_listed = cells.iter().any(|cell| cell.code == code);
        let (cell, category) = match stated.figure.as_str() {
            "" => (String::new(), ""),
            _ if is_listed => (code, ""),
            figure => (format!("{figure}.{TYPED}"), stated.category.as_str()),
        };
        let input = |field: &str, label_id: &str, kind| {
            Input::new(language, line_id(line, field), label_id, kind)
        };
        let legend = visit.t1("report-change-line", "number", &(line + 1).to_string());
        Group::line(
            legend,
            vec![
                input("subject", "written-report-about", Kind::Choice(subjects.collect()))
                    .value(id_of(&stated.subject)),
                input("cell", "figure", Kind::Choice(cells)).value(cell),
                input("category", "report-change-category", Kind::Text(60))
                    .optional(language)
                    .value(category),
                input("value", "report-change-value", Kind::Text(20))
                    .value(stated.value.replace('.', ",")),
            ],
        )
    }

    /// What a report by the template states, to choose from.
    fn cells(&self, visit: &Visit) -> Vec<Choice> {
        let columns = self.report.template.iter().flat_map(|template| &template.columns);
        let mut cells = Vec::new();
        for ReportColumn { figure, categories, open_categories, .. } in columns {
            let codes = categories.iter().map(|category| category.category.as_str());
            for category in [TOTAL].into_iter().chain(codes) {
                let text = self.names.cell(figure, category);
                cells.push(Choice::new(format!("{figure}.{category}"), text));
            }
            if *open_categories {
                let other = visit.t("report-change-other");
                let text = format!("{}: {other}", self.names.figure(figure));
                cells.push(Choice::new(format!("{figure}.{TYPED}"), text));
            }
        }
        cells
    }

    /// What is typed, with what stays as it is.
    fn typed(&self, form: &mut Form) -> Report {
        let goals = form.typed("goals").lines().map(str::trim).filter(|goal| !goal.is_empty());
        let goals = goals.map(str::to_owned).collect();
        form.note_source("goals", "report.goals");
        let sources = self.sources(form);
        let mut stated_cells = Vec::new();
        for line in 0..form.lines {
            let ids = OF_LINE.map(|field| line_id(line, field));
            if !form.is_blank(&ids) {
                let field = format!("report.stated_cells[{}]", stated_cells.len());
                stated_cells.push(self.stated(form, &ids, &field));
            }
        }
        Report {
            template: self.head.template.clone(),
            reporting_period: self.head.reporting_period.clone(),
            subject: self.head.subject.clone(),
            title: form.text("title", "report.title"),
            dnr: form.text("dnr", "report.dnr"),
            plan_version: form.text("plan_version", "report.plan_version"),
            goals,
            sources,
            stated_cells,
            ..Report::default()
        }
    }

    fn sources(&self, form: &mut Form) -> Vec<TeamSource> {
        let mut sources = Vec::new();
        for team in self.teams() {
            let id = format!("source-{}", id_of(&team.subject));
            if form.typed(&id) == "derived" {
                form.note_source(&id, &format!("report.sources[{}]", sources.len()));
                let source = FigureSource::Derived.into();
                sources.push(TeamSource { team: team.subject.clone(), source });
            }
        }
        sources
    }

    fn stated(&self, form: &mut Form, ids: &[String; 4], field: &str) -> StatedCell {
        let [subject_id, cell_id, category_id, value_id] = ids;
        let subject = form.text(subject_id, &format!("{field}.subject"));
        let cell = form.text(cell_id, &format!("{field}.figure"));
        let (figure, chosen) = cell.split_once('.').unwrap_or((cell.as_str(), ""));
        let typed = form.text(category_id, &format!("{field}.category"));
        let category = if chosen == TYPED { typed.as_str() } else { chosen };
        let value = form.text(value_id, &format!("{field}.value"));
        for (id, is_empty) in [(subject_id, subject.is_empty()), (cell_id, figure.is_empty())] {
            if is_empty {
                form.wrong(id, "FIELD_MISSING", "");
            }
        }
        form.note_source(cell_id, field);
        let named = self.report.figures.iter().find(|one| id_of(&one.subject) == subject);
        StatedCell {
            subject: named.map(|one| one.subject.clone()).unwrap_or_default(),
            figure: figure.to_owned(),
            category: category.to_owned(),
            value: plain_number(&value),
        }
    }

    fn page(&self, visit: &Visit, id: &str, form: Form) -> Response {
        let back = Back::to(address(id), self.head.title.clone());
        let intro = visit.t("report-change-intro");
        form_page(visit, visit.t("report-change"), back, intro, form)
    }
}

/// A number as it is sent, `1250.5`, of one as offices write it; a date stays.
fn plain_number(typed: &str) -> String {
    let kept = typed.chars().filter(|character| !character.is_whitespace());
    kept.map(|character| if character == ',' { '.' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_as_offices_write_them() {
        for (typed, sent) in [("6,5", "6.5"), ("1\u{a0}250", "1250"), ("2024-10-01", "2024-10-01")]
        {
            assert_eq!(plain_number(typed), sent);
        }
    }
}
