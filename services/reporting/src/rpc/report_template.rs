//! Templates of reports.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{
    self as pb, CreateReportTemplateRequest, CreateReportTemplateResponse,
    GetReportTemplateRequest, GetReportTemplateResponse, ListReportTemplatesRequest,
    ListReportTemplatesResponse, report_template_service_server::ReportTemplateService,
};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status, async_trait, metadata::MetadataMap};
use values::{Fault, Faults, Slug, name::ReportTemplateName};

use super::{Shell, convert, derived::Counts, draft, parent, recorded};
use crate::{
    domain::{
        definition::Definitions,
        derived::Crosswalk,
        template::{Template, load},
    },
    store::{self, report_template::Row},
};

const CREATE: &str = "/samordna.reporting.v1.ReportTemplateService/CreateReportTemplate";

/// A template that every federation has.
#[derive(Clone)]
pub(crate) struct Shipped {
    id: &'static str,
    source: &'static str,
    template: Template,
}

impl Shipped {
    /// Reads one that was built in.
    ///
    /// # Panics
    /// When it is not consistent, which a test rules out.
    pub(crate) fn load(definitions: &Definitions, id: &'static str, source: &'static str) -> Self {
        let template = whole(definitions, source).expect("a shipped template is consistent");
        Self { id, source, template: template.with_partitions(definitions) }
    }

    /// True when it is the one of the name.
    pub(super) fn is(&self, name: &ReportTemplateName) -> bool {
        self.id == name.id.as_str()
    }

    fn render(&self, federation: &Slug) -> Result<pb::ReportTemplate, Failure> {
        let id = Slug::parse("name", self.id)?;
        let name = ReportTemplateName::new(federation.clone(), id);
        Ok(convert::report_template::render(&name, self.source, &self.template, true))
    }
}

/// Reads a template that is to be used, with every fault of it.
fn whole(definitions: &Definitions, source: &str) -> Result<Template, Faults> {
    let template = load(source)?;
    let faults = template.faults(definitions);
    faults.into_result(|| Some(template))
}

impl Shell {
    /// The template of a name, shipped or the federation's own, with the partitions of
    /// the definitions.
    pub(super) async fn template(
        &self,
        connection: &impl ConnectionTrait,
        name: &ReportTemplateName,
    ) -> Result<Option<Template>, Failure> {
        if let Some(shipped) = self.shipped(name) {
            return Ok(Some(shipped.template.clone()));
        }
        let Some(payload) = store::report_template::find(connection, name).await? else {
            return Ok(None);
        };
        let message: pb::ReportTemplate = decoded(&payload)?;
        let template = load(&message.source)
            .map_err(|faults| anyhow::anyhow!("{name} cannot be read: {faults:?}"))?;
        Ok(Some(template.with_partitions(&self.definitions)))
    }

    /// Which cells of a report by a template are counted from records: those of the
    /// definitions, and those of the template's own tables.
    pub(super) async fn crosswalk(
        &self,
        connection: &impl ConnectionTrait,
        template: Option<&ReportTemplateName>,
    ) -> Result<Crosswalk, Failure> {
        let template = match template {
            Some(name) => self.template(connection, name).await?,
            None => None,
        };
        let own = template.map(|template| template.counted).unwrap_or_default();
        Ok(Crosswalk::clone(&self.crosswalk).with(own))
    }

    fn shipped(&self, name: &ReportTemplateName) -> Option<&Shipped> {
        self.templates.iter().find(|shipped| shipped.is(name))
    }
}

pub(super) struct Templates(pub(super) Shell);

#[async_trait]
impl ReportTemplateService for Templates {
    async fn create_report_template(
        &self,
        request: Request<CreateReportTemplateRequest>,
    ) -> Result<Response<CreateReportTemplateResponse>, Status> {
        let principal = principal::of(&request)?;
        let (caller, _, message) = request.into_parts();
        Ok(Response::new(self.create(&principal, &caller, message).await?))
    }

