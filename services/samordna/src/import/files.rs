//! Which files a folder may hold, with their columns: the table of contents of
//! deploy/demo/README.md, in the order in which the files are told about.

use values::name::{
    AreaName, GrantName, MunicipalityName, PartyName, RecipientName, ReportingPeriodName,
    RequisitionName, TeamName,
};

/// A kind of resource that rows define or refer to by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Collection {
    Parties,
    Areas,
    Municipalities,
    Teams,
    Recipients,
    Grants,
    Requisitions,
    ReportingPeriods,
}

impl Collection {
    /// Its part of a resource name.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Parties => PartyName::COLLECTION,
            Self::Areas => AreaName::COLLECTION,
            Self::Municipalities => MunicipalityName::COLLECTION,
            Self::Teams => TeamName::COLLECTION,
            Self::Recipients => RecipientName::COLLECTION,
            Self::Grants => GrantName::COLLECTION,
            Self::Requisitions => RequisitionName::COLLECTION,
            Self::ReportingPeriods => ReportingPeriodName::COLLECTION,
        }
    }

    /// The word that reasons about it are made with: `TEAM_UNKNOWN`.
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Parties => "PARTY",
            Self::Areas => "AREA",
            Self::Municipalities => "MUNICIPALITY",
            Self::Teams => "TEAM",
            Self::Recipients => "RECIPIENT",
            Self::Grants => "GRANT",
            Self::Requisitions => "REQUISITION",
            Self::ReportingPeriods => "PERIOD",
        }
    }
}

/// One kind of file.
#[derive(Debug)]
pub(super) struct Spec {
    /// Its name in the folder.
    pub(super) file: &'static str,
    /// The columns it must have, in any order.
    pub(super) columns: &'static [&'static str],
    /// The columns it may have.
    pub(super) optional_columns: &'static [&'static str],
    /// The column that tells which resource a row belongs to.
    pub(super) key: &'static str,
    /// What each row defines under its key; `None` where rows define nothing
    /// that other rows refer to.
    pub(super) defines: Option<Collection>,
}

impl Spec {
    /// The column of that name, when the file knows it.
    pub(super) fn column(&self, name: &str) -> Option<&'static str> {
        let mut known = self.columns.iter().chain(self.optional_columns);
        known.find(|column| **column == name).copied()
    }
}

pub(super) const FEDERATION: Spec = Spec {
    file: "federation.csv",
    columns: &["display_name", "organisation_number"],
    optional_columns: &["synthetic"],
    key: "display_name",
    defines: None,
};

pub(super) const PARTIES: Spec = Spec {
    file: "parties.csv",
    columns: &["party", "display_name", "organisation_number", "kind"],
    optional_columns: &["synthetic"],
    key: "party",
    defines: Some(Collection::Parties),
};

pub(super) const AREAS: Spec = Spec {
    file: "areas.csv",
    columns: &["area", "display_name"],
    optional_columns: &[],
    key: "area",
    defines: Some(Collection::Areas),
};

pub(super) const MUNICIPALITIES: Spec = Spec {
    file: "municipalities.csv",
    columns: &["scb_code", "display_name"],
    optional_columns: &["area"],
    key: "scb_code",
    defines: Some(Collection::Municipalities),
};

pub(super) const TEAMS: Spec = Spec {
    file: "teams.csv",
    columns: &["team", "display_name", "municipalities"],
    optional_columns: &[],
    key: "team",
    defines: Some(Collection::Teams),
};

pub(super) const RECIPIENTS: Spec = Spec {
    file: "recipients.csv",
    columns: &["recipient", "display_name", "kind", "team"],
    optional_columns: &[],
    key: "recipient",
    defines: Some(Collection::Recipients),
};

pub(super) const GRANTS: Spec = Spec {
    file: "grants.csv",
    columns: &[
        "grant",
        "recipient",
        "first_day",
        "last_day",
        "amount_kronor",
        "dnr",
        "decision_date",
        "deciding_body",
    ],
    optional_columns: &["synthetic"],
    key: "grant",
    defines: Some(Collection::Grants),
};

pub(super) const REQUISITIONS: Spec = Spec {
    file: "requisitions.csv",
    columns: &["requisition", "grant", "party", "first_day", "last_day", "payment_reference"],
    optional_columns: &["synthetic"],
    key: "requisition",
    defines: Some(Collection::Requisitions),
};

pub(super) const REQUISITION_LINES: Spec = Spec {
    file: "requisition-lines.csv",
    columns: &["requisition", "kind", "description", "fte_percent", "amount_kronor"],
    optional_columns: &[],
    key: "requisition",
    defines: None,
};

pub(super) const REPORTING_PERIODS: Spec = Spec {
    file: "reporting-periods.csv",
    columns: &["reporting_period", "first_day", "last_day", "due_date"],
    optional_columns: &[],
    key: "reporting_period",
    defines: Some(Collection::ReportingPeriods),
};

pub(super) const REPORTED_FIGURES: Spec = Spec {
    file: "reported-figures.csv",
    columns: &["team", "period", "figure", "category", "count"],
    optional_columns: &[],
    key: "team",
    defines: None,
};

/// Every kind of file.
pub(super) const ALL: [&Spec; 11] = [
    &FEDERATION,
    &PARTIES,
    &AREAS,
    &MUNICIPALITIES,
    &TEAMS,
    &RECIPIENTS,
    &GRANTS,
    &REQUISITIONS,
    &REQUISITION_LINES,
    &REPORTING_PERIODS,
    &REPORTED_FIGURES,
];
