//! Reminding of a report by hand.

use axum::{extract::Query, response::Response};
use proto::reporting::{
    DueReport, Reminder, SendReminderRequest, reminder_service_client::ReminderServiceClient,
};
use tonic::Status;

use super::{LIST, address, list::sent_words, of_period, reminders, state_view, subject_name};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        page::{Back, Fact, form_page_with_facts},
    },
    format,
    half_year_report::period_name,
    layout::Visit,
    reads::{self, id_of},
    report::list::Around,
    rights,
    sign_in::see_other,
};

/// What a reminder is about: as the address has it, and as resource names.
struct Wanted {
    codes: [(&'static str, String); 3],
    period: String,
    template: String,
    subject: String,
}

impl Wanted {
    fn of(visit: &Visit, asked: &Posted) -> Self {
        let codes = ["period", "template", "subject"].map(|it| (it, asked.get(it).to_owned()));
        Self {
            codes,
            period: reads::name(visit, "reportingPeriods", asked.get("period")),
            template: reads::name(visit, "reportTemplates", asked.get("template")),
            subject: subject_name(visit, asked.get("subject")),
        }
    }

    fn is(&self, template: &str, subject: &str) -> bool {
        (self.template.as_str(), self.subject.as_str()) == (template, subject)
    }
}

/// The report, and the button.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let wanted = Wanted::of(&visit, &Posted::asked(query));
    let form = form(&visit, &wanted);
    page(&visit, &wanted, form).await
}

/// Reminds of it and shows the overview; or shows the page again, with what is in the
/// way.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(visit: Visit, fields: Fields) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let wanted = Wanted::of(&visit, &posted);
    let mut form = form(&visit, &wanted);
    let answer = send(&visit, &posted, &wanted).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&address(&wanted.period), None));
    }
    page(&visit, &wanted, form).await
}

async fn send(visit: &Visit, posted: &Posted, wanted: &Wanted) -> Result<(), Status> {
    let request = SendReminderRequest {
        reporting_period: wanted.period.clone(),
        template: wanted.template.clone(),
        subject: wanted.subject.clone(),
        request_id: posted.get("request_id").to_owned(),
        validate_only: false,
    };
    let mut client = ReminderServiceClient::new(visit.state.reporting.clone());
    client.send_reminder(visit.request(request)?).await.map(|_| ())
}

fn form(visit: &Visit, wanted: &Wanted) -> Form {
    let mut form = Form::new(visit, format!("{LIST}/remind"), "reminder-send");
    form.hidden.extend(wanted.codes.clone());
    form
}

async fn page(visit: &Visit, wanted: &Wanted, form: Form) -> Result<Response, Trouble> {
    Trouble::unless(visit, rights::plans)?;
    let (due, sent, around) = tokio::try_join!(
        of_period(visit, &wanted.period, false),
        reminders(visit, &wanted.period),
        Around::read(visit, &[]),
    )
    .map_err(|status| Trouble::of(visit, &status))?;
    let is_wanted = |it: &&DueReport| wanted.is(&it.template, &it.subject);
    let due = due.iter().find(is_wanted).ok_or_else(|| Trouble::no_such_page(visit))?;
    let is_of_it = |it: &&Reminder| wanted.is(&it.template, &it.subject);
    let reminded = sent.iter().find(is_of_it).map(|it| sent_words(visit, it));
    let facts = vec![
        Fact::new(visit, "written-report-template", around.template(visit, &due.template)),
        Fact::new(visit, "written-report-about", around.subject(&due.subject)),
        Fact::new(
            visit,
            "requisition-period",
            period_name(visit.reader.language, id_of(&wanted.period)),
        ),
        Fact::new(visit, "report-due-date", format::date(due.due_date.as_ref())),
        Fact::new(visit, "requisition-state", state_view(visit, due.state()).text),
        Fact::new(
            visit,
            "reminder-last",
            reminded.unwrap_or_else(|| visit.t("reminders-none-yet")),
        ),
    ];
    let back = Back::to(address(&wanted.period), visit.t("due-reports-heading"));
    let (title, intro) = (visit.t("reminder-heading"), visit.t("reminder-intro"));
    Ok(form_page_with_facts(visit, title, back, intro, facts, form))
}
