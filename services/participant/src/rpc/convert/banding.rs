//! Bandings, from and to messages.

use platform::convert::text;
use proto::participant as message;
use values::{Fault, Faults, Slug, name::BandingName};

use crate::domain::banding::{Band, BandedDimension, Banding};

/// Reads a banding; its `name` is read by the handler.
pub(in crate::rpc) fn banding(sent: message::Banding) -> Result<Banding, Faults> {
    let message::Banding { name: _, dimension, bands, decision } = sent;
    let mut faults = Faults::new();
    let dimension = faults.keep(self::dimension("dimension", dimension));
    let count = bands.len();
    let mut read = Vec::with_capacity(count);
    for (row, sent) in bands.into_iter().enumerate() {
        read.extend(faults.keep_nested(&format!("bands[{row}]"), band(sent)));
    }
    let decision = faults.keep(text("decision", &decision, 1, 200));
    // The partition can be checked as soon as every band could be read.
    let banding = dimension.filter(|_| read.len() == count).and_then(|dimension| {
        let decision = decision.clone().unwrap_or_default();
        faults.keep_nested("", Banding::new(dimension, read, decision))
    });
    faults.into_result(|| banding)
}

fn band(sent: message::Band) -> Result<Band, Faults> {
    let message::Band { id, label, label_en, youngest, oldest, codes } = sent;
    let mut faults = Faults::new();
    let id = faults.keep(Slug::parse("id", &id));
    let label = faults.keep(text("label", &label, 1, 100));
    let label_en = faults.keep(text("label_en", &label_en, 1, 100));
    faults.into_result(|| {
        Some(Band { id: id?, label: label?, label_en: label_en?, youngest, oldest, codes })
    })
}

/// Reads what is banded.
pub(in crate::rpc) fn dimension(field: &str, sent: i32) -> Result<BandedDimension, Fault> {
    BandedDimension::from_number(sent).ok_or_else(|| Fault::new(field, "ENUM_UNSPECIFIED"))
}

/// A banding as it is answered and recorded.
pub(in crate::rpc) fn to_proto(name: &BandingName, banding: &Banding) -> message::Banding {
    let band = |band: &Band| {
        let Band { id, label, label_en, youngest, oldest, codes } = band;
        message::Band {
            id: id.to_string(),
            label: label.clone(),
            label_en: label_en.clone(),
            youngest: *youngest,
            oldest: *oldest,
            codes: codes.clone(),
        }
    };
    message::Banding {
        name: name.to_string(),
        dimension: banding.dimension().number().into(),
        bands: banding.bands().iter().map(band).collect(),
        decision: banding.decision().to_owned(),
    }
}
