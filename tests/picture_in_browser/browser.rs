//! A Chromium without a window, asked over its DevTools protocol: what a person does, and what the browser then shows.

use serde_json::{Value, json};
use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

/// How long an answer may take; a machine that does much else needs long to start a browser.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page, which ends with this value.
pub struct Browser {
    process: Child,
    calls: ChildStdin,
    messages: Receiver<Value>,
    /// What the browser told without being asked, oldest first.
    pub events: Vec<Value>,
    asked: u64,
    target: String,
    page: String,
    folder: PathBuf,
}

/// The Chromium of this machine: the one that `CHROME` names, else the first on the path that says its version, for what is
/// called so may only say how to install it.
pub fn installed() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROME") {
        return Some(named.into());
    }
    let path = env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let files = names.iter().flat_map(|name| env::split_paths(&path).map(move |folder| folder.join(name)));
    let is_there = |file: &PathBuf| {
        let mut command = Command::new(file);
        command.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        file.is_file() && command.status().is_ok_and(|status| status.success())
    };
    files.into_iter().find(is_there)
}

impl Browser {
    /// Starts it with a profile of its own in a folder of this name, and an empty page.
    pub fn start(program: &Path, name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut command = Command::new("sh");
        // calls are read from file 3, answers are written to file 4
        command.args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null"#]).arg(program);
        for flag in ["headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-sync"] {
            command.arg(format!("--{flag}"));
        }
        for flag in ["disable-background-networking", "disable-component-update", "disable-dev-shm-usage"] {
            command.arg(format!("--{flag}"));
        }
        command.arg("--remote-debugging-pipe").arg(format!("--user-data-dir={}", folder.display())).arg("about:blank");
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (calls, answers) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
        let (sender, messages) = channel();
        thread::spawn(move || {
            for message in BufReader::new(answers).split(0).map_while(Result::ok) {
                let _ = sender.send(serde_json::from_slice(&message).unwrap());
            }
        });
        let (events, target, page) = (Vec::new(), String::new(), String::new());
        let mut browser = Self { process, calls, messages, events, asked: 0, target, page, folder };
        browser.open("about:blank");
        browser
    }

