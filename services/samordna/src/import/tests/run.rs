//! What is sent to which service, in which order, and what stops an import.

use gateway::text::Language;
use proto::common::ImportEffect;
use tonic::{Status, transport::Channel};

use super::fake::{Fake, Seen, fault};
use crate::import::{Gateway, ImportOptions, ImportReport, Section, connect, run};

const FILES: [(&str, &str); 4] = [
    (
        "parties.csv",
        "party;display_name;organisation_number;kind\nsala;Sala kommun;999900-0160;municipality\n",
    ),
    ("teams.csv", "team;display_name;municipalities\nsala;Samordningsteam Sala;1981\n"),
    ("recipients.csv", "recipient;display_name;kind;team\nsala;Samordningsteam Sala;team;sala\n"),
    (
        "reported-figures.csv",
        "team;period;figure;category;count\nsala;2025h1;exits;total;1\nsala;2025h1;exits;work;1\n",
    ),
];

async fn import(
    files: &[(&str, &str)],
    apply: bool,
    gateway: Gateway,
) -> anyhow::Result<ImportReport> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let options = ImportOptions {
        from: folder.path().to_owned(),
        federation: "vastmanland".to_owned(),
        apply,
        language: Language::English,
    };
    run(options, gateway).await
}

fn order(fake: &Fake) -> Vec<(Section, bool)> {
    fake.seen().iter().map(|seen| (seen.section, seen.validate_only)).collect()
}

const CHECKS: [(Section, bool); 3] =
    [(Section::Organisation, true), (Section::Finance, true), (Section::Reporting, true)];

#[tokio::test]
async fn a_dry_run_asks_all_three_services_and_writes_nothing() {
    let fake = Fake::new(|_| Ok(vec![]));
    let report = import(&FILES, false, fake.gateway().await).await.unwrap();
    assert_eq!(order(&fake), CHECKS);
    assert!(report.is_good() && report.written.is_empty());
    let rows: Vec<_> = report
        .outcomes
        .iter()
        .map(|outcome| (outcome.file.as_str(), outcome.first_row, outcome.last_row, outcome.effect))
        .collect();
    let created = ImportEffect::Created;
    assert_eq!(
        rows,
        [
            ("parties.csv", 2, 2, created),
            ("teams.csv", 2, 2, created),
            ("recipients.csv", 2, 2, created),
            ("reported-figures.csv", 2, 3, created),
        ]
    );
}

#[tokio::test]
async fn applying_writes_in_order_after_all_checks_and_expects_nothing_any_more() {
    let fake = Fake::new(|_| Ok(vec![]));
    let report = import(&FILES, true, fake.gateway().await).await.unwrap();
    let writes = Section::ALL.map(|section| (section, false));
    assert_eq!(order(&fake), [CHECKS, writes].concat());
    assert_eq!(report.written, Section::ALL);
    assert_eq!(report.outcomes.len(), 4);

    let seen = fake.seen();
    let names = |names: &[&str]| -> Vec<String> {
        names.iter().map(|name| format!("federations/vastmanland/{name}")).collect()
    };
    assert_eq!(seen[1].expected_names, names(&["parties/sala", "teams/sala"]));
    assert_eq!(seen[2].expected_names, names(&["teams/sala"]));
    assert!(seen[3..].iter().all(|seen| seen.expected_names.is_empty()));
    for Seen { authorization, accept_language, .. } in &seen {
        assert_eq!(
            (authorization.as_str(), accept_language.as_str()),
            ("Bearer token-of-the-test", "en")
        );
    }
    let mut ids: Vec<_> = seen.iter().map(|seen| seen.request_id.clone()).collect();
    assert!(ids.iter().all(|id| id.is_ascii() && (1..=128).contains(&id.len())));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6, "a request id is used once");
}

