//! The requisitions the person may see, newest first, a page at a time.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::Query, response::Response};
use proto::finance::{
    ListRequisitionsRequest, ListRequisitionsResponse, Requisition, RequisitionState,
    requisition_service_client::RequisitionServiceClient,
};

use tonic::Status;

use super::{STATES, StateView, state_code, state_text_id};
use crate::web::{
    error_page::Trouble,
    format,
    layout::{Layout, Visit, page},
    reads::{self, id_of},
    rights,
};

const PAGE_SIZE: i32 = 50;

#[derive(Template)]
#[template(path = "requisitions.html")]
struct RequisitionsPage {
    layout: Layout,
    states: Vec<StateChoice>,
    chosen_state: &'static str,
    rows: Vec<RowView>,
    next_page_token: String,
    may_draft: bool,
}

struct StateChoice {
    code: &'static str,
    text: String,
}

/// A requisition in a list.
#[derive(Debug, Clone)]
pub(crate) struct RowView {
    /// Its id, which is also its address.
    pub id: String,
    /// The party that claims.
    pub party: String,
    /// Whose grant it claims on.
    pub recipient: String,
    /// The days the costs are for.
    pub period: String,
    /// The sum, in tkr.
    pub amount: String,
    /// Where it stands.
    pub state: StateView,
}

/// The list, of one state when it is asked for.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Trouble> {
    let asked = |name: &str| {
        query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    };
    let state = STATES.into_iter().find(|state| state_code(*state) == asked("state"));
    let state = state.unwrap_or(RequisitionState::Unspecified);
    let page_token = asked("page_token");
    let (names, found) =
        tokio::try_join!(Names::read(&visit), requisitions(&visit, state, PAGE_SIZE, page_token))
            .map_err(|status| Trouble::of(&visit, &status))?;
    let layout = Layout::of(&visit, visit.t("requisitions-heading"));
    let choice = |state: RequisitionState| StateChoice {
        code: state_code(state),
        text: layout.t(state_text_id(state)),
    };
    Ok(page(&RequisitionsPage {
        states: STATES.into_iter().map(choice).collect(),
        chosen_state: state_code(state),
        rows: found.requisitions.iter().map(|requisition| names.row(&visit, requisition)).collect(),
        next_page_token: found.next_page_token,
        may_draft: rights::own_parties(&visit.session.principal).next().is_some(),
        layout,
    }))
}

/// A page of requisitions, of one state unless it is unspecified.
///
/// # Errors
/// What finance answered instead.
pub(crate) async fn requisitions(
    visit: &Visit,
    state: RequisitionState,
    page_size: i32,
    page_token: &str,
) -> Result<ListRequisitionsResponse, Status> {
    let request = ListRequisitionsRequest {
        parent: visit.federation(),
        grant: String::new(),
        state: state.into(),
        page_size,
        page_token: page_token.to_owned(),
        ..Default::default()
    };
    let mut client = RequisitionServiceClient::new(visit.state.finance.clone());
    Ok(client.list_requisitions(visit.request(request)?).await?.into_inner())
}

/// What the resource names in requisitions are called.
pub(crate) struct Names {
    parties: HashMap<String, String>,
    recipients_by_grant: HashMap<String, String>,
}

impl Names {
    /// Reads them.
    ///
    /// # Errors
    /// What a service answered instead.
    pub(crate) async fn read(visit: &Visit) -> Result<Self, Status> {
        let (parties, grants, recipients) = tokio::try_join!(
            reads::parties(visit),
            reads::grants(visit),
            reads::recipients(visit)
        )?;
        let recipients: HashMap<String, String> = recipients
            .into_iter()
            .map(|recipient| (recipient.name, recipient.display_name))
            .collect();
        let recipient_of =
            |name: &str| recipients.get(name).cloned().unwrap_or_else(|| id_of(name).to_owned());
        Ok(Self {
            parties: parties.into_iter().map(|party| (party.name, party.display_name)).collect(),
            recipients_by_grant: grants
                .into_iter()
                .map(|grant| (grant.name, recipient_of(&grant.recipient)))
                .collect(),
        })
    }

    /// A requisition's row.
    #[must_use]
    pub(crate) fn row(&self, visit: &Visit, requisition: &Requisition) -> RowView {
        let known = |names: &HashMap<String, String>, name: &str| {
            names.get(name).cloned().unwrap_or_else(|| id_of(name).to_owned())
        };
        RowView {
            id: id_of(&requisition.name).to_owned(),
            party: known(&self.parties, &requisition.party),
            recipient: known(&self.recipients_by_grant, &requisition.grant),
            period: format::period(requisition.period.as_ref()),
            amount: format::tkr(requisition.amount_ore),
            state: StateView::of(visit.reader.language, requisition.state()),
        }
    }
}
