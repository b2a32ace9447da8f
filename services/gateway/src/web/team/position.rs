//! Positions of a team: a new one, and what becomes of one over time.

use axum::{extract::Path, response::Response};
use proto::participant::{
    CreatePositionRequest, GetPositionRequest, PayerShare, Position, PositionSpell,
    UpdatePositionRequest, position_service_client::PositionServiceClient,
};
use tonic::Status;

use crate::web::{
    account::Places,
    code,
    error_page::Trouble,
    form::{
        Fields, Posted,
        fields::Form,
        inputs::{Choice, Group, Input, Kind, line_id},
        page::{Back, form_page},
    },
    format,
    layout::Visit,
    reads::{self, id_of},
    rights,
    sign_in::see_other,
};

/// Times that a form shows at first, and at most.
const FIRST_LINES: usize = 1;
const MOST_LINES: usize = 20;
/// Payers of one time.
const PAYERS: [&str; 2] = ["one", "two"];

/// The form of a new position.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show(visit: Visit, Path(team): Path<String>) -> Result<Response, Trouble> {
    let places = read_first(&visit, &team).await?;
    let form = form(&visit, &places, new_address(&team), &Position::default(), FIRST_LINES);
    Ok(page(&visit, &team, "position-new-heading", form))
}

/// Enters the position and shows the team; or shows the form again, with what is wrong
/// or with one more time.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn save(
    visit: Visit,
    Path(team): Path<String>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let places = read_first(&visit, &team).await?;
    let lines = posted.lines(FIRST_LINES, MOST_LINES);
    let mut form = form(&visit, &places, new_address(&team), &Position::default(), lines);
    form.fill(&posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(page(&visit, &team, "position-new-heading", form));
    }
    let position = read_position(&visit, &team, lines, &mut form);
    let request = CreatePositionRequest {
        parent: visit.federation(),
        position_id: posted.new_id(&[&team]),
        position: Some(position),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = PositionServiceClient::new(visit.state.organisation.clone());
    let answer = match visit.request(request) {
        Ok(request) => client.create_position(request).await,
        Err(status) => Err(status),
    };
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/teams/{team}"), None));
    }
    Ok(page(&visit, &team, "position-new-heading", form))
}

/// The form of a position that is there.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn show_change(
    visit: Visit,
    Path((team, id)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let places = read_first(&visit, &team).await?;
    let position = read(&visit, &id).await?;
    let lines = position.spells.len().max(FIRST_LINES);
    let form = form(&visit, &places, change_address(&team, &id), &position, lines);
    Ok(page(&visit, &team, "position-change-heading", form))
}

