//! The plan's version and goals of a report: out of the programme plan, when there is one.

use proto::reporting::{UpdateReportRequest, UpdateReportResponse};

use super::{ONE, UPDATE, World};
use crate::web::tests::vastmanland::report::show_planned_report;

const CHANGE: &str = "/reports/r1/change";

#[tokio::test]
async fn a_report_that_says_nothing_of_a_plan_is_offered_its_version_and_goals() {
    let world = World::new().await;
    world.services.answer(UPDATE, &UpdateReportResponse::default());
    show_planned_report(&world.services, "", &[]);
    let mut browser = world.signed_in("maria").await;
    let offer = "Det finns en insatsplan för perioden: Sikta, version 2.0.";
    let page = browser.get(ONE).await;
    assert!(page.text().contains(offer), "{}", page.text());
    let reader = world.signed_in("olle").await.get(ONE).await;
    assert!(!reader.text().contains(offer), "to nobody who cannot take it");
    let form = browser.get(CHANGE).await;
    assert!(form.html.contains("<option value=\"2.0\" selected>Sikta, version 2.0</option>"));
    assert!(form.html.contains("Fler i arbete\nBättre hälsa</textarea>"), "{}", form.html);
    assert!(form.text().contains("Ifyllt ur insatsplanen"));
    assert!(world.services.asked::<UpdateReportRequest>(UPDATE).is_empty(), "nothing is saved");
}

#[tokio::test]
async fn a_report_that_has_its_goals_keeps_them_until_others_are_asked_for() {
    let world = World::new().await;
    world.services.answer(UPDATE, &UpdateReportResponse::default());
    show_planned_report(&world.services, "3.0", &["Eget mål"]);
    let mut browser = world.signed_in("maria").await;
    assert!(!browser.get(ONE).await.text().contains("Det finns en insatsplan"));
    let form = browser.get(CHANGE).await;
    assert!(form.html.contains("<option value=\"3.0\" selected>3.0</option>"), "{}", form.html);
    assert!(form.html.contains("Eget mål</textarea>"));
    let asked = [("plan_version", "1.0"), ("goals", "Eget mål"), ("step", "add_goals")];
    let filled = browser.submit(&form, CHANGE, &asked).await;
    assert!(filled.html.contains("Fler i studier\nBättre hälsa</textarea>"), "{}", filled.html);
    assert!(world.services.asked::<UpdateReportRequest>(UPDATE).is_empty(), "nothing is saved");
    let newest = [("plan_version", ""), ("goals", ""), ("step", "add_goals")];
    let newest = browser.submit(&form, CHANGE, &newest).await;
    assert!(newest.html.contains("<option value=\"2.0\" selected>"), "{}", newest.html);
    let fields = [("plan_version", "1.0"), ("goals", "Fler i studier"), ("step", "save")];
    browser.submit(&filled, CHANGE, &fields).await;
    let sent: Vec<UpdateReportRequest> = world.services.asked(UPDATE);
    let sent = sent[0].report.as_ref().unwrap();
    assert_eq!(
        (sent.plan_version.as_str(), sent.goals.as_slice()),
        ("1.0", &["Fler i studier".to_owned()][..])
    );
}
