//! Evidence: an officer proves the counts of a release with a program that is not ours.

use platform::{Principal, testing::on_both};
use proto::participant::{
    Count, CountPlace, Dimension, GetTableEvidenceRequest, GetTableEvidenceResponse,
    ListReadsRequest, Measure, ReleaseTablesRequest, ReleasedTable,
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use tonic::{Code, Status};
use values::Role;
use verifier::Verdict;

use super::{
    cut,
    history::{History, add},
    officer_of, period,
    protected::{people, register, told},
    release::{REPORT, release, released},
};
use crate::{
    disposal::{dispose, disposed, four},
    participant::{merged::found, moved::protect},
    people::{
        NUMBER, OTHER_NUMBER, coach, holder, organised, person, protected, read, referral, refusal,
        sent,
    },
    world::{HOME, World, expected, faults, problem},
};

fn evidence(table: &ReleasedTable, counts: Vec<CountPlace>) -> GetTableEvidenceRequest {
    GetTableEvidenceRequest { name: table.name.clone(), counts }
}

fn of_team(team: &str) -> CountPlace {
    CountPlace { keys: vec![format!("{HOME}/teams/{team}")], measure: Measure::Referred.into() }
}

async fn told_to(
    world: &World,
    by: &Principal,
    request: GetTableEvidenceRequest,
) -> Result<GetTableEvidenceResponse, Status> {
    Ok(world.tabulation().get_table_evidence(world.by(by, request)).await?.into_inner())
}

/// So many people of Köping in a team.
fn of_koping(team: &str, many: usize, sequence: i64) -> Vec<History> {
    let all = people(team, many, sequence).into_iter();
    all.map(|history| History { place: 2, ..history }).collect()
}

/// Sala has three people in Norra, one of them with protected identity, Köping six; and
/// twelve in Västra, two of whom are men. By team, and by team and sex.
async fn frozen(world: &World) -> (ReleasedTable, ReleasedTable) {
    for (id, person) in
        [("r-1", person(NUMBER)), ("r-2", person(OTHER_NUMBER)), ("r-3", protected())]
    {
        sent(world, referral(id, person)).await;
    }
    let sequence = world.sequence().await;
    let mut all = of_koping("norra", 6, sequence);
    all.extend(of_koping("vastra", 12, sequence));
    for history in all.iter_mut().rev().take(2) {
        history.sex = participant::domain::code::Sex::Man;
    }
    add(world, &all).await;
    register(world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
    let both = vec![cut(Dimension::Team), cut(Dimension::Sex)];
    register(world, "by-sex", &[Measure::Referred], both).await;
    let mut tables = released(world, release(&["by-team", "by-sex"], "1")).await;
    let by_sex = tables.pop().unwrap();
    (tables.pop().unwrap(), by_sex)
}

/// The document of a release that shows a team's count.
fn document(table: &ReleasedTable, team: &str) -> Vec<u8> {
    let cells = &table.table.as_ref().unwrap().cells;
    let cell = cells.iter().find(|cell| cell.keys[0].ends_with(team)).unwrap();
    let Count { value, commitment } = &cell.counts[0];
    let subject = format!("{HOME}/teams/{team}");
    // In the order of its canonical form.
    let figure = json!({
        "category": "total", "commitment": hex::encode(commitment), "count": value,
        "figure": "referred", "source": "derived", "subject": subject,
    });
    let document = json!({
        "changes": [], "chapters": [], "figures": [figure], "format": "samordna-release-1",
        "funding": [], "name": REPORT, "subjects": [{ "name": subject, "source": "derived" }],
        "threshold": 5,
    });
    serde_json::to_vec(&document).unwrap()
}

fn verified(document: &[u8], evidence: &Value) -> Verdict {
    verifier::verify(document, &[serde_json::to_vec(evidence).unwrap()]).unwrap()
}

#[tokio::test]
async fn an_officer_proves_a_count_and_one_altered_record_version_is_found() {
    on_both(|database| async {
        let world = organised(database).await;
        let (by_team, _) = frozen(&world).await;
        let answer = told_to(&world, &coach(), evidence(&by_team, vec![of_team("norra")])).await;
        let GetTableEvidenceResponse {
            file_name,
            content,
            proved_count,
            told_count,
            withheld_count,
        } = answer.unwrap();
        assert!(file_name.starts_with("2025h1-") && file_name.ends_with("-evidence.json"));
        assert_eq!((proved_count, told_count, withheld_count), (1, 2, 7));
        let text = String::from_utf8(content.clone()).unwrap();
        assert!(text.contains("/referrals/r-1\\n0\\n") && !text.contains("r-3"), "{text}");

        let document = document(&by_team, "norra");
        let proofs: Value = serde_json::from_slice(&content).unwrap();
        let verdict = verified(&document, &proofs);
        assert_eq!(verdict.problems, [""; 0]);
        assert_eq!((verdict.shown, verdict.proved), (1, 1));
        assert_eq!((verdict.told, verdict.withheld, verdict.strays), (2, 7, 0));

        let mut altered = 0;
        for record in 0..9_usize {
            for field in ["version", "salt", "leaf"] {
                let mut other = proofs.clone();
                let Some(place) = other["counts"][0]["records"][record].get_mut(field) else {
                    continue;
                };
                let mut text = place.as_str().unwrap().to_owned();
                let last = text.pop().unwrap();
                text.push(if last == '0' { '1' } else { '0' });
                *place = text.into();
                assert_ne!(verified(&document, &other).problems, [""; 0], "{record} {field}");
                altered += 1;
            }
            let mut other = proofs.clone();
            other["counts"][0]["records"].as_array_mut().unwrap().remove(record);
            assert_ne!(verified(&document, &other).problems, [""; 0], "without {record}");
        }
        assert_eq!(altered, 2 * 2 + 7);
    })
    .await;
}

#[tokio::test]
async fn evidence_is_read_of_the_people_whose_record_versions_it_tells() {
    on_both(|database| async {
        let world = organised(database).await;
        let (by_team, _) = frozen(&world).await;
        told_to(&world, &coach(), evidence(&by_team, vec![of_team("norra")])).await.unwrap();
        let reads = ListReadsRequest {
            parent: format!("{HOME}/parties/sala"),
            page_size: 1,
            ..Default::default()
        };
        let administrator = holder("partsadmin", Role::PartyAdministrator, "party/sala");
        let reads = world.read_log().list_reads(world.by(&administrator, reads)).await.unwrap();
        let logged = reads.into_inner().reads.remove(0);
        assert!(logged.rpc.ends_with("/GetTableEvidence"), "{}", logged.rpc);
        let mut whose = Vec::new();
        for id in ["r-1", "r-2"] {
            whose.push(read(&world, &coach(), id).await.unwrap().participant);
        }
        whose.sort();
        let mut logged = logged.participants;
        logged.sort();
        assert_eq!(logged, whose);
    })
    .await;
}

#[tokio::test]
async fn one_who_names_no_count_gets_all_that_count_a_record_of_theirs() {
    on_both(|database| async {
        let world = organised(database).await;
        let (by_team, _) = frozen(&world).await;
        let answer = told_to(&world, &coach(), evidence(&by_team, Vec::new())).await.unwrap();
        let proofs: Value = serde_json::from_slice(&answer.content).unwrap();
        let proofs = proofs["counts"].as_array().unwrap();
        let keys = proofs.iter().map(|proof| proof["keys"][0].as_str().unwrap());
        let keys: Vec<&str> = keys.collect();
        let norra = format!("{HOME}/teams/norra");
        assert_eq!(keys, ["*", norra.as_str()], "nobody of Sala is in Västra");
        // The leaves of one count are none of another's: they cannot be held together.
        let mut leaves: Vec<&str> = proofs
            .iter()
            .flat_map(|proof| proof["records"].as_array().unwrap())
            .filter_map(|record| record.get("leaf")?.as_str())
            .collect();
        let many = leaves.len();
        leaves.sort_unstable();
        leaves.dedup();
        assert_eq!(leaves.len(), many);
    })
    .await;
}

/// A hidden count of the table by team and sex.
fn hidden(table: &ReleasedTable) -> CountPlace {
    let cells = &table.table.as_ref().unwrap().cells;
    let cell = cells.iter().find(|cell| cell.counts[0].value.is_none()).unwrap();
    CountPlace { keys: cell.keys.clone(), measure: Measure::Referred.into() }
}

#[tokio::test]
async fn a_hidden_count_others_counts_and_a_table_that_was_only_read_are_not_proved() {
    on_both(|database| async {
        let world = organised(database).await;
        let (by_team, by_sex) = frozen(&world).await;
        let mut client = world.tabulation();
        let by_coach = |request| world.by(&coach(), request);
        let wanted = evidence(&by_sex, vec![hidden(&by_sex)]);
        let answer = faults(client.get_table_evidence(by_coach(wanted)).await);
        assert_eq!(answer, expected(&[("counts[0]", "COUNT_HIDDEN")]));
        let wanted = evidence(&by_team, vec![of_team("norra"), of_team("vastra")]);
        let answer = faults(client.get_table_evidence(by_coach(wanted)).await);
        assert_eq!(answer, expected(&[("counts[1]", "COUNT_OF_OTHERS")]));

        // Sala has nobody in Västra, whoever works there for it.
        let other = officer_of(&[("sala", "vastra".to_owned())]);
        let answer = client.get_table_evidence(world.by(&other, evidence(&by_team, vec![]))).await;
        assert_eq!(refusal(answer).0, "TABLE_OF_OTHERS");
        let wanted = evidence(&by_team, vec![of_team("norra")]);
        let answer = client.get_table_evidence(world.by(&other, wanted.clone())).await;
        assert_eq!(faults(answer), expected(&[("counts[0]", "COUNT_OF_OTHERS")]));
        let denied = problem(client.get_table_evidence(world.office(wanted)).await);
        assert_eq!(denied.0, Code::PermissionDenied);

        register(&world, "read", &[Measure::Referred], vec![cut(Dimension::Party)]).await;
        let only_read = told(&world, "read").await;
        let answer = client.get_table_evidence(by_coach(evidence(&only_read, vec![]))).await;
        assert_eq!(refusal(answer).0, "TABLE_NOT_FROZEN");
    })
    .await;
}

#[tokio::test]
async fn evidence_of_a_frozen_table_that_hides_every_count_proves_none() {
    on_both(|database| async {
        let world = organised(database).await;
        sent(&world, referral("r-1", person(NUMBER))).await;
        register(&world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
        let table = released(&world, release(&["by-team"], "1")).await.pop().unwrap();
        assert!(table.table.as_ref().unwrap().totals.iter().all(|count| count.value.is_none()));
        let told = told_to(&world, &coach(), evidence(&table, vec![])).await.unwrap();
        assert_eq!((told.proved_count, told.told_count, told.withheld_count), (0, 0, 0));
        let proofs: Value = serde_json::from_slice(&told.content).unwrap();
        assert_eq!(proofs["release"], Value::from(table.publication.clone()));
        assert_eq!(proofs["counts"], Value::Array(Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_what_is_to_be_proved_is_told_at_once() {
    on_both(|database| async {
        let world = organised(database).await;
        let (by_team, _) = frozen(&world).await;
        let mut client = world.tabulation();
        let mut counts = vec![of_team("norra"); 1001];
        counts[0].measure = Measure::Unspecified.into();
        let wrong = GetTableEvidenceRequest { name: "releasedTables/1".to_owned(), counts };
        let told = faults(client.get_table_evidence(world.by(&coach(), wrong)).await);
        let wrong = [
            ("name", "NAME_MALFORMED"),
            ("counts", "COUNTS_TOO_MANY"),
            ("counts[0].measure", "ENUM_UNSPECIFIED"),
        ];
        assert_eq!(told, expected(&wrong));
        let other = CountPlace { keys: Vec::new(), measure: Measure::New.into() };
        let answer = evidence(&by_team, vec![other]);
        let told = faults(client.get_table_evidence(world.by(&coach(), answer)).await);
        let wrong =
            [("counts[0].keys", "CELL_KEYS_WRONG"), ("counts[0].measure", "MEASURE_NOT_IN_TABLE")];
        assert_eq!(told, expected(&wrong));
        let none = GetTableEvidenceRequest {
            name: format!("{HOME}/releasedTables/1"),
            counts: Vec::new(),
        };
        let none = problem(client.get_table_evidence(world.by(&coach(), none)).await);
        assert_eq!(none.0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_as_it_was_committed_to_is_told_as_gone() {
    on_both(|database| async {
        let world = organised(database).await;
        let (by_team, _) = frozen(&world).await;
        let sql = "UPDATE case_fact SET team_id = 'vastra' WHERE case_id = 'r-2'";
        world.database.write.execute_unprepared(sql).await.unwrap();
        let wanted = evidence(&by_team, vec![of_team("norra")]);
        let answer = world.tabulation().get_table_evidence(world.by(&coach(), wanted)).await;
        let (reason, facts) = refusal(answer);
        assert_eq!(reason, "EVIDENCE_GONE");
        let place = "norra MEASURE_REFERRED".to_owned();
        assert_eq!(facts, [("place".to_owned(), place)]);
    })
    .await;
}

/// The table of a publication that counts Sala's four people of Norra and six of Köping.
async fn published(world: &World) -> ReleasedTable {
    four(world).await;
    let mut all = of_koping("norra", 6, world.sequence().await);
    all.iter_mut().for_each(|history| history.referred = "2024-10-01".parse().unwrap());
    add(world, &all).await;
    register(world, "by-team", &[Measure::Referred], vec![cut(Dimension::Team)]).await;
    let autumn = period("2024-07-01", "2024-12-31");
    let freeze = ReleaseTablesRequest { period: autumn, ..release(&["by-team"], "1") };
    released(world, freeze).await.remove(0)
}

#[tokio::test]
async fn what_was_published_is_proved_as_before_when_people_were_disposed_of() {
    on_both(|database| async {
        let world = organised(database).await;
        let table = published(&world).await;
        let wanted = || evidence(&table, vec![of_team("norra")]);
        let before = told_to(&world, &coach(), wanted()).await.unwrap();
        assert_eq!((before.told_count, before.withheld_count), (3, 7));
        disposed(&world, dispose("dispose")).await.unwrap();
        let after = told_to(&world, &coach(), wanted()).await.unwrap();
        assert_eq!(after, before);
        let proofs: Value = serde_json::from_slice(&after.content).unwrap();
        let verdict = verified(&document(&table, "norra"), &proofs);
        assert_eq!((verdict.problems, verdict.proved), (vec![], 1));
    })
    .await;
}

#[tokio::test]
async fn what_was_published_is_proved_without_telling_of_those_who_are_protected_since() {
    on_both(|database| async {
        let world = organised(database).await;
        let table = published(&world).await;
        let protected = world.by(&coach(), protect(&found(&world, NUMBER).await));
        world.participants().protect_participant(protected).await.unwrap();
        let wanted = evidence(&table, vec![of_team("norra")]);
        let after = told_to(&world, &coach(), wanted).await.unwrap();
        assert_eq!((after.told_count, after.withheld_count), (1, 9), "with what was merged");
        let proofs: Value = serde_json::from_slice(&after.content).unwrap();
        let verdict = verified(&document(&table, "norra"), &proofs);
        assert_eq!((verdict.problems, verdict.proved), (vec![], 1));
    })
    .await;
}