#[tokio::test]
async fn faults_of_the_files_and_of_every_service_are_told_at_once_and_nothing_is_written() {
    let fake = Fake::new(|seen| {
        Ok(match seen.section {
            Section::Organisation => {
                vec![fault("parties[0].organisation_number", "ORGANISATION_NUMBER_CHECK_DIGIT")]
            }
            Section::Finance => vec![fault("recipients[0].team", "TEAM_UNKNOWN")],
            Section::Reporting => {
                vec![fault("reported_figures[0].counts[1].category", "CATEGORY_UNKNOWN")]
            }
        })
    });
    let mut files = FILES;
    files[3].1 =
        "team;period;figure;category;count\nsala;2025h1;exits;total;12,5\nsala;2025h1;exits;x;1\n";
    let report = import(&files, true, fake.gateway().await).await.unwrap();
    assert_eq!(order(&fake), CHECKS);
    assert!(report.outcomes.is_empty() && report.written.is_empty());
    let told: Vec<_> = report
        .faults
        .iter()
        .map(|fault| (fault.file.as_str(), fault.row, fault.column.as_str(), fault.reason.as_str()))
        .collect();
    // The team is defined by the same files, so that it is unknown is no news.
    assert_eq!(
        told,
        [
            ("parties.csv", 2, "organisation_number", "ORGANISATION_NUMBER_CHECK_DIGIT"),
            ("reported-figures.csv", 2, "count", "NUMBER_NOT_WHOLE"),
            ("reported-figures.csv", 3, "category", "CATEGORY_UNKNOWN"),
        ]
    );
}

#[tokio::test]
async fn an_interruption_tells_what_is_written_and_to_repeat_the_command() {
    let fake = Fake::new(|seen| match (seen.section, seen.validate_only) {
        (Section::Finance, false) => Err(Status::unavailable("gone")),
        (_, _) => Ok(vec![]),
    });
    let error = import(&FILES, true, fake.gateway().await).await.unwrap_err();
    let text = error.to_string();
    assert_eq!(
        text,
        "interrupted at finance; written: organisation; repeat the command for the rest"
    );
    assert_eq!(order(&fake).last(), Some(&(Section::Finance, false)));
}

#[tokio::test]
async fn a_service_that_refuses_what_it_had_accepted_stops_the_import_with_its_faults() {
    let fake = Fake::new(|seen| match (seen.section, seen.validate_only) {
        (Section::Finance, false) => Ok(vec![fault("recipients[0]", "DIFFERS_FROM_RECORD")]),
        (_, _) => Ok(vec![]),
    });
    let report = import(&FILES, true, fake.gateway().await).await.unwrap();
    assert_eq!(report.written, [Section::Organisation]);
    let fault = &report.faults[0];
    assert_eq!(
        (fault.file.as_str(), fault.row, fault.column.as_str()),
        ("recipients.csv", 2, "recipient")
    );
    assert_eq!(order(&fake).last(), Some(&(Section::Finance, false)));
}

#[tokio::test]
async fn files_without_rows_for_a_service_leave_it_alone() {
    let fake = Fake::new(|_| Ok(vec![]));
    let report = import(&FILES[..2], true, fake.gateway().await).await.unwrap();
    assert_eq!(order(&fake), [(Section::Organisation, true), (Section::Organisation, false)]);
    assert_eq!(report.written, [Section::Organisation]);
}

#[tokio::test]
async fn a_folder_without_a_known_file_is_an_error() {
    let fake = Fake::new(|_| Ok(vec![]));
    let error = import(&[("notes.txt", "x")], false, fake.gateway().await).await.unwrap_err();
    assert!(error.to_string().ends_with("has nothing to import"), "{error}");
    let report = import(&[("Parties.CSV", "x")], false, fake.gateway().await).await.unwrap();
    assert_eq!(report.faults[0].reason, "FILE_UNKNOWN");
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn a_federation_that_is_no_id_is_an_error_before_anything_is_asked() {
    let fake = Fake::new(|_| Ok(vec![]));
    let options = ImportOptions {
        from: "there is no such folder".into(),
        federation: "Västmanland".to_owned(),
        apply: true,
        language: Language::English,
    };
    let error = run(options, fake.gateway().await).await.unwrap_err();
    assert!(error.to_string().contains("Västmanland"), "{error}");
    assert!(fake.seen().is_empty());
}

#[tokio::test]
async fn a_gateway_that_does_not_answer_is_an_error_that_tells_nothing_was_changed() {
    let channel = Channel::from_static("http://127.0.0.1:1").connect_lazy();
    let gateway = connect(channel, "token", Language::English).unwrap();
    let error = import(&FILES, true, gateway).await.unwrap_err();
    assert_eq!(error.to_string(), "organisation could not be asked; nothing was changed");
}

#[test]
fn a_token_that_no_header_can_carry_is_refused_without_showing_it() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let _context = runtime.enter();
    let channel = Channel::from_static("http://127.0.0.1:1").connect_lazy();
    let error = connect(channel, "hemlig\ntoken", Language::Swedish).err().unwrap();
    assert!(!format!("{error:?}").contains("hemlig"));
}
