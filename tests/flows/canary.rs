//! A person who must be seen by nobody but the own team, and one by nobody at all: entered as
//! a party and a team enter people, and looked for by everybody, on every page, in every
//! file, in what every RPC that reads answers, in both streams of events, and in what the
//! process logs, traces and measures.

mod addresses;
mod answer;
mod people;
mod reads;

use std::collections::{BTreeSet, HashSet};

use futures::{StreamExt as _, stream};
use http::StatusCode;
use rust_xlsxwriter::Workbook;
use values::Role;

use super::{
    collector::{self, Collector},
    world::{FEDERATION, Installation, Shape, Store},
};
use addresses::{Addresses, links, routes};
use answer::Browser;
use people::{Entered, NAME, READERS, Telltale, Whom};

/// What is no secret, and stands in every kind of document: whoever does not find it there
/// would not find a person either.
const PLANTED: &str = "urahammar";
/// How many pages are asked for at a time.
const AT_ONCE: usize = 4;
/// Everything of our own; of what lies below, what it says of itself.
const LOGGED: &str = "trace,h2=info,hyper=info,hyper_util=info,tower=info,mio=info";

/// What was found, and where.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Hit {
    reader: &'static str,
    telltale: String,
    kind: String,
    place: String,
}

/// A walk over everything, and what was found on it.
struct Walk<'a> {
    telltales: &'a [Telltale],
    hits: BTreeSet<Hit>,
}