    /// Opens an address in a page of its own, as large as a usual window.
    pub fn open(&mut self, address: &str) {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        if !self.target.is_empty() {
            self.page.clear();
            self.call("Target.closeTarget", json!({"targetId": self.target}));
        }
        self.page.clear();
        self.target = text(&self.call("Target.createTarget", json!({"url": "about:blank"}))["targetId"]);
        let attached = self.call("Target.attachToTarget", json!({"targetId": self.target, "flatten": true}));
        self.page = text(&attached["sessionId"]);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), json!({}));
        }
        self.resize(1280, 800);
        self.events.clear();
        self.call("Page.navigate", json!({"url": address}));
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            self.wait();
        }
    }

    /// Makes the window this large, in pixels.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", size);
    }

    /// Has the person prefer `light` or `dark`.
    pub fn prefer(&mut self, scheme: &str) {
        let feature = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.call("Emulation.setEmulatedMedia", feature);
    }

    /// What an expression of JavaScript is on the page, once what was asked before is drawn.
    #[track_caller]
    pub fn value(&mut self, expression: &str) -> Value {
        let drawn = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))";
        let expression = format!("{drawn}.then(() => ({expression}))");
        let asked = json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer:#}");
        answer["result"]["value"].clone()
    }

    /// The middle of the first element that a CSS selector finds, in pixels of the window.
    #[track_caller]
    pub fn middle(&mut self, selector: &str) -> (f64, f64) {
        let box_of = format!("document.querySelector({}).getBoundingClientRect()", json!(selector));
        let at = self.value(&format!("(({{x, y, width, height}}) => [x + width / 2, y + height / 2])({box_of})"));
        (at[0].as_f64().unwrap(), at[1].as_f64().unwrap())
    }

    /// Presses the mouse at a point, moves it by so much, and lets go.
    pub fn drag(&mut self, (x, y): (f64, f64), (across, down): (f64, f64)) {
        let event = |kind: &str, part: f64, buttons: u8| {
            let (x, y) = (x + across * part, y + down * part);
            json!({"type": kind, "x": x, "y": y, "button": "left", "buttons": buttons, "clickCount": 1})
        };
        self.call("Input.dispatchMouseEvent", event("mousePressed", 0.0, 1));
        for part in if (across, down) == (0.0, 0.0) { &[][..] } else { &[0.5, 1.0] } {
            self.call("Input.dispatchMouseEvent", event("mouseMoved", *part, 1));
        }
        self.call("Input.dispatchMouseEvent", event("mouseReleased", 1.0, 0));
    }

    /// Clicks the middle of an element.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        let at = self.middle(selector);
        self.drag(at, (0.0, 0.0));
    }

    /// Turns the wheel at a point.
    pub fn turn_wheel(&mut self, (x, y): (f64, f64), by: i32) {
        let event = json!({"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": by});
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Presses a key by its name, such as `Tab`; `text` is what it types.
    pub fn press(&mut self, key: &str, text: &str) {
        let codes = [("Tab", 9), ("Enter", 13), ("Escape", 27), ("ArrowLeft", 37), ("ArrowUp", 38), ("ArrowDown", 40)];
        let code = codes.iter().find(|(name, _)| *name == key).map_or(0, |(_, code)| *code);
        let down = json!({"type": "keyDown", "key": key, "code": key, "text": text, "windowsVirtualKeyCode": code});
        self.call("Input.dispatchKeyEvent", down);
        self.call(
            "Input.dispatchKeyEvent",
            json!({"type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code}),
        );
    }

    /// What the window shows: of each color (`r,g,b`) the number of pixels. The browser itself reads its picture.
    pub fn colors(&mut self) -> serde_json::Map<String, Value> {
        let shot = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let (target, page) = (std::mem::take(&mut self.target), std::mem::take(&mut self.page));
        let events = std::mem::take(&mut self.events);
        // the page of `graph` lets nobody load a picture
        self.open("about:blank");
        let count = format!(
            r#"(async () => {{
                const picture = new Image();
                picture.src = "data:image/png;base64,{}";
                await picture.decode();
                const canvas = document.createElement("canvas");
                [canvas.width, canvas.height] = [picture.width, picture.height];
                const context = canvas.getContext("2d");
                context.drawImage(picture, 0, 0);
                const points = context.getImageData(0, 0, canvas.width, canvas.height).data, colors = {{}};
                for (let at = 0; at < points.length; at += 4) {{
                    const color = points.slice(at, at + 3).join();
                    colors[color] = (colors[color] ?? 0) + 1;
                }}
                return colors;
            }})()"#,
            shot["data"].as_str().unwrap()
        );
        let Value::Object(colors) = self.value(&count) else { panic!("no colors") };
        let aside = std::mem::replace(&mut self.target, target);
        self.page = page;
        self.call("Target.closeTarget", json!({"targetId": aside}));
        self.events = events;
        colors
    }

    /// Calls a method of the protocol, on the page where one is open.
    #[track_caller]
    fn call(&mut self, method: &str, parameters: Value) -> Value {
        self.asked += 1;
        let mut call = json!({"id": self.asked, "method": method, "params": parameters});
        if !self.page.is_empty() {
            call["sessionId"] = json!(self.page);
        }
        self.calls.write_all(format!("{call}\0").as_bytes()).unwrap();
        self.calls.flush().unwrap();
        loop {
            let message = self.messages.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{method}: {error}"));
            if message["id"] == self.asked {
                assert!(message.get("error").is_none(), "{call}: {message}");
                return message["result"].clone();
            }
            self.events.push(message);
        }
    }

    /// Waits for the next event.
    fn wait(&mut self) {
        let message = self.messages.recv_timeout(PATIENCE).expect("the browser goes on");
        self.events.push(message);
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.calls.write_all(b"{\"id\":0,\"method\":\"Browser.close\"}\0");
        while self.messages.recv_timeout(Duration::from_secs(5)).is_ok() {}
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
