//! What a requisition says, and how a draft or a returned one is changed.

use platform::testing::on_both;
use proto::finance as pb;
use tonic::{Code, Status};

use crate::world::{
    Asked, HOME, World, administrator, days, economist, economist_of, expected, fact, fault_fact,
    faults, line, organisation::organisation_number, problem,
};

async fn create(world: &World, content: pb::Requisition) -> Result<pb::Requisition, Status> {
    let mut message = world.claim("r1", "sala", 1);
    message.requisition = Some(content);
    let request = world.by(&economist_of("sala"), message);
    let answer = world.requisitions().create_requisition(request).await?;
    Ok(answer.into_inner().requisition.unwrap())
}

fn change(world: &World, requisition: &pb::Requisition) -> pb::UpdateRequisitionRequest {
    pb::UpdateRequisitionRequest {
        requisition: Some(requisition.clone()),
        etag: requisition.etag.clone(),
        request_id: world.id(),
        validate_only: false,
    }
}

async fn update(
    world: &World,
    message: pb::UpdateRequisitionRequest,
) -> Result<pb::Requisition, Status> {
    let request = world.by(&economist_of("sala"), message);
    let answer = world.requisitions().update_requisition(request).await?;
    Ok(answer.into_inner().requisition.unwrap())
}

#[tokio::test]
async fn what_is_written_is_read_back_and_the_partys_number_is_filled_in() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let content = pb::Requisition {
            dnr: "SAM 2025/14".to_owned(),
            forecast_rest_ore: Some(0),
            payment_reference: "Plusgiro 28 65 43-4".to_owned(),
            ..crate::world::requisition("sala", 400)
        };
        let drafted = create(&world, content).await.unwrap();
        assert_eq!(drafted.organisation_number, organisation_number("sala"));
        assert_eq!((drafted.dnr.as_str(), drafted.forecast_rest_ore), ("SAM 2025/14", Some(0)));
        assert_eq!(drafted.payment_reference, "Plusgiro 28 65 43-4");
        let message = pb::GetRequisitionRequest { name: drafted.name.clone() };
        let read = world.requisitions().get_requisition(world.office(message)).await;
        assert_eq!(read.unwrap().into_inner().requisition.unwrap(), drafted);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn numbers_days_and_forecasts_that_cannot_be_right_are_told_at_once() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let content = pb::Requisition {
            organisation_number: organisation_number("koping"),
            period: Some(days("2025-01-01", "2025-02-28")),
            payment_reference: "BG 5050-1056".to_owned(),
            dnr: "x".repeat(41),
            forecast_rest_ore: Some(-1),
            ..crate::world::requisition("sala", 400)
        };
        let refused = create(&world, content.clone()).await;
        let told = [
            ("requisition.payment_reference", "BANKGIRO_CHECK_DIGIT"),
            ("requisition.dnr", "TEXT_TOO_LONG"),
            ("requisition.forecast_rest_ore", "FORECAST_NEGATIVE"),
            ("requisition.organisation_number", "ORGANISATION_NUMBER_NOT_THE_PARTYS"),
            ("requisition.period", "PERIOD_NOT_WHOLE"),
        ];
        assert_eq!(fault_fact(&refused, 3, "expected"), organisation_number("sala"));
        assert_eq!(fault_fact(&refused, 4, "nearest_last_day"), "2025-01-31");
        assert_eq!(faults(refused.map(tonic::Response::new)), expected(&told));

        let content = pb::Requisition {
            organisation_number: "999900-0001".to_owned(),
            payment_reference: "PG 28 65 43-5".to_owned(),
            corrects: "r0".to_owned(),
            ..content
        };
        let refused = create(&world, content).await;
        let told = [
            ("requisition.corrects", "NAME_MALFORMED"),
            ("requisition.organisation_number", "ORGANISATION_NUMBER_CHECK_DIGIT"),
            ("requisition.cost_lines[0].amount_ore", "CORRECTION_UNBALANCED"),
            ("requisition.payment_reference", "PLUSGIRO_CHECK_DIGIT"),
            ("requisition.dnr", "TEXT_TOO_LONG"),
            ("requisition.forecast_rest_ore", "FORECAST_NEGATIVE"),
        ];
        assert_eq!(faults(refused.map(tonic::Response::new)), expected(&told));
    })
    .await;
}

