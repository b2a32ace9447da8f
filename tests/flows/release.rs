//! A half-year's figures leave the federation: reported ones, and those that the
//! participant service counts, through the edge and four processes.

use proto::reporting::{
    DownloadReleaseRequest, GetReleaseEvidenceRequest, PublishReportRequest, ReleaseFormat,
    ReleasedSource, VerifyReleaseRequest, release_service_client::ReleaseServiceClient,
};

use super::world::{FEDERATION, Installation, Shape, Store};

#[tokio::test(flavor = "multi_thread")]
async fn a_release_is_published_made_again_and_proved_by_a_program_that_is_not_ours() {
    let installation = Installation::start(Shape::Split, Store::Sqlite).await;
    installation.load().await;
    let mut releases = ReleaseServiceClient::new(installation.client("kansli").await);
    let message = PublishReportRequest {
        name: format!("{FEDERATION}/reportingPeriods/2025h1/halfYearReport"),
        // Nobody is kept of Sala: its table is counted, and is one of nobody.
        derived_teams: vec![format!("{FEDERATION}/teams/sala")],
        request_id: "publish".to_owned(),
        ..Default::default()
    };
    let release = releases.publish_report(message).await.unwrap().into_inner().release.unwrap();
    let services: Vec<&str> = release.stamps.iter().map(|stamp| stamp.service.as_str()).collect();
    assert_eq!(services, ["reporting", "participant", "finance"]);
    assert!(release.stamps.iter().all(|stamp| stamp.head_hash.len() == 32));
    let total = release.figures.iter().find(|figure| {
        figure.source() == ReleasedSource::Mixed
            && (figure.figure.as_str(), figure.category.as_str()) == ("participants", "total")
    });
    assert_eq!(total.unwrap().count, Some(62), "reported, and nobody of Sala");

    let message = VerifyReleaseRequest { name: release.name.clone() };
    let again = releases.verify_release(message).await.unwrap().into_inner();
    assert!(again.intact, "{:?}", again.differences);
    let format = ReleaseFormat::Json.into();
    let message = DownloadReleaseRequest { name: release.name.clone(), format };
    let document = releases.download_release(message).await.unwrap().into_inner().content;
    let message = GetReleaseEvidenceRequest { name: release.name };
    let evidence = releases.get_release_evidence(message).await.unwrap().into_inner().content;
    let verdict = verifier::verify(&document, &[evidence]).unwrap();
    assert_eq!(verdict.sha256, release.sha256);
    assert_eq!(verdict.problems, Vec::<String>::new());
    assert!(verdict.proved > 20, "{verdict:?}");
    installation.verify();
    installation.stop().await;
}
