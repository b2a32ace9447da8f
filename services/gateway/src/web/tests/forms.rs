//! Forms: what is sent, what comes back, and what cannot be sent.

use http::StatusCode;
use platform::Failure;
use proto::{
    finance::{
        CreateRequisitionRequest, CreateRequisitionResponse, Requisition, RequisitionState,
        ReturnRequisitionRequest, ReviewRequisitionResponse,
    },
    reporting::{SubmitReportedFiguresRequest, SubmitReportedFiguresResponse},
};
use values::{Fault, Faults};

use super::{
    browser::{Page, World},
    vastmanland,
};

const CREATE: &str = "/samordna.finance.v1.RequisitionService/CreateRequisition";
const RETURN: &str = "/samordna.finance.v1.RequisitionService/ReturnRequisition";
const REVIEW: &str = "/samordna.finance.v1.RequisitionService/ReviewRequisition";
const REPORT: &str = "/samordna.reporting.v1.ReportedFiguresService/SubmitReportedFigures";

const STEPS: &str = "/requisitions/hallstahammar-2025-06-abc/steps";
const FIGURES: &str = "/reported-figures/2025h1/hallstahammar";

const DRAFT: [(&str, &str); 9] = [
    ("party", "hallstahammar"),
    ("grant", "hallstahammar-2025"),
    ("first_day", "2025-04-01"),
    ("last_day", "2025-06-30"),
    ("payment_reference", "Bankgiro 5555-5551"),
    ("line-1-kind", "staff"),
    ("line-1-description", "Arbetskonsulent"),
    ("line-1-fte", "60"),
    ("line-1-amount", "103 456,50"),
];

fn value_of(page: &Page, id: &str) -> String {
    let tag = page.tags("input").into_iter().find(|tag| tag.contains(&format!("id=\"{id}\"")));
    super::browser::attribute(tag.unwrap_or_default(), "value").to_owned()
}

#[tokio::test]
async fn a_draft_is_saved_and_shown() {
    let world = World::new().await;
    let created = Requisition {
        name: vastmanland::name("requisitions", "hallstahammar-2025-06-xyz"),
        ..Requisition::default()
    };
    world.services.answer(CREATE, &CreateRequisitionResponse { requisition: Some(created) });
    let mut browser = world.signed_in("anna").await;
    let form = browser.get("/requisitions/new").await;
    let mut fields = DRAFT.to_vec();
    fields.push(("step", "save"));
    let page = browser.submit(&form, "/requisitions/new", &fields).await;
    assert_eq!(
        (page.status, page.location.as_str()),
        (StatusCode::SEE_OTHER, "/requisitions/hallstahammar-2025-06-xyz")
    );

    // A double click sends the very same request again.
    browser.submit(&form, "/requisitions/new", &fields).await;
    let asked: Vec<CreateRequisitionRequest> = world.services.asked(CREATE);
    assert_eq!(asked[0], asked[1]);
    assert!(
        !asked[0].validate_only && asked[0].requisition_id.starts_with("hallstahammar-2025-06-")
    );
    let requisition = asked[0].requisition.as_ref().unwrap();
    assert_eq!(requisition.cost_lines.len(), 1);
    assert_eq!(requisition.cost_lines[0].amount_ore, 10_345_650);
}

#[tokio::test]
async fn another_line_keeps_everything_typed_and_sends_nothing() {
    let world = World::new().await;
    let mut browser = world.signed_in("anna").await;
    let form = browser.get("/requisitions/new").await;
    let mut fields = DRAFT.to_vec();
    fields.push(("step", "add_line"));
    let page = browser.submit(&form, "/requisitions/new", &fields).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(value_of(&page, "line-1-amount"), "103 456,50");
    assert!(page.html.contains("id=\"line-4-kind\"") && !page.html.contains("id=\"line-5-kind\""));
    assert!(page.html.contains("<option value=\"staff\" selected>"));
    assert!(world.services.asked::<CreateRequisitionRequest>(CREATE).is_empty());
}

