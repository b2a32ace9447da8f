//! Who sees what of people: the one place where it is decided.
//!
//! A role in a team opens the people of one party in it, and nothing else does. The one
//! who sent a referral sees the referral and its decision.

use std::collections::BTreeSet;

use values::Slug;

/// How far a caller reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The parties' people in teams, as party and team.
    pub people: BTreeSet<(Slug, Slug)>,
    /// The parties whose referrals are the caller's own.
    pub senders: BTreeSet<Slug>,
}

/// Whose a case is.
#[derive(Debug, Clone, Copy)]
pub struct Belonging<'a> {
    /// The party that owns the record.
    pub owner: &'a Slug,
    /// The team.
    pub team: &'a Slug,
    /// The party that sent it.
    pub sender: &'a Slug,
}

/// How a referral is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// All of it.
    Whole,
    /// What the sender sees: the referral and its decision.
    Sender,
}

impl Reach {
    /// How a case is seen; not at all when it is outside.
    #[must_use]
    pub fn view(&self, case: Belonging<'_>) -> Option<View> {
        if self.handles(case) {
            Some(View::Whole)
        } else if self.senders.contains(case.sender) {
            Some(View::Sender)
        } else {
            None
        }
    }

    /// True for whoever works with the owner's people in the team.
    #[must_use]
    pub fn handles(&self, case: Belonging<'_>) -> bool {
        self.opens(case.owner, case.team)
    }

    /// True for whoever works with a party's people in a team.
    #[must_use]
    pub fn opens(&self, party: &Slug, team: &Slug) -> bool {
        self.people.contains(&(party.clone(), team.clone()))
    }

    /// True for whoever may send the referral, or take it back: an officer of the
    /// sender, or one who works with the sender's own people in the team.
    #[must_use]
    pub fn sends(&self, case: Belonging<'_>) -> bool {
        self.senders.contains(case.sender) || (case.sender == case.owner && self.handles(case))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::parse("", text).unwrap()
    }

    #[test]
    fn a_role_opens_one_partys_people_in_one_team() {
        let (sala, koping) = (slug("sala"), slug("koping"));
        let (norra, vastra, agency) = (slug("norra"), slug("vastra"), slug("agency"));
        let coach = Reach { people: [(sala.clone(), norra.clone())].into(), ..Reach::default() };
        let officer = Reach { senders: [agency.clone()].into(), ..Reach::default() };
        let case = |owner, team, sender| Belonging { owner, team, sender };
        let sent = case(&sala, &norra, &agency);
        assert_eq!(coach.view(sent), Some(View::Whole));
        assert_eq!(coach.view(case(&koping, &norra, &agency)), None, "another party's people");
        assert_eq!(coach.view(case(&sala, &vastra, &agency)), None, "another team");
        assert_eq!(officer.view(sent), Some(View::Sender));
        assert_eq!(officer.view(case(&sala, &norra, &koping)), None, "sent by another");
        assert!(officer.sends(sent) && !officer.handles(sent));
        assert!(!coach.sends(sent), "another party's referral");
        assert!(coach.sends(case(&sala, &norra, &sala)), "its own party's");
        assert_eq!(Reach::default().view(sent), None);
    }
}
