//! What keeps a document from being read by everybody: a picture without words, a
//! heading out of order, a table whose rows do not fit its headings. All faults at once.

use crate::{
    document::{Block, Chart, Document, Inline, Level, Table},
    fault::{Fault, Problem},
};

/// As many series as have a look of their own, in `template/look.typ`.
const MOST_SERIES: usize = 4;

/// All faults of a document, in the order they stand in it.
pub(crate) fn faults(document: &Document) -> Vec<Fault> {
    let Document {
        language: _,
        title,
        subtitle: _,
        federation,
        dnr: _,
        period,
        date: _,
        fingerprint,
        keywords: _,
        blocks,
    } = document;
    let mut faults = Faults::default();
    faults.filled("title", title);
    faults.filled("federation", federation);
    faults.filled("period", period);
    faults.filled("fingerprint", fingerprint);
    if blocks.is_empty() {
        faults.add("blocks", Problem::Empty);
    }
    let mut above = 0;
    for (number, block) in blocks.iter().enumerate() {
        let at = format!("blocks[{number}]");
        match block {
            Block::Heading { level, text } => {
                faults.filled(&format!("{at}.text"), text);
                above = faults.order(&at, *level, above);
            }
            Block::Paragraph(text) => faults.inline(&at, text),
            Block::List { numbered: _, items } => faults.list(&at, items),
            Block::Quote { text, source: _ } => faults.said(&format!("{at}.text"), text),
            Block::Table(table) => faults.table(&at, table),
            Block::Chart(chart) => faults.chart(&at, chart),
            Block::Notice { title, finding, explanation } => {
                faults.filled(&format!("{at}.title"), title);
                faults.inline(&format!("{at}.finding"), finding);
                faults.inline(&format!("{at}.explanation"), explanation);
            }
            Block::PageBreak => {}
        }
    }
    faults.0
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn add(&mut self, at: &str, problem: Problem) {
        self.0.push(Fault { at: at.to_owned(), problem });
    }

    fn filled(&mut self, at: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(at, Problem::Empty);
        }
    }

    fn count(&mut self, at: &str, there: usize, wanted: usize) {
        if there != wanted {
            self.add(at, Problem::Count { there, wanted });
        }
    }

    /// Gives the level that the next heading stands under.
    fn order(&mut self, at: &str, level: Level, above: u8) -> u8 {
        let (level, deepest) = (level.number(), above + 1);
        if level > deepest {
            self.add(&format!("{at}.level"), Problem::LevelSkipped { level, deepest });
        }
        level
    }

    fn inline(&mut self, at: &str, parts: &[Inline]) {
        for (number, part) in parts.iter().enumerate() {
            match part {
                Inline::Text(_) | Inline::Strong(_) | Inline::Emphasis(_) => {}
                Inline::Link { text, address } => {
                    self.filled(&format!("{at}[{number}].text"), text);
                    if !leads_somewhere(address) {
                        self.add(&format!("{at}[{number}].address"), Problem::Address);
                    }
                }
            }
        }
    }

    /// Running text that has to say something.
    fn said(&mut self, at: &str, parts: &[Inline]) {
        let says_nothing = parts.iter().all(|part| match part {
            Inline::Text(text) | Inline::Strong(text) | Inline::Emphasis(text) => {
                text.trim().is_empty()
            }
            Inline::Link { .. } => false,
        });
        if says_nothing {
            self.add(at, Problem::Empty);
        }
        self.inline(at, parts);
    }

    fn list(&mut self, at: &str, items: &[Vec<Inline>]) {
        if items.is_empty() {
            self.add(&format!("{at}.items"), Problem::Empty);
        }
        for (number, item) in items.iter().enumerate() {
            self.said(&format!("{at}.items[{number}]"), item);
        }
    }

    fn table(&mut self, at: &str, table: &Table) {
        let Table { caption, columns, row_headings, rows, total: _, note: _ } = table;
        self.filled(&format!("{at}.caption"), caption);
        if columns.is_empty() {
            self.add(&format!("{at}.columns"), Problem::Empty);
        }
        for (number, column) in columns.iter().enumerate() {
            self.filled(&format!("{at}.columns[{number}].heading"), &column.heading);
        }
        if rows.is_empty() {
            self.add(&format!("{at}.rows"), Problem::Empty);
        }
        for (number, row) in rows.iter().enumerate() {
            self.count(&format!("{at}.rows[{number}]"), row.len(), columns.len());
            if let (true, Some(first)) = (row_headings, row.first()) {
                self.filled(&format!("{at}.rows[{number}][0]"), first);
            }
        }
    }

    fn chart(&mut self, at: &str, chart: &Chart) {
        let Chart { caption, alternative, drawing: _, categories, series } = chart;
        self.filled(&format!("{at}.caption"), caption);
        if alternative.trim().is_empty() {
            self.add(&format!("{at}.alternative"), Problem::AlternativeMissing);
        }
        if categories.is_empty() {
            self.add(&format!("{at}.categories"), Problem::Empty);
        }
        if series.is_empty() {
            self.add(&format!("{at}.series"), Problem::Empty);
        }
        if series.len() > MOST_SERIES {
            let problem = Problem::TooMany { there: series.len(), most: MOST_SERIES };
            self.add(&format!("{at}.series"), problem);
        }
        for (number, one) in series.iter().enumerate() {
            let at = format!("{at}.series[{number}]");
            if series.len() > 1 {
                self.filled(&format!("{at}.name"), &one.name);
            }
            self.count(&format!("{at}.points"), one.points.len(), categories.len());
            for (number, point) in one.points.iter().enumerate() {
                if point.value.is_some_and(|value| !value.is_finite()) {
                    self.add(&format!("{at}.points[{number}].value"), Problem::NotFinite);
                }
            }
        }
    }
}

fn leads_somewhere(address: &str) -> bool {
    let is_plain = !address.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    is_plain
        && ["https://", "http://", "mailto:"]
            .iter()
            .any(|start| address.strip_prefix(start).is_some_and(|rest| !rest.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_a_page_or_a_mailbox_and_nowhere_else() {
        for address in ["https://example.se/a?b#c", "http://example.se", "mailto:a@example.se"] {
            assert!(leads_somewhere(address), "{address}");
        }
        for address in
            ["", "https://", "javascript:alert(1)", "file:///etc/passwd", "www.se", "https://a b"]
        {
            assert!(!leads_somewhere(address), "{address}");
        }
    }
}
