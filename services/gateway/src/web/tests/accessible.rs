//! What every page keeps to, so that everybody can use it (WCAG 2.1 AA) and no
//! browser is used against anybody. Part of what the accessibility statement
//! promises is checked here.

use http::{StatusCode, header};
use proto::finance::RequisitionState;

use super::{
    browser::{Page, World, attribute},
    lists, office, vastmanland,
};
use crate::text::tests::files;

/// Every page, and somebody who may open it.
const PAGES: [(&str, &str); 120] = [
    ("", "/sign-in"),
    ("", "/accessibility"),
    ("", "/no-such-page"),
    ("erik", "/"),
    ("leila", "/"),
    ("erik", "/funding"),
    ("erik", "/funding?first_day=2025-01-01&last_day=2025-06-30&cut=cost_kind&kind=staff"),
    ("leila", "/unit-costs"),
    ("erik", "/requisitions"),
    ("anna", "/requisitions?state=draft"),
    ("maria", "/requisitions/hallstahammar-2025-06-abc"),
    ("anna", "/requisitions/new"),
    ("anna", "/requisitions/hallstahammar-2025-06-abc/change"),
    ("erik", "/recoveries"),
    ("maria", "/recoveries/r1"),
    ("anna", "/recoveries/r1"),
    ("erik", "/recoveries/new?requisition=hallstahammar-2025-06-abc"),
    ("erik", "/grants"),
    ("leila", "/grants?year=2025&recipient=sala"),
    ("erik", "/grants/hallstahammar-2025"),
    ("anna", "/grants/hallstahammar-2025"),
    ("erik", "/grants/new"),
    ("erik", "/grants/new?parent_grant=hallstahammar-2025"),
    ("erik", "/grants/recipients/new"),
    ("erik", "/grants/hallstahammar-2025/amend"),
    ("erik", "/years"),
    ("erik", "/years/2025"),
    ("anna", "/years/2025?day=2025-03-31"),
    ("erik", "/years/open"),
    ("erik", "/years/2025/contributions/new"),
    ("erik", "/years/2025/payments/new"),
    ("erik", "/years/2025/budget/new"),
    ("erik", "/years/2025/forecasts/new"),
    ("erik", "/years/2025/own-costs"),
    ("anna", "/years/2025/own-costs"),
    ("erik", "/years/2025/equity-policy"),
    ("erik", "/years/2025/close"),
    ("erik", "/staffing"),
    ("erik", "/staffing/new"),
    ("erik", "/staffing/sala-coacher/end"),
    ("olle", "/ledger"),
    ("olle", "/ledger/postings?subject=federations/vastmanland/requisitions/r1"),
    ("erik", "/ledger/account-plan"),
    ("olle", "/ledger/export"),
    ("olle", "/half-year-reports"),
    ("olle", "/half-year-reports/2025h1"),
    ("maria", "/reports"),
    ("maria", "/reports/new"),
    ("maria", "/reports/r1"),
    ("olle", "/reports/r1"),
    ("maria", "/reports/r1/change"),
    ("leila", "/reports/r1/chapters/participants.hallstahammar/edit"),
    ("leila", "/reports/r1/explain?finding=f1"),
    ("leila", "/reports/r1/comments/new?section=introduction"),
    ("leila", "/reports/r1/comments/new?subject=hallstahammar"),
    ("leila", "/reported-figures"),
    ("leila", "/reported-figures/2025h1/hallstahammar"),
    ("", "/sign-in/first"),
    ("karin", "/accounts"),
    ("karin", "/accounts/new"),
    ("karin", "/accounts/sofia"),
    ("maria", "/accounts/maria"),
    ("karin", "/roles/new?account=sofia"),
    ("maria", "/roles/new"),
    ("karin", "/accounts/sofia/roles/sofia-0/revoke"),
    ("karin", "/read-log?actor=sofia"),
    ("nils", "/referrals"),
    ("sofia", "/referrals?team=hallstahammar&state=received"),
    ("nils", "/referrals/new"),
    ("sofia", "/referrals/a1"),
    ("sofia", "/participants"),
    ("sofia", "/participants/p1"),
    ("sofia", "/participants/p1/change"),
    ("sofia", "/participants/p1/transfer"),
    ("sofia", "/queue"),
    ("sofia", "/referrals/a1/enrol"),
    ("sofia", "/enrolments?whose=mine"),
    ("sofia", "/enrolments/e1"),
    ("sofia", "/enrolments/e1/coach"),
    ("sofia", "/enrolments/e1/extend"),
    ("sofia", "/enrolments/e1/consent"),
    ("sofia", "/enrolments/e1/exit"),
    ("sofia", "/enrolments/e1/correct-exit"),
    ("sofia", "/enrolments/e1/documentation"),
    ("sofia", "/enrolments/e1/error"),
    ("sofia", "/enrolments/e1/milestones/new"),
    ("sofia", "/enrolments/e1/milestones/m1/remove"),
    ("sofia", "/enrolments/e1/placements/new"),
    ("sofia", "/enrolments/e1/placements/w1/end"),
    ("sofia", "/enrolments/e1/surveys/egen-2025/enrolment"),
    ("sofia", "/enrolments/e1/answers/s1"),
    ("sofia", "/follow-ups?which=soon"),
    ("sofia", "/follow-ups/e1-6"),
    ("sofia", "/statistics?cut1=DIMENSION_SEX&cut2=DIMENSION_TEAM"),
    ("sofia", "/statistics?first_day=x&as_known_at=x"),
    ("sofia", "/statistics/cell?measure=MEASURE_NEW&sequence=412&cut1=DIMENSION_SEX&key1=SEX_MAN"),
    ("sofia", "/statistics/follow-ups"),
    ("olle", "/statistics/surveys"),
    ("maria", "/statistics/tables"),
    ("maria", "/statistics/tables?layout=alder&period=2025h1"),
    ("sofia", "/referrals/a1/exception"),
    ("sofia", "/participants/p1/merge"),
    ("sofia", "/participants/p1/merge/p2"),
    ("sofia", "/participants/p1/unmerge/p2"),
    ("sofia", "/participants/p1/protect"),
    ("maria", "/criteria"),
    ("maria", "/criteria/new"),
    ("maria", "/teams"),
    ("sofia", "/teams"),
    ("sofia", "/teams/hallstahammar"),
    ("sofia", "/teams/hallstahammar/positions/new"),
    ("sofia", "/teams/hallstahammar/positions/coach-1/change"),
    ("sofia", "/teams/hallstahammar/pauses/new"),
    ("sofia", "/teams/hallstahammar/pauses/sommar/end"),
    ("sofia", "/teams/hallstahammar/places"),
    ("sofia", "/teams/hallstahammar/lists"),
    ("sofia", "/teams/hallstahammar/lists/lista/undo"),
    ("sofia", "/group-activities"),
    ("sofia", "/group-activities/new"),
    ("sofia", "/group-activities/hallstahammar/g1/change"),
];

