//! New decisions on a grant: what they may change, and what must have room.

use platform::testing::on_both;
use proto::finance as pb;
use sea_orm::ConnectionTrait as _;
use tonic::{Code, Status};

use crate::world::{HOME, World, day, days, economist_of, expected, fact, faults, line, problem};

fn amendment(world: &World, id: &str, etag: &str, amount_ore: i64) -> pb::AmendGrantRequest {
    pb::AmendGrantRequest {
        name: format!("{HOME}/grants/{id}"),
        etag: etag.to_owned(),
        period: Some(days("2025-01-01", "2025-12-31")),
        amount_ore,
        dnr: "2025/3".to_owned(),
        decision_date: Some(day("2025-05-20")),
        deciding_body: "Styrelsen".to_owned(),
        reason: "Fler deltagare än planerat".to_owned(),
        request_id: world.id(),
        validate_only: false,
    }
}

async fn amend(world: &World, message: pb::AmendGrantRequest) -> Result<pb::Grant, Status> {
    let answer = world.grants().amend_grant(world.office(message)).await?;
    Ok(answer.into_inner().grant.unwrap())
}

async fn read(world: &World, id: &str) -> pb::Grant {
    let message = pb::GetGrantRequest { name: format!("{HOME}/grants/{id}") };
    let answer = world.grants().get_grant(world.office(message)).await;
    answer.unwrap().into_inner().grant.unwrap()
}

