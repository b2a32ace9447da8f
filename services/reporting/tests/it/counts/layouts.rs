//! Bandings and layouts, each registered once.

use platform::Failure;
use proto::participant::{
    Banding, CreateBandingRequest, CreateBandingResponse, CreateTableLayoutRequest,
    CreateTableLayoutResponse, GetBandingRequest, GetBandingResponse, GetTableLayoutRequest,
    GetTableLayoutResponse, ListBandingsRequest, ListBandingsResponse, ListTableLayoutsRequest,
    ListTableLayoutsResponse, TableLayout, banding_service_server::BandingService,
    table_layout_service_server::TableLayoutService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults};

use super::{Counts, not_asked};
use crate::world::HOME;

#[async_trait]
impl BandingService for Counts {
    async fn create_banding(
        &self,
        request: Request<CreateBandingRequest>,
    ) -> Result<Response<CreateBandingResponse>, Status> {
        let CreateBandingRequest { banding_id, banding, validate_only, .. } = request.into_inner();
        let name = format!("{HOME}/bandings/{banding_id}");
        let banding = Banding { name, ..banding.unwrap() };
        let mut faults = Faults::new();
        if banding.bands.first().is_some_and(|band| band.youngest > 0) {
            faults.push(Fault::new("banding.bands", "BAND_GAP").with("value", 0));
        }
        for (row, band) in banding.bands.iter().enumerate() {
            if band.label.is_empty() {
                faults.push(Fault::new(format!("banding.bands[{row}].label"), "TEXT_MISSING"));
            }
        }
        faults.into_result(|| Some(())).map_err(Failure::from)?;
        let mut bandings = self.bandings.lock().unwrap();
        if bandings.iter().any(|known| known.name == banding.name) {
            return Err(Status::already_exists("EXISTS"));
        }
        if !validate_only {
            bandings.push(banding.clone());
        }
        Ok(Response::new(CreateBandingResponse { banding: Some(banding) }))
    }

    async fn get_banding(
        &self,
        request: Request<GetBandingRequest>,
    ) -> Result<Response<GetBandingResponse>, Status> {
        let name = request.into_inner().name;
        let bandings = self.bandings.lock().unwrap();
        let banding = bandings.iter().find(|known| known.name == name).cloned();
        Ok(Response::new(GetBandingResponse { banding }))
    }

    async fn list_bandings(
        &self,
        _: Request<ListBandingsRequest>,
    ) -> Result<Response<ListBandingsResponse>, Status> {
        not_asked()
    }
}

#[async_trait]
impl TableLayoutService for Counts {
    async fn create_table_layout(
        &self,
        request: Request<CreateTableLayoutRequest>,
    ) -> Result<Response<CreateTableLayoutResponse>, Status> {
        let CreateTableLayoutRequest { table_layout_id, table_layout, validate_only, .. } =
            request.into_inner();
        let name = format!("{HOME}/tableLayouts/{table_layout_id}");
        let layout = TableLayout { name, ..table_layout.unwrap() };
        let mut faults = Faults::new();
        if layout.title.is_empty() {
            faults.push(Fault::new("table_layout.title", "TEXT_MISSING"));
        }
        let measures: Vec<i32> =
            layout.shape.iter().flat_map(|shape| shape.measures.clone()).collect();
        for (row, measure) in measures.iter().enumerate() {
            if measures[..row].contains(measure) {
                let field = format!("table_layout.shape.measures[{row}]");
                faults.push(Fault::new(field, "MEASURE_TWICE"));
            }
        }
        faults.into_result(|| Some(())).map_err(Failure::from)?;
        let mut layouts = self.layouts.lock().unwrap();
        // A request that stands in the journal is answered as it was then, or is another.
        match layouts.iter().find(|known| known.name == layout.name) {
            Some(known) if !validate_only && *known != layout => {
                return Err(Failure::refused("REQUEST_ID_REUSED").into());
            }
            Some(_) => return Err(Status::already_exists("EXISTS")),
            None => {}
        }
        let cuts = layout.shape.iter().flat_map(|shape| &shape.cuts).enumerate();
        let mut faults = Faults::new();
        for (row, cut) in cuts.filter(|(_, cut)| !cut.banding.is_empty()) {
            let bandings = self.bandings.lock().unwrap();
            if !bandings.iter().any(|known| known.name == cut.banding) {
                let field = format!("table_layout.shape.cuts[{row}].banding");
                faults.push(Fault::new(field, "BANDING_UNKNOWN").with("value", &cut.banding));
            }
        }
        faults.into_result(|| Some(())).map_err(Failure::from)?;
        if !validate_only {
            layouts.push(layout.clone());
        }
        Ok(Response::new(CreateTableLayoutResponse { table_layout: Some(layout) }))
    }

    async fn get_table_layout(
        &self,
        request: Request<GetTableLayoutRequest>,
    ) -> Result<Response<GetTableLayoutResponse>, Status> {
        let name = request.into_inner().name;
        let layouts = self.layouts.lock().unwrap();
        let table_layout = layouts.iter().find(|known| known.name == name).cloned();
        Ok(Response::new(GetTableLayoutResponse { table_layout }))
    }

    async fn list_table_layouts(
        &self,
        _: Request<ListTableLayoutsRequest>,
    ) -> Result<Response<ListTableLayoutsResponse>, Status> {
        not_asked()
    }
}