/// Every form, somebody who may send it, and something wrong to type into it.
const FORMS: [(&str, &str, (&str, &str)); 48] = [
    ("anna", "/requisitions/new", ("line-0-fte", "x")),
    ("anna", "/requisitions/hallstahammar-2025-06-abc/change", ("last_day", "x")),
    ("erik", "/recoveries/new?requisition=hallstahammar-2025-06-abc", ("line-0-amount", "x")),
    ("erik", "/grants/new", ("amount", "12 EUR")),
    ("erik", "/grants/hallstahammar-2025/amend", ("first_day", "x")),
    ("erik", "/years/open", ("year", "x")),
    ("erik", "/years/2025/contributions/new", ("weight-hallstahammar", "x")),
    ("erik", "/years/2025/payments/new", ("amount", "x")),
    ("erik", "/years/2025/budget/new", ("line-2-title", "Rad utan område")),
    ("erik", "/years/2025/forecasts/new", ("day", "x")),
    ("erik", "/years/2025/own-costs", ("amount", "x")),
    ("erik", "/years/2025/equity-policy", ("line-0-above", "x")),
    ("erik", "/staffing/new", ("by_municipality", "x")),
    ("maria", "/reports/new", ("title", "")),
    ("maria", "/reports/r1/change", ("line-0-value", "x")),
    ("erik", "/ledger/account-plan", ("line-0-number", "1930")),
    ("karin", "/roles/new", ("first_day", "x")),
    ("karin", "/accounts/new", ("username", "")),
    ("nils", "/referrals/new", ("day", "x")),
    ("sofia", "/participants/p1/change", ("birth_year", "x")),
    ("sofia", "/participants/p1/transfer", ("day", "x")),
    ("sofia", "/referrals/a1/enrol", ("first_day", "x")),
    ("sofia", "/enrolments/e1/coach", ("day", "x")),
    ("sofia", "/enrolments/e1/extend", ("planned_last_day", "x")),
    ("sofia", "/enrolments/e1/consent", ("given", "x")),
    ("sofia", "/enrolments/e1/exit", ("day", "x")),
    ("sofia", "/enrolments/e1/correct-exit", ("extent", "x")),
    ("sofia", "/enrolments/e1/documentation", ("day", "x")),
    ("sofia", "/enrolments/e1/milestones/new", ("day", "x")),
    ("sofia", "/enrolments/e1/placements/new", ("extent", "x")),
    ("sofia", "/enrolments/e1/placements/w1/end", ("last_day", "x")),
    ("sofia", "/enrolments/e1/surveys/egen-2025/enrolment", ("day", "x")),
    ("sofia", "/enrolments/e1/answers/s1/remove", ("reason", "")),
    ("sofia", "/follow-ups/e1-6", ("day", "x")),
    ("sofia", "/referrals/a1/exception", ("reason", "")),
    ("sofia", "/participants/p1/merge/p2", ("reason", "")),
    ("sofia", "/participants/p1/unmerge/p2", ("reason", "")),
    ("sofia", "/participants/p1/protect", ("sure", "")),
    ("maria", "/criteria/new", ("youngest", "x")),
    ("sofia", "/enrolments/e1/milestones/m1/remove", ("reason", "")),
    ("sofia", "/teams/hallstahammar/positions/new", ("line-0-fte", "x")),
    ("sofia", "/teams/hallstahammar/positions/coach-1/change", ("line-0-first_day", "x")),
    ("sofia", "/teams/hallstahammar/pauses/new", ("first_day", "x")),
    ("sofia", "/teams/hallstahammar/pauses/sommar/end", ("last_day", "x")),
    ("sofia", "/teams/hallstahammar/places", ("places", "x")),
    ("sofia", "/teams/hallstahammar/lists/lista/undo", ("reason", "")),
    ("sofia", "/group-activities/new", ("day", "x")),
    ("sofia", "/group-activities/hallstahammar/g1/change", ("invited", "x")),
];

