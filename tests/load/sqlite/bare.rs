//! The barest writer there is: one connection, statements prepared once, a commit
//! a submission. It decides nothing, reads nothing, hashes nothing.
//!
//! All that is known here of finance's tables is in the texts below.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use rusqlite::{Connection, Statement, params};

use crate::{
    calls::Done,
    federation::{self, Federation, LINE_ORE, YEAR},
    submission::submitter::Draft,
};

/// As finance opens its own file.
const SETTINGS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                        PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192; \
                        PRAGMA temp_store = memory; PRAGMA wal_autocheckpoint = 4000;";
const SEQUENCE: &str = "SELECT sequence FROM journal_head WHERE federation_id = ?1";

const STATE: &str = "UPDATE requisition SET state = 'submitted', revision = 2 \
                     WHERE federation_id = ?1 AND requisition_id = ?2";
const STEP: &str = "INSERT INTO requisition_step \
    (federation_id, requisition_id, step, state, actor_id, taken_at, comment) \
    VALUES (?1, ?2, 2, 'submitted', 'party-0-economist', '2025-06-30 12:00:00 +00:00', '')";
const POSTINGS: &str = "INSERT INTO posting \
    (federation_id, sequence, line, year, account, grant_id, party_id, cost_kind, day, amount_ore) \
    VALUES (?1, ?2, 1, ?7, 'left', ?3, NULL, NULL, ?5, -3 * ?6), \
     (?1, ?2, 2, ?7, 'reserved', ?3, ?4, 'staff', ?5, ?6), \
     (?1, ?2, 3, ?7, 'reserved', ?3, ?4, 'premises', ?5, ?6), \
     (?1, ?2, 4, ?7, 'reserved', ?3, ?4, 'activities', ?5, ?6)";
const BALANCES: &str = "UPDATE \"grant\" SET left_ore = left_ore - ?3, \
    reserved_ore = reserved_ore + ?3 WHERE federation_id = ?1 AND grant_id = ?2";
const JOURNAL: &str = "INSERT INTO journal \
    (federation_id, sequence, recorded_at_us, actor, client, rpc, request_id, item, request_hash, \
     kind, subject, payload, salt, commitment, previous_hash, hash) \
    VALUES (?1, ?2, 1700000000000000, 'federations/load/accounts/party-0-economist', 'load', \
     '/samordna.finance.v1.RequisitionService/SubmitRequisition', ?3, 0, ?5, \
     'requisition.submitted', ?4, ?6, ?7, ?5, ?5, ?5)";
const HEAD: &str = "UPDATE journal_head SET sequence = ?2, hash = ?3 WHERE federation_id = ?1";

/// Its connection.
pub(super) struct Bare {
    connection: Connection,
    federation: Federation,
    /// The last of the journal's sequences.
    sequence: i64,
}

impl Bare {
    /// Opens a copy of finance's database.
    pub(super) fn open(file: &Path, federation: Federation) -> anyhow::Result<Self> {
        let connection = Connection::open(file).context("cannot open the copy")?;
        connection.execute_batch(SETTINGS)?;
        let sequence = connection.query_row(SEQUENCE, [federation.id], |row| row.get(0))?;
        Ok(Self { connection, federation, sequence })
    }

    /// Submits them one after another.
    pub(super) fn submit(&mut self, drafts: &[Draft]) -> anyhow::Result<Done> {
        let Self { connection, federation, sequence } = self;
        let prepare = |sql: &str| connection.prepare(sql);
        let mut begin = prepare("BEGIN IMMEDIATE")?;
        let mut commit = prepare("COMMIT")?;
        let mut state = prepare(STATE)?;
        let mut step = prepare(STEP)?;
        let mut postings = prepare(POSTINGS)?;
        let mut balances = prepare(BALANCES)?;
        let mut journal = prepare(JOURNAL)?;
        let mut head = prepare(HEAD)?;
        let (hash, payload, salt) = ([0xa1_u8; 32], [0xb2_u8; 320], [0xc3_u8; 16]);
        let day = format!("{YEAR}-06-30");
        let amount_ore = 3 * LINE_ORE;

        let mut times_ms = Vec::with_capacity(drafts.len());
        let begun = Instant::now();
        for Draft { number, name, .. } in drafts {
            let started = Instant::now();
            *sequence += 1;
            let id = format!("r-{number}");
            let grant = federation::grant(number % federation.grants);
            begin.execute([])?;
            one(&mut state, params![federation.id, id])?;
            one(&mut step, params![federation.id, id])?;
            let values = params![federation.id, *sequence, grant, "party-0", day, LINE_ORE, YEAR];
            postings.execute(values)?;
            one(&mut balances, params![federation.id, grant, amount_ore])?;
            let request = format!("load-{number}-submit");
            let values = params![federation.id, *sequence, request, name, hash, payload, salt];
            one(&mut journal, values)?;
            one(&mut head, params![federation.id, *sequence, hash])?;
            commit.execute([])?;
            times_ms.push(started.elapsed().as_secs_f64() * 1e3);
        }
        let took: Duration = begun.elapsed();
        Ok(Done { times_ms, took })
    }
}

/// Runs a statement that must change one row.
fn one(statement: &mut Statement<'_>, values: &[&dyn rusqlite::ToSql]) -> anyhow::Result<()> {
    let changed = statement.execute(values)?;
    anyhow::ensure!(changed == 1, "{changed} rows changed in place of one");
    Ok(())
}
