//! How wide the columns of a table are, and how large its text: from the number of
//! characters, so that the same table always looks the same and nothing is measured
//! twice.

use crate::document::{Align, Column, Table};

/// The size of a table's text, in points.
const SIZE: f64 = 9.5;
/// Never smaller: smaller text is not read.
const SMALLEST: f64 = 7.0;
/// How many characters of that size stand beside each other on the page.
const PAGE: f64 = 98.0;
/// The room between two columns, in characters.
const BETWEEN: f64 = 2.5;
/// A word of a heading or a text that is longer may be divided.
const WORD: usize = 13;
/// As wide as a column of texts grows before another gets thin.
const WIDEST: usize = 60;
/// A heading that is longer stands in two lines.
const ONE_LINE: usize = 16;
/// A table with more lines than these may go on on another page.
const KEPT_LINES: f64 = 24.0;
/// The part of the room left over that goes to columns of texts.
const LEFT_TO_TEXTS: f64 = 0.55;

/// How the columns share the width.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Widths {
    /// A weight for each column.
    pub(crate) weights: Vec<f64>,
    /// The size of the text, in points.
    pub(crate) size: f64,
    /// Whether it is too long to be kept in one piece.
    pub(crate) long: bool,
}

/// What a column needs and what it would like, in characters.
struct Need {
    least: f64,
    best: f64,
    is_text: bool,
}

/// Nothing is divided that is a figure; texts are wrapped as little as there is room for.
pub(crate) fn widths(table: &Table) -> Widths {
    let needs: Vec<Need> =
        table.columns.iter().enumerate().map(|(at, column)| need(table, at, column)).collect();
    let least: f64 = needs.iter().map(|need| need.least).sum();
    let best: f64 = needs.iter().map(|need| need.best).sum();
    let weights = if best <= PAGE {
        spread(&needs, PAGE - best)
    } else {
        let given = ((PAGE - least) / (best - least)).clamp(0.0, 1.0);
        needs.iter().map(|need| need.least + (need.best - need.least) * given).collect()
    };
    let size = if least > PAGE { (SIZE * PAGE / least).max(SMALLEST) } else { SIZE };
    let long = lines(table, &weights) > KEPT_LINES;
    Widths { weights, size, long }
}

/// About how many lines the rows take.
fn lines(table: &Table, weights: &[f64]) -> f64 {
    let in_cell = |(cell, weight): (&String, &f64)| {
        (as_f64(length(cell)) / (weight - BETWEEN).max(1.0)).ceil().max(1.0)
    };
    table.rows.iter().map(|row| row.iter().zip(weights).map(in_cell).fold(1.0, f64::max)).sum()
}

fn need(table: &Table, at: usize, column: &Column) -> Need {
    let cells = || table.rows.iter().filter_map(|row| row.get(at)).map(String::as_str);
    let heading = match length(&column.heading) {
        short @ ..=ONE_LINE => short,
        long => longest_word(&column.heading).max(long.div_ceil(2)),
    };
    let least = cells().map(longest_word).fold(longest_word(&column.heading), usize::max);
    let widest = cells().map(length).max().unwrap_or(0).min(WIDEST);
    Need {
        least: as_f64(least) + BETWEEN,
        best: as_f64(widest.max(heading).max(least)) + BETWEEN,
        is_text: column.align == Align::Start,
    }
}

/// Room to spare: more of it to texts, so that figures stay together.
fn spread(needs: &[Need], left: f64) -> Vec<f64> {
    let texts: f64 = needs.iter().filter(|need| need.is_text).map(|need| need.best).sum();
    let all: f64 = needs.iter().map(|need| need.best).sum();
    let to_texts = if texts > 0.0 { left * LEFT_TO_TEXTS } else { 0.0 };
    needs
        .iter()
        .map(|need| {
            let as_text = if need.is_text { to_texts * need.best / texts } else { 0.0 };
            need.best + as_text + (left - to_texts) * need.best / all
        })
        .collect()
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The longest part that stays in one piece: a figure, or a word up to where it may be
/// divided.
fn longest_word(text: &str) -> usize {
    let whole = |word: &str| {
        let is_figure = word.contains(|letter: char| letter.is_ascii_digit());
        if is_figure { length(word) } else { length(word).min(WORD) }
    };
    text.split([' ', '-']).map(whole).max().unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "a number of characters is small")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(headings: &[(&str, Align)], rows: &[&[&str]]) -> Table {
        Table {
            caption: "Tabell".to_owned(),
            columns: headings
                .iter()
                .map(|(heading, align)| Column { heading: (*heading).to_owned(), align: *align })
                .collect(),
            row_headings: true,
            rows: rows
                .iter()
                .map(|row| row.iter().map(|cell| (*cell).to_owned()).collect())
                .collect(),
            total: false,
            note: None,
        }
    }

    #[test]
    fn a_small_table_fills_the_width_and_keeps_its_size() {
        let Widths { weights, size, long } = widths(&table(
            &[("Team", Align::Start), ("Antal", Align::End)],
            &[&["Arboga", "12"], &["Köping", "1\u{a0}234"]],
        ));
        assert!((weights.iter().sum::<f64>() - PAGE).abs() < 1e-9);
        assert!(weights[0] > weights[1] && (size - SIZE).abs() < 1e-9 && !long);
    }

    #[test]
    fn a_long_text_gives_way_to_figures() {
        let text = "en lång text ".repeat(200);
        let Widths { weights, size, long } = widths(&table(
            &[("Mål", Align::Start), ("Beviljat 2025", Align::End), ("Rekvirerat", Align::End)],
            &[&[&text, "13\u{a0}841\u{a0}000", "5\u{a0}873\u{a0}000"]],
        ));
        assert!((weights.iter().sum::<f64>() - PAGE).abs() < 1e-9, "{weights:?}");
        assert!(weights[1] >= 10.0 + BETWEEN && (size - SIZE).abs() < 1e-9);
        assert!(long, "its one row takes most of a page");
    }

    #[test]
    fn a_table_too_wide_for_the_page_gets_smaller_text_down_to_a_limit() {
        let columns = vec![("Sjukersättning", Align::End); 7];
        let Widths { size, .. } = widths(&table(&columns, &[&["1"; 7]]));
        assert!(size < SIZE && size > SMALLEST, "{size}");
        let columns = vec![("Sjukersättning", Align::End); 30];
        assert!((widths(&table(&columns, &[&["1"; 30]])).size - SMALLEST).abs() < 1e-9);
    }
}
