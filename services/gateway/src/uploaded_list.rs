//! A list of people on its way through the pages, from the upload to the taking in.
//!
//! The database keeps it sealed, for an hour at most and no longer than the session; the
//! key is in the forms of those pages and nowhere else. So neither a copy of the database
//! nor what a browser keeps of a page tells who is in it, any process of the gateway can
//! go on with it, and nobody has to choose the file anew for each step.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use platform::{Failure, data_key::DataKey, key_file::KEY};
use secrecy::zeroize::Zeroizing;

use crate::{State, session::Session, store};

/// How long a list waits for the next step.
const LASTS_SECONDS: i64 = 3600;

/// What is in the file, and wiped when it is dropped.
pub(crate) type Content = Zeroizing<Vec<u8>>;

/// Keeps a list for a team; answers the key that opens it, which is for the form.
///
/// # Errors
/// When it cannot be kept.
pub(crate) async fn keep(
    state: &State,
    session: &Session,
    team: &str,
    content: &[u8],
) -> Result<String, Failure> {
    let key = DataKey::new();
    let sealed = key.seal(&place(session, team), content);
    let now = state.clock.now().timestamp();
    let write = &state.journal.database().write;
    let times = (now, now + LASTS_SECONDS);
    store::uploaded_list::put(write, &session.token_hash, sealed, times).await?;
    Ok(URL_SAFE_NO_PAD.encode(key.expose()))
}

/// The list that was kept for the team in this session; none when it has waited too long,
/// another has taken its place, or the key is not its own.
///
/// # Errors
/// When it cannot be read.
pub(crate) async fn open(
    state: &State,
    session: &Session,
    team: &str,
    key: &str,
) -> Result<Option<Content>, Failure> {
    let key = URL_SAFE_NO_PAD.decode(key).ok().and_then(|key| <[u8; KEY]>::try_from(key).ok());
    let Some(key) = key.map(DataKey::of) else { return Ok(None) };
    let now = state.clock.now().timestamp();
    let read = &state.journal.database().read;
    let sealed = store::uploaded_list::find(read, &session.token_hash, now).await?;
    Ok(sealed.and_then(|sealed| key.open(&place(session, team), &sealed).ok()))
}

/// Forgets the list of this session.
///
/// # Errors
/// When it cannot be removed.
pub(crate) async fn forget(state: &State, session: &Session) -> Result<(), Failure> {
    let write = &state.journal.database().write;
    Ok(store::uploaded_list::remove(write, &session.token_hash).await?)
}

fn place(session: &Session, team: &str) -> Vec<u8> {
    format!("{}/{team}", session.token_hash).into_bytes()
}
