//! A requisition from draft to payment, each step on the page of the one who may
//! take it.

use super::driver::Browser;
use crate::flows::world::{Installation, Shape, Store};

#[tokio::test(flavor = "multi_thread")]
async fn a_party_requisitions_and_two_others_approve_without_javascript() {
    let installation = Installation::start(Shape::AllInOne, Store::Sqlite).await;
    installation.load().await;
    let browser = Browser::open(&installation).await;

    browser.sign_in("koping-ekonom").await;
    browser.go("/requisitions/new").await;
    // Sent in empty, every fault is told at once and what was typed is kept.
    browser.type_in("payment_reference", "BG 5050-1055").await;
    browser.click("button[value='save']").await;
    let summary = browser.text(".ds-error-summary").await;
    assert!(summary.lines().count() >= 3, "{summary}");
    assert!(browser.page().await.contains("BG 5050-1055"), "what was typed is kept");

    browser.choose("grant", "sala-2025").await;
    browser.type_in("first_day", "07012025").await;
    browser.type_in("last_day", "07312025").await;
    browser.choose("line-1-kind", "premises").await;
    browser.type_in("line-1-description", "Lokal i juli").await;
    browser.type_in("line-1-amount", "12 500,50").await;
    browser.click("button[value='save']").await;
    let address = browser.driver.current_url().await.unwrap().path().to_owned();
    let page = browser.text("main").await;
    assert!(page.contains("12 500,50"), "{page}");
    browser.click("button[value='submit']").await;
    assert!(!browser.has("button[value='review']").await, "the party approves nothing");
    browser.sign_out().await;

    browser.sign_in("sala-ekonom").await;
    browser.go(&address).await;
    assert!(
        !browser.text("main").await.contains("12 500,50"),
        "another party's requisition is not there"
    );
    browser.sign_out().await;

    browser.sign_in("ekonom").await;
    browser.go(&address).await;
    browser.click("button[value='review']").await;
    assert!(
        !browser.has("button[value='approve']").await,
        "four eyes: not the same approver twice"
    );
    browser.sign_out().await;

    browser.sign_in("kansli").await;
    browser.go(&address).await;
    browser.click("button[value='approve']").await;
    let page = browser.text("main").await;
    assert!(
        page.contains("Konto ekonom") && page.contains("Konto kansli"),
        "who did what:\n{page}"
    );
    browser.type_in("bank_reference", "BG-betalning 17").await;
    browser.click("button[value='pay']").await;
    assert!(browser.text("main").await.contains("BG-betalning 17"));
    browser.close().await;
    installation.verify();
    installation.stop().await;
}
