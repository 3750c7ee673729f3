//! Everything that is printed goes through here: data to stdout, talk to stderr.

use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::emit::report::human;
use crate::source::Sources;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, IsTerminal, Write};
use terminal_size::{Height, Width, terminal_size_of};

/// A command ends because the input or the call is wrong, and has said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stop;

/// When colors are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    /// On a terminal; NO_COLOR and CLICOLOR_FORCE are heard
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How much is said on stderr.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Talk {
    /// Everything.
    All,
    /// Errors alone.
    Errors,
}

/// The environment variable that names the profile where the call does not.
pub const PROFILE: &str = "STOWPLAN_PROFILE";

/// Stdout and stderr.
pub struct Console {
    talk: Talk,
}

/// The width of what no terminal shows, in columns.
const USUAL_WIDTH: usize = 80;
/// The widest text that is pleasant to read, in columns.
const WIDEST_TEXT: usize = 100;
/// The narrowest width that text is wrapped at, in columns.
const NARROWEST_TEXT: usize = 40;
/// Messages that go into a file are not trimmed at a terminal's width.
const WIDTH_OF_A_FILE: usize = 140;

impl Console {
    /// A console; the choice of colors holds for the whole process.
    pub fn new(color: Color, talk: Talk) -> Self {
        match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
        .write_global();
        Self { talk }
    }

    /// Prints data on stdout, all of it or an error; escape codes are removed where no colors are wanted.
    ///
    /// # Errors
    /// Where it cannot be written, which is said. That nobody reads any further is no error.
    pub fn data(&self, text: &str) -> Result<(), Stop> {
        self.data_in_pieces(|write| write(text))
    }

    /// The same for data that comes in pieces.
    ///
    /// # Errors
    /// Where stdout cannot be written.
    pub fn data_in_pieces(
        &self,
        give: impl FnOnce(&mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()>,
    ) -> Result<(), Stop> {
        let stdout = io::stdout();
        let choice = AutoStream::choice(&stdout);
        let mut stdout = stdout.lock();
        let written = give(&mut |text| match choice {
            ColorChoice::Never if text.contains('\u{1b}') => AutoStream::never(&mut stdout).write_all(text.as_bytes()),
            _ => stdout.write_all(text.as_bytes()),
        });
        match written.and_then(|()| stdout.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let title = format!("stdout cannot be written: {}", super::reason(&error));
                Err(self.refuse(Diagnostic::error("cannot-write", title).help("free space there, or write elsewhere")))
            }
            _ => Ok(()),
        }
    }

    /// Says on stderr what is not an error.
    pub fn tell(&self, text: &str) {
        if self.talk == Talk::All {
            self.complain(text);
        }
    }

    /// Says on stderr what is only of use to a person who sits there.
    pub fn tell_person(&self, text: impl FnOnce() -> String) {
        if io::stderr().is_terminal() {
            self.tell(&text());
        }
    }

    /// Says on stderr what is wrong; escape codes are removed where no colors are wanted.
    pub fn complain(&self, text: &str) {
        // Where stderr is closed or full there is nobody left to tell.
        let _ = write_whole(anstream::stderr().lock(), text);
    }

    /// Says what is wrong with the call or the world around it.
    pub fn refuse(&self, diagnostic: Diagnostic) -> Stop {
        self.report(Report { diagnostics: vec![diagnostic] }, &Sources::default());
        Stop
    }

    /// Says the messages of a run in the order of their places, errors last: errors always, warnings unless only errors are wanted,
    /// information to a person alone.
    pub fn report(&self, mut report: Report, sources: &Sources) {
        let least = match self.talk {
            Talk::Errors => Severity::Error,
            Talk::All if io::stderr().is_terminal() => Severity::Info,
            Talk::All => Severity::Warning,
        };
        report.diagnostics.retain(|diagnostic| diagnostic.severity >= least);
        if report.diagnostics.is_empty() {
            return;
        }
        report.sort();
        // What is worst stands at the end, where a terminal shows it.
        report.diagnostics.sort_by_key(|diagnostic| diagnostic.severity);
        report.diagnostics.iter_mut().for_each(note_environment);
        let terminal = terminal_size_of(io::stderr());
        fold(report.diagnostics.iter_mut(), terminal);
        let width = terminal.map_or(WIDTH_OF_A_FILE, |(Width(width), _)| usize::from(width));
        let style = human::Style { color: human::Color::Always, width: width.max(NARROWEST_TEXT) };
        self.complain(&human::render(&report, sources, style));
    }

    /// Whether only errors are wanted.
    pub fn is_quiet(&self) -> bool {
        self.talk == Talk::Errors
    }

    /// How messages are drawn that are data.
    pub fn style_of_data(&self) -> human::Style {
        let width = terminal_size_of(io::stdout()).map_or(WIDTH_OF_A_FILE, |(Width(width), _)| usize::from(width));
        let color = match AutoStream::choice(&io::stdout()) {
            ColorChoice::Never => human::Color::Never,
            _ => human::Color::Always,
        };
        human::Style { color, width: width.max(NARROWEST_TEXT) }
    }

    /// Folds the help of messages that are data where a terminal shows them.
    pub fn fold_data<'d>(&self, diagnostics: impl Iterator<Item = &'d mut Diagnostic>) {
        fold(diagnostics, terminal_size_of(io::stdout()));
    }

    /// How tables and lists are drawn that are data: they need no width where no terminal shows them.
    pub fn style_of_lists(&self) -> human::Style {
        let style = self.style_of_data();
        if io::stdout().is_terminal() { style } else { human::Style { width: human::ENDLESS, ..style } }
    }

    /// Whether a person sees stdout at once, and not only data are wanted.
    pub fn is_read_by_person(&self) -> bool {
        self.talk == Talk::All && io::stdout().is_terminal()
    }

    /// How text is drawn that is read and is data.
    pub fn style_of_text(&self) -> human::Style {
        let terminal = terminal_size_of(io::stdout()).map(|(Width(width), _)| usize::from(width));
        let width = terminal.unwrap_or(USUAL_WIDTH).clamp(NARROWEST_TEXT, WIDEST_TEXT);
        human::Style { width, ..self.style_of_data() }
    }
}

/// Folds the help of messages at the width of a terminal; in a file a line stays whole, so that `grep` finds it.
fn fold<'d>(diagnostics: impl Iterator<Item = &'d mut Diagnostic>, terminal: Option<(Width, Height)>) {
    let Some((Width(width), _)) = terminal else { return };
    for help in diagnostics.filter_map(|diagnostic| diagnostic.help.as_mut()) {
        *help = human::folded(help, usize::from(width).max(NARROWEST_TEXT));
    }
}

/// Says of a profile that nobody typed where its name comes from.
fn note_environment(diagnostic: &mut Diagnostic) {
    let is_of_call = diagnostic.code == "unknown-profile" && diagnostic.place().is_none();
    let Some(name) = std::env::var(PROFILE).ok().filter(|name| is_of_call && !name.is_empty()) else { return };
    if diagnostic.title.contains(&format!("`{name}`")) {
        diagnostic.note = Some(format!("the environment variable {PROFILE} names it"));
    }
}

fn write_whole(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}
