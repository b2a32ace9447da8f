//! Where everything in a chart stands, as parts of its width and height.

use serde::Serialize;

use crate::{
    axis::Axis,
    document::{Chart, Drawing, Language, Point, Series},
};

/// The width of a page's text and of a character of a chart's, in points.
const PAGE_WIDTH: f64 = 442.0;
const CHARACTER: f64 = 4.7;
/// The height of a line of labels, in points.
const LINE: f64 = 9.5;
/// As many categories as have room for a label under a line chart.
const MOST_LABELS: usize = 12;
/// With more lines than these, labels would cover each other.
const MOST_LABELLED_LINES: usize = 2;
/// How far a label's box is from its point, in points, above or below.
const ABOVE: f64 = -15.0;
const BELOW: f64 = 5.0;

/// A chart, drawn: what `template/chart.typ` reads.
#[derive(Serialize)]
#[serde(tag = "drawing", rename_all = "snake_case")]
pub(crate) enum Plan {
    /// Lying bars.
    Bars {
        /// What each group of bars is about.
        categories: Vec<String>,
        /// The width of the column of categories, in percent.
        label_width: f64,
        /// Where zero stands.
        zero: f64,
        /// The bars.
        series: Vec<Bars>,
    },
    /// Lines.
    Lines {
        /// The width of the column of the axis's labels, in points.
        axis_width: f64,
        /// The lines across.
        ticks: Vec<Tick>,
        /// The labels under the drawing.
        places: Vec<Place>,
        /// How wide each may be, in points.
        place_width: f64,
        /// How high they are, in points.
        place_height: f64,
        /// The lines.
        series: Vec<Line>,
    },
}

#[derive(Serialize)]
pub(crate) struct Bars {
    name: String,
    points: Vec<Bar>,
}

#[derive(Serialize)]
pub(crate) struct Bar {
    from: f64,
    length: f64,
    label: String,
}

#[derive(Serialize)]
pub(crate) struct Tick {
    at: f64,
    label: String,
    zero: bool,
}

#[derive(Serialize)]
pub(crate) struct Place {
    at: f64,
    label: String,
}

#[derive(Serialize)]
pub(crate) struct Line {
    name: String,
    /// Points that follow each other; a line does not bridge what is not known.
    runs: Vec<Vec<Spot>>,
    points: Vec<Spot>,
}

#[derive(Serialize, Clone)]
pub(crate) struct Spot {
    x: f64,
    y: f64,
    label: String,
    label_below: f64,
}

/// Draws a chart; `set` makes a text of it settable.
pub(crate) fn plan(chart: &Chart, language: Language, set: impl Fn(&str) -> String) -> Plan {
    match chart.drawing {
        Drawing::Bars => bars(chart, set),
        Drawing::Lines => lines(chart, language, set),
    }
}

fn bars(chart: &Chart, set: impl Fn(&str) -> String) -> Plan {
    let values = || values(&chart.series);
    let low = values().fold(0.0, f64::min);
    let high = values().fold(0.0, f64::max);
    let span = if high > low { high - low } else { 1.0 };
    let bar = |point: &Point| {
        let value = point.value.unwrap_or(0.0);
        Bar {
            from: (value.min(0.0) - low) / span,
            length: value.abs() / span,
            label: set(&point.label),
        }
    };
    let widest = chart.categories.iter().map(|category| width(category)).fold(0.0, f64::max);
    Plan::Bars {
        categories: chart.categories.iter().map(|category| set(category)).collect(),
        label_width: (widest / PAGE_WIDTH * 100.0).clamp(10.0, 38.0),
        zero: -low / span,
        series: chart
            .series
            .iter()
            .map(|series| Bars {
                name: set(&series.name),
                points: series.points.iter().map(bar).collect(),
            })
            .collect(),
    }
}

