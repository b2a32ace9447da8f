//! Changing, correcting, paying and documenting a requisition.

use http::{StatusCode, header};
use platform::Failure;
use proto::finance::{
    AttachFileRequest, AttachFileResponse, CreateRequisitionRequest, CreateRequisitionResponse,
    DetachFileRequest, DetachFileResponse, FinancialYear, FinancialYearState,
    GetFinancialYearRequest, GetFinancialYearResponse, ListRequisitionsRequest,
    PayRequisitionRequest, PayRequisitionResponse, Requisition, RequisitionState,
    UpdateRequisitionRequest, UpdateRequisitionResponse,
};
use values::Fault;

use super::{browser::World, vastmanland};

const SERVICE: &str = "/samordna.finance.v1.RequisitionService";
const ATTACH: &str = "/samordna.finance.v1.AttachmentService/AttachFile";
const DETACH: &str = "/samordna.finance.v1.AttachmentService/DetachFile";
const CREATE: &str = "/samordna.finance.v1.RequisitionService/CreateRequisition";
const UPDATE: &str = "/samordna.finance.v1.RequisitionService/UpdateRequisition";
const PAY: &str = "/samordna.finance.v1.RequisitionService/PayRequisition";

const ONE: &str = "/requisitions/hallstahammar-2025-06-abc";

#[tokio::test]
async fn everything_about_a_requisition_is_on_its_page() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Returned);
    let page = world.signed_in("anna").await.get(ONE).await;
    let text = page.text();
    for shown in [
        "HKS 2025/88",
        "212000-2064",
        "Bankgiro 5555-5551",
        "Prognos för resten av året, kr 210 000,00 kr",
        "Rekvirerat tidigare",
        "Väntar på att huvudmannen kompletterar och skickar in den igen",
        "Lönespecifikation.pdf",
        "17 kB",
        "Ändra innehållet",
    ] {
        assert!(text.contains(shown), "{shown} in {text}");
    }
    assert!(page.html.contains("href=\"/grants/hallstahammar-2025\""));
    assert!(!page.html.contains("/ledger/postings"), "the ledger is not a party's");
    let approver = world.signed_in("maria").await.get(ONE).await;
    assert!(!approver.html.contains("/change\"") && !approver.html.contains("type=\"file\""));
    assert!(
        approver.html.contains("/ledger/postings?subject=federations/vastmanland/requisitions/")
    );
}

#[tokio::test]
async fn a_returned_requisition_is_changed_from_what_it_holds() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Returned);
    world.services.answer(UPDATE, &UpdateRequisitionResponse::default());
    let mut browser = world.signed_in("anna").await;
    let path = format!("{ONE}/change");
    let form = browser.get(&path).await;
    assert!(form.html.contains("value=\"103\u{a0}456,50\"") && form.html.contains("value=\"60\""));
    let fields = [
        ("first_day", "2025-04-01"),
        ("last_day", "2025-06-30"),
        ("payment_reference", "BG 5050-1055"),
        ("forecast", "200 000 kr"),
        ("line-0-kind", "staff"),
        ("line-0-description", "Arbetskonsulent"),
        ("line-0-fte", "60 %"),
        ("line-0-amount", "100 000"),
        ("step", "save"),
    ];
    browser.submit(&form, &path, &fields).await;
    let asked: Vec<UpdateRequisitionRequest> = world.services.asked(UPDATE);
    assert_eq!((asked[0].etag.as_str(), asked[0].validate_only), ("etag-1", false));
    let sent = asked[0].requisition.as_ref().unwrap();
    assert_eq!(sent.name, vastmanland::name("requisitions", "hallstahammar-2025-06-abc"));
    assert_eq!(sent.forecast_rest_ore, Some(20_000_000));
    assert_eq!((sent.cost_lines.len(), sent.cost_lines[0].amount_ore), (1, 10_000_000));
}

