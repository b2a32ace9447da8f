//! A browser of the test's own.

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;
use thirtyfour::prelude::{By, ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver};

use crate::flows::world::{Installation, PASSWORD, free_port};

/// A page wide enough for a desk.
const DESK: (u32, u32) = (1280, 1000);

/// A browser that ends with this value.
pub(crate) struct Browser {
    pub(crate) driver: WebDriver,
    address: String,
    process: Child,
    _profile: TempDir,
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Browser {
    /// Opens a browser without JavaScript.
    pub(crate) async fn open(installation: &Installation) -> Self {
        let port = free_port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: tests/run sees to it");
        let profile = TempDir::new().unwrap();
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
            &format!("--window-size={},{}", DESK.0, DESK.1),
            &format!("--user-data-dir={}", profile.path().display()),
        ] {
            capabilities.add_arg(argument).unwrap();
        }
        let preferences = serde_json::json!({
            "profile.managed_default_content_settings.javascript": 2,
            "intl.accept_languages": "sv-SE,sv",
        });
        capabilities.add_experimental_option("prefs", preferences).unwrap();
        let server = format!("http://127.0.0.1:{port}");
        let started = Instant::now();
        let driver = loop {
            match WebDriver::new(&server, capabilities.clone()).await {
                Ok(driver) => break driver,
                Err(error) => {
                    assert!(started.elapsed() < Duration::from_secs(60), "no browser: {error}")
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        // A page may still be coming in when it is read.
        driver.set_implicit_wait_timeout(Duration::from_secs(1)).await.unwrap();
        Self { driver, address: installation.address(), process, _profile: profile }
    }

    pub(crate) async fn go(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.address)).await.unwrap();
    }

    pub(crate) async fn sign_in(&self, account: &str) {
        self.go("/sign-in").await;
        self.type_in("username", account).await;
        self.type_in("password", PASSWORD).await;
        self.click("main form button").await;
        let heading = self.text("h1").await;
        assert!(!self.page().await.contains("id=\"refusal\""), "{account} is signed in: {heading}");
    }

    pub(crate) async fn sign_out(&self) {
        self.click("form[action='/sign-out'] button").await;
    }

    /// Types into the field with an id.
    pub(crate) async fn type_in(&self, id: &str, text: &str) {
        self.driver.find(By::Id(id)).await.unwrap().send_keys(text).await.unwrap();
    }

    /// Chooses the option of a list by its value or text.
    pub(crate) async fn choose(&self, id: &str, option: &str) {
        let options = self.driver.find_all(By::Css(format!("#{id} option"))).await.unwrap();
        for found in options {
            let value = found.attr("value").await.unwrap().unwrap_or_default();
            if value == option || found.text().await.unwrap().contains(option) {
                found.click().await.unwrap();
                return;
            }
        }
        panic!("{id} has no option {option}");
    }

    /// Clicks what leads to another page, and waits until the old one is gone.
    pub(crate) async fn click(&self, css: &str) {
        let old = self.driver.find(By::Tag("html")).await.unwrap();
        let found = self.driver.find(By::Css(css)).await;
        found.unwrap_or_else(|error| panic!("{css}: {error}")).click().await.unwrap();
        let started = Instant::now();
        while old.tag_name().await.is_ok() {
            assert!(started.elapsed() < Duration::from_secs(30), "{css} leads nowhere");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// What a person reads of the first element, spaces made plain.
    pub(crate) async fn text(&self, css: &str) -> String {
        let element =
            self.driver.find(By::Css(css)).await.unwrap_or_else(|error| panic!("{css}: {error}"));
        plain(&element.text().await.unwrap())
    }

    pub(crate) async fn has(&self, css: &str) -> bool {
        !self.driver.find_all(By::Css(css)).await.unwrap().is_empty()
    }

    /// The page's source.
    pub(crate) async fn page(&self) -> String {
        self.driver.source().await.unwrap()
    }

    /// Asserts that nothing runs out of a phone's screen sideways.
    pub(crate) async fn fits_a_phone(&self) {
        self.driver.set_window_rect(0, 0, 375, 900).await.unwrap();
        let body = self.driver.find(By::Tag("main")).await.unwrap().rect().await.unwrap();
        let window = self.driver.get_window_rect().await.unwrap();
        let right = body.x + body.width;
        // Headless windows have a least width; the page must not be wider.
        assert!(right <= window.width as f64 + 1.0, "main ends at {right} of {}", window.width);
        self.driver.set_window_rect(0, 0, DESK.0, DESK.1).await.unwrap();
    }

    /// Ends the browser.
    pub(crate) async fn close(self) {
        self.driver.clone().quit().await.unwrap();
    }
}

/// Text with no-break spaces as plain ones.
pub(crate) fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ")
}
