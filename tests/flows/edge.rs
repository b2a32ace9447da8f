//! The edge: who gets in, who does not, and what is open.

use std::os::unix::fs::PermissionsExt as _;

use proto::{
    finance::{ListGrantsRequest, grant_service_client::GrantServiceClient},
    gateway::{GetOwnAccountRequest, account_service_client::AccountServiceClient},
    organisation::{
        CreateTeamRequest, GetTeamRequest, ListTeamsRequest, Team,
        team_service_client::TeamServiceClient,
    },
};
use tonic::{
    Code, Request,
    metadata::MetadataValue,
    transport::{Channel, Endpoint},
};
use tonic_types::StatusExt as _;

use values::Role;

use super::world::{FEDERATION, Installation, Shape, Store};

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_anything_without_a_good_token_of_the_federation() {
    let installation = Installation::start(Shape::Split, Store::Sqlite).await;
    installation.load().await;
    let channel = Endpoint::from_shared(installation.address()).unwrap().connect().await.unwrap();
    let good = installation.token("ekonom").await;

    let no_token = list_teams(&channel, None).await.unwrap_err();
    assert_eq!(no_token.code(), Code::Unauthenticated);
    let mut wrong = good.clone().into_bytes();
    let last = wrong.len() - 2;
    wrong[last] = if wrong[last] == b'A' { b'B' } else { b'A' };
    let wrong = String::from_utf8(wrong).unwrap();
    assert_eq!(list_teams(&channel, Some(&wrong)).await.unwrap_err().code(), Code::Unauthenticated);
    assert_eq!(list_teams(&channel, Some("x")).await.unwrap_err().code(), Code::Unauthenticated);

    let other = installation.token("sormland-kansli").await;
    assert_eq!(list_teams(&channel, Some(&other)).await.unwrap_err().code(), Code::NotFound);
    let mut teams = TeamServiceClient::new(installation.client("sormland-kansli").await);
    let name = format!("{FEDERATION}/teams/sala");
    assert_eq!(teams.get_team(GetTeamRequest { name }).await.unwrap_err().code(), Code::NotFound);

    assert_eq!(list_teams(&channel, Some(&good)).await.unwrap().len(), 6);
    installation.stop().await;
}

async fn list_teams(channel: &Channel, token: Option<&str>) -> Result<Vec<Team>, tonic::Status> {
    let parent = FEDERATION.to_owned();
    let mut request =
        Request::new(ListTeamsRequest { parent, page_size: 0, page_token: String::new() });
    if let Some(token) = token {
        let value: MetadataValue<_> = format!("Bearer {token}").parse().unwrap();
        request.metadata_mut().insert("authorization", value);
    }
    Ok(TeamServiceClient::new(channel.clone()).list_teams(request).await?.into_inner().teams)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_cannot_bring_a_principal_of_its_own_nor_use_a_role_it_lacks() {
    let installation = Installation::start(Shape::Split, Store::Sqlite).await;
    installation.load().await;
    let channel = Endpoint::from_shared(installation.address()).unwrap().connect().await.unwrap();
    // As good as the gateway's own, beside the token of a team lead: it must be
    // the token that counts.
    let forged = installation.signed_principal("kansli", Role::FederationAdministrator);
    let token = installation.token("surahammar-ledare").await;
    let mut request = Request::new(new_team("r0", "forged"));
    request.metadata_mut().append("samordna-principal", forged.clone());
    request.metadata_mut().append("samordna-principal", forged.clone());
    let bearer: MetadataValue<_> = format!("Bearer {token}").parse().unwrap();
    request.metadata_mut().insert("authorization", bearer);
    let refused = TeamServiceClient::new(channel.clone()).create_team(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::PermissionDenied);
    let parent = FEDERATION.to_owned();
    let mut request = Request::new(ListGrantsRequest { parent, ..Default::default() });
    request.metadata_mut().insert("samordna-principal", forged);
    let refused = GrantServiceClient::new(channel).list_grants(request).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);

    let mut lead = TeamServiceClient::new(installation.client("surahammar-ledare").await);
    let denied = lead.create_team(new_team("r1", "x")).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    let info = denied.get_details_error_info().unwrap();
    assert_eq!(info.reason, "PERMISSION_DENIED");
    assert_eq!(info.metadata["roles"], "federation_administrator");
    installation.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_request_names_every_field_in_words_and_a_new_token_tells_whose_it_is() {
    let installation = Installation::start(Shape::AllInOne, Store::Sqlite).await;
    let file = std::fs::metadata(installation.folder("data").join("participant.sqlite")).unwrap();
    assert_eq!(file.permissions().mode() & 0o007, 0, "nobody else on the machine reads it");
    let mut teams = TeamServiceClient::new(installation.client("kansli").await);
    let bad = teams.create_team(new_team("r2", "Not A Slug")).await.unwrap_err();
    assert_eq!(bad.code(), Code::InvalidArgument);
    let violations = bad.get_details_bad_request().unwrap().field_violations;
    assert!(violations.len() >= 2, "{violations:?}");
    for violation in &violations {
        assert!(violation.description.contains(' '), "words, not a code: {violation:?}");
    }

    let mut accounts = AccountServiceClient::new(installation.client("koping-ekonom").await);
    let answer = accounts.get_own_account(GetOwnAccountRequest {}).await.unwrap().into_inner();
    let account = answer.account.unwrap();
    assert_eq!(account.name, "federations/vastmanland/accounts/koping-ekonom");
    assert_eq!(account.role_grants[0].scope, "federations/vastmanland/parties/koping");
    installation.stop().await;
}

fn new_team(request_id: &str, id: &str) -> CreateTeamRequest {
    CreateTeamRequest {
        parent: FEDERATION.to_owned(),
        team_id: id.to_owned(),
        team: Some(Team { display_name: String::new(), ..Default::default() }),
        request_id: request_id.to_owned(),
        validate_only: false,
    }
}