fn lines(chart: &Chart, language: Language, set: impl Fn(&str) -> String) -> Plan {
    let axis = Axis::of(values(&chart.series));
    let count = chart.categories.len();
    let across = |at: usize| (as_f64(at) + 0.5) / as_f64(count);
    let ticks: Vec<Tick> = axis
        .ticks(language)
        .into_iter()
        .map(|tick| Tick { at: tick.at, label: tick.label, zero: tick.zero })
        .collect();
    let axis_width = ticks.iter().map(|tick| width(&tick.label)).fold(0.0, f64::max) + 8.0;
    let every = count.div_ceil(MOST_LABELS).max(1);
    let labelled = chart.categories.iter().enumerate().step_by(every);
    let place_width = (PAGE_WIDTH - axis_width) / as_f64(count.div_ceil(every).max(1)) - 3.0;
    // One line more than it would be if words could be divided anywhere.
    let lines_of = |category: &String| match width(category) / place_width {
        one if one <= 1.0 => 1.0,
        several => several.ceil() + 1.0,
    };
    let most_lines = labelled.clone().map(|(_, category)| lines_of(category)).fold(1.0, f64::max);
    let is_labelled = chart.series.len() <= MOST_LABELLED_LINES;
    let line = |series: &Series| {
        let spots = series.points.iter().enumerate().map(|(at, point)| {
            let value = point.value?;
            Some(Spot {
                x: across(at),
                y: axis.at(value),
                label: if is_labelled { set(&point.label) } else { String::new() },
                label_below: if is_lowest(&chart.series, at, value) { BELOW } else { ABOVE },
            })
        });
        let spots: Vec<Option<Spot>> = spots.collect();
        Line {
            name: set(&series.name),
            runs: spots
                .split(Option::is_none)
                .filter(|run| run.len() > 1)
                .map(|run| run.iter().flatten().cloned().collect())
                .collect(),
            points: spots.into_iter().flatten().collect(),
        }
    };
    Plan::Lines {
        axis_width,
        ticks,
        places: labelled
            .map(|(at, category)| Place { at: across(at), label: set(category) })
            .collect(),
        place_width,
        place_height: most_lines * LINE,
        series: chart.series.iter().map(line).collect(),
    }
}

/// True of a value that has another above it at the same place: its label goes below.
fn is_lowest(series: &[Series], at: usize, value: f64) -> bool {
    let others = || series.iter().filter_map(|series| series.points.get(at)?.value);
    others().any(|other| other > value) && others().all(|other| other >= value)
}

fn values(series: &[Series]) -> impl Iterator<Item = f64> + Clone {
    series.iter().flat_map(|series| &series.points).filter_map(|point| point.value)
}

fn width(text: &str) -> f64 {
    as_f64(text.chars().count()) * CHARACTER
}

#[expect(clippy::cast_precision_loss, reason = "a chart has few categories and short labels")]
fn as_f64(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(drawing: Drawing, series: &[&[Option<f64>]]) -> Chart {
        Chart {
            caption: "Diagram".to_owned(),
            alternative: "Ett diagram".to_owned(),
            drawing,
            categories: (0..series[0].len()).map(|at| format!("k{at}")).collect(),
            series: series
                .iter()
                .map(|values| Series {
                    name: "serie".to_owned(),
                    points: values
                        .iter()
                        .map(|value| Point {
                            value: *value,
                            label: value.map_or("–".to_owned(), |value| value.to_string()),
                        })
                        .collect(),
                })
                .collect(),
        }
    }

    #[test]
    fn bars_begin_at_zero_and_are_as_long_as_their_values() {
        let chart = chart(Drawing::Bars, &[&[Some(10.0), Some(-10.0), None, Some(30.0)]]);
        let Plan::Bars { zero, series, .. } = plan(&chart, Language::Swedish, str::to_owned) else {
            panic!("bars were asked for")
        };
        let bars: Vec<(f64, f64)> =
            series[0].points.iter().map(|bar| (bar.from, bar.length)).collect();
        assert_eq!(
            (zero, bars),
            (0.25, vec![(0.25, 0.25), (0.0, 0.25), (0.25, 0.0), (0.25, 0.75)])
        );
        assert_eq!(series[0].points[2].label, "–");
    }

    #[test]
    fn a_line_stops_where_nothing_is_known_and_the_lower_label_stands_below() {
        let known = [Some(1.0), Some(2.0), None, Some(3.0), Some(4.0), Some(5.0)];
        let lower = [Some(0.5), Some(1.0), Some(1.0), Some(1.0), Some(1.0), Some(1.0)];
        let chart = chart(Drawing::Lines, &[&known, &lower]);
        let Plan::Lines { series, places, .. } = plan(&chart, Language::Swedish, str::to_owned)
        else {
            panic!("lines were asked for")
        };
        let lengths: Vec<usize> = series[0].runs.iter().map(Vec::len).collect();
        assert_eq!((lengths, series[0].points.len(), places.len()), (vec![2, 3], 5, 6));
        assert!(series[0].points.iter().all(|spot| spot.label_below < 0.0));
        assert!(series[1].points[0].label_below > 0.0);
        // Alone in its place: nothing is above it.
        assert!(series[1].points[2].label_below < 0.0);
    }
}
