//! What the parties have agreed to pay for a year, and what they have paid.

use proto::{
    Date,
    finance::{
        ContributionAmounts, ContributionDecision, ContributionGroup, ContributionPayment,
        ContributionRow, ContributionTable, Decision, GetContributionDecisionRequest,
        GetContributionTableRequest, ListContributionPaymentsRequest,
        ListContributionPaymentsResponse, contribution_service_client::ContributionServiceClient,
    },
};
use tonic::Status;

use super::{address, decision_words};
use crate::web::{
    filter::{Filter, next_page},
    format,
    layout::Visit,
    names::Names,
};

/// Payments on a page.
const PAGE_SIZE: i32 = 50;

/// The table, ready to be shown. Amounts in kronor.
pub(crate) struct ContributionsView {
    /// One for each party.
    pub rows: Vec<RowView>,
    /// The equity carried over into the year.
    pub equity: String,
    /// The sum of the rows.
    pub total: AmountsView,
    /// The decision in force; empty before the first.
    pub decision: String,
    /// Where finance's journal stood.
    pub sequence: String,
    /// A page of the payments, the latest first.
    pub payments: Vec<PaymentView>,
    /// Where the next page is; none after the last.
    pub next_page: Option<String>,
}

/// A party's row.
pub(crate) struct RowView {
    /// The party.
    pub party: String,
    /// The group it pays in.
    pub group: String,
    /// Its amounts.
    pub amounts: AmountsView,
}

/// Amounts in kronor.
pub(crate) struct AmountsView {
    /// What is agreed.
    pub agreed: String,
    /// Its share of all that is agreed.
    pub share: String,
    /// What is paid.
    pub paid: String,
    /// What is not.
    pub outstanding: String,
}

/// A payment.
pub(crate) struct PaymentView {
    /// The day it came.
    pub day: String,
    /// Who paid.
    pub party: String,
    /// The bank's reference.
    pub reference: String,
    /// Why, when there is something to say.
    pub comment: String,
    /// How much.
    pub amount: String,
}

/// Reads the table and a page of the payments, for the page of a year that is seen
/// from a day.
pub(super) async fn read(
    visit: &Visit,
    year: i32,
    day: Date,
    page_token: &str,
) -> Result<ContributionsView, Status> {
    let (names, table, payments) = tokio::try_join!(
        Names::read(visit),
        table(visit, year),
        payments(visit, year, page_token)
    )?;
    let decision = decision(visit, table.contribution_decision.clone()).await?;
    let row = |row: &ContributionRow| RowView {
        party: row.display_name.clone(),
        group: visit.t(group_text_id(row.group())),
        amounts: AmountsView::of(&row.amounts.unwrap_or_default()),
    };
    let payment = |payment: &ContributionPayment| PaymentView {
        day: format::date(payment.payment_date.as_ref()),
        party: names.party(&payment.party),
        reference: payment.bank_reference.clone(),
        comment: payment.comment.clone(),
        amount: format::exact(payment.amount_ore),
    };
    let seen_from = [Filter::hidden("day", &format::date(Some(&day)))];
    let next_page = next_page(&address(year), &seen_from, &payments.next_page_token);
    Ok(ContributionsView {
        rows: table.rows.iter().map(row).collect(),
        equity: format::exact(table.carried_over_equity_ore),
        total: AmountsView::of(&table.total.unwrap_or_default()),
        decision: decision.map(in_words).unwrap_or_default(),
        sequence: format::whole(table.sequence),
        payments: payments.contribution_payments.iter().map(payment).collect(),
        next_page: next_page.map(|href| format!("{href}#contributions")),
    })
}

/// The table as finance computes it.
pub(super) async fn table(visit: &Visit, year: i32) -> Result<ContributionTable, Status> {
    let request = GetContributionTableRequest { parent: visit.federation(), year };
    let mut client = ContributionServiceClient::new(visit.state.finance.clone());
    let answer = client.get_contribution_table(visit.request(request)?).await?;
    Ok(answer.into_inner().contribution_table.unwrap_or_default())
}

/// A decision by its name; none before the first.
pub(super) async fn decision(
    visit: &Visit,
    name: String,
) -> Result<Option<ContributionDecision>, Status> {
    if name.is_empty() {
        return Ok(None);
    }
    let mut client = ContributionServiceClient::new(visit.state.finance.clone());
    let request = visit.request(GetContributionDecisionRequest { name })?;
    let answer = client.get_contribution_decision(request).await?;
    Ok(answer.into_inner().contribution_decision)
}

async fn payments(
    visit: &Visit,
    year: i32,
    page_token: &str,
) -> Result<ListContributionPaymentsResponse, Status> {
    let request = ListContributionPaymentsRequest {
        parent: visit.federation(),
        year,
        party: String::new(),
        page_size: PAGE_SIZE,
        page_token: page_token.to_owned(),
    };
    let mut client = ContributionServiceClient::new(visit.state.finance.clone());
    let answer = client.list_contribution_payments(visit.request(request)?).await?;
    Ok(answer.into_inner())
}

fn in_words(decision: ContributionDecision) -> String {
    let ContributionDecision { dnr, decision_date, deciding_body, .. } = decision;
    decision_words(&Decision { dnr, decision_date, deciding_body })
}

/// The id of a group's words.
pub(super) fn group_text_id(group: ContributionGroup) -> &'static str {
    match group {
        ContributionGroup::Unspecified => "group-unknown",
        ContributionGroup::State => "group-state",
        ContributionGroup::Region => "group-region",
        ContributionGroup::Municipalities => "group-municipalities",
    }
}

impl AmountsView {
    fn of(amounts: &ContributionAmounts) -> Self {
        let ContributionAmounts { agreed_ore, paid_ore, outstanding_ore, share_permille } = amounts;
        Self {
            agreed: format::exact(*agreed_ore),
            share: format::permille(*share_permille),
            paid: format::exact(*paid_ore),
            outstanding: format::exact(*outstanding_ore),
        }
    }
}
