//! `ExportService`: what the other services answer, as files.
//!
//! A file is made on a thread of its own: a large one takes long enough to keep
//! others waiting.

mod sie;
mod tables;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use platform::{Failure, clock::day_in_sweden};
use proto::finance::{
    ExportFundingTableRequest, ExportFundingTableResponse, ExportPaymentsRequest,
    ExportPaymentsResponse, ExportRequisitionsRequest, ExportRequisitionsResponse,
    ExportSieRequest, ExportSieResponse, ExportStaffingMatrixRequest, ExportStaffingMatrixResponse,
    ExportedFile, TableFormat, export_service_server::ExportService,
};
use tonic::{Request, Response, Status};
use values::{Fault, Slug, name::PartyName};

use super::{Shared, organisation::Directory};
use crate::{
    export::{self, Format, Table},
    store,
};

/// The most rows of a file, which is made in memory and sent in one message: with all
/// its columns it stays far below [`platform::mount::LARGEST_MESSAGE`]. A federation
/// comes to some thousand a year; whoever has more asks for a shorter period, or lists.
const MOST_ROWS: u32 = 50_000;

pub(super) struct Exports(pub(super) Shared);

#[tonic::async_trait]
impl ExportService for Exports {
    async fn export_sie(
        &self,
        request: Request<ExportSieRequest>,
    ) -> Result<Response<ExportSieResponse>, Status> {
        let file = Some(sie::export(&self.0, request).await?);
        Ok(Response::new(ExportSieResponse { file }))
    }

    async fn export_funding_table(
        &self,
        request: Request<ExportFundingTableRequest>,
    ) -> Result<Response<ExportFundingTableResponse>, Status> {
        let file = Some(tables::funding_table(&self.0, request).await?);
        Ok(Response::new(ExportFundingTableResponse { file }))
    }

    async fn export_requisitions(
        &self,
        request: Request<ExportRequisitionsRequest>,
    ) -> Result<Response<ExportRequisitionsResponse>, Status> {
        let file = Some(tables::requisitions(&self.0, request).await?);
        Ok(Response::new(ExportRequisitionsResponse { file }))
    }

    async fn export_payments(
        &self,
        request: Request<ExportPaymentsRequest>,
    ) -> Result<Response<ExportPaymentsResponse>, Status> {
        let file = Some(tables::payments(&self.0, request).await?);
        Ok(Response::new(ExportPaymentsResponse { file }))
    }

    async fn export_staffing_matrix(
        &self,
        request: Request<ExportStaffingMatrixRequest>,
    ) -> Result<Response<ExportStaffingMatrixResponse>, Status> {
        let file = Some(tables::staffing_matrix(&self.0, request).await?);
        Ok(Response::new(ExportStaffingMatrixResponse { file }))
    }
}

fn parse_format(format: i32) -> Result<Format, Fault> {
    match TableFormat::try_from(format) {
        Ok(TableFormat::Xlsx) => Ok(Format::Xlsx),
        Ok(TableFormat::Csv) => Ok(Format::Csv),
        Ok(TableFormat::Unspecified) | Err(_) => Err(Fault::new("format", "ENUM_UNSPECIFIED")),
    }
}

/// A table to be written, and the point of the journal that it is true at.
struct Written {
    table: Table,
    format: Format,
    name: String,
    sequence: i64,
}

impl Written {
    async fn file(self, shared: &Shared, federation: &Slug) -> Result<ExportedFile, Failure> {
        let Self { table, format, name, sequence } = self;
        let recorded_at =
            store::export::recorded_at(&shared.database().read, federation, sequence).await?;
        let as_of = day_in_sweden(recorded_at.unwrap_or(DateTime::<Utc>::UNIX_EPOCH));
        let written = tokio::task::spawn_blocking(move || export::write(&table, format, as_of));
        let content = written.await.map_err(|error| Failure::Internal(error.into()))??;
        Ok(ExportedFile {
            file_name: format!("{name}.{}", format.ending()),
            media_type: format.media_type().to_owned(),
            content,
            sequence,
        })
    }
}

/// Refuses what would make too large a file. One row more than the most has been
/// asked for.
fn limited<T>(rows: Vec<T>) -> Result<Vec<T>, Failure> {
    if rows.len() > MOST_ROWS as usize {
        return Err(Failure::refused("EXPORT_TOO_LARGE").with("limit", MOST_ROWS));
    }
    Ok(rows)
}

/// The parties' names.
async fn party_names(directory: Directory<'_>) -> Result<BTreeMap<PartyName, String>, Failure> {
    let parties = directory.parties().await?.into_iter();
    Ok(parties.map(|(name, party)| (name, party.display_name)).collect())
}

#[cfg(test)]
mod tests {
    use platform::failure::Problem;

    use super::*;

    #[test]
    fn a_file_has_as_many_rows_as_a_program_opens_and_no_more() {
        let most = vec![(); MOST_ROWS as usize];
        assert_eq!(limited(most.clone()).ok(), Some(most.clone()));
        let more = [most, vec![()]].concat();
        let problem = Problem::of(&Status::from(limited(more).unwrap_err()));
        assert_eq!(
            (problem.reason.as_str(), problem.fact("limit").as_str()),
            ("EXPORT_TOO_LARGE", "50000")
        );
    }
}
