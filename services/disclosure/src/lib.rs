//! Disclosure control: what of a table of counts may leave those who keep the records.
//!
//! Architecture invariant: plain synchronous Rust over plain values, which knows neither
//! what is counted nor by what; no SQL, no proto, no clock, no randomness, no logging.
//!
//! # The rule
//! With a threshold t (5 unless the federation has another), a count of 1 to t − 1 is
//! *small*. A small number is hidden (primary suppression), and so are others from
//! which it could be computed (secondary suppression). Every number that is shown is
//! the true one; 0 is shown unless it would reveal. Noise and rounding are no choice:
//! the columns of a report must sum to its totals.
//!
//! # What is promised
//! Readers are taken to know: every number that was ever shown; that cells sum to
//! totals, columns of one layout to those of another, opening + in − out to closing,
//! opening and new to participants, one period's closing to the next one's opening;
//! that counts are whole and at least 0; between two versions, which of the finest counts
//! did not change (nobody can know that, but many would guess it); and the rule itself: that
//! among the hidden numbers some are of 1 to t − 1, though not which. Then:
//!
//! > For every small count there is another world, equal in all that the reader knows,
//! > in which that count is t or more.
//!
//! In the words of cell suppression, the upper protection level of a small count v is
//! t − v, the lower is 0 and the sliding one is t − v (Fischetti and Salazar-González
//! 2001): the interval a reader can compute is never a single value and always reaches
//! what is not small, so that nobody can even tell that the count is small. A lower
//! level above 0 would ask that a 4 could be a 0, and costs cells without keeping
//! anything that the threshold keeps.
//!
//! It follows for *any* group of people that the tables divide, not only for cells: a
//! group of 1 to t − 1 in every world holds a small count, which could not reach t
//! then. So hidden cells of a row never sum to a small number, the difference of two
//! columns is never a small one, and singletons and zeros need no case of their own
//! (cf. Langsrud 2024). What could be subtracted but has no column (who came by
//! transfer: in − new) is protected as well.
//!
//! The other world also stands the reader who knows the rule, because the threshold is
//! at least 3: a first step of the way to it takes the count v to v + 1 ≤ t − 1, which
//! is hidden for the same reason as v; or, where v is t − 1, its reverse takes it to
//! v − 1 ≥ 1; or, where the reverse is barred, some hidden count has gone from 0 to 1. A
//! threshold of 2 hides ones alone, and a reader who knows that knows them all.
//!
//! What tables that were given out tell already, no hiding takes back: a threshold that was
//! raised, or figures that contradict each other, can make small what is known. Such a count
//! is kept as far from known as it was, and takes nothing else with it.
//!
//! Between two versions of a table, the difference of a number is held to the same
//! rule: one late entry must not be told as 21 − 20. Where different people were added
//! and taken away, the difference is all that is protected.
//!
//! # How
//! - `system`: counts, and the sums of them that are known. A table, a layout nested
//!   in another, a rule of book-keeping and an earlier release are all sums.
//! - `search`: a *move* changes counts by one, up and down, so that no known sum
//!   changes. Where it would cross numbers that are shown, hiding those is its price,
//!   and the cheapest move found is taken: the hypercube method (Repsilber 1999) without
//!   the cube, and the shortest-path heuristic (Castro 2007) without the plane.
//! - `protect`: moves are made until the count has reached t. The world that results
//!   is the proof, checked number by number. What is hidden later only adds worlds, so
//!   a proof stays one. Finally numbers that turn out not to be needed are shown again.
//! - [`ledger`]: all tables that were given out, in one system with the new one. What a
//!   table's numbers sum, and which rules of book-keeping tie them, is told by whoever
//!   keeps the counts. Totals of each column and each row are numbers of a table,
//!   because readers expect them, and so they are hidden or shown by the same rule.
//! - [`possible`]: what stands for a count that readers know of and that nobody has. It is
//!   protected like any other, from 0, too.
//! - [`commitment`]: what a shown number was made of, fixed and told to nobody.
//!
//! The search is sound and not complete: it may hide more than is needed, never less,
//! and it may answer that nothing of a table can be told beside what was given out.
//! What it hides is the same for the same table, in whatever order its rows come.
//!
//! # Not covered
//! That a group is *nobody* may be shown, and that all of a group share a property. A
//! reader who knows some of the people counted is not considered, nor one who runs this
//! program on every possible table to see which of them it would hide so.
//!
//! # Sources
//! - M. Fischetti, J. J. Salazar-González: Solving the Cell Suppression Problem on
//!   Tabular Data with Linear Constraints, Management Science 47 (2001).
//! - D. Gusfield: A Graph Theoretic Approach to Statistical Data Security, SIAM Journal
//!   on Computing 17 (1988).
//! - D. Repsilber: Das Quaderverfahren, Forum der Bundesstatistik 31 (1999).
//! - J. Castro: A Shortest-Paths Heuristic for Statistical Data Protection in Positive
//!   Tables, INFORMS Journal on Computing 19 (2007).
//! - Ø. Langsrud: Secondary Cell Suppression by Gaussian Elimination, Privacy in
//!   Statistical Databases (2024).
//! - Handbook on Statistical Disclosure Control, chapters 4 and 5:
//!   <https://sdctools.github.io/HandbookSDC/>.

pub mod commitment;
pub mod ledger;
mod possible;
mod protect;
mod search;
mod system;
#[cfg(feature = "testing")]
pub mod testing;

pub use possible::possible;

use values::Fault;

/// Counts from 1 to below this are hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Threshold(i64);

impl Threshold {
    /// The threshold of a federation that has not chosen one.
    pub const DEFAULT: Threshold = Threshold(5);

    /// Checks it: 3 to 100. With 2, whoever knows the rule would know that each hidden
    /// count is 1.
    ///
    /// # Errors
    /// `THRESHOLD_OUT_OF_RANGE`.
    pub fn new(field: &str, value: i32) -> Result<Self, Fault> {
        if (3..=100).contains(&value) {
            Ok(Self(i64::from(value)))
        } else {
            Err(Fault::new(field, "THRESHOLD_OUT_OF_RANGE").with("value", value))
        }
    }

    /// The smallest count but 0 that may be shown.
    #[must_use]
    pub fn value(self) -> i64 {
        self.0
    }

    /// The same, as it is kept and sent.
    #[must_use]
    pub fn number(self) -> i16 {
        i16::try_from(self.0).expect("a threshold is at most 100")
    }

    /// True for a count that is hidden.
    #[must_use]
    pub fn is_small(self, count: i64) -> bool {
        (1..self.0).contains(&count)
    }
}
