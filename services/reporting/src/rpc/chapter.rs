//! The text of reports, chapter by chapter.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    journal::Transaction,
    journalled::{Kept, Recorded, decoded},
    principal,
};
use proto::reporting::{
    self as pb, GetChapterRequest, GetChapterResponse, UpdateChapterRequest, UpdateChapterResponse,
    chapter_service_server::ChapterService,
};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{Fault, Faults, name::TeamName};

use super::{
    Shell, convert, draft,
    organisation::Organisation,
    permissions, recorded,
    report::{head, reader, state_forbids},
};
use crate::{
    domain::{
        chapter::{Chapter, ChapterName, Refusal, Writer, Writing, write},
        half_year_report::Reader,
        report::{State, Subject},
        template::Template,
    },
    store::{self, chapter::Row},
};

const UPDATE: &str = "/samordna.reporting.v1.ChapterService/UpdateChapter";

pub(super) struct Chapters(pub(super) Shell);

#[async_trait]
impl ChapterService for Chapters {
    async fn update_chapter(
        &self,
        request: Request<UpdateChapterRequest>,
    ) -> Result<Response<UpdateChapterResponse>, Status> {
        let principal = principal::of(&request)?;
        let (metadata, _, message) = request.into_parts();
        Ok(Response::new(self.update(&principal, &metadata, message).await?))
    }

    async fn get_chapter(
        &self,
        request: Request<GetChapterRequest>,
    ) -> Result<Response<GetChapterResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }
}

impl Chapters {
    async fn update(
        &self,
        principal: &Principal,
        caller: &MetadataMap,
        message: UpdateChapterRequest,
    ) -> Result<UpdateChapterResponse, Failure> {
        let request = Write::of(principal, UPDATE, &message)?;
        let asked = parse(principal, message)?;
        check_team(&self.0, caller, &asked.name).await?;
        let (shell, principal) = (self.0.clone(), principal.clone());
        let step = self.0.journal.write(request, move |transaction, step| {
            let (shell, principal, asked) = (shell.clone(), principal.clone(), asked.clone());
            async move { save(&shell, transaction, step, principal, asked).await }.boxed()
        });
        let entries = step.await?;
        Ok(UpdateChapterResponse { chapter: Some(recorded(&entries)?) })
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetChapterRequest,
    ) -> Result<GetChapterResponse, Failure> {
        let GetChapterRequest { name: sent } = message;
        let name = ChapterName::parse("name", &sent)?;
        principal.is_in(&name.report.federation, &sent)?;
        let picture = self.0.journal.database().snapshot().await?;
        let chapter = read(&self.0, &picture, principal, &name).await?;
        picture.rollback().await?;
        Ok(GetChapterResponse { chapter: Some(convert::chapter::render(&name, &chapter)) })
    }
}

/// A chapter of the federation's report is about one of its teams.
pub(super) async fn check_team(
    shell: &Shell,
    caller: &MetadataMap,
    name: &ChapterName,
) -> Result<(), Failure> {
    let standing = head(&shell.journal.database().read, &name.report).await?;
    let federation = &name.report.federation;
    if let (Subject::Federation, Some(team)) = (standing.report.content.subject, &name.subject) {
        let transport = &shell.organisation;
        let organisation = Organisation { transport, caller, federation };
        let team = TeamName::new(federation.clone(), team.clone());
        organisation.team(&team).await.map_err(|failure| match failure {
            Failure::NotFound { .. } => Failure::not_found(name),
            other => other,
        })?;
    }
    Ok(())
}

/// A chapter as the caller reads it.
///
/// # Errors
/// `NotFound` for whoever does not.
pub(super) async fn read(
    shell: &Shell,
    connection: &impl ConnectionTrait,
    principal: &Principal,
    name: &ChapterName,
) -> Result<Chapter, Failure> {
    let standing = head(connection, &name.report).await?;
    let content = &standing.report.content;
    let template = shell.template(connection, &content.template).await?;
    check_place(name, &content.subject, template.as_ref())?;
    let chapter = find(connection, name).await?.map(|(_, chapter)| chapter);
    let reader = reader(connection, principal, &name.report, &content.subject).await?;
    let may_read = match (&reader, &name.subject) {
        (Reader::WholeFederation, _) | (Reader::Teams(_), None) => true,
        (Reader::Teams(teams), Some(team)) => teams.iter().any(|own| own.id == *team),
    };
    if !may_read {
        return Err(Failure::not_found(name));
    }
    Ok(chapter.unwrap_or_else(Chapter::unwritten))
}

/// What is asked for, and the version that was read.
#[derive(Clone)]
struct Asked {
    name: ChapterName,
    etag: String,
    writing: Writing,
}

