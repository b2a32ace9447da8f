//! The yardstick of a submission: the statements that finance needs for one, run
//! by pgbench, each in a round trip of its own, in one transaction a submission.
//!
//! All that is known here of finance's tables is in the texts below.

use crate::{
    calls::Done,
    federation::{Federation, LINE_ORE, YEAR},
    pgbench::{self, Run},
    postgres::Databases,
};

/// Clients that the tables are filled for.
pub(crate) const CLIENTS: usize = 32;

/// What the clients meet in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meeting {
    /// Nothing: each has a federation of its own, with its own journal.
    Nowhere,
    /// One grant: its row is the last that each changes before it commits, and
    /// the only one that two of them change.
    OneGrant,
}

/// The federation, by the number of the client that it is for, when all meet in
/// one: no client has that number.
const SHARED: usize = 1000;

impl Meeting {
    /// What a transaction begins with: who it is for.
    ///
    /// `journal` is the federation whose journal it writes, `federation` that of
    /// the money; `id` is the requisition's.
    fn variables(self, federation: &Federation) -> String {
        let (in_federation, id) = match self {
            Self::Nowhere => (":client_id".to_owned(), ":n".to_owned()),
            Self::OneGrant => (SHARED.to_string(), format!(":n * {CLIENTS} + :client_id")),
        };
        let Federation { id: _, parties, grants } = federation;
        format!(
            "\\set n :n + 1\n\
             \\set journal :client_id\n\
             \\set federation {in_federation}\n\
             \\set id {id}\n\
             \\set grant :id % {grants}\n\
             \\set party :id / {grants} % {parties}\n"
        )
    }

    fn script(self, federation: &Federation) -> String {
        let variables = self.variables(federation);
        let statements = match self {
            Self::Nowhere => {
                [LOCK_HEAD, LOOK_UP_REQUEST, STANDING, &save(), APPEND, MOVE_HEAD].concat()
            }
            Self::OneGrant => {
                [LOCK_HEAD, LOOK_UP_REQUEST, STANDING, APPEND, MOVE_HEAD, &save()].concat()
            }
        };
        format!("{variables}BEGIN;\n{statements}COMMIT;\n")
    }
}

/// The tables of the yardstick, filled for a run.
pub(crate) struct Yardstick<'a> {
    databases: &'a Databases,
    name: &'static str,
    script: String,
    /// How many each client has had.
    taken: usize,
    /// How many all have submitted.
    submitted: usize,
}

impl<'a> Yardstick<'a> {
    /// Fills the migrated database of that name with federations shaped like
    /// the one given, and with so many drafts for each client.
    ///
    /// # Errors
    /// When the SQL fails.
    pub(crate) async fn fill(
        databases: &'a Databases,
        name: &'static str,
        federation: &Federation,
        meeting: Meeting,
        drafts: &[(usize, usize)],
    ) -> anyhow::Result<Self> {
        databases.run(name, &seed(federation, meeting)).await?;
        let mut first = 1;
        for (clients, each) in drafts {
            databases.run(name, &seed_drafts(federation, meeting, *clients, first, *each)).await?;
            first += each;
        }
        Ok(Self { databases, name, script: meeting.script(federation), taken: 0, submitted: 0 })
    }

    /// Lets so many clients submit so many each.
    ///
    /// # Errors
    /// When a transaction fails.
    pub(crate) fn run(&mut self, clients: usize, each: usize) -> anyhow::Result<Done> {
        let done = pgbench::run(&Run {
            address: &self.databases.address(self.name),
            script: &self.script,
            clients,
            times: each,
            variables: &[("n", self.taken)],
        })?;
        self.taken += each;
        self.submitted += clients * each;
        Ok(done)
    }

    /// Fails unless every transaction did all that a submission does: a yardstick
    /// that finds nothing to change would be a fast one.
    ///
    /// # Errors
    /// When something is missing.
    pub(crate) async fn check(&self) -> anyhow::Result<()> {
        self.databases.run(self.name, &check(self.submitted)).await
    }
}

/// Where every journal stands before the first submission.
const BEFORE: usize = 1_000_000;

const LOCK_HEAD: &str = "\
SELECT sequence, hash FROM journal_head WHERE federation_id = :journal FOR UPDATE \\gset
\\set next :sequence + 1
";

const LOOK_UP_REQUEST: &str = "\
SELECT federation_id, sequence, recorded_at_us, actor, client, rpc, request_id, item, request_hash, \
    kind, subject, payload, salt, commitment, previous_hash, hash \
FROM journal WHERE federation_id = :journal AND request_id IN (:id);
";

