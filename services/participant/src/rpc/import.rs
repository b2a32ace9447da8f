//! Many organisation facts at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::FutureExt as _;
use platform::{
    Draft, Entry, Failure, Journal, Principal, Write, convert::faults_to_import,
    journal::Transaction, principal,
};
use proto::{
    common::{ImportEffect, ImportOutcome},
    organisation::{
        ImportOrganisationRequest, ImportOrganisationResponse,
        organisation_import_service_server::OrganisationImportService,
    },
};
use tonic::{Request, Response, Status, async_trait};
use values::{
    Fault, Faults, Slug,
    name::{AreaName, MunicipalityName, PartyName, TeamName, parse_federation},
};

use super::{convert, draft, parent, to_proto};
use crate::{
    domain::{
        federation::FederationName,
        import::{Organisation, Row, Rows, import},
    },
    store,
};

const IMPORT: &str = "/samordna.organisation.v1.OrganisationImportService/ImportOrganisation";

/// A municipality was given its party.
const COMPLETED: &str = "municipality.completed";

pub(super) struct Import(Journal);

#[async_trait]
impl OrganisationImportService for Import {
    async fn import_organisation(
        &self,
        request: Request<ImportOrganisationRequest>,
    ) -> Result<Response<ImportOrganisationResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.import(&principal, request.into_inner()).await?))
    }
}

impl Import {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn import(
        &self,
        principal: &Principal,
        message: ImportOrganisationRequest,
    ) -> Result<ImportOrganisationResponse, Failure> {
        let write = Write::of(principal, IMPORT, &message)?;
        let mut faults = Faults::new();
        let federation = parent(&mut faults, principal, &message.parent)?;
        faults.into_result(|| Some(()))?;
        let names = row_names(&message);
        let rows = Arc::new(rows(message));
        let step = self.0.write(write, move |transaction, _step| {
            let (federation, rows) = (federation.clone(), Arc::clone(&rows));
            async move { save(transaction, &federation, &rows).await }.boxed()
        });
        match step.await {
            Ok(entries) => {
                let outcomes = outcomes(names, &entries);
                Ok(ImportOrganisationResponse { outcomes, faults: Vec::new() })
            }
            Err(Failure::Invalid(faults)) => {
                let faults = faults_to_import(faults);
                Ok(ImportOrganisationResponse { outcomes: Vec::new(), faults })
            }
            Err(failure) => Err(failure),
        }
    }
}

async fn save(
    transaction: &Transaction,
    federation: &Slug,
    rows: &Rows,
) -> Result<Vec<Draft>, Failure> {
    let known = store::import::load(transaction, federation).await?;
    let additions = import(federation, rows.clone(), &known)?;
    store::import::insert(transaction, &additions).await?;
    Ok(drafts(&additions, &known))
}

fn drafts(additions: &Organisation, known: &Organisation) -> Vec<Draft> {
    let Organisation { federations, parties, areas, municipalities, teams } = additions;
    let mut drafts = Vec::new();
    for (name, content) in federations {
        drafts.push(draft("federation.created", name, &to_proto::federation(name, content)));
    }
    for (name, content) in parties {
        drafts.push(draft("party.created", name, &to_proto::party(name, content)));
    }
    for (name, content) in areas {
        drafts.push(draft("area.created", name, &to_proto::area(name, content)));
    }
    for (name, content) in municipalities {
        let kind = match known.municipalities.contains_key(name) {
            true => COMPLETED,
            false => "municipality.created",
        };
        drafts.push(draft(kind, name, &to_proto::municipality(name, content)));
    }
    for (name, content) in teams {
        drafts.push(draft("team.created", name, &to_proto::team(name, content)));
    }
    drafts
}

/// Each row's path into the request and the name it gives.
fn row_names(message: &ImportOrganisationRequest) -> Vec<(String, String)> {
    fn of<M>(rows: &[M], kind: &str, name: impl Fn(&M) -> &str) -> Vec<(String, String)> {
        let path = |(index, row)| (format!("{kind}[{index}]"), name(row).to_owned());
        rows.iter().enumerate().map(path).collect()
    }
    [
        of(&message.federations, "federations", |row| &row.name),
        of(&message.parties, "parties", |row| &row.name),
        of(&message.areas, "areas", |row| &row.name),
        of(&message.municipalities, "municipalities", |row| &row.name),
        of(&message.teams, "teams", |row| &row.name),
    ]
    .concat()
}

/// A row whose resource was recorded is created; any other was there.
fn outcomes(rows: Vec<(String, String)>, entries: &[Entry]) -> Vec<ImportOutcome> {
    let recorded: BTreeMap<&str, &str> =
        entries.iter().map(|entry| (entry.subject.as_str(), entry.kind.as_str())).collect();
    let outcome = |(row, name): (String, String)| {
        let effect = match recorded.get(name.as_str()) {
            Some(kind) if *kind == COMPLETED => ImportEffect::Replaced,
            Some(_) => ImportEffect::Created,
            None => ImportEffect::Unchanged,
        };
        ImportOutcome { row, name, effect: effect.into() }
    };
    rows.into_iter().map(outcome).collect()
}

fn rows(message: ImportOrganisationRequest) -> Rows {
    let ImportOrganisationRequest {
        parent: _,
        federations,
        parties,
        areas,
        municipalities,
        teams,
        request_id: _,
        validate_only: _,
    } = message;
    let federation_name = |sent: &str| parse_federation("name", sent).map(FederationName);
    let federation = |sent: proto::organisation::Federation| Row {
        name: federation_name(&sent.name),
        content: convert::federation(sent),
    };
    let party = |sent: proto::organisation::Party| Row {
        name: PartyName::parse("name", &sent.name),
        content: convert::party(sent),
    };
    let area = |sent: proto::organisation::Area| Row {
        name: AreaName::parse("name", &sent.name),
        content: convert::area(sent),
    };
    let municipality = |sent: proto::organisation::Municipality| {
        let name: Result<MunicipalityName, Fault> = MunicipalityName::parse("name", &sent.name);
        let content = convert::municipality(name.as_ref().ok().map(|name| &name.id), sent);
        Row { name, content }
    };
    let team = |sent: proto::organisation::Team| Row {
        name: TeamName::parse("name", &sent.name),
        content: convert::team(sent),
    };
    Rows {
        federations: federations.into_iter().map(federation).collect(),
        parties: parties.into_iter().map(party).collect(),
        areas: areas.into_iter().map(area).collect(),
        municipalities: municipalities.into_iter().map(municipality).collect(),
        teams: teams.into_iter().map(team).collect(),
    }
}

/// A federation's organisation as it was recorded.
pub(crate) fn kept(
    federation: &Slug,
    message: ImportOrganisationRequest,
) -> Result<Organisation, Faults> {
    import(federation, rows(message), &Organisation::default())
}
