//! What one transaction gathers: the rows it will append, chained onto the head,
//! and what has been recorded under which request id. Knows no database.

use std::{collections::HashMap, ops::Range};

use chrono::{DateTime, Utc};
use rand::TryRng as _;
use values::Slug;

use super::{
    Draft, Entry, Outcome, Step, Write,
    chain::{self, Link},
    store::{Head, Row},
};
use crate::Failure;

/// Who asks, and the name of the request.
type Key = (String, String);

pub(super) struct Group {
    federation: Slug,
    now: DateTime<Utc>,
    head: Head,
    /// What was recorded before, by the request it was recorded for.
    before: HashMap<Key, Vec<Row>>,
    /// What is to be appended.
    rows: Vec<Row>,
    /// How many of them are appended already.
    appended: usize,
    /// Where among them a request's rows are.
    within: HashMap<Key, Range<usize>>,
}

impl Group {
    /// Nothing yet, after a head, with what is recorded under the request ids
    /// that are about to come.
    pub(super) fn new(
        federation: Slug,
        now: DateTime<Utc>,
        head: Head,
        recorded: Vec<Row>,
    ) -> Self {
        let mut before: HashMap<Key, Vec<Row>> = HashMap::new();
        for row in recorded {
            before.entry((row.client.clone(), row.request_id.clone())).or_default().push(row);
        }
        Self {
            federation,
            now,
            head,
            before,
            rows: Vec::new(),
            appended: 0,
            within: HashMap::new(),
        }
    }

    /// What the next step is told.
    pub(super) fn told(&self) -> Step {
        Step { now: self.now, sequence: self.head.sequence + 1 }
    }

    /// True when something is to be appended.
    pub(super) fn records(&self) -> bool {
        !self.rows.is_empty()
    }

    /// What is to be appended before another step, which may read it.
    pub(super) fn rows_before_a_step(&mut self) -> Vec<Row> {
        let rows = self.rows[self.appended..].to_vec();
        self.appended = self.rows.len();
        rows
    }

    /// What is still to be appended, and the head after it.
    pub(super) fn into_rows(mut self) -> (Vec<Row>, Head) {
        (self.rows.split_off(self.appended), self.head)
    }

    /// The answer to a repetition: that of the first time for the same request,
    /// a refusal for another request under the same id. None when there was no
    /// first time, before or within the group; a dry run is never a repetition.
    pub(super) fn first_time(&self, write: &Write) -> Option<Outcome> {
        if write.validate_only {
            return None;
        }
        let key = (write.client.clone(), write.request_id.clone());
        let rows = match self.within.get(&key) {
            Some(range) => &self.rows[range.clone()],
            None => self.before.get(&key)?.as_slice(),
        };
        let first = rows.first()?;
        if first.request_hash != write.request_hash {
            return Some(Err(Failure::refused("REQUEST_ID_REUSED")
                .with("rpc", &first.rpc)
                .with("first_time", first.entry.recorded_at.format("%Y-%m-%dT%H:%M:%SZ"))));
        }
        Some(Ok(rows.iter().map(|row| row.entry.clone()).collect()))
    }

    /// Chains the drafts onto the rows; only looks, for a dry run.
    pub(super) fn record(&mut self, write: &Write, drafts: Vec<Draft>) -> Outcome {
        let mut head = self.head.clone();
        let mut rows = Vec::with_capacity(drafts.len());
        for (item, draft) in drafts.into_iter().enumerate() {
            let row = self.link(write, &head, item, draft)?;
            head = Head { sequence: row.entry.sequence, hash: row.hash.clone() };
            rows.push(row);
        }
        let entries = rows.iter().map(|row| row.entry.clone()).collect();
        if !write.validate_only {
            let key = (write.client.clone(), write.request_id.clone());
            let start = self.rows.len();
            self.within.insert(key, start..start + rows.len());
            self.head = head;
            self.rows.extend(rows);
        }
        Ok(entries)
    }

    fn link(&self, write: &Write, head: &Head, item: usize, draft: Draft) -> Result<Row, Failure> {
        let mut salt = [0_u8; 16];
        rand::rngs::SysRng.try_fill_bytes(&mut salt).map_err(anyhow::Error::from)?;
        let commitment = chain::commitment(&salt, &draft.payload);
        let entry = Entry {
            sequence: head.sequence + 1,
            recorded_at: self.now,
            actor: write.actor.clone(),
            kind: draft.kind.to_owned(),
            subject: draft.subject,
            payload: draft.payload,
        };
        let item = i32::try_from(item).map_err(anyhow::Error::from)?;
        let hash = chain::hash(&Link {
            previous: &head.hash,
            federation: self.federation.as_str(),
            sequence: entry.sequence,
            recorded_at_us: entry.recorded_at.timestamp_micros(),
            actor: &entry.actor,
            client: &write.client,
            rpc: write.rpc,
            request_id: &write.request_id,
            item,
            request_hash: &write.request_hash,
            kind: &entry.kind,
            subject: &entry.subject,
            commitment: &commitment,
        });
        Ok(Row {
            entry,
            client: write.client.clone(),
            rpc: write.rpc.to_owned(),
            request_id: write.request_id.clone(),
            item,
            request_hash: write.request_hash.to_vec(),
            salt: salt.to_vec(),
            commitment: commitment.to_vec(),
            previous_hash: head.hash.clone(),
            hash: hash.to_vec(),
        })
    }
}