const STANDING: &str = "\
SELECT r.grant_id, r.party_id, r.first_day, r.last_day, r.payment_reference, r.synthetic, \
    r.amount_ore, r.state, r.created_sequence, \
    g.amount_ore, g.left_ore, g.reserved_ore, g.requisitioned_ore, p.* \
FROM requisition r \
JOIN \"grant\" g ON g.federation_id = r.federation_id AND g.grant_id = r.grant_id \
CROSS JOIN ( \
    SELECT 'line' AS part, line AS number, kind, description, fte_percent, amount_ore, '', \
        CAST(NULL AS timestamptz), CAST(NULL AS date), CAST(NULL AS date) \
    FROM requisition_cost_line WHERE federation_id = :federation AND requisition_id = :id \
    UNION ALL SELECT 'step', step, state, comment, 0, CAST(0 AS bigint), actor_id, taken_at, \
        CAST(NULL AS date), CAST(NULL AS date) \
    FROM requisition_step WHERE federation_id = :federation AND requisition_id = :id \
    UNION ALL SELECT 'claimed', 0, l.kind, o.requisition_id, 0, CAST(0 AS bigint), o.state, \
        CAST(NULL AS timestamptz), o.first_day, o.last_day \
    FROM requisition m CROSS JOIN requisition o CROSS JOIN requisition_cost_line l \
    WHERE o.federation_id = m.federation_id \
        AND o.grant_id = m.grant_id AND o.party_id = m.party_id \
        AND o.state IN ('submitted', 'reviewed', 'approved', 'paid') \
        AND l.federation_id = o.federation_id AND l.requisition_id = o.requisition_id \
        AND m.federation_id = :federation AND m.requisition_id = :id \
) p \
WHERE r.federation_id = :federation AND r.requisition_id = :id AND r.party_id IN (:party) \
ORDER BY p.part, p.number;
";

/// State, step, postings and balances in one statement, as finance sends them.
fn save() -> String {
    let amount = 3 * LINE_ORE;
    format!(
        "WITH part_0 AS (UPDATE requisition SET state = 'submitted', revision = 2 \
             WHERE federation_id = :federation AND requisition_id = :id), \
         part_1 AS (INSERT INTO requisition_step \
             (federation_id, requisition_id, step, state, actor_id, taken_at, comment) \
             VALUES (:federation, :id, 2, 'submitted', 'party-0-economist', now(), '')), \
         part_2 AS (INSERT INTO posting \
             (federation_id, sequence, line, year, account, grant_id, party_id, cost_kind, day, \
              amount_ore) \
             VALUES (:federation, :id, 1, {YEAR}, 'left', :grant, NULL, NULL, '{YEAR}-06-30', \
                     -{amount}), \
                 (:federation, :id, 2, {YEAR}, 'reserved', :grant, :party, 'staff', \
                     '{YEAR}-06-30', {LINE_ORE}), \
                 (:federation, :id, 3, {YEAR}, 'reserved', :grant, :party, 'premises', \
                     '{YEAR}-06-30', {LINE_ORE}), \
                 (:federation, :id, 4, {YEAR}, 'reserved', :grant, :party, 'activities', \
                     '{YEAR}-06-30', {LINE_ORE})) \
         UPDATE \"grant\" SET left_ore = left_ore - {amount}, \
             reserved_ore = reserved_ore + {amount} \
         WHERE federation_id = :federation AND grant_id = :grant;\n"
    )
}

const APPEND: &str = "\
INSERT INTO journal (federation_id, sequence, recorded_at_us, actor, client, rpc, request_id, item, \
    request_hash, kind, subject, payload, salt, commitment, previous_hash, hash) \
VALUES (:journal, :next, 1700000000000000, 'federations/load/accounts/party-0-economist', 'load', \
    '/samordna.finance.v1.RequisitionService/SubmitRequisition', :id, 0, \
    decode(repeat('a1', 32), 'hex'), 'requisition.submitted', 'federations/load/requisitions/r-0', \
    decode(repeat('b2', 320), 'hex'), decode(repeat('c3', 16), 'hex'), \
    decode(repeat('d4', 32), 'hex'), :hash, decode(repeat('e5', 32), 'hex'));
";

const MOVE_HEAD: &str = "\
UPDATE journal_head SET sequence = :next, hash = decode(repeat('e5', 32), 'hex') \
WHERE federation_id = :journal;
";

