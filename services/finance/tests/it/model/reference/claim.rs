//! What is wrong with the content of a requisition: other claims, and what there
//! is to take back.

use super::{
    Costs, Judgement, Reference, faultless, kinds, of_kind, refused, requisition::Content,
};
use crate::model::calendar::{Days, covers, is_whole, overlap};

/// What is not counted among what takes back: a correction and a recovery may have
/// the same id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::model) enum But<'a> {
    Nothing,
    Correction(&'a str),
    Recovery(&'a str),
}

impl Reference {
    /// What is wrong with a claim.
    pub(super) fn judge_claim(
        &self,
        id: &str,
        party: &str,
        grant: &str,
        content: &Content,
    ) -> Judgement {
        let mut faults = Vec::new();
        match self.grants.get(grant) {
            None => faults.push("GRANT_UNKNOWN"),
            Some(grant) if !covers(grant.days, content.days) => {
                faults.push("PERIOD_OUTSIDE_GRANT");
            }
            Some(grant) if !is_whole(content.days, grant.days, grant.year()) => {
                faults.push("PERIOD_NOT_WHOLE");
            }
            Some(_) => {}
        }
        let claimed = self.claimed_before(id, party, grant, content.days, &content.costs);
        faults.extend(std::iter::repeat_n("COST_CLAIMED_BEFORE", claimed));
        faultless(faults)
    }

    /// What is wrong with a correction. Of another party's requisition nothing is
    /// told.
    pub(super) fn judge_correction(
        &self,
        id: &str,
        (party, grant): (&str, &str),
        corrects: &str,
        content: &Content,
    ) -> Judgement {
        let corrected = self.requisitions.get(corrects);
        let Some(corrected) = corrected.filter(|corrected| corrected.party == party) else {
            return refused("REQUISITION_UNKNOWN");
        };
        if corrected.corrects.is_some() {
            return refused("CORRECTION_OF_CORRECTION");
        }
        if !corrected.has_posted() {
            return refused("CORRECTED_NOT_APPROVED");
        }
        let mut faults = Vec::new();
        faults.extend((corrected.grant != grant).then_some("CORRECTION_DIFFERS"));
        faults.extend((corrected.days != content.days).then_some("CORRECTION_DIFFERS"));
        let missing = |kind: &&usize| of_kind(&corrected.costs, **kind) == 0;
        let wrong = kinds(&content.costs);
        let wrong = wrong.iter().filter(missing).count();
        faults.extend(std::iter::repeat_n("CORRECTION_UNBALANCED", wrong));
        if wrong == 0 {
            let much = self.takes_too_much(id, corrects, &content.costs);
            faults.extend(std::iter::repeat_n("CORRECTION_TOO_LARGE", much));
        }
        faultless(faults)
    }

    /// How many kinds there is less of than what is to be taken back, beside what other
    /// corrections and recoveries take.
    pub(super) fn takes_too_much(&self, but: &str, corrects: &str, costs: &Costs) -> usize {
        let is_too_much = |kind: &usize| {
            -of_kind(costs, *kind) > self.stands(But::Correction(but), corrects, *kind)
        };
        kinds(costs).into_iter().filter(is_too_much).count()
    }

    /// What of a kind of cost neither corrections nor recoveries take back.
    pub(in crate::model) fn stands(&self, but: But<'_>, requisition: &str, kind: usize) -> i64 {
        let claimed = of_kind(&self.requisitions[requisition].costs, kind);
        let corrections = self.requisitions.iter().filter(|(id, kept)| {
            let is_another = But::Correction(id) != but;
            is_another && kept.corrects.as_deref() == Some(requisition) && kept.is_live()
        });
        let corrected: i64 = corrections.map(|(_, kept)| of_kind(&kept.costs, kind)).sum();
        let recoveries = self.recoveries.iter().filter(|(id, recovery)| {
            let is_another = But::Recovery(id) != but;
            is_another && recovery.requisition == requisition && recovery.is_live()
        });
        let recovered: i64 = recoveries.map(|(_, kept)| of_kind(&kept.costs, kind)).sum();
        claimed + corrected - recovered
    }

    /// How many of the kinds of cost another live claim of the party has for some
    /// of the days. What has been taken back whole can be claimed again.
    pub(super) fn claimed_before(
        &self,
        but: &str,
        party: &str,
        grant: &str,
        days: Days,
        costs: &Costs,
    ) -> usize {
        let others = self.requisitions.iter().filter(|(id, other)| {
            let is_a_live_claim = other.corrects.is_none() && other.is_live();
            let is_of_both = (other.party, other.grant.as_str()) == (party, grant);
            is_a_live_claim && is_of_both && id.as_str() != but && overlap(other.days, days)
        });
        let others: Vec<_> = others.collect();
        let stands = |id: &str, kind| {
            let corrections = self.requisitions.values();
            let corrections = corrections
                .filter(|kept| kept.corrects.as_deref() == Some(id) && kept.has_posted());
            let corrected: i64 = corrections.map(|kept| of_kind(&kept.costs, kind)).sum();
            let recoveries = self.recoveries.values();
            let recoveries =
                recoveries.filter(|kept| kept.requisition == id && kept.decided.is_some());
            let recovered: i64 = recoveries.map(|kept| of_kind(&kept.costs, kind)).sum();
            of_kind(&self.requisitions[id].costs, kind) + corrected - recovered
        };
        let is_claimed = |kind: &&usize| others.iter().any(|(id, _)| stands(id, **kind) > 0);
        kinds(costs).iter().filter(is_claimed).count()
    }
}