#[tokio::test]
async fn whoever_was_slower_reads_what_stands_now_beside_what_was_typed() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Returned);
    let stale = Failure::Stale { name: vastmanland::name("requisitions", "x") };
    world.services.refuse(UPDATE, stale);
    let mut browser = world.signed_in("anna").await;
    let path = format!("{ONE}/change");
    let form = browser.get(&path).await;
    let fields = [
        ("first_day", "2025-04-01"),
        ("last_day", "2025-06-30"),
        ("payment_reference", "BG 5050-1055"),
        ("line-0-kind", "premises"),
        ("line-0-amount", "103456,50"),
        ("step", "save"),
    ];
    let page = browser.submit(&form, &path, &fields).await;
    let text = page.text();
    assert!(text.contains("Någon annan hann ändra"), "{text}");
    for told in ["Betalas till: Nu står här: Bankgiro 5555-5551", "Slag: Nu står här: Personal"]
    {
        assert!(text.contains(told), "{told} in {text}");
    }
    assert!(!text.contains("Rad 1, Belopp, kr: Nu står"), "the same amount, in other signs");
    assert!(page.html.contains("value=\"BG 5050-1055\""), "what was typed stays");
}

#[tokio::test]
async fn a_correction_begins_with_taking_everything_back() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Paid);
    world
        .services
        .answer(CREATE, &CreateRequisitionResponse { requisition: Some(Requisition::default()) });
    let mut browser = world.signed_in("anna").await;
    assert!(browser.get(ONE).await.html.contains(&format!("href=\"{ONE}/correct\"")));
    let path = format!("{ONE}/correct");
    let form = browser.get(&path).await;
    assert!(form.html.contains("value=\"\u{2212}103\u{a0}456,50\""));
    assert!(
        !form.html.contains("id=\"first_day\""),
        "a correction has the days of what it corrects"
    );
    let fields = [
        ("line-1-kind", "premises"),
        ("line-1-description", "Lokal"),
        ("line-1-amount", "\u{2212}5 000,00"),
        ("step", "save"),
    ];
    browser.submit(&form, &path, &fields).await;
    let asked: Vec<CreateRequisitionRequest> = world.services.asked(CREATE);
    let sent = asked[0].requisition.as_ref().unwrap();
    assert_eq!(sent.corrects, vastmanland::name("requisitions", "hallstahammar-2025-06-abc"));
    assert_eq!((sent.cost_lines.len(), sent.cost_lines[0].amount_ore), (1, -500_000));
    assert!(sent.period.is_some() && sent.grant.ends_with("/hallstahammar-2025"));
}

#[tokio::test]
async fn what_a_closed_year_forbids_is_told_before_it_is_tried() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Returned);
    let year = FinancialYear { state: FinancialYearState::Closed.into(), ..Default::default() };
    let closed = GetFinancialYearResponse { financial_year: Some(year) };
    let read = "/samordna.finance.v1.FinancialYearService/GetFinancialYear";
    world.services.answer(read, &closed);
    let page = world.signed_in("anna").await.get(ONE).await;
    assert!(page.text().contains("Året är stängt, så den kan inte skickas in. Återkalla den."));
    assert!(!page.html.contains("value=\"submit\"") && !page.html.contains("/change\""));
    assert!(page.html.contains("value=\"withdraw\""));
    vastmanland::show_requisition(&world.services, RequisitionState::Paid);
    let page = world.signed_in("anna").await.get(ONE).await;
    assert!(page.text().contains("Be förbundet kräva tillbaka"), "{}", page.text());
    assert!(!page.html.contains("/correct\""));
    let erik = world.signed_in("erik").await.get(ONE).await;
    assert!(erik.html.contains("/recoveries/new?requisition="));
    let request: Vec<GetFinancialYearRequest> = world.services.asked(read);
    assert_eq!(request[0].name, vastmanland::name("financialYears", "2025"));
}

#[tokio::test]
async fn what_is_not_approved_is_not_corrected_and_others_change_nothing() {
    let world = World::new().await;
    let mut anna = world.signed_in("anna").await;
    assert_eq!(anna.get(&format!("{ONE}/correct")).await.status, StatusCode::NOT_FOUND);
    let mut erik = world.signed_in("erik").await;
    assert_eq!(erik.get(&format!("{ONE}/change")).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_payment_has_a_day_and_the_banks_reference() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Approved);
    world.services.answer(PAY, &PayRequisitionResponse::default());
    let mut browser = world.signed_in("erik").await;
    let page = browser.get(ONE).await;
    assert!(page.html.contains("id=\"payment_date\" name=\"payment_date\" value=\"2025-07-15\""));
    let steps = format!("{ONE}/steps");
    let fields = [
        ("step", "pay"),
        ("payment_date", "2025-07-31"),
        ("bank_reference", "BG 17"),
        ("comment", ""),
    ];
    let done = browser.submit(&page, &steps, &fields).await;
    assert_eq!(done.location, ONE);
    let asked: Vec<PayRequisitionRequest> = world.services.asked(PAY);
    assert_eq!(
        (asked[0].bank_reference.as_str(), asked[0].payment_date.unwrap().day),
        ("BG 17", 31)
    );

    let fields = [("step", "pay"), ("payment_date", "31/7"), ("bank_reference", "BG 17")];
    let refused = browser.submit(&page, &steps, &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.html.contains("id=\"payment_date-error\""));
    let asked: Vec<PayRequisitionRequest> = world.services.asked(PAY);
    assert!(asked[1].validate_only, "nothing is paid on a day that cannot be read");
}

