//! The house's conventions, as far as a program can see them. Each test says
//! which file breaks what.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use prost::Message as _;

const SERVICES: [&str; 3] = ["finance", "participant", "reporting"];
/// A file longer than this holds a second noun.
const LONGEST_FILE: usize = 400;
/// A function longer than this holds a second thought.
const LONGEST_FUNCTION: usize = 70;

struct Source {
    path: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every file of our own with one of the endings.
fn sources(endings: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                if !["target", ".git", "vendor", "data", ".tools"].contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending))
                && let Ok(text) = fs::read_to_string(&path)
            {
                found.push(Source {
                    path: path.strip_prefix(root()).unwrap().display().to_string(),
                    text,
                });
            }
        }
    }
    assert!(!found.is_empty());
    found
}

fn none(problems: Vec<String>) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn files_are_short_functions_fit_a_screen_and_modules_say_what_they_are_for() {
    let mut problems = Vec::new();
    for Source { path, text } in sources(&[".rs"]) {
        let lines = text.lines().count();
        if lines > LONGEST_FILE {
            problems.push(format!("{path}: {lines} lines; look for the second noun in it"));
        }
        if !text.starts_with("//!") {
            problems.push(format!("{path}: begin with what the file is for"));
        }
        if path.ends_with("/mod.rs") {
            problems.push(format!("{path}: name the file after its module"));
        }
        problems.extend(long_functions(&path, &text));
    }
    none(problems);
}

/// Functions by indentation, which the formatter guarantees.
fn long_functions(path: &str, text: &str) -> Vec<String> {
    let mut problems = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (start, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let words: Vec<&str> = trimmed.split(['(', '<', ' ']).collect();
        let is_function =
            words.contains(&"fn") && !trimmed.starts_with("//") && !trimmed.contains('"');
        if !is_function || trimmed.ends_with(';') {
            continue;
        }
        let indent = &line[..line.len() - trimmed.len()];
        let end = lines[start..].iter().position(|line| *line == format!("{indent}}}"));
        if let Some(length) = end.filter(|length| *length > LONGEST_FUNCTION) {
            problems.push(format!("{path}:{}: a function of {length} lines", start + 1));
        }
    }
    problems
}

#[test]
fn the_domain_is_plain_and_only_the_store_knows_sql() {
    let mut problems = Vec::new();
    for Source { path, text } in sources(&[".rs"]) {
        let code: Vec<&str> =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        let mut forbid = |words: &[&str], why: &str| {
            for word in words {
                if code.iter().any(|line| line.contains(word)) {
                    problems.push(format!("{path}: `{word}`: {why}"));
                }
            }
        };
        if path.contains("/src/domain")
            || path.starts_with("services/values/src")
            || path.starts_with("services/disclosure/src")
        {
            let words = [
                "async ",
                "sea_orm",
                "proto::",
                "tonic",
                "tokio",
                "tracing",
                "platform::",
                "Utc::now",
                "rand::",
            ];
            forbid(&words, "the domain is plain functions over plain values");
        }
        let is_service =
            SERVICES.iter().any(|service| path.starts_with(&format!("services/{service}/src")));
        let is_shell = path.contains("/src/rpc") || path.contains("/src/web");
        if is_service && path.contains("/src/rpc") {
            forbid(
                &["sea_orm::Statement", "SELECT ", "INSERT INTO", "entity::"],
                "only the store knows SQL",
            );
        }
        if is_shell {
            forbid(&["std::env", "Utc::now"], "the environment and the clock come in from outside");
        }
        if path.contains("/src/store") {
            forbid(&["tonic::", "Request<"], "the store knows nothing of calls");
        }
    }
    none(problems);
}

#[test]
fn dependencies_point_one_way() {
    let mut problems = Vec::new();
    let names = ["finance", "participant", "reporting", "gateway", "samordna"];
    for name in names.iter().filter(|name| **name != "samordna") {
        let manifest =
            fs::read_to_string(root().join(format!("services/{name}/Cargo.toml"))).unwrap();
        for other in names.iter().filter(|other| *other != name) {
            if manifest.lines().any(|line| {
                line.starts_with(&format!("{other}.")) || line.starts_with(&format!("{other} ="))
            }) {
                problems.push(format!(
                    "{name} depends on {other}: a service asks another over the contract"
                ));
            }
        }
    }
    for name in ["values", "disclosure", "platform", "sheets", "typeset", "verifier"] {
        let manifest =
            fs::read_to_string(root().join(format!("services/{name}/Cargo.toml"))).unwrap();
        for other in names {
            if manifest.contains(&format!("{other}.workspace")) {
                problems.push(format!("{name} depends on {other}"));
            }
        }
    }
    for Source { path, text } in sources(&[".rs"]) {
        if path.starts_with("services/finance") && text.contains("samordna.participant.v1") {
            problems.push(format!("{path}: finance must not know participants"));
        }
    }
    none(problems);
}

