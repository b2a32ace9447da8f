//! Grants and recoveries: what is shown, to whom, and what the forms send.

use http::StatusCode;
use platform::Failure;
use proto::finance::{
    AmendGrantRequest, AmendGrantResponse, CancelRecoveryRequest, CancelRecoveryResponse,
    CreateGrantRequest, CreateGrantResponse, CreateRecipientRequest, CreateRecipientResponse,
    CreateRecoveryRequest, CreateRecoveryResponse, DecideRecoveryRequest, DecideRecoveryResponse,
    Grant, Recipient, RecipientKind, Recovery, RecoveryState, RequisitionState,
    SettleRecoveryRequest, SettleRecoveryResponse,
};
use values::{Fault, Faults};

use super::{browser::World, money::send, vastmanland};

#[tokio::test]
async fn what_is_paid_is_claimed_back_by_two() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Paid);
    let created = Recovery { name: vastmanland::name("recoveries", "r1"), ..Recovery::default() };
    let (location, asked): (_, CreateRecoveryRequest) = send(
        &world,
        "/recoveries/new?requisition=hallstahammar-2025-06-abc",
        "/samordna.finance.v1.RecoveryService/CreateRecovery",
        &CreateRecoveryResponse { recovery: Some(created) },
        &[
            ("line-0-kind", "premises"),
            ("line-0-description", "Lokal som inte användes"),
            ("line-0-amount", "5 000"),
            ("reason", "Lokalen var uppsagd."),
            ("dnr", "SFV 2025/31"),
        ],
    )
    .await;
    assert_eq!(location, "/recoveries/r1");
    let recovery = asked.recovery.unwrap();
    assert_eq!((recovery.cost_lines.len(), recovery.cost_lines[0].amount_ore), (1, 500_000));

    let own = world.signed_in("erik").await.get("/recoveries/r1").await;
    assert!(!own.html.contains("value=\"decide\"") && own.html.contains("value=\"cancel\""));
    assert!(own.text().contains("Du har själv föreslagit återkravet."));

    let decide = "/samordna.finance.v1.RecoveryService/DecideRecovery";
    world.services.answer(decide, &DecideRecoveryResponse::default());
    let mut browser = world.signed_in("maria").await;
    let page = browser.get("/recoveries/r1").await;
    browser.submit(&page, "/recoveries/r1/steps", &[("step", "decide"), ("comment", "Ja.")]).await;
    let asked: Vec<DecideRecoveryRequest> = world.services.asked(decide);
    assert_eq!((asked[0].etag.as_str(), asked[0].comment.as_str()), ("recovery-etag", "Ja."));

    vastmanland::show_recovery(&world.services, RecoveryState::Decided);
    let settle = "/samordna.finance.v1.RecoveryService/SettleRecovery";
    world.services.answer(settle, &SettleRecoveryResponse::default());
    let page = browser.get("/recoveries/r1").await;
    let fields =
        [("step", "settle"), ("settlement_date", "2025-07-14"), ("bank_reference", "BGC 3")];
    browser.submit(&page, "/recoveries/r1/steps", &fields).await;
    let asked: Vec<SettleRecoveryRequest> = world.services.asked(settle);
    assert_eq!(
        (asked[0].settlement_date.unwrap().day, asked[0].bank_reference.as_str()),
        (14, "BGC 3")
    );
}

#[tokio::test]
async fn a_cancelled_recovery_needs_a_comment_and_a_party_takes_no_step() {
    let world = World::new().await;
    let cancel = "/samordna.finance.v1.RecoveryService/CancelRecovery";
    world.services.refuse(cancel, Failure::from(Fault::new("comment", "COMMENT_MISSING")));
    let mut browser = world.signed_in("erik").await;
    let page = browser.get("/recoveries/r1").await;
    let fields = [("step", "cancel"), ("comment", "")];
    let refused = browser.submit(&page, "/recoveries/r1/steps", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("id=\"comment-error\""));
    world.services.answer(cancel, &CancelRecoveryResponse::default());
    browser.submit(&page, "/recoveries/r1/steps", &[("step", "cancel"), ("comment", "Fel.")]).await;
    let asked: Vec<CancelRecoveryRequest> = world.services.asked(cancel);
    assert_eq!(asked[1].comment, "Fel.");
    let party = world.signed_in("anna").await.get("/recoveries/r1").await;
    assert!(party.text().contains("Lokalen var uppsagd.") && !party.html.contains("name=\"step\""));
}