fn parse(principal: &Principal, message: UpdateChapterRequest) -> Result<Asked, Failure> {
    let UpdateChapterRequest { name: sent, etag, chapter, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let name = faults.keep(ChapterName::parse("name", &sent));
    if let Some(name) = &name {
        principal.is_in(&name.report.federation, &sent)?;
    }
    convert::etag(&mut faults, &etag);
    let sent = faults.keep(chapter.ok_or_else(|| Fault::new("chapter", "FIELD_MISSING")));
    let writing = sent.and_then(|sent| {
        faults.keep(convert::check_given_name("chapter.name", &sent.name, name.as_ref()));
        faults.keep_nested("chapter", convert::chapter::parse(&principal.federation, sent))
    });
    let (name, writing) = faults.into_result(|| name.zip(writing))?;
    Ok(Asked { name, etag, writing })
}

async fn save(
    shell: &Shell,
    transaction: &Transaction,
    step: Step,
    principal: Principal,
    asked: Asked,
) -> Result<Vec<Draft>, Failure> {
    let Asked { name, etag, writing } = asked;
    let standing = Standing::load(shell, transaction, &principal, name).await?;
    let writer = standing.writer.clone();
    let chapter = write(&standing.chapter, standing.report, &etag, writing, writer, step.now)
        .map_err(|refusal| refused(refusal, &standing.name))?;
    keep(transaction, "chapter.updated", step, standing, &chapter).await
}

/// A chapter that may be about to change, with its report's state and who changes it.
pub(super) struct Standing {
    pub(super) name: ChapterName,
    pub(super) chapter: Chapter,
    pub(super) report: State,
    pub(super) writer: Writer,
    /// Where the journal has it; none while nobody has written it.
    recorded: Option<Recorded>,
}

impl Standing {
    /// Loads it.
    ///
    /// # Errors
    /// `NotFound` when the report has no such chapter.
    pub(super) async fn load(
        shell: &Shell,
        transaction: &Transaction,
        principal: &Principal,
        name: ChapterName,
    ) -> Result<Self, Failure> {
        let head = head(transaction, &name.report).await?;
        let content = &head.report.content;
        let template = shell.template(transaction, &content.template).await?;
        check_place(&name, &content.subject, template.as_ref())?;
        let found = find(transaction, &name).await?;
        let about = name.subject.as_ref();
        let is_in_charge = permissions::is_in_charge(principal, &content.subject, about);
        let writer = Writer { account: principal.account.clone(), is_in_charge };
        let (recorded, chapter) = match found {
            Some((kept, chapter)) => (Some(kept.recorded), chapter),
            None => (None, Chapter::unwritten()),
        };
        Ok(Self { name, chapter, report: head.report.state(), writer, recorded })
    }
}

/// Keeps a chapter as it has become.
pub(super) async fn keep(
    transaction: &Transaction,
    kind: &'static str,
    step: Step,
    standing: Standing,
    chapter: &Chapter,
) -> Result<Vec<Draft>, Failure> {
    let Standing { name, chapter: _, report: _, writer: _, recorded } = standing;
    let draft = draft(kind, &name, &convert::chapter::render(&name, chapter));
    let revision = chapter.revision;
    match recorded {
        Some(recorded) => {
            let recorded = Recorded { sequence: step.sequence, ..recorded };
            store::chapter::update(transaction, &Row { name, revision, recorded }).await?;
        }
        None => {
            let recorded = Recorded::first(step.sequence);
            store::chapter::insert(transaction, &Row { name, revision, recorded }).await?;
        }
    }
    Ok(vec![draft])
}

/// What a refused change of a chapter answers.
pub(super) fn refused(refusal: Refusal, name: &ChapterName) -> Failure {
    match refusal {
        Refusal::NotYours => Failure::not_found(name),
        Refusal::AuthorsStay => Failure::refused("CHAPTER_AUTHORS_STAY"),
        Refusal::StateForbids(state) => state_forbids(state),
        Refusal::Stale => Failure::Stale { name: name.to_string() },
    }
}

/// A chapter that somebody has written.
async fn find(
    connection: &impl ConnectionTrait,
    name: &ChapterName,
) -> Result<Option<(Kept, Chapter)>, Failure> {
    let Some(kept) = store::chapter::find(connection, name).await? else {
        return Ok(None);
    };
    let (_, chapter) = convert::chapter::recorded(decoded(&kept.payload)?)?;
    Ok(Some((kept, chapter)))
}

/// Refuses a chapter that the template does not have.
fn check_place(
    name: &ChapterName,
    about: &Subject,
    template: Option<&Template>,
) -> Result<(), Failure> {
    let section = template.and_then(|template| template.section(&name.section));
    let is_there = section.is_some_and(|section| match (&name.subject, about) {
        (None, _) => !section.is_per_subject,
        (Some(_), Subject::Federation) => section.is_per_subject,
        (Some(id), Subject::Area(own) | Subject::Team(own)) => section.is_per_subject && id == own,
    });
    if is_there { Ok(()) } else { Err(Failure::not_found(name)) }
}

/// Refuses whoever neither is in charge of a chapter nor one of its authors.
pub(super) async fn check_may_write(
    connection: &impl ConnectionTrait,
    principal: &Principal,
    name: &ChapterName,
    about: &Subject,
) -> Result<(), Failure> {
    if permissions::is_in_charge(principal, about, name.subject.as_ref()) {
        return Ok(());
    }
    let found = find(connection, name).await?;
    let is_author =
        found.is_some_and(|(_, chapter)| chapter.writing.authors.contains(&principal.account));
    if is_author { Ok(()) } else { Err(Failure::not_found(name)) }
}

/// The row that finds a recorded chapter.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let message: pb::Chapter = prost::Message::decode(payload)?;
    let (_, chapter) = convert::chapter::recorded(message)?;
    let name = ChapterName::parse("name", name).map_err(|fault| anyhow::anyhow!("{fault:?}"))?;
    Ok(Some(Row { name, revision: chapter.revision, recorded }))
}
