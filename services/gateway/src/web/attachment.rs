//! Files that belong to something: how they are shown, and the form that attaches one.

use super::{
    form::{
        fields::Form,
        inputs::{Group, Input, Kind},
    },
    format,
    layout::Visit,
    reads::id_of,
    upload::UploadedFile,
};

/// A file.
#[derive(Debug, Clone)]
pub(crate) struct FileView {
    /// Its id, which is also the last part of its address.
    pub(crate) id: String,
    /// The name people read.
    pub(crate) name: String,
    /// How large it is.
    pub(crate) size: String,
    /// The hash of its content.
    pub(crate) sha256: String,
}

impl FileView {
    /// Makes a file ready to be shown.
    #[must_use]
    pub(crate) fn of(name: &str, file_name: &str, size_bytes: i64, sha256: &str) -> Self {
        Self {
            id: id_of(name).to_owned(),
            name: file_name.to_owned(),
            size: format::bytes(size_bytes),
            sha256: sha256.to_owned(),
        }
    }
}

/// The form that attaches a file, posted to where files are.
#[must_use]
pub(crate) fn form(visit: &Visit, action: impl Into<String>, etag: &str) -> Form {
    let language = visit.reader.language;
    let file = Input::new(language, "file", "attachment-file", Kind::File)
        .help(language, "attachment-file-help");
    let mut form = Form::new(visit, action, "attachment-attach");
    form.buttons[0].variant = "secondary";
    form.groups.push(Group::plain(vec![file]));
    etag.clone_into(&mut form.etag);
    for field in ["content", "file_name", "media_type"] {
        form.note_source("file", field);
    }
    form
}

/// Says at the form of a file that is larger than services take; no service is asked.
pub(crate) fn check_size(visit: &Visit, form: &mut Form, file: &UploadedFile) {
    if file.content.is_none() && !file.name.is_empty() {
        form.say("file", visit.t("attachment-too-large"));
    }
}
