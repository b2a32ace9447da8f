//! Resource names: `federations/vastmanland/teams/sala`.

mod attachment;
mod follow_up;

use std::fmt;

use crate::Fault;

pub use attachment::AttachmentName;
pub use follow_up::FollowUpName;

/// The last part of a name: 1 to 63 lower-case letters a–z, digits and hyphens,
/// beginning and ending with a letter or digit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// Checks the form.
    ///
    /// # Errors
    /// `ID_MALFORMED`, with the value as sent, for the field named.
    pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let bytes = text.as_bytes();
        let edges_are_plain = !text.starts_with('-') && !text.ends_with('-');
        let good = (1..=63).contains(&bytes.len())
            && bytes.iter().all(|byte| allowed(*byte))
            && edges_are_plain;
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(Fault::new(field, "ID_MALFORMED").with("value", text))
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl AsRef<str> for Slug {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Reads `federations/{federation}`.
///
/// # Errors
/// `NAME_MALFORMED` for the field named.
pub fn parse_federation(field: &str, text: &str) -> Result<Slug, Fault> {
    text.strip_prefix("federations/")
        .and_then(|id| Slug::parse(field, id).ok())
        .ok_or_else(|| malformed(field, text, "federations/{federation}"))
}

fn malformed(field: &str, text: &str, form: &str) -> Fault {
    Fault::new(field, "NAME_MALFORMED").with("value", text).with("form", form)
}

macro_rules! resource_name {
    ($(#[$doc:meta])* $name:ident, $collection:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name {
            /// The federation it belongs to.
            pub federation: Slug,
            /// Its own id.
            pub id: Slug,
        }

        impl $name {
            /// The collection's part of the name.
            pub const COLLECTION: &'static str = $collection;

            /// Puts a name together.
            #[must_use]
            pub fn new(federation: Slug, id: Slug) -> Self {
                Self { federation, id }
            }

            /// Reads a name.
            ///
            /// # Errors
            /// `NAME_MALFORMED` for the field named.
            pub fn parse(field: &str, text: &str) -> Result<Self, Fault> {
                let parts: Vec<&str> = text.split('/').collect();
                let ids = match parts.as_slice() {
                    ["federations", federation, $collection, id] => {
                        Slug::parse(field, federation).ok().zip(Slug::parse(field, id).ok())
                    }
                    _ => None,
                };
                ids.map(|(federation, id)| Self { federation, id }).ok_or_else(|| {
                    malformed(field, text, concat!("federations/{federation}/", $collection, "/{id}"))
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "federations/{}/{}/{}", self.federation, $collection, self.id)
            }
        }
    };
}

resource_name!(
    /// An account of the gateway.
    AccountName, "accounts");
resource_name!(
    /// A report as it was published.
    ReleaseName, "releases");
resource_name!(
    /// A role granted to an account.
    RoleGrantName, "roleGrants");
resource_name!(
    /// A party (huvudman).
    PartyName, "parties");
resource_name!(
    /// An area (länsdel).
    AreaName, "areas");
resource_name!(
    /// A municipality, by SCB code.
    MunicipalityName, "municipalities");
resource_name!(
    /// A team.
    TeamName, "teams");
resource_name!(
    /// A person a party is responsible for.
    ParticipantName, "participants");
resource_name!(
    /// A referral to a team.
    ReferralName, "referrals");
resource_name!(
    /// A person's time in a team.
    EnrolmentName, "enrolments");
resource_name!(
    /// Cases that came in at once.
    ParticipantImportName, "participantImports");
resource_name!(
    /// Something that happened in an enrolment.
    MilestoneName, "milestones");
resource_name!(
    /// A person's time at an employer.
    PlacementName, "placements");
resource_name!(
    /// What a person answered to a questionnaire.
    SurveyAnswerName, "surveyAnswers");
resource_name!(
    /// A version of who a team is for.
    CriteriaName, "criteria");
resource_name!(
    /// How long a party keeps its people, by the party.
    RetentionName, "retentions");
resource_name!(
    /// What was agreed with an evaluator.
    DataAgreementName, "dataAgreements");
resource_name!(
    /// A disposal of people.
    DisposalName, "disposals");
resource_name!(
    /// A position in a team.
    PositionName, "positions");
resource_name!(
    /// A stop of the intake to a team.
    IntakePauseName, "intakePauses");
resource_name!(
    /// An occasion with many.
    GroupActivityName, "groupActivities");
resource_name!(
    /// A questionnaire.
    QuestionnaireName, "questionnaires");
resource_name!(
    /// A way to put ages or codes together to columns.
    BandingName, "bandings");
resource_name!(
    /// A layout of tables of counts.
    TableLayoutName, "tableLayouts");
resource_name!(
    /// A table of counts that has left the parties.
    ReleasedTableName, "releasedTables");
resource_name!(
    /// A recipient of grants.
    RecipientName, "recipients");
resource_name!(
    /// A grant.
    GrantName, "grants");
resource_name!(
    /// A requisition.
    RequisitionName, "requisitions");
resource_name!(
    /// Money claimed back.
    RecoveryName, "recoveries");
resource_name!(
    /// A decision on what the parties pay.
    ContributionDecisionName, "contributionDecisions");
resource_name!(
    /// A contribution that was paid.
    ContributionPaymentName, "contributionPayments");
resource_name!(
    /// A year of the federation, by its number.
    FinancialYearName, "financialYears");

impl FinancialYearName {
    /// The name of a year of a federation.
    #[must_use]
    pub fn of(federation: &Slug, year: i32) -> Self {
        Self { federation: federation.clone(), id: Slug(year.unsigned_abs().to_string()) }
    }
}

resource_name!(
    /// A budget.
    BudgetName, "budgets");
resource_name!(
    /// What the office expects of an area of the budget.
    BudgetForecastName, "budgetForecasts");
resource_name!(
    /// A cost of the federation itself.
    OwnCostName, "ownCosts");
resource_name!(
    /// Posts that are paid for in one place.
    StaffingFinancingName, "staffingFinancings");
resource_name!(
    /// A period that is reported on.
    ReportingPeriodName, "reportingPeriods");
resource_name!(
    /// A template of reports.
    ReportTemplateName, "reportTemplates");
resource_name!(
    /// A report.
    ReportName, "reports");
resource_name!(
    /// What a programme sets out to do, whatever its version.
    ProgrammePlanName, "programmePlans");
resource_name!(
    /// What a team sets out to do in a year.
    LocalGoalName, "localGoals");
resource_name!(
    /// Those who steer the programmes of the federation or of an area.
    SteeringGroupName, "steeringGroups");
resource_name!(
    /// That somebody was reminded of a report.
    ReminderName, "reminders");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_it_was_written() {
        let text = "federations/vastmanland/teams/sala";
        assert_eq!(TeamName::parse("name", text).unwrap().to_string(), text);
    }

    #[test]
    fn a_name_of_another_kind_or_form_is_refused_with_the_form_it_should_have() {
        for text in [
            "",
            "teams/sala",
            "federations/x/parties/sala",
            "federations/x/teams/",
            "federations/X/teams/a",
            "federations/x/teams/a/b",
        ] {
            let fault = TeamName::parse("team", text).unwrap_err();
            assert_eq!((fault.reason, fault.field.as_str()), ("NAME_MALFORMED", "team"));
        }
    }

    #[test]
    fn an_id_is_short_lower_case_and_plain() {
        for text in ["", "-a", "a-", "Å", "a b", "A", &"x".repeat(64)] {
            assert!(Slug::parse("id", text).is_err(), "{text}");
        }
        assert!(Slug::parse("id", "2025h1").is_ok());
    }
}
