//! The tables of the measurement, written by SQL, and the yardstick's query.
//!
//! All that is known here of finance's tables is in the texts below.

/// The year that is asked for, the last of those there are.
pub(super) const YEAR: i32 = 2025;
/// The federation that is asked for.
pub(super) const FEDERATION: &str = "funding-0";

const FEDERATIONS: usize = 10;
const YEARS: i32 = 10;
const GRANTS: usize = 50;
const REQUISITIONS: usize = 50;
const AMOUNT_ORE: i64 = 10_000;

/// What is in the tables.
pub(super) fn described() -> String {
    let requisitions = FEDERATIONS * GRANTS * REQUISITIONS * usize::try_from(YEARS).unwrap_or(0);
    format!(
        "{} postings of {FEDERATIONS} federations and {YEARS} years; {GRANTS} grants and {} \
         requisitions, all approved, in the year that is asked for",
        requisitions * 4,
        GRANTS * REQUISITIONS
    )
}

/// Fills them: every requisition is submitted and approved, which is two postings
/// each. References are not checked while they are filled; they hold.
pub(super) fn fill() -> String {
    let first_year = YEAR - YEARS + 1;
    let granted = 2 * AMOUNT_ORE * i64::try_from(REQUISITIONS).unwrap_or(i64::MAX);
    let claimed = AMOUNT_ORE * i64::try_from(REQUISITIONS).unwrap_or(i64::MAX);
    format!(
        "BEGIN; SET LOCAL session_replication_role = replica; \
         INSERT INTO recipient (federation_id, recipient_id, display_name) \
             SELECT 'funding-' || f, 'recipient-' || g, 'Recipient ' || g \
             FROM generate_series(0, {FEDERATIONS} - 1) f, generate_series(1, {GRANTS}) g; \
         INSERT INTO \"grant\" (federation_id, grant_id, recipient_id, first_day, last_day, \
                 amount_ore, dnr, decision_date, deciding_body, synthetic, left_ore, \
                 reserved_ore, requisitioned_ore) \
             SELECT 'funding-' || f, 'grant-' || y || '-' || g, 'recipient-' || g, \
                 make_date(y, 1, 1), make_date(y, 12, 31), {granted}, 'LOAD', make_date(y, 1, 1), \
                 'Styrelsen', true, {granted} - {claimed}, 0, {claimed} \
             FROM generate_series(0, {FEDERATIONS} - 1) f, \
                 generate_series({first_year}, {YEAR}) y, generate_series(1, {GRANTS}) g; \
         CREATE TEMPORARY TABLE claimed ON COMMIT DROP AS \
             SELECT 'funding-' || f AS federation, 'grant-' || y || '-' || g AS grant_id, \
                 'r-' || y || '-' || g || '-' || r AS id, make_date(y, 1, 1) + r * 7 AS day, \
                 row_number() OVER () AS number \
             FROM generate_series(0, {FEDERATIONS} - 1) f, \
                 generate_series({first_year}, {YEAR}) y, \
                 generate_series(1, {REQUISITIONS}) r, generate_series(1, {GRANTS}) g; \
         INSERT INTO requisition (federation_id, requisition_id, grant_id, party_id, first_day, \
                 last_day, payment_reference, synthetic, amount_ore, state, created_sequence) \
             SELECT federation, id, grant_id, 'party-0', day, day, '', true, {AMOUNT_ORE}, \
                 'approved', number * 2 FROM claimed; \
         INSERT INTO posting (federation_id, sequence, line, year, account, grant_id, party_id, \
                 cost_kind, day, amount_ore) \
             SELECT federation, number * 2 + step, line, CAST(EXTRACT(YEAR FROM day) AS integer), \
                 account, grant_id, CASE WHEN account = 'left' THEN NULL ELSE 'party-0' END, \
                 CASE WHEN account = 'left' THEN NULL ELSE 'other' END, day, amount_ore \
             FROM claimed, (VALUES (0, 1, 'left', -{AMOUNT_ORE}), (0, 2, 'reserved', {AMOUNT_ORE}), \
                 (1, 1, 'reserved', -{AMOUNT_ORE}), (1, 2, 'requisitioned', {AMOUNT_ORE})) \
                 AS moved (step, line, account, amount_ore) ORDER BY number, step, line; \
         COMMIT;"
    )
}

/// The same figures of the whole year, as one would write the queries by hand:
/// the grants' sums, where the index has each grant's postings together; the
/// pattern of the five years before; what each party said last of the rest.
pub(super) fn queries() -> String {
    let grants = format!(
        "SELECT g.recipient_id, r.display_name, r.team_id, g.first_day, g.last_day, g.amount_ore, \
             p.reserved, p.requisitioned, p.to_date \
         FROM \"grant\" g \
         JOIN recipient r ON r.federation_id = g.federation_id \
             AND r.recipient_id = g.recipient_id \
         LEFT JOIN LATERAL (SELECT \
                 SUM(amount_ore) FILTER (WHERE account = 'reserved') AS reserved, \
                 SUM(amount_ore) FILTER (WHERE account = 'requisitioned' \
                     AND day >= '{YEAR}-01-01') AS requisitioned, \
                 SUM(amount_ore) FILTER (WHERE account = 'requisitioned') AS to_date \
             FROM posting WHERE federation_id = g.federation_id AND year = {YEAR} \
                 AND grant_id = g.grant_id AND account IN ('reserved', 'requisitioned') \
                 AND day <= '{YEAR}-12-31') p ON true \
         WHERE g.federation_id = '{FEDERATION}' \
             AND g.first_day BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31';\n"
    );
    let pattern = format!(
        "SELECT p.year, g.recipient_id, \
             SUM(p.amount_ore) FILTER (WHERE p.day <= make_date(p.year, 12, 31)) AS same_day, \
             SUM(p.amount_ore) AS year_end \
         FROM posting p \
         JOIN \"grant\" g ON g.federation_id = p.federation_id AND g.grant_id = p.grant_id \
         WHERE p.federation_id = '{FEDERATION}' AND p.year BETWEEN {YEAR} - 5 AND {YEAR} - 1 \
             AND p.account = 'requisitioned' \
         GROUP BY p.year, g.recipient_id;\n"
    );
    let said = format!(
        "SELECT DISTINCT ON (grant_id, party_id) grant_id, party_id, last_day, forecast_rest_ore \
         FROM requisition \
         WHERE federation_id = '{FEDERATION}' \
             AND last_day BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31' \
             AND state IN ('submitted', 'reviewed', 'approved', 'paid') AND corrects_id IS NULL \
         ORDER BY grant_id, party_id, last_day DESC, created_sequence DESC;\n"
    );
    grants + &pattern + &said
}
