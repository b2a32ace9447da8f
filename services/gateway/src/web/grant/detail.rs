//! One grant: what it stands at, every decision on it, its sub-projects and its
//! requisitions.

use askama::Template;
use axum::{extract::Path, response::Response};
use proto::finance::{Grant, GrantDecision, RequisitionState};
use tonic::Status;

use super::{list::RowView, read, standing};
use crate::web::{
    error_page::Trouble,
    form::page::Fact,
    format,
    layout::{Layout, Visit, page},
    names::Names,
    reads::{self, id_of},
    requisition::list::{self, Wanted},
    rights,
};

/// Requisitions shown; a link leads to all of them.
const SHOWN: i32 = 20;

#[derive(Template)]
#[template(path = "grant.html")]
struct GrantPage {
    layout: Layout,
    id: String,
    is_synthetic: bool,
    parent: Option<String>,
    facts: Vec<Fact>,
    decisions: Vec<DecisionView>,
    sub_projects: Vec<RowView>,
    requisitions: Option<Vec<list::RowView>>,
    ledger: Option<String>,
    may_write: bool,
    may_draft: bool,
}

struct DecisionView {
    version: i32,
    decided: String,
    dnr: String,
    period: String,
    amount: String,
    reason: String,
    recorded: String,
}

/// The page.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Trouble> {
    let troubled = |status: Status| Trouble::of(&visit, &status);
    let (names, grant, all) =
        tokio::try_join!(Names::read(&visit), read(&visit, &id), reads::grants(&visit))
            .map_err(troubled)?;
    let principal = &visit.session.principal;
    let requisitions = if rights::reads_requisitions(principal) {
        let wanted =
            Wanted { state: RequisitionState::Unspecified, grant: &id, ..Wanted::default() };
        let found = list::requisitions(&visit, wanted, SHOWN, "").await.map_err(troubled)?;
        Some(found.requisitions.iter().map(|it| list::row(&visit, &names, it)).collect())
    } else {
        None
    };
    let recipient = names.recipient(&grant.recipient);
    let sub_projects = all.iter().filter(|other| other.parent_grant == grant.name);
    let ledger = format!("/ledger/postings?grant={id}");
    let parent = id_of(&grant.parent_grant).to_owned();
    Ok(page(&GrantPage {
        layout: Layout::of(&visit, visit.t1("grant-heading", "recipient", &recipient)),
        id,
        is_synthetic: grant.synthetic,
        facts: standing(&visit, &grant, recipient),
        decisions: decisions(&visit, &grant).await,
        sub_projects: sub_projects.map(|other| RowView::of(&names, other)).collect(),
        requisitions,
        ledger: rights::reads_ledger(principal).then_some(ledger),
        may_write: rights::records_decisions(principal),
        may_draft: rights::own_parties(principal).next().is_some(),
        parent: (!parent.is_empty()).then_some(parent),
    }))
}

async fn decisions(visit: &Visit, grant: &Grant) -> Vec<DecisionView> {
    let mut views = Vec::with_capacity(grant.decisions.len());
    for decision in grant.decisions.iter().rev() {
        let GrantDecision {
            version,
            period,
            amount_ore,
            dnr,
            decision_date,
            deciding_body,
            reason,
            actor,
            record_time,
        } = decision;
        let recorded = record_time.as_ref().and_then(platform::convert::instant);
        let recorder = visit.state.display_name(actor).await;
        views.push(DecisionView {
            version: *version,
            decided: format!("{deciding_body} {}", format::date(decision_date.as_ref())),
            dnr: dnr.clone(),
            period: format::period(period.as_ref()),
            amount: format::exact(*amount_ore),
            reason: reason.clone(),
            recorded: format!("{recorder}, {}", format::day(recorded)),
        });
    }
    views
}
