//! Municipalities and parties as people write them: by what they are called, or by their
//! codes.

use proto::organisation::{Municipality, Party};
use sheets::cell::shown;
use tonic::Status;
use values::Fault;

use super::words::plain;
use crate::web::{
    layout::Visit,
    reads::{self, id_of},
};

/// What may be named in a list.
pub(super) struct Places {
    municipalities: Vec<Named>,
    parties: Vec<Named>,
}

struct Named {
    name: String,
    display_name: String,
}

impl Places {
    /// Reads them.
    ///
    /// # Errors
    /// What the service answered instead.
    pub(super) async fn read(visit: &Visit) -> Result<Self, Status> {
        let (municipalities, parties) =
            tokio::try_join!(reads::municipalities(visit), reads::parties(visit))?;
        Ok(Self::of(municipalities, parties))
    }

    /// These municipalities and parties.
    pub(super) fn of(municipalities: Vec<Municipality>, parties: Vec<Party>) -> Self {
        let municipality =
            |it: Municipality| Named { name: it.name, display_name: it.display_name };
        let party = |it: Party| Named { name: it.name, display_name: it.display_name };
        Self {
            municipalities: municipalities.into_iter().map(municipality).collect(),
            parties: parties.into_iter().map(party).collect(),
        }
    }

    /// The municipality that a text names.
    ///
    /// # Errors
    /// `MUNICIPALITY_UNKNOWN` when it names none.
    pub(super) fn municipality(&self, text: &str) -> Result<String, Fault> {
        let unknown = || Fault::new("", "MUNICIPALITY_UNKNOWN").with("value", shown(text));
        named(&self.municipalities, text).ok_or_else(unknown)
    }

    /// The party that a text names.
    ///
    /// # Errors
    /// `PARTY_UNKNOWN` when it names none.
    pub(super) fn party(&self, text: &str) -> Result<String, Fault> {
        let unknown = || Fault::new("", "PARTY_UNKNOWN").with("value", shown(text));
        named(&self.parties, text).ok_or_else(unknown)
    }
}

/// The only one of that name: as it is called, else as it is called for short.
fn named(all: &[Named], text: &str) -> Option<String> {
    let word = plain(text);
    let exact = |it: &&Named| plain(&it.display_name) == word || plain(id_of(&it.name)) == word;
    let short = shortened(&word);
    let alike = |it: &&Named| {
        let other = shortened(&plain(&it.display_name));
        short.iter().any(|word| other.contains(word))
    };
    if let Some(found) = all.iter().find(exact) {
        return Some(found.name.clone());
    }
    let mut found = all.iter().filter(alike);
    let first = found.next()?;
    found.next().is_none().then(|| first.name.clone())
}

/// A word, and what is left of it without "kommun": Sala of Sala kommun, Köping of Köpings.
fn shortened(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if let Some(short) = word.strip_suffix("kommun").filter(|short| !short.is_empty()) {
        forms.push(short.to_owned());
        forms.extend(short.strip_suffix('s').map(str::to_owned));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_municipality_and_a_party_are_named_as_people_write_them() {
        let municipality = |id: &str, called: &str| Municipality {
            name: format!("federations/f/municipalities/{id}"),
            display_name: called.to_owned(),
            ..Municipality::default()
        };
        let party = |id: &str, called: &str| Party {
            name: format!("federations/f/parties/{id}"),
            display_name: called.to_owned(),
            ..Party::default()
        };
        let places = Places::of(
            vec![municipality("1983", "Köping"), municipality("1980", "Västerås")],
            vec![party("koping", "Köpings kommun"), party("fk", "Försäkringskassan")],
        );
        for text in ["1983", "köping", "Köpings kommun", "Koping"] {
            assert_eq!(places.municipality(text).unwrap(), "federations/f/municipalities/1983");
        }
        assert_eq!(places.municipality("Västerås").unwrap(), "federations/f/municipalities/1980");
        assert_eq!(places.municipality("Sala").unwrap_err().reason, "MUNICIPALITY_UNKNOWN");
        for text in ["Köping", "koping", "Köpings kommun"] {
            assert_eq!(places.party(text).unwrap(), "federations/f/parties/koping", "{text}");
        }
        assert_eq!(places.party("FK").unwrap(), "federations/f/parties/fk");
        assert_eq!(places.party("").unwrap_err().reason, "PARTY_UNKNOWN");
    }
}