#[tokio::test]
async fn everything_wrong_with_a_draft_is_told_at_once_and_nothing_is_saved() {
    let world = World::new().await;
    let mut faults = Faults::new();
    let outside = Fault::new("requisition.period", "PERIOD_OUTSIDE_GRANT")
        .with("first_day", "2024-04-01")
        .with("last_day", "2025-06-30")
        .with("grant_first_day", "2025-01-01")
        .with("grant_last_day", "2025-12-31");
    faults.push(outside);
    faults.push(
        Fault::new("requisition.cost_lines[0].amount_ore", "AMOUNT_NOT_POSITIVE").with("value", 0),
    );
    world.services.refuse(CREATE, Failure::Invalid(faults));
    let mut browser = world.signed_in("anna").await;
    let form = browser.get("/requisitions/new").await;
    let mut fields = DRAFT.to_vec();
    fields[8] = ("line-1-amount", "tolv");
    let page = browser.submit(&form, "/requisitions/new", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = page.text();
    assert!(text.contains("Rad 2, Belopp, kr: ”tolv” är inget belopp."), "{text}");
    let (period, amount) = (text.find("Från och med:"), text.find("Rad 2, Belopp, kr:"));
    assert!(period < amount, "in the order of the page");
    assert!(text.contains("ligger utanför de beviljade medlens period"));
    assert!(!text.contains("större än noll"), "the stand-in is not the person's mistake");
    assert_eq!(value_of(&page, "line-1-amount"), "tolv");
    assert!(page.html.contains("<title>Fel: "));
    let asked: Vec<CreateRequisitionRequest> = world.services.asked(CREATE);
    assert!(asked.iter().all(|request| request.validate_only));
}

#[tokio::test]
async fn a_draft_is_for_party_economists_only() {
    let world = World::new().await;
    let page = world.signed_in("erik").await.get("/requisitions/new").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_step_goes_on_to_the_requisition() {
    let world = World::new().await;
    world.services.answer(REVIEW, &ReviewRequisitionResponse::default());
    let mut browser = world.signed_in("erik").await;
    let page = browser.get("/requisitions/hallstahammar-2025-06-abc").await;
    let page = browser.submit(&page, STEPS, &[("step", "review"), ("comment", "")]).await;
    assert_eq!(
        (page.status, page.location.as_str()),
        (StatusCode::SEE_OTHER, "/requisitions/hallstahammar-2025-06-abc")
    );
}

#[tokio::test]
async fn a_refused_step_says_why_and_keeps_the_comment() {
    let world = World::new().await;
    world.services.refuse(RETURN, Failure::from(Fault::new("comment", "COMMENT_MISSING")));
    let mut browser = world.signed_in("erik").await;
    let page = browser.get("/requisitions/hallstahammar-2025-06-abc").await;
    let refused = browser.submit(&page, STEPS, &[("step", "return"), ("comment", " ")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.html.contains("id=\"comment-error\"") && refused.html.contains("href=\"#comment\"")
    );
    let asked: Vec<ReturnRequisitionRequest> = world.services.asked(RETURN);
    assert_eq!((asked[0].etag.as_str(), asked[0].request_id.len()), ("etag-1", 36));

    world.services.refuse(REVIEW, Failure::Stale { name: "x".to_owned() });
    let stale = browser.submit(&page, STEPS, &[("step", "review"), ("comment", "kvar")]).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(
        stale.text().contains("Någon annan hann ändra") && stale.html.contains(">kvar</textarea>")
    );
    assert!(stale.html.contains("name=\"next\" value=\"/requisitions/hallstahammar-2025-06-abc\""));
}

#[tokio::test]
async fn a_form_of_another_session_is_not_taken() {
    let world = World::new().await;
    let page = world.signed_in("erik").await.get("/requisitions/hallstahammar-2025-06-abc").await;
    let mut other = world.signed_in("maria").await;
    let refused = other.submit(&page, STEPS, &[("step", "review"), ("comment", "")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text().contains("Du har loggat in på nytt"), "{}", refused.text());
    let refused = other.post(STEPS, &[("step", "review")]).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_team_lead_sends_in_figures_and_sees_what_does_not_add_up() {
    let world = World::new().await;
    world.services.answer(REPORT, &SubmitReportedFiguresResponse::default());
    let mut browser = world.signed_in("leila").await;
    let form = browser.get(FIGURES).await;
    assert_eq!(value_of(&form, "participants-total"), "30");
    let fields = [("participants-total", "31"), ("participants-woman", ""), ("queue-total", "0")];
    let page = browser.submit(&form, FIGURES, &fields).await;
    assert_eq!(page.location, format!("{FIGURES}?saved=1"));
    let asked: Vec<SubmitReportedFiguresRequest> = world.services.asked(REPORT);
    let counts = &asked[0].reported_figures.as_ref().unwrap().counts;
    let sent: Vec<_> = counts
        .iter()
        .map(|count| (count.figure.as_str(), count.category.as_str(), count.count))
        .collect();
    assert_eq!(
        sent,
        [("participants", "total", 31), ("queue", "total", 0)],
        "empty is not reported, and not 0"
    );

    let page = browser.get(&page.location).await;
    assert!(page.text().contains("Uppgifterna är lämnade."));
    assert!(page.text().contains("Delarna är tillsammans 29 men totalen är 30."));
    assert!(page.text().contains("Lämnade 2025-06-28 av Leila Berg."));
}

#[tokio::test]
async fn half_a_person_is_told_at_the_field_and_nothing_is_sent_in() {
    let world = World::new().await;
    let mut faults = Faults::new();
    faults.push(Fault::new("reported_figures.counts[1].count", "COUNT_NEGATIVE").with("value", -3));
    world.services.refuse(REPORT, Failure::Invalid(faults));
    let mut browser = world.signed_in("leila").await;
    let form = browser.get(FIGURES).await;
    let fields = [("participants-total", "12,5"), ("participants-man", "-3")];
    let page = browser.submit(&form, FIGURES, &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.html.contains("id=\"participants-total-error\"")
            && page.html.contains("id=\"participants-man-error\"")
    );
    assert_eq!(value_of(&page, "participants-total"), "12,5");
    let asked: Vec<SubmitReportedFiguresRequest> = world.services.asked(REPORT);
    assert!(asked[0].validate_only);
}

#[tokio::test]
async fn nobody_sends_in_figures_for_another_team() {
    let world = World::new().await;
    let page = world.signed_in("leila").await.get("/reported-figures/2025h1/sala").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_returned_requisition_is_offered_to_its_party_again() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Returned);
    let page = world.signed_in("anna").await.get("/requisitions/hallstahammar-2025-06-abc").await;
    assert!(page.html.contains("value=\"submit\"") && page.html.contains("value=\"withdraw\""));
}
