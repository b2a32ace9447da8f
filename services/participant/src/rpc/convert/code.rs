//! Codes and livelihoods, in both directions.

use proto::participant as pb;
use values::{Fault, Faults};

use crate::domain::{code::Livelihood, livelihood::Livelihoods};

/// Reads a code that has to be there.
pub(in crate::rpc) fn code<T>(
    field: &str,
    sent: i32,
    read: impl Fn(i32) -> Option<T>,
) -> Result<T, Fault> {
    read(sent).ok_or_else(|| Fault::new(field, "ENUM_UNSPECIFIED"))
}

/// Reads livelihoods.
pub(super) fn livelihoods(
    field: &str,
    sent: Vec<pb::LivelihoodShare>,
) -> Result<Livelihoods, Faults> {
    let mut faults = Faults::new();
    let mut shares = Vec::with_capacity(sent.len());
    for (row, share) in sent.into_iter().enumerate() {
        let pb::LivelihoodShare { livelihood, extent_percent } = share;
        let at = format!("{field}[{row}].livelihood");
        let livelihood = faults.keep(code(&at, livelihood, Livelihood::from_number));
        shares.extend(livelihood.map(|livelihood| (livelihood, extent_percent)));
    }
    let shares = faults.into_result(|| Some(shares))?;
    Livelihoods::new(field, shares)
}

pub(super) fn render_livelihoods(livelihoods: &Livelihoods) -> Vec<pb::LivelihoodShare> {
    let share = |(livelihood, extent): &(Livelihood, u8)| pb::LivelihoodShare {
        livelihood: livelihood.number().into(),
        extent_percent: i32::from(*extent),
    };
    livelihoods.as_slice().iter().map(share).collect()
}
