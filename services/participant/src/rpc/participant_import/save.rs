//! Keeps what a batch becomes: many rows of each table at once.

use std::collections::BTreeMap;

use platform::{
    Draft, Failure, Principal, Step,
    journal::Transaction,
    journalled::{self, decoded},
    sql::Batch,
};
use values::name::{ParticipantName, PartyName, ReferralName};

use super::{
    Known,
    plan::{Plan, Planned, Somebody, plan},
    read::Prepared,
    render,
};
use crate::{
    domain::{case::Recorded, fact::Fact, participant_import::Import, person},
    keyring::DataKey,
    rpc::{
        Shared,
        case::{self, Drafts},
        convert,
        disposal::cases,
        follow_up,
        participant::protect,
        people, permissions, sealed,
    },
    store,
};

/// Takes a batch in.
pub(super) async fn save(
    shared: &Shared,
    transaction: &Transaction,
    step: Step,
    asked: &Prepared,
    caller: &Principal,
    known: &Known,
) -> Result<Vec<Draft>, Failure> {
    let standing = standing(transaction, asked).await?;
    let reach = permissions::writing_reach(caller);
    let recorded = Recorded { actor: caller.account.clone(), time: step.now };
    let plan = plan(shared, transaction, asked, &reach, &recorded).await?;
    if asked.write.validate_only {
        known.put(visible(transaction, asked, caller, &plan).await?);
    }
    if plan.cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut drafts = Drafts::of(step);
    drafts.push(keep_import(transaction, step, asked, (standing, &plan), &recorded).await?);
    keep_cases(shared, transaction, plan, &mut drafts, &recorded).await?;
    Ok(drafts.into_vec())
}

/// Who was here before, of those that the caller sees.
async fn visible(
    transaction: &Transaction,
    asked: &Prepared,
    caller: &Principal,
    plan: &Plan,
) -> Result<BTreeMap<usize, (PartyName, ParticipantName)>, Failure> {
    let reach = permissions::reach(caller);
    let person = |somebody: &usize| &plan.people[*somebody].person;
    let ids = plan.known.values().map(|somebody| &person(somebody).name.id);
    let subjects = store::event::subjects(transaction, &asked.team.federation, ids).await?;
    let seen = |(number, somebody): (&usize, &usize)| {
        let person = person(somebody);
        let teams = &subjects.get(&person.name.id)?.teams;
        let is_seen = teams
            .iter()
            .any(|team| reach.people.contains(&(person.party.id.clone(), team.clone())));
        is_seen.then(|| (*number, (person.party.clone(), person.name.clone())))
    };
    Ok(plan.known.iter().filter_map(seen).collect())
}

/// The import as it stands, when batches of it came before.
async fn standing(
    transaction: &Transaction,
    asked: &Prepared,
) -> Result<Option<(Import, journalled::Kept)>, Failure> {
    let Some(kept) = store::participant_import::find(transaction, &asked.name).await? else {
        return Ok(None);
    };
    let import = super::kept(decoded(&kept.payload)?)?;
    if !import.undo_reason.is_empty() {
        return Err(Failure::refused("IMPORT_UNDONE").with("import", &asked.name.id));
    }
    if import.team != asked.team {
        return Err(Failure::refused("IMPORT_OTHER_TEAM").with("team", import.team));
    }
    Ok(Some((import, kept)))
}

async fn keep_import(
    transaction: &Transaction,
    step: Step,
    asked: &Prepared,
    (standing, plan): (Option<(Import, journalled::Kept)>, &Plan),
    recorded: &Recorded,
) -> Result<Draft, Failure> {
    let count = i64::try_from(plan.cases.len()).unwrap_or(i64::MAX);
    let first = || Import {
        name: asked.name.clone(),
        time: recorded.time,
        actor: recorded.actor.clone(),
        team: asked.team.clone(),
        cases: 0,
        undo_reason: String::new(),
    };
    let (before, kept) = standing.unzip();
    let mut import = before.unwrap_or_else(first);
    import.cases += count;
    let revision = kept.as_ref().map_or(1, |kept| kept.revision + 1);
    let row = |recorded| store::participant_import::Row {
        name: asked.name.clone(),
        team: asked.team.clone(),
        revision,
        recorded,
    };
    match kept {
        Some(kept) => {
            let recorded = journalled::Recorded { sequence: step.sequence, ..kept.recorded };
            store::participant_import::update(transaction, &row(recorded)).await?;
        }
        None => {
            let recorded = journalled::Recorded::first(step.sequence);
            store::participant_import::insert(transaction, &row(recorded)).await?;
        }
    }
    let resource = render(&import, revision);
    Ok(crate::rpc::draft("participant_import.taken_in", &asked.name, &resource))
}

