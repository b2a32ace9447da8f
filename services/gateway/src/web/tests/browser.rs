//! A person at a browser without JavaScript: keeps cookies, follows nothing by
//! itself, fills in forms with the hidden fields the page has.

use std::io;

use argon2::{Algorithm, Argon2, Params, Version, password_hash::PasswordHasher as _};
use axum::{Router, body::Body};
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;
use platform::{
    Clock,
    testing::{SqliteHome, TestKeys},
};
use tower::ServiceExt as _;
use values::{RoleGrant, Scope, Slug, name::AccountName};

use super::{
    services::Services,
    vastmanland::{self, Person},
};
use crate::{
    Config, Deps, Migrator,
    body_patience::BodyPatience,
    domain::account::{Account, AccountKind, first_roles},
    store,
};

pub(super) const PASSWORD: &str = "correct horse battery";

/// A gateway before prepared services, with one account of each kind.
pub(super) struct World {
    pub(super) services: Services,
    pub(super) routes: Router,
    pub(super) home: SqliteHome,
}

/// A browser with its cookies.
pub(super) struct Browser<'a> {
    world: &'a World,
    cookies: Vec<String>,
}

/// A page that was answered.
pub(super) struct Page {
    pub(super) status: StatusCode,
    pub(super) location: String,
    pub(super) html: String,
    pub(super) headers: http::HeaderMap,
}

impl World {
    /// Everything as it stands for Västmanland on a day in July 2025.
    pub(super) async fn new() -> Self {
        Self::with_patience(BodyPatience::default()).await
    }

    /// The same, which waits so long for a body.
    pub(super) async fn with_patience(patience: BodyPatience) -> Self {
        let services = Services::default();
        vastmanland::prepare(&services);
        let home = SqliteHome::new();
        let database = home.open().await;
        database.migrate::<Migrator>().await.unwrap();
        let clock = Clock::fixed("2025-07-15T10:00:00Z".parse().unwrap());
        let secret_hash = cheap_hash();
        for person in vastmanland::PEOPLE {
            let account = account(&person);
            store::account::insert(&database.write, &account, &secret_hash).await.unwrap();
            let id = |number| Slug::parse("", &format!("{}-{number}", person.id)).unwrap();
            for role in first_roles(&account, clock.today(), "operator", clock.now(), id) {
                store::role_grant::insert(&database.write, &role).await.unwrap();
            }
        }
        let keys = TestKeys::new(&clock);
        let deps = Deps {
            clock,
            database,
            signer: keys.signer,
            verifier: keys.verifier,
            organisation: services.transport(),
            finance: services.transport(),
            reporting: services.transport(),
        };
        let mounted = crate::mount_with(&Config::default(), deps, patience).await.unwrap();
        Self { services, routes: mounted.routes, home }
    }

    /// A browser that nobody has signed in with.
    pub(super) fn browser(&self) -> Browser<'_> {
        Browser { world: self, cookies: Vec::new() }
    }

    /// A browser that somebody has signed in with.
    pub(super) async fn signed_in(&self, username: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let form = [("username", username), ("password", PASSWORD), ("next", "/")];
        let page = browser.post("/sign-in", &form).await;
        assert_eq!(
            (page.status, page.location.as_str()),
            (StatusCode::SEE_OTHER, "/"),
            "{}",
            page.html
        );
        browser
    }
}

