//! Pieces of handwritten SQL that say the same on both databases, in a text that
//! stays the same however much is bound to it: a statement is prepared once.

mod batch;

use sea_orm::{DbBackend, Value};

pub use batch::Batch;

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
