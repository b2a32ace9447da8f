//! Prepared answers of reporting about a release, and what a restatement of it would
//! correct.

use proto::reporting::{
    DraftRestatementResponse, GetReleaseResponse, PublishRestatementResponse, Release,
    ReleasedChange, ReleasedFact, ReleasedFactKind, ReleasedLabel, ReleasedSubject,
};

use super::{FEDERATION, name, report::time};
use crate::web::tests::services::Services;

pub(super) fn prepare(services: &Services) {
    services.answer(
        "/samordna.reporting.v1.ReleaseService/GetRelease",
        &GetReleaseResponse { release: Some(release()) },
    );
    services.answer(
        "/samordna.reporting.v1.RestatementService/DraftRestatement",
        &DraftRestatementResponse {
            changes: changes(),
            open_findings: Vec::new(),
            fetch_time: time("2025-08-20T08:00:00Z"),
        },
    );
    services.answer(
        "/samordna.reporting.v1.RestatementService/PublishRestatement",
        &PublishRestatementResponse::default(),
    );
}

/// The release that is corrected.
pub(in crate::web::tests) fn release() -> Release {
    let subject = |name: String, display_name: &str| ReleasedSubject {
        name,
        display_name: display_name.to_owned(),
        ..ReleasedSubject::default()
    };
    let label = |figure: &str, category: &str, text: &str| ReleasedLabel {
        figure: figure.to_owned(),
        category: category.to_owned(),
        text_sv: text.to_owned(),
        text_en: format!("{text} in English"),
    };
    Release {
        name: name("releases", "r1-1"),
        report: name("reports", "r1"),
        title: "Delårsrapport 2025".to_owned(),
        dnr: "SFV 2025/41".to_owned(),
        subjects: vec![
            subject(FEDERATION.to_owned(), "Samordningsförbundet Västmanland"),
            subject(name("teams", "sala"), "Samordningsteam Sala"),
        ],
        labels: vec![
            label("queue", "total", "Personer i kö"),
            label("exits", "total", "Avslut"),
            label("exits", "work", "Arbete"),
        ],
        ..Release::default()
    }
}

/// What a restatement corrects: the federation's queue, a team's, and a count that is
/// hidden now.
pub(in crate::web::tests) fn changes() -> Vec<ReleasedChange> {
    let fact = |kind: ReleasedFactKind, difference: i64, subject: String| ReleasedFact {
        kind: kind.into(),
        difference,
        subject,
    };
    let queue = |subject: String, facts: Vec<ReleasedFact>| ReleasedChange {
        subject,
        figure: "queue".to_owned(),
        category: "total".to_owned(),
        old_count: Some(6),
        new_count: Some(26),
        facts,
    };
    let replaced = format!("{}/reportedFigures/sala", name("reportingPeriods", "2025h1"));
    vec![
        queue(FEDERATION.to_owned(), vec![fact(ReleasedFactKind::ReplacedReport, 20, replaced)]),
        queue(
            name("teams", "sala"),
            vec![
                fact(ReleasedFactKind::Inflow, 24, String::new()),
                fact(ReleasedFactKind::Outflow, -4, String::new()),
            ],
        ),
        ReleasedChange {
            subject: name("teams", "sala"),
            figure: "exits".to_owned(),
            category: "work".to_owned(),
            old_count: Some(6),
            new_count: None,
            facts: vec![],
        },
    ]
}
