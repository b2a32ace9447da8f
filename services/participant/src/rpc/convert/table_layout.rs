//! Layouts of tables, from and to messages.

use platform::convert::text;
use proto::participant as message;
use values::{
    Fault, Faults,
    name::{BandingName, TableLayoutName},
};

use crate::domain::{
    fact::Measure,
    table_layout::{Cut, Dimension, TableLayout, TableShape},
};

/// Reads a layout; its `name` is read by the handler.
pub(in crate::rpc) fn table_layout(sent: message::TableLayout) -> Result<TableLayout, Faults> {
    let message::TableLayout { name: _, title, shape } = sent;
    let mut faults = Faults::new();
    let title = faults.keep(text("title", &title, 1, 200));
    let sent = faults.keep(shape.ok_or_else(|| Fault::new("shape", "FIELD_MISSING")));
    let shape = sent.and_then(|sent| faults.keep_nested("shape", self::shape(sent)));
    faults.into_result(|| Some(TableLayout { title: title?, shape: shape? }))
}

/// Reads what is counted, by what.
pub(in crate::rpc) fn shape(sent: message::TableShape) -> Result<TableShape, Faults> {
    let message::TableShape { measures, cuts } = sent;
    let mut faults = Faults::new();
    let mut read_measures = Vec::with_capacity(measures.len());
    for (row, number) in measures.into_iter().enumerate() {
        let unspecified = || Fault::new(format!("measures[{row}]"), "ENUM_UNSPECIFIED");
        let measure = Measure::from_number(number).ok_or_else(unspecified);
        read_measures.extend(faults.keep(measure));
    }
    let mut read_cuts = Vec::with_capacity(cuts.len());
    for (row, sent) in cuts.into_iter().enumerate() {
        read_cuts.extend(faults.keep_nested(&format!("cuts[{row}]"), cut(sent)));
    }
    let (measures, cuts) = faults.into_result(|| Some((read_measures, read_cuts)))?;
    TableShape::new(measures, cuts)
}

fn cut(sent: message::Cut) -> Result<Cut, Faults> {
    let message::Cut { dimension, banding } = sent;
    let mut faults = Faults::new();
    let unspecified = || Fault::new("dimension", "ENUM_UNSPECIFIED");
    let dimension = faults.keep(Dimension::from_number(dimension).ok_or_else(unspecified));
    let banding = (!banding.is_empty()).then(|| BandingName::parse("banding", &banding));
    let banding = faults.keep(banding.transpose());
    faults.into_result(|| Some(Cut { dimension: dimension?, banding: banding? }))
}

/// A layout as it is answered and recorded.
pub(in crate::rpc) fn to_proto(
    name: &TableLayoutName,
    layout: &TableLayout,
) -> message::TableLayout {
    let TableLayout { title, shape } = layout;
    let cut = |Cut { dimension, banding }: &Cut| message::Cut {
        dimension: *dimension as i32,
        banding: banding.as_ref().map(ToString::to_string).unwrap_or_default(),
    };
    message::TableLayout {
        name: name.to_string(),
        title: title.clone(),
        shape: Some(message::TableShape {
            measures: shape.measures().iter().map(|measure| *measure as i32).collect(),
            cuts: shape.cuts().iter().map(cut).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::{Dimension, Measure, message};
    use crate::domain::banding::BandedDimension;

    /// The same words, whatever the case and what stands between them.
    fn plain(name: &str) -> String {
        name.replace('_', "").to_uppercase()
    }

    #[test]
    fn the_numbers_are_those_of_the_contract() {
        for number in 1..=11 {
            let dimension = Dimension::from_number(number).unwrap();
            let sent = message::Dimension::try_from(number).unwrap();
            assert_eq!(plain(sent.as_str_name()), plain(&format!("dimension{dimension:?}")));
        }
        for number in 1..=14 {
            let measure = Measure::from_number(number).unwrap();
            let sent = message::Measure::try_from(number).unwrap();
            assert_eq!(plain(sent.as_str_name()), plain(&format!("measure{measure:?}")));
        }
        for number in 1..=4 {
            let banded = BandedDimension::from_number(number).unwrap();
            let sent = message::BandedDimension::try_from(number).unwrap();
            assert_eq!(plain(sent.as_str_name()), plain(&format!("bandeddimension{banded:?}")));
        }
        assert_eq!(Dimension::from_number(12), None);
        assert_eq!(Measure::from_number(15), None);
        assert_eq!(BandedDimension::from_number(5), None);
    }
}