#[tokio::test]
async fn a_file_is_attached_handed_out_and_taken_off() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Draft);
    world.services.answer(ATTACH, &AttachFileResponse::default());
    world.services.answer(DETACH, &DetachFileResponse::default());
    let mut browser = world.signed_in("anna").await;
    let page = browser.get(ONE).await;
    let action = format!("{ONE}/attachments");
    let attached = browser.upload(&page, &action, "Hyra juni.PDF", b"%PDF-1.7 hyra").await;
    assert_eq!((attached.status, attached.location.as_str()), (StatusCode::SEE_OTHER, ONE));
    let asked: Vec<AttachFileRequest> = world.services.asked(ATTACH);
    assert_eq!(asked[0].media_type, "application/pdf");
    assert_eq!((asked[0].file_name.as_str(), asked[0].etag.as_str()), ("Hyra juni.PDF", "etag-1"));
    assert_eq!(asked[0].content, b"%PDF-1.7 hyra");

    let file = browser.get(&format!("{action}/lon")).await;
    assert_eq!(file.html, "%PDF-1.7");
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/pdf");
    let disposition = file.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.starts_with("attachment; ") && disposition.contains("L%C3%B6ne"));

    browser.submit(&page, &format!("{action}/lon/detach"), &[]).await;
    let asked: Vec<DetachFileRequest> = world.services.asked(DETACH);
    assert!(asked[0].name.ends_with("/attachments/lon") && asked[0].etag == "etag-1");
}

#[tokio::test]
async fn a_file_that_is_refused_is_told_beside_its_field() {
    let world = World::new().await;
    vastmanland::show_requisition(&world.services, RequisitionState::Draft);
    let mut browser = world.signed_in("anna").await;
    let page = browser.get(ONE).await;
    let action = format!("{ONE}/attachments");
    // The second is more than is read of a form.
    for size in [5 * 1024 * 1024 + 1, 64 * 1024 * 1024] {
        let too_large = vec![b'x'; size];
        let refused = browser.upload(&page, &action, "stor.pdf", &too_large).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text().contains("Filen är större än 5 MiB."));
    }
    assert!(world.services.asked::<AttachFileRequest>(ATTACH).is_empty(), "nothing is sent on");

    world.services.refuse(ATTACH, Failure::from(Fault::new("content", "TEXT_MISSING")));
    let refused = browser.upload(&page, &action, "", b"").await;
    assert!(refused.html.contains("id=\"file-error\""));

    let mut other = world.signed_in("erik").await;
    let refused = other.upload(&page, &action, "a.pdf", b"%PDF").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "a form of another session");
}

#[tokio::test]
async fn the_list_is_narrowed_and_its_next_page_stays_narrow() {
    let world = World::new().await;
    let list = format!("{SERVICE}/ListRequisitions");
    let path = "/requisitions?state=paid&party=hallstahammar&grant=hallstahammar-2025";
    let page = world.signed_in("erik").await.get(path).await;
    let asked: Vec<ListRequisitionsRequest> = world.services.asked(&list);
    assert_eq!(asked[0].party, vastmanland::name("parties", "hallstahammar"));
    assert_eq!(asked[0].grant, vastmanland::name("grants", "hallstahammar-2025"));
    assert_eq!(asked[0].state(), RequisitionState::Paid);
    assert!(
        page.html.contains("rel=\"next\" href=\"/requisitions?state=paid&#38;party=hallstahammar")
    );
    let own = world.signed_in("anna").await.get("/requisitions").await;
    assert!(!own.html.contains("id=\"party\""), "a party sees its own only");
}
