//! Who is entered and who looks. Through the gateway: by an officer of the party, by the
//! team's coordinator, and by the coach.

use platform::failure::Problem;
use proto::participant::{
    GetParticipantRequest, GetReferralRequest, Identity, Participant, ProtectParticipantRequest,
    UpdateParticipantRequest, participant_service_client::ParticipantServiceClient,
    referral_service_client::ReferralServiceClient,
};
use samordna::{demo, import::Gateway};
use values::Role;

use crate::flows::world::{FEDERATION, Installation};

/// The canary's, which Skatteverket gives out for tests.
pub(super) const NUMBER: &str = "197010632391";
/// What no other text begins a word with: the canary's names are made of it.
pub(super) const NAME: &str = "Kanarie";
/// Who has a role in the team for the people of the canary's party.
pub(super) const INSIDERS: [&str; 3] = ["coach", "samordnare", "teamledare"];
/// The referral of the canary, and of somebody who gets protected identity after a whole
/// course: enrolled, placed, asked and gone.
const CANARY: &str = "demo-1";
const PROTECTED: &str = "demo-5";
/// Somebody who had it from the first day.
const ALWAYS_PROTECTED: &str = "demo-4";

/// Who looks, with each role there is: id, role, scope. The first five are there in every
/// installation of these tests.
pub(super) const READERS: [(&str, Role, &str); 18] = [
    ("kansli", Role::FederationAdministrator, "federation"),
    ("ekonom", Role::FederationEconomist, "federation"),
    ("koping-ekonom", Role::PartyEconomist, "party/koping"),
    ("surahammar-ledare", Role::TeamLead, "team/surahammar"),
    ("sormland-kansli", Role::FederationAdministrator, "federation"),
    ("programledare", Role::ProgrammeLead, "federation"),
    ("koping-admin", Role::PartyAdministrator, "party/koping"),
    ("arboga-admin", Role::PartyAdministrator, "party/arboga"),
    ("koping-handlaggare", Role::ReferringOfficer, "party/koping"),
    ("styrgrupp", Role::SteeringGroupMember, "federation"),
    ("utvarderare", Role::Evaluator, "federation"),
    ("revisor", Role::Auditor, "federation"),
    ("coach", Role::Coach, "party/koping/team/vastra-malardalen"),
    ("samordnare", Role::Coordinator, "party/koping/team/vastra-malardalen"),
    ("teamledare", Role::TeamLead, "party/koping/team/vastra-malardalen"),
    // The same team, another party; the same party, another team; the team as a whole.
    ("arboga-coach", Role::Coach, "party/arboga/team/vastra-malardalen"),
    ("annan-coach", Role::Coach, "party/koping/team/surahammar"),
    ("hela-teamet", Role::TeamLead, "team/vastra-malardalen"),
];
const THERE_ALREADY: usize = 5;

/// Who may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// Those with a role in the team.
    Insiders,
    /// The same, when they ask for it by the name of a case that they kept; and the
    /// administrator of the party that answers for it, in the log of who has read.
    ByName,
    /// Nobody.
    Nobody,
}

/// Something that tells who somebody is.
pub(super) struct Telltale {
    pub(super) text: String,
    pub(super) whom: Whom,
}

impl Telltale {
    /// True when a reader may find it in a place.
    pub(super) fn may_be_told(&self, reader: &str, place: &str) -> bool {
        let is_insider = INSIDERS.contains(&reader);
        let is_named = || {
            let cases = [PROTECTED, ALWAYS_PROTECTED].map(|case| format!("s/{case}"));
            cases.iter().chain([&self.text]).any(|name| place.contains(name))
        };
        match self.whom {
            Whom::Insiders => is_insider,
            Whom::ByName => {
                is_insider && is_named()
                    || reader == "koping-admin" && place.starts_with("/read-log")
            }
            Whom::Nobody => false,
        }
    }
}

/// Who was entered.
pub(super) struct Entered {
    pub(super) telltales: Vec<Telltale>,
    /// What belongs to them, by resource name.
    pub(super) names: Vec<String>,
}

