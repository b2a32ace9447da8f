//! Templates, to and from the contract.

use proto::reporting as pb;
use values::name::ReportTemplateName;

use crate::domain::{
    definition::Category,
    template::{About, Column, Kind, Section, Template},
};

/// Reads what is sent: the source is all there is to read.
pub(in crate::rpc) fn source(sent: pb::ReportTemplate) -> String {
    let pb::ReportTemplate {
        name: _, // Read by the handler.
        source,
        // Told by the source.
        code: _,
        version: _,
        title_sv: _,
        title_en: _,
        subject_kinds: _,
        due_days: _,
        sections: _,
        columns: _,
        shipped: _,
    } = sent;
    source
}

/// A template as it is sent and recorded.
pub(in crate::rpc) fn render(
    name: &ReportTemplateName,
    source: &str,
    template: &Template,
    is_shipped: bool,
) -> pb::ReportTemplate {
    let Template { code, version, title, about, due_days, sections, columns, .. } = template;
    let kind = |about: &About| about_to_proto(*about).into();
    pb::ReportTemplate {
        name: name.to_string(),
        source: source.to_owned(),
        code: code.clone(),
        version: *version,
        title_sv: title.sv.clone(),
        title_en: title.en.clone(),
        subject_kinds: about.iter().map(kind).collect(),
        due_days: i32::from(*due_days),
        sections: sections.iter().map(section).collect(),
        columns: columns.iter().map(column).collect(),
        shipped: is_shipped,
    }
}

/// Whom a report is about, as a kind.
pub(super) fn about_to_proto(about: About) -> pb::ReportSubjectKind {
    match about {
        About::Federation => pb::ReportSubjectKind::Federation,
        About::Area => pb::ReportSubjectKind::Area,
        About::Team => pb::ReportSubjectKind::Team,
    }
}

fn section(section: &Section) -> pb::ReportSection {
    let Section { code, title, is_per_subject } = section;
    pb::ReportSection {
        code: code.clone(),
        title_sv: title.sv.clone(),
        title_en: title.en.clone(),
        per_subject: *is_per_subject,
    }
}

fn column(column: &Column) -> pb::ReportColumn {
    let Column { figure, text, kind, categories, has_open_categories } = column;
    let category = |category: &Category| pb::ReportColumnCategory {
        category: category.code.clone(),
        text_sv: category.text.sv.clone(),
        text_en: category.text.en.clone(),
    };
    pb::ReportColumn {
        figure: figure.clone(),
        text_sv: text.sv.clone(),
        text_en: text.en.clone(),
        dates: *kind == Kind::Date,
        categories: categories.iter().map(category).collect(),
        open_categories: *has_open_categories,
    }
}