#[tokio::test]
async fn a_grant_is_recorded_amended_and_divided() {
    let world = World::new().await;
    let create = "/samordna.finance.v1.GrantService/CreateGrant";
    let created = Grant { name: vastmanland::name("grants", "sala-2026"), ..Grant::default() };
    let answer = CreateGrantResponse { grant: Some(created) };
    let fields = [
        ("recipient", "sala"),
        ("amount", "1 720 000"),
        ("first_day", "2026-01-01"),
        ("last_day", "2026-12-31"),
        ("dnr", "SFV 2025/40"),
        ("decision_date", "2025-06-12"),
        ("deciding_body", "Styrelsen"),
    ];
    let (location, asked): (_, CreateGrantRequest) =
        send(&world, "/grants/new", create, &answer, &fields).await;
    assert_eq!(location, "/grants/sala-2026");
    assert!(asked.grant_id.starts_with("sala-2026-"), "{}", asked.grant_id);
    let grant = asked.grant.unwrap();
    assert_eq!((grant.amount_ore, grant.parent_grant.as_str()), (172_000_000, ""));

    let path = "/grants/new?parent_grant=hallstahammar-2025";
    let mut browser = world.signed_in("erik").await;
    let form = browser.get(path).await;
    assert!(
        form.html.contains("value=\"2025-12-31\"") && form.text().contains("Kvar 546 543,50 kr")
    );
    browser.submit(&form, path, &fields).await;
    let asked: Vec<CreateGrantRequest> = world.services.asked(create);
    let parent = vastmanland::name("grants", "hallstahammar-2025");
    assert_eq!(asked[1].grant.as_ref().unwrap().parent_grant, parent);

    let (location, asked): (_, AmendGrantRequest) = send(
        &world,
        "/grants/hallstahammar-2025/amend",
        "/samordna.finance.v1.GrantService/AmendGrant",
        &AmendGrantResponse::default(),
        &[&fields[1..], &[("reason", "Fler deltagare.")]].concat(),
    )
    .await;
    assert_eq!(location, "/grants/hallstahammar-2025");
    assert_eq!((asked.etag.as_str(), asked.reason.as_str()), ("grant-etag", "Fler deltagare."));
    assert_eq!(asked.amount_ore, 172_000_000);
}

#[tokio::test]
async fn all_that_is_wrong_with_a_grant_is_told_beside_its_fields() {
    let world = World::new().await;
    let mut faults = Faults::new();
    faults.push(Fault::new("grant.period", "PERIOD_MISSING"));
    faults.push(Fault::new("grant.dnr", "TEXT_MISSING"));
    world
        .services
        .refuse("/samordna.finance.v1.GrantService/CreateGrant", Failure::Invalid(faults));
    let mut browser = world.signed_in("erik").await;
    let form = browser.get("/grants/new").await;
    let page = browser.submit(&form, "/grants/new", &[("amount", "100 EUR")]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["recipient", "amount", "first_day", "dnr"] {
        assert!(page.html.contains(&format!("id=\"{id}-error\"")), "{id}");
    }
    assert!(page.text().contains("”100 EUR” är inte i kronor."));
}

#[tokio::test]
async fn a_recipient_is_added_and_then_granted_money() {
    let world = World::new().await;
    let create = "/samordna.finance.v1.RecipientService/CreateRecipient";
    let created =
        Recipient { name: vastmanland::name("recipients", "hallstahammar"), ..Default::default() };
    let answer = CreateRecipientResponse { recipient: Some(created) };
    let path = "/grants/recipients/new";
    let fields = [("display_name", "Resurs för unga"), ("team", "")];
    let (location, asked): (_, CreateRecipientRequest) =
        send(&world, path, create, &answer, &fields).await;
    assert_eq!(location, "/grants/new?recipient=hallstahammar");
    let sent = asked.recipient.unwrap();
    assert_eq!((sent.kind(), sent.team.as_str()), (RecipientKind::Resource, ""));
    assert_eq!(sent.display_name, "Resurs för unga");
    let mut browser = world.signed_in("erik").await;
    let form = browser.get(&location).await;
    assert!(form.html.contains("value=\"hallstahammar\" selected"), "{}", form.html);
    let form = browser.get(path).await;
    let fields = [("display_name", "Samordningsteam Sala"), ("team", "sala")];
    browser.submit(&form, path, &fields).await;
    let asked: Vec<CreateRecipientRequest> = world.services.asked(create);
    let sent = asked[1].recipient.as_ref().unwrap();
    assert_eq!(sent.kind(), RecipientKind::Team);
    assert_eq!(sent.team, vastmanland::name("teams", "sala"));
}