#[test]
fn no_lint_is_silenced_without_a_reason_and_nothing_is_left_undone() {
    let mut problems = Vec::new();
    let generated = "proto/src/lib.rs";
    for Source { path, text } in sources(&[".rs"]) {
        if path == "tests/tidy.rs" {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            for word in [
                "#[ignore",
                "TODO",
                "FIXME",
                "todo!(",
                "unimplemented!(",
                "#[should_panic",
                "thread::sleep",
            ] {
                if line.contains(word) {
                    problems.push(format!("{path}:{}: {word}", number + 1));
                }
            }
            if line.contains("#[allow(") && path != generated {
                problems.push(format!("{path}:{}: expect the lint, with a reason", number + 1));
            }
        }
    }
    none(problems);
}

#[test]
fn the_project_speaks_of_itself_alone() {
    let mut problems = Vec::new();
    let words =
        ["../shared", "/work/", "crates.io-index", "registry.npmjs", "pypi.org", "deb.debian"];
    for Source { path, text } in
        sources(&[".rs", ".md", ".toml", ".yaml", ".proto", ".ftl", ".html", ".css", ".py"])
    {
        if path == "tests/tidy.rs" {
            continue;
        }
        for word in words {
            if text.contains(word) {
                problems.push(format!("{path}: {word}"));
            }
        }
    }
    none(problems);
}

#[test]
fn every_rpc_is_named_in_a_test() {
    let tests: String = sources(&[".rs"])
        .into_iter()
        .filter(|source| source.path.contains("tests/") && !source.path.contains("tests/load/"))
        .map(|source| source.text)
        .collect();
    let descriptors = prost_types::FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap();
    let mut problems = Vec::new();
    for file in &descriptors.file {
        for service in &file.service {
            for method in &service.method {
                let snake = snake_case(method.name());
                if !calls(&tests, &snake) {
                    problems.push(format!(
                        "{}.{}/{}: no test calls it",
                        file.package(),
                        service.name(),
                        method.name()
                    ));
                }
            }
        }
    }
    none(problems);
}

/// True when the method's name stands there whole, in a call or given to a macro
/// that makes one.
fn calls(tests: &str, method: &str) -> bool {
    let ends = |rest: &str| rest.starts_with(['(', ',']);
    tests.match_indices(method).any(|(start, _)| ends(&tests[start + method.len()..]))
}

fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.extend(character.to_lowercase());
    }
    snake
}

#[test]
fn every_reason_has_a_text_in_every_language() {
    let mut reasons = BTreeSet::new();
    for Source { path, text } in sources(&[".rs"]) {
        if path.starts_with("services/")
            && path.contains("/src/")
            && !path.contains("/web/")
            && !path.contains("tests")
        {
            let code: String = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            reasons.extend(quoted_reasons(&code));
        }
    }
    assert!(reasons.len() > 40, "{reasons:?}");
    let mut problems = Vec::new();
    for reason in &reasons {
        let id = format!("reason-{}", reason.to_lowercase().replace('_', "-"));
        for language in gateway::text::Language::ALL {
            if !gateway::text::has(language, &id) {
                problems.push(format!("{id} has no text in {}", language.code()));
            }
        }
    }
    none(problems);
}

/// Upper-case codes in quotes where faults and refusals are made.
fn quoted_reasons(code: &str) -> BTreeSet<String> {
    let mut reasons = BTreeSet::new();
    for line in code.lines() {
        let makes_one = ["Fault::new(", "refused(", "reason:", "=> \"", "=> (\"", "fault("]
            .iter()
            .any(|word| line.contains(word));
        if !makes_one {
            continue;
        }
        for quoted in line.split('"').skip(1).step_by(2) {
            let is_code = quoted.len() > 4
                && quoted.contains('_')
                && quoted
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
                && !quoted.starts_with("SAMORDNA_");
            if is_code && !quoted.starts_with("ROLE_") {
                reasons.insert(quoted.to_owned());
            }
        }
    }
    reasons
}

#[test]
fn the_example_settings_list_every_key_and_load() {
    let text = fs::read_to_string(root().join("deploy/samordna.example.toml")).unwrap();
    let config = platform::config::Config::from_parts(&text, &[]).unwrap();
    config.section::<participant::Config>("participant").unwrap();
    config.section::<finance::Config>("finance").unwrap();
    config.section::<reporting::Config>("reporting").unwrap();
    config.section::<gateway::Config>("gateway").unwrap();
    // A key stands there set, or commented out with what it would be.
    for key in [
        "data_directory",
        "insecure_listen",
        "listen",
        "url",
        "connections",
        "public_url",
        "secure_cookies",
        "session_idle_minutes",
        "calls_at_once",
        "under_warning_percent",
        "heartbeat_ms",
        "private_key",
        "public_key",
        "master_key",
        "endpoint",
        "log_format",
        "participant",
        "finance",
        "reporting",
    ] {
        let is_listed = text.lines().any(|line| {
            line.trim_start_matches(['#', ' '])
                .split_once('=')
                .is_some_and(|(name, _)| name.trim() == key)
        });
        assert!(is_listed, "{key} is not in deploy/samordna.example.toml");
    }
}
