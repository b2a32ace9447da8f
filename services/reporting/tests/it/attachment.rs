//! Files of chapters: attached and taken off while the chapter is written, read by whoever
//! reads it, and published with it.

use platform::{failure::Problem, testing::on_both};
use proto::reporting::{
    self as pb, Chapter, VerifyReleaseRequest, attachment_service_client::AttachmentServiceClient,
};
use sea_orm::ConnectionTrait as _;
use sheets::{
    value::Value,
    workbook::{Limits, Workbook},
};
use tonic::{Code, Request, Response, Status};
use values::Role;

use crate::released_report::{accepted_as, drafted, published, submitted};
use crate::report::{content, name, write};
use crate::world::{HOME, World, expected, faults, problem};

const ID: &str = "delarsrapport";
const PDF: &[u8] = b"%PDF-1.7\nEn enk\xC3\xA4t";

fn files(world: &World) -> AttachmentServiceClient<platform::Transport> {
    AttachmentServiceClient::new(world.transport.clone())
        .max_decoding_message_size(platform::attachment::LARGEST_MESSAGE)
}

fn file(chapter: &str, etag: &str, id: &str, content: &[u8]) -> pb::AttachFileRequest {
    pb::AttachFileRequest {
        parent: chapter.to_owned(),
        attachment_id: id.to_owned(),
        etag: etag.to_owned(),
        file_name: "Enkät våren.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: content.to_vec(),
        request_id: format!("attach-{id}-{etag}-{}", content.len()),
        validate_only: false,
    }
}

async fn attach(world: &World, asked: Request<pb::AttachFileRequest>) -> Result<Chapter, Status> {
    let answer = files(world).attach_file(asked).await?;
    Ok(answer.into_inner().chapter.unwrap())
}

fn off(chapter: &str, etag: &str, id: &str) -> pb::DetachFileRequest {
    pb::DetachFileRequest {
        name: format!("{chapter}/attachments/{id}"),
        etag: etag.to_owned(),
        request_id: format!("detach-{id}-{etag}"),
        validate_only: false,
    }
}

fn named(chapter: &str, id: &str) -> pb::GetAttachmentRequest {
    pb::GetAttachmentRequest { name: format!("{chapter}/attachments/{id}") }
}

/// A request by a coach of Sala's.
fn coach<M>(world: &World, message: M) -> Request<M> {
    world.by(Role::Coach, "team/sala", message)
}

fn fault_fact<T>(answer: &Result<T, Status>, fact: &str) -> String {
    let problem = Problem::of(answer.as_ref().err().unwrap());
    let mut facts = problem.faults.into_iter().flat_map(|fault| fault.facts);
    facts.find(|(key, _)| key == fact).map(|(_, value)| value).unwrap_or_default()
}

async fn download(world: &World, release: &pb::Release, format: pb::ReleaseFormat) -> Vec<u8> {
    let message = pb::DownloadReleaseRequest { name: release.name.clone(), format: format.into() };
    let answer = world.releases().download_release(world.office(message)).await.unwrap();
    answer.into_inner().content
}

/// A drafted report, and the name of one of its chapters.
async fn chapter(world: &World, id: &str) -> String {
    world.create_period().await;
    world.draft_report(ID, content("half-year-report-1", HOME, "Delårsrapport")).await;
    format!("{}/chapters/{id}", name(ID))
}