    async fn get_report_template(
        &self,
        request: Request<GetReportTemplateRequest>,
    ) -> Result<Response<GetReportTemplateResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.get(&principal, request.into_inner()).await?))
    }

    async fn list_report_templates(
        &self,
        request: Request<ListReportTemplatesRequest>,
    ) -> Result<Response<ListReportTemplatesResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Templates {
    async fn create(
        &self,
        principal: &Principal,
        caller: &MetadataMap,
        message: CreateReportTemplateRequest,
    ) -> Result<CreateReportTemplateResponse, Failure> {
        let write = Write::of(principal, CREATE, &message)?;
        let (name, source, template) = self.parse(principal, message)?;
        if self.0.shipped(&name).is_some() {
            return Err(Failure::Exists { name: name.to_string() });
        }
        // For a template that is there nothing is registered: the step below refuses it, or
        // answers what it answered before.
        let is_taken =
            store::report_template::is_taken(&self.0.journal.database().read, &name).await?;
        if !is_taken && !template.counted.tables.is_empty() {
            // A layout that cannot be registered is found now, and not at the first report.
            let (transport, federation) = (&self.0.organisation, &name.federation);
            let crosswalk = &template.counted;
            let counts = Counts { transport, caller, federation, crosswalk };
            counts.ensure_layouts(write.validate_only).await.map_err(in_source)?;
        }
        let resource = convert::report_template::render(&name, &source, &template, false);
        let step = self.0.journal.write(write, move |transaction, step| {
            let (name, resource) = (name.clone(), resource.clone());
            async move { save(transaction, step, name, &resource).await }.boxed()
        });
        let entries = step.await?;
        Ok(CreateReportTemplateResponse { report_template: Some(recorded(&entries)?) })
    }

    fn parse(
        &self,
        principal: &Principal,
        message: CreateReportTemplateRequest,
    ) -> Result<(ReportTemplateName, String, Template), Failure> {
        let CreateReportTemplateRequest {
            parent,
            report_template_id,
            report_template,
            request_id: _,
            validate_only: _,
        } = message;
        let mut faults = Faults::new();
        let federation = self::parent(&mut faults, principal, &parent)?;
        let id = faults.keep(Slug::parse("report_template_id", &report_template_id));
        let name = id.map(|id| ReportTemplateName::new(federation, id));
        let missing = || Fault::new("report_template", "FIELD_MISSING");
        let sent = faults.keep(report_template.ok_or_else(missing));
        let read = sent.and_then(|sent| {
            let given = &sent.name;
            faults.keep(convert::check_given_name("report_template.name", given, name.as_ref()));
            let source = convert::report_template::source(sent);
            let template = whole(&self.0.definitions, &source);
            let template = faults.keep_nested("report_template.source", template)?;
            Some((source, template))
        });
        let (name, (source, template)) = faults.into_result(|| name.zip(read))?;
        Ok((name, source, template))
    }

    async fn get(
        &self,
        principal: &Principal,
        message: GetReportTemplateRequest,
    ) -> Result<GetReportTemplateResponse, Failure> {
        let GetReportTemplateRequest { name: sent } = message;
        let name = ReportTemplateName::parse("name", &sent)?;
        principal.is_in(&name.federation, &sent)?;
        let template = match self.0.shipped(&name) {
            Some(shipped) => shipped.render(&name.federation)?,
            None => {
                let connection = &self.0.journal.database().read;
                let found = store::report_template::find(connection, &name).await?;
                decoded(&found.ok_or_else(|| Failure::not_found(&name))?)?
            }
        };
        Ok(GetReportTemplateResponse { report_template: Some(template) })
    }

    /// Keys of a page are ids, with a sign before them that puts the shipped ones
    /// first.
    async fn list(
        &self,
        principal: &Principal,
        message: ListReportTemplatesRequest,
    ) -> Result<ListReportTemplatesResponse, Failure> {
        const SHIPPED: &str = "!";
        let ListReportTemplatesRequest { parent, page_size, page_token } = message;
        let mut faults = Faults::new();
        let federation = self::parent(&mut faults, principal, &parent)?;
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let page = faults.into_result(|| page)?;
        let key = |template: &pb::ReportTemplate| {
            let sign = if template.shipped { SHIPPED } else { "" };
            format!("{sign}{}", id_of(&template.name))
        };
        let size = usize::try_from(page.size).unwrap_or(usize::MAX);
        let mut templates = Vec::new();
        for shipped in self.0.templates.iter() {
            let template = shipped.render(&federation)?;
            if page.after.as_ref().is_none_or(|after| key(&template) > *after) {
                templates.push(template);
            }
        }
        let mut has_more = templates.len() > size;
        templates.truncate(size);
        if !has_more {
            let after = page.after.filter(|after| !after.starts_with(SHIPPED));
            let left = size - templates.len();
            // One more than fits tells whether there is another page.
            let own = Page { size: u64::try_from(left).unwrap_or(u64::MAX).max(1), after };
            let connection = &self.0.journal.database().read;
            let listed = store::report_template::list(connection, &federation, &own).await?;
            let mut own: Vec<pb::ReportTemplate> = all_decoded(&listed)?;
            has_more = listed.has_more || own.len() > left;
            own.truncate(left);
            templates.extend(own);
        }
        for template in &mut templates {
            template.source.clear();
        }
        let next_page_token = next_page_token(has_more, &templates, key);
        Ok(ListReportTemplatesResponse { report_templates: templates, next_page_token })
    }
}

/// What is wrong with the template that was sent, with its place in that.
fn in_source(failure: Failure) -> Failure {
    let Failure::Invalid(faults) = failure else { return failure };
    let mut placed = Faults::new();
    placed.nest("report_template.source", faults);
    Failure::Invalid(placed)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    name: ReportTemplateName,
    resource: &pb::ReportTemplate,
) -> Result<Vec<Draft>, Failure> {
    if store::report_template::is_taken(transaction, &name).await? {
        return Err(Failure::Exists { name: name.to_string() });
    }
    let draft = draft("report_template.created", &name, resource);
    let row = Row { name, sequence: step.sequence };
    store::report_template::insert(transaction, &row).await?;
    Ok(vec![draft])
}

/// The row that finds a recorded template.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let _: pb::ReportTemplate = prost::Message::decode(payload)?;
    let Recorded { created_sequence, sequence } = recorded;
    anyhow::ensure!(created_sequence == sequence, "was changed");
    let name = ReportTemplateName::parse("name", name);
    Ok(Some(Row { name: name.map_err(|fault| anyhow::anyhow!("{fault:?}"))?, sequence }))
}
