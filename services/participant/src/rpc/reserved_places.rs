//! Places of a team that are kept for a channel of referrals.

use futures::FutureExt as _;
use platform::{
    Draft, Failure, Journal, Principal, Step, Write,
    journal::Transaction,
    journalled::{Recorded, all_decoded, id_of, next_page_token},
    page::Page,
    principal,
};
use proto::participant::{
    self as pb, ListReservedPlacesRequest, ListReservedPlacesResponse, SetReservedPlacesRequest,
    SetReservedPlacesResponse, reserved_places_service_server::ReservedPlacesService,
};
use tonic::{Request, Response, Status, async_trait};
use values::{Fault, Faults, Role, Slug};

use super::{
    convert, draft,
    journalled::{acts_for, day_key, team_filter},
    parent, recorded,
};
use crate::{
    domain::{reserved_places::ReservedPlaces, team::unknown_team},
    store::{
        self,
        reserved_places::{After, Row},
    },
};

const SET: &str = "/samordna.participant.v1.ReservedPlacesService/SetReservedPlaces";
/// Who writes what belongs to a team they act for.
const WRITERS: &[Role] = super::permissions::TEAM_WRITERS;

pub(super) struct Reservations(Journal);

#[async_trait]
impl ReservedPlacesService for Reservations {
    async fn set_reserved_places(
        &self,
        request: Request<SetReservedPlacesRequest>,
    ) -> Result<Response<SetReservedPlacesResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.set(&principal, request.into_inner()).await?))
    }

    async fn list_reserved_places(
        &self,
        request: Request<ListReservedPlacesRequest>,
    ) -> Result<Response<ListReservedPlacesResponse>, Status> {
        let principal = principal::of(&request)?;
        Ok(Response::new(self.list(&principal, request.into_inner()).await?))
    }
}

impl Reservations {
    pub(super) fn new(journal: &Journal) -> Self {
        Self(journal.clone())
    }

    async fn set(
        &self,
        principal: &Principal,
        message: SetReservedPlacesRequest,
    ) -> Result<SetReservedPlacesResponse, Failure> {
        let write = Write::of(principal, SET, &message)?;
        let (federation, reservation) = parse(principal, message)?;
        acts_for(principal, WRITERS, &reservation.key.team)?;
        let step = self.0.write(write, move |transaction, step| {
            let (federation, reservation) = (federation.clone(), reservation.clone());
            async move { save(transaction, step, &federation, reservation).await }.boxed()
        });
        let entries = step.await?;
        Ok(SetReservedPlacesResponse { reserved_places: Some(recorded(&entries)?) })
    }

    async fn list(
        &self,
        principal: &Principal,
        message: ListReservedPlacesRequest,
    ) -> Result<ListReservedPlacesResponse, Failure> {
        let ListReservedPlacesRequest { parent, team, page_size, page_token } = message;
        let mut faults = Faults::new();
        let federation = self::parent(&mut faults, principal, &parent)?;
        let team = faults.keep(team_filter(&team));
        let page = faults.keep_nested("", Page::parse(page_size, &page_token));
        let after = page.as_ref().and_then(|page| page.after.as_deref()).map(after).transpose();
        let after = faults.keep(after);
        let (team, size, after) = faults.into_result(|| Some((team?, page?.size, after?)))?;
        let connection = &self.0.database().read;
        let listed =
            store::reserved_places::list(connection, &federation, team.as_ref(), after, size)
                .await?;
        let reserved_places: Vec<pb::ReservedPlaces> = all_decoded(&listed)?;
        Ok(ListReservedPlacesResponse {
            next_page_token: next_page_token(listed.has_more, &reserved_places, key),
            reserved_places,
        })
    }
}

fn parse(
    principal: &Principal,
    message: SetReservedPlacesRequest,
) -> Result<(Slug, ReservedPlaces), Failure> {
    let SetReservedPlacesRequest { parent, reserved_places, request_id: _, validate_only: _ } =
        message;
    let mut faults = Faults::new();
    let federation = self::parent(&mut faults, principal, &parent)?;
    let sent = reserved_places.ok_or_else(|| Fault::new("reserved_places", "FIELD_MISSING"));
    let reservation = faults.keep(sent).and_then(|sent| {
        faults.keep_nested("reserved_places", convert::reserved_places::parse(sent))
    });
    Ok(faults.into_result(|| Some((federation, reservation?)))?)
}

async fn save(
    transaction: &Transaction,
    step: Step,
    federation: &Slug,
    reservation: ReservedPlaces,
) -> Result<Vec<Draft>, Failure> {
    let team = &reservation.key.team;
    let is_team = store::team::is_known(transaction, federation, team).await?;
    let mut faults = Faults::new();
    faults.nest("reserved_places", unknown_team(team, is_team));
    faults.into_result(|| Some(()))?;
    let resource = convert::reserved_places::render(&reservation);
    let draft = draft("reserved_places.set", &reservation.key, &resource);
    let row = Row { key: reservation.key, recorded: Recorded::first(step.sequence) };
    store::reserved_places::set(transaction, &row).await?;
    Ok(vec![draft])
}

/// The key of the list: channel, day and team.
fn key(reservation: &pb::ReservedPlaces) -> String {
    let day_and_team = day_key(reservation.first_day, id_of(&reservation.team));
    format!("{}/{day_and_team}", reservation.referring_kind)
}

/// Reads such a key.
fn after(key: &str) -> Result<After, Fault> {
    let after = match key.split('/').collect::<Vec<_>>().as_slice() {
        [channel, day, team] => {
            let team = Slug::parse("page_token", team).ok();
            let after = |team| {
                let (referring_kind, first_day) = (channel.parse().ok()?, day.parse().ok()?);
                Some(After { team, referring_kind, first_day })
            };
            team.and_then(after)
        }
        _ => None,
    };
    after.ok_or_else(|| Fault::new("page_token", "PAGE_TOKEN_MALFORMED"))
}

/// The row that finds a recorded reservation.
pub(crate) fn row(name: &str, payload: &[u8], recorded: Recorded) -> anyhow::Result<Row> {
    let message: pb::ReservedPlaces = prost::Message::decode(payload)?;
    let reservation = convert::reserved_places::parse(message);
    let key = reservation.map_err(|faults| anyhow::anyhow!("{faults:?}"))?.key;
    anyhow::ensure!(key.to_string() == name, "is recorded as {key}");
    Ok(Row { key, recorded })
}
