//! The last act of a run: everything is decided, the year is closed, and what
//! comes too late is refused.

use chrono::Datelike as _;

use super::{
    actor::{ACTORS, PARTIES, of_party, office},
    calendar::{YEAR, day, months, today},
    call::Call,
    invent,
    reference::{Asks, claim::But, grant, money, recovery, requisition, year},
    run::Run,
};

impl Run {
    pub(super) async fn close_the_year(&mut self) {
        let mut requisitions = self.model.requisitions.values();
        let is_waiting = requisitions.any(|kept| kept.is_undecided() && kept.days.1.year() <= YEAR);
        let tried = self.close(YEAR).await;
        let open_before = tried == "EARLIER_YEAR_OPEN" || !is_waiting;
        assert!(open_before || tried == "REQUISITIONS_UNDECIDED", "{tried}");
        self.send_back().await;
        self.cancel_recoveries().await;
        let over = self.model.years.clone().into_iter().filter(|(year, _)| *year <= YEAR);
        for (year, _) in over.filter(|(_, kept)| !kept.is_closed) {
            assert_eq!(self.close(year).await, "OK");
        }
        assert_eq!(self.close(YEAR + 1).await, "YEAR_NOT_OVER");
        assert_eq!(self.close(YEAR).await, "YEAR_CLOSED");
        self.come_too_late().await;
        for is_troubled in [false, true, false] {
            let round = self.invent(16, invent::invent);
            self.round(round, is_troubled).await;
        }
    }

    async fn close(&mut self, year: i32) -> String {
        let etag = self.model.years.get(&year).map_or(1, |kept| kept.writes).to_string();
        self.one(Asks::Year(year::Asks::Close { year, etag })).await
    }

    /// Everything that waits for a decision is returned or rejected.
    async fn send_back(&mut self) {
        let waiting = self.model.requisitions.clone();
        let waiting = waiting.into_iter().filter(|(_, kept)| kept.is_undecided());
        let mut calls = Vec::new();
        for (id, kept) in waiting {
            let (step, etag) = (self.dice.pick(&["return", "reject"]), kept.writes.to_string());
            let asks = requisition::Asks::Step { id, step, etag, paid: today() };
            let (actor, request_id) = (self.dice.pick(&office()), self.world.id());
            calls.push(Call { actor, asks: Asks::Requisition(asks), request_id });
        }
        self.round(calls, false).await;
        assert!(!self.model.requisitions.values().any(|kept| kept.is_undecided()));
    }

    async fn cancel_recoveries(&mut self) {
        let waiting = self.model.recoveries.clone();
        let waiting = waiting.into_iter().filter(|(_, kept)| kept.state() == "proposed");
        let waiting: Vec<_> = waiting.collect();
        let is_of_the_year = |(_, kept): &(String, recovery::Recovery)| {
            self.model.requisitions[&kept.requisition].days.1.year() <= YEAR
        };
        if waiting.iter().any(is_of_the_year) {
            let tried = self.close(YEAR).await;
            assert_ne!(tried, "OK", "recoveries wait for a decision");
        }
        for (id, kept) in waiting {
            let (step, etag) = ("cancel", kept.steps.len().to_string());
            let asks = recovery::Asks::Step { id, step, etag, settled: today() };
            assert_eq!(self.one(Asks::Recovery(asks)).await, "OK");
        }
    }

    /// Whatever would post in the closed year.
    async fn come_too_late(&mut self) {
        let (year, days, ore) = (YEAR, months(YEAR, 1, 12), 1);
        let (late, decided) = (day(YEAR, 12, 31), day(YEAR, 11, 28));
        let id = || "late".to_owned();
        let g2 = &self.model.grants["g2"];
        let (etag, g2_days) = (g2.decisions.to_string(), g2.days);
        let mut decision = invent::all_pay(&mut self.dice, id(), YEAR);
        decision.decided = decided;
        let payment =
            money::ContributionPayment { id: id(), year, party: "region", ore, day: late };
        let after = today();
        let asks = [
            Asks::Grant(grant::Asks::Create { id: id(), parent: None, days, ore, decided }),
            Asks::Grant(grant::Asks::Create {
                id: id(),
                parent: Some("g2".to_owned()),
                days: g2_days,
                ore,
                decided,
            }),
            Asks::Grant(grant::Asks::Amend {
                id: "g2".to_owned(),
                etag,
                days: g2_days,
                ore,
                decided: after,
            }),
            Asks::Money(money::Asks::DecideContributions(decision)),
            Asks::Money(money::Asks::PayContribution(payment)),
            Asks::Money(money::Asks::RecordOwnCost(money::OwnCost { id: id(), ore, day: late })),
            Asks::Money(money::Asks::DecideBudget { id: id(), year, decided }),
            Asks::Money(money::Asks::RecordForecast { id: id(), year, day: late }),
        ];
        for asks in asks.into_iter().chain(self.late_steps()) {
            let said = self.one(asks.clone()).await;
            assert_eq!(said, "YEAR_CLOSED", "{asks:?}");
        }
        self.submit_too_late().await;
        self.correct_and_recover_too_late().await;
        let opened = self.one(Asks::Year(year::Asks::Open { year: YEAR - 2, equity: 0 })).await;
        assert!(["EARLIER_YEAR_CLOSED", "EQUITY_IS_CARRIED_OVER"].contains(&opened.as_str()));
    }

