//! What readers of a report say of it.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{
    self as pb, CreateCommentRequest, CreateCommentResponse, ListCommentsRequest,
    ListCommentsResponse, ResolveCommentRequest, ResolveCommentResponse,
    comment_service_server::CommentService,
};
use tonic::{Request, Response, Status, async_trait};
use uuid::Uuid;
use values::{Fault, Faults, Slug, name::ReportName};

use super::{
    Shell, convert, draft, recorded,
    report::{head, reader, state_forbids},
};
use crate::{
    domain::{
        comment::{self, Anchor, Comment, CommentName, CreateRefusal, ResolveRefusal},
        half_year_report::Reader,
        report::{Report, Subject},
        template::Template,
    },
    store::{self, comment::Row},
};

const CREATE: &str = "/samordna.reporting.v1.CommentService/CreateComment";
const RESOLVE: &str = "/samordna.reporting.v1.CommentService/ResolveComment";

pub(super) struct Comments(pub(super) Shell);

#[async_trait]
impl CommentService for Comments {
    async fn create_comment(
        &self,
        request: Request<CreateCommentRequest>,
    ) -> Result<Response<CreateCommentResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.create(&principal, request.into_inner()).await?))
    }

    async fn resolve_comment(
        &self,
        request: Request<ResolveCommentRequest>,
    ) -> Result<Response<ResolveCommentResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.resolve(&principal, request.into_inner()).await?))
    }

    async fn list_comments(
        &self,
        request: Request<ListCommentsRequest>,
    ) -> Result<Response<ListCommentsResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Comments {
    async fn create(
        &self,
        principal: &Principal,
        message: CreateCommentRequest,
    ) -> Result<CreateCommentResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let CreateCommentRequest { parent, comment, request_id: _, validate_only: _ } = message;
        let mut faults = Faults::new();
        let report = report_name(&mut faults, principal, &parent)?;
        let missing = || Fault::new("comment", "FIELD_MISSING");
        let sent = faults.keep(comment.ok_or_else(missing));
        let read = sent.and_then(|sent| {
            let read = convert::comment::parse(&principal.federation, sent);
            faults.keep_nested("comment", read)
        });
        let (report, (anchor, text)) = faults.into_result(|| report.zip(read))?;
        let id = Slug::parse("name", &Uuid::now_v7().to_string())?;
        let name = CommentName { report, id };
        let (shell, principal) = (self.0.clone(), principal.clone());
        let step = self.0.journal.write(write, move |transaction, step| {
            let (shell, principal, name) = (shell.clone(), principal.clone(), name.clone());
            let (anchor, text) = (anchor.clone(), text.clone());
            async move { save(&shell, transaction, step, principal, name, anchor, text).await }
                .boxed()
        });
        let entries = step.await?;
        Ok(CreateCommentResponse { comment: Some(recorded(&entries)?) })
    }

    async fn resolve(
        &self,
        principal: &Principal,
        message: ResolveCommentRequest,
    ) -> Result<ResolveCommentResponse, Failure> {
        let write = Write::of(principal, RESOLVE, &message)?;
        let ResolveCommentRequest { name: sent, request_id: _, validate_only: _ } = message;
        let name = CommentName::parse("name", &sent)?;
        principal.is_in(&name.report.federation, &sent)?;
        let principal = principal.clone();
        let step = self.0.journal.write(write, move |transaction, step| {
            let (principal, name) = (principal.clone(), name.clone());
            async move { settle(transaction, step, principal, name).await }.boxed()
        });
        let entries = step.await?;
        Ok(ResolveCommentResponse { comment: Some(recorded(&entries)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListCommentsRequest,
    ) -> Result<ListCommentsResponse, Failure> {
        let ListCommentsRequest { parent, open_only, page_size, page_token } = message;
        let mut faults = Faults::new();
        let report = report_name(&mut faults, principal, &parent)?;
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let (name, page) = faults.into_result(|| report.zip(page))?;
        let picture = self.0.journal.database().snapshot().await?;
        let standing = head(&picture, &name).await?;
        let about = &standing.report.content.subject;
        let subjects = subjects(&reader(&picture, principal, &name, about).await?);
        let subjects = subjects.as_deref();
        let listed = store::comment::list(&picture, &name, open_only, subjects, &page).await?;
        picture.rollback().await?;
        let comments: Vec<pb::Comment> = all_decoded(&listed)?;
        let key = |comment: &pb::Comment| id_of(&comment.name).to_owned();
        let next_page_token = next_page_token(listed.has_more, &comments, key);
        Ok(ListCommentsResponse { comments, next_page_token })
    }
}

fn report_name(
    faults: &mut Faults,
    principal: &Principal,
    parent: &str,
) -> Result<Option<ReportName>, Failure> {
    let name = faults.keep(ReportName::parse("parent", parent));
    if let Some(name) = &name {
        principal.is_in(&name.federation, parent)?;
    }
    Ok(name)
}

/// The subjects whose comments a reader sees, besides those on the whole report's
/// sections; none for all.
fn subjects(reader: &Reader) -> Option<Vec<Subject>> {
    match reader {
        Reader::WholeFederation => None,
        Reader::Teams(teams) => {
            let teams = teams.iter().map(|team| Subject::Team(team.id.clone()));
            Some(std::iter::once(Subject::Federation).chain(teams).collect())
        }
    }
}

fn may_see(reader: &Reader, anchor: &Anchor) -> bool {
    match (subjects(reader), anchor.subject()) {
        (None, _) | (Some(_), None) => true,
        (Some(subjects), Some(subject)) => subjects.contains(subject),
    }
}

async fn save(
    shell: &Shell,
    transaction: &Transaction,
    step: Step,
    principal: Principal,
    name: CommentName,
    anchor: Anchor,
    text: String,
) -> Result<Vec<Draft>, Failure> {
    let standing = head(transaction, &name.report).await?;
    let report = &standing.report;
    let reader = reader(transaction, &principal, &name.report, &report.content.subject).await?;
    let template = shell.template(transaction, &report.content.template).await?;
    let is_there = template.is_some_and(|template| has(shell, report, &template, &anchor));
    let has_anchor = is_there && may_see(&reader, &anchor);
    let (author, time) = (principal.account, step.now);
    let comment = Comment { anchor, text, author, time, resolved: None };
    let comment =
        comment::create(comment, report.state(), has_anchor).map_err(|refusal| match refusal {
            CreateRefusal::StateForbids(state) => state_forbids(state),
            CreateRefusal::AnchorUnknown => Fault::new("comment", "COMMENT_ANCHOR_UNKNOWN").into(),
        })?;
    let draft = draft("comment.created", &name, &convert::comment::render(&name, &comment));
    let row = row_of(name, &comment, Recorded::first(step.sequence));
    store::comment::insert(transaction, &row).await?;
    Ok(vec![draft])
}

async fn settle(
    transaction: &Transaction,
    step: Step,
    principal: Principal,
    name: CommentName,
) -> Result<Vec<Draft>, Failure> {
    let standing = head(transaction, &name.report).await?;
    let report = &standing.report;
    let reader = reader(transaction, &principal, &name.report, &report.content.subject).await?;
    let found = store::comment::find(transaction, &name).await?;
    let kept = found.ok_or_else(|| Failure::not_found(&name))?;
    let (_, comment) = convert::comment::recorded(decoded(&kept.payload)?)?;
    if !may_see(&reader, &comment.anchor) {
        return Err(Failure::not_found(&name));
    }
    let comment = comment::resolve(comment, report.state(), principal.account, step.now).map_err(
        |refusal| match refusal {
            ResolveRefusal::StateForbids(state) => state_forbids(state),
            ResolveRefusal::Resolved => Failure::refused("COMMENT_RESOLVED"),
        },
    )?;
    let draft = draft("comment.resolved", &name, &convert::comment::render(&name, &comment));
    let recorded = Recorded { sequence: step.sequence, ..kept.recorded };
    store::comment::update(transaction, &row_of(name, &comment, recorded)).await?;
    Ok(vec![draft])
}

/// True when the report has what a comment is on.
fn has(shell: &Shell, report: &Report, template: &Template, anchor: &Anchor) -> bool {
    let is_subject = |subject: &Subject| match (&report.content.subject, subject) {
        (Subject::Federation, Subject::Federation | Subject::Team(_)) => true,
        (about, subject) => about == subject,
    };
    match anchor {
        Anchor::Section { section, subject } => {
            let section = template.section(section);
            section.is_some_and(|section| match subject {
                Some(subject) => section.is_per_subject && is_subject(subject),
                None => !section.is_per_subject,
            })
        }
        Anchor::Cell { subject, cell } => {
            is_subject(subject) && template.kind(&shell.definitions, cell).is_some()
        }
    }
}

fn row_of(name: CommentName, comment: &Comment, recorded: Recorded) -> Row {
    let is_open = comment.resolved.is_none();
    let revision = if is_open { 1 } else { 2 };
    Row { name, subject: comment.anchor.subject().cloned(), is_open, revision, recorded }
}

/// The row that finds a recorded comment.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let message: pb::Comment = prost::Message::decode(payload)?;
    let (_, comment) = convert::comment::recorded(message)?;
    let name = CommentName::parse("name", name).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    Ok(Some(row_of(name, &comment, recorded)))
}
