//! The staffing matrix, read.

use chrono::NaiveDate;
use platform::{
    Failure,
    convert::{date_from_proto, date_to_proto},
    journal, principal,
};
use proto::finance::{GetStaffingMatrixRequest, StaffingMatrix};
use tonic::Request;
use values::Faults;

use crate::{
    domain::staffing_financing::matrix::{self, Matrix, Municipality},
    rpc::{Shared, convert, organisation::Directory},
    store,
};

pub(super) async fn get(
    shared: &Shared,
    request: Request<GetStaffingMatrixRequest>,
) -> Result<StaffingMatrix, Failure> {
    let principal = principal::of(&request)?;
    let (caller, _, message) = request.into_parts();
    let GetStaffingMatrixRequest { parent, day } = message;
    let mut faults = Faults::new();
    let federation = convert::parent(&principal, &parent, &mut faults)?;
    let day = faults.keep(date_from_proto("day", day));
    let day = faults.into_result(|| day)?;
    let directory =
        Directory { organisation: &shared.organisation, caller: &caller, federation: &federation };
    let (matrix, sequence) = compute(shared, directory, day).await?;
    convert::staffing_financing::render_matrix(matrix, date_to_proto(day), sequence)
        .ok_or_else(|| Failure::Internal(anyhow::anyhow!("the sums of the matrix do not fit")))
}

/// Computes the matrix, with the sequence of the journal that it is true at.
pub(in crate::rpc) async fn compute(
    shared: &Shared,
    directory: Directory<'_>,
    day: NaiveDate,
) -> Result<(Matrix, i64), Failure> {
    let areas = directory.areas().await?;
    let listed = directory.municipalities().await?.into_iter();
    let municipalities = listed.map(|(name, municipality)| {
        let area = municipality.area.map(|area| {
            let display_name = areas.get(&area).cloned();
            let display_name = display_name.unwrap_or_else(|| area.id.to_string());
            (area, display_name)
        });
        (name, Municipality { display_name: municipality.display_name, area })
    });
    let municipalities = municipalities.collect();
    let picture = shared.database().snapshot().await?;
    let head = journal::head(&picture, directory.federation).await?;
    let rows = store::staffing_financing::in_force(&picture, directory.federation, day).await?;
    picture.rollback().await?;
    Ok((matrix::compute(&rows, &municipalities), head.sequence))
}
