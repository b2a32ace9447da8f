//! Drafting a report, and changing its head.

use std::collections::BTreeSet;

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write, journal::Transaction, journalled::Recorded, principal,
};
use proto::reporting as pb;
use tonic::{Request, metadata::MetadataMap};
use values::{
    Fault, Faults, Slug,
    name::{AreaName, ReportName, TeamName},
};

use super::{check_alone, head, row_of, state_forbids};
use crate::{
    domain::report::{
        self, Content, ContentFacts, CreateRefusal, Report, Subject, UpdateRefusal, WHOLE,
    },
    rpc::{
        Shell, convert, draft, organisation::Organisation, parent, permissions, recorded,
        store_faults,
    },
    store,
};

const CREATE: &str = "/samordna.reporting.v1.ReportService/CreateReport";
const UPDATE: &str = "/samordna.reporting.v1.ReportService/UpdateReport";

pub(super) async fn create(
    shell: &Shell,
    request: Request<pb::CreateReportRequest>,
) -> Result<pb::Report, Failure> {
    let principal = principal::of(&request)?;
    let (metadata, _, message) = request.into_parts();
    let write = Write::of(&principal, CREATE, &message)?;
    let (name, content) = parse_create(&principal, message)?;
    if !permissions::may_write(&principal, &content.subject) {
        return Err(Failure::not_found(content.subject.name(&name.federation)));
    }
    check_outside(shell, &metadata, &name.federation, &content).await?;
    let (own, account) = (shell.clone(), principal.account.clone());
    let step = shell.journal.write(write, move |transaction, step| {
        let (shell, account) = (own.clone(), account.clone());
        let (name, content) = (name.clone(), content.clone());
        async move {
            check_alone(transaction, &name, &content).await?;
            let taken = store::report::find(transaction, &name).await?.is_some();
            let report = with_facts(&shell, transaction, &content, |facts| {
                report::create(content.clone(), taken, facts, account, step.now)
            });
            let report = report.await?.map_err(|refusal| match refusal {
                CreateRefusal::Taken => Failure::Exists { name: name.to_string() },
                CreateRefusal::Faulty(faults) => store_faults("report", faults),
            })?;
            let draft = draft("report.created", &name, &convert::report::render(&name, &report));
            let row = row_of(name, &report, Recorded::first(step.sequence));
            store::report::insert(transaction, &row).await?;
            Ok(vec![draft])
        }
        .boxed()
    });
    recorded(&step.await?)
}

pub(super) async fn update(
    shell: &Shell,
    request: Request<pb::UpdateReportRequest>,
) -> Result<pb::Report, Failure> {
    let principal = principal::of(&request)?;
    let (metadata, _, message) = request.into_parts();
    let write = Write::of(&principal, UPDATE, &message)?;
    let (name, etag, content) = parse_update(&principal, message)?;
    check_outside(shell, &metadata, &name.federation, &content).await?;
    let own = shell.clone();
    let step = shell.journal.write(write, move |transaction, step| {
        let (shell, principal) = (own.clone(), principal.clone());
        let (name, etag, content) = (name.clone(), etag.clone(), content.clone());
        async move {
            let asked = Asked { name, etag, content };
            replace(&shell, transaction, step, &principal, asked).await
        }
        .boxed()
    });
    recorded(&step.await?)
}

/// A content as it is to be, and the version that was read.
struct Asked {
    name: ReportName,
    etag: String,
    content: Content,
}

async fn replace(
    shell: &Shell,
    transaction: &Transaction,
    step: Step,
    principal: &Principal,
    asked: Asked,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, content } = asked;
    let standing = head(transaction, &name).await?;
    if !permissions::may_write(principal, &standing.report.content.subject) {
        return Err(Failure::not_found(&name));
    }
    let before = standing.report;
    let report = with_facts(shell, transaction, &content, |facts| {
        report::update(before, &etag, content.clone(), facts)
    });
    let report = report.await?.map_err(|refusal| match refusal {
        UpdateRefusal::Stale => Failure::Stale { name: name.to_string() },
        UpdateRefusal::StateForbids(state) => state_forbids(state),
        UpdateRefusal::Faulty(faults) => store_faults("report", faults),
    })?;
    let recorded = Recorded { sequence: step.sequence, ..standing.kept.recorded };
    save(transaction, "report.updated", name, &report, recorded).await
}

/// Keeps a report as it has become.
pub(in crate::rpc) async fn save(
    transaction: &Transaction,
    kind: &'static str,
    name: ReportName,
    report: &Report,
    recorded: Recorded,
) -> Result<Vec<Draft>, Failure> {
    let draft = draft(kind, &name, &convert::report::render(&name, report));
    store::report::update(transaction, &row_of(name, report, recorded)).await?;
    Ok(vec![draft])
}

