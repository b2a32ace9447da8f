//! The axis of a chart: where its values begin and end, and the round values between
//! that have a line and a label.

use crate::document::Language;

/// About as many lines as an axis has.
const TICKS: f64 = 5.0;

/// From where to where an axis goes; zero is always on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    low: f64,
    high: f64,
    step: f64,
}

/// A round value on an axis.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    /// Where it stands, from 0 to 1.
    pub(crate) at: f64,
    /// What it is called.
    pub(crate) label: String,
    /// Whether it is zero.
    pub(crate) zero: bool,
}

impl Axis {
    /// The axis that all the values stand on, with round ends.
    pub(crate) fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let low = values.clone().fold(0.0, f64::min);
        let high = values.fold(0.0, f64::max);
        let high = if high > low { high } else { low + 1.0 };
        let step = round_step((high - low) / TICKS);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    /// Where a value stands, from 0 to 1.
    pub(crate) fn at(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low)
    }

    /// The round values, from below.
    pub(crate) fn ticks(&self, language: Language) -> Vec<Tick> {
        let decimals = decimals(self.step);
        let mut ticks = Vec::new();
        let mut number = (self.low / self.step).round();
        while number * self.step <= self.high + self.step / 2.0 {
            let value = number * self.step;
            ticks.push(Tick {
                at: self.at(value),
                label: printed(value, decimals, language),
                zero: number == 0.0,
            });
            number += 1.0;
        }
        ticks
    }
}

/// The next of 1, 2, 5, 10, 20 …
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let times = [1.0, 2.0, 5.0].into_iter().find(|times| times * power >= step);
    times.unwrap_or(10.0) * power
}

fn decimals(step: f64) -> usize {
    let mut decimals = 0;
    let mut scaled = step;
    while decimals < 6 && (scaled - scaled.round()).abs() > 1e-6 {
        scaled *= 10.0;
        decimals += 1;
    }
    decimals
}

fn printed(value: f64, decimals: usize, language: Language) -> String {
    let (point, between) = match language {
        Language::Swedish => (',', '\u{a0}'),
        Language::English => ('.', ','),
    };
    let text = format!("{:.decimals$}", value.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mut printed = String::new();
    if value < 0.0 {
        printed.push('−');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            printed.push(between);
        }
        printed.push(digit);
    }
    if !part.is_empty() {
        printed.push(point);
        printed.push_str(part);
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_zero_round_ends_and_round_values_between() {
        for (values, labels) in [
            (vec![3.0, 41.0], "0 10 20 30 40 50"),
            (vec![0.12, 0.4], "0,0 0,1 0,2 0,3 0,4"),
            (vec![1200.0, 4800.0], "0 1\u{a0}000 2\u{a0}000 3\u{a0}000 4\u{a0}000 5\u{a0}000"),
            (vec![-7.0, 12.0], "−10 −5 0 5 10 15"),
            (vec![0.0], "0,0 0,2 0,4 0,6 0,8 1,0"),
            (vec![], "0,0 0,2 0,4 0,6 0,8 1,0"),
        ] {
            let axis = Axis::of(values.iter().copied());
            let ticks = axis.ticks(Language::Swedish);
            let printed: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
            assert_eq!(printed.join(" "), labels);
            assert_eq!(ticks.iter().filter(|tick| tick.zero).count(), 1);
            assert!(values.iter().all(|value| (0.0..=1.0).contains(&axis.at(*value))));
        }
    }

    #[test]
    fn a_number_is_printed_as_its_language_has_it() {
        assert_eq!(printed(-1234.5, 1, Language::Swedish), "−1\u{a0}234,5");
        assert_eq!(printed(1_234_567.0, 0, Language::English), "1,234,567");
    }
}