impl Browser<'_> {
    /// Asks for a page.
    pub(super) async fn get(&mut self, path: &str) -> Page {
        let request = Request::get(path).header(header::COOKIE, self.cookies.join("; "));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends fields.
    pub(super) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = Request::post(path)
            .header(header::COOKIE, self.cookies.join("; "))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(encode(fields))).unwrap()).await
    }

    /// Sends a form as a browser does that says so of the page it is on.
    pub(super) async fn post_from(&mut self, site: &str, path: &str, body: &str) -> Page {
        let request = Request::post(path)
            .header("sec-fetch-site", site)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Sends a form of a page: its hidden fields, and what the person adds.
    pub(super) async fn submit(
        &mut self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let hidden = page.hidden_fields(action);
        let mut all: Vec<(&str, &str)> =
            hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        all.extend(fields);
        self.post(action, &all).await
    }

    /// Sends a form of a page that holds a file: its hidden fields, and the file.
    pub(super) async fn upload(
        &mut self,
        page: &Page,
        action: &str,
        file_name: &str,
        content: &[u8],
    ) -> Page {
        self.upload_with(page, action, &[], (file_name, content)).await
    }

    /// The same with what the person adds to the hidden fields.
    pub(super) async fn upload_with(
        &mut self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
        (file_name, content): (&str, &[u8]),
    ) -> Page {
        let mut body = Vec::new();
        let typed = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        for (name, value) in page.hidden_fields(action).into_iter().chain(typed) {
            let part = format!(
                "--limit\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.bytes());
        }
        let head = format!(
            "--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend(content);
        body.extend(b"\r\n--limit--\r\n");
        let request = Request::post(action)
            .header(header::COOKIE, self.cookies.join("; "))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
        // Piece by piece, as it comes over a network.
        let pieces = body.chunks(64 * 1024).map(|piece| io::Result::Ok(piece.to_vec()));
        let pieces: Vec<_> = pieces.collect();
        let body = Body::from_stream(futures::stream::iter(pieces));
        self.send(request.body(body).unwrap()).await
    }

    async fn send(&mut self, request: Request<Body>) -> Page {
        let response = self.world.routes.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
            let name = pair.split('=').next().unwrap().to_owned();
            self.cookies.retain(|kept| !kept.starts_with(&format!("{name}=")));
            self.cookies.push(pair);
        }
        Page::read(response).await
    }
}

impl Page {
    async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let location =
            parts.headers.get(header::LOCATION).map(|value| value.to_str().unwrap().to_owned());
        Self {
            status: parts.status,
            location: location.unwrap_or_default(),
            html: String::from_utf8(body.to_vec()).unwrap(),
            headers: parts.headers,
        }
    }

    /// The page's text without its marks, spaces as single ordinary ones.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for character in self.html.chars() {
            match character {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                _ if !inside => text.push(character),
                _ => {}
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The tags of a name, as written.
    pub(super) fn tags(&self, name: &str) -> Vec<&str> {
        let opening = format!("<{name}");
        let mut tags = Vec::new();
        for (start, _) in self.html.match_indices(&opening) {
            let rest = &self.html[start..];
            let is_whole_name = rest[opening.len()..].starts_with([' ', '>', '\n', '/']);
            if is_whole_name && let Some(end) = rest.find('>') {
                tags.push(&rest[..=end]);
            }
        }
        tags
    }

    /// The hidden fields of a form.
    pub(super) fn hidden_fields(&self, action: &str) -> Vec<(String, String)> {
        let form = self.html.split("<form").find(|form| {
            form.contains(&format!("action=\"{action}\"")) && form.contains("method=\"post\"")
        });
        let form = form.unwrap_or_else(|| panic!("the page has no form for {action}"));
        let form = form.split("</form>").next().unwrap();
        form.split("<input")
            .filter(|input| input.contains("type=\"hidden\""))
            .map(|input| (attribute(input, "name").to_owned(), unescape(attribute(input, "value"))))
            .collect()
    }
}

fn unescape(attribute: &str) -> String {
    let entities =
        [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    entities
        .iter()
        .fold(attribute.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

/// An attribute of a tag; empty when it has none of that name.
pub(super) fn attribute<'a>(tag: &'a str, name: &str) -> &'a str {
    let found = tag.split_once(&format!(" {name}=\""));
    found.and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default()
}

fn encode(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// The password's hash at the lowest cost there is: the real one takes seconds
/// without optimisation, and these tests are about pages.
fn cheap_hash() -> String {
    let cost =
        Params::new(Params::MIN_M_COST, Params::MIN_T_COST, Params::MIN_P_COST, None).unwrap();
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost);
    hasher.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
}

fn account(person: &Person) -> Account {
    let slug = |id: &str| Slug::parse("id", id).unwrap();
    let scope = Scope::parse("scope", person.scope).unwrap();
    // Whoever works for a party or a team is employed by the one party of these pages.
    let is_office = scope == Scope::Federation;
    Account {
        name: AccountName::new(slug("vastmanland"), slug(person.id)),
        display_name: person.display_name.to_owned(),
        kind: AccountKind::Person,
        party: (!is_office).then(|| slug("hallstahammar")),
        grants: vec![RoleGrant { role: person.role, scope }],
    }
}
