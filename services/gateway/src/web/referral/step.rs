//! Taking a step with a referral.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CallReferralRequest, DecideReferralRequest, DecisionReason, HoldIntakeTalkRequest,
    ReceiveReferralRequest, Referral, ReferralDecision, ReferralState,
    RegisterReferralInErrorRequest, RevokeReferralRequest,
    referral_service_client::ReferralServiceClient,
};
use tonic::Status;

use super::{detail::ReferralPage, offer::Step};
use crate::web::{
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Group, Input, Kind},
    },
    layout::{Visit, page_with},
    reads,
    sign_in::see_other,
};

/// What a team decides to.
const DECISIONS: [ReferralState; 4] = [
    ReferralState::Accepted,
    ReferralState::NotEligible,
    ReferralState::Declined,
    ReferralState::Reconsidering,
];

/// Takes the step of the button that was pressed, and shows the referral again.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn take(
    visit: Visit,
    Path(id): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let step = Step::ALL.into_iter().find(|step| step.code() == posted.get("step"));
    let step = step.ok_or_else(|| Trouble::no_such_page(&visit))?;
    let mut tried = form(&visit, &id, &[step]);
    tried.fill(&posted);
    match call(&visit, step, &id, &posted, &mut tried).await {
        Ok(after) if !tried.is_faulty() => {
            // Of somebody with protected identity, the name alone is told of what ended.
            let is_gone = after.is_some_and(|referral| referral.etag.is_empty());
            let place = if is_gone { "/referrals".to_owned() } else { format!("/referrals/{id}") };
            return Ok(see_other(&place, None));
        }
        Ok(_) => {}
        Err(refusal) => tried.refuse(&refusal),
    }
    let mut page = ReferralPage::read(&visit, &id).await?;
    page.form.take_over(&tried);
    Ok(page_with(page.form.status(), &page))
}

/// The form of the steps to offer.
pub(super) fn form(visit: &Visit, id: &str, steps: &[Step]) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, format!("/referrals/{id}/steps"), "referral-receive");
    form.buttons = steps.iter().map(|step| step.button(visit)).collect();
    let today = visit.state.clock.today().to_string();
    let day = Input::new(language, "day", "referral-step-day", Kind::Day).value(today);
    form.groups.push(Group::plain(vec![day]));
    if steps.contains(&Step::Decide) {
        let decisions = code::choices(visit, DECISIONS.iter().map(ReferralState::as_str_name));
        let reasons = code::all::<DecisionReason>();
        let reasons = code::choices(visit, reasons.iter().map(DecisionReason::as_str_name));
        let feedback = Input::new(language, "feedback", "referral-feedback", Kind::Lines(1000));
        let inputs = vec![
            Input::new(language, "decision", "referral-decision", Kind::Choice(decisions)),
            Input::new(language, "reason", "referral-decision-reason", Kind::Choice(reasons)),
        ];
        let decision = Group::row(visit.t("referral-decision-heading"), inputs);
        form.groups.push(decision.help(language, "referral-decision-help"));
        let feedback = feedback.help(language, "referral-feedback-help").optional(language);
        form.groups.push(Group::plain(vec![feedback]));
    }
    let comment = Input::new(language, "comment", "step-comment", Kind::Lines(1000));
    form.groups.push(Group::plain(vec![comment.help(language, "referral-comment-help")]));
    form
}

async fn call(
    visit: &Visit,
    step: Step,
    id: &str,
    posted: &Posted,
    form: &mut Form,
) -> Result<Option<Referral>, Status> {
    let mut client = ReferralServiceClient::new(visit.state.organisation.clone());
    let name = reads::name(visit, "referrals", id);
    let etag = posted.get("etag").to_owned();
    let request_id = posted.get("request_id").to_owned();
    let (day, comment) = (form.day("day", "day"), form.text("comment", "comment"));
    let validate_only = form.is_faulty();
    match step {
        Step::Receive => {
            let asked =
                ReceiveReferralRequest { name, etag, day, comment, request_id, validate_only };
            Ok(client.receive_referral(visit.request(asked)?).await?.into_inner().referral)
        }
        Step::Call => {
            let asked = CallReferralRequest { name, etag, day, comment, request_id, validate_only };
            Ok(client.call_referral(visit.request(asked)?).await?.into_inner().referral)
        }
        Step::Talk => {
            let asked =
                HoldIntakeTalkRequest { name, etag, day, comment, request_id, validate_only };
            Ok(client.hold_intake_talk(visit.request(asked)?).await?.into_inner().referral)
        }
        Step::Decide => {
            let (state, decision) = read_decision(form);
            let asked = DecideReferralRequest {
                name,
                etag,
                day,
                state: state.into(),
                decision: Some(decision),
                comment,
                request_id,
                validate_only: form.is_faulty(),
            };
            Ok(client.decide_referral(visit.request(asked)?).await?.into_inner().referral)
        }
        Step::Revoke => {
            let asked =
                RevokeReferralRequest { name, etag, day, comment, request_id, validate_only };
            Ok(client.revoke_referral(visit.request(asked)?).await?.into_inner().referral)
        }
        Step::RegisterInError => {
            let asked =
                RegisterReferralInErrorRequest { name, etag, comment, request_id, validate_only };
            Ok(client
                .register_referral_in_error(visit.request(asked)?)
                .await?
                .into_inner()
                .referral)
        }
    }
}

fn read_decision(form: &mut Form) -> (ReferralState, ReferralDecision) {
    let state = form.chosen("decision", "state", &DECISIONS, |state| state.as_str_name());
    let reasons = code::all::<DecisionReason>();
    let reason = form.chosen("reason", "decision.reason", &reasons, |it| it.as_str_name());
    let feedback = form.text("feedback", "decision.feedback");
    let decision = ReferralDecision { reason: reason.unwrap_or_default().into(), feedback };
    (state.unwrap_or_default(), decision)
}
