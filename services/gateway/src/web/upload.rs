//! A posted form that holds a file.

use std::{convert::Infallible, future::ready, time::Duration};

use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use http::{HeaderValue, header};
use platform::Failure;
use values::attachment::LARGEST_CONTENT;

use super::{
    error_page::Trouble,
    form::{self, Posted},
    layout::Visit,
};
use crate::State;

/// How much of a form is read; what comes after it is left out. Somebody who chose
/// too large a file is told so, however large it is.
const LARGEST_UPLOAD: usize = 64 * 1024 * 1024;

/// How much the other fields may be together, each with a little for itself: a chapter of
/// 100 000 characters of four bytes, and what stands beside it.
const LARGEST_FIELDS: usize = 512 * 1024;
const LARGEST_FIELD_ITSELF: usize = 64;

/// Forms that are read at the same time: each may hold a file of the largest size.
pub(crate) const UPLOADS_AT_ONCE: usize = 8;
/// How long a form waits for its turn, and how long it may take to come in.
const PATIENCE: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_secs(120);

/// A form with a file that is not read yet.
pub(crate) struct Upload(Request);

/// A file as the browser sent it.
#[derive(Debug, Clone, Default)]
pub(crate) struct UploadedFile {
    /// Its name, without folders.
    pub name: String,
    /// Its type: by the name's ending, for browsers know a CSV by what opens it.
    pub media_type: String,
    /// Its content; none when it is larger than services take.
    pub content: Option<Vec<u8>>,
}

impl Upload {
    /// Reads a form that came from a page shown in the same session. Nothing is read
    /// before: whether the person may send it is asked first.
    ///
    /// # Errors
    /// The page that asks to fill in the form anew, for any other; or that says to come
    /// back, when there are too many.
    pub(crate) async fn accept(self, visit: &Visit) -> Result<(Posted, UploadedFile), Trouble> {
        let turn = tokio::time::timeout(PATIENCE, visit.state.uploads.acquire()).await;
        let Ok(Ok(_turn)) = turn else {
            return Err(Trouble::of(visit, &Failure::Limited { retry_after: PATIENCE }.into()));
        };
        let is_own = |csrf: &str| visit.session.check_csrf(csrf);
        let read = tokio::time::timeout(LONGEST, read(self.0, is_own)).await;
        let read = read.map_err(|_| Trouble::of(visit, &Failure::TooSlow.into()))?;
        let (fields, file) = read.ok_or_else(|| Trouble::outdated_form(visit))?;
        Ok((Posted::accept(visit, axum::Form(fields))?, file))
    }

    /// The same of a form that some of its buttons send without a file.
    ///
    /// # Errors
    /// As above.
    pub(crate) async fn accept_either(
        self,
        visit: &Visit,
    ) -> Result<(Posted, UploadedFile), Trouble> {
        let media_type = self.0.headers().get(header::CONTENT_TYPE);
        if media_type.is_some_and(|sent| sent.as_bytes().starts_with(b"multipart/")) {
            return self.accept(visit).await;
        }
        let fields = form::Fields::from_request(self.0, &()).await;
        let fields = fields.map_err(|_| Trouble::outdated_form(visit))?;
        Ok((Posted::accept(visit, fields)?, UploadedFile::default()))
    }
}

impl FromRequest<State> for Upload {
    type Rejection = Infallible;

    async fn from_request(request: Request, _state: &State) -> Result<Self, Self::Rejection> {
        Ok(Self(request))
    }
}

type Fields = Vec<(String, String)>;

/// The fields and the file. None for what is no such form, for one whose fields are too
/// large, and for one whose file comes before a token that is its own.
async fn read(request: Request, is_own: impl Fn(&str) -> bool) -> Option<(Fields, UploadedFile)> {
    let media_type = request.headers().get(header::CONTENT_TYPE);
    let media_type = media_type.map(HeaderValue::to_str).and_then(Result::ok);
    let boundary = multer::parse_boundary(media_type.unwrap_or_default()).ok()?;
    let mut form = multer::Multipart::new(cut_off(request.into_body(), &boundary), boundary);
    let (mut fields, mut file) = (Fields::new(), UploadedFile::default());
    let mut left = LARGEST_FIELDS;
    while let Some(mut field) = form.next_field().await.ok()? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(plain_name);
        let sent_type = field.content_type().map(ToString::to_string).unwrap_or_default();
        let Some(file_name) = file_name else {
            let mut content = Vec::new();
            left = left.checked_sub(LARGEST_FIELD_ITSELF + name.len())?;
            while let Some(chunk) = field.chunk().await.ok()? {
                left = left.checked_sub(chunk.len())?;
                content.extend_from_slice(&chunk);
            }
            fields.push((name, String::from_utf8_lossy(&content).into_owned()));
            continue;
        };
        let csrf = fields.iter().find(|(name, _)| name == "csrf");
        csrf.filter(|(_, csrf)| is_own(csrf))?;
        let mut content = Some(Vec::new());
        while let Some(chunk) = field.chunk().await.ok()? {
            let has_room = |content: &Vec<u8>| content.len() + chunk.len() <= LARGEST_CONTENT;
            content = content.filter(has_room);
            if let Some(content) = &mut content {
                content.extend_from_slice(&chunk);
            }
        }
        file = UploadedFile {
            media_type: media_type_of(&file_name).map_or(sent_type, str::to_owned),
            name: file_name,
            content,
        };
    }
    Some((fields, file))
}