#[tokio::test]
async fn a_file_is_attached_by_who_writes_the_chapter_and_read_by_who_reads_it() {
    on_both(|database| async {
        let world = World::new(database).await;
        let chapter = chapter(&world, "staff.sala").await;
        let early = attach(&world, coach(&world, file(&chapter, "0", "enkat", PDF))).await;
        assert_eq!(problem(early.map(Response::new)).0, Code::NotFound);
        let lead = world.lead("sala", write(&chapter, "0", "Vi är två.", &["coach"]));
        world.chapters().update_chapter(lead).await.unwrap();
        let with_file =
            attach(&world, coach(&world, file(&chapter, "1", "enkat", PDF))).await.unwrap();
        assert_eq!((with_file.etag.as_str(), with_file.text.as_str()), ("2", "Vi är två."));
        assert_eq!(with_file.updater, format!("{HOME}/accounts/coach"));
        let attached = &with_file.attachments[0];
        assert_eq!(attached.name, format!("{chapter}/attachments/enkat"));
        assert_eq!((attached.size_bytes, attached.sha256.len()), (18, 64));
        let again = attach(&world, coach(&world, file(&chapter, "1", "enkat", PDF))).await;
        assert_eq!(again.unwrap(), with_file);

        let stale = attach(&world, coach(&world, file(&chapter, "1", "other", PDF))).await;
        assert_eq!(problem(stale.map(Response::new)).0, Code::Aborted);

        // The text is written on; the files stay.
        let text = world.lead("sala", write(&chapter, "2", "Vi är tre.", &["coach"]));
        let answer = world.chapters().update_chapter(text).await.unwrap().into_inner();
        assert_eq!(answer.chapter.unwrap().attachments, with_file.attachments);
        let compiled = world.compiled(ID).await.chapters;
        let shown = compiled.iter().filter_map(|shown| shown.chapter.as_ref());
        let listed: Vec<_> = shown.flat_map(|chapter| &chapter.attachments).collect();
        assert_eq!(listed, [attached]);

        for request in [
            world.office(named(&chapter, "enkat")),
            coach(&world, named(&chapter, "enkat")),
            world.by(Role::Auditor, "federation", named(&chapter, "enkat")),
        ] {
            let read = files(&world).get_attachment(request).await.unwrap().into_inner();
            assert_eq!((read.content.as_slice(), read.attachment.as_ref()), (PDF, Some(attached)));
        }
        for request in [
            world.lead("surahammar", named(&chapter, "enkat")),
            world.office(named(&chapter, "none")),
            world.stranger(named(&chapter, "enkat")),
        ] {
            let refused = files(&world).get_attachment(request).await;
            assert_eq!(problem(refused).0, Code::NotFound);
        }
        let other = world.lead("surahammar", off(&chapter, "3", "enkat"));
        assert_eq!(problem(files(&world).detach_file(other).await).0, Code::NotFound);
        let detached = files(&world).detach_file(coach(&world, off(&chapter, "3", "enkat"))).await;
        assert!(detached.unwrap().into_inner().chapter.unwrap().attachments.is_empty());
        assert_eq!(reporting::verify(&world.database).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_attached_is_told_all_at_once() {
    on_both(|database| async {
        let world = World::new(database).await;
        let chapter = chapter(&world, "introduction").await;
        let wrong = pb::AttachFileRequest {
            parent: "introduction".to_owned(),
            attachment_id: "A".to_owned(),
            etag: String::new(),
            file_name: "18900101-9802.pdf".to_owned(),
            media_type: "text/html".to_owned(),
            ..file(&chapter, "0", "a", PDF)
        };
        let answer = attach(&world, world.office(wrong)).await;
        let told = [
            ("parent", "NAME_MALFORMED"),
            ("attachment_id", "ID_MALFORMED"),
            ("etag", "FIELD_MISSING"),
            ("file_name", "PERSONAL_NUMBER_IN_TEXT"),
            ("media_type", "ATTACHMENT_TYPE_NOT_ALLOWED"),
        ];
        assert_eq!(faults(answer.map(Response::new)), expected(&told));

        let picture = b"\x89PNG\r\n\x1a\n";
        for (content, reason) in
            [(b"".as_slice(), "ATTACHMENT_EMPTY"), (picture, "ATTACHMENT_TYPE_MISMATCH")]
        {
            let refused = attach(&world, world.office(file(&chapter, "0", "a", content))).await;
            assert_eq!(faults(refused.map(Response::new)), expected(&[("content", reason)]));
        }
        let mut content = PDF.to_vec();
        content.resize(5 * 1024 * 1024 + 1, b' ');
        let refused = attach(&world, world.office(file(&chapter, "0", "a", &content))).await;
        assert_eq!(fault_fact(&refused, "limit_bytes"), "5242880");
        content.pop();
        let first = attach(&world, world.office(file(&chapter, "0", "a0", &content))).await;
        assert_eq!(first.unwrap().etag, "1", "a chapter that nobody has written has files too");
        let taken = attach(&world, world.office(file(&chapter, "1", "a0", PDF))).await;
        assert_eq!(problem(taken.map(Response::new)).0, Code::AlreadyExists);
        for number in 1..20 {
            let next = file(&chapter, &number.to_string(), &format!("a{number}"), PDF);
            attach(&world, world.office(next)).await.unwrap();
        }
        let full = attach(&world, world.office(file(&chapter, "20", "b", PDF))).await;
        let refused = problem(full.map(Response::new));
        assert_eq!(refused, (Code::FailedPrecondition, "ATTACHMENTS_TOO_MANY".to_owned()));
        let nowhere = chapter.replace("introduction", "conclusion");
        let nowhere = attach(&world, world.office(file(&nowhere, "0", "a", PDF))).await;
        assert_eq!(problem(nowhere.map(Response::new)).0, Code::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_published_report_keeps_its_files_and_its_release_names_them() {
    on_both(|database| async {
        let world = World::new(database).await;
        world.create_period().await;
        let etag = drafted(&world, "Teamen hade [](figure:participants) deltagare.").await;
        let chapter = format!("{}/chapters/introduction", name("halvar"));
        attach(&world, world.office(file(&chapter, "1", "enkat", PDF))).await.unwrap();
        let etag = submitted(&world, &etag).await;
        let closed = || (Code::FailedPrecondition, "REPORT_STATE_FORBIDS".to_owned());
        let late = attach(&world, world.office(file(&chapter, "2", "sen", PDF))).await;
        assert_eq!(problem(late.map(Response::new)), closed());
        let etag = accepted_as(&world, &etag).await;
        let release = published(&world, &etag).await.unwrap();
        let released = release.chapters[0].attachments[0].clone();
        assert_eq!(released.file_name, "Enkät våren.pdf");
        assert_eq!((released.size_bytes, released.sha256.len()), (18, 64));
        let detached = files(&world).detach_file(world.office(off(&chapter, "2", "enkat"))).await;
        assert_eq!(problem(detached), closed());
        let read = files(&world).get_attachment(world.office(named(&chapter, "enkat"))).await;
        assert_eq!(read.unwrap().into_inner().content, PDF);

        let message = VerifyReleaseRequest { name: release.name.clone() };
        let answer = world.releases().verify_release(world.office(message)).await.unwrap();
        assert!(answer.get_ref().intact, "{:?}", answer.get_ref().differences);
        let json = download(&world, &release, pb::ReleaseFormat::Json).await;
        // The finance of these tests has rows that make no total.
        let problems = verifier::verify(&json, &[]).unwrap().problems;
        assert!(!problems.iter().any(|line| line.contains("/attachments/")), "{problems:?}");
        let own = verifier::named(&json, PDF).unwrap();
        assert_eq!(own, [format!("Enkät våren.pdf ({chapter}/attachments/enkat)")]);
        assert_eq!(verifier::named(&json, b"%PDF-1.7\nEn annan").unwrap(), [""; 0]);
        let book = download(&world, &release, pb::ReleaseFormat::Xlsx).await;
        let mut book = Workbook::open(&book, &Limits::SMALL).unwrap();
        let sheets = book.filled_sheets().unwrap();
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        assert_eq!(names, ["Uppgifter", "Medel", "Bilagor", "Journaler"], "every table");
        let rows = book.records(&sheets[2]).unwrap();
        assert_eq!(rows[1].cells[&2], Ok(Value::Text("Enkät våren.pdf".to_owned())));
        // The services are called what the printed report calls them.
        let rows = book.records(&sheets[3]).unwrap();
        let services: Vec<_> = rows[1..].iter().map(|row| row.cells[&0].clone()).collect();
        let called = ["Rapporteringen", "Ekonomin"];
        assert_eq!(services, called.map(|name| Ok(Value::Text(name.to_owned()))));
        assert_eq!(reporting::verify(&world.database).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_content_that_somebody_has_changed_or_taken_away_is_found_and_never_handed_out() {
    on_both(|database| async {
        let world = World::new(database).await;
        let chapter = chapter(&world, "introduction").await;
        attach(&world, world.office(file(&chapter, "0", "enkat", PDF))).await.unwrap();
        let write = &world.database.write;
        let execute = |sql: String| async move { write.execute_unprepared(&sql).await.map(|_| ()) };
        let is_postgres = world.database.backend() == sea_orm::DbBackend::Postgres;
        let kind = if is_postgres { "bytea" } else { "blob" };
        let changed = format!("UPDATE attachment_content SET content = CAST('%PDF-1.8' AS {kind})");
        let gone = "DELETE FROM attachment_content".to_owned();
        for sql in [&changed, &gone] {
            assert!(execute(sql.clone()).await.is_err(), "the database itself refuses {sql}");
        }
        let guards: &[&str] = match is_postgres {
            true => &["attachment_content_append_only ON attachment_content"],
            false => &["attachment_content_no_UPDATE", "attachment_content_no_DELETE"],
        };
        for guard in guards {
            execute(format!("DROP TRIGGER {guard}")).await.unwrap();
        }
        for (sql, found) in [(changed, "the changed content of"), (gone, "is gone: ")] {
            execute(sql).await.unwrap();
            let read = files(&world).get_attachment(world.office(named(&chapter, "enkat"))).await;
            assert_eq!(problem(read).0, Code::Internal);
            let problems = reporting::verify(&world.database).await.unwrap();
            assert_eq!(problems.len(), 1, "{problems:?}");
            assert!(problems[0].contains(found), "{problems:?}");
        }
    })
    .await;
}
