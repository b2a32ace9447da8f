//! What every page keeps to, so that everybody can use it (WCAG 2.1 AA) and no
//! browser is used against anybody. Part of what the accessibility statement
//! promises is checked here.

use http::{StatusCode, header};
use proto::finance::RequisitionState;

use super::{
    browser::{Page, World, attribute},
    vastmanland,
};

/// Every page, and somebody who may open it.
const PAGES: [(&str, &str); 13] = [
    ("", "/sign-in"),
    ("", "/accessibility"),
    ("", "/no-such-page"),
    ("erik", "/"),
    ("leila", "/"),
    ("erik", "/funding"),
    ("erik", "/requisitions"),
    ("maria", "/requisitions/hallstahammar-2025-06-abc"),
    ("anna", "/requisitions/new"),
    ("olle", "/half-year-reports"),
    ("olle", "/half-year-reports/2025h1"),
    ("leila", "/reported-figures"),
    ("leila", "/reported-figures/2025h1/hallstahammar"),
];

async fn every_page(world: &World) -> Vec<(&'static str, Page)> {
    vastmanland::show_requisition(&world.services, RequisitionState::Reviewed);
    let mut pages = Vec::new();
    for (username, path) in PAGES {
        let mut browser =
            if username.is_empty() { world.browser() } else { world.signed_in(username).await };
        pages.push((path, browser.get(path).await));
    }
    for language in ["sv", "en"] {
        let mut browser = world.signed_in("anna").await;
        browser.post("/language", &[("language", language), ("next", "/")]).await;
        let form = browser.get("/requisitions/new").await;
        pages.push((
            "a form with errors",
            browser.submit(&form, "/requisitions/new", &[("line-0-fte", "x")]).await,
        ));
    }
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
