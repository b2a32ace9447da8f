//! Templates: those that are shipped, and a federation's own.

mod beside;
mod tables;

use platform::testing::on_both;
use proto::reporting::{
    CreateReportTemplateRequest, GetReportTemplateRequest, ListReportTemplatesRequest,
    ListReportTemplatesResponse, ReportSubjectKind, ReportTemplate,
};
use tonic::Code;
use values::Role;

use crate::world::{HOME, World, expected, faults, problem};

const OWN: &str = include_str!("data/sikta/status-report.toml");

fn create(id: &str, source: &str) -> CreateReportTemplateRequest {
    CreateReportTemplateRequest {
        parent: HOME.to_owned(),
        report_template_id: id.to_owned(),
        report_template: Some(ReportTemplate { source: source.to_owned(), ..Default::default() }),
        request_id: format!("create-{id}"),
        validate_only: false,
    }
}

fn get(id: &str) -> GetReportTemplateRequest {
    GetReportTemplateRequest { name: format!("{HOME}/reportTemplates/{id}") }
}

#[tokio::test]
async fn every_federation_has_the_shipped_templates_before_its_own() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.templates().create_report_template(world.office(create("a", OWN))).await.unwrap();
        let mut ids = Vec::new();
        let mut page_token = String::new();
        loop {
            let request =
                ListReportTemplatesRequest { parent: HOME.to_owned(), page_size: 1, page_token };
            let request = world.by(Role::Coach, "team/sala", request);
            let answer = world.templates().list_report_templates(request).await.unwrap();
            let ListReportTemplatesResponse { report_templates, next_page_token } =
                answer.into_inner();
            for template in report_templates {
                assert_eq!(template.source, "");
                ids.push((template.name.rsplit('/').next().unwrap().to_owned(), template.shipped));
            }
            page_token = next_page_token;
            if page_token.is_empty() {
                break;
            }
        }
        let expected = [("half-year-report-1", true), ("status-report-1", true), ("a", false)];
        assert_eq!(ids, expected.map(|(id, shipped)| (id.to_owned(), shipped)));
    })
    .await;
}

#[tokio::test]
async fn a_template_tells_what_its_source_says_and_never_changes() {
    on_both(|database| async {
        let world = World::new(database).await;
        let request = world.office(create("own", OWN));
        let created = world.templates().create_report_template(request).await.unwrap();
        let created = created.into_inner().report_template.unwrap();
        assert_eq!(created.title_sv, "Lägesrapport för länsdel");
        assert_eq!(created.subject_kinds, [i32::from(ReportSubjectKind::Area)]);
        assert_eq!(created.sections.len(), 4);
        let read = world.templates().get_report_template(world.office(get("own"))).await.unwrap();
        assert_eq!(read.into_inner().report_template, Some(created.clone()));
        let request = world.office(get("status-report-1"));
        let shipped = world.templates().get_report_template(request).await;
        assert!(shipped.unwrap().into_inner().report_template.unwrap().source.len() > 1000);
        let missing = world.templates().get_report_template(world.office(get("none"))).await;
        assert_eq!(problem(missing).0, Code::NotFound);
        let stranger = world.templates().get_report_template(world.stranger(get("own"))).await;
        assert_eq!(problem(stranger).0, Code::NotFound);
        let again = world.office(create("own", OWN));
        let again = world.templates().create_report_template(again).await.unwrap();
        assert_eq!(again.into_inner().report_template, Some(created));
        for id in ["own", "status-report-1"] {
            let mut taken = create(id, OWN);
            taken.request_id = format!("taken-{id}");
            let refused = world.templates().create_report_template(world.office(taken)).await;
            assert_eq!(problem(refused).0, Code::AlreadyExists);
        }
    })
    .await;
}

#[tokio::test]
async fn every_fault_of_a_template_is_told_with_its_place() {
    on_both(|database| async {
        let world = World::new(database).await;
        let told = |source: String| {
            let world = &world;
            async move {
                let request = world.office(create("own", &source));
                faults(world.templates().create_report_template(request).await)
            }
        };
        let unreadable = told(OWN.replacen("version = 1", "version = ", 1)).await;
        assert_eq!(unreadable, expected(&[("report_template.source", "TEMPLATE_UNREADABLE")]));
        let malformed = told(OWN.replace("code = \"staff\"", "code = \"Staff\"")).await;
        let place = "report_template.source.sections[3].code";
        assert_eq!(malformed, expected(&[(place, "TEMPLATE_CODE_MALFORMED")]));
        let source = OWN
            .replace("about = [\"area\"]", "about = []")
            .replace("title_en = \"Staff\"", "title_en = \"\"")
            .replace("code = \"age_share_percent\"", "code = \"queue\"")
            .replace("\"start_of_programme.stated_in_the_plan\"", "\"start_of_programme.other\"");
        let told = told(source).await;
        assert_eq!(
            told,
            expected(&[
                ("report_template.source.about", "TEMPLATE_ABOUT_MISSING"),
                ("report_template.source.sections[3].title_en", "TEXT_MISSING"),
                ("report_template.source.columns[7].code", "TEMPLATE_FIGURE_TAKEN"),
                ("report_template.source.relations", "TEMPLATE_CELL_UNKNOWN"),
                ("report_template.source.relations", "TEMPLATE_CELL_UNKNOWN"),
                ("report_template.source.relations", "TEMPLATE_CELL_UNKNOWN"),
                ("report_template.source.relations", "TEMPLATE_CELL_UNKNOWN"),
            ])
        );
    })
    .await;
}
