//! Imports: everything or nothing, every fault at once, and twice is once.

mod amendments;
mod faults;
mod stream;
mod year;

use platform::testing::on_both;
use proto::{common::ImportEffect, finance as pb};
use tonic::Code;

use crate::world::{HOME, World, administrator, economist, fact, grant, problem, requisition};

fn recipient(id: &str) -> pb::Recipient {
    pb::Recipient { name: format!("{HOME}/recipients/{id}"), ..crate::world::recipient(id) }
}

fn granted(id: &str, recipient: &str, ore: i64) -> pb::Grant {
    pb::Grant { name: format!("{HOME}/grants/{id}"), ..grant(recipient, ore) }
}

fn claimed(id: &str, grant: &str, party: &str, ore: i64) -> pb::Requisition {
    pb::Requisition {
        name: format!("{HOME}/requisitions/{id}"),
        grant: format!("{HOME}/grants/{grant}"),
        ..requisition(party, ore)
    }
}

/// Two recipients with a grant and a requisition each.
fn rows(world: &World) -> pb::ImportFinanceRequest {
    pb::ImportFinanceRequest {
        parent: HOME.to_owned(),
        recipients: vec![recipient("sala"), recipient("fns")],
        grants: vec![granted("g1", "sala", 1000), granted("g2", "fns", 500)],
        requisitions: vec![claimed("r1", "g1", "sala", 600), claimed("r2", "g2", "region", 500)],
        expected_names: Vec::new(),
        request_id: world.id(),
        validate_only: false,
        ..Default::default()
    }
}

async fn import(world: &World, message: pb::ImportFinanceRequest) -> pb::ImportFinanceResponse {
    let answer = world.imports().import_finance(world.office(message)).await;
    answer.unwrap().into_inner()
}

/// Effects of an import without faults, in the order of the rows.
fn effects(answer: &pb::ImportFinanceResponse) -> Vec<ImportEffect> {
    assert_eq!(answer.faults, []);
    answer.outcomes.iter().map(|outcome| outcome.effect()).collect()
}

async fn read(world: &World, id: &str) -> pb::Requisition {
    let name = format!("{HOME}/requisitions/{id}");
    let request = world.office(pb::GetRequisitionRequest { name });
    let answer = world.requisitions().get_requisition(request).await;
    answer.unwrap().into_inner().requisition.unwrap()
}

#[tokio::test]
async fn rows_may_refer_to_each_other_and_requisitions_arrive_submitted_and_reserved() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let message = rows(&world);
        let answer = import(&world, message.clone()).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; 6]);
        let places: Vec<_> = answer.outcomes.iter().map(|outcome| outcome.row.as_str()).collect();
        let expected = [
            "recipients[0]",
            "recipients[1]",
            "grants[0]",
            "grants[1]",
            "requisitions[0]",
            "requisitions[1]",
        ];
        assert_eq!(places, expected);
        assert_eq!(world.sequence().await, 6);

        let submitted = read(&world, "r1").await;
        assert_eq!(submitted.state(), pb::RequisitionState::Submitted);
        let name = format!("{HOME}/grants/g1");
        let request = world.office(pb::GetGrantRequest { name });
        let granted = world.grants().get_grant(request).await.unwrap().into_inner().grant.unwrap();
        assert_eq!((granted.left_ore, granted.reserved_ore), (400, 600));
        assert_eq!(world.problems().await, [""; 0]);

        // Who took it in has submitted it, and cannot approve it.
        let own = world.take("review", &submitted, &administrator()).await;
        assert_eq!(problem(own).1, "OWN_APPROVAL");
        // The same request again answers what happened the first time.
        assert_eq!(import(&world, message).await, answer);
    })
    .await;
}

