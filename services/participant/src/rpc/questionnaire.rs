//! Questionnaires, with a note on whose text it is.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Journal, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, id_of, next_page_token},
    principal,
};
use proto::participant::{
    self as pb, CreateQuestionnaireRequest, CreateQuestionnaireResponse, GetQuestionnaireRequest,
    GetQuestionnaireResponse, ListQuestionnairesRequest, ListQuestionnairesResponse,
    questionnaire_service_server::QuestionnaireService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Slug, name::QuestionnaireName};

use super::{check_given_name, convert, draft, page, parent, recorded, refused};
use crate::{
    domain::{create::create, questionnaire::Questionnaire},
    store::{self, questionnaire::Row},
};

const CREATE: &str = "/samordna.participant.v1.QuestionnaireService/CreateQuestionnaire";

pub(super) struct Questionnaires(Journal);

#[async_trait]
impl QuestionnaireService for Questionnaires {
    async fn create_questionnaire(
        &self,
        request: Request<CreateQuestionnaireRequest>,
    ) -> Result<Response<CreateQuestionnaireResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn get_questionnaire(
        &self,
        request: Request<GetQuestionnaireRequest>,
    ) -> Result<Response<GetQuestionnaireResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_questionnaires(
        &self,
        request: Request<ListQuestionnairesRequest>,
    ) -> Result<Response<ListQuestionnairesResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Questionnaires {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn create(
        &self,
        principal: &Principal,
        message: CreateQuestionnaireRequest,
    ) -> Result<CreateQuestionnaireResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, questionnaire) = parse(principal, message)?;
        let step = self.0.write(write, move |transaction, step| {
            let (name, questionnaire) = (name.clone(), questionnaire.clone());
            async move { save(transaction, step, name, questionnaire).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateQuestionnaireResponse { questionnaire: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetQuestionnaireRequest,
    ) -> Result<GetQuestionnaireResponse, Failure> {
        let GetQuestionnaireRequest { name: sent } = message;
        let name = QuestionnaireName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let found = store::questionnaire::find(&self.0.database().read, &name).await?;
        let payload = found.ok_or_else(|| Failure::not_found(&name))?;
        Ok(GetQuestionnaireResponse { questionnaire: Some(decoded(&payload)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListQuestionnairesRequest,
    ) -> Result<ListQuestionnairesResponse, Failure> {
        let ListQuestionnairesRequest { parent, page_size, page_token } = message;
        let (federation, page) = page(principal, &parent, page_size, &page_token)?;
        let connection = &self.0.database().read;
        let listed = store::questionnaire::list(connection, &federation, &page).await?;
        let questionnaires: Vec<pb::Questionnaire> = all_decoded(&listed)?;
        Ok(ListQuestionnairesResponse {
            next_page_token: next_page_token(listed.has_more, &questionnaires, |questionnaire| {
                id_of(&questionnaire.name).to_owned()
            }),
            questionnaires,
        })
    }
}

fn parse(
    principal: &Principal,
    message: CreateQuestionnaireRequest,
) -> Result<(QuestionnaireName, Questionnaire), Failure> {
    let CreateQuestionnaireRequest {
        parent,
        questionnaire_id,
        questionnaire,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("questionnaire_id", &questionnaire_id));
    let name = id.map(|id| QuestionnaireName::new(federation, id));
    let sent = questionnaire.ok_or_else(|| Fault::new("questionnaire", "FIELD_MISSING"));
    let questionnaire = faults.keep(sent).and_then(|sent| {
        faults.keep(check_given_name("questionnaire.name", &sent.name, name.as_ref()));
        faults.keep_nested("questionnaire", convert::questionnaire::parse(sent))
    });
    Ok(faults.into_result(|| name.zip(questionnaire))?)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: QuestionnaireName,
    questionnaire: Questionnaire,
) -> Result<Vec<Draft>, Failure> {
    let taken = store::questionnaire::is_taken(transaction, &name).await?;
    create(taken, Faults::new()).map_err(|refusal| refused(refusal, &name, "questionnaire"))?;
    let resource = convert::questionnaire::render(&name, &questionnaire);
    let draft = draft("questionnaire.created", &name, &resource);
    let row = Row { name, sequence: step.sequence };
    store::questionnaire::insert(transaction, &row).await?;
    Ok(vec![draft])
}

/// The row that finds a recorded questionnaire.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let _: pb::Questionnaire = prost::Message::decode(payload)?;
    let Recorded { created_sequence, sequence } = recorded;
    anyhow::ensure!(created_sequence == sequence, "was changed");
    let name = QuestionnaireName::parse("name", name);
    Ok(Row { name: name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?, sequence })
}
