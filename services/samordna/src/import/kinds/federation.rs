//! The federation itself, at most one row.

use proto::organisation::Federation;
use values::Fault;

use super::Kind;
use crate::import::{Section, fields::Fields};

pub(in crate::import) const KIND: Kind = Kind {
    name: "federation",
    section: Section::Organisation,
    columns: &["display_name", "organisation_number"],
    optional_columns: &["synthetic"],
    key: "display_name",
    defines: None,
    needs: None,
    read: |table, desk, requests| {
        let parent = desk.parent();
        let mut rows = 0;
        let read = |fields: &mut Fields<'_>| {
            rows += 1;
            federation(fields, &parent, rows == 1)
        };
        requests.organisation.federations = desk.each(table, "federations", read);
    },
};

/// The federation has its name from the command, so a second row would name it
/// a second time.
fn federation(fields: &mut Fields<'_>, name: &str, is_first: bool) -> Federation {
    if !is_first {
        fields.refuse("display_name", Fault::new("", "NAME_TWICE").with("name", name));
    }
    Federation {
        name: name.to_owned(),
        display_name: fields.text("display_name"),
        organisation_number: fields.text("organisation_number"),
        synthetic: fields.synthetic(),
        smallest_shown_count: 0,
    }
}