/// The pieces of a form as far as they are read, and the end of a form after them:
/// one that went on is taken for one that ended there.
fn cut_off(
    form: Body,
    boundary: &str,
) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send + 'static {
    let mut left = LARGEST_UPLOAD;
    let pieces = form.into_data_stream().take_while(move |piece| {
        let rest = left.checked_sub(piece.as_ref().map_or(0, Bytes::len));
        left = rest.unwrap_or_default();
        ready(rest.is_some())
    });
    let end = Bytes::from(format!("\r\n--{boundary}--\r\n"));
    pieces.chain(stream::once(ready(Ok(end))))
}

/// Some browsers send the folders too.
fn plain_name(sent: &str) -> String {
    sent.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
}

fn media_type_of(file_name: &str) -> Option<&'static str> {
    let (_, ending) = file_name.rsplit_once('.')?;
    match ending.to_ascii_lowercase().as_str() {
        "pdf" => Some("application/pdf"),
        "png" => Some("image/png"),
        "jpg" | "jpeg" => Some("image/jpeg"),
        "csv" => Some("text/csv"),
        "xlsx" => Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "docx" => Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A form of these fields, and then a file.
    fn form(fields: &[(&str, &str)], file: &str) -> Request {
        let mut body = String::new();
        for (name, value) in fields {
            let head = format!("Content-Disposition: form-data; name=\"{name}\"");
            body.push_str(&format!("--x\r\n{head}\r\n\r\n{value}\r\n"));
        }
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"a.csv\"";
        body.push_str(&format!("--x\r\n{head}\r\n\r\n{file}\r\n--x--\r\n"));
        let request = Request::post("/").header("content-type", "multipart/form-data; boundary=x");
        request.body(Body::from(body)).unwrap()
    }

    async fn fields_of(fields: &[(&str, &str)]) -> Option<usize> {
        let read = read(form(fields, "a;b"), |csrf| csrf == "own").await;
        read.map(|(fields, file)| {
            assert_eq!(file.content.as_deref(), Some(b"a;b".as_slice()));
            fields.len()
        })
    }

    #[tokio::test]
    async fn a_file_is_read_after_a_token_of_the_session_only() {
        assert_eq!(fields_of(&[("csrf", "own"), ("etag", "1")]).await, Some(2));
        assert_eq!(fields_of(&[("csrf", "another"), ("etag", "1")]).await, None);
        assert_eq!(fields_of(&[]).await, None);
    }

    #[tokio::test]
    async fn the_other_fields_are_small_all_together() {
        let half = "x".repeat(LARGEST_FIELDS / 2);
        assert_eq!(fields_of(&[("csrf", "own"), ("a", &half)]).await, Some(2));
        assert_eq!(fields_of(&[("csrf", "own"), ("a", &half), ("b", &half)]).await, None);
        let many = vec![("", ""); LARGEST_FIELDS / LARGEST_FIELD_ITSELF];
        assert_eq!(fields_of(&[&[("csrf", "own")], many.as_slice()].concat()).await, None);
    }

    #[tokio::test]
    async fn a_file_that_is_too_large_is_told_by_its_name_alone() {
        let large = "x".repeat(LARGEST_CONTENT + 1);
        let read = read(form(&[("csrf", "own")], &large), |_| true).await.unwrap();
        assert_eq!((read.1.name.as_str(), read.1.content), ("a.csv", None));
    }

    #[test]
    fn a_file_has_the_type_of_its_ending_and_no_folders() {
        assert_eq!(plain_name("C:\\Users\\x\\Lön.PDF"), "Lön.PDF");
        assert_eq!(media_type_of("Lön.PDF"), Some("application/pdf"));
        assert_eq!(media_type_of("lön.csv"), Some("text/csv"));
        assert_eq!((media_type_of("program.exe"), media_type_of("pdf")), (None, None));
    }
}
