//! Documents to typeset.

use chrono::NaiveDate;
use typeset::{
    Document,
    document::{
        Align, Block, Chart, Column, Drawing, Inline, Language, Level, Point, Series, Table,
    },
};

pub(crate) const FINGERPRINT: &str =
    "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/// A document that says what it is given.
pub(crate) fn saying(blocks: Vec<Block>) -> Document {
    Document {
        language: Language::Swedish,
        title: "Delårsrapport januari–juni 2025".to_owned(),
        subtitle: Some("Sammanställning för förbundets team".to_owned()),
        federation: "Samordningsförbundet Exempeldalen".to_owned(),
        dnr: Some("SFE 2025/117".to_owned()),
        period: "1 januari–30 juni 2025".to_owned(),
        date: NaiveDate::from_ymd_opt(2025, 8, 28).unwrap(),
        fingerprint: FINGERPRINT.to_owned(),
        keywords: vec!["delårsrapport".to_owned(), "samordningsförbund".to_owned()],
        blocks,
    }
}

/// A half-year report: an introduction, the money, and a chapter for each team.
pub(crate) fn report(teams: usize) -> Document {
    let mut blocks = introduction(teams);
    for team in 0..teams {
        blocks.extend(chapter(team));
    }
    saying(blocks)
}

fn introduction(teams: usize) -> Vec<Block> {
    vec![
        heading(Level::Chapter, "Inledning"),
        paragraph(
            "Förbundet finansierar rehabiliteringsteam i fyra kommuner. Rapporten visar hur \
             många som har deltagit, hur det har gått för dem och vad pengarna har räckt till. \
             \"Siffrorna\" kommer ur teamens egna register och har räknats fram, inte skrivits in.",
        ),
        Block::Paragraph(vec![
            Inline::Text("Antalet team är ".to_owned()),
            Inline::Strong(teams.to_string()),
            Inline::Text(", och ".to_owned()),
            Inline::Emphasis("alla".to_owned()),
            Inline::Text(" har lämnat sina uppgifter i tid. Läs mer om ".to_owned()),
            Inline::Link {
                text: "finansiell samordning".to_owned(),
                address: "https://www.example.se/finsam?a=1&b=2".to_owned(),
            },
            Inline::Text(".".to_owned()),
        ]),
        heading(Level::Section, "Vad som har gjorts"),
        list(
            false,
            &[
                "Ett gemensamt introduktionsprogram för nya handläggare.",
                "Utökad samverkan med psykiatrins öppenvård och primärvårdens rehabiliteringskoordinatorer.",
                "Två nya grupper med arbetsförberedande verksamhet.",
            ],
        ),
        Block::Quote {
            text: vec![Inline::Text(
                "Det viktigaste var att någon hade tid att lyssna, och att det var samma \
                 person hela vägen."
                    .to_owned(),
            )],
            source: Some("Deltagare, våren 2025".to_owned()),
        },
        list(true, &["Aktualisering", "Kartläggning", "Avslut och uppföljning"]),
        heading(Level::Section, "Medel"),
        Block::Table(money()),
        Block::Chart(bars()),
        Block::Notice {
            title: "Andelen stämmer inte med talen".to_owned(),
            finding: vec![Inline::Text(
                "Rapporten anger 62\u{a0}%, men 122 av 195 är 63\u{a0}%.".to_owned(),
            )],
            explanation: vec![Inline::Text(
                "Andelen är hämtad ur styrgruppens protokoll och ändras inte i efterhand."
                    .to_owned(),
            )],
        },
        heading(Level::Section, "Utveckling"),
        Block::Chart(lines()),
        Block::PageBreak,
    ]
}

fn money() -> Table {
    let row = |cells: [&str; 5]| cells.map(str::to_owned).to_vec();
    Table {
        caption: "Beviljade och rekvirerade medel, tkr".to_owned(),
        columns: vec![
            column("Insats", Align::Start),
            column("Beviljat", Align::End),
            column("Rekvirerat", Align::End),
            column("Andel", Align::End),
            column("Prognos helår", Align::End),
        ],
        row_headings: true,
        rows: vec![
            row(["Arbetslivsteamet", "3\u{a0}450", "1\u{a0}602", "46\u{a0}%", "3\u{a0}204"]),
            row(["Unga vuxna", "4\u{a0}120", "1\u{a0}871", "45\u{a0}%", "3\u{a0}742"]),
            row([
                "Psykiatrisk resurs till flera team, inklusive handledning och metodstöd",
                "2\u{a0}800",
                "910",
                "33\u{a0}%",
                "1\u{a0}820",
            ]),
            row(["Steget vidare", "3\u{a0}471", "1\u{a0}490", "43\u{a0}%", "2\u{a0}980"]),
            row(["Summa", "13\u{a0}841", "5\u{a0}873", "42\u{a0}%", "11\u{a0}746"]),
        ],
        total: true,
        note: Some(
            "Andel: rekvirerat genom beviljat, avrundat till hela procent. Prognos: linjär."
                .to_owned(),
        ),
    }
}

