//! A posted form that holds a file.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    BoxError,
    body::Body,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use http::{HeaderValue, header};
use platform::Failure;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
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
pub(super) const LARGEST_FIELDS: usize = 512 * 1024;
const LARGEST_FIELD_ITSELF: usize = 64;

/// How large a form may be that waits for nobody: as large as one without a file can be.
/// What somebody wrote is saved however many files are on their way.
const LARGEST_WITHOUT_TURN: usize = LARGEST_FIELDS + 64 * 1024;

/// Larger forms that are read at the same time: each may hold a file of the largest size.
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
        let is_own = |csrf: &str| visit.session.check_csrf(csrf);
        let turns = Arc::clone(&visit.state.uploads);
        let read = tokio::time::timeout(LONGEST, read(self.0, is_own, turns)).await;
        let read = read.map_err(|_| Trouble::of(visit, &Failure::TooSlow.into()))?;
        let (fields, file) = read.map_err(|unread| match unread {
            Unread::NotOwn(fields) => Trouble::outdated_form(visit, fields),
            Unread::NoTurn => {
                Trouble::of(visit, &Failure::Limited { retry_after: PATIENCE }.into())
            }
        })?;
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
        let fields = fields.map_err(|_| Trouble::outdated_form(visit, Fields::new()))?;
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

/// Why a form is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Unread {
    /// It is no such form, its fields are too large, or its file comes before a token that
    /// is its own: then there is what was typed.
    NotOwn(Fields),
    /// Too many large ones are on their way.
    NoTurn,
}

/// That a form's turn did not come.
#[derive(Debug, thiserror::Error)]
#[error("too many large forms are on their way")]
struct NoTurn;

impl From<multer::Error> for Unread {
    fn from(error: multer::Error) -> Self {
        match error {
            multer::Error::StreamReadFailed(cause) if cause.is::<NoTurn>() => Self::NoTurn,
            _ => Self::NotOwn(Fields::new()),
        }
    }
}

/// What is typed into a form before its file, which is not read; none when it cannot be.
pub(super) async fn typed(request: Request) -> Option<Fields> {
    let no_turns = Arc::new(Semaphore::new(0));
    match tokio::time::timeout(LONGEST, read(request, |_| false, no_turns)).await {
        Ok(Ok((fields, _)) | Err(Unread::NotOwn(fields))) => Some(fields),
        Ok(Err(Unread::NoTurn)) | Err(_) => None,
    }
}

/// The fields and the file.
async fn read(
    request: Request,
    is_own: impl Fn(&str) -> bool,
    turns: Arc<Semaphore>,
) -> Result<(Fields, UploadedFile), Unread> {
    let media_type = request.headers().get(header::CONTENT_TYPE);
    let media_type = media_type.map(HeaderValue::to_str).and_then(Result::ok);
    let boundary = multer::parse_boundary(media_type.unwrap_or_default())?;
    let mut form = multer::Multipart::new(cut_off(request.into_body(), &boundary, turns), boundary);
    let (mut fields, mut file) = (Fields::new(), UploadedFile::default());
    let mut left = LARGEST_FIELDS;
    let mut take = |length: usize| {
        left = left.checked_sub(length).ok_or(Unread::NotOwn(Fields::new()))?;
        Ok::<(), Unread>(())
    };
    while let Some(mut field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(plain_name);
        let sent_type = field.content_type().map(ToString::to_string).unwrap_or_default();
        let Some(file_name) = file_name else {
            let mut content = Vec::new();
            take(LARGEST_FIELD_ITSELF + name.len())?;
            while let Some(chunk) = field.chunk().await? {
                take(chunk.len())?;
                content.extend_from_slice(&chunk);
            }
            fields.push((name, String::from_utf8_lossy(&content).into_owned()));
            continue;
        };
        let csrf = fields.iter().find(|(name, _)| name == "csrf");
        if !csrf.is_some_and(|(_, csrf)| is_own(csrf)) {
            return Err(Unread::NotOwn(fields));
        }
        let mut content = Some(Vec::new());
        while let Some(chunk) = field.chunk().await? {
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
    Ok((fields, file))
}

/// The pieces of a form as far as they are read, and the end of a form after them: one
/// that went on is taken for one that ended there. A form that is larger than one without
/// a file goes on when its turn comes.
fn cut_off(
    form: Body,
    boundary: &str,
    turns: Arc<Semaphore>,
) -> impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static {
    let begin = (form.into_data_stream(), 0_usize, None::<OwnedSemaphorePermit>);
    let pieces = stream::try_unfold(begin, move |(mut form, mut read, mut turn)| {
        let turns = Arc::clone(&turns);
        async move {
            let Some(piece) = form.try_next().await? else { return Ok(None) };
            read += piece.len();
            if read > LARGEST_UPLOAD {
                return Ok(None);
            }
            if read > LARGEST_WITHOUT_TURN && turn.is_none() {
                let own = tokio::time::timeout(PATIENCE, turns.acquire_owned()).await;
                turn = Some(own.map_err(|_| NoTurn)?.map_err(|_| NoTurn)?);
            }
            Ok(Some((piece, (form, read, turn))))
        }
    });
    let end = Bytes::from(format!("\r\n--{boundary}--\r\n"));
    pieces.chain(stream::once(async { Ok(end) }))
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
        let turns = Arc::new(Semaphore::new(0));
        let read = read(form(fields, "a;b"), |csrf| csrf == "own", turns).await;
        read.ok().map(|(fields, file)| {
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
        let turns = Arc::new(Semaphore::new(1));
        let read = read(form(&[("csrf", "own")], &large), |_| true, turns).await.unwrap();
        assert_eq!((read.1.name.as_str(), read.1.content), ("a.csv", None));
    }

    #[tokio::test]
    async fn only_a_form_that_is_larger_than_any_text_takes_a_turn() {
        let (text, large) = ("x".repeat(400_000), "x".repeat(LARGEST_WITHOUT_TURN));
        let read_with = async |turns: &Arc<Semaphore>, file: &str| {
            let form = form(&[("csrf", "own"), ("text", &text)], file);
            read(form, |_| true, Arc::clone(turns)).await.map(|(fields, _)| fields.len())
        };
        let none_left = Arc::new(Semaphore::new(0));
        none_left.close();
        assert_eq!(read_with(&none_left, "").await, Ok(2));
        assert_eq!(read_with(&none_left, &large).await, Err(Unread::NoTurn));
        let one_left = Arc::new(Semaphore::new(1));
        assert_eq!(read_with(&one_left, &large).await, Ok(2));
        assert_eq!(one_left.available_permits(), 1);
    }

    #[test]
    fn a_file_has_the_type_of_its_ending_and_no_folders() {
        assert_eq!(plain_name("C:\\Users\\x\\Lön.PDF"), "Lön.PDF");
        assert_eq!(media_type_of("Lön.PDF"), Some("application/pdf"));
        assert_eq!(media_type_of("lön.csv"), Some("text/csv"));
        assert_eq!((media_type_of("program.exe"), media_type_of("pdf")), (None, None));
    }
}
