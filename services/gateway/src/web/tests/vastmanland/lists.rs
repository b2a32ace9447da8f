//! Prepared answers: an import of the team's, a banding of ages, and an exported case.

use proto::participant::{
    Band, BandedDimension, Banding, ExitOutcome, ExportCasesResponse, ExportedCase,
    ListBandingsResponse, ListParticipantImportsResponse, ParticipantImport, ReferringKind, Sex,
};

use super::{Services, name};

pub(super) fn prepare(services: &Services) {
    let import = ParticipantImport {
        name: name("participantImports", "lista"),
        actor: name("accounts", "sofia"),
        team: name("teams", "hallstahammar"),
        cases: 12,
        etag: "1".to_owned(),
        ..ParticipantImport::default()
    };
    let elsewhere = ParticipantImport { team: name("teams", "sala"), ..import.clone() };
    services.answer(
        "/samordna.participant.v1.ParticipantImportService/ListParticipantImports",
        &ListParticipantImportsResponse {
            participant_imports: vec![import, elsewhere],
            next_page_token: String::new(),
        },
    );
    let band = Band {
        id: "30-49".to_owned(),
        label: "30–49 år".to_owned(),
        label_en: "30–49 years".to_owned(),
        youngest: 30,
        oldest: 49,
        codes: Vec::new(),
    };
    let banding = Banding {
        name: name("bandings", "alder"),
        dimension: BandedDimension::Age.into(),
        bands: vec![band],
        ..Banding::default()
    };
    services.answer(
        "/samordna.participant.v1.BandingService/ListBandings",
        &ListBandingsResponse { bandings: vec![banding], next_page_token: String::new() },
    );
    let case = ExportedCase {
        municipality: name("municipalities", "1981"),
        sex: Sex::Woman.into(),
        age_band: "30-49".to_owned(),
        referring_kind: ReferringKind::Municipality.into(),
        enrolled: "2025-03".to_owned(),
        exited: "2025-06".to_owned(),
        outcome: ExitOutcome::Studies.into(),
    };
    services.answer(
        "/samordna.participant.v1.ParticipantImportService/ExportCases",
        &ExportCasesResponse { cases: vec![case], ..ExportCasesResponse::default() },
    );
}