#[tokio::test]
async fn no_text_of_a_requisition_names_a_person() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        // A test number of the tax agency, which nobody has.
        let number = "18900101-9802";
        let mut content = crate::world::requisition("sala", 400);
        content.cost_lines[0].description = format!("Lön, {number}");
        let refused = create(&world, content.clone()).await;
        assert!(!format!("{refused:?}").contains("9802"), "the number is never repeated");
        let told = [("requisition.cost_lines[0].description", "PERSONAL_NUMBER_IN_TEXT")];
        assert_eq!(faults(refused.map(tonic::Response::new)), expected(&told));

        content.cost_lines[0].description = "Lön".to_owned();
        let drafted = create(&world, content).await.unwrap();
        let submit = pb::SubmitRequisitionRequest {
            name: drafted.name,
            etag: drafted.etag,
            comment: format!("Gäller {number}"),
            request_id: world.id(),
            validate_only: false,
        };
        let request = world.by(&economist_of("sala"), submit);
        let refused = world.requisitions().submit_requisition(request).await;
        assert_eq!(faults(refused), expected(&[("comment", "PERSONAL_NUMBER_IN_TEXT")]));
    })
    .await;
}

#[tokio::test]
async fn what_was_requisitioned_before_is_told_as_it_was_at_the_submission() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        world.approved("r1", "sala", 300).await;
        world.approved("r2", "koping", 200).await;
        let mut message = world.claim("r3", "sala", 100);
        message.requisition.as_mut().unwrap().period = Some(days("2025-07-01", "2025-09-30"));
        let party = economist_of("sala");
        let drafted = world.requisitions().create_requisition(world.by(&party, message)).await;
        let drafted = drafted.unwrap().into_inner().requisition.unwrap();
        assert_eq!(drafted.earlier_requisitioned_ore, 0);
        let submitted = world.take("submit", &drafted, &party).await.unwrap();
        assert_eq!(submitted.earlier_requisitioned_ore, 300);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_draft_and_a_returned_requisition_are_changed_whole() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 400).await;
        let new = pb::Requisition {
            period: Some(days("2025-04-01", "2025-06-30")),
            cost_lines: vec![line(pb::CostKind::Staff, 70), line(pb::CostKind::Premises, 30)],
            dnr: "SAM 2025/15".to_owned(),
            ..drafted.clone()
        };
        let message = change(&world, &new);
        let changed = update(&world, message.clone()).await.unwrap();
        assert_eq!((changed.amount_ore, changed.etag.as_str()), (100, "2"));
        assert_eq!(changed.steps, drafted.steps);
        assert_eq!(update(&world, message).await.unwrap(), changed);
        let stale = update(&world, change(&world, &new)).await;
        assert_eq!(problem(stale), (Code::Aborted, "STALE".to_owned()));

        let submitted = world.take("submit", &changed, &economist_of("sala")).await.unwrap();
        assert_eq!(world.balances().await, (900, 100, 0));
        let refused = update(&world, change(&world, &submitted)).await;
        assert_eq!(fact(&refused, "step"), "update");
        assert_eq!(problem(refused), (Code::FailedPrecondition, "STATE_FORBIDS".to_owned()));
        let returned = world.take("return", &submitted, &economist("bo")).await.unwrap();
        let new =
            pb::Requisition { cost_lines: vec![line(pb::CostKind::Staff, 60)], ..returned.clone() };
        let changed = update(&world, change(&world, &new)).await.unwrap();
        let submitted = world.take("submit", &changed, &economist_of("sala")).await.unwrap();
        assert_eq!(world.balances().await, (940, 60, 0));
        // Who changed it was heard by the journal; who submitted it still cannot approve it.
        let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
        world.take("approve", &reviewed, &administrator()).await.unwrap();
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn grant_party_and_what_is_corrected_stay_and_another_partys_is_not_there() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let message = world.grant("other", "sala", 1000);
        world.grants().create_grant(world.office(message)).await.unwrap();
        let drafted = world.draft("r1", "sala", 400).await;
        let moved = pb::Requisition {
            grant: format!("{HOME}/grants/other"),
            party: format!("{HOME}/parties/koping"),
            dnr: "x".repeat(41),
            ..drafted.clone()
        };
        let refused = update(&world, change(&world, &moved)).await;
        let told = [
            ("requisition.dnr", "TEXT_TOO_LONG"),
            ("requisition.grant", "FIELD_STAYS"),
            ("requisition.party", "FIELD_STAYS"),
        ];
        assert_eq!(faults(refused.map(tonic::Response::new)), expected(&told));

        let koping = economist_of("koping");
        let request = world.by(&koping, change(&world, &drafted));
        let answer = world.requisitions().update_requisition(request).await;
        assert_eq!(problem(answer).0, Code::NotFound);
        let nameless = pb::UpdateRequisitionRequest {
            etag: String::new(),
            ..change(&world, &pb::Requisition { name: "r1".to_owned(), ..drafted })
        };
        let refused = update(&world, nameless).await;
        let told = [("requisition.name", "NAME_MALFORMED"), ("etag", "FIELD_MISSING")];
        assert_eq!(faults(refused.map(tonic::Response::new)), expected(&told));
    })
    .await;
}