    /// Payments and settlements on a day of the closed year.
    fn late_steps(&self) -> Vec<Asks> {
        let late = day(YEAR, 12, 31);
        let approved = self.model.requisitions.iter();
        let approved = approved.filter(|(_, kept)| kept.state() == "approved").take(1);
        let pay = approved.map(|(id, kept)| {
            let (id, etag) = (id.clone(), kept.writes.to_string());
            Asks::Requisition(requisition::Asks::Step { id, step: "pay", etag, paid: late })
        });
        let decided = self.model.recoveries.iter();
        let decided = decided.filter(|(_, kept)| kept.state() == "decided").take(1);
        let settle = decided.map(|(id, kept)| {
            let (id, etag) = (id.clone(), kept.steps.len().to_string());
            Asks::Recovery(recovery::Asks::Step { id, step: "settle", etag, settled: late })
        });
        pay.chain(settle).collect()
    }

    /// A new claim for days of the closed year can be written, and not submitted.
    async fn submit_too_late(&mut self) {
        let actor = self.dice.pick(&of_party(PARTIES[0]));
        let claim = self.model.requisitions.iter().find(|(_, kept)| {
            let is_claim = kept.party == PARTIES[0] && kept.corrects.is_none();
            is_claim && kept.is_open() && kept.days.1.year() == YEAR
        });
        let Some((id, kept)) = claim else { return };
        let (id, etag) = (id.clone(), kept.writes.to_string());
        let asks = requisition::Asks::Step { id, step: "submit", etag, paid: today() };
        let said = self.one_by(actor, Asks::Requisition(asks)).await;
        let expected =
            ["YEAR_CLOSED", "COST_CLAIMED_BEFORE", "PERIOD_OUTSIDE_GRANT", "PERIOD_NOT_WHOLE"];
        assert!(said.split(' ').all(|said| expected.contains(&said)), "{said}");
    }

    /// What was paid in the closed year is no longer corrected, and still
    /// recovered: the year of the decision has the money.
    async fn correct_and_recover_too_late(&mut self) {
        let model = &self.model;
        let paid = model.requisitions.iter().find_map(|(id, kept)| {
            let is_paid = kept.state() == "paid" && kept.corrects.is_none();
            let (kind, _) = kept.costs[0];
            let stands =
                is_paid && kept.days.1.year() == YEAR && model.stands(But::Nothing, id, kind) > 0;
            stands.then(|| (id.clone(), kind, kept.clone()))
        });
        let Some((paid, kind, kept)) = paid else { return };
        let (party, grant) = (kept.party, kept.grant);
        let (days, costs) = (kept.days, vec![(kind, -1)]);
        let (id, content) = ("late".to_owned(), requisition::Content { days, costs });
        let corrects = Some(paid.clone());
        let draft = requisition::Asks::Draft { id, party, grant, corrects, content };
        let by = ACTORS.into_iter().find(|actor| actor.party == Some(party) && !actor.is_office);
        assert_eq!(self.one_by(by.unwrap(), Asks::Requisition(draft)).await, "OK");
        let (id, etag) = ("late".to_owned(), "1".to_owned());
        let submit = requisition::Asks::Step { id, step: "submit", etag, paid: today() };
        assert_eq!(self.one_by(by.unwrap(), Asks::Requisition(submit)).await, "YEAR_CLOSED");
        let [_, bo, cecilia] = office()[..3] else { panic!("three are of the office") };
        let (id, costs) = ("late".to_owned(), vec![(kind, 1)]);
        let propose = recovery::Asks::Create { id, requisition: paid, costs };
        assert_eq!(self.one_by(bo, Asks::Recovery(propose)).await, "OK");
        let (id, etag, settled) = ("late".to_owned(), "1".to_owned(), today());
        let decide = recovery::Asks::Step { id, step: "decide", etag, settled };
        assert_eq!(self.one_by(cecilia, Asks::Recovery(decide)).await, "OK");
    }
}
