//! The files that pages refer to: styles, script and icon, all of them part of
//! the binary. An address carries a hash of the content, so browsers may keep
//! what they have for a year and still see a new version at once.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    response::{IntoResponse as _, Response},
};
use http::{StatusCode, header};
use sha2::{Digest as _, Sha256};

const KEPT_FOR_A_YEAR: &str = "public, max-age=31536000, immutable";
const ASKED_FOR_EACH_TIME: &str = "no-cache";

struct Asset {
    file: &'static str,
    media_type: &'static str,
    content: &'static [u8],
}

const ASSETS: [Asset; 5] = [
    Asset {
        file: "designsystemet.css",
        media_type: "text/css; charset=utf-8",
        content: include_bytes!("../../static/vendor/designsystemet-css-1.22.0/index.css"),
    },
    Asset {
        file: "theme.css",
        media_type: "text/css; charset=utf-8",
        content: include_bytes!("../../static/vendor/designsystemet-css-1.22.0/designsystemet.css"),
    },
    Asset {
        file: "samordna.css",
        media_type: "text/css; charset=utf-8",
        content: include_bytes!("../../static/samordna.css"),
    },
    Asset {
        file: "htmx.js",
        media_type: "text/javascript; charset=utf-8",
        content: include_bytes!("../../static/vendor/htmx.org-4.0.1/htmx.min.js"),
    },
    Asset {
        file: "icon.svg",
        media_type: "image/svg+xml",
        content: include_bytes!("../../static/icon.svg"),
    },
];

static HASHES: LazyLock<[String; ASSETS.len()]> =
    LazyLock::new(|| ASSETS.map(|asset| hex::encode(&Sha256::digest(asset.content)[..8])));

/// The address of a file: `/static/0123456789abcdef/samordna.css`.
#[must_use]
pub(crate) fn address(file: &str) -> String {
    let found = ASSETS.iter().zip(HASHES.iter()).find(|(asset, _)| asset.file == file);
    found.map_or_else(String::new, |(_, hash)| format!("/static/{hash}/{file}"))
}

/// Serves a file. A page of another version of the program asks with another
/// hash: it gets what there is, and the browser does not keep it.
pub(crate) async fn serve(Path((hash, file)): Path<(String, String)>) -> Response {
    let found = ASSETS.iter().zip(HASHES.iter()).find(|(asset, _)| asset.file == file);
    let Some((asset, own_hash)) = found else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kept = if hash == *own_hash { KEPT_FOR_A_YEAR } else { ASKED_FOR_EACH_TIME };
    let headers = [(header::CONTENT_TYPE, asset.media_type), (header::CACHE_CONTROL, kept)];
    (headers, asset.content).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_has_an_address_with_the_hash_of_its_content() {
        for asset in &ASSETS {
            let address = address(asset.file);
            assert!(address.starts_with("/static/") && address.ends_with(asset.file), "{address}");
        }
        assert_eq!(address("missing.css"), "");
    }

    #[tokio::test]
    async fn a_file_is_kept_for_a_year_and_an_outdated_address_is_not() {
        let hash = address("samordna.css").split('/').nth(2).unwrap().to_owned();
        let response = serve(Path((hash, "samordna.css".to_owned()))).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], KEPT_FOR_A_YEAR);
        let response = serve(Path(("old".to_owned(), "samordna.css".to_owned()))).await;
        assert_eq!(response.headers()[header::CACHE_CONTROL], ASKED_FOR_EACH_TIME);
        let response = serve(Path(("old".to_owned(), "../secret".to_owned()))).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
    }
}
