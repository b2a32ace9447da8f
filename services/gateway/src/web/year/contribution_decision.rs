//! Recording a decision on what the parties pay for a year.

use axum::{extract::Path, response::Response};
use proto::{
    finance::{
        ContributionDecision, ContributionGroup, ContributionShare, DecideContributionsRequest,
        Decision, contribution_service_client::ContributionServiceClient,
    },
    organisation::{Party, PartyKind},
};
use tonic::Status;

use super::{
    address, back,
    contribution::{self, group_text_id},
    decision_inputs, read_decision, year_of,
};
use crate::web::{
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
        page::form_page,
    },
    format,
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

const GROUPS: [ContributionGroup; 3] =
    [ContributionGroup::State, ContributionGroup::Region, ContributionGroup::Municipalities];

/// The form, with what is in force.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(year): Path<String>) -> Result<Response, Trouble> {
    let year = year_of(&visit, &year)?;
    let (form, _) = form(&visit, year).await?;
    Ok(page(&visit, year, form))
}

/// Records the decision and shows the year; or shows the form again, with
/// everything that is wrong.
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
    let (mut form, parties) = form(&visit, year).await?;
    form.fill(&posted);
    let decision = read(&mut form, year, &parties);
    let answer = decide(&visit, &posted, decision, form.is_faulty()).await;
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("{}#contributions", address(year)), None));
    }
    Ok(page(&visit, year, form))
}

async fn decide(
    visit: &Visit,
    posted: &Posted,
    decision: ContributionDecision,
    validate_only: bool,
) -> Result<(), Status> {
    let request = DecideContributionsRequest {
        parent: visit.federation(),
        contribution_decision_id: posted.new_id(&[&decision.year.to_string()]),
        contribution_decision: Some(decision),
        request_id: posted.get("request_id").to_owned(),
        validate_only,
    };
    let mut client = ContributionServiceClient::new(visit.state.finance.clone());
    client.decide_contributions(visit.request(request)?).await.map(|_| ())
}

async fn form(visit: &Visit, year: i32) -> Result<(Form, Vec<Party>), Trouble> {
    Trouble::unless(visit, rights::records_decisions)?;
    let (parties, in_force) = tokio::try_join!(reads::parties(visit), in_force(visit, year))
        .map_err(|status| Trouble::of(visit, &status))?;
    let language = visit.reader.language;
    let action = format!("{}/contributions/new", address(year));
    let mut form = Form::new(visit, action, "contributions-decide");
    // Another decision has a number and a day of its own.
    form.groups.push(decision_inputs(visit, &Decision::default()));
    let total = Input::new(language, "total", "contributions-total", Kind::Decimal);
    let total_now = Some(in_force.total_ore).filter(|ore| *ore > 0);
    form.groups.push(Group::plain(vec![
        total
            .help(language, "contributions-total-help")
            .value(total_now.map(format::exact).unwrap_or_default()),
    ]));
    let heading = Group::heading(visit.t("contributions-weights"));
    form.groups.push(heading.help(language, "contributions-weights-help"));
    for group in GROUPS {
        let of_group: Vec<&Party> =
            parties.iter().filter(|party| group_of(party.kind()) == group).collect();
        let is_alone = of_group.len() == 1;
        let weight = |party: &&Party| {
            let now = in_force.shares.iter().find(|share| share.party == party.name);
            let begins = now.map(|share| share.weight.max(1).to_string());
            let alone = || if is_alone { "1".to_owned() } else { String::new() };
            Input::called(weight_id(party), party.display_name.clone(), Kind::Whole)
                .value(begins.unwrap_or_else(alone))
        };
        let inputs: Vec<Input> = of_group.iter().map(weight).collect();
        if !inputs.is_empty() {
            form.groups.push(Group::counts(visit.t(group_text_id(group)), inputs));
        }
    }
    Ok((form, parties))
}

fn read(form: &mut Form, year: i32, parties: &[Party]) -> ContributionDecision {
    let Decision { dnr, decision_date, deciding_body } =
        read_decision(form, "contribution_decision");
    let total_ore = form.ore("total", "contribution_decision.total_ore");
    // What is said of the shares as a whole is said at the first.
    let first = parties.iter().min_by_key(|party| group_of(party.kind()));
    if let Some(first) = first {
        form.note_source(&weight_id(first), "contribution_decision.shares");
    }
    let mut shares = Vec::new();
    for party in parties {
        let id = weight_id(party);
        if form.typed(&id).trim().is_empty() {
            continue;
        }
        let field = format!("contribution_decision.shares[{}]", shares.len());
        form.note_source(&id, &format!("{field}.party"));
        let weight = form.whole(&id, &format!("{field}.weight"));
        shares.push(ContributionShare { party: party.name.clone(), weight, amount_ore: 0 });
    }
    ContributionDecision {
        year,
        total_ore,
        shares,
        dnr,
        decision_date,
        deciding_body,
        ..ContributionDecision::default()
    }
}

/// The decision in force; an empty one before the first.
async fn in_force(visit: &Visit, year: i32) -> Result<ContributionDecision, Status> {
    let name = contribution::table(visit, year).await?.contribution_decision;
    Ok(contribution::decision(visit, name).await?.unwrap_or_default())
}

fn weight_id(party: &Party) -> String {
    format!("weight-{}", id_of(&party.name))
}

fn group_of(kind: PartyKind) -> ContributionGroup {
    match kind {
        PartyKind::Unspecified => ContributionGroup::Unspecified,
        PartyKind::StateAgency => ContributionGroup::State,
        PartyKind::Region => ContributionGroup::Region,
        PartyKind::Municipality => ContributionGroup::Municipalities,
    }
}

fn page(visit: &Visit, year: i32, form: Form) -> Response {
    let title = visit.t1("contributions-decide-heading", "year", &year.to_string());
    form_page(visit, title, back(visit, year), visit.t("contributions-decide-intro"), form)
}