async fn keep_cases(
    shared: &Shared,
    transaction: &Transaction,
    plan: Plan,
    drafts: &mut Drafts,
    recorded: &Recorded,
) -> Result<(), Failure> {
    let Plan { mut people, cases, known: _ } = plan;
    let (mut rows, mut gone) = (Rows::default(), Vec::new());
    for Planned { case, somebody } in &cases {
        let Somebody { person, key, entered } = &mut people[*somebody];
        let goes = person.lets_go(case);
        if goes && let Some(protected) = person::protect(person, vec![case.clone()]) {
            *person = protected.person;
        }
        let entered = *entered.get_or_insert_with(|| {
            let (index, wrapped_key) = people::index(&shared.keyring, person, key, 1);
            let sequence = drafts.next();
            rows.people.push((index, wrapped_key, journalled::Recorded::first(sequence)));
            let message = convert::participant::render(person, 1);
            let payload = sealed::seal(key, &person.name.id, &person.name, &message);
            let subject = person.name.to_string();
            drafts.push(Draft { kind: "participant.entered", subject, payload });
            sequence
        });
        // What goes at once is sealed with a key that nobody keeps.
        let nobodys = DataKey::new();
        let key = if goes { &nobodys } else { &*key };
        if goes {
            gone.push(Gone {
                case: &case.referral.name,
                names: cases::names_at_once(case, person),
            });
        }
        let sequence = drafts.next();
        let referral = &case.referral;
        let index = people::referral_index(referral, person, 1);
        rows.referrals.push((index, entered, journalled::Recorded::first(sequence)));
        let facts = case.counted(person);
        rows.facts.push((referral.name.clone(), person.name.clone(), facts, sequence));
        let message = convert::referral::render(referral, 1);
        let payload = sealed::seal(key, &person.name.id, &referral.name, &message);
        let subject = referral.name.to_string();
        drafts.push(Draft { kind: "referral.imported", subject, payload });
        for enrolment in &case.enrolments {
            let index = people::enrolment_index(enrolment, person, 1);
            rows.enrolments.push((index, journalled::Recorded::first(drafts.next())));
            let scheduled = follow_up::scheduled(enrolment).into_iter();
            rows.follow_ups.extend(scheduled.map(|index| (index, None)));
            drafts.push(case::draft(enrolment, 1, (person, key), "enrolment.imported"));
        }
    }
    rows.insert(transaction).await?;
    let_go(transaction, drafts, &gone, recorded).await
}

/// A case that had ended when it came, of somebody with protected identity.
struct Gone<'a> {
    case: &'a ReferralName,
    names: Vec<store::disposed::Row>,
}

/// Lets go of cases once they are counted.
async fn let_go(
    transaction: &Transaction,
    drafts: &mut Drafts,
    gone: &[Gone<'_>],
    recorded: &Recorded,
) -> Result<(), Failure> {
    let Some(Gone { case: first, .. }) = gone.first() else {
        return Ok(());
    };
    let ids: Vec<_> = gone.iter().map(|gone| &gone.case.id).collect();
    let mut of_parties = BTreeMap::<&PartyName, usize>::new();
    let mut batch = Batch::on(transaction);
    store::disposed::remove_cases(&mut batch, &first.federation, &ids);
    for Gone { case: _, names } in gone {
        store::disposed::insert(&mut batch, names).await?;
        for row in names {
            drafts.push(cases::draft(row)?);
        }
        let party = names.first().map(|row| &row.party);
        *of_parties.entry(party.expect("a case has a name")).or_default() += 1;
    }
    batch.send().await?;
    for (party, count) in of_parties {
        protect::enter(transaction, drafts, (party, count), recorded).await?;
    }
    Ok(())
}

/// The rows of a batch, by table.
#[derive(Default)]
struct Rows {
    people: Vec<(store::person::Index, Vec<u8>, journalled::Recorded)>,
    referrals: Vec<(store::referral::Index, i64, journalled::Recorded)>,
    enrolments: Vec<(store::enrolment::Index, journalled::Recorded)>,
    facts: Vec<(ReferralName, ParticipantName, Vec<Fact>, i64)>,
    follow_ups: Vec<(store::follow_up::Index, Option<i64>)>,
}

impl Rows {
    async fn insert(self, transaction: &Transaction) -> Result<(), Failure> {
        let Rows { people, referrals, enrolments, facts, follow_ups } = self;
        let mut batch = Batch::on(transaction);
        store::person::insert_all(&mut batch, people).await?;
        store::referral::insert_all(&mut batch, &referrals).await?;
        store::enrolment::insert_all(&mut batch, &enrolments).await?;
        store::fact::add_all(&mut batch, &facts).await?;
        store::follow_up::insert_all(&mut batch, &follow_ups).await?;
        Ok(batch.send().await?)
    }
}