#[tokio::test]
async fn the_same_rows_twice_change_nothing_however_far_a_requisition_has_come() {
    on_both(|database| async move {
        let world = World::new(database).await;
        import(&world, rows(&world)).await;
        let reviewed = world.take("review", &read(&world, "r1").await, &economist("bo")).await;
        world.take("approve", &reviewed.unwrap(), &economist("cecilia")).await.unwrap();
        let returned = world.take("return", &read(&world, "r2").await, &economist("bo")).await;
        returned.unwrap();
        let sequence = world.sequence().await;

        let again = import(&world, rows(&world)).await;
        assert_eq!(effects(&again), [ImportEffect::Unchanged; 6]);
        assert_eq!(world.sequence().await, sequence);

        let mut more = rows(&world);
        more.requisitions.push(claimed("r3", "g1", "koping", 400));
        let answer = import(&world, more).await;
        let mut expected = vec![ImportEffect::Unchanged; 6];
        expected.push(ImportEffect::Created);
        assert_eq!(effects(&answer), expected);
        assert_eq!(world.problems().await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_dry_run_tells_what_would_happen_and_changes_nothing() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let message = pb::ImportFinanceRequest { validate_only: true, ..rows(&world) };
        let answer = import(&world, message).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; 6]);
        assert_eq!(world.sequence().await, 0);
        let answer = import(&world, rows(&world)).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; 6]);
    })
    .await;
}

#[tokio::test]
async fn what_the_same_import_creates_elsewhere_is_believed_in_a_dry_run_only() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut message = pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            recipients: vec![recipient("new-team")],
            grants: vec![granted("g1", "new-team", 1000)],
            requisitions: vec![claimed("r1", "g1", "new-party", 1)],
            expected_names: vec![
                format!("{HOME}/teams/new-team"),
                format!("{HOME}/parties/new-party"),
                format!("{HOME}/teams/sala"),
            ],
            request_id: world.id(),
            validate_only: true,
            ..Default::default()
        };
        let answer = import(&world, message.clone()).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; 3]);

        message.validate_only = false;
        let answer = import(&world, message).await;
        let told = [
            ("recipients[0].team", "TEAM_UNKNOWN"),
            ("requisitions[0].party", "PARTY_UNKNOWN"),
            ("expected_names[0]", "EXPECTED_NAME_MISSING"),
            ("expected_names[1]", "EXPECTED_NAME_MISSING"),
        ];
        assert_eq!(faults::told(&answer), crate::world::expected(&told));
        assert_eq!(world.sequence().await, 0);
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_request_itself_is_its_status() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let malformed =
            pb::ImportFinanceRequest { parent: "vastmanland".to_owned(), ..rows(&world) };
        let answer = world.imports().import_finance(world.office(malformed)).await;
        let told = [("parent", "NAME_MALFORMED")];
        assert_eq!(crate::world::faults(answer), crate::world::expected(&told));

        let nameless = pb::ImportFinanceRequest { request_id: String::new(), ..rows(&world) };
        let answer = world.imports().import_finance(world.office(nameless)).await;
        let told = [("request_id", "REQUEST_ID_MALFORMED")];
        assert_eq!(crate::world::faults(answer), crate::world::expected(&told));

        let request = world.by(&economist("bo"), rows(&world));
        let answer = world.imports().import_finance(request).await;
        assert_eq!(problem(answer).0, Code::PermissionDenied);

        let elsewhere =
            pb::ImportFinanceRequest { parent: "federations/sormland".to_owned(), ..rows(&world) };
        let answer = world.imports().import_finance(world.office(elsewhere)).await;
        assert_eq!(fact(&answer, "name"), "federations/sormland");
        assert_eq!(problem(answer).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn thousands_of_rows_go_in_at_once() {
    on_both(|database| async move {
        let world = World::new(database).await;
        let mut message = pb::ImportFinanceRequest {
            parent: HOME.to_owned(),
            recipients: vec![recipient("sala")],
            request_id: world.id(),
            ..Default::default()
        };
        for number in 0..30 {
            let grant = format!("g{number}");
            message.grants.push(granted(&grant, "sala", 100));
            let row = |party: i32| {
                let id = format!("r{number}-{party}");
                claimed(&id, &grant, &format!("party-{party:02}"), 1)
            };
            message.requisitions.extend((0..100).map(row));
        }
        let answer = import(&world, message.clone()).await;
        assert_eq!(effects(&answer), [ImportEffect::Created; 3031]);
        assert_eq!(world.sequence().await, 3031);
        assert_eq!(world.problems().await, [""; 0]);
        message.request_id = world.id();
        assert_eq!(effects(&import(&world, message).await), [ImportEffect::Unchanged; 3031]);
    })
    .await;
}
