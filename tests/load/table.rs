//! Plain tables on standard output.

use crate::spread;

/// Prints a heading.
#[expect(clippy::print_stdout, reason = "a measurement speaks to its terminal")]
pub(crate) fn heading(text: &str) {
    println!("\n{text}\n");
}

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a measurement speaks to its terminal")]
pub(crate) fn line(text: &str) {
    println!("{text}");
}

/// Prints rows under their heads: the first column to the left, figures to the
/// right.
pub(crate) fn rows(heads: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        let widest = cells.map(|cell| cell.chars().count()).max();
        let head = heads.get(column).map_or(0, |head| head.chars().count());
        widest.unwrap_or_default().max(head)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    print_row(&heads, &widths);
    for row in rows {
        print_row(row, &widths);
    }
}

/// What is read out of a round, and its decimal places.
pub(crate) type Figure<R> = (fn(&R) -> f64, usize);

/// Prints the figures of each round, and last their medians with the goal beside them.
pub(crate) fn of_rounds<R>(heads: &[&str], rounds: &[R], figures: &[Figure<R>], goal: String) {
    let row = |name: String, goal: String, of: &[R]| {
        let median = |(figure, places): &Figure<R>| {
            let value = spread::median(&of.iter().map(figure).collect::<Vec<_>>());
            format!("{value:.places$}")
        };
        [vec![name], figures.iter().map(median).collect(), vec![goal]].concat()
    };
    let of_one = |(number, round): (usize, &R)| {
        row(format!("round {number}"), String::new(), std::slice::from_ref(round))
    };
    let mut all: Vec<Vec<String>> = (1..).zip(rounds).map(of_one).collect();
    all.push(row("median".to_owned(), goal, rounds));
    rows(heads, &all);
}

fn print_row(cells: &[String], widths: &[usize]) {
    let mut text = String::new();
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        text += &match column {
            0 => format!("  {cell:<width$}"),
            _ => format!("  {cell:>width$}"),
        };
    }
    line(text.trim_end());
}
