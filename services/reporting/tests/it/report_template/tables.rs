//! The columns of a federation's own template, counted from records.

use std::collections::BTreeSet;

use platform::testing::on_both;
use proto::reporting::{
    CreateReportTemplateRequest, FigureSource, PublishReportRequest, ReleasedSource, TeamSource,
    VerifyReleaseRequest,
};
use tonic::Code;

use super::create;
use crate::released_report::{accepted_as, create_template, submitted};
use crate::report::{content, name};
use crate::world::{HOME, World, expected, faults, problem};

const OWN: &str = r#"
version = 1
code = "young"
title_sv = "Ungdomsrapport"
title_en = "Report on the young"
about = ["federation"]
due_days = 30

[[sections]]
code = "introduction"
title_sv = "Inledning"
title_en = "Introduction"

[[columns]]
code = "by_own_age"
text_sv = "Deltagare efter förbundets åldersgrupper"
text_en = "Participants by the federation's own age groups"
categories = [
  { code = "young", text_sv = "Unga", text_en = "Young" },
  { code = "others", text_sv = "Övriga", text_en = "Others" },
]

[[bandings]]
id = "own-age"
dimension = "age"
decision = "Styrelsen 2025-02-01"
bands = [
  { id = "under-30", label = "Unga", label_en = "Young", oldest = 29, category = "young" },
  { id = "others", label = "Övriga", label_en = "Others", youngest = 30, oldest = 150, category = "others" },
]

[[tables]]
layout = "own-participants-by-age"
title = "Deltagare efter team och egna åldersgrupper"
cut = "age"
banding = "own-age"
columns = [{ measure = "participants", total = "by_own_age", categories = "by_own_age" }]
"#;

#[tokio::test]
async fn a_federations_own_columns_are_counted_from_records_and_published() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        world.templates().create_report_template(world.office(create("own", OWN))).await.unwrap();
        let mut report = content("own", HOME, "Ungdomar");
        let (team, source) = (format!("{HOME}/teams/sala"), FigureSource::Derived.into());
        report.sources = vec![TeamSource { team: team.clone(), source }];
        world.draft_report("halvar", report).await;
        let text = "Teamet hade [](figure:by_own_age.young@sala) unga.";
        world.write_chapter("halvar", "introduction", text).await;
        world.fetched("halvar", false).await;
        let compiled = world.compiled("halvar").await;
        let sala = compiled.figures.iter().find(|one| one.subject == team).unwrap();
        let own = sala.cells.iter().filter(|cell| cell.figure == "by_own_age");
        let own: Vec<(&str, &str, FigureSource)> =
            own.map(|cell| (cell.category.as_str(), cell.value.as_str(), cell.source())).collect();
        let derived = FigureSource::Derived;
        assert_eq!(own, [("total", "12", derived), ("young", "12", derived)]);
        assert!(compiled.findings.is_empty(), "{:?}", compiled.findings);

        let etag = submitted(&world, &compiled.report.unwrap().etag).await;
        let etag = accepted_as(&world, &etag).await;
        let message = PublishReportRequest {
            name: name("halvar"),
            etag,
            request_id: "publish".to_owned(),
            ..Default::default()
        };
        let answer = world.releases().publish_report(world.office(message)).await.unwrap();
        let release = answer.into_inner().release.unwrap();
        let told = release.figures.iter().find(|one| one.figure == "by_own_age").unwrap();
        assert_eq!((told.count, told.source()), (Some(12), ReleasedSource::Derived));
        let message = VerifyReleaseRequest { name: release.name };
        let answer = world.releases().verify_release(world.office(message)).await.unwrap();
        assert!(answer.get_ref().intact, "{:?}", answer.get_ref().differences);
    })
    .await;
}

