//! The codes that figures are counted by. Numbers and names are those of the
//! contract (`code.proto`), and what is stored.

macro_rules! codes {
    ($(#[$doc:meta])* $code:ident, $prefix:literal {
        $($(#[$code_doc:meta])* $variant:ident = $number:literal $name:literal,)*
    }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $code { $($(#[$code_doc])* $variant = $number),* }

        impl $code {
            /// Every code, in the contract's order.
            pub const ALL: &'static [$code] = &[$($code::$variant),*];

            /// Its number in the contract.
            #[must_use]
            pub const fn number(self) -> i16 {
                self as i16
            }

            /// The code of a number of the contract.
            #[must_use]
            pub const fn from_number(number: i32) -> Option<$code> {
                match number { $($number => Some($code::$variant),)* _ => None }
            }

            /// Its name in the contract.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $($code::$variant => concat!($prefix, "_", $name)),* }
            }
        }
    };
}

codes! {
    /// How a person's sex is stated.
    Sex, "SEX" {
        /// Woman.
        Woman = 1 "WOMAN",
        /// Man.
        Man = 2 "MAN",
        /// Neither, or both.
        NonBinary = 3 "NON_BINARY",
        /// Not stated.
        NotStated = 4 "NOT_STATED",
    }
}

codes! {
    /// The kind of authority that refers a person.
    ReferringKind, "REFERRING_KIND" {
        /// The social insurance agency.
        SocialInsuranceAgency = 1 "SOCIAL_INSURANCE_AGENCY",
        /// A municipality's social assistance.
        Municipality = 2 "MUNICIPALITY",
        /// The employment service.
        EmploymentService = 3 "EMPLOYMENT_SERVICE",
        /// A region's psychiatry or primary care.
        Region = 4 "REGION",
        /// The employment service and the social insurance agency together.
        JointAfFk = 5 "JOINT_AF_FK",
        /// Somebody else.
        Other = 6 "OTHER",
        /// Not stated.
        NotStated = 7 "NOT_STATED",
    }
}

codes! {
    /// What a person lives on.
    Livelihood, "LIVELIHOOD" {
        /// Social assistance.
        SocialAssistance = 1 "SOCIAL_ASSISTANCE",
        /// Sickness benefit.
        SicknessBenefit = 2 "SICKNESS_BENEFIT",
        /// Sickness compensation.
        SicknessCompensation = 3 "SICKNESS_COMPENSATION",
        /// Activity compensation.
        ActivityCompensation = 4 "ACTIVITY_COMPENSATION",
        /// Unemployment benefit.
        UnemploymentBenefit = 5 "UNEMPLOYMENT_BENEFIT",
        /// Activity support.
        ActivitySupport = 6 "ACTIVITY_SUPPORT",
        /// Study support.
        StudySupport = 7 "STUDY_SUPPORT",
        /// Salary.
        Salary = 8 "SALARY",
        /// Something else.
        Other = 9 "OTHER",
        /// Nothing of one's own.
        None = 10 "NONE",
        /// Not stated.
        NotStated = 11 "NOT_STATED",
    }
}

codes! {
    /// Where a placement is.
    Sector, "SECTOR" {
        /// Private.
        Private = 1 "PRIVATE",
        /// Public.
        Public = 2 "PUBLIC",
        /// Associations and the like.
        ThirdSector = 3 "THIRD_SECTOR",
    }
}

codes! {
    /// How an enrolment ended.
    ExitOutcome, "EXIT_OUTCOME" {
        /// Work.
        Work = 1 "WORK",
        /// Studies.
        Studies = 2 "STUDIES",
        /// Seeks work at the employment service.
        JobSeeking = 3 "JOB_SEEKING",
        /// The strengthened cooperation of the employment service and the agency.
        StrengthenedCooperationAfFk = 4 "STRENGTHENED_COOPERATION_AF_FK",
        /// The municipality's labour market unit.
        MunicipalLabourMarketUnit = 5 "MUNICIPAL_LABOUR_MARKET_UNIT",
        /// Daily activity.
        DailyActivity = 6 "DAILY_ACTIVITY",
        /// Active rehabilitation without need of coordinated support.
        ContinuedRehabilitation = 7 "CONTINUED_REHABILITATION",
        /// Medical rehabilitation.
        MedicalRehabilitation = 8 "MEDICAL_REHABILITATION",
        /// Sickness compensation.
        SicknessCompensation = 9 "SICKNESS_COMPENSATION",
        /// Back to the insurance agency.
        ReturnedToInsuranceAgency = 10 "RETURNED_TO_INSURANCE_AGENCY",
        /// Dropped out.
        DroppedOut = 11 "DROPPED_OUT",
        /// Moved.
        Moved = 12 "MOVED",
        /// Parental leave.
        ParentalLeave = 13 "PARENTAL_LEAVE",
        /// Deceased.
        Deceased = 14 "DECEASED",
        /// Something else.
        Other = 15 "OTHER",
        /// Not measured.
        NotMeasured = 16 "NOT_MEASURED",
    }
}

codes! {
    /// Why a referral was decided as it was.
    DecisionReason, "DECISION_REASON" {
        /// All criteria are met, or overridden.
        MeetsCriteria = 1 "MEETS_CRITERIA",
        /// Outside the target group.
        OutsideTargetGroup = 2 "OUTSIDE_TARGET_GROUP",
        /// Not ready yet.
        NotReady = 3 "NOT_READY",
        /// Another effort fits better.
        OtherEffort = 4 "OTHER_EFFORT",
        /// Does not need coordination.
        NoNeedOfCoordination = 5 "NO_NEED_OF_COORDINATION",
        /// The person does not want to.
        PersonDeclines = 6 "PERSON_DECLINES",
        /// Could not be reached.
        NotReached = 7 "NOT_REACHED",
        /// Something is missing before it can be decided.
        Incomplete = 8 "INCOMPLETE",
        /// Something else.
        Other = 9 "OTHER",
    }
}

codes! {
    /// Where a referral stands.
    ReferralState, "REFERRAL_STATE" {
        /// Sent.
        Sent = 1 "SENT",
        /// Received by the team.
        Received = 2 "RECEIVED",
        /// The person is called to an intake talk.
        Called = 3 "CALLED",
        /// The intake talk was held.
        Talked = 4 "TALKED",
        /// To be considered again.
        Reconsidering = 5 "RECONSIDERING",
        /// Accepted; stands in the queue.
        Accepted = 6 "ACCEPTED",
        /// Not eligible.
        NotEligible = 7 "NOT_ELIGIBLE",
        /// The person declined.
        Declined = 8 "DECLINED",
        /// Taken back by the sender.
        Revoked = 9 "REVOKED",
        /// Enrolled.
        Enrolled = 10 "ENROLLED",
        /// A mistake; counted nowhere.
        RegisteredInError = 11 "REGISTERED_IN_ERROR",
    }
}
