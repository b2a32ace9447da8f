//! What every page shares: who reads it, in which language, from which address,
//! and the frame around its content.

use askama::Template;
use axum::{
    extract::FromRequestParts,
    response::{Html, IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, header, request::Parts};
use tonic::Status;

use super::{assets, menu};
use crate::{
    State,
    session::Session,
    text::{self, Language},
};

/// The cookie that keeps the language chosen.
pub(crate) const LANGUAGE_COOKIE: &str = "language";

/// Anybody who asks for a page.
#[derive(Debug, Clone)]
pub(crate) struct Reader {
    /// The language chosen, or wished for by the browser.
    pub language: Language,
    /// The page's path and query, to come back to.
    pub address: String,
    /// True when the browser says that a page of ours asks.
    pub is_from_here: bool,
}

/// A signed-in person's request for a page; anybody else is sent to sign in.
pub(crate) struct Visit {
    /// The ways to the services.
    pub state: State,
    /// Who is signed in.
    pub session: Session,
    /// The reader's side of it.
    pub reader: Reader,
}

impl Visit {
    /// The resource name of the person's federation.
    #[must_use]
    pub(crate) fn federation(&self) -> String {
        format!("federations/{}", self.session.principal.federation)
    }

    /// A request to a service on the person's behalf.
    ///
    /// # Errors
    /// When signing it fails.
    pub(crate) fn request<M>(&self, message: M) -> Result<tonic::Request<M>, Status> {
        Ok(self.session.request(&self.state, message)?)
    }

    /// A text in the person's language.
    #[must_use]
    pub(crate) fn t(&self, id: &str) -> String {
        text::message(self.reader.language, id, &[])
    }

    /// A text with one fact.
    #[must_use]
    pub(crate) fn t1(&self, id: &str, name: &str, value: &str) -> String {
        text::message(self.reader.language, id, &[(name, value)])
    }
}

impl FromRequestParts<State> for Visit {
    type Rejection = <Session as FromRequestParts<State>>::Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Self::Rejection> {
        let session = Session::from_request_parts(parts, state).await?;
        Ok(Self { state: state.clone(), session, reader: Reader::of(parts) })
    }
}

impl Reader {
    fn of(parts: &Parts) -> Self {
        let address = parts.uri.path_and_query().map_or("/", |address| address.as_str());
        let site = parts.headers.get("sec-fetch-site");
        Self {
            language: language(&parts.headers),
            address: address.to_owned(),
            is_from_here: site.is_some_and(|site| site == "same-origin"),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts))
    }
}

/// The language chosen, else the browser's, else Swedish.
#[must_use]
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let chosen = cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == LANGUAGE_COOKIE)
        .and_then(|(_, code)| Language::from_code(code));
    let wished = || {
        let header = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
        Language::from_accept_language(header)
    };
    chosen.or_else(wished).unwrap_or(Language::Swedish)
}

/// The frame of a page.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The reader's language.
    pub language: Language,
    /// The page's name, in the window's title.
    pub title: String,
    /// Where the page stands, to come back to after another language is chosen.
    pub address: String,
    /// Who is signed in, if anybody is.
    pub visitor: Option<Visitor>,
}

/// The signed-in person's part of the frame.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The name people read.
    pub display_name: String,
    /// What every form sends back.
    pub csrf: String,
    /// The pages the person's roles open.
    pub menu: Vec<Group>,
}

/// A group of the main menu.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The id of its text.
    pub text_id: &'static str,
    /// Its pages, at least one.
    pub links: Vec<Link>,
}

impl Group {
    /// Where the group leads: to its first page.
    #[must_use]
    pub(crate) fn href(&self) -> &'static str {
        self.links.first().map_or("/", |link| link.href)
    }

    /// True when the page that is shown belongs to it.
    #[must_use]
    pub(crate) fn is_current(&self) -> bool {
        self.links.iter().any(|link| link.is_current)
    }
}

/// A link of the main menu.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// Where it leads.
    pub href: &'static str,
    /// The id of its text.
    pub text_id: &'static str,
    /// True when the page belongs under it.
    pub is_current: bool,
}

impl Layout {
    /// The frame around a signed-in person's page.
    #[must_use]
    pub(crate) fn of(visit: &Visit, title: impl Into<String>) -> Self {
        let link = |(href, text_id)| Link {
            href,
            text_id,
            is_current: menu::is_under(&visit.reader.address, href),
        };
        let menu = menu::menu(&visit.session.principal)
            .into_iter()
            .map(|(text_id, links)| Group { text_id, links: links.into_iter().map(link).collect() })
            .collect();
        let visitor = Visitor {
            display_name: visit.session.display_name.clone(),
            csrf: visit.session.csrf.clone(),
            menu,
        };
        Self { visitor: Some(visitor), ..Self::for_anybody(&visit.reader, title) }
    }

    /// The frame around a page for anybody.
    #[must_use]
    pub(crate) fn for_anybody(reader: &Reader, title: impl Into<String>) -> Self {
        Self {
            language: reader.language,
            title: title.into(),
            address: reader.address.clone(),
            visitor: None,
        }
    }

    /// A text in the reader's language.
    #[must_use]
    pub(crate) fn t(&self, id: &str) -> String {
        text::message(self.language, id, &[])
    }

    /// A text with one fact.
    #[must_use]
    pub(crate) fn t1(&self, id: &str, name: &str, value: &str) -> String {
        text::message(self.language, id, &[(name, value)])
    }

    /// The address of a file that pages refer to.
    #[must_use]
    pub(crate) fn asset(&self, file: &str) -> String {
        assets::address(file)
    }

    /// What every form of the signed-in person sends back; empty for others.
    #[must_use]
    pub(crate) fn csrf(&self) -> &str {
        self.visitor.as_ref().map_or("", |visitor| visitor.csrf.as_str())
    }
}

/// A link between pages that belong together.
pub(crate) struct Tab {
    /// Its address.
    pub href: &'static str,
    /// The id of its text.
    pub text_id: &'static str,
    /// It leads to the page that is shown.
    pub is_current: bool,
}

/// The links between pages that belong together: address and id of the text.
pub(crate) fn tabs(
    pages: impl IntoIterator<Item = (&'static str, &'static str)>,
    current: &str,
) -> Vec<Tab> {
    let tab = |(href, text_id)| Tab { href, text_id, is_current: href == current };
    pages.into_iter().map(tab).collect()
}

/// A page as it is sent.
pub(crate) fn page(template: &impl Template) -> Response {
    page_with(StatusCode::OK, template)
}

/// A page as it is sent, with a status of its own.
pub(crate) fn page_with(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(error = %error, "page template failed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_chosen_then_the_browsers_then_swedish() {
        let headers = |pairs: &[(header::HeaderName, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(name, value.parse().unwrap());
            }
            headers
        };
        assert_eq!(language(&headers(&[])), Language::Swedish);
        let english = (header::ACCEPT_LANGUAGE, "de, en-US;q=0.8, sv;q=0.3");
        assert_eq!(language(&headers(std::slice::from_ref(&english))), Language::English);
        let chosen = (header::COOKIE, "session=x; language=sv");
        assert_eq!(language(&headers(&[chosen, english])), Language::Swedish);
        assert_eq!(language(&headers(&[(header::COOKIE, "language=xx")])), Language::Swedish);
    }
}
