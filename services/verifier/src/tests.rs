//! A release that is right, and each way of altering it.

use serde_json::{Value, json};

use super::*;

fn record(team: &str, figure: &str, count: i64) -> Record {
    let name = format!("federations/x/reportingPeriods/2025h1/reportedFigures/{team}");
    let version = format!("{name}\n{figure}\ntotal\n{count}\n7\n{}", "ab".repeat(32));
    Record { version, salt: "5c".repeat(32) }
}

fn commitment(records: &[Record]) -> String {
    let leaf = |record: &Record| -> [u8; 32] {
        let salt = hex::decode(&record.salt).unwrap();
        Sha256::digest([vec![0], salt, record.version.clone().into_bytes()].concat()).into()
    };
    hex::encode(evidence::root(records.iter().map(leaf).collect()))
}

const TEAM: &str = "federations/x/teams/";

/// Two teams that have reported, one that is counted from records.
fn release() -> (Value, Value) {
    let (a, b) = (record("a", "participants", 20), record("b", "participants", 30));
    let people: Vec<Record> = (0..12)
        .map(|case| Record {
            version: format!("federations/x/referrals/r-{case}\n0\n{case}\n{}", "cd".repeat(32)),
            salt: format!("{case:02x}").repeat(32),
        })
        .collect();
    let cell = |subject: &str, source: &str, count: i64, records: &[Record]| {
        json!({
            "subject": subject, "figure": "participants", "category": "total", "source": source,
            "count": count, "commitment": commitment(records),
        })
    };
    let (whole, ab) = ("federations/x", [a.clone(), b.clone()]);
    let (a, b) = ([a], [b]);
    let told: [(String, &str, i64, &[Record]); 5] = [
        (whole.to_owned(), "reported", 50, &ab),
        (whole.to_owned(), "derived", 12, &people),
        (format!("{TEAM}a"), "reported", 20, &a),
        (format!("{TEAM}b"), "reported", 30, &b),
        (format!("{TEAM}c"), "derived", 12, &people),
    ];
    let mut figures: Vec<Value> =
        told.iter().map(|(subject, source, count, of)| cell(subject, source, *count, of)).collect();
    figures.push(json!({
        "subject": whole, "figure": "participants", "category": "total", "source": "mixed",
        "count": 62,
    }));
    figures.push(json!({
        "subject": format!("{TEAM}a"), "figure": "queue", "category": "total",
        "source": "reported", "hidden": 1,
    }));
    let row = |recipient: &str, granted: i64, to_date: i64, share: i64| {
        json!({
            "recipient": recipient, "display_name": recipient, "team": "", "granted_ore": granted,
            "requisitioned_ore": to_date, "requisitioned_to_date_ore": to_date,
            "share_percent": share,
        })
    };
    let subject = |name: &str, source: &str| json!({ "name": name, "source": source });
    let document = json!({
        "format": "samordna-release-1", "name": "federations/x/releases/2025h1-2", "threshold": 5,
        "subjects": [
            subject(whole, "mixed"), subject(&format!("{TEAM}a"), "reported"),
            subject(&format!("{TEAM}b"), "reported"), subject(&format!("{TEAM}c"), "derived"),
        ],
        "figures": figures,
        "funding": [row("r1", 1000, 455, 46), row("r2", 3000, 1000, 33), row("", 4000, 1455, 36)],
        "changes": [{
            "subject": whole, "figure": "participants", "category": "total", "old": 55, "new": 62,
            "facts": [{ "difference": 9 }, { "difference": -2 }],
        }],
        "chapters": [{
            "text": "Teamen hade 62 deltagare.",
            "attachments": [{
                "name": "federations/x/reports/2025h1/chapters/introduction/attachments/enkat",
                "file_name": "Enkät.csv", "size_bytes": 5,
                "sha256": hex::encode(Sha256::digest(b"a;b;c")),
            }],
        }, { "text": "" }],
    });
    let proof = |(subject, source, _, records): &(String, &str, i64, &[Record])| {
        json!({
            "subject": subject, "figure": "participants", "category": "total", "source": source,
            "records": records,
        })
    };
    let figures: Vec<Value> = told.iter().map(proof).collect();
    (document, json!({ "release": "federations/x/releases/2025h1-2", "figures": figures }))
}

/// As a document is written; what has no canonical form, as it comes.
fn bytes(value: &Value) -> Vec<u8> {
    canonical::written(value).unwrap_or_else(|| value.to_string()).into_bytes()
}

fn checked(document: &Value, evidence: &Value) -> Verdict {
    verify(&bytes(document), &[bytes(evidence)]).unwrap()
}

#[test]
fn a_release_that_is_right_is_proved_whole() {
    let (document, evidence) = release();
    let verdict = checked(&document, &evidence);
    assert_eq!(verdict.problems, [""; 0]);
    assert_eq!((verdict.shown, verdict.proved), (6, 5), "a mixed sum is proved by its parts");
}

