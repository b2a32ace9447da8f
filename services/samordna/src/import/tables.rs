//! The files of a folder, and what can be read of them.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Context as _;
use values::Fault;

use super::{
    files::{self, Spec},
    findings::Findings,
    table::{self, Table},
};

/// The bytes of every CSV file of a folder, by file name.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// What could be read of each file that is there.
#[derive(Debug, Default)]
pub(super) struct Tables(Vec<Table>);

impl Tables {
    /// The file of a kind, when it is there.
    pub(super) fn get(&self, spec: &Spec) -> Option<&Table> {
        self.0.iter().find(|table| table.spec.file == spec.file)
    }
}

/// Reads the bytes of a folder's CSV files. Files of other kinds, such as a
/// README, are none of an import's business.
///
/// # Errors
/// When the folder or a file in it cannot be read.
pub(super) fn read_folder(folder: &Path) -> anyhow::Result<Files> {
    let mut found = Files::new();
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry.with_context(|| folder.display().to_string())?.path();
        let is_csv =
            path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        let Some(name) = path.file_name().filter(|_| is_csv) else {
            continue;
        };
        let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
        // A name is printed when it is unknown, and may hold anything.
        let name = name.to_string_lossy().replace(char::is_control, "\u{FFFD}");
        found.insert(name, bytes);
    }
    Ok(found)
}

/// Reads every file that is known. A CSV file of another name is a fault: it
/// is more likely misspelt than meant to be ignored.
pub(super) fn read(contents: &Files, findings: &mut Findings) -> Tables {
    for name in contents.keys().filter(|name| !is_known(name)) {
        findings.file_fault(name, 0, "", Fault::new("", "FILE_UNKNOWN").with("file", name));
    }
    let there = files::ALL.iter().filter_map(|spec| Some((spec, contents.get(spec.file)?)));
    let tables = Tables(there.map(|(spec, bytes)| table::read(spec, bytes, findings)).collect());
    require_both(&tables, findings);
    tables
}

/// True when a folder has something to import.
pub(super) fn has_known_file(contents: &Files) -> bool {
    contents.keys().any(|name| is_known(name))
}

fn is_known(name: &str) -> bool {
    files::ALL.iter().any(|spec| spec.file == name)
}

/// Requisitions and their lines are one thing in two files.
fn require_both(tables: &Tables, findings: &mut Findings) {
    let (whole, parts) = (&files::REQUISITIONS, &files::REQUISITION_LINES);
    let has_rows = |spec| tables.get(spec).is_some_and(|table| !table.rows.is_empty());
    for (there, missing) in [(whole, parts), (parts, whole)] {
        if has_rows(there) && tables.get(missing).is_none() {
            let fault = Fault::new("", "FILE_MISSING").with("file", missing.file);
            findings.file_fault(missing.file, 0, "", fault);
            findings.lose((missing.file, 0));
            if let Some(collection) = missing.defines {
                findings.mark_incomplete(collection);
            }
        }
    }
}