#[tokio::test]
async fn a_payment_needs_its_day_and_the_banks_reference() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let first = world.approved("r1", "sala", 400).await;
        let second = world.approved("r2", "koping", 400).await;
        let pay = async |seen: &pb::Requisition, payment_date: &str, bank_reference: &str| {
            let message = pb::PayRequisitionRequest {
                name: seen.name.clone(),
                etag: seen.etag.clone(),
                comment: String::new(),
                request_id: world.id(),
                validate_only: false,
                payment_date: (!payment_date.is_empty()).then(|| crate::world::day(payment_date)),
                bank_reference: bank_reference.to_owned(),
            };
            world.requisitions().pay_requisition(world.office(message)).await
        };
        let told = [("payment_date", "DATE_MISSING"), ("bank_reference", "TEXT_MISSING")];
        assert_eq!(faults(pay(&first, "", " ").await), expected(&told));
        let both = [("bank_reference", "TEXT_MISSING"), ("payment_date", "PAYMENT_DATE_IN_FUTURE")];
        assert_eq!(faults(pay(&first, "2025-07-02", "").await), expected(&both));
        let future = [("payment_date", "PAYMENT_DATE_IN_FUTURE")];
        assert_eq!(faults(pay(&first, "2025-07-02", "BGC 1").await), expected(&future));
        let paid = pay(&first, "2025-06-27", "BGC 1").await.unwrap();
        let paid = paid.into_inner().requisition.unwrap();
        assert_eq!(paid.payment_date, Some(crate::world::day("2025-06-27")));
        assert_eq!(paid.bank_reference, "BGC 1");
        assert_eq!(world.on_account("bank").await, -400);
        assert_eq!(world.on_account("payable").await, -400);
        assert_eq!(world.problems().await, [""; 0]);
        world.close_year(2024).await;
        let closed = pay(&second, "2024-12-30", "BGC 2").await;
        assert_eq!(fact(&closed, "year"), "2024");
        assert_eq!(problem(closed), (Code::FailedPrecondition, "YEAR_CLOSED".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn nothing_goes_on_in_a_closed_year() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 400).await;
        let mut later = world.claim("r2", "sala", 100);
        later.requisition.as_mut().unwrap().period = Some(days("2025-07-01", "2025-07-31"));
        let party = economist_of("sala");
        let submitted = world.requisitions().create_requisition(world.by(&party, later)).await;
        let submitted = submitted.unwrap().into_inner().requisition.unwrap();
        let submitted = world.take("submit", &submitted, &party).await.unwrap();
        let reviewed = world.take("review", &submitted, &economist("bo")).await.unwrap();
        world.close_year(2025).await;
        for (step, seen, caller) in [
            ("submit", &drafted, &party),
            ("approve", &reviewed, &administrator()),
            ("return", &reviewed, &administrator()),
        ] {
            let refused = world.take(step, seen, caller).await;
            assert_eq!(problem(refused).1, "YEAR_CLOSED", "{step}");
        }
        world.take("withdraw", &drafted, &party).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_submission_is_refused_when_the_grant_has_got_other_days_since() {
    on_both(|database| async move {
        let world = World::with_grant(database, 1000).await;
        let drafted = world.draft("r1", "sala", 400).await;
        let message = pb::AmendGrantRequest {
            name: format!("{HOME}/grants/sala-2025"),
            etag: "1".to_owned(),
            period: Some(days("2025-02-01", "2025-12-31")),
            amount_ore: 1000,
            dnr: "2025/3".to_owned(),
            decision_date: Some(crate::world::day("2025-01-20")),
            deciding_body: "Styrelsen".to_owned(),
            reason: "Senare start".to_owned(),
            request_id: world.id(),
            validate_only: false,
        };
        world.grants().amend_grant(world.office(message)).await.unwrap();
        let asked = Asked {
            name: drafted.name.clone(),
            etag: drafted.etag.clone(),
            comment: String::new(),
            request_id: world.id(),
        };
        let refused = world.ask("submit", asked, &economist_of("sala")).await;
        assert_eq!(fact(&refused, "grant_first_day"), "2025-02-01");
        assert_eq!(problem(refused).1, "PERIOD_OUTSIDE_GRANT");
        // What the grant's days leave of the half-year is whole.
        let shorter = pb::Requisition { period: Some(days("2025-02-01", "2025-06-30")), ..drafted };
        let changed = update(&world, change(&world, &shorter)).await.unwrap();
        world.take("submit", &changed, &economist_of("sala")).await.unwrap();
    })
    .await;
}
