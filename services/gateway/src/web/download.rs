//! Files that a page hands out: with the name and the type they have, and never
//! shown in place of a page.

use std::fmt::Write as _;

use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use platform::Transport;
use proto::finance::{ExportedFile, TableFormat, export_service_client::ExportServiceClient};

use super::layout::Visit;

/// The longest answer that holds a file: 5 MiB of it and what is around it.
pub(crate) const LONGEST_MESSAGE: usize = 32 * 1024 * 1024;

/// The formats a table is handed out in.
pub(crate) const FORMATS: [TableFormat; 2] = [TableFormat::Xlsx, TableFormat::Csv];

/// A format's code in an address: `xlsx`.
#[must_use]
pub(crate) fn format_code(format: TableFormat) -> &'static str {
    match format {
        TableFormat::Unspecified => "",
        TableFormat::Xlsx => "xlsx",
        TableFormat::Csv => "csv",
    }
}

/// The id of what a format is called.
#[must_use]
pub(crate) fn text_id(format: TableFormat) -> &'static str {
    match format {
        TableFormat::Unspecified | TableFormat::Xlsx => "download-xlsx",
        TableFormat::Csv => "download-csv",
    }
}

/// The way to what makes files.
#[must_use]
pub(crate) fn client(visit: &Visit) -> ExportServiceClient<Transport> {
    ExportServiceClient::new(visit.state.finance.clone()).max_decoding_message_size(LONGEST_MESSAGE)
}

/// The format of a code; a workbook for any other.
#[must_use]
pub(crate) fn format_of(code: &str) -> TableFormat {
    FORMATS.into_iter().find(|format| format_code(*format) == code).unwrap_or(TableFormat::Xlsx)
}

/// A file that a service made.
#[must_use]
pub(crate) fn exported(file: Option<ExportedFile>) -> Response {
    let ExportedFile { file_name, media_type, content, sequence: _ } = file.unwrap_or_default();
    download(&file_name, &media_type, content)
}

/// A file.
#[must_use]
pub(crate) fn download(file_name: &str, media_type: &str, content: Vec<u8>) -> Response {
    let unknown = HeaderValue::from_static("application/octet-stream");
    let media_type = HeaderValue::try_from(media_type).unwrap_or(unknown);
    let disposition = HeaderValue::try_from(disposition(file_name))
        .unwrap_or(HeaderValue::from_static("attachment"));
    let headers = [(header::CONTENT_TYPE, media_type), (header::CONTENT_DISPOSITION, disposition)];
    (StatusCode::OK, headers, Body::from(content)).into_response()
}

/// The name twice (RFC 6266): as old programs read it, and as it is.
fn disposition(file_name: &str) -> String {
    let plain = |character: char| {
        let is_plain = character.is_ascii_alphanumeric() || "-_. ".contains(character);
        if is_plain { character } else { '_' }
    };
    let ascii: String = file_name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in file_name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_handed_out_as_it_is_and_breaks_no_header() {
        assert_eq!(
            disposition("Lön mars.pdf"),
            "attachment; filename=\"L_n mars.pdf\"; filename*=UTF-8''L%C3%B6n%20mars.pdf"
        );
        let hostile = disposition("a\"\r\nSet-Cookie: x");
        assert!(!hostile.contains(['\r', '\n']) && hostile.matches('"').count() == 2, "{hostile}");
    }

    #[test]
    fn formats_read_back_and_a_workbook_is_what_is_meant_otherwise() {
        for format in FORMATS {
            assert_eq!(format_of(format_code(format)), format);
        }
        assert_eq!(format_of("docx"), TableFormat::Xlsx);
    }
}
