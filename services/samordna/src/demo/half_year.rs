//! The half-year report of the demonstration: the federation's own template, and the text,
//! which is made up but for the figures that it is bound to. Small counts are not for the
//! public: the text keeps to what may be told.

use proto::reporting::{
    CreateReportTemplateRequest, ReportTemplate, StatedCell,
    report_template_service_client::ReportTemplateServiceClient,
};

use anyhow::Context as _;

use super::FEDERATION;
use crate::import::Gateway;

/// The id of the template.
pub(super) const TEMPLATE: &str = "demo-delarsrapport-1";

/// The full-time positions of the teams that told how they are staffed.
const POSITIONS: [(&str, &str); 3] =
    [("hallstahammar", "1.9"), ("surahammar", "1.1"), ("vastra-malardalen", "1.8")];

/// Every chapter, by name.
pub(super) const CHAPTERS: [(&str, &str); 14] = [
    (
        "introduction",
        "Samordningsförbundet finansierar [sex](no-statistic \"Antal team\") team i länet. De \
         stöder människor som behöver insatser från flera myndigheter samtidigt för att komma \
         närmare arbete eller studier. Rapporten redovisar första halvåret. Texten är skriven som \
         exempel; uppgifterna är de som förbundet har publicerat.\n\n\
         De team som har lämnat uppgifter hade tillsammans [](figure:participants) deltagare, \
         [](figure:participants.woman) kvinnor och [](figure:participants.man) män. Av \
         deltagarna var [](figure:new_participants) nya, och [](figure:exits) avslutade sin \
         tid i teamet. För [](figure:exits.medical_rehabilitation) av dem tog medicinsk \
         rehabilitering vid.",
    ),
    (
        "finance",
        "Styrelsen har beviljat [](figure:granted_tkr)\u{a0}tkr för året. Till och med juni är \
         [](figure:requisitioned_to_date_tkr)\u{a0}tkr rekvirerade, \
         [42\u{a0}%](share:requisitioned_to_date_tkr/granted_tkr) av det beviljade.\n\n\
         Teamsamverkan Västra Mälardalen har använt \
         [60\u{a0}%](share:requisitioned_to_date_tkr@vastra-malardalen/granted_tkr@vastra-malardalen) \
         av sina medel och Samordningsteam FNS \
         [36\u{a0}%](share:requisitioned_to_date_tkr@fns/granted_tkr@fns). Förbundet följer upp \
         skillnaden tillsammans med huvudmännen under hösten.",
    ),
    (
        "activities.fns",
        "Teamet har lämnat en beskrivning av verksamheten, men inga uppgifter om deltagare som \
         går att summera med de andra teamens. Styrelsen har beviljat \
         [](figure:granted_tkr)\u{a0}tkr för året.",
    ),
    ("plans.fns", "- Uppgifter om deltagarna enligt förbundets definitioner från och med hösten"),
    (
        "activities.hallstahammar",
        "Teamet har haft [](figure:participants) deltagare, varav \
         [](figure:participants_by_age.under_30) [under 30 år](no-statistic \"Åldersgrupp\"), \
         och tagit emot [](figure:new_participants) nya. Bemanningen motsvarar [](figure:positions) \
         heltidstjänster.\n\n\
         Deltagarna träffar sin coach varje vecka. Kartläggningen görs tillsammans med \
         kommunens vuxenutbildning och Arbetsförmedlingen, så att studier och arbetsträning kan \
         planeras i ett sammanhang.",
    ),
    (
        "plans.hallstahammar",
        "- Studiebesök på arbetsplatser i kommunen\n\
         - Gemensamma samtal med regionens kurator i gruppform",
    ),
    (
        "activities.sala",
        "Teamet har lämnat en beskrivning av verksamheten, men inga uppgifter om deltagare som \
         går att summera med de andra teamens. Styrelsen har beviljat \
         [](figure:granted_tkr)\u{a0}tkr för året.",
    ),
    ("plans.sala", "- Uppgifter om deltagarna enligt förbundets definitioner från och med hösten"),
    (
        "activities.surahammar",
        "Teamet har haft [](figure:participants) deltagare, varav \
         [9](figure:participants.woman) kvinnor, \
         [en majoritet](share:participants.woman/participants). Under perioden avslutade \
         [](figure:exits) sin tid i teamet. Bemanningen motsvarar [](figure:positions) \
         heltidstjänster.\n\n\
         Vägen vidare planeras med Arbetsförmedlingen och Försäkringskassan i gemensamma möten, \
         där deltagaren själv är med.",
    ),
    (
        "plans.surahammar",
        "- Fler gruppaktiviteter tillsammans med vuxenutbildningen\n\
         - Tätare uppföljning av dem som väntar i kö, nu [](figure:queue) personer",
    ),
    (
        "activities.vasteras",
        "Teamet har lämnat en beskrivning av verksamheten, men inga uppgifter om deltagare som \
         går att summera med de andra teamens. Styrelsen har beviljat \
         [](figure:granted_tkr)\u{a0}tkr för året.",
    ),
    (
        "plans.vasteras",
        "- Uppgifter om deltagarna enligt förbundets definitioner från och med hösten",
    ),
    (
        "activities.vastra-malardalen",
        "Teamet arbetar i Köping, Arboga och Kungsör och har haft [](figure:participants) \
         deltagare. Bemanningen motsvarar [](figure:positions) heltidstjänster. Deltagarna har \
         erbjudits friskvård i grupp, studiebesök och arbetsträning.",
    ),
    (
        "plans.vastra-malardalen",
        "- Ett gemensamt arbetssätt för aktualisering i kommunerna\n\
         - Arbetsträning hos fler arbetsgivare",
    ),
];

/// What the report states of each team.
pub(super) fn stated() -> Vec<StatedCell> {
    let cell = |(team, value): (&str, &str)| StatedCell {
        subject: format!("federations/{FEDERATION}/teams/{team}"),
        figure: "positions".to_owned(),
        category: "total".to_owned(),
        value: value.to_owned(),
    };
    POSITIONS.into_iter().map(cell).collect()
}

/// Makes the template. One that was made before is answered again.
///
/// # Errors
/// When reporting refuses or does not answer.
pub(super) async fn template(administrator: Gateway) -> anyhow::Result<()> {
    let source = include_str!("half-year-report.toml").to_owned();
    let request = CreateReportTemplateRequest {
        parent: format!("federations/{FEDERATION}"),
        report_template_id: TEMPLATE.to_owned(),
        report_template: Some(ReportTemplate { source, ..ReportTemplate::default() }),
        request_id: format!("demo-template-{TEMPLATE}"),
        validate_only: false,
    };
    let mut templates = ReportTemplateServiceClient::new(administrator);
    templates.create_report_template(request).await.context("a template")?;
    Ok(())
}
