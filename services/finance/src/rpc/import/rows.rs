//! The rows of an import: read one by one, with the path of each fault.

use proto::finance as pb;
use values::{
    Fault, Faults, Slug,
    name::{GrantName, PartyName, RecipientName, RequisitionName, TeamName},
};

use crate::{
    domain::import::{Outside, Place, Plan, RowFault, Rows},
    rpc::convert::{self, within},
};

/// Faults that the reader has found, each with its row; none for those of the
/// expected names, which come last.
pub(super) type Told = Vec<(Option<Place>, Fault)>;

/// What was read.
pub(super) struct Read {
    /// The rows, as far as they could be read.
    pub(super) rows: Rows,
    /// What could not.
    pub(super) told: Told,
    /// The name of each row as it was sent, in order.
    pub(super) names: Vec<(Place, String)>,
}

/// Where a row stands in the request.
pub(super) fn path(place: Place) -> String {
    match place {
        Place::Recipient(index) => format!("recipients[{index}]"),
        Place::Grant(index) => format!("grants[{index}]"),
        Place::Requisition(index) => format!("requisitions[{index}]"),
    }
}

/// Reads every row.
pub(super) fn read(
    federation: &Slug,
    recipients: Vec<pb::Recipient>,
    grants: Vec<pb::Grant>,
    requisitions: Vec<pb::Requisition>,
) -> Read {
    let mut read = Read { rows: Rows::default(), told: Vec::new(), names: Vec::new() };
    for (index, message) in recipients.into_iter().enumerate() {
        let sent = message.name.clone();
        let name = RecipientName::parse("name", &sent);
        let name = within(federation, "name", name, |name| &name.federation);
        let (mut parts, faults) = convert::recipient::parse(federation, message);
        parts.name = note(&mut read, Place::Recipient(index), sent, name, faults);
        read.rows.recipients.push(parts);
    }
    for (index, message) in grants.into_iter().enumerate() {
        let sent = message.name.clone();
        let name = GrantName::parse("name", &sent);
        let name = within(federation, "name", name, |name| &name.federation);
        let (mut parts, faults) = convert::grant::parse(federation, message);
        parts.name = note(&mut read, Place::Grant(index), sent, name, faults);
        read.rows.grants.push(parts);
    }
    for (index, message) in requisitions.into_iter().enumerate() {
        let sent = message.name.clone();
        let name = RequisitionName::parse("name", &sent);
        let name = within(federation, "name", name, |name| &name.federation);
        let (mut parts, faults) = convert::requisition::parse(federation, message);
        parts.name = note(&mut read, Place::Requisition(index), sent, name, faults);
        read.rows.requisitions.push(parts);
    }
    read
}

/// Notes a row's name and faults; the name, when it could be read.
fn note<N>(
    read: &mut Read,
    place: Place,
    sent: String,
    name: Result<N, Fault>,
    inner: Faults,
) -> Option<N> {
    let mut faults = Faults::new();
    let name = faults.keep(name);
    faults.nest("", inner);
    let mut with_path = Faults::new();
    with_path.nest(&path(place), faults);
    let told = with_path.into_vec().into_iter();
    read.told.extend(told.map(|fault| (Some(place), fault)));
    read.names.push((place, sent));
    name
}

/// Takes the teams and parties that are about to be created elsewhere: believed
/// in a dry run, otherwise they must be there.
pub(super) fn expect(
    federation: &Slug,
    expected_names: &[String],
    is_dry_run: bool,
    outside: &mut Outside,
    told: &mut Told,
) {
    for (index, sent) in expected_names.iter().enumerate() {
        let field = format!("expected_names[{index}]");
        let is_there = match (TeamName::parse(&field, sent), PartyName::parse(&field, sent)) {
            (Ok(team), _) => {
                within(federation, &field, Ok(team), |name| &name.federation).map(|team| {
                    outside.teams.contains(&team) || (is_dry_run && outside.teams.insert(team))
                })
            }
            (_, Ok(party)) => {
                within(federation, &field, Ok(party), |name| &name.federation).map(|party| {
                    let is_there = outside.parties.contains_key(&party);
                    is_there || (is_dry_run && outside.parties.insert(party, None).is_none())
                })
            }
            (Err(fault), Err(_)) => Err(fault),
        };
        let missing = || Fault::new(&field, "EXPECTED_NAME_MISSING").with("name", sent);
        match is_there {
            Ok(true) => {}
            Ok(false) => told.push((None, missing())),
            Err(fault) => told.push((None, fault)),
        }
    }
}

/// The plan, when neither the reader nor the rules have found a fault; otherwise
/// all of both, in the order of the rows.
pub(super) fn all_faults(
    plan: Result<Plan, Vec<(Place, RowFault)>>,
    told: &Told,
) -> Result<Plan, Faults> {
    let mut found: Vec<_> =
        told.iter().map(|(place, fault)| (place.is_none(), *place, fault.clone())).collect();
    let plan = match plan {
        Ok(plan) => Some(plan),
        Err(faults) => {
            let faults = faults.into_iter();
            found
                .extend(faults.map(|(place, fault)| (false, Some(place), row_fault(place, fault))));
            None
        }
    };
    found.sort_by_key(|(is_last, place, _)| (*is_last, *place));
    let mut faults = Faults::new();
    found.into_iter().for_each(|(_, _, fault)| faults.push(fault));
    faults.into_result(|| plan)
}

/// What is wrong with a row, as it is told.
fn row_fault(place: Place, fault: RowFault) -> Fault {
    let inner = match fault {
        RowFault::NameTwice(name) => Fault::new("name", "NAME_TWICE").with("name", name),
        RowFault::DiffersFromRecord(name) => {
            Fault::new("name", "DIFFERS_FROM_RECORD").with("name", name)
        }
        RowFault::Recipient(fault) => convert::recipient::fault(fault),
        RowFault::Decision(fault) => convert::grant::fault(fault),
        RowFault::Claim(fault) => convert::requisition::fault(fault),
        RowFault::CorrectionNotImported => Fault::new("corrects", "CORRECTION_NOT_IMPORTED"),
        RowFault::YearClosed(year) => Fault::new("period", "YEAR_CLOSED").with("year", year),
        RowFault::GrantOverdrawn { asked, left } => Fault::new("amount_ore", "GRANT_OVERDRAWN")
            .with("asked_ore", asked)
            .with("left_ore", left),
    };
    Fault { field: format!("{}.{}", path(place), inner.field), ..inner }
}
