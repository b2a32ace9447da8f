//! `ReminderService`, and the reminders that the service itself sends.

use std::{collections::BTreeSet, sync::Arc};

use futures::FutureExt as _;
use platform::{
    Draft, Entry, Failure, Journal, Principal, Step, Write,
    clock::day_in_sweden,
    convert::timestamp,
    journal::Transaction,
    journalled::{Recorded, all_decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::reporting::{
    self as pb, ListRemindersRequest, ListRemindersResponse, SendReminderRequest,
    SendReminderResponse, reminder_service_server::ReminderService,
};
use sea_orm::ConnectionTrait;
use tonic::{Request, Response, Status, async_trait};
use uuid::Uuid;
use values::{
    Faults, Slug,
    name::{ReminderName, ReportingPeriodName},
};

use super::{
    Shell, convert, draft,
    due_report::{self, schedule_name, stored},
    parent, permissions, recorded,
    resource::{malformed_token, unreadable},
};
use crate::{
    domain::{
        due_report::{ScheduleName, due_reports},
        reminder::{self, Kind, Refusal, Reminded},
        report::Subject,
    },
    store::{self, indexed::Row, reminder::Narrowed},
};

const SEND: &str = "/samordna.reporting.v1.ReminderService/SendReminder";
/// Who sends what nobody asks for, and by way of what.
const SERVICE: &str = "service/reporting";

pub(super) struct Reminders(pub(super) Shell);

#[async_trait]
impl ReminderService for Reminders {
    async fn send_reminder(
        &self,
        request: Request<SendReminderRequest>,
    ) -> Result<Response<SendReminderResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.send(&principal, request.into_inner()).await?))
    }

    async fn list_reminders(
        &self,
        request: Request<ListRemindersRequest>,
    ) -> Result<Response<ListRemindersResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Reminders {
    async fn send(
        &self,
        principal: &Principal,
        message: SendReminderRequest,
    ) -> Result<SendReminderResponse, Failure> {
        let write = Write::of(principal, SEND, &message)?;
        let sender = principal.account.to_string();
        let asked = Arc::new((parse(principal, message)?, sender));
        let step = self.0.journal.write(write, move |transaction, step| {
            let asked = Arc::clone(&asked);
            async move {
                let ((schedule, subject), sender) = asked.as_ref();
                by_hand(transaction, step, schedule, subject, sender).await
            }
            .boxed()
        });
        let entries = step.await?;
        Ok(SendReminderResponse { reminder: Some(recorded(&entries)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListRemindersRequest,
    ) -> Result<ListRemindersResponse, Failure> {
        let ListRemindersRequest { parent: sent, reporting_period, subject, page_size, page_token } =
            message;
        let mut faults = Faults::new();
        let federation = parent(&mut faults, principal, &sent)?;
        let parse = || ReportingPeriodName::parse("reporting_period", &reporting_period);
        let period = faults.keep((!reporting_period.is_empty()).then(parse).transpose());
        let parse = || Subject::parse("subject", &principal.federation, &subject);
        let asked = (!subject.is_empty()).then(parse).transpose();
        let asked = faults.keep(asked);
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let after = page.as_ref().and_then(|page| page.after.as_deref());
        let before = after.map(|after| after.parse().map_err(|_| malformed_token())).transpose();
        let before = faults.keep(before);
        let (period, asked, size, before) =
            faults.into_result(|| Some((period?, asked?, page?.size, before?)))?;
        if let Some(period) = &period {
            principal.is_in(&period.federation, &reporting_period)?;
        }
        let narrowed = Narrowed {
            period: period.map(|period| period.id),
            subjects: subjects(principal, asked),
            before,
        };
        let read = &self.0.journal.database().read;
        let listed = store::reminder::list(read, &federation, narrowed, size).await?;
        let reminders: Vec<pb::Reminder> = all_decoded(&listed)?;
        let key = |reminder: &pb::Reminder| id_of(&reminder.name).to_owned();
        let next_page_token = next_page_token(listed.has_more, &reminders, key);
        Ok(ListRemindersResponse { reminders, next_page_token })
    }
}

/// Whose reminders the caller reads, of the one asked for or of all; none for
/// everybody's.
fn subjects(principal: &Principal, asked: Option<Subject>) -> Option<BTreeSet<Subject>> {
    let reach = permissions::reach(principal);
    let Some(subject) = asked else { return reach };
    let is_within = reach.is_none_or(|reach| reach.contains(&subject));
    Some(is_within.then_some(subject).into_iter().collect())
}

fn parse(
    principal: &Principal,
    message: SendReminderRequest,
) -> Result<(ScheduleName, Subject), Failure> {
    let SendReminderRequest {
        reporting_period,
        template,
        subject: sent,
        request_id: _,
        validate_only: _,
    } = message;
    let mut faults = Faults::new();
    let schedule = schedule_name(&mut faults, principal, &reporting_period, &template)?;
    let subject = faults.keep(Subject::parse("subject", &principal.federation, &sent));
    Ok(faults.into_result(|| schedule.zip(subject))?)
}

async fn by_hand(
    transaction: &Transaction,
    step: Step,
    name: &ScheduleName,
    subject: &Subject,
    sender: &str,
) -> Result<Vec<Draft>, Failure> {
    let kept = store::due_report::find(transaction, name).await?;
    let schedule = stored(&kept.ok_or_else(|| Failure::not_found(name))?.payload)?;
    let due_date = Some(schedule.1.due_date);
    let progress = due_report::progress(transaction, &name.period_name()).await?;
    let due = due_reports(&[schedule], &progress, day_in_sweden(step.now));
    reminder::by_hand(&due, subject).map_err(|refusal| match refusal {
        Refusal::NotDue => Failure::not_found(subject.name(&name.federation)),
        Refusal::NotOutstanding(state) => {
            Failure::refused("REPORT_NOT_OUTSTANDING").with("report_state", state.code())
        }
    })?;
    let (schedule, subject, kind) = (name.clone(), subject.clone(), Kind::ByHand);
    let reminded = Reminded { schedule, subject, kind, due_date };
    save(transaction, step, vec![reminded], sender).await
}

/// Sends what is to be sent today and is not, in every federation, and answers how much
/// that was.
///
/// # Errors
/// When the database fails.
pub(crate) async fn remind(journal: &Journal) -> Result<usize, Failure> {
    let (first_day, last_day) = reminder::due_dates(journal.clock().today());
    let read = &journal.database().read;
    let federations = store::due_report::federations_due_between(read, first_day, last_day).await?;
    let mut count = 0;
    for federation in federations {
        // Most days nothing is to be sent, and nobody's write has to wait for that.
        let picture = journal.database().snapshot().await?;
        let now = Step { now: journal.clock().now(), sequence: 0 };
        let is_idle = to_send(&picture, now, &federation).await?.is_empty();
        picture.rollback().await?;
        if !is_idle {
            count += send_all(journal, federation).await?.len();
        }
    }
    Ok(count)
}

async fn send_all(journal: &Journal, federation: Slug) -> Result<Vec<Entry>, Failure> {
    let write = Write {
        federation: federation.clone(),
        actor: SERVICE.to_owned(),
        client: SERVICE.to_owned(),
        rpc: SEND,
        // What was sent is known by its row, whoever looks; a repetition sends nothing.
        request_id: Uuid::now_v7().to_string(),
        request_hash: [0; 32],
        validate_only: false,
    };
    let step = journal.write(write, move |transaction, step| {
        let federation = federation.clone();
        async move {
            let reminded = to_send(transaction, step, &federation).await?;
            save(transaction, step, reminded, SERVICE).await
        }
        .boxed()
    });
    step.await
}

async fn to_send(
    connection: &impl ConnectionTrait,
    step: Step,
    federation: &Slug,
) -> Result<Vec<Reminded>, Failure> {
    let today = day_in_sweden(step.now);
    let (first_day, last_day) = reminder::due_dates(today);
    let payloads =
        store::due_report::due_between(connection, federation, first_day, last_day).await?;
    let mut reminded = Vec::new();
    for payload in payloads {
        let schedule = stored(&payload)?;
        let name = schedule.0.clone();
        let progress = due_report::progress(connection, &name.period_name()).await?;
        let due_date = schedule.1.due_date;
        let sent = store::reminder::sent(connection, &name, due_date).await?;
        for due in due_reports(&[schedule], &progress, today) {
            let kinds = sent.iter().filter(|(subject, _)| *subject == due.subject);
            if let Some(kind) = reminder::to_send(&due, &kinds.map(|(_, kind)| *kind).collect()) {
                let (schedule, due_date) = (name.clone(), Some(due_date));
                reminded.push(Reminded { schedule, subject: due.subject, kind, due_date });
            }
        }
    }
    Ok(reminded)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    reminded: Vec<Reminded>,
    sender: &str,
) -> Result<Vec<Draft>, Failure> {
    let mut drafts = Vec::new();
    for (sequence, reminded) in (step.sequence..).zip(&reminded) {
        let id = Slug::parse("reminder", &sequence.to_string())?;
        let name = ReminderName::new(reminded.schedule.federation.clone(), id);
        let resource = pb::Reminder {
            name: name.to_string(),
            send_time: Some(timestamp(step.now)),
            sender: sender.to_owned(),
            ..convert::due_report::reminder(reminded)
        };
        store::reminder::insert(transaction, reminded, sequence).await?;
        drafts.push(draft("reminder.sent", &name, &resource));
    }
    Ok(drafts)
}

/// The row that finds a recorded reminder.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Option<Row>> {
    let message: pb::Reminder = prost::Message::decode(payload)?;
    anyhow::ensure!(recorded.created_sequence == recorded.sequence, "was changed");
    anyhow::ensure!(id_of(name) == recorded.sequence.to_string(), "has another number");
    let reminded = convert::due_report::reminded(message).map_err(unreadable)?;
    Ok(Some(store::reminder::row(&reminded, recorded)))
}
