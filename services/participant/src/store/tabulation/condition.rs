//! What each measure counts, as a condition on a fact `f`, and where an index finds what
//! may be counted. The days of the period are called `:first` and `:last`.

use crate::domain::fact::Measure;

/// What people are counted in: each is asked for by a query of its own, which reads what
/// its days touch and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stock {
    Queue,
    Enrolled,
    Exited,
    Referred,
}

impl Stock {
    pub(super) const ALL: [Stock; 4] =
        [Stock::Queue, Stock::Enrolled, Stock::Exited, Stock::Referred];

    pub(super) fn of(measure: Measure) -> Stock {
        match measure {
            Measure::QueueOpening
            | Measure::QueueIn
            | Measure::QueueOut
            | Measure::QueueClosing => Stock::Queue,
            Measure::EnrolledOpening
            | Measure::EnrolledIn
            | Measure::EnrolledOut
            | Measure::EnrolledClosing
            | Measure::New
            | Measure::Participants => Stock::Enrolled,
            Measure::ExitedOpening | Measure::ExitedIn | Measure::ExitedClosing => Stock::Exited,
            Measure::Referred => Stock::Referred,
        }
    }

    /// The columns that its measures are told by.
    pub(super) fn columns(self) -> &'static [&'static str] {
        match self {
            Stock::Queue => &["queue_first", "queue_end"],
            Stock::Enrolled => &["enrolled_first", "enrolled_end", "is_new"],
            Stock::Exited => &["enrolled_end", "outcome"],
            Stock::Referred => &["referred"],
        }
    }

    /// True of all facts that some of its measures count: each fact is in one of these at
    /// most, and each is a stretch of an index.
    pub(super) fn stretches(self, measures: &[(usize, Measure)]) -> &'static [&'static str] {
        match self {
            Stock::Queue => &[
                "f.queue_first <= :last AND f.queue_end IS NULL",
                "f.queue_first <= :last AND f.queue_end >= :first",
            ],
            Stock::Enrolled => &[
                "f.enrolled_first <= :last AND f.enrolled_end IS NULL",
                "f.enrolled_first <= :last AND f.enrolled_end >= :first",
            ],
            Stock::Exited if measures.iter().all(|(_, of)| *of == Measure::ExitedIn) => {
                &["f.outcome IS NOT NULL AND f.enrolled_end BETWEEN :first AND :last"]
            }
            Stock::Exited => &["f.outcome IS NOT NULL AND f.enrolled_end <= :last"],
            Stock::Referred => &["f.referred BETWEEN :first AND :last"],
        }
    }
}

/// True of the facts that a measure counts. An enrolment that has an outcome has ended
/// here, and not gone on elsewhere.
pub(super) fn counts(measure: Measure) -> &'static str {
    match measure {
        Measure::QueueOpening => {
            "f.queue_first < :first AND (f.queue_end IS NULL OR f.queue_end >= :first)"
        }
        Measure::QueueIn => "f.queue_first BETWEEN :first AND :last",
        Measure::QueueOut => "f.queue_end BETWEEN :first AND :last",
        Measure::QueueClosing => {
            "f.queue_first <= :last AND (f.queue_end IS NULL OR f.queue_end > :last)"
        }
        Measure::EnrolledOpening => {
            "f.enrolled_first < :first AND (f.enrolled_end IS NULL OR f.enrolled_end >= :first)"
        }
        Measure::EnrolledIn => "f.enrolled_first BETWEEN :first AND :last",
        Measure::EnrolledOut => "f.enrolled_end BETWEEN :first AND :last",
        Measure::EnrolledClosing => {
            "f.enrolled_first <= :last AND (f.enrolled_end IS NULL OR f.enrolled_end > :last)"
        }
        Measure::ExitedOpening => "f.outcome IS NOT NULL AND f.enrolled_end < :first",
        Measure::ExitedIn => "f.outcome IS NOT NULL AND f.enrolled_end BETWEEN :first AND :last",
        Measure::ExitedClosing => "f.outcome IS NOT NULL AND f.enrolled_end <= :last",
        Measure::Referred => "f.referred BETWEEN :first AND :last",
        Measure::New => "f.is_new AND f.enrolled_first BETWEEN :first AND :last",
        Measure::Participants => {
            "f.enrolled_first <= :last AND (f.enrolled_first < :first AND \
             (f.enrolled_end IS NULL OR f.enrolled_end >= :first) \
             OR f.is_new AND f.enrolled_first >= :first)"
        }
    }
}
