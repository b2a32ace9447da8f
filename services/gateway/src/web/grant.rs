//! Grants: the list of a year, one of them with its decisions, sub-projects and
//! requisitions, and the forms of new decisions.

use proto::{
    common::Period,
    finance::{GetGrantRequest, Grant, grant_service_client::GrantServiceClient},
};
use tonic::Status;

pub(crate) mod amend;
pub(crate) mod create;
pub(crate) mod detail;
pub(crate) mod list;
pub(crate) mod recipient;

use super::{
    form::{
        fields::Form,
        inputs::{Group, Input, Kind},
        page::Fact,
    },
    format,
    layout::Visit,
    reads::{self, id_of},
};

/// Reads one grant.
async fn read(visit: &Visit, id: &str) -> Result<Grant, Status> {
    let request = GetGrantRequest { name: reads::name(visit, "grants", id) };
    let mut client = GrantServiceClient::new(visit.state.finance.clone());
    let answer = client.get_grant(visit.request(request)?).await?.into_inner();
    answer.grant.ok_or_else(|| Status::not_found(""))
}

/// The inputs of what is granted: amount and days.
fn amount_and_days(visit: &Visit, begins: &Grant) -> Vec<Group> {
    let language = visit.reader.language;
    let amount = Input::new(language, "amount", "grant-amount", Kind::Decimal);
    let now = Some(begins.amount_ore).filter(|ore| *ore > 0);
    let days = begins.period.unwrap_or_default();
    let first_day = Input::new(language, "first_day", "period-first-day", Kind::Day);
    let last_day = Input::new(language, "last_day", "period-last-day", Kind::Day);
    let inputs = vec![
        first_day.value(format::date(days.first_day.as_ref())),
        last_day.value(format::date(days.last_day.as_ref())),
    ];
    vec![
        Group::plain(vec![amount.value(now.map(format::exact).unwrap_or_default())]),
        Group::row(visit.t("requisition-period"), inputs).help(language, "grant-period-help"),
    ]
}

/// The days that were typed, for a field of the message.
fn read_days(form: &mut Form, field: &str) -> Period {
    Period {
        first_day: form.day("first_day", &format!("{field}.first_day")),
        last_day: form.day("last_day", &format!("{field}.last_day")),
    }
}

/// What a grant stands at, above the form of another decision or a sub-project.
fn standing(visit: &Visit, grant: &Grant, recipient: String) -> Vec<Fact> {
    let amount = |id: &str, ore: i64| Fact::new(visit, id, format::kronor(ore));
    vec![
        Fact::new(visit, "funding-recipient", recipient),
        Fact::new(visit, "requisition-period", format::period(grant.period.as_ref())),
        amount("funding-granted", grant.amount_ore),
        amount("funding-requisitioned", grant.requisitioned_ore),
        amount("funding-reserved", grant.reserved_ore),
        amount("grant-allotted", grant.allotted_ore),
        amount("grant-lapsed", grant.lapsed_ore),
        amount("funding-left", grant.left_ore),
    ]
}

/// The address of a grant.
fn address(grant: &Grant) -> String {
    format!("/grants/{}", id_of(&grant.name))
}
