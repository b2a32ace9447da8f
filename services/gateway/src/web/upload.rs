//! A posted form that holds a file.

use std::future::ready;

use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use bytes::Bytes;
use futures::{Stream, StreamExt as _, stream};
use http::{HeaderValue, header};
use values::attachment::LARGEST_CONTENT;

use super::{error_page::Trouble, form::Posted, layout::Visit};
use crate::State;

/// How much of a form is read; what comes after it is left out. Somebody who chose
/// too large a file is told so, however large it is.
const LARGEST_UPLOAD: usize = 64 * 1024 * 1024;

/// A form with its file.
pub(crate) struct Upload {
    /// The other fields.
    pub fields: Vec<(String, String)>,
    /// The file; empty when none was chosen.
    pub file: UploadedFile,
}

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
    /// Takes a form that came from a page shown in the same session.
    ///
    /// # Errors
    /// The page that asks to fill in the form anew, for any other.
    pub(crate) fn accept(self, visit: &Visit) -> Result<(Posted, UploadedFile), Trouble> {
        Ok((Posted::accept(visit, axum::Form(self.fields))?, self.file))
    }
}

impl FromRequest<State> for Upload {
    type Rejection = http::StatusCode;

    async fn from_request(request: Request, _state: &State) -> Result<Self, Self::Rejection> {
        let unreadable = http::StatusCode::BAD_REQUEST;
        let media_type = request.headers().get(header::CONTENT_TYPE);
        let media_type = media_type.map(HeaderValue::to_str).and_then(Result::ok);
        let boundary = multer::parse_boundary(media_type.unwrap_or_default());
        let boundary = boundary.map_err(|_| unreadable)?;
        let mut form = multer::Multipart::new(cut_off(request.into_body(), &boundary), boundary);
        let mut upload = Self { fields: Vec::new(), file: UploadedFile::default() };
        while let Some(mut field) = form.next_field().await.map_err(|_| unreadable)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(plain_name);
            let sent_type = field.content_type().map(ToString::to_string).unwrap_or_default();
            let mut content = Vec::new();
            let mut is_too_large = false;
            while let Some(chunk) = field.chunk().await.map_err(|_| unreadable)? {
                is_too_large |= content.len() + chunk.len() > LARGEST_CONTENT;
                if !is_too_large {
                    content.extend_from_slice(&chunk);
                }
            }
            match file_name {
                Some(file_name) => {
                    upload.file = UploadedFile {
                        media_type: media_type_of(&file_name).map_or(sent_type, str::to_owned),
                        name: file_name,
                        content: (!is_too_large).then_some(content),
                    };
                }
                None => upload.fields.push((name, String::from_utf8_lossy(&content).into_owned())),
            }
        }
        Ok(upload)
    }
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

    #[test]
    fn a_file_has_the_type_of_its_ending_and_no_folders() {
        assert_eq!(plain_name("C:\\Users\\x\\Lön.PDF"), "Lön.PDF");
        assert_eq!(media_type_of("Lön.PDF"), Some("application/pdf"));
        assert_eq!(media_type_of("lön.csv"), Some("text/csv"));
        assert_eq!((media_type_of("program.exe"), media_type_of("pdf")), (None, None));
    }
}
