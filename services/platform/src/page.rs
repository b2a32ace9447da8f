//! Pages of a list (AIP-158).

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use values::{Fault, Faults};

/// The page size when none is asked for.
pub const DEFAULT_SIZE: u64 = 100;
/// The largest page.
pub const LARGEST_SIZE: u64 = 1000;

/// Which page to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// At most this many.
    pub size: u64,
    /// Only what comes after this key; `None` for the first page.
    pub after: Option<String>,
}

impl Page {
    /// Reads a list request's `page_size` and `page_token`.
    ///
    /// # Errors
    /// `PAGE_SIZE_OUT_OF_RANGE`, `PAGE_TOKEN_MALFORMED`.
    pub fn parse(page_size: i32, page_token: &str) -> Result<Self, Faults> {
        let mut faults = Faults::new();
        let size = match u64::try_from(page_size) {
            Ok(0) => DEFAULT_SIZE,
            Ok(size) if size <= LARGEST_SIZE => size,
            Ok(_) | Err(_) => {
                faults.push(
                    Fault::new("page_size", "PAGE_SIZE_OUT_OF_RANGE").with("value", page_size),
                );
                DEFAULT_SIZE
            }
        };
        let after = (!page_token.is_empty()).then(|| decode(page_token));
        if matches!(after, Some(None)) {
            faults.push(Fault::new("page_token", "PAGE_TOKEN_MALFORMED"));
        }
        faults.into_result(|| Some(Self { size, after: after.flatten() }))
    }

    /// The token of the page that begins after a key.
    #[must_use]
    pub fn token(last_key: &str) -> String {
        URL_SAFE_NO_PAD.encode(last_key)
    }
}

fn decode(token: &str) -> Option<String> {
    let key = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    // Keys are ids and numbers; PostgreSQL takes no NUL in a text.
    key.chars().all(|character| !character.is_control()).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_to_what_comes_after_its_key() {
        let page = Page::parse(0, &Page::token("sala")).unwrap();
        assert_eq!(page, Page { size: 100, after: Some("sala".to_owned()) });
    }

    #[test]
    fn a_wrong_size_and_a_wrong_token_are_told_together() {
        assert_eq!(Page::parse(1001, "%").unwrap_err().as_slice().len(), 2);
        assert_eq!(Page::parse(0, &Page::token("a\0")).unwrap_err().as_slice().len(), 1);
        assert_eq!(Page::parse(-1, "").unwrap_err().as_slice().len(), 1);
    }
}
