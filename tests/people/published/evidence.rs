//! What proves a published count, on its way from the owners of the records to whoever
//! checks the release with the operator's command and no database at hand.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use proto::{
    participant::{
        GetTableEvidenceRequest, ListReleasedTablesRequest,
        tabulation_service_client::TabulationServiceClient,
    },
    reporting::{Release, ReleaseFormat},
};
use serde_json::Value;
use tempfile::TempDir;

use super::{
    federation,
    house::{House, on_both},
};
use crate::{flows::world::binary, population::organisation::TEAMS};

#[tokio::test(flavor = "multi_thread")]
async fn owners_prove_a_published_count_and_a_record_version_that_was_altered_is_found() {
    on_both(async |databases| {
        let (population, period) = federation(0);
        let house = House::new(databases, population.clone()).await;
        for team in 0..TEAMS.len() {
            for batch in population.batches(team) {
                house.world.import(batch).await;
            }
        }
        let id = house.create_period(period).await;
        assert!(house.draft(&id, house.records()).await);
        let release = house.publish().await;

        let home = TempDir::new().unwrap();
        let document = home.path().join("release.json");
        fs::write(&document, house.file(&release, ReleaseFormat::Json).await).unwrap();
        let evidence = fetched(&house, &release, home.path()).await;
        let (is_good, told) = checked(&document, &evidence, &release);
        assert!(is_good, "{told}");
        assert!(told.contains("are proved by evidence"), "{told}");

        let figure = alter(&document, &evidence);
        let (is_good, told) = checked(&document, &evidence, &release);
        assert!(!is_good, "{told}");
        let problem = told.lines().find(|line| line.contains("other record versions"));
        assert!(problem.is_some_and(|problem| problem.contains(&figure)), "{figure}: {told}");
    })
    .await;
}

/// The evidence of every table of a release, as files: fetched by somebody whom every party
/// gave its people.
async fn fetched(house: &House, release: &Release, home: &Path) -> Vec<PathBuf> {
    let mut tables = TabulationServiceClient::new(house.world.transport.clone());
    let list = ListReleasedTablesRequest {
        parent: house.federation(),
        publication: release.name.clone(),
        ..Default::default()
    };
    let listed = tables.list_released_tables(house.world.request(list)).await.unwrap();
    let (mut files, mut proved) = (Vec::new(), 0);
    for table in listed.into_inner().released_tables {
        let get = GetTableEvidenceRequest { name: table.name, counts: Vec::new() };
        let told = tables.get_table_evidence(house.world.request(get)).await.unwrap().into_inner();
        // One that hides every count proves none.
        proved += told.proved_count;
        assert_eq!(told.withheld_count, 0, "{told:?}");
        let file = home.join(told.file_name);
        fs::write(&file, told.content).unwrap();
        files.push(file);
    }
    assert!(proved > 0 && !files.is_empty());
    files
}

/// What the operator's command says of a document and evidence.
fn checked(document: &Path, evidence: &[PathBuf], release: &Release) -> (bool, String) {
    let output = Command::new(binary("samordna"))
        .arg("verify-release")
        .arg(document)
        .args(evidence)
        .args(["--hash", &release.sha256])
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

/// Alters one digit of one record version behind a figure; answers which figure.
fn alter(document: &Path, evidence: &[PathBuf]) -> String {
    let read = |path: &Path| serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap();
    let document = read(document);
    let figures = document["figures"].as_array().unwrap();
    for file in evidence {
        let mut content = read(file);
        for count in content["counts"].as_array_mut().unwrap() {
            let is_it = |figure: &&Value| figure["commitment"] == count["commitment"];
            let Some(figure) = figures.iter().find(is_it) else { continue };
            let text = |key: &str| figure[key].as_str().unwrap();
            let place = format!("{} {}.{}", text("subject"), text("figure"), text("category"));
            let Some(version) = count["records"][0].get_mut("version") else { continue };
            let mut altered = version.as_str().unwrap().to_owned();
            let last = altered.pop().unwrap();
            altered.push(if last == '0' { '1' } else { '0' });
            *version = altered.into();
            fs::write(file, content.to_string()).unwrap();
            return place;
        }
    }
    panic!("no figure is proved")
}