/// Creates the accounts, loads what the demonstration has, and makes one of its people the
/// canary and gives another protected identity.
pub(super) async fn enter(installation: &Installation) -> Entered {
    for (id, role, scope) in &READERS[THERE_ALREADY..] {
        installation.create_account(id, *role, scope).await;
    }
    installation.load().await;
    let client = async |id: &str| installation.client(id).await;
    let (office, team) = (client("kansli").await, client("samordnare").await);
    demo::referrals::make(client("koping-handlaggare").await, team.clone()).await.unwrap();
    demo::course::make(office.clone(), team.clone()).await.unwrap();
    demo::reports::make(office.clone(), client("programledare").await).await.unwrap();
    demo::planning::make(office).await.unwrap();

    let canary = participant(&team, CANARY).await;
    let (protected, always) =
        (participant(&team, PROTECTED).await, participant(&team, ALWAYS_PROTECTED).await);
    rename(client("coach").await, &canary).await;
    protect(team, &protected).await;

    let id = |name: &str| name.rsplit('/').next().unwrap().to_owned();
    let written = |number: &str| {
        let (century, rest) = number.split_at(2);
        let (day, control) = rest.split_at(6);
        let short = format!("{day}-{control}");
        [number.to_owned(), format!("{century}{short}"), short, rest.to_owned()]
    };
    let of_canary = written(NUMBER).into_iter().chain([NAME.to_owned()]);
    let of_canary = of_canary.map(|text| Telltale { text, whom: Whom::Insiders });
    let of_protected = written("191212121212").into_iter().chain(["Testsson 5".to_owned()]);
    let of_protected = of_protected.map(|text| Telltale { text, whom: Whom::Nobody });
    let by_name = [id(&protected), id(&always)].map(|text| Telltale { text, whom: Whom::ByName });
    let others = Telltale { text: "Testsson".to_owned(), whom: Whom::Insiders };
    let of = |collection: &str, id: &str| format!("{FEDERATION}/{collection}/{id}");
    let cases = [CANARY, PROTECTED, ALWAYS_PROTECTED].into_iter();
    let cases = cases.flat_map(|id| [of("referrals", id), of("enrolments", id)]);
    Entered {
        telltales: of_canary.chain(of_protected).chain(by_name).chain([others]).collect(),
        names: cases.chain([canary, protected, always]).collect(),
    }
}

/// The name of the person of a referral.
async fn participant(team: &Gateway, referral: &str) -> String {
    let request = GetReferralRequest { name: format!("{FEDERATION}/referrals/{referral}") };
    let answer = ReferralServiceClient::new(team.clone()).get_referral(request).await.unwrap();
    answer.into_inner().referral.unwrap().participant
}

async fn get(client: &Gateway, name: &str) -> Participant {
    let request = GetParticipantRequest { name: name.to_owned() };
    let answer = ParticipantServiceClient::new(client.clone()).get_participant(request).await;
    answer.unwrap().into_inner().participant.unwrap()
}

async fn rename(coach: Gateway, name: &str) {
    let found = get(&coach, name).await;
    let identity = Identity {
        personal_number: NUMBER.to_owned(),
        given_name: format!("{NAME}förnamn"),
        family_name: format!("{NAME}efternamn"),
    };
    let request = UpdateParticipantRequest {
        name: name.to_owned(),
        etag: found.etag.clone(),
        participant: Some(Participant { identity: Some(identity), ..found }),
        reason: "Bytt namn".to_owned(),
        request_id: "canary".to_owned(),
        validate_only: false,
    };
    ParticipantServiceClient::new(coach).update_participant(request).await.unwrap();
}

async fn protect(team: Gateway, name: &str) {
    let request = ProtectParticipantRequest {
        name: name.to_owned(),
        etag: get(&team, name).await.etag,
        request_id: "protect".to_owned(),
        validate_only: false,
    };
    let answer = ParticipantServiceClient::new(team).protect_participant(request).await;
    answer.unwrap_or_else(|status| panic!("{:?}", Problem::of(&status)));
}
