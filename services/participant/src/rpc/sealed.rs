//! Records of people as they stand in the journal: sealed under the person's key, with
//! the resource's name as the place they open in.
//!
//! Before what is sealed stands the person's id, which says nothing of who it is: it
//! tells whose key opens it.

use std::fmt::Display;

use platform::Failure;
use prost::Message;
use values::Slug;

use crate::keyring::{DataKey, Unsealable};

/// Seals a record.
pub(crate) fn seal(
    key: &DataKey,
    person: &Slug,
    place: &impl Display,
    record: &impl Message,
) -> Vec<u8> {
    let id = person.as_str().as_bytes();
    let length = u8::try_from(id.len()).expect("an id has at most 63 characters");
    let sealed = key.seal(place.to_string().as_bytes(), &record.encode_to_vec());
    [&[length], id, sealed.as_slice()].concat()
}

/// The record of somebody of whom nothing is left: it opens with no key.
pub(crate) fn nothing(person: &Slug) -> Vec<u8> {
    let id = person.as_str().as_bytes();
    let length = u8::try_from(id.len()).expect("an id has at most 63 characters");
    [&[length], id].concat()
}

/// The record of what leads nowhere any more though its person is still here: it opens with
/// no key, and tells the party that the person was of.
pub(crate) fn let_go(person: &Slug, party: &Slug) -> Vec<u8> {
    [nothing(person).as_slice(), party.as_str().as_bytes()].concat()
}

/// The party that the record of what leads nowhere tells.
pub(crate) fn party(payload: &[u8]) -> Option<Slug> {
    let (length, rest) = payload.split_first()?;
    let party = rest.get(usize::from(*length)..)?;
    Slug::parse("", str::from_utf8(party).ok()?).ok()
}

/// Whose key opens a record.
pub(crate) fn person(payload: &[u8]) -> Option<Slug> {
    let (length, rest) = payload.split_first()?;
    let id = rest.get(..usize::from(*length))?;
    Slug::parse("", str::from_utf8(id).ok()?).ok()
}

/// Opens a record. None when the key is another, as after the person's was destroyed.
pub(crate) fn open<M: Message + Default>(
    key: &DataKey,
    place: &str,
    payload: &[u8],
) -> Result<Option<M>, Failure> {
    let length = payload.first().map_or(0, |length| usize::from(*length));
    match key.open(place.as_bytes(), payload.get(length + 1..).unwrap_or_default()) {
        Ok(plain) => Ok(Some(M::decode(plain.as_slice()).map_err(anyhow::Error::from)?)),
        Err(Unsealable) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use proto::participant::Participant;

    use super::*;

    #[test]
    fn a_record_tells_whose_it_is_and_opens_with_that_key_alone() {
        let (key, id) = (DataKey::new(), Slug::parse("", "p-1").unwrap());
        let record = Participant { birth_year: 1981, ..Participant::default() };
        let payload = seal(&key, &id, &"federations/f/participants/p-1", &record);
        assert_eq!(person(&payload), Some(id));
        let place = "federations/f/participants/p-1";
        assert_eq!(open(&key, place, &payload).unwrap(), Some(record));
        assert_eq!(open::<Participant>(&DataKey::new(), place, &payload).unwrap(), None);
        assert_eq!(open::<Participant>(&key, "elsewhere", &payload).unwrap(), None);
        for length in 0..payload.len() {
            assert_eq!(open::<Participant>(&key, place, &payload[..length]).unwrap(), None);
        }
        let nothing = nothing(&person(&payload).unwrap());
        assert_eq!(person(&nothing), person(&payload));
        assert_eq!(open::<Participant>(&key, place, &nothing).unwrap(), None);
        let sala = Slug::parse("", "sala").unwrap();
        let let_go = let_go(&person(&payload).unwrap(), &sala);
        assert_eq!((person(&let_go), party(&let_go)), (person(&payload), Some(sala)));
        assert_eq!(open::<Participant>(&key, place, &let_go).unwrap(), None);
    }
}