async fn every_page(world: &World) -> Vec<(&'static str, Page)> {
    vastmanland::show_requisition(&world.services, RequisitionState::Returned);
    let mut pages = Vec::new();
    for (username, path) in PAGES.into_iter().chain(office::PAGES.iter().copied()) {
        let mut browser =
            if username.is_empty() { world.browser() } else { world.signed_in(username).await };
        pages.push((path, browser.get(path).await));
    }
    let forms = FORMS.into_iter().chain(office::FORMS.iter().copied());
    for (position, (username, path, field)) in forms.enumerate() {
        let mut browser = world.signed_in(username).await;
        let language = ["sv", "en"][position % 2];
        browser.post("/language", &[("language", language), ("next", "/")]).await;
        let form = browser.get(path).await;
        let page = browser.submit(&form, path, &[field]).await;
        assert!(page.html.contains("aria-invalid=\"true\""), "{path} with something wrong");
        pages.push((path, page));
    }
    pages.extend(lists::pages(world).await);
    pages
}

#[tokio::test]
async fn every_page_has_its_landmarks_one_heading_a_language_and_a_way_past_the_menu() {
    let world = World::new().await;
    for (path, page) in every_page(&world).await {
        for landmark in ["header", "main", "footer", "h1"] {
            assert_eq!(page.tags(landmark).len(), 1, "{path}: {landmark}");
        }
        let html = page.tags("html")[0];
        assert!(["sv", "en"].contains(&attribute(html, "lang")), "{path}");
        assert!(page.html.contains("class=\"ds-skip-link\" href=\"#content\""), "{path}");
        let title = page.html.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert!(title.ends_with(" – Samordna") && title.len() > 12, "{path}: {title}");
    }
}

