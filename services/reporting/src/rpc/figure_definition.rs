//! What the figures mean.

use platform::{Failure, Principal, principal};
use proto::reporting::{
    GetFigureDefinitionsRequest, GetFigureDefinitionsResponse,
    figure_definition_service_server::FigureDefinitionService,
};
use tonic::{Request, Response, Status, async_trait};
use values::Faults;

use super::{Shell, parent, to_proto};

pub(super) struct FigureDefinitions(pub(super) Shell);

#[async_trait]
impl FigureDefinitionService for FigureDefinitions {
    async fn get_figure_definitions(
        &self,
        request: Request<GetFigureDefinitionsRequest>,
    ) -> Result<Response<GetFigureDefinitionsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner())?))
    }
}

impl FigureDefinitions {
    fn get(
        &self,
        principal: &Principal,
        message: GetFigureDefinitionsRequest,
    ) -> Result<GetFigureDefinitionsResponse, Failure> {
        let GetFigureDefinitionsRequest { parent } = message;
        let mut faults = Faults::new();
        self::parent(&mut faults, principal, &parent)?;
        faults.into_result(|| Some(()))?;
        let definitions = &self.0.definitions;
        Ok(GetFigureDefinitionsResponse {
            version: definitions.version(),
            figures: definitions.figures().iter().map(to_proto::figure_definition).collect(),
        })
    }
}
