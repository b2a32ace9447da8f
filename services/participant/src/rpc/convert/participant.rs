//! People, in both directions. No fault carries anything of who a person is.

use chrono::{Datelike as _, NaiveDate};
use platform::convert::text;
use proto::participant as pb;
use values::{
    Fault, Faults,
    name::{MunicipalityName, ParticipantName, PartyName},
};

use super::code::code;
use crate::domain::{
    code::Sex,
    person::{Identity, Kept, Person},
    personal_number::PersonalNumber,
};

/// The earliest year of birth that can be told.
const EARLIEST_BIRTH_YEAR: i32 = 1850;

/// What was told of a person.
#[derive(Debug, Clone)]
pub(in crate::rpc) struct Told {
    /// The sex.
    pub(in crate::rpc) sex: Sex,
    /// What may be kept.
    pub(in crate::rpc) kept: Kept,
}

/// Reads what is told of a person; what is only given out is not read.
pub(in crate::rpc) fn told(sent: pb::Participant, today: NaiveDate) -> Result<Told, Faults> {
    let pb::Participant {
        name: _,         // Only given out.
        party: _,        // Only given out.
        municipality: _, // Only given out.
        identity,
        sex,
        birth_year,
        protected_identity,
        merged_into: _,   // Only given out.
        etag: _,          // Only given out.
        change_reason: _, // Only given out.
        start_year: _,    // Only given out.
    } = sent;
    let mut faults = Faults::new();
    let sex = faults.keep(code("sex", sex, Sex::from_number));
    let kept = if protected_identity {
        if identity.is_some() {
            faults.push(Fault::new("identity", "PROTECTED_WITH_IDENTITY"));
        }
        if birth_year != 0 {
            faults.push(Fault::new("birth_year", "PROTECTED_WITH_IDENTITY"));
        }
        Some(Kept::Protected { start_year: None })
    } else {
        let identity = identity.ok_or_else(|| Fault::new("identity", "FIELD_MISSING").into());
        let read = identity.and_then(|identity| self::identity(identity, today));
        let identity = faults.keep_nested("", read);
        let year = faults.keep(self::birth_year(birth_year, today));
        identity.zip(year).map(|(identity, year)| {
            let birth_year = year.unwrap_or_else(|| identity.number.birth_year());
            Kept::Open { identity, birth_year }
        })
    };
    faults.into_result(|| Some(Told { sex: sex?, kept: kept? }))
}

fn birth_year(sent: i32, today: NaiveDate) -> Result<Option<i32>, Fault> {
    match sent {
        0 => Ok(None),
        year if (EARLIEST_BIRTH_YEAR..=today.year()).contains(&year) => Ok(Some(year)),
        _ => Err(Fault::new("birth_year", "BIRTH_YEAR_OUT_OF_RANGE")),
    }
}

fn identity(sent: pb::Identity, today: NaiveDate) -> Result<Identity, Faults> {
    let pb::Identity { personal_number, given_name, family_name } = sent;
    let mut faults = Faults::new();
    let field = "identity.personal_number";
    let number = faults.keep(PersonalNumber::parse(field, &personal_number, today));
    let given_name = faults.keep(text("identity.given_name", &given_name, 1, 100));
    let family_name = faults.keep(text("identity.family_name", &family_name, 1, 100));
    faults.into_result(|| {
        let (number, given_name, family_name) = (number?, given_name?, family_name?);
        Some(Identity { number, given_name, family_name })
    })
}

/// A person as it is answered and recorded.
pub(crate) fn render(person: &Person, revision: i64) -> pb::Participant {
    let Person { name, party, municipality, sex, kept, merged_into, change_reason } = person;
    let (identity, birth_year, start_year) = match kept {
        Kept::Open { identity, birth_year } => (Some(render_identity(identity)), *birth_year, 0),
        Kept::Protected { start_year } => (None, 0, start_year.unwrap_or_default()),
    };
    pb::Participant {
        name: name.to_string(),
        party: party.to_string(),
        municipality: municipality.to_string(),
        identity,
        sex: sex.number().into(),
        birth_year,
        protected_identity: person.is_protected(),
        merged_into: merged_into.as_ref().map(ToString::to_string).unwrap_or_default(),
        etag: revision.to_string(),
        change_reason: change_reason.clone(),
        start_year,
    }
}

fn render_identity(identity: &Identity) -> pb::Identity {
    let Identity { number, given_name, family_name } = identity;
    pb::Identity {
        personal_number: number.digits().to_owned(),
        given_name: given_name.clone(),
        family_name: family_name.clone(),
    }
}

/// Reads a person as it was recorded.
pub(in crate::rpc) fn kept(recorded: pb::Participant) -> Result<Person, Faults> {
    let pb::Participant {
        name,
        party,
        municipality,
        identity,
        sex,
        birth_year,
        protected_identity,
        merged_into,
        etag: _, // That of the row.
        change_reason,
        start_year,
    } = recorded;
    let merged_into = (!merged_into.is_empty()).then_some(merged_into);
    let merged_into = merged_into.map(|into| ParticipantName::parse("merged_into", &into));
    let kept = match identity {
        // It was not in the future when it was recorded.
        Some(identity) => {
            let identity = self::identity(identity, NaiveDate::MAX)?;
            Kept::Open { identity, birth_year }
        }
        None if protected_identity => {
            Kept::Protected { start_year: (start_year != 0).then_some(start_year) }
        }
        None => return Err(Fault::new("identity", "FIELD_MISSING").into()),
    };
    Ok(Person {
        name: ParticipantName::parse("name", &name)?,
        party: PartyName::parse("party", &party)?,
        municipality: MunicipalityName::parse("municipality", &municipality)?,
        sex: code("sex", sex, Sex::from_number)?,
        kept,
        merged_into: merged_into.transpose()?,
        change_reason,
    })
}