#[tokio::test]
async fn no_page_shows_the_id_of_a_text_in_place_of_the_text() {
    let world = World::new().await;
    let code = files("src/web") + &files("templates");
    let is_id = |word: &&str| {
        word.contains('-')
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            && code.contains(&format!("\"{word}\""))
    };
    for (path, page) in every_page(&world).await {
        let text = page.text();
        let shown: Vec<&str> = text.split([' ', '(', ')', ':', ',']).filter(is_id).collect();
        assert!(shown.is_empty(), "{path}: {shown:?}");
    }
}

#[tokio::test]
async fn every_field_has_a_label_and_what_is_wrong_is_tied_to_it() {
    let world = World::new().await;
    for (path, page) in every_page(&world).await {
        let inputs =
            page.tags("input").into_iter().filter(|tag| attribute(tag, "type") != "hidden");
        for field in inputs.chain(page.tags("select")).chain(page.tags("textarea")) {
            let id = attribute(field, "id");
            assert!(
                page.html.contains(&format!("<label class=\"ds-label\" for=\"{id}\"")),
                "{path}: {field}"
            );
            assert_ids_exist(path, &page, attribute(field, "aria-describedby"));
            if field.contains("aria-invalid") {
                assert!(field.contains(&format!("{id}-error")), "{path}: {field}");
            }
        }
    }
}

#[tokio::test]
async fn every_table_has_a_caption_and_its_headings_say_what_they_head() {
    let world = World::new().await;
    for (path, page) in every_page(&world).await {
        for table in page.html.split("<table").skip(1) {
            let table = table.split("</table>").next().unwrap();
            assert!(table.contains("<caption"), "{path}");
        }
        for heading in page.tags("th") {
            assert!(["col", "row"].contains(&attribute(heading, "scope")), "{path}: {heading}");
        }
    }
}

#[tokio::test]
async fn every_id_is_there_once_and_every_reference_leads_to_one() {
    let world = World::new().await;
    for (path, page) in every_page(&world).await {
        let mut ids: Vec<&str> =
            page.html.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count, "{path}: an id is there twice");
        for reference in ["aria-labelledby", "href=\"#"] {
            for rest in page.html.split(reference).skip(1) {
                let found = rest.trim_start_matches("=\"").split('"').next().unwrap();
                assert_ids_exist(path, &page, found);
            }
        }
    }
}

#[tokio::test]
async fn headings_leave_out_no_level() {
    let world = World::new().await;
    for (path, page) in every_page(&world).await {
        let mut last = 0;
        for part in page.html.split("<h").skip(1) {
            let Some(level) = part.chars().next().and_then(|digit| digit.to_digit(10)) else {
                continue;
            };
            // An error summary and an alert come before the part they are about.
            assert!(
                level <= last + 1 || last == 0,
                "{path}: a heading of level {level} after one of level {last}"
            );
            last = level;
        }
    }
}

#[tokio::test]
async fn nothing_is_inline_and_nothing_comes_from_elsewhere() {
    let world = World::new().await;
    for (path, page) in every_page(&world).await {
        for inline in
            [" style=\"", "<style", " onclick=", " onsubmit=", "javascript:", "http://", "https://"]
        {
            assert!(!page.html.contains(inline), "{path}: {inline}");
        }
        for script in page.tags("script") {
            assert!(attribute(script, "src").starts_with("/static/"), "{path}: {script}");
        }
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{path}");
    }
}

#[tokio::test]
async fn every_file_a_page_refers_to_is_served_and_kept() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.get("/sign-in").await;
    let files: Vec<String> = page
        .html
        .split('"')
        .filter(|part| part.starts_with("/static/"))
        .map(str::to_owned)
        .collect();
    assert_eq!(files.len(), 5);
    for file in files {
        let served = browser.get(&file).await;
        assert_eq!(served.status, StatusCode::OK, "{file}");
        assert!(
            served.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"),
            "{file}"
        );
    }
}

fn assert_ids_exist(path: &str, page: &Page, ids: &str) {
    for id in ids.split_whitespace() {
        assert!(page.html.contains(&format!(" id=\"{id}\"")), "{path}: nothing has the id {id}");
    }
}
