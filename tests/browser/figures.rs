//! The published figures on the pages.

use super::driver::Browser;
use crate::flows::world::Installation;

/// Signs in as the federation's economist and reads the pages.
pub(crate) async fn are_on_the_pages(installation: &Installation) {
    let browser = Browser::open(installation).await;
    browser.sign_in("ekonom").await;
    browser.go("/funding?year=2025&period=h1").await;
    let table = browser.text("table").await;
    // Granted, requisitioned, share, reserved, left, forecast, the parties' own, unspent.
    for expected in [
        "Teamsamverkan Västra Mälardalen 1 550 937 60 % 0 613 1 874 1 874 −324",
        "Samordningsteam Västerås 6 100 2 359 39 % 0 3 741 4 718 4 718 1 382",
        "13 841 5 873 42 % 0 7 968 11 746 11 746 2 095",
        "324 tkr",
    ] {
        assert!(table.contains(expected), "{expected} is not in the table:\n{table}");
    }
    assert!(browser.has("svg").await, "a picture per recipient");
    browser.fits_a_phone().await;

    browser.go("/half-year-reports/2025h1").await;
    let report = browser.text("main").await;
    for expected in ["Samordningsteam Surahammar", "13 841", "3 av 6", "Inte rapporterat"] {
        assert!(report.contains(expected), "{expected} is not in the report:\n{report}");
    }
    browser.fits_a_phone().await;
    browser.click("form[action='/language'] button").await;
    let english = browser.text("main").await;
    assert!(english.contains("3 of 6"), "{english}");
    browser.close().await;
}
