//! What the benchmarks share: large stacks, whole processes, and medians.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A stack of `size` apis, each with probes, variables, resources and an HPA: three objects a component.
pub fn stack(size: usize) -> String {
    let mut text = String::from("[stack]\nname = \"big\"\nnamespace = \"big\"\n");
    for number in 0..size {
        write!(
            text,
            r#"
[api.service-{number}]
image = "registry.example.com/team/service-{number}:1.2.3"
port = "80:8080"
env = {{ NODE_ENV = "production", PORT = 8080, LOG_LEVEL = "info", REGION = "eu-central-1", FEATURE = true }}
probes.live = {{ http = "/healthz", delay = "10s", period = "10s" }}
probes.ready = {{ http = "/ready", delay = "3s", period = "5s" }}
resources = {{ cpu = "100m", memory = "128Mi", limits = {{ memory = "256Mi" }} }}

[hpa.service-{number}]
min = 2
max = 10
cpu = 70
"#
        )
        .expect("a String takes text");
    }
    text
}

/// A temporary folder, which is removed at the end.
pub struct Folder(PathBuf);

impl Folder {
    /// A new one for the benchmark of this name.
    pub fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("stowplan-bench-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a temporary folder can be made");
        Self(path)
    }

    /// Writes a file.
    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).expect("the temporary folder is writable");
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the temporary folder is ours");
    }
}

/// How long a process with these arguments and this file takes, as a median of so many runs. `code` is how it shall exit.
pub fn process(arguments: &[&str], file: &Path, code: i32, runs: usize) -> Duration {
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stowplan"));
        command.args(arguments).arg(file).stdout(Stdio::null()).stderr(Stdio::null());
        let start = Instant::now();
        let status = command.status().expect("the binary was built");
        let time = start.elapsed();
        assert_eq!(status.code(), Some(code), "{arguments:?}");
        time
    };
    median((0..runs).map(|_| run()).collect())
}

/// The middle of these times.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A time for a table.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
