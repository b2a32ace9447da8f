//! The postings, newest first, narrowed as asked, with a link from each voucher to
//! what it happened to.

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::finance::{
    CostKind, LedgerAccount, ListPostingsRequest, Posting,
    ledger_service_client::LedgerServiceClient,
};
use tonic::Status;

use super::{ACCOUNTS, Tab, account_choices, account_code, account_text_id, tabs};
use crate::{
    text,
    web::{
        error_page::Trouble,
        filter::{Filter, next_page},
        form::Posted,
        format,
        layout::{Layout, Visit, page},
        names::Names,
        reads::{self, id_of},
        requisition::cost_kind_text_id,
        rights, year,
    },
};

const PAGE_SIZE: i32 = 100;

#[derive(Template)]
#[template(path = "postings.html")]
struct PostingsPage {
    layout: Layout,
    tabs: Vec<Tab>,
    filters: Vec<Filter>,
    subject: String,
    rows: Vec<RowView>,
    next_page: Option<String>,
}

struct RowView {
    voucher: String,
    day: String,
    event: String,
    subject: Subject,
    account: String,
    grant: String,
    party: String,
    kind: String,
    debit: String,
    credit: String,
    recorded: String,
}

/// What a voucher happened to: where it is shown, and its id where people know
/// it by that.
#[derive(Debug, PartialEq, Eq)]
struct Subject {
    href: Option<String>,
    id: String,
}

/// The postings asked for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    query: Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    Trouble::unless(&visit, rights::reads_ledger)?;
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let asked = Posted::asked(query);
    let account =
        ACCOUNTS.into_iter().find(|account| account_code(*account) == asked.get("account"));
    let account = account.unwrap_or(LedgerAccount::Unspecified);
    let request = ListPostingsRequest {
        parent: visit.federation(),
        year: asked.get("year").parse().unwrap_or(0),
        account: account.into(),
        grant: reads::name_if_given(&visit, "grants", asked.get("grant")),
        party: reads::name_if_given(&visit, "parties", asked.get("party")),
        subject: asked.get("subject").to_owned(),
        page_size: PAGE_SIZE,
        page_token: asked.get("page_token").to_owned(),
    };
    let request = visit.request(request).map_err(troubled)?;
    let mut client = LedgerServiceClient::new(visit.state.finance.clone());
    let postings = async { client.list_postings(request).await };
    let (names, found, years) =
        tokio::try_join!(Names::read(&visit), postings, year::choices(&visit)).map_err(troubled)?;
    let found = found.into_inner();
    let accounts = account_choices(&visit, &ACCOUNTS);
    let filters = vec![
        Filter::new(&visit, "year", "field-year", asked.get("year"), years),
        Filter::new(&visit, "account", "ledger-account", account_code(account), accounts),
        Filter::new(&visit, "grant", "grant", asked.get("grant"), names.grants()),
        Filter::new(&visit, "party", "payment-party", asked.get("party"), names.parties()),
    ];
    let mut rows = Vec::with_capacity(found.postings.len());
    for posting in &found.postings {
        rows.push(row(&visit, &names, posting).await);
    }
    let subject = asked.get("subject");
    let all_filters = [filters.as_slice(), &[Filter::hidden("subject", subject)]].concat();
    Ok(page(&PostingsPage {
        layout: Layout::of(&visit, visit.t("ledger-heading")),
        tabs: tabs("/ledger/postings"),
        next_page: next_page("/ledger/postings", &all_filters, &found.next_page_token),
        filters,
        subject: id_of(subject).to_owned(),
        rows,
    }))
}

async fn row(visit: &Visit, names: &Names, posting: &Posting) -> RowView {
    let Posting {
        sequence,
        line,
        year,
        account: _,
        grant,
        party,
        cost_kind: _,
        day,
        amount_ore,
        subject,
        event,
        actor,
        record_time,
    } = posting;
    let called = |name: &str, known: String| if name.is_empty() { String::new() } else { known };
    let amount = format::exact(amount_ore.saturating_abs());
    let (debit, credit) =
        if *amount_ore > 0 { (amount, String::new()) } else { (String::new(), amount) };
    let kind = match posting.cost_kind() {
        CostKind::Unspecified => String::new(),
        known => visit.t(cost_kind_text_id(known)),
    };
    let recorder = visit.state.display_name(actor).await;
    let recorded = record_time.as_ref().and_then(platform::convert::instant);
    RowView {
        voucher: format!("{sequence}:{line}"),
        day: format::date(day.as_ref()),
        event: text::event(visit.reader.language, event),
        subject: Subject::of(subject, *year),
        account: visit.t(account_text_id(posting.account())),
        grant: called(grant, names.grant(grant)),
        party: called(party, names.party(party)),
        kind,
        debit,
        credit,
        recorded: format!("{recorder}, {}", format::day(recorded)),
    }
}

impl Subject {
    fn of(name: &str, year: i32) -> Self {
        let id = id_of(name);
        let (href, is_known_by_id) = match name.split('/').nth(2) {
            Some("requisitions") => (Some(format!("/requisitions/{id}")), true),
            Some("grants") => (Some(format!("/grants/{id}")), true),
            Some("recoveries") => (Some(format!("/recoveries/{id}")), true),
            Some("financialYears") => (Some(format!("/years/{id}")), true),
            Some("contributionDecisions" | "contributionPayments") => {
                (Some(format!("/years/{year}#contributions")), false)
            }
            Some("ownCosts") => (Some(format!("/years/{year}/own-costs")), false),
            _ => (None, true),
        };
        Self { href, id: if is_known_by_id { id.to_owned() } else { String::new() } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_voucher_leads_to_what_it_happened_to() {
        for (name, href) in [
            ("federations/x/requisitions/r1", Some("/requisitions/r1")),
            ("federations/x/grants/g1", Some("/grants/g1")),
            ("federations/x/recoveries/a1", Some("/recoveries/a1")),
            ("federations/x/financialYears/2025", Some("/years/2025")),
            ("federations/x/contributionPayments/p1", Some("/years/2025#contributions")),
            ("federations/x/ownCosts/o1", Some("/years/2025/own-costs")),
            ("", None),
        ] {
            assert_eq!(Subject::of(name, 2025).href.as_deref(), href, "{name}");
        }
    }
}
