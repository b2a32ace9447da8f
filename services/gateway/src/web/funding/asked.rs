//! What is asked of the funding table: the days, the cut and what it is narrowed
//! to, as they stand in the address.

use proto::{
    common::Period,
    finance::{CostKind, FundingCut, GetFundingTableRequest},
};
use tonic::Status;

use crate::web::{
    filter::{Filter, with_query},
    form::{Posted, inputs::Choice},
    layout::Visit,
    reads::{self, id_of},
    requisition::{COST_KINDS, cost_kind_code, cost_kind_text_id},
};

const CUTS: [FundingCut; 4] =
    [FundingCut::Recipient, FundingCut::Area, FundingCut::Party, FundingCut::CostKind];

/// What is asked, as typed or chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FundingQuery {
    /// The first day.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// What a row is about.
    pub cut: FundingCut,
    /// The id of a recipient; empty for all.
    pub recipient: String,
    /// The id of an area; empty for all.
    pub area: String,
    /// The id of a party; empty for all.
    pub party: String,
    /// A kind of cost; none for all.
    pub kind: Option<CostKind>,
}

impl FundingQuery {
    /// What an address asks for.
    #[must_use]
    pub(super) fn asked(asked: &Posted) -> Self {
        let get = |name: &str| asked.get(name).trim().to_owned();
        let cut = CUTS.into_iter().find(|cut| cut_code(*cut) == asked.get("cut"));
        Self {
            first_day: get("first_day"),
            last_day: get("last_day"),
            cut: cut.unwrap_or(FundingCut::Recipient),
            recipient: get("recipient"),
            area: get("area"),
            party: get("party"),
            kind: COST_KINDS.into_iter().find(|kind| cost_kind_code(*kind) == asked.get("kind")),
        }
    }

    /// The id of what a row is about, in a sentence.
    #[must_use]
    pub(super) fn cut_text_id(&self) -> &'static str {
        cut_text_id(self.cut)
    }

    /// The request for a period, in the year of its first day.
    #[must_use]
    pub(super) fn request(&self, visit: &Visit, period: Period) -> GetFundingTableRequest {
        GetFundingTableRequest {
            parent: visit.federation(),
            year: period.first_day.as_ref().map_or(0, |day| day.year),
            period: Some(period),
            cut: self.cut.into(),
            recipient: reads::name_if_given(visit, "recipients", &self.recipient),
            area: reads::name_if_given(visit, "areas", &self.area),
            party: reads::name_if_given(visit, "parties", &self.party),
            cost_kind: self.kind.unwrap_or(CostKind::Unspecified).into(),
            as_known_at: 0,
        }
    }

    /// An address that asks for the same, and for something more.
    #[must_use]
    pub(super) fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let Self { first_day, last_day, cut, recipient, area, party, kind } = self;
        let mut query = vec![
            ("first_day", first_day.as_str()),
            ("last_day", last_day),
            ("cut", cut_code(*cut)),
            ("recipient", recipient),
            ("area", area),
            ("party", party),
            ("kind", kind.map_or("", cost_kind_code)),
        ];
        query.extend(more);
        with_query(path, &query)
    }

    /// What there is to choose from.
    ///
    /// # Errors
    /// What a service answered instead.
    pub(super) async fn filters(&self, visit: &Visit) -> Result<Vec<Filter>, Status> {
        let (recipients, areas, parties) =
            tokio::try_join!(reads::recipients(visit), reads::areas(visit), reads::parties(visit))?;
        let cuts = CUTS.map(|cut| Choice::new(cut_code(cut), visit.t(cut_text_id(cut))));
        let kinds = COST_KINDS
            .map(|kind| Choice::new(cost_kind_code(kind), visit.t(cost_kind_text_id(kind))));
        let recipients = recipients.into_iter().map(|it| (it.name, it.display_name));
        let areas = areas.into_iter().map(|it| (it.name, it.display_name));
        let parties = parties.into_iter().map(|it| (it.name, it.display_name));
        let kind = self.kind.map_or("", cost_kind_code);
        Ok(vec![
            Filter::always(visit, "cut", "funding-cut", cut_code(self.cut), cuts.to_vec()),
            Filter::new(
                visit,
                "recipient",
                "funding-recipient",
                &self.recipient,
                named(recipients),
            ),
            Filter::new(visit, "area", "funding-area", &self.area, named(areas)),
            Filter::new(visit, "party", "payment-party", &self.party, named(parties)),
            Filter::new(visit, "kind", "funding-cost-kind", kind, kinds.to_vec()),
        ])
    }
}

fn named(all: impl Iterator<Item = (String, String)>) -> Vec<Choice> {
    all.map(|(name, display_name)| Choice::new(id_of(&name), display_name)).collect()
}

fn cut_code(cut: FundingCut) -> &'static str {
    match cut {
        FundingCut::Unspecified | FundingCut::Recipient => "recipient",
        FundingCut::Area => "area",
        FundingCut::Party => "party",
        FundingCut::CostKind => "cost_kind",
    }
}

fn cut_text_id(cut: FundingCut) -> &'static str {
    match cut {
        FundingCut::Unspecified | FundingCut::Recipient => "funding-cut-recipient",
        FundingCut::Area => "funding-cut-area",
        FundingCut::Party => "funding-cut-party",
        FundingCut::CostKind => "funding-cut-cost-kind",
    }
}
