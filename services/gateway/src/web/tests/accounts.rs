//! Accounts and roles in the browser: created, granted, taken back.

use http::StatusCode;

use super::browser::World;

#[tokio::test]
async fn an_administrator_creates_an_account_grants_a_role_and_takes_it_back() {
    let world = World::new().await;
    let mut karin = world.signed_in("karin").await;
    let form = karin.get("/accounts/new").await;
    let new = [("username", "eva"), ("display_name", "Eva Coach"), ("party", "hallstahammar")];
    let page = karin.submit(&form, "/accounts/new", &new).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    let code = page.html.split("<code>").nth(1).unwrap().split("</code>").next().unwrap();

    let mut eva = world.browser();
    let password = "en mening jag minns";
    let chosen =
        [("username", "eva"), ("code", code), ("password", password), ("repeated", "annat")];
    let refused = eva.post("/sign-in/first", &chosen).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen =
        [("username", "eva"), ("code", code), ("password", password), ("repeated", password)];
    assert_eq!(eva.post("/sign-in/first", &chosen).await.location, "/");
    assert_eq!(eva.get("/participants").await.status, StatusCode::FORBIDDEN);

    let form = karin.get("/roles/new?account=eva").await;
    let role = [
        ("account", "eva"),
        ("role", "coach"),
        ("party", "hallstahammar"),
        ("team", "hallstahammar"),
        ("first_day", "2025-07-15"),
        ("last_day", "2025-08-15"),
        ("reason", "Vikarie för sommaren"),
    ];
    let page = karin.submit(&form, "/roles/new", &role).await;
    assert_eq!(page.location, "/accounts/eva", "{}", page.text());
    assert_eq!(eva.get("/participants").await.status, StatusCode::OK);

    let page = karin.get("/accounts/eva").await;
    assert!(page.text().contains("Vikarie för sommaren"));
    let revoke = page.html.split("href=\"").find(|part| part.contains("/revoke\"")).unwrap();
    let revoke = revoke.split('"').next().unwrap().to_owned();
    let form = karin.get(&revoke).await;
    let page = karin.submit(&form, &revoke, &[("reason", "Slutade")]).await;
    assert_eq!(page.location, "/accounts/eva");
    assert_eq!(eva.get("/participants").await.status, StatusCode::FORBIDDEN);
    let page = karin.get("/accounts/eva").await;
    assert!(page.text().contains("Slutade") && !page.html.contains("/revoke\""));
}
