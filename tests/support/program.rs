//! Starts the program in a folder and holds what it says against what is expected: what tests of the command line share.

#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
#![allow(dead_code, reason = "each test binary uses the part that it needs")]

use serde_json::Value;
use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

const PROGRAM: &str = env!("CARGO_BIN_EXE_stowplan");

/// Below this folder of the target, each test binary has one for its tests.
const FOLDERS: &str = env!("CARGO_TARGET_TMPDIR");

/// What of a person's environment would change what is said.
const PERSONAL: [&str; 4] = ["STOWPLAN_PROFILE", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"];

/// A folder to call the program in.
pub struct Folder(PathBuf);

impl Folder {
    /// A folder for one test, with these files and nothing else; its name is its own in the test binary. It is in no
    /// repository of git, whatever it lies below.
    pub fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = Self(Path::new(FOLDERS).join(env!("CARGO_CRATE_NAME")).join(name));
        if folder.0.exists() {
            fs::remove_dir_all(&folder.0).unwrap();
        }
        fs::create_dir_all(&folder.0).unwrap();
        for (file, text) in files {
            folder.write(file, text);
        }
        folder
    }

    /// The same with this `stack.toml` alone.
    pub fn of_stack(name: &str, stack: &str) -> Self {
        Self::new(name, &[("stack.toml", stack)])
    }

    /// A folder of this repository, which is not to be changed.
    pub fn of_repository(path: impl AsRef<Path>) -> Self {
        Self(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
    }

    /// A folder below, which is made where there is none.
    pub fn below(&self, path: &str) -> Self {
        fs::create_dir_all(self.path(path)).unwrap();
        Self(self.path(path))
    }

    /// Where a file of the folder is, or would be.
    pub fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    /// The text of a file that is there.
    #[track_caller]
    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    /// Writes a file and the folders that it needs.
    #[track_caller]
    pub fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(file).parent().unwrap()).unwrap();
        fs::write(self.path(file), text).unwrap_or_else(|error| panic!("{file}: {error}"));
    }

    /// Calls the program.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Run {
        self.call(arguments).run()
    }

    /// Calls the program with a text on stdin.
    #[track_caller]
    pub fn run_on(&self, stdin: &str, arguments: &[&str]) -> Run {
        self.call(arguments).stdin(stdin).run()
    }

    /// A call of the program, for one that needs more than arguments.
    pub fn call(&self, arguments: &[&str]) -> Call {
        self.call_of(PROGRAM, arguments)
    }

    /// A call of any program; it finds ours as `stowplan`.
    pub fn call_of(&self, program: &str, arguments: &[&str]) -> Call {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in PERSONAL {
            command.env_remove(name);
        }
        // The target may lie in a repository, and git stops looking for one here.
        command.env("GIT_CEILING_DIRECTORIES", FOLDERS);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        let name = if program == PROGRAM { "stowplan" } else { program };
        let words = format!("{name} {} in {}", arguments.join(" "), self.0.display());
        Call { command, words, stdin: None }.paths(&[])
    }

    /// Runs a script of `sh`, up to its first line that fails.
    #[track_caller]
    pub fn shell(&self, script: &str) -> Run {
        self.call_of("sh", &["-ec", script]).run()
    }

    /// Calls git as somebody, who may commit; it must succeed.
    #[track_caller]
    pub fn git(&self, arguments: &[&str]) {
        let person = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
        self.call_of("git", &[&person, arguments].concat()).run().ends(0);
    }
}

/// A call that was not made yet.
pub struct Call {
    command: Command,
    /// What is called where, for messages.
    words: String,
    stdin: Option<String>,
}

impl Call {
    /// A text on stdin, where there is nothing else.
    pub fn stdin(mut self, text: &str) -> Self {
        self.command.stdin(Stdio::piped());
        self.stdin = Some(text.to_owned());
        self
    }

    /// A variable of the environment.
    pub fn variable(self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.with(|command| command.env(name, value))
    }

    /// Folders in which programs are looked for first, then in that of ours.
    pub fn paths(self, first: &[PathBuf]) -> Self {
        let ours = Path::new(PROGRAM).parent().unwrap().to_owned();
        let usual = env::var_os("PATH").unwrap_or_default();
        let all = first.iter().cloned().chain([ours]).chain(env::split_paths(&usual));
        self.variable("PATH", env::join_paths(all).unwrap())
    }

    /// Whatever else a call has.
    pub fn with(mut self, change: impl FnOnce(&mut Command) -> &mut Command) -> Self {
        change(&mut self.command);
        self
    }

    /// Makes the call and waits for its end.
    #[track_caller]
    pub fn run(mut self) -> Run {
        let mut child = self.command.spawn().unwrap_or_else(|error| panic!("{}: {error}", self.words));
        if let (Some(mut pipe), Some(text)) = (child.stdin.take(), self.stdin) {
            // A program that refuses its call reads no input, and one that answers early must not wait for us.
            thread::spawn(move || drop(pipe.write_all(text.as_bytes())));
        }
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).expect("what it says is text");
        let code = output.status.code().expect("no signal ends it");
        Run { call: self.words, code, out: text(output.stdout), err: text(output.stderr) }
    }
}

/// What came of a call.
pub struct Run {
    call: String,
    /// The exit code.
    pub code: i32,
    /// All of stdout.
    pub out: String,
    /// All of stderr.
    pub err: String,
}

impl fmt::Display for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Self { call, code, out, err } = self;
        write!(formatter, "`{call}`, which ended with {code}\nstdout: {out}\nstderr: {err}")
    }
}

impl Run {
    /// This is the exit code.
    #[track_caller]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self}");
        self
    }

    /// Exit code 2, nothing on stdout, every text on stderr.
    #[track_caller]
    pub fn refused(self, texts: &[&str]) -> Self {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "{self}");
        self.says(texts)
    }

    /// Every text is on stdout.
    #[track_caller]
    pub fn prints(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.out.contains(text), "`{text}` is not on stdout of {self}");
        }
        self
    }

    /// Every text is on stderr.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.err.contains(text), "`{text}` is not on stderr of {self}");
        }
        self
    }

    /// No text is on stdout or stderr.
    #[track_caller]
    pub fn never(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(!self.out.contains(text) && !self.err.contains(text), "`{text}` is told by {self}");
        }
        self
    }

    /// Nothing more than this is on stdout and on stderr.
    #[track_caller]
    pub fn is(self, out: &str, err: &str) -> Self {
        assert_eq!((self.out.as_str(), self.err.as_str()), (out, err), "{self}");
        self
    }

    /// The JSON on stdout.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    /// The findings of a report in JSON.
    #[track_caller]
    pub fn findings(&self) -> Vec<Value> {
        self.json()["findings"].as_array().unwrap().clone()
    }
}