#[tokio::test]
async fn a_new_decision_changes_what_is_left_and_the_one_before_it_stays() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.submitted("r1", "sala", 400).await;
        let message = amendment(&world, "sala-2025", "1", 1500);
        let amended = amend(&world, message.clone()).await.unwrap();
        assert_eq!((amended.amount_ore, amended.left_ore, amended.reserved_ore), (1500, 1100, 400));
        assert_eq!((amended.dnr.as_str(), amended.etag.as_str()), ("2025/3", "2"));
        let decided: Vec<_> = amended
            .decisions
            .iter()
            .map(|decision| (decision.version, decision.amount_ore, decision.reason.as_str()))
            .collect();
        assert_eq!(decided, [(1, 1000, ""), (2, 1500, "Fler deltagare än planerat")]);
        assert_eq!(amended.decisions[1].actor, format!("{HOME}/accounts/kansli"));
        assert!(amended.decisions.iter().all(|decision| decision.record_time.is_some()));
        assert_eq!(read(&world, "sala-2025").await, amended);

        // A repetition answers the first time; another on the same version is stale.
        assert_eq!(amend(&world, message).await.unwrap(), amended);
        let stale = amend(&world, amendment(&world, "sala-2025", "1", 2000)).await;
        assert_eq!(problem(stale), (Code::Aborted, "STALE".to_owned()));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn less_than_what_is_claimed_is_refused_with_the_least_there_can_be() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.submitted("r1", "sala", 400).await;
        let refused = amend(&world, amendment(&world, "sala-2025", "1", 399)).await;
        assert_eq!(fact(&refused, "least_ore"), "400");
        assert_eq!(fact(&refused, "field"), "amount_ore");
        let expected = (Code::FailedPrecondition, "GRANT_BELOW_CLAIMED".to_owned());
        assert_eq!(problem(refused), expected);
        amend(&world, amendment(&world, "sala-2025", "1", 400)).await.unwrap();
        assert_eq!(world.balances().await, (0, 400, 0));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_new_decision_is_told_at_once() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.submitted("r1", "sala", 400).await;
        let message = pb::AmendGrantRequest {
            period: Some(days("2025-02-01", "2025-12-31")),
            amount_ore: 0,
            decision_date: Some(day("2024-11-27")),
            reason: String::new(),
            ..amendment(&world, "sala-2025", "1", 0)
        };
        let answer = world.grants().amend_grant(world.office(message)).await;
        let told = [
            ("amount_ore", "AMOUNT_NOT_POSITIVE"),
            ("reason", "TEXT_MISSING"),
            ("period", "PERIOD_LEAVES_OUT"),
            ("decision_date", "DECISION_DATE_TOO_EARLY"),
        ];
        assert_eq!(faults(answer), expected(&told));

        let message = pb::AmendGrantRequest {
            name: "sala-2025".to_owned(),
            period: Some(days("2026-01-01", "2026-12-31")),
            decision_date: Some(day("2025-07-02")),
            ..amendment(&world, "sala-2025", "", 1)
        };
        let answer = world.grants().amend_grant(world.office(message.clone())).await;
        assert_eq!(
            faults(answer),
            expected(&[("name", "NAME_MALFORMED"), ("etag", "FIELD_MISSING")])
        );
        let message = pb::AmendGrantRequest {
            name: format!("{HOME}/grants/sala-2025"),
            etag: "1".to_owned(),
            ..message
        };
        let answer = world.grants().amend_grant(world.office(message)).await;
        let told = [
            ("period", "PERIOD_OUTSIDE_YEAR"),
            ("period", "PERIOD_LEAVES_OUT"),
            ("decision_date", "DECISION_DATE_IN_FUTURE"),
        ];
        assert_eq!(faults(answer), expected(&told));

        let none = amend(&world, amendment(&world, "none", "1", 1)).await;
        assert_eq!(problem(none).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_sub_project_has_money_days_and_requisitions_of_its_own() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let mut message = world.grant("unga", "sala", 300);
        let content = message.grant.as_mut().unwrap();
        content.parent_grant = format!("{HOME}/grants/sala-2025");
        content.period = Some(days("2025-01-01", "2025-06-30"));
        let created = world.grants().create_grant(world.office(message)).await.unwrap();
        assert_eq!(created.into_inner().grant.unwrap().left_ore, 300);
        let above = read(&world, "sala-2025").await;
        assert_eq!((above.amount_ore, above.left_ore, above.allotted_ore), (1000, 700, 300));

        let mut claim = world.claim("r1", "sala", 200);
        claim.requisition.as_mut().unwrap().grant = format!("{HOME}/grants/unga");
        claim.requisition.as_mut().unwrap().cost_lines = vec![line(pb::CostKind::Training, 200)];
        let party = economist_of("sala");
        let drafted = world.requisitions().create_requisition(world.by(&party, claim)).await;
        let drafted = drafted.unwrap().into_inner().requisition.unwrap();
        world.take("submit", &drafted, &party).await.unwrap();
        assert_eq!(read(&world, "unga").await.left_ore, 100);
        assert_eq!(world.balances().await, (700, 0, 0));

        let period = Some(days("2025-01-01", "2025-06-30"));
        let more = pb::AmendGrantRequest { period, ..amendment(&world, "unga", "1", 1001) };
        let refused = amend(&world, more).await;
        assert_eq!(
            (fact(&refused, "asked_ore"), fact(&refused, "left_ore")),
            ("701".to_owned(), "700".to_owned())
        );
        assert_eq!(problem(refused).1, "GRANT_OVERDRAWN");
        let less = pb::AmendGrantRequest { period, ..amendment(&world, "unga", "1", 250) };
        assert_eq!(amend(&world, less).await.unwrap().left_ore, 50);
        let above = read(&world, "sala-2025").await;
        assert_eq!((above.left_ore, above.allotted_ore), (750, 250));
        // What is set aside cannot be taken away from above.
        let refused = amend(&world, amendment(&world, "sala-2025", "1", 249)).await;
        assert_eq!(fact(&refused, "least_ore"), "250");
        assert_eq!(problem(refused).1, "GRANT_BELOW_CLAIMED");
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_sub_project_that_does_not_fit_above_is_refused() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let under = |id: &str, above: &str, ore: i64| {
            let mut message = world.grant(id, "sala", ore);
            message.grant.as_mut().unwrap().parent_grant = format!("{HOME}/grants/{above}");
            message
        };
        let create = async |message| world.grants().create_grant(world.office(message)).await;
        let refused = create(under("unga", "sala-2025", 1001)).await;
        assert_eq!(fact(&refused, "left_ore"), "1000");
        assert_eq!(problem(refused).1, "GRANT_OVERDRAWN");
        let unknown = create(under("unga", "none", 1)).await;
        assert_eq!(faults(unknown), expected(&[("grant.parent_grant", "GRANT_UNKNOWN")]));
        create(under("unga", "sala-2025", 100)).await.unwrap();
        let nested = create(under("yngre", "unga", 1)).await;
        assert_eq!(faults(nested), expected(&[("grant.parent_grant", "GRANT_IS_SUB_PROJECT")]));
        let mut outside = under("vuxna", "sala-2025", 1);
        outside.grant.as_mut().unwrap().period = Some(days("2024-01-01", "2024-12-31"));
        let outside = create(outside).await;
        assert_eq!(faults(outside), expected(&[("grant.period", "PERIOD_OUTSIDE_GRANT")]));
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_granted_or_decided_anew_in_a_closed_year() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.close_year(2025).await;
        let answer = world.grants().create_grant(world.office(world.grant("g", "sala", 1))).await;
        assert_eq!(problem(answer), (Code::FailedPrecondition, "YEAR_CLOSED".to_owned()));
        let answer = amend(&world, amendment(&world, "sala-2025", "1", 2000)).await;
        assert_eq!(fact(&answer, "year"), "2025");
        assert_eq!(problem(answer).1, "YEAR_CLOSED");
        // Another year is open.
        let mut next = world.grant("next", "sala", 1);
        next.grant.as_mut().unwrap().period = Some(days("2026-01-01", "2026-12-31"));
        world.grants().create_grant(world.office(next)).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn grants_are_listed_by_recipient_and_by_year() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let message = world.recipient("fns");
        world.recipients().create_recipient(world.office(message)).await.unwrap();
        let mut next = world.grant("sala-2026", "sala", 1);
        next.grant.as_mut().unwrap().period = Some(days("2026-01-01", "2026-12-31"));
        for message in [world.grant("fns-2025", "fns", 1), next] {
            world.grants().create_grant(world.office(message)).await.unwrap();
        }
        let sala = format!("{HOME}/recipients/sala");
        for (recipient, year, found) in [
            ("", 0, vec!["fns-2025", "sala-2025", "sala-2026"]),
            (sala.as_str(), 0, vec!["sala-2025", "sala-2026"]),
            ("", 2025, vec!["fns-2025", "sala-2025"]),
            (sala.as_str(), 2026, vec!["sala-2026"]),
        ] {
            let message = pb::ListGrantsRequest {
                parent: HOME.to_owned(),
                recipient: recipient.to_owned(),
                year,
                ..Default::default()
            };
            let listed = world.grants().list_grants(world.office(message)).await.unwrap();
            let listed = listed.into_inner().grants;
            let ids: Vec<_> =
                listed.iter().map(|grant| grant.name.rsplit('/').next().unwrap()).collect();
            assert_eq!(ids, found, "{recipient} {year}");
        }
        let message = pb::ListGrantsRequest {
            parent: HOME.to_owned(),
            recipient: "x".to_owned(),
            year: -1,
            ..Default::default()
        };
        let answer = world.grants().list_grants(world.office(message)).await;
        let told = [("recipient", "NAME_MALFORMED"), ("year", "YEAR_OUT_OF_RANGE")];
        assert_eq!(faults(answer), expected(&told));
    })
    .await;
}

#[tokio::test]
async fn a_decision_that_somebody_took_away_is_found_and_named() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        amend(&world, amendment(&world, "sala-2025", "1", 1500)).await.unwrap();
        for sql in ["UPDATE grant_decision SET dnr = 'x'", "DELETE FROM grant_decision"] {
            assert!(world.database.write.execute_unprepared(sql).await.is_err(), "{sql}");
        }
        let sql = "UPDATE \"grant\" SET version = 1";
        world.database.write.execute_unprepared(sql).await.unwrap();
        let problems = world.problems().await;
        let name = format!("{HOME}/grants/sala-2025: its rows make no sense");
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(&name), "{problems:?}");
    })
    .await;
}
