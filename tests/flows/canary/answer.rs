//! What was answered, as text that can be searched, whatever form it came in; and the pages
//! of an installation as a browser asks for them.

use std::io::Cursor;

use bytes::Bytes;
use calamine::{Reader as _, Xlsx};
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use crate::flows::world::{Installation, PASSWORD};

/// A browser of somebody who is signed in.
pub(super) struct Browser {
    host: String,
    cookie: String,
}

/// An answer to a browser.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) media_type: String,
    pub(super) body: Vec<u8>,
}

impl Browser {
    /// Signs somebody in.
    pub(super) async fn sign_in(installation: &Installation, account: &str) -> Self {
        let address = installation.address();
        let host = address.strip_prefix("http://").unwrap().to_owned();
        let form = format!("username={account}&password={PASSWORD}&next=/");
        let request = Request::post("/sign-in")
            .header(header::HOST, &host)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form)))
            .unwrap();
        let (parts, _) = send(&host, request).await;
        assert_eq!(parts.status, StatusCode::SEE_OTHER, "{account}");
        let cookie = parts.headers[header::SET_COOKIE].to_str().unwrap();
        Self { host, cookie: cookie.split(';').next().unwrap().to_owned() }
    }

    /// Asks for an address.
    pub(super) async fn get(&self, address: &str) -> Answer {
        let request = Request::get(address)
            .header(header::HOST, &self.host)
            .header(header::COOKIE, &self.cookie)
            .body(Full::default())
            .unwrap();
        let (parts, body) = send(&self.host, request).await;
        let media_type = parts.headers.get(header::CONTENT_TYPE);
        let media_type = media_type.map_or("", |value| value.to_str().unwrap()).to_owned();
        let mut answered = Vec::new();
        for (name, value) in &parts.headers {
            answered.extend(format!("{name}: {}\n", value.to_str().unwrap_or_default()).bytes());
        }
        // A file is read whole; a page together with what the browser is told beside it.
        let is_page = media_type.starts_with("text/html");
        let body = if is_page { [answered, body].concat() } else { body };
        Answer { status: parts.status, media_type, body }
    }
}

async fn send(host: &str, request: Request<Full<Bytes>>) -> (http::response::Parts, Vec<u8>) {
    let stream = TcpStream::connect(host).await.unwrap();
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let driven = tokio::spawn(connection);
    let answer = sender.send_request(request).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    driven.abort();
    (parts, body)
}

impl Answer {
    /// Its text: of a workbook the names of its sheets and its cells, of a PDF what stands
    /// on its pages, of anything else what there is.
    pub(super) fn text(&self) -> String {
        text(&self.media_type, &self.body)
    }
}

/// The text of a document of a type.
pub(super) fn text(media_type: &str, body: &[u8]) -> String {
    if media_type.contains("spreadsheetml") {
        let mut workbook: Xlsx<_> =
            calamine::open_workbook_from_rs(Cursor::new(body.to_vec())).unwrap();
        let mut text = String::new();
        for (name, sheet) in workbook.worksheets() {
            text.push_str(&name);
            for cell in sheet.used_cells() {
                text.push('\n');
                text.push_str(&cell.2.to_string());
            }
        }
        text
    } else if media_type.contains("pdf") {
        let file = lopdf::Document::load_mem(body).unwrap();
        let pages: Vec<u32> = file.get_pages().into_keys().collect();
        file.extract_text(&pages).unwrap()
    } else {
        String::from_utf8_lossy(body).into_owned()
    }
}
