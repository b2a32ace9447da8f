//! The figures of a report that are counted from records: when they were fetched, and the
//! buttons that fetch them. Whoever only reads a report fetches nothing: what is fetched is
//! given out.

use axum::{extract::Path, response::Response};
use platform::convert::{date_from_proto, instant};
use proto::reporting::{
    FetchFiguresRequest, FigureSource, FiguresStamp, Report, ReportState, ReportingPeriod,
};
use tonic::Status;

use super::{address, client, detail::ReportPage, is_open};
use crate::web::{
    error_page::Trouble,
    form::{Fields, Posted, fields::Form, inputs::Button},
    format,
    layout::Visit,
    reads, rights,
};

/// The button that fetches what can be told without hiding more.
const FETCH: &str = "fetch";
/// The button that fetches what is known now.
const HIDE_MORE: &str = "hide_more";

/// What a report's page says of these figures.
pub(super) struct RecordsView {
    /// False until they were fetched once.
    pub(super) is_fetched: bool,
    /// When they were fetched, or that they were not.
    pub(super) text: String,
    /// What to know before they are fetched; empty for those who may not.
    pub(super) note: String,
    /// The form that fetches them, for those who may now.
    pub(super) form: Option<Form>,
    /// Whether what was fetched just now is the newest; none when nothing was.
    pub(super) is_newest: Option<bool>,
}

impl RecordsView {
    /// What the page says; nothing of a report without a team that keeps records.
    pub(super) fn of(
        visit: &Visit,
        id: &str,
        (head, period): (&Report, Option<&ReportingPeriod>),
        stamp: Option<&FiguresStamp>,
    ) -> Option<Self> {
        let is_counted = head.sources.iter().any(|one| one.source() == FigureSource::Derived);
        is_counted.then(|| {
            let fetched = stamp.and_then(|stamp| stamp.fetch_time.as_ref()).and_then(instant);
            let is_fetched = fetched.is_some();
            let text = match fetched {
                Some(_) => visit.t1("records-fetched", "time", &format::minute(fetched)),
                None => visit.t("records-not-fetched"),
            };
            let mut view =
                Self { is_fetched, text, note: String::new(), form: None, is_newest: None };
            if !rights::writes_report(&visit.session.principal, &head.subject) {
                return view;
            }
            if let Some(day) = not_before(visit, period) {
                view.note = visit.t1("records-from", "day", &day);
            } else if may_change(head.state()) || !is_fetched {
                let when = if is_fetched { "records-when-again" } else { "records-when" };
                view.note = visit.t(when);
                view.form = Some(form(visit, id, is_fetched));
            } else {
                view.note = visit.t("records-stay");
            }
            view
        })
    }

    /// Says what came of fetching them just now.
    pub(super) fn tell(&mut self, visit: &Visit, is_newest: bool) {
        self.is_newest = Some(is_newest);
        if is_newest {
            return;
        }
        self.note.clear();
        if let Some(form) = &mut self.form {
            form.buttons = vec![button(visit, HIDE_MORE, "records-hide-more")];
        }
    }
}

/// True where other figures change nothing that was handed in or accepted.
fn may_change(state: ReportState) -> bool {
    is_open(state) || state == ReportState::Published
}

/// The first day that they can be fetched, while the period goes on.
fn not_before(visit: &Visit, period: Option<&ReportingPeriod>) -> Option<String> {
    let days = period?.period.as_ref()?;
    let last_day = date_from_proto("last_day", days.last_day).ok()?;
    let is_over = last_day < visit.state.clock.today();
    last_day.succ_opt().filter(|_| !is_over).map(|day| day.to_string())
}

fn form(visit: &Visit, id: &str, is_fetched: bool) -> Form {
    let text_id = if is_fetched { "records-fetch-again" } else { "records-fetch" };
    let mut form = Form::new(visit, format!("{}/figures", address(id)), text_id);
    form.buttons = vec![button(visit, FETCH, text_id)];
    form
}

fn button(visit: &Visit, code: &'static str, text_id: &str) -> Button {
    Button { code, text: visit.t(text_id), variant: "secondary", color: "accent" }
}

/// Fetches them and shows the report with them, or with what is in the way.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn fetch(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let mut tried = form(&visit, &id, false);
    let is_newest = tried.kept(call(&visit, &id, posted.get("step") == HIDE_MORE).await);
    let mut page = ReportPage::read(&visit, &id).await?;
    page.taking.take_over(&tried);
    if let (Some(records), Some(is_newest)) = (&mut page.records, is_newest) {
        records.tell(&visit, is_newest);
    }
    Ok(page.show())
}

async fn call(visit: &Visit, id: &str, hide_more: bool) -> Result<bool, Status> {
    let request = FetchFiguresRequest { name: reads::name(visit, "reports", id), hide_more };
    let answer = client(visit).fetch_figures(visit.request(request)?).await?;
    Ok(answer.into_inner().is_newest)
}