pub(crate) fn bars() -> Chart {
    Chart {
        caption: "Deltagare som har börjat och avslutat, per team".to_owned(),
        alternative: "Liggande staplar för fyra team. Flest har börjat i Unga vuxna, 58, och \
                      minst i Psykiatrisk resurs, 17. Fler har börjat än avslutat i alla team."
            .to_owned(),
        drawing: Drawing::Bars,
        categories: ["Arbetslivsteamet", "Unga vuxna", "Psykiatrisk resurs", "Steget vidare"]
            .map(str::to_owned)
            .to_vec(),
        series: vec![
            series("Har börjat", &[Some(41.0), Some(58.0), Some(17.0), Some(36.0)]),
            series("Har avslutat", &[Some(33.0), Some(40.0), None, Some(29.0)]),
        ],
    }
}

fn lines() -> Chart {
    Chart {
        caption: "Pågående deltagare vid halvårets slut".to_owned(),
        alternative: "Två linjer från 2021 till 2025. Kvinnor ökar från 84 till 131, män från \
                      71 till 102."
            .to_owned(),
        drawing: Drawing::Lines,
        categories: ["2021", "2022", "2023", "2024", "2025"].map(str::to_owned).to_vec(),
        series: vec![
            series("Kvinnor", &[Some(84.0), Some(96.0), Some(108.0), Some(119.0), Some(131.0)]),
            series("Män", &[Some(71.0), Some(80.0), None, Some(95.0), Some(102.0)]),
        ],
    }
}

/// Five paragraphs, three tables and a chart, about a page and a quarter.
fn chapter(team: usize) -> Vec<Block> {
    let number = |at: usize| (1000 * (team + 1) + at).to_string();
    let counts = |caption: &str, from: usize, names: &[&str]| {
        let rows = names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let cell = |column: usize| number(from + 10 * at + column);
                vec![(*name).to_owned(), cell(0), cell(1), cell(2)]
            })
            .collect();
        Block::Table(Table {
            caption: caption.to_owned(),
            columns: vec![
                column("Grupp", Align::Start),
                column("Kvinnor", Align::End),
                column("Män", Align::End),
                column("Totalt", Align::End),
            ],
            row_headings: true,
            rows,
            total: true,
            note: None,
        })
    };
    let mut blocks = vec![heading(Level::Chapter, &format!("Team {}", team + 1))];
    blocks.push(heading(Level::Section, "Deltagare"));
    blocks.push(paragraph(TEXT));
    blocks.push(counts(
        "Deltagare efter ålder",
        100,
        &["16–24 år", "25–29 år", "30–64 år", "Totalt"],
    ));
    blocks.push(paragraph(&format!("Av dessa var {} nya under perioden. {TEXT}", number(1))));
    blocks.push(counts(
        "Vem som aktualiserade",
        200,
        &["Försäkringskassan", "Arbetsförmedlingen", "Kommunen", "Regionen", "Totalt"],
    ));
    blocks.push(paragraph(TEXT));
    blocks.push(heading(Level::Section, "Avslut"));
    blocks.push(paragraph(TEXT));
    blocks.push(counts(
        "Till vad deltagare har avslutat",
        300,
        &["Arbete", "Studier", "Arbetssökande", "Sjukersättning", "Annat", "Totalt"],
    ));
    let mut chart = bars();
    chart.caption = format!("Utfall i team {}", team + 1);
    blocks.push(Block::Chart(chart));
    blocks.push(paragraph(TEXT));
    blocks
}

const TEXT: &str = "Teamet har under halvåret arbetat med samordnad arbetslivsinriktad \
    rehabilitering i nära samverkan med arbetsgivare. Väntetiden till det första samtalet har \
    varit kort, och de flesta har kunnat påbörja sin kartläggning inom tre veckor. Några har \
    behövt längre tid, framför allt när vårdkontakter har dröjt. Styrgruppen har följt \
    utvecklingen vid två möten och ser inget skäl att ändra inriktningen.";

pub(crate) fn heading(level: Level, text: &str) -> Block {
    Block::Heading { level, text: text.to_owned() }
}

pub(crate) fn paragraph(text: &str) -> Block {
    Block::Paragraph(vec![Inline::Text(text.to_owned())])
}

fn list(numbered: bool, items: &[&str]) -> Block {
    let items = items.iter().map(|item| vec![Inline::Text((*item).to_owned())]).collect();
    Block::List { numbered, items }
}

pub(crate) fn column(heading: &str, align: Align) -> Column {
    Column { heading: heading.to_owned(), align }
}

fn series(name: &str, values: &[Option<f64>]) -> Series {
    let point = |value: &Option<f64>| Point {
        value: *value,
        label: value.map_or_else(|| "uppgift saknas".to_owned(), |value| value.to_string()),
    };
    Series { name: name.to_owned(), points: values.iter().map(point).collect() }
}
