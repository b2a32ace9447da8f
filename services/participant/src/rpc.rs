//! The RPCs: parse, load, let the domain decide, save, render. The list below
//! is the table of contents.
//!
//! Architecture invariant: no rule of the organisation stands here, and an
//! answer to a write is rendered from what was recorded.

mod activity_count;
pub(crate) mod along;
mod area;
pub(crate) mod banding;
pub(crate) mod case;
pub(crate) mod convert;
mod counted;
pub(crate) mod criteria;
pub(crate) mod data_set;
pub(crate) mod disposal;
mod enrolment;
mod event;
mod federation;
pub(crate) mod follow_up;
pub(crate) mod group_activity;
pub(crate) mod import;
pub(crate) mod intake_pause;
mod journalled;
pub(crate) mod milestone;
mod municipality;
mod participant;
pub(crate) mod participant_import;
mod party;
pub(crate) mod people;
pub(crate) mod permissions;
pub(crate) mod placement;
pub(crate) mod position;
pub(crate) mod questionnaire;
mod queue;
mod read_log;
mod referral;
pub(crate) mod reserved_places;
pub(crate) mod sealed;
pub(crate) mod survey;
pub(crate) mod table_layout;
pub(crate) mod tabulation;
mod team;
mod written;

pub(crate) use convert::to_proto;

use std::sync::Arc;

use platform::{
    Failure, Journal, Principal,
    journal::Pace,
    journalled::{decoded, draft, recorded},
    mount::LARGEST_MESSAGE,
    page::Page,
    principal::parent,
};
use proto::participant::{
    banding_service_server::BandingServiceServer,
    group_activity_service_server::GroupActivityServiceServer,
    intake_pause_service_server::IntakePauseServiceServer,
    position_service_server::PositionServiceServer,
    questionnaire_service_server::QuestionnaireServiceServer,
    reserved_places_service_server::ReservedPlacesServiceServer,
    table_layout_service_server::TableLayoutServiceServer,
    tabulation_service_server::TabulationServiceServer,
};
use proto::{
    organisation::{
        area_service_server::AreaServiceServer, federation_service_server::FederationServiceServer,
        municipality_service_server::MunicipalityServiceServer,
        organisation_import_service_server::OrganisationImportServiceServer,
        party_service_server::PartyServiceServer, team_service_server::TeamServiceServer,
    },
    participant::{
        activity_count_service_server::ActivityCountServiceServer,
        criteria_service_server::CriteriaServiceServer,
        data_set_service_server::DataSetServiceServer,
        disposal_service_server::DisposalServiceServer,
        enrolment_service_server::EnrolmentServiceServer,
        follow_up_service_server::FollowUpServiceServer,
        milestone_service_server::MilestoneServiceServer,
        participant_event_service_server::ParticipantEventServiceServer,
        participant_import_service_server::ParticipantImportServiceServer,
        participant_service_server::ParticipantServiceServer,
        placement_service_server::PlacementServiceServer, queue_service_server::QueueServiceServer,
        read_log_service_server::ReadLogServiceServer,
        referral_service_server::ReferralServiceServer, survey_service_server::SurveyServiceServer,
    },
};
use tonic::service::Routes;
use values::{Fault, Faults, Slug};

use crate::{
    domain::create::Refusal,
    keyring::Keyring,
    read_log::ReadLog,
    store::{Listed, Stretch},
};

/// What the handlers of people's records are handed; cheap to clone.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) journal: Journal,
    pub(crate) keyring: Arc<Keyring>,
    pub(crate) read_log: ReadLog,
    pub(crate) pace: Pace,
}