/// Decides with what the content is checked against.
async fn with_facts<T>(
    shell: &Shell,
    transaction: &Transaction,
    content: &Content,
    decide: impl FnOnce(ContentFacts<'_>) -> T,
) -> Result<T, Failure> {
    let template = shell.template(transaction, &content.template).await?;
    let period = store::reporting_period::find(transaction, &content.period).await?;
    Ok(decide(ContentFacts {
        definitions: &shell.definitions,
        template: template.as_ref(),
        period_is_there: period.is_some(),
    }))
}

/// Checks that whom the content speaks of is there.
async fn check_outside(
    shell: &Shell,
    caller: &MetadataMap,
    federation: &Slug,
    content: &Content,
) -> Result<(), Failure> {
    let Content { subject, derived, stated, .. } = content;
    let organisation = Organisation { transport: &shell.organisation, caller, federation };
    match subject {
        Subject::Federation => {}
        Subject::Area(id) => {
            organisation.area(&AreaName::new(federation.clone(), id.clone())).await?;
        }
        Subject::Team(id) => {
            organisation.team(&TeamName::new(federation.clone(), id.clone())).await?;
        }
    }
    let is_covered = match subject {
        Subject::Federation => None,
        Subject::Area(id) => {
            let area = AreaName::new(federation.clone(), id.clone());
            Some(organisation.teams_of_area(&area).await?)
        }
        Subject::Team(id) => Some([TeamName::new(federation.clone(), id.clone())].into()),
    };
    check_covered(federation, derived, is_covered.as_ref())?;
    let own = subject.id();
    let of_stated = stated.keys().map(String::as_str);
    let named: BTreeSet<&str> = of_stated.chain(derived.iter().map(Slug::as_str)).collect();
    let named: Vec<&str> = named.into_iter().filter(|id| *id != WHOLE && *id != own).collect();
    if named.is_empty() {
        return Ok(());
    }
    let known = organisation.team_names().await?;
    let mut faults = Faults::new();
    for id in named {
        if !known.iter().any(|team| team.id.as_str() == id) {
            let name = format!("federations/{federation}/{}/{id}", TeamName::COLLECTION);
            faults.push(Fault::new("report", "TEAM_UNKNOWN").with("value", name));
        }
    }
    Ok(faults.into_result(|| Some(()))?)
}

/// Checks that the teams whose figures are counted from records are of the report; none
/// for a report on all.
fn check_covered(
    federation: &Slug,
    derived: &BTreeSet<Slug>,
    covered: Option<&BTreeSet<TeamName>>,
) -> Result<(), Failure> {
    let mut faults = Faults::new();
    for id in derived {
        let team = TeamName::new(federation.clone(), id.clone());
        if covered.is_some_and(|covered| !covered.contains(&team)) {
            let fault = Fault::new("report.sources", "TEAM_NOT_IN_REPORT");
            faults.push(fault.with("value", team));
        }
    }
    Ok(faults.into_result(|| Some(()))?)
}

fn parse_create(
    principal: &Principal,
    message: pb::CreateReportRequest,
) -> Result<(ReportName, Content), Failure> {
    let pb::CreateReportRequest { parent, report_id, report, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let id = faults.keep(Slug::parse("report_id", &report_id));
    let name = id.map(|id| ReportName::new(federation.clone(), id));
    let content = content(&mut faults, &federation, name.as_ref(), report);
    Ok(faults.into_result(|| name.zip(content))?)
}

fn parse_update(
    principal: &Principal,
    message: pb::UpdateReportRequest,
) -> Result<(ReportName, String, Content), Failure> {
    let pb::UpdateReportRequest { name: sent, etag, report, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let name = faults.keep(ReportName::parse("name", &sent));
    if let Some(name) = &name {
        principal.is_in(&name.federation, &sent)?;
    }
    convert::etag(&mut faults, &etag);
    let content = content(&mut faults, &principal.federation, name.as_ref(), report);
    let (name, content) = faults.into_result(|| name.zip(content))?;
    Ok((name, etag, content))
}

fn content(
    faults: &mut Faults,
    federation: &Slug,
    name: Option<&ReportName>,
    sent: Option<pb::Report>,
) -> Option<Content> {
    let sent = faults.keep(sent.ok_or_else(|| Fault::new("report", "FIELD_MISSING")))?;
    faults.keep(convert::check_given_name("report.name", &sent.name, name));
    faults.keep_nested("report", convert::report::parse(federation, sent))
}
