//! Pieces of handwritten SQL that say the same on both databases, in a text that
//! stays the same however much is bound to it: a statement is prepared once.

mod batch;
mod object;

use sea_orm::{DbBackend, Value};
use uuid::Uuid;

pub use batch::Batch;
pub use object::{Found, HEAD, Parts};

/// A condition: the column holds one of the [`texts`] bound at the place.
#[must_use]
pub fn is_among(backend: DbBackend, column: &str, place: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{column} = ANY({place})"),
        _ => format!("{column} IN (SELECT value FROM json_each({place}))"),
    }
}

/// Texts as one value: PostgreSQL takes an array, SQLite a JSON array.
pub fn texts<T: Into<String>>(backend: DbBackend, texts: impl IntoIterator<Item = T>) -> Value {
    let texts: Vec<String> = texts.into_iter().map(Into::into).collect();
    match backend {
        DbBackend::Postgres => texts.into(),
        _ => serde_json::Value::from(texts).to_string().into(),
    }
}

/// A condition: the column holds one of those that a query finds. Said so, both databases
/// look each of them up by its key; of `IN`, PostgreSQL often makes a join, for which it
/// reads the whole table of a federation.
#[must_use]
pub fn is_among_found(backend: DbBackend, column: &str, query: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{column} = ANY(ARRAY({query}))"),
        _ => format!("{column} IN ({query})"),
    }
}

/// A condition: the column holds one of the [`byte_strings`] bound at the place.
#[must_use]
pub fn is_among_bytes(backend: DbBackend, column: &str, place: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{column} = ANY({place})"),
        _ => format!("{column} IN (SELECT unhex(value) FROM json_each({place}))"),
    }
}

/// Strings of bytes as one value.
pub fn byte_strings(backend: DbBackend, strings: impl IntoIterator<Item = Vec<u8>>) -> Value {
    match backend {
        DbBackend::Postgres => strings.into_iter().collect::<Vec<_>>().into(),
        _ => {
            let hex = |bytes: Vec<u8>| -> String {
                bytes.iter().map(|byte| format!("{byte:02x}")).collect()
            };
            texts(backend, strings.into_iter().map(hex))
        }
    }
}

/// Identifiers of 16 bytes as one value, for [`is_among_bytes`].
pub fn uuids(backend: DbBackend, uuids: impl IntoIterator<Item = Uuid>) -> Value {
    match backend {
        DbBackend::Postgres => uuids.into_iter().collect::<Vec<_>>().into(),
        _ => byte_strings(backend, uuids.into_iter().map(|uuid| uuid.as_bytes().to_vec())),
    }
}

/// Rows of texts as one value.
pub fn text_rows<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Value {
    let rows: Vec<serde_json::Value> =
        rows.into_iter().map(|row| serde_json::Value::from(row.to_vec())).collect();
    serde_json::Value::from(rows).to_string().into()
}

/// The [`text_rows`] bound at the place, as a table of that name.
#[must_use]
pub fn text_table(backend: DbBackend, place: &str, name: &str, columns: &[&str]) -> String {
    let rows = match backend {
        DbBackend::Postgres => {
            format!("json_array_elements(CAST({place} AS json)) AS given(value)")
        }
        _ => format!("json_each({place}) AS given"),
    };
    let columns = columns.iter().zip(0..);
    let columns: Vec<String> =
        columns.map(|(column, number)| format!("given.value ->> {number} AS {column}")).collect();
    format!("(SELECT {} FROM {rows}) AS {name}", columns.join(", "))
}
