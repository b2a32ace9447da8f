//! The de-identified list that goes out with a status report. Its words are Swedish, as
//! the report's are.

use sheets::write::{self, Cell, Table};

use crate::domain::{
    derived::{Alike, List, ListCut},
    release::Subject,
};

/// The list as text: a row for those who are alike.
pub(crate) fn csv(list: &List, subjects: &[Subject], rows: &[Alike]) -> anyhow::Result<Vec<u8>> {
    let of_cuts = list.cuts.iter().map(|cut| cut.heading.clone());
    let headings = std::iter::once("Team".to_owned()).chain(of_cuts);
    let row = |Alike { team, keys, people }: &Alike| {
        let subject = subjects.iter().find(|subject| subject.name == *team);
        let team = subject.map_or(team, |subject| &subject.display_name).clone();
        let word = |(cut, key): (&ListCut, &String)| Cell::Text(cut.word(key).to_owned());
        let words = list.cuts.iter().zip(keys).map(word);
        let cells = std::iter::once(Cell::Text(team)).chain(words);
        cells.chain([Cell::Number(*people)]).collect()
    };
    write::csv(&Table {
        title: list.title.clone(),
        headings: headings.chain(["Antal".to_owned()]).collect(),
        rows: rows.iter().map(row).collect(),
    })
}
