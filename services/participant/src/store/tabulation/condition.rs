//! What each measure counts, as a condition on a fact `f`. The days of the period are
//! called `:first` and `:last`.

use crate::domain::fact::Measure;

/// True of the facts that a measure counts.
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
        Measure::ExitedOpening => "f.exited < :first",
        Measure::ExitedIn => "f.exited BETWEEN :first AND :last",
        Measure::ExitedClosing => "f.exited <= :last",
        Measure::Referred => "f.referred BETWEEN :first AND :last",
        Measure::New => "f.is_new AND f.enrolled_first BETWEEN :first AND :last",
        Measure::Participants => {
            "f.enrolled_first <= :last AND (f.enrolled_first < :first AND \
             (f.enrolled_end IS NULL OR f.enrolled_end >= :first) \
             OR f.is_new AND f.enrolled_first >= :first)"
        }
    }
}

/// True of all facts that a measure counts, and of few others: few conditions for many
/// measures.
pub(super) fn touches(measure: Measure) -> &'static str {
    match measure {
        Measure::QueueOpening | Measure::QueueIn | Measure::QueueOut | Measure::QueueClosing => {
            "f.queue_first <= :last AND (f.queue_end IS NULL OR f.queue_end >= :first)"
        }
        Measure::EnrolledOpening
        | Measure::EnrolledIn
        | Measure::EnrolledOut
        | Measure::EnrolledClosing
        | Measure::New
        | Measure::Participants => {
            "f.enrolled_first <= :last AND (f.enrolled_end IS NULL OR f.enrolled_end >= :first)"
        }
        Measure::ExitedOpening | Measure::ExitedIn | Measure::ExitedClosing => "f.exited <= :last",
        Measure::Referred => "f.referred BETWEEN :first AND :last",
    }
}