/// Keeps the change and shows the team; or shows the form again, with what is wrong or
/// with one more time.
///
/// # Errors
/// The page to show instead.
pub(crate) async fn change(
    visit: Visit,
    Path((team, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Trouble> {
    let posted = Posted::accept(&visit, fields)?;
    let places = read_first(&visit, &team).await?;
    let kept = read(&visit, &id).await?;
    let lines = posted.lines(FIRST_LINES, MOST_LINES);
    let mut form = form(&visit, &places, change_address(&team, &id), &kept, lines);
    form.fill(&posted);
    if posted.adds_line() {
        form.focus_last_line();
        return Ok(page(&visit, &team, "position-change-heading", form));
    }
    let position = read_position(&visit, &team, lines, &mut form);
    let request = UpdatePositionRequest {
        name: kept.name,
        etag: posted.get("etag").to_owned(),
        position: Some(position),
        request_id: posted.get("request_id").to_owned(),
        validate_only: form.is_faulty(),
    };
    let mut client = PositionServiceClient::new(visit.state.organisation.clone());
    let answer = match visit.request(request) {
        Ok(request) => client.update_position(request).await,
        Err(status) => Err(status),
    };
    if form.kept(answer).is_some() {
        return Ok(see_other(&format!("/teams/{team}"), None));
    }
    Ok(page(&visit, &team, "position-change-heading", form))
}

fn read_position(visit: &Visit, team: &str, lines: usize, form: &mut Form) -> Position {
    let mut spells = Vec::new();
    for line in 0..lines {
        let ids = ["first_day", "last_day", "fte", "share-one", "share-two"];
        if form.is_blank(&ids.map(|id| line_id(line, id))) {
            continue;
        }
        let field = format!("position.spells[{}]", spells.len());
        spells.push(read_spell(visit, line, &field, form));
    }
    Position {
        team: reads::name(visit, "teams", team),
        title: form.text("title", "position.title"),
        coaches: form.text("coaches", "position.coaches") == code::YES,
        employer: form.resource("employer", "position.employer", "parties"),
        spells,
        ..Position::default()
    }
}

fn read_spell(visit: &Visit, line: usize, field: &str, form: &mut Form) -> PositionSpell {
    let part = |part: &str| format!("{field}.{part}");
    let fte_percent = form.small(&line_id(line, "fte"), &part("fte_percent"));
    let mut payers = Vec::new();
    for which in PAYERS {
        let (payer_id, share_id) =
            (line_id(line, &format!("payer-{which}")), line_id(line, &format!("share-{which}")));
        let is_blank = form.is_blank(std::slice::from_ref(&share_id));
        // The first payer pays all of it unless something else is said.
        if is_blank && which != PAYERS[0] {
            continue;
        }
        let payer = part(&format!("payers[{}]", payers.len()));
        let party = match form.text(&payer_id, &format!("{payer}.party")).as_str() {
            FEDERATION_PAYS => String::new(),
            party => reads::name_if_given(visit, "parties", party),
        };
        let share = form.small(&share_id, &format!("{payer}.fte_percent"));
        let fte_percent = if is_blank { fte_percent } else { share };
        payers.push(PayerShare { party, fte_percent });
    }
    PositionSpell {
        first_day: form.day(&line_id(line, "first_day"), &part("first_day")),
        last_day: form.day(&line_id(line, "last_day"), &part("last_day")),
        fte_percent,
        vacant: form.text(&line_id(line, "vacant"), &part("vacant")) == code::YES,
        payers,
    }
}

/// What is posted for the federation's own funds.
const FEDERATION_PAYS: &str = "";

fn form(visit: &Visit, places: &Places, action: String, kept: &Position, lines: usize) -> Form {
    let language = visit.reader.language;
    let mut form = Form::new(visit, action, "position-save").with_lines(lines, "position-add");
    form.etag.clone_from(&kept.etag);
    let input = |id: &str, label: &str, kind| Input::new(language, id, label, kind);
    let choose = Choice::new("", visit.t("choose"));
    let employers: Vec<Choice> = std::iter::once(choose).chain(places.parties()).collect();
    let coaches = if kept.coaches { code::YES } else { "" };
    form.groups.push(Group::plain(vec![
        input("title", "position-title", Kind::Text(100))
            .value(kept.title.clone())
            .help(language, "position-title-help"),
        input("coaches", "position-coaches", Kind::Choice(code::no_or_yes(visit))).value(coaches),
        input("employer", "position-employer", Kind::Choice(employers))
            .value(id_of(&kept.employer)),
    ]));
    for line in 0..lines {
        let number = (line + 1).to_string();
        let legend = visit.t1("position-spell", "number", &number);
        let kept = kept.spells.get(line).cloned().unwrap_or_default();
        form.groups.push(Group::line(legend, spell_inputs(visit, places, line, &kept)));
    }
    form
}

fn spell_inputs(visit: &Visit, places: &Places, line: usize, kept: &PositionSpell) -> Vec<Input> {
    let language = visit.reader.language;
    let input = |id: &str, label: &str, kind| Input::new(language, line_id(line, id), label, kind);
    let percent = |percent: i32| if percent == 0 { String::new() } else { percent.to_string() };
    let federation = Choice::new(FEDERATION_PAYS, visit.t("position-federation-pays"));
    let payers: Vec<Choice> = std::iter::once(federation).chain(places.parties()).collect();
    let mut inputs = vec![
        input("first_day", "period-first-day", Kind::Day)
            .value(format::date(kept.first_day.as_ref())),
        input("last_day", "period-last-day", Kind::Day)
            .value(format::date(kept.last_day.as_ref()))
            .optional(language),
        input("fte", "position-extent", Kind::Whole).value(percent(kept.fte_percent)),
        input("vacant", "position-vacant", Kind::Choice(code::no_or_yes(visit)))
            .value(if kept.vacant { code::YES } else { "" }),
    ];
    for (position, which) in PAYERS.into_iter().enumerate() {
        let payer = kept.payers.get(position).cloned().unwrap_or_default();
        let kind = Kind::Choice(payers.clone());
        let label = if position == 0 { "position-payer" } else { "position-other-payer" };
        inputs.push(input(&format!("payer-{which}"), label, kind).value(id_of(&payer.party)));
        let share = input(&format!("share-{which}"), "position-share", Kind::Whole);
        inputs.push(share.value(percent(payer.fte_percent)).optional(language));
    }
    inputs
}

async fn read(visit: &Visit, id: &str) -> Result<Position, Trouble> {
    let troubled = |status: Status| Trouble::of(visit, &status);
    let request = GetPositionRequest { name: reads::name(visit, "positions", id) };
    let mut client = PositionServiceClient::new(visit.state.organisation.clone());
    let request = visit.request(request).map_err(troubled)?;
    let answer = client.get_position(request).await.map_err(troubled)?;
    Ok(answer.into_inner().position.unwrap_or_default())
}

async fn read_first(visit: &Visit, team: &str) -> Result<Places, Trouble> {
    Trouble::unless(visit, |principal| rights::runs_team(principal, team))?;
    Places::read(visit).await.map_err(|status| Trouble::of(visit, &status))
}

fn new_address(team: &str) -> String {
    format!("/teams/{team}/positions/new")
}

fn change_address(team: &str, id: &str) -> String {
    format!("/teams/{team}/positions/{id}/change")
}

fn page(visit: &Visit, team: &str, heading_id: &str, form: Form) -> Response {
    let back = Back::to(format!("/teams/{team}"), visit.t("team-back"));
    form_page(visit, visit.t(heading_id), back, visit.t("position-intro"), form)
}
