//! Staffing, to and from the contract.

use platform::convert::{date_from_proto, date_to_proto, prose};
use proto::finance as pb;
use values::{Fault, Faults, Slug, name::MunicipalityName};

use super::within;
use crate::domain::staffing_financing::{
    LARGEST_FTE_PERCENT, Place, Posts, StaffingFault, StaffingFinancing, StaffingFinancingParts,
    matrix::{Area, Matrix, Row, Sum},
};

/// Reads a row, all but its name.
pub(in crate::rpc) fn parse(
    federation: &Slug,
    message: pb::StaffingFinancing,
) -> (StaffingFinancingParts, Faults) {
    let pb::StaffingFinancing {
        name: _, // Read by the caller, who knows what it may be.
        municipality,
        title,
        first_day,
        last_day,
        paid_by_municipality_fte_percent,
        paid_by_federation_fte_percent,
        etag: _, // Output only.
        synthetic,
    } = message;
    let mut faults = Faults::new();
    let place = match municipality.as_str() {
        "" => Ok(Place::Nowhere),
        sent => {
            let parsed = MunicipalityName::parse("municipality", sent);
            within(federation, "municipality", parsed, |name| &name.federation)
                .map(Place::Municipality)
        }
    };
    let last_day = match last_day {
        None => Ok(None),
        Some(day) => date_from_proto("last_day", Some(day)).map(Some),
    };
    let parts = StaffingFinancingParts {
        name: None,
        place: faults.keep(place),
        title: prose(&mut faults, "title", &title, 1, 200),
        first_day: faults.keep(date_from_proto("first_day", first_day)),
        last_day: faults.keep(last_day),
        posts: Posts {
            by_municipality_percent: paid_by_municipality_fte_percent,
            by_federation_percent: paid_by_federation_fte_percent,
        },
        synthetic,
    };
    (parts, faults)
}

/// What is wrong with a row, as it is told.
pub(in crate::rpc) fn fault(fault: StaffingFault) -> Fault {
    const BY_MUNICIPALITY: &str = "paid_by_municipality_fte_percent";
    const BY_FEDERATION: &str = "paid_by_federation_fte_percent";
    match fault {
        StaffingFault::MunicipalityUnknown(municipality) => {
            Fault::new("municipality", "MUNICIPALITY_UNKNOWN").with("value", municipality)
        }
        StaffingFault::DaysReversed { first_day, last_day } => {
            Fault::new("last_day", "PERIOD_REVERSED")
                .with("first_day", first_day)
                .with("last_day", last_day)
        }
        StaffingFault::NoPosts => Fault::new(BY_FEDERATION, "POSTS_MISSING"),
        StaffingFault::MunicipalityPostsOutOfRange(percent) => {
            Fault::new(BY_MUNICIPALITY, "POSTS_OUT_OF_RANGE")
                .with("value", percent)
                .with("limit", LARGEST_FTE_PERCENT)
        }
        StaffingFault::FederationPostsOutOfRange(percent) => {
            Fault::new(BY_FEDERATION, "POSTS_OUT_OF_RANGE")
                .with("value", percent)
                .with("limit", LARGEST_FTE_PERCENT)
        }
        StaffingFault::NoMunicipalityPays(percent) => {
            Fault::new(BY_MUNICIPALITY, "MUNICIPALITY_MISSING").with("value", percent)
        }
        StaffingFault::Overlaps(other) => {
            Fault::new("first_day", "STAFFING_OVERLAPS").with("name", other)
        }
    }
}

/// A row as it is sent.
pub(crate) fn render(row: &StaffingFinancing) -> pb::StaffingFinancing {
    let StaffingFinancing {
        name,
        place,
        title,
        first_day,
        last_day,
        posts,
        synthetic,
        revision: _,
    } = row;
    let Posts { by_municipality_percent, by_federation_percent } = posts;
    pb::StaffingFinancing {
        name: name.to_string(),
        municipality: match place {
            Place::Municipality(municipality) => municipality.to_string(),
            Place::Nowhere => String::new(),
        },
        title: title.clone(),
        first_day: Some(date_to_proto(*first_day)),
        last_day: last_day.map(date_to_proto),
        paid_by_municipality_fte_percent: *by_municipality_percent,
        paid_by_federation_fte_percent: *by_federation_percent,
        etag: row.etag(),
        synthetic: *synthetic,
    }
}

/// The matrix as it is sent; `None` when a sum does not fit.
pub(in crate::rpc) fn render_matrix(
    matrix: Matrix,
    day: proto::Date,
    sequence: i64,
) -> Option<pb::StaffingMatrix> {
    let Matrix { areas, total, outside_areas } = matrix;
    Some(pb::StaffingMatrix {
        day: Some(day),
        areas: areas.into_iter().map(render_area).collect::<Option<_>>()?,
        total: Some(render_sum(total)?),
        outside_areas: outside_areas.into_iter().map(render_row).collect::<Option<_>>()?,
        sequence,
    })
}

fn render_area(area: Area) -> Option<pb::StaffingMatrixArea> {
    let Area { area, rows, total } = area;
    let (area, display_name) = area.map(|(area, name)| (area.to_string(), name)).unzip();
    Some(pb::StaffingMatrixArea {
        area: area.unwrap_or_default(),
        display_name: display_name.unwrap_or_default(),
        rows: rows.into_iter().map(render_row).collect::<Option<_>>()?,
        total: Some(render_sum(total)?),
    })
}

fn render_row(row: Row) -> Option<pb::StaffingMatrixRow> {
    let Row { municipality, display_name, sum } = row;
    Some(pb::StaffingMatrixRow {
        municipality: municipality.map(|name| name.to_string()).unwrap_or_default(),
        display_name,
        amounts: Some(render_sum(sum)?),
    })
}

fn render_sum(sum: Sum) -> Option<pb::StaffingAmounts> {
    let fte_percent = i32::try_from(sum.percent()).ok()?;
    let Sum { by_municipality_percent, by_federation_percent } = sum;
    Some(pb::StaffingAmounts {
        paid_by_municipality_fte_percent: i32::try_from(by_municipality_percent).ok()?,
        paid_by_federation_fte_percent: i32::try_from(by_federation_percent).ok()?,
        fte_percent,
    })
}