/// Raises an exception unless the tables hold so many submissions.
fn check(submitted: usize) -> String {
    let amount = 3 * LINE_ORE;
    format!(
        "DO $$ BEGIN \
             IF (SELECT count(*) FROM requisition WHERE state = 'submitted') <> {submitted} \
                 OR (SELECT count(*) FROM requisition_step WHERE step = 2) <> {submitted} \
                 OR (SELECT count(*) FROM posting) <> 4 * {submitted} \
                 OR (SELECT sum(reserved_ore) FROM \"grant\") <> {amount} * {submitted} \
                 OR (SELECT count(*) FROM journal WHERE kind = 'requisition.submitted') \
                     <> {submitted} \
                 OR (SELECT sum(sequence - {BEFORE}) FROM journal_head) <> {submitted} \
             THEN RAISE EXCEPTION 'the yardstick did not do what it is for'; END IF; \
         END $$"
    )
}

/// Journals for all clients, and federations with recipients and grants.
fn seed(federation: &Federation, meeting: Meeting) -> String {
    let Federation { id: _, parties: _, grants } = federation;
    let federations = match meeting {
        Meeting::Nowhere => format!("generate_series(0, {CLIENTS} - 1)"),
        Meeting::OneGrant => format!("generate_series({SHARED}, {SHARED})"),
    };
    format!(
        "INSERT INTO journal_head (federation_id, sequence, hash) \
             SELECT f, {BEFORE}, decode(repeat('e5', 32), 'hex') \
             FROM generate_series(0, {CLIENTS} - 1) f; \
         INSERT INTO recipient (federation_id, recipient_id, display_name) \
             SELECT f, 'recipient-0', 'Recipient 0' FROM {federations} f; \
         INSERT INTO \"grant\" (federation_id, grant_id, recipient_id, first_day, last_day, \
                 amount_ore, dnr, decision_date, deciding_body, synthetic, left_ore, \
                 reserved_ore, requisitioned_ore) \
             SELECT f, g, 'recipient-0', '{YEAR}-01-01', '{YEAR}-12-31', 1000000000000, 'LOAD', \
                 '{YEAR}-01-01', 'Styrelsen', true, 1000000000000, 0, 0 \
             FROM {federations} f, generate_series(0, {grants} - 1) g;"
    )
}

/// Drafts of three cost lines and one step each, with their rows in the journal.
fn seed_drafts(
    federation: &Federation,
    meeting: Meeting,
    clients: usize,
    first: usize,
    each: usize,
) -> String {
    let Federation { id: _, parties, grants } = federation;
    let (in_federation, id) = match meeting {
        Meeting::Nowhere => ("c".to_owned(), "n".to_owned()),
        Meeting::OneGrant => (SHARED.to_string(), format!("n * {CLIENTS} + c")),
    };
    format!(
        "CREATE TEMPORARY TABLE drafted ON COMMIT DROP AS \
             SELECT c AS journal, CAST({in_federation} AS text) AS federation, {id} AS id, n \
             FROM generate_series(0, {clients} - 1) c, \
                  generate_series({first}, {first} + {each} - 1) n; \
         INSERT INTO requisition (federation_id, requisition_id, grant_id, party_id, first_day, \
                 last_day, payment_reference, synthetic, amount_ore, state, created_sequence) \
             SELECT federation, id, id % {grants}, id / {grants} % {parties}, '{YEAR}-06-30', \
                 '{YEAR}-06-30', 'BG 000-0000', true, 3 * {LINE_ORE}, 'draft', id FROM drafted; \
         INSERT INTO requisition_cost_line (federation_id, requisition_id, line, kind, \
                 description, fte_percent, amount_ore) \
             SELECT federation, id, line, kind, 'Load', fte_percent, {LINE_ORE} FROM drafted, \
                 (VALUES (1, 'staff', 100), (2, 'premises', 0), (3, 'activities', 0)) \
                     AS lines (line, kind, fte_percent); \
         INSERT INTO requisition_step (federation_id, requisition_id, step, state, actor_id, \
                 taken_at, comment) \
             SELECT federation, id, 1, 'draft', 'party-0-economist', now(), '' FROM drafted; \
         INSERT INTO journal (federation_id, sequence, recorded_at_us, actor, client, rpc, \
                 request_id, item, request_hash, kind, subject, payload, salt, commitment, \
                 previous_hash, hash) \
             SELECT journal, n, 1700000000000000, 'federations/load/accounts/party-0-economist', \
                 'load', '/samordna.finance.v1.RequisitionService/CreateRequisition', 'd-' || id, \
                 0, decode(repeat('a1', 32), 'hex'), 'requisition.drafted', \
                 'federations/load/requisitions/r-' || id, decode(repeat('b2', 256), 'hex'), \
                 decode(repeat('c3', 16), 'hex'), decode(repeat('d4', 32), 'hex'), \
                 decode(repeat('e5', 32), 'hex'), decode(repeat('e5', 32), 'hex') FROM drafted;"
    )
}
