//! Every fault of every row, and nothing applied.

use platform::testing::on_both;
use proto::finance as pb;

use super::{claimed, granted, import, recipient, rows};
use crate::world::{HOME, World, days, expected, line};

/// Field and reason of every fault of an import.
pub(super) fn told(answer: &pb::ImportFinanceResponse) -> Vec<(String, String)> {
    assert_eq!(answer.outcomes, []);
    let faults = answer.faults.iter();
    faults.map(|fault| (fault.field.clone(), fault.reason.clone())).collect()
}

fn facts(answer: &pb::ImportFinanceResponse, field: &str) -> Vec<(String, String)> {
    let fault = answer.faults.iter().find(|fault| fault.field == field).unwrap();
    let facts = fault.facts.iter();
    facts.map(|fact| (fact.key.clone(), fact.value.clone())).collect()
}

/// One of each thing that can be wrong, in one import.
fn bad_rows(world: &World) -> pb::ImportFinanceRequest {
    let mut message = rows(world);
    message.recipients.extend([
        pb::Recipient { team: format!("{HOME}/teams/nowhere"), ..recipient("nowhere") },
        pb::Recipient { display_name: String::new(), ..recipient("sala") },
        pb::Recipient { name: "federations/sormland/recipients/x".to_owned(), ..recipient("sala") },
        pb::Recipient { kind: pb::RecipientKind::Resource.into(), ..recipient("vasteras") },
    ]);
    message.grants.extend([
        granted("g3", "nobody", -5),
        pb::Grant { period: Some(days("2025-06-30", "2025-01-01")), ..granted("g4", "sala", 1) },
        pb::Grant { name: "g5".to_owned(), dnr: String::new(), ..granted("g5", "sala", 1) },
        pb::Grant { decision_date: None, ..granted("g1", "sala", 1) },
    ]);
    message.requisitions.extend([
        claimed("r3", "g1", "koping", 401),
        claimed("r4", "g9", "nobody", 1),
        claimed("r5", "g4", "sala", 2),
        claimed("r6", "g1", "sala", 1),
        pb::Requisition {
            period: Some(days("2026-01-01", "2026-01-31")),
            cost_lines: vec![line(pb::CostKind::Other, 1), line(pb::CostKind::Unspecified, 0)],
            ..claimed("r7", "g2", "koping", 0)
        },
        pb::Requisition { name: String::new(), ..claimed("", "g1", "vasteras", 400) },
    ]);
    message
}

#[tokio::test]
async fn every_fault_of_every_row_is_named_at_once_and_nothing_is_applied() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let answer = import(&world, bad_rows(&world)).await;
        let all = [
            ("recipients[2].team", "TEAM_UNKNOWN"),
            ("recipients[3].display_name", "TEXT_MISSING"),
            ("recipients[3].name", "NAME_TWICE"),
            ("recipients[4].name", "OTHER_FEDERATION"),
            ("recipients[5].team", "TEAM_NOT_ALLOWED"),
            ("grants[2].amount_ore", "AMOUNT_NOT_POSITIVE"),
            ("grants[2].recipient", "RECIPIENT_UNKNOWN"),
            ("grants[3].period", "PERIOD_REVERSED"),
            ("grants[4].name", "NAME_MALFORMED"),
            ("grants[4].dnr", "TEXT_MISSING"),
            ("grants[5].decision_date", "DATE_MISSING"),
            ("grants[5].name", "NAME_TWICE"),
            ("requisitions[2].amount_ore", "GRANT_OVERDRAWN"),
            ("requisitions[3].party", "PARTY_UNKNOWN"),
            ("requisitions[3].grant", "GRANT_UNKNOWN"),
            ("requisitions[4].amount_ore", "GRANT_OVERDRAWN"),
            ("requisitions[5].cost_lines[0].kind", "COST_CLAIMED_BEFORE"),
            ("requisitions[6].cost_lines[1].kind", "ENUM_UNSPECIFIED"),
            ("requisitions[6].cost_lines[1].amount_ore", "AMOUNT_NOT_POSITIVE"),
            ("requisitions[6].period", "PERIOD_OUTSIDE_GRANT"),
            ("requisitions[7].name", "NAME_MALFORMED"),
            ("requisitions[7].amount_ore", "GRANT_OVERDRAWN"),
        ];
        assert_eq!(told(&answer), expected(&all));
        let overdrawn = expected(&[("asked_ore", "401"), ("left_ore", "400")]);
        assert_eq!(facts(&answer, "requisitions[2].amount_ore"), overdrawn);
        // The row before it, which is faulty too, has taken one öre.
        let overdrawn = expected(&[("asked_ore", "400"), ("left_ore", "399")]);
        assert_eq!(facts(&answer, "requisitions[7].amount_ore"), overdrawn);
        let name = format!("{HOME}/grants/g1");
        let twice = expected(&[("name", name.as_str())]);
        assert_eq!(facts(&answer, "grants[5].name"), twice);
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_names_the_same_faults() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let dry = pb::ImportFinanceRequest { validate_only: true, ..bad_rows(&world) };
        assert_eq!(import(&world, dry).await, import(&world, bad_rows(&world)).await);
    })
    .await;
}

#[tokio::test]
async fn other_content_than_the_record_has_is_refused() {
    on_both(|database| async move {
        let world = World::new(database).await;
        import(&world, rows(&world)).await;
        let mut changed = rows(&world);
        changed.recipients[1].display_name.push('!');
        changed.grants[0].amount_ore += 1;
        changed.requisitions[1].cost_lines[0].description.push('!');
        let answer = import(&world, changed).await;
        let all = [
            ("recipients[1].name", "DIFFERS_FROM_RECORD"),
            ("grants[0].name", "DIFFERS_FROM_RECORD"),
            ("requisitions[1].name", "DIFFERS_FROM_RECORD"),
        ];
        assert_eq!(told(&answer), expected(&all));
    })
    .await;
}

#[tokio::test]
async fn rows_are_held_against_what_stands_on_the_grants_already() {
    on_both(|database| async move {
        let world = World::new(database).await;
        import(&world, rows(&world)).await;
        let mut more = pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            request_id: world.id(),
            ..Default::default()
        };
        more.requisitions = vec![
            claimed("r3", "g1", "sala", 1),
            claimed("r4", "g1", "koping", 399),
            claimed("r5", "g1", "region", 1),
            claimed("r6", "g2", "sala", 1),
        ];
        let answer = import(&world, more).await;
        let all = [
            ("requisitions[0].cost_lines[0].kind", "COST_CLAIMED_BEFORE"),
            ("requisitions[2].amount_ore", "GRANT_OVERDRAWN"),
            ("requisitions[3].amount_ore", "GRANT_OVERDRAWN"),
        ];
        assert_eq!(told(&answer), expected(&all));
    })
    .await;
}
