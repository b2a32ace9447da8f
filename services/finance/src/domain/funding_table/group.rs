//! Which figures belong to which row, and in which order the rows come.

use std::collections::{BTreeMap, HashMap};

use values::name::{AreaName, PartyName, TeamName};

use super::{Cut, Filter, GrantFigures, Question, Subject, swedish_order};
use crate::domain::cost_line::CostKind;

/// The names that rows are told by.
pub(super) struct Names<'a> {
    pub(super) areas: &'a BTreeMap<AreaName, String>,
    pub(super) area_of_team: &'a HashMap<TeamName, AreaName>,
    pub(super) parties: &'a HashMap<PartyName, String>,
}

/// A row to be.
pub(super) struct Group {
    pub(super) subject: Subject,
    pub(super) figures: Vec<GrantFigures>,
}

/// Where a row stands: what has no name last, then by name, then by id.
type Place = (bool, Vec<char>, String);

/// The rows to be, in order, with the figures that pass the filter. Every area
/// and every kind of cost is among them; those that nothing belongs to are empty.
pub(super) fn groups(
    question: &Question,
    figures: Vec<GrantFigures>,
    names: &Names<'_>,
) -> Vec<Group> {
    let mut groups = BTreeMap::<Place, Group>::new();
    let empty = match question.cut {
        Cut::Recipient | Cut::Party => Vec::new(),
        Cut::Area => names.areas.keys().map(|area| area_subject(area, names)).collect(),
        Cut::CostKind => kinds(&question.filter).map(Subject::CostKind).collect(),
    };
    for subject in empty {
        let group = Group { subject, figures: Vec::new() };
        groups.insert(place(&group.subject), group);
    }
    for figures in figures {
        let area = figures.team.as_ref().and_then(|team| names.area_of_team.get(team));
        if !passes(&question.filter, &figures, area) {
            continue;
        }
        let subject = subject(question.cut, &figures, area, names);
        let group = groups.entry(place(&subject));
        let group = group.or_insert_with(|| Group { subject, figures: Vec::new() });
        group.figures.push(figures);
    }
    groups.into_values().collect()
}

/// The store has looked at parties and kinds already: its figures have no more
/// of them than was asked for.
fn passes(filter: &Filter, figures: &GrantFigures, area: Option<&AreaName>) -> bool {
    let Filter { recipient, area: wanted, party: _, cost_kind: _ } = filter;
    recipient.as_ref().is_none_or(|recipient| *recipient == figures.recipient)
        && wanted.as_ref().is_none_or(|wanted| Some(wanted) == area)
}

fn kinds(filter: &Filter) -> impl Iterator<Item = CostKind> {
    let only = filter.cost_kind;
    CostKind::ALL.iter().copied().filter(move |kind| only.is_none_or(|only| only == *kind))
}

fn subject(
    cut: Cut,
    figures: &GrantFigures,
    area: Option<&AreaName>,
    names: &Names<'_>,
) -> Subject {
    let of_recipient = || Subject::Recipient {
        recipient: figures.recipient.clone(),
        display_name: figures.display_name.clone(),
        team: figures.team.clone(),
    };
    match cut {
        Cut::Recipient => of_recipient(),
        Cut::Area => area.map_or(Subject::NoArea, |area| area_subject(area, names)),
        Cut::Party => figures.party.as_ref().map_or_else(of_recipient, |party| {
            let display_name = names.parties.get(party);
            // A name is always told; an id is one.
            let display_name = display_name.cloned().unwrap_or_else(|| party.id.to_string());
            Subject::Party { party: party.clone(), display_name }
        }),
        Cut::CostKind => figures.cost_kind.map_or_else(of_recipient, Subject::CostKind),
    }
}

fn area_subject(area: &AreaName, names: &Names<'_>) -> Subject {
    let display_name = names.areas.get(area).cloned().unwrap_or_else(|| area.id.to_string());
    Subject::Area { area: area.clone(), display_name }
}

fn place(subject: &Subject) -> Place {
    let named = |name: &str, id: &str| (false, swedish_order(name), id.to_owned());
    match subject {
        Subject::Recipient { recipient, display_name, team: _ } => {
            named(display_name, recipient.id.as_str())
        }
        Subject::Area { area, display_name } => named(display_name, area.id.as_str()),
        Subject::NoArea => (true, Vec::new(), String::new()),
        Subject::Party { party, display_name } => named(display_name, party.id.as_str()),
        Subject::CostKind(kind) => {
            let number = CostKind::ALL.iter().position(|other| other == kind).unwrap_or_default();
            (false, Vec::new(), format!("{number:02}"))
        }
    }
}