#[test]
fn every_record_version_salt_and_count_that_is_altered_is_found() {
    let (document, evidence) = release();
    let mut altered = 0;
    for figure in 0..evidence["figures"].as_array().unwrap().len() {
        let records = evidence["figures"][figure]["records"].as_array().unwrap().len();
        for record in 0..records {
            for field in ["version", "salt"] {
                let mut other = evidence.clone();
                let place = &mut other["figures"][figure]["records"][record][field];
                let mut text = place.as_str().unwrap().to_owned();
                let last = text.pop().unwrap();
                text.push(if last == '0' { '1' } else { '0' });
                *place = text.into();
                assert_ne!(
                    checked(&document, &other).problems,
                    [""; 0],
                    "{figure} {record} {field}"
                );
                altered += 1;
            }
            let mut other = evidence.clone();
            other["figures"][figure]["records"].as_array_mut().unwrap().remove(record);
            assert_ne!(checked(&document, &other).problems, [""; 0], "{figure} without {record}");
        }
        let mut other = document.clone();
        let count = other["figures"][figure]["count"].as_i64().unwrap();
        other["figures"][figure]["count"] = (count + 10).into();
        assert_ne!(checked(&other, &evidence).problems, [""; 0], "figure {figure}");
    }
    assert!(altered > 50);
}

#[test]
fn a_sum_a_share_a_small_count_and_a_fact_that_are_altered_are_found_without_evidence() {
    let (document, _) = release();
    let whole = verify(&bytes(&document), &[]).unwrap();
    assert_eq!(whole.problems, [""; 0]);
    for (pointer, value) in [
        ("/figures/0/count", 51),
        ("/figures/1/count", 13),
        ("/figures/2/count", 3),
        ("/figures/5/count", 63),
        ("/funding/0/share_percent", 45),
        ("/funding/2/granted_ore", 4001),
        ("/changes/0/facts/0/difference", 8),
        ("/changes/0/new", 63),
    ] {
        let mut other = document.clone();
        *other.pointer_mut(pointer).unwrap() = value.into();
        let verdict = verify(&bytes(&other), &[]).unwrap();
        assert_ne!(verdict.problems, [""; 0], "{pointer}");
    }
}

#[test]
fn an_altered_text_has_another_hash_and_another_writing_is_not_the_document() {
    let (mut document, _) = release();
    let written = bytes(&document);
    let sha256 = verify(&written, &[]).unwrap().sha256;
    document["chapters"][0]["text"] = "Teamen hade 63 deltagare.".into();
    let altered = verify(&bytes(&document), &[]).unwrap();
    assert_ne!(altered.sha256, sha256);
    let verdict = verify(&bytes(&document), &[]).unwrap();
    assert_eq!(verdict.hash_problem(&altered.sha256.to_uppercase()), None);
    assert!(verdict.hash_problem(&sha256).is_some(), "another was published");
    let spaced = serde_json::to_vec_pretty(&document).unwrap();
    assert_eq!(verify(&spaced, &[]).unwrap().problems.len(), 1);
    assert!(verify(b"{}", &[]).is_err());
    let foreign = json!({ "release": "federations/y/releases/1", "figures": [] });
    let evidence = [bytes(&foreign)];
    assert_eq!(verify(&written, &evidence).unwrap().problems.len(), 1);
}

/// The count of the team that is counted from records, as its officer is told it: two of
/// the record versions are another party's.
fn of_records() -> (Value, Value) {
    let (document, evidence) = release();
    let mut records = evidence["figures"][1]["records"].as_array().unwrap().clone();
    for record in &mut records[..2] {
        let read: Record = serde_json::from_value(record.clone()).unwrap();
        let salted = [vec![0], hex::decode(&read.salt).unwrap(), read.version.into_bytes()];
        *record = json!({ "leaf": hex::encode(Sha256::digest(salted.concat())) });
    }
    let commitment = document["figures"][1]["commitment"].clone();
    let count = json!({ "commitment": commitment, "records": records });
    (document, json!({ "release": evidence["release"], "counts": [count] }))
}

#[test]
fn a_count_of_records_is_proved_wherever_the_release_shows_it() {
    let (document, mut evidence) = of_records();
    let verdict = checked(&document, &evidence);
    assert_eq!(verdict.problems, [""; 0]);
    assert_eq!(verdict.proved, 2, "of the team, and of all teams that are counted");
    assert_eq!((verdict.told, verdict.withheld, verdict.strays), (10, 2, 0));
    let printed = verdict.to_string();
    assert!(printed.contains("10 record versions and the leaves of 2"), "{printed}");

    let record = json!({ "version": "a\n0\n1\nab", "salt": "5c".repeat(32) });
    let read: Record = serde_json::from_value(record.clone()).unwrap();
    let stray = json!({ "commitment": commitment(&[read]), "records": [record] });
    evidence["counts"].as_array_mut().unwrap().push(stray);
    let verdict = checked(&document, &evidence);
    assert_eq!((verdict.problems, verdict.strays), (vec![], 1), "a count that is not told");
}

