//! Chromium, driven through chromedriver, with a fresh profile for each test.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tempfile::TempDir;

/// A page in a fresh browser.
pub struct Page {
    pub client: Client,
    pub folder: TempDir,
    driver: Child,
}

const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-prefers-reduced-motion",
];

impl Page {
    pub async fn open(url: &str) -> Self {
        Self::open_with(url, 1280, &[]).await
    }

    pub async fn open_with(url: &str, width: u32, more: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (driver, address) = start_driver();
        let profile = format!("--user-data-dir={}", folder.path().join("profile").display());
        let arguments: Vec<_> =
            ARGUMENTS.iter().chain(more).map(ToString::to_string).chain([profile]).collect();
        let capabilities = json!({ "browserName": "chrome", "goog:chromeOptions": { "args": arguments } });
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let builder = builder.capabilities(capabilities.as_object().unwrap().clone());
        let client = builder.connect(&address).await.expect("chromedriver starts Chromium");
        let page = Self { client, folder, driver };
        // In headless mode, the size of the window is not the size of the page.
        page.size(width, 900).await;
        // Other windows may have the focus of the machine.
        page.devtools("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await;
        page.goto(url).await;
        page
    }

    pub async fn size(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.unwrap();
        self.until("return document.body.dataset.ready === 'yes'").await;
    }

    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap()
    }

    /// Waits until a script returns something that JavaScript takes for true, and returns it.
    #[track_caller]
    pub fn until(&self, script: &str) -> impl Future<Output = Value> {
        let place = std::panic::Location::caller();
        async move {
            let begun = Instant::now();
            loop {
                let value = self.script(script).await;
                if ![json!(null), json!(false), json!("")].contains(&value) {
                    return value;
                }
                if begun.elapsed() > Duration::from_secs(60) {
                    let text = self.script("return document.body.innerText").await;
                    panic!(
                        "{place}: {script} stays {value}; the page is:\n{}",
                        text.as_str().unwrap_or_default()
                    );
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Writes a file for the browser to choose.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::File::create(&path).unwrap().write_all(bytes).unwrap();
        path
    }

    pub async fn choose(&self, files: &[&Path]) {
        let paths: Vec<_> = files.iter().map(|path| path.to_str().unwrap()).collect();
        let input = self.client.find(Locator::Css("#files")).await.unwrap();
        input.send_keys(&paths.join("\n")).await.unwrap();
    }

    /// Waits until the upload of a file has ended, and returns its state, its code and its words.
    pub async fn ended(&self, name: &str) -> [String; 3] {
        let row = format!(
            "const row = [...document.querySelectorAll('#rows .row')].find((row) => row.querySelector('.name').textContent === {});\
             return row && /done|failed|canceled/.test(row.className) && \
             [row.className, row.dataset.code, row.querySelector('.words').textContent]",
            json!(name)
        );
        serde_json::from_value(self.until(&row).await).unwrap()
    }

    pub async fn click(&self, label: &str) {
        let selector = format!("[aria-label={}]", json!(label));
        self.client.find(Locator::Css(&selector)).await.unwrap().click().await.unwrap();
    }

    pub async fn names(&self) -> Vec<String> {
        let names = "return [...document.querySelectorAll('#images .name')].map((name) => name.textContent)";
        serde_json::from_value(self.script(names).await).unwrap()
    }

    /// Sends a command of the DevTools protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.client.issue_cmd(Devtools(json!({ "cmd": command, "params": parameters }))).await.unwrap()
    }

    /// Writes a picture of the page to the folder that `GALLERY_PICTURES` names, if it is set.
    pub async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("GALLERY_PICTURES") else { return };
        let format = json!({ "format": "webp", "quality": 85 });
        let picture = self.devtools("Page.captureScreenshot", format).await;
        let bytes =
            base64::Engine::decode(&base64::prelude::BASE64_STANDARD, picture["data"].as_str().unwrap());
        std::fs::write(Path::new(&folder).join(name), bytes.unwrap()).unwrap();
    }

    pub async fn close(self) {
        self.client.clone().close().await.unwrap();
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        // After a failed test, the driver is asked to end its browser: SIGTERM lets it.
        let _ = Command::new("kill").arg(self.driver.id().to_string()).status();
        let _ = self.driver.wait();
    }
}

/// chromedriver's own command.
#[derive(Debug)]
struct Devtools(Value);

impl fantoccini::wd::WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.0.to_string()))
    }
}

/// Starts chromedriver on a free port, and returns its address. chromedriver binds the same port for IPv4 and
/// IPv6, and ends if another program has one of them: then the next start takes another port.
fn start_driver() -> (Child, String) {
    (0..10).find_map(|_| try_driver()).expect("chromedriver starts on a free port")
}

fn try_driver() -> Option<(Child, String)> {
    let mut driver = Command::new("chromedriver")
        .arg("--port=0")
        .stdout(Stdio::piped())
        .spawn()
        .expect("chromedriver is installed: see .ci/browser");
    let mut lines = BufReader::new(driver.stdout.take().unwrap()).lines();
    let port = lines.by_ref().map_while(Result::ok).find_map(|line| {
        let port = line.split_once("successfully on port ")?.1;
        Some(port.trim_end_matches('.').to_owned())
    });
    let Some(port) = port else {
        let _ = driver.wait();
        return None;
    };
    // chromedriver fails if nothing reads its output.
    std::thread::spawn(move || lines.map_while(Result::ok).for_each(drop));
    Some((driver, format!("http://127.0.0.1:{port}")))
}