impl Walk<'_> {
    /// Searches what a reader was told in a place. What the reader asked with comes back in
    /// some answers, and tells nothing.
    fn search(&mut self, reader: &'static str, kind: &str, place: &str, own: &str, text: &str) {
        let mut text = text.to_owned();
        for asked in own.split(['?', '&', '=']).filter(|asked| asked.len() > 8) {
            text = text.replace(asked, "").replace(&asked.replace('/', "%2F"), "");
        }
        let telltales = self.telltales.iter().filter(|one| text.contains(&one.text));
        for telltale in telltales {
            self.hits.insert(Hit {
                reader,
                telltale: telltale.text.clone(),
                kind: kind.to_owned(),
                place: place.to_owned(),
            });
        }
    }

    /// What was found where it must not be.
    fn leaks(&self) -> Vec<&Hit> {
        let is_leak = |hit: &&Hit| {
            let mut of = self.telltales.iter().filter(|one| one.text == hit.telltale);
            hit.telltale != PLANTED && of.any(|one| !one.may_be_told(hit.reader, &hit.place))
        };
        self.hits.iter().filter(is_leak).collect()
    }

    /// The kinds of answers that something was found in.
    fn kinds_of(&self, telltale: &str) -> BTreeSet<&str> {
        let hits = self.hits.iter().filter(|hit| hit.telltale == telltale);
        hits.map(|hit| hit.kind.as_str()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_told_to_the_own_team_and_one_with_protected_identity_to_nobody() {
    let collector = Collector::default();
    let (endpoint, server) = collector.start();
    let settings = [
        ("SAMORDNA__TELEMETRY__ENDPOINT", endpoint),
        ("SAMORDNA__FINANCE__HEARTBEAT_MS", "50".to_owned()),
        ("SAMORDNA__PARTICIPANT__HEARTBEAT_MS", "50".to_owned()),
        ("RUST_LOG", LOGGED.to_owned()),
    ];
    let installation = Installation::start_with(Shape::AllInOne, Store::Sqlite, &settings).await;
    let Entered { mut telltales, names } = people::enter(&installation).await;
    telltales.push(Telltale { text: PLANTED.to_owned(), whom: Whom::Nobody });
    let mut walk = Walk { telltales: &telltales, hits: BTreeSet::new() };
    for role in Role::ALL {
        assert!(READERS.iter().any(|(_, held, _)| held == role), "{role:?}");
    }

    let shown = walk_pages(&mut walk, &installation, &names).await;
    walk_reads(&mut walk, &installation, &names).await;
    let logged = installation.logged();
    installation.stop().await;
    collector::stop(server).await;
    let traced = collector.sent.lock().unwrap().clone();
    for (kind, told) in [("log", &logged), ("traces", &traced)] {
        let told = String::from_utf8_lossy(told);
        assert!(told.contains("samordna.participant.v1"), "something is in the {kind}");
        walk.search("", kind, "", "", &told);
    }

    let leaks = walk.leaks();
    assert!(leaks.is_empty(), "{} are told: {leaks:#?}", leaks.len());
    // The walk sees what is there to be seen.
    for kind in ["text/html", "text/csv", "spreadsheetml", "application/json", "rpc", "events"] {
        assert!(walk.kinds_of(PLANTED).iter().any(|found| found.contains(kind)), "{kind}");
    }
    let by_coach = |hit: &&Hit| hit.reader == "coach" && hit.telltale == NAME;
    let places: Vec<&Hit> = walk.hits.iter().filter(by_coach).collect();
    let is_in = |kind: &str| places.iter().any(|hit| hit.kind.contains(kind));
    assert!(is_in("text/html") && is_in("rpc"), "{places:?}");
    let is_unseen = |route: &String| !shown.contains(route) && !UNSHOWN.contains(&route.as_str());
    let unseen: Vec<String> = routes().into_iter().filter(is_unseen).collect();
    assert!(unseen.is_empty(), "nobody is shown anything at {unseen:?}");
}

/// What a form asks for, and no link leads to; and a claim of the one party whose economist
/// looks.
const ASKED: [&str; 4] = [
    "/teams/vastra-malardalen/lists/export?first_day=2025-01-01&last_day=2025-06-30\
     &banding=aldrar-2025&format=csv",
    "/teams/vastra-malardalen/lists/export?first_day=2025-01-01&last_day=2025-06-30\
     &banding=aldrar-2025&format=xlsx",
    "/ledger/export/requisitions?first_day=2025-01-01&last_day=2025-06-30&format=xlsx",
    "/requisitions/vastra-malardalen-koping-2025h1",
];

/// Routes at which there is nothing to be shown: of what they show, the demonstration has
/// none.
const UNSHOWN: [&str; 12] = [
    "/enrolments/{enrolment}/surveys/{questionnaire}/{occasion}",
    "/follow-ups/{follow_up}",
    "/ledger/export/sie",
    "/participants/{participant}/merge/{duplicate}",
    "/participants/{participant}/unmerge/{duplicate}",
    "/recoveries/new",
    "/recoveries/{recovery}",
    "/reports/{report}/chapters/{chapter}/attachments/{attachment}",
    "/requisitions/{requisition}/attachments/{attachment}",
    "/requisitions/{requisition}/change",
    "/teams/{team}/lists/{import}/undo",
    "/teams/{team}/pauses/{pause}/end",
];

/// Lets everybody ask for every address that anybody is told of. Answers the routes that
/// showed somebody something.
async fn walk_pages(
    walk: &mut Walk<'_>,
    installation: &Installation,
    names: &[String],
) -> HashSet<String> {
    let mut addresses = Addresses::new();
    let cases = names.iter().map(|name| name.strip_prefix(FEDERATION).unwrap());
    for address in cases.chain(ASKED) {
        assert!(addresses.note(address), "{address}");
    }
    let mut readers = Vec::new();
    for (id, ..) in READERS {
        readers.push((id, Browser::sign_in(installation, id).await, HashSet::new()));
    }
    let mut shown = HashSet::new();
    loop {
        let known = addresses.all();
        for (reader, browser, asked) in &mut readers {
            let new: Vec<String> =
                known.iter().filter(|address| asked.insert((*address).clone())).cloned().collect();
            let answers = stream::iter(new)
                .map(async |address| (browser.get(&address).await, address))
                .buffer_unordered(AT_ONCE);
            let answers: Vec<_> = answers.collect().await;
            for (answer, address) in answers {
                let text = answer.text();
                assert!(!answer.status.is_server_error(), "{reader} {address}: {text}");
                if answer.status == StatusCode::OK {
                    shown.extend(addresses.route_of(&address));
                }
                for link in links(&text) {
                    addresses.note(&link);
                }
                walk.search(reader, &answer.media_type, &address, &address, &text);
            }
        }
        if addresses.all().len() > known.len() {
            continue;
        }
        // Nobody is led anywhere else: what is left is made of the names that others have.
        addresses.fill();
        if addresses.all().len() == known.len() {
            return shown;
        }
    }
}

/// Lets everybody call every RPC that reads, and follow the events.
async fn walk_reads(walk: &mut Walk<'_>, installation: &Installation, names: &[String]) {
    let mut answered = 0;
    for (reader, ..) in READERS {
        let client = installation.client(reader).await;
        for told in reads::ask(&client, names).await {
            answered += usize::from(told.is_answered);
            let text = String::from_utf8_lossy(&told.bytes);
            walk.search(reader, "rpc", &told.place, &told.asked, &text);
        }
        let events = reads::follow(&client).await;
        walk.search(reader, "events", "", "", &String::from_utf8_lossy(&events));
    }
    assert!(answered > 100, "{answered}");
}

#[test]
fn somebody_who_is_planted_is_found_in_every_form_and_not_in_what_was_asked() {
    let telltales = [
        Telltale { text: NAME.to_owned(), whom: Whom::Insiders },
        Telltale { text: "gömd".to_owned(), whom: Whom::ByName },
    ];
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(3, 2, "Kanarieefternamn, Kanarieförnamn").unwrap();
    let xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let workbook = answer::text(xlsx, &workbook.save_to_buffer().unwrap());
    let csv = answer::text("text/csv", "\u{feff}Namn;Antal\nKanarieförnamn;1\n".as_bytes());
    let mut walk = Walk { telltales: &telltales, hits: BTreeSet::new() };
    walk.search("kansli", "page", "/", "/", "<td>Kanarieförnamn</td>");
    walk.search("kansli", "csv", "/list", "/list", &csv);
    walk.search("kansli", "xlsx", "/list", "/list", &workbook);
    assert_eq!(walk.leaks().len(), 3, "{:?}", walk.hits);
    walk.search("coach", "page", "/", "/", "<td>Kanarieförnamn</td>");
    assert_eq!(walk.leaks().len(), 3, "the coach may");
    let asked = "/participants/gömd";
    walk.search("coach", "page", asked, asked, "next=%2Fparticipants%2Fgömd");
    assert_eq!(walk.leaks().len(), 3, "no more than was asked");
    walk.search("coach", "page", "/queue", "/queue", "<a href=\"/participants/gömd\">");
    assert_eq!(walk.leaks().len(), 4, "told to nobody");
}