/// Every RPC of the service.
pub(crate) fn routes(shared: &Shared) -> Routes {
    let journal = &shared.journal;
    let import = OrganisationImportServiceServer::new(import::Import::new(journal));
    Routes::new(FederationServiceServer::new(federation::Federations::new(journal)))
        .add_service(PartyServiceServer::new(party::Parties::new(journal)))
        .add_service(AreaServiceServer::new(area::Areas::new(journal)))
        .add_service(MunicipalityServiceServer::new(municipality::Municipalities::new(journal)))
        .add_service(TeamServiceServer::new(team::Teams::new(journal)))
        .add_service(CriteriaServiceServer::new(criteria::CriteriaVersions::new(journal)))
        .add_service(ReferralServiceServer::new(referral::Referrals(shared.clone())))
        .add_service(ParticipantServiceServer::new(participant::Participants(shared.clone())))
        .add_service(ParticipantEventServiceServer::new(event::Events(shared.clone())))
        .add_service(EnrolmentServiceServer::new(enrolment::Enrolments(shared.clone())))
        .add_service(
            ParticipantImportServiceServer::new(participant_import::Imports(shared.clone()))
                .max_decoding_message_size(LARGEST_MESSAGE)
                .max_encoding_message_size(LARGEST_MESSAGE),
        )
        .add_service(DisposalServiceServer::new(disposal::Disposals(shared.clone())))
        .add_service(QueueServiceServer::new(queue::Queues(shared.clone())))
        .add_service(MilestoneServiceServer::new(milestone::Milestones(shared.clone())))
        .add_service(PlacementServiceServer::new(placement::Placements(shared.clone())))
        .add_service(FollowUpServiceServer::new(follow_up::FollowUps(shared.clone())))
        .add_service(SurveyServiceServer::new(survey::Surveys(shared.clone())))
        .add_service(ActivityCountServiceServer::new(activity_count::Counts(shared.clone())))
        .add_service(ReadLogServiceServer::new(read_log::ReadLogs(shared.clone())))
        .add_service(PositionServiceServer::new(position::Positions::new(journal)))
        .add_service(IntakePauseServiceServer::new(intake_pause::IntakePauses::new(journal)))
        .add_service(ReservedPlacesServiceServer::new(reserved_places::Reservations::new(journal)))
        .add_service(GroupActivityServiceServer::new(group_activity::GroupActivities::new(journal)))
        .add_service(QuestionnaireServiceServer::new(questionnaire::Questionnaires::new(journal)))
        .add_service(
            import
                .max_decoding_message_size(LARGEST_MESSAGE)
                .max_encoding_message_size(LARGEST_MESSAGE),
        )
        .add_service(BandingServiceServer::new(banding::Bandings::new(journal)))
        .add_service(TableLayoutServiceServer::new(table_layout::TableLayouts::new(journal)))
        .add_service(TabulationServiceServer::new(tabulation::Tabulations(shared.clone())))
        .add_service(DataSetServiceServer::new(data_set::DataSets(shared.clone())))
}

/// Reads what a list request asks for.
fn page(
    principal: &Principal,
    parent: &str,
    page_size: i32,
    page_token: &str,
) -> Result<(Slug, Page), Failure> {
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, parent)?;
    let page = faults.keep_nested("", Page::parse(page_size, page_token));
    Ok(faults.into_result(|| Some((federation, page?)))?)
}

/// Reads which stretch of a list whose newest come first is asked for.
fn stretch(page_size: i32, page_token: &str) -> Result<Stretch, Faults> {
    let Page { size, after } = Page::parse(page_size, page_token)?;
    let malformed = |_| Fault::new("page_token", "PAGE_TOKEN_MALFORMED");
    let before = after.map(|after| after.parse()).transpose().map_err(malformed)?;
    Ok(Stretch { size, before })
}

/// The token of the page after this one; empty when it is the last.
fn next_page_token<N, T>(listed: &Listed<N, T>, id: impl Fn(&N) -> &Slug) -> String {
    match listed.items.last() {
        Some((name, _)) if listed.has_more => Page::token(id(name).as_str()),
        Some(_) | None => String::new(),
    }
}

/// A name within the content of a create request is empty, or the name that
/// the resource will get.
fn check_given_name(
    field: &str,
    given: &str,
    name: Option<&impl std::fmt::Display>,
) -> Result<(), Fault> {
    let expected = name.map(ToString::to_string).unwrap_or_default();
    if given.is_empty() || expected.is_empty() || given == expected {
        return Ok(());
    }
    Err(Fault::new(field, "NAME_WRONG").with("value", given).with("expected", expected))
}

/// What a refused create answers; the field is where the content stands in the
/// request.
fn refused(refusal: Refusal, name: &impl std::fmt::Display, field: &str) -> Failure {
    match refusal {
        Refusal::Taken => Failure::Exists { name: name.to_string() },
        Refusal::References(faults) => {
            let mut nested = Faults::new();
            nested.nest(field, faults);
            nested.into()
        }
    }
}
