//! Requisitions: content, files and steps.

use platform::Principal;
use proto::finance::{self as pb, attachment_service_client::AttachmentServiceClient};

use super::{Answer, date, lines, period, send};
use crate::{
    model::reference::requisition::{Asks, Content},
    world::{HOME, World},
};

pub(super) async fn ask(
    world: &World,
    caller: &Principal,
    asks: Asks,
    request_id: String,
) -> Answer {
    let validate_only = false;
    match asks {
        Asks::Draft { id, party, grant, corrects, content } => {
            let corrects = corrects.map(|corrects| format!("{HOME}/requisitions/{corrects}"));
            let written = pb::Requisition {
                grant: format!("{HOME}/grants/{grant}"),
                party: format!("{HOME}/parties/{party}"),
                corrects: corrects.unwrap_or_default(),
                ..written(&content)
            };
            let message = pb::CreateRequisitionRequest {
                parent: HOME.to_owned(),
                requisition_id: id,
                requisition: Some(written),
                request_id,
                validate_only,
            };
            send!(world, caller, world.requisitions(), create_requisition(message))
        }
        Asks::Update { id, etag, kept, content } => {
            let (party, grant, corrects) = kept;
            let corrects = corrects.map(|corrects| format!("{HOME}/requisitions/{corrects}"));
            let written = pb::Requisition {
                name: format!("{HOME}/requisitions/{id}"),
                grant: format!("{HOME}/grants/{grant}"),
                party: format!("{HOME}/parties/{party}"),
                corrects: corrects.unwrap_or_default(),
                ..written(&content)
            };
            let requisition = Some(written);
            let message =
                pb::UpdateRequisitionRequest { requisition, etag, request_id, validate_only };
            send!(world, caller, world.requisitions(), update_requisition(message))
        }
        Asks::Attach { id, etag, file } => {
            let message = pb::AttachFileRequest {
                parent: format!("{HOME}/requisitions/{id}"),
                content: format!("konto;belopp\n{file};1\n").into_bytes(),
                attachment_id: file,
                etag,
                file_name: "underlag.csv".to_owned(),
                media_type: "text/csv".to_owned(),
                request_id,
                validate_only,
            };
            let mut client = AttachmentServiceClient::new(world.transport.clone());
            send!(world, caller, client, attach_file(message))
        }
        Asks::Detach { id, etag, file } => {
            let name = format!("{HOME}/requisitions/{id}/attachments/{file}");
            let message = pb::DetachFileRequest { name, etag, request_id, validate_only };
            let mut client = AttachmentServiceClient::new(world.transport.clone());
            send!(world, caller, client, detach_file(message))
        }
        Asks::Step { id, step, etag, paid } => {
            let name = format!("{HOME}/requisitions/{id}");
            take(world, caller, step, Asked { name, etag, request_id }, date(paid)).await
        }
    }
}

fn written(content: &Content) -> pb::Requisition {
    pb::Requisition {
        period: period(content.days),
        cost_lines: lines(&content.costs),
        payment_reference: "bg 5050-1055".to_owned(),
        ..Default::default()
    }
}

/// What a step is asked with.
struct Asked {
    name: String,
    etag: String,
    request_id: String,
}

async fn take(
    world: &World,
    caller: &Principal,
    step: &str,
    asked: Asked,
    payment_date: Option<proto::Date>,
) -> Answer {
    let Asked { name, etag, request_id } = asked;
    let mut client = world.requisitions();
    let (comment, validate_only) = ("because".to_owned(), false);
    macro_rules! step {
        ($method:ident($request:ident)) => {{
            let message = pb::$request { name, etag, comment, request_id, validate_only };
            send!(world, caller, client, $method(message))
        }};
    }
    match step {
        "submit" => step!(submit_requisition(SubmitRequisitionRequest)),
        "return" => step!(return_requisition(ReturnRequisitionRequest)),
        "review" => step!(review_requisition(ReviewRequisitionRequest)),
        "approve" => step!(approve_requisition(ApproveRequisitionRequest)),
        "reject" => step!(reject_requisition(RejectRequisitionRequest)),
        "withdraw" => step!(withdraw_requisition(WithdrawRequisitionRequest)),
        _ => {
            let message = pb::PayRequisitionRequest {
                name,
                etag,
                comment,
                request_id,
                validate_only,
                payment_date,
                bank_reference: "B 8".to_owned(),
            };
            send!(world, caller, client, pay_requisition(message))
        }
    }
}
