//! Own costs, to and from the contract.

use platform::convert::{prose, text};
use proto::finance as pb;
use values::{Fault, Faults};

use super::field::{booking_day, budget_area, render_budget_area, render_day, signed_amount};
use crate::domain::own_cost::{InFuture, OwnCost, OwnCostArea, OwnCostParts};

/// Reads a cost, all but its name.
pub(in crate::rpc) fn parse(message: pb::OwnCost) -> (OwnCostParts, Faults) {
    let pb::OwnCost {
        name: _, // Read by the caller, who knows what it may be.
        area,
        amount_ore,
        day,
        description,
        reference,
        synthetic,
    } = message;
    let mut faults = Faults::new();
    let parts = OwnCostParts {
        name: None,
        area: faults.keep(parse_area(area)),
        amount: faults.keep(signed_amount("amount_ore", amount_ore)),
        day: faults.keep(booking_day("day", day)),
        description: prose(&mut faults, "description", &description, 1, 200),
        reference: faults.keep(text("reference", &reference, 0, 100)),
        synthetic,
    };
    (parts, faults)
}

fn parse_area(area: i32) -> Result<OwnCostArea, Fault> {
    let area = budget_area("area", area)?;
    OwnCostArea::of(area).ok_or_else(|| Fault::new("area", "AREA_NOT_OWN_COST"))
}

/// A cost that cannot have come yet, as it is told.
pub(in crate::rpc) fn fault(InFuture(day): InFuture) -> Fault {
    Fault::new("day", "DAY_IN_FUTURE").with("value", day)
}

/// A cost as it is sent.
pub(crate) fn render(cost: &OwnCost) -> pb::OwnCost {
    let OwnCost { name, area, amount, day, description, reference, synthetic } = cost;
    pb::OwnCost {
        name: name.to_string(),
        area: render_budget_area(area.budget_area()).into(),
        amount_ore: amount.ore().get(),
        day: render_day(*day),
        description: description.clone(),
        reference: reference.clone(),
        synthetic: *synthetic,
    }
}