#[test]
fn a_count_with_a_record_version_altered_added_or_left_out_is_found() {
    let (document, evidence) = of_records();
    let records = || "/counts/0/records".to_owned();
    for record in 0..12 {
        for field in ["version", "salt", "leaf"] {
            let mut other = evidence.clone();
            let pointer = format!("{}/{record}/{field}", records());
            let Some(place) = other.pointer_mut(&pointer) else { continue };
            let mut text = place.as_str().unwrap().to_owned();
            let last = text.pop().unwrap();
            text.push(if last == '0' { '1' } else { '0' });
            *place = text.into();
            let problems = checked(&document, &other).problems;
            assert!(problems[0].contains(" participants."), "names the figures: {problems:?}");
        }
        let mut other = evidence.clone();
        let all = other.pointer_mut(&records()).unwrap().as_array_mut().unwrap();
        let twice = all[record].clone();
        all.push(twice);
        assert_ne!(checked(&document, &other).problems, [""; 0], "{record} twice");
        let mut other = evidence.clone();
        other.pointer_mut(&records()).unwrap().as_array_mut().unwrap().remove(record);
        assert_ne!(checked(&document, &other).problems, [""; 0], "without {record}");
    }
    let mut other = document.clone();
    other["figures"][4]["count"] = 13.into();
    assert_ne!(checked(&other, &evidence).problems, [""; 0]);
}

#[test]
fn nobody_is_committed_to_as_everybody_knows() {
    let (mut document, _) = release();
    let figure = |commitment: String| {
        json!({
            "subject": format!("{TEAM}c"), "figure": "queue", "category": "total",
            "source": "derived", "count": 0, "commitment": commitment,
        })
    };
    let place = document["figures"].as_array().unwrap().len();
    document["figures"].as_array_mut().unwrap().push(figure(commitment(&[])));
    let verdict = verify(&bytes(&document), &[]).unwrap();
    assert_eq!(verdict.problems, [""; 0]);
    document["figures"][place] = figure("ab".repeat(32));
    let verdict = verify(&bytes(&document), &[]).unwrap();
    assert_eq!(verdict.problems.len(), 1);
}

#[test]
fn the_list_that_went_out_is_known_by_its_hash() {
    let (mut document, _) = release();
    let list = "Team;Antal\r\nSala;12\r\n".as_bytes();
    let told = list_problem(&bytes(&document), list).unwrap().unwrap();
    assert!(told.starts_with("no list"), "{told}");
    document["list"] = json!({ "sha256": hex::encode(Sha256::digest(list)), "rows": 1 });
    assert_eq!(list_problem(&bytes(&document), list).unwrap(), None);
    let altered = "Team;Antal\r\nSala;13\r\n".as_bytes();
    assert!(list_problem(&bytes(&document), altered).unwrap().is_some());
    document["list"]["rows"] = 2.into();
    assert!(list_problem(&bytes(&document), list).unwrap().is_some());
}

#[test]
fn a_figure_is_told_in_one_way_and_a_teams_count_of_records_is_committed_to() {
    let (document, evidence) = release();
    let team = 4;
    assert!(document["figures"][team]["subject"].as_str().unwrap().contains("/teams/"));
    let mut other = document.clone();
    other["figures"][team].as_object_mut().unwrap().remove("commitment");
    let told = verify(&bytes(&other), &[]).unwrap().problems;
    assert!(told.iter().any(|problem| problem.ends_with("has no commitment")), "{told:?}");
    for (field, value) in [("hidden", json!(1)), ("stated", json!("12")), ("count", json!(null))] {
        let mut other = document.clone();
        other["figures"][team][field] = value;
        let told = verify(&bytes(&other), &[]).unwrap().problems;
        assert!(told.iter().any(|one| one.ends_with("in exactly one way")), "{field}: {told:?}");
    }
    let nothing = json!({ "release": evidence["release"], "figures": [] });
    let told = verify(&bytes(&document), &[bytes(&nothing)]).unwrap().problems;
    assert_eq!(told, ["the evidence proves no figure"]);
}

#[test]
fn a_file_belongs_to_a_release_when_it_has_the_content_that_is_named_there() {
    let (mut document, _) = release();
    let own = named(&bytes(&document), b"a;b;c").unwrap();
    assert_eq!(own.len(), 1);
    assert!(own[0].starts_with("Enkät.csv ("), "{own:?}");
    assert_eq!(named(&bytes(&document), b"a;b;d").unwrap(), [""; 0]);
    for (field, value) in [("size_bytes", json!(4)), ("sha256", json!("00".repeat(32)))] {
        let mut other = document.clone();
        other["chapters"][0]["attachments"][0][field] = value;
        assert_eq!(named(&bytes(&other), b"a;b;c").unwrap(), [""; 0], "{field}");
    }
    document["chapters"][0]["attachments"][0]["sha256"] = "ab".into();
    assert_eq!(verify(&bytes(&document), &[]).unwrap().problems.len(), 1);
    assert!(named(b"{}", b"a;b;c").is_err());
}