#[tokio::test]
async fn a_table_fills_the_templates_own_columns_once_each() {
    on_both(|database| async {
        let world = World::new(database).await;
        let told = |source: String| {
            let world = &world;
            async move {
                let request = world.office(create("own", &source));
                faults(world.templates().create_report_template(request).await)
            }
        };
        let place = |field: &str| format!("report_template.source.tables[0].{field}");
        let source = OWN
            .replace("total = \"by_own_age\"", "total = \"participants\"")
            .replace("category = \"others\"", "category = \"young\"");
        let (total, categories) = (place("columns[0].total"), place("columns[0].categories"));
        let faulty = [
            (total.as_str(), "TEMPLATE_TABLE_CELL_UNKNOWN"),
            (categories.as_str(), "TEMPLATE_CELL_TWICE"),
        ];
        assert_eq!(told(source).await, expected(&faulty));
        let source = OWN
            .replace("cut = \"age\"", "cut = \"colour\"")
            .replace("banding = \"own-age\"", "banding = \"age\"")
            .replace("measure = \"participants\"", "measure = \"people\"");
        let (cut, banding) = (place("cut"), place("banding"));
        let measure = place("columns[0].measure");
        let faulty = [
            (cut.as_str(), "TEMPLATE_CUT_UNKNOWN"),
            (banding.as_str(), "TEMPLATE_BANDING_UNKNOWN"),
            (measure.as_str(), "TEMPLATE_MEASURE_UNKNOWN"),
        ];
        assert_eq!(told(source).await, expected(&faulty));

        world.templates().create_report_template(world.office(create("own", OWN))).await.unwrap();
        let same = OWN.replace("title = \"Deltagare efter", "title = \"Alla deltagare efter");
        assert_ne!(same, OWN);
        let same = world.office(create("same-tables", &same));
        world.templates().create_report_template(same).await.unwrap();
        let other = OWN.replace("measure = \"participants\"", "measure = \"new\"");
        let other = world.office(create("other", &other));
        let refused = problem(world.templates().create_report_template(other).await);
        assert_eq!(refused, (Code::FailedPrecondition, "LAYOUT_TAKEN".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn all_that_is_wrong_with_tables_and_bandings_is_told_with_its_place_in_the_template() {
    on_both(|database| async {
        let world = World::new(database).await;
        let other = r#"
[[tables]]
layout = "own-queue"
title = ""
columns = [{ measure = "queue_closing" }, { measure = "queue_closing" }]
"#;
        let faulty = OWN.replace(
            "label = \"Unga\", label_en = \"Young\", oldest",
            "label = \"\", label_en = \"Young\", youngest = 10, oldest",
        );
        let request = world.office(create("own", &format!("{faulty}{other}")));
        let told = faults(world.templates().create_report_template(request).await);
        let place = |field: &str| format!("report_template.source.{field}");
        let fields = [
            "bandings[0].bands",
            "bandings[0].bands[0].label",
            "tables[1].title",
            "tables[1].columns[1].measure",
        ];
        let [gap, label, title, measure] = fields.map(place);
        let all = [
            (gap.as_str(), "BAND_GAP"),
            (label.as_str(), "TEXT_MISSING"),
            (title.as_str(), "TEXT_MISSING"),
            (measure.as_str(), "MEASURE_TWICE"),
        ];
        assert_eq!(told, expected(&all));
        // What was refused has taken no name.
        world.templates().create_report_template(world.office(create("own", OWN))).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_template_that_is_only_checked_or_has_a_taken_id_registers_nothing() {
    on_both(|database| async {
        let world = World::new(database).await;
        let checked = |source: &str| CreateReportTemplateRequest {
            validate_only: true,
            ..create("own", source)
        };
        let of = async |message: CreateReportTemplateRequest| {
            world.templates().create_report_template(world.office(message)).await
        };
        of(checked(OWN)).await.unwrap();
        let faulty = OWN.replace(
            "columns = [{ measure",
            "columns = [{ measure = \"participants\" }, { measure",
        );
        let faulty = faulty.replace("label = \"Unga\", label_en", "label = \"\", label_en");
        let told = faults(of(checked(&faulty)).await);
        let place = |field: &str| format!("report_template.source.{field}");
        let [label, measure] =
            ["bandings[0].bands[0].label", "tables[0].columns[1].measure"].map(place);
        let all = [(label.as_str(), "TEXT_MISSING"), (measure.as_str(), "MEASURE_TWICE")];
        assert_eq!(told, expected(&all));
        assert_eq!(world.counts.registered(), BTreeSet::new(), "a check registers nothing");

        create_template(&world, "own", "federation").await;
        let taken = problem(of(create("own", OWN)).await);
        assert_eq!(taken.0, Code::AlreadyExists);
        assert_eq!(world.counts.registered(), BTreeSet::new());
        of(create("other", OWN)).await.unwrap();
        assert!(!world.counts.registered().is_empty());
        let again = problem(of(checked(OWN)).await);
        assert_eq!(again.0, Code::AlreadyExists, "also when it is only checked");
    })
    .await;
}
