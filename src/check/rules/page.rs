//! The page of a rule: the `//!` lines of its file.
//!
//! The first paragraph is one sentence, what the rule asks for. Then why, with ```` ```toml fail ```` and ```` ```toml pass ````
//! (or `yaml`), and at the end how to mend or allow it. A profile may stand behind: ```` ```toml fail cloud ````; its file, where it has
//! one, follows in the example behind a line `# profiles/NAME.toml`.

use super::LintRule;

/// A rule in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// What it asks for, in a sentence.
    pub summary: String,
    /// All of it, as Markdown.
    pub text: String,
    /// The stacks and streams in it.
    pub examples: Vec<Example>,
}

/// A stack or stream that breaks a rule, or keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// What the rule says of it.
    pub expectation: Expectation,
    /// `toml` for a stack, `yaml` for a stream, `console` for calls.
    pub language: String,
    /// The profile of a stack; k3d where none is named.
    pub profile: String,
    /// The text.
    pub text: String,
}

/// What a rule says of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expectation {
    /// There is a finding of this rule.
    Fail,
    /// There is none, nor any error.
    Pass,
    /// It is what there was, of two whose differences are told.
    Before,
    /// It is what there shall be.
    After,
}

impl Expectation {
    /// What a word behind a fence means.
    pub fn of(word: &str) -> Option<Self> {
        match word {
            "fail" => Some(Self::Fail),
            "pass" => Some(Self::Pass),
            "before" => Some(Self::Before),
            "after" => Some(Self::After),
            _ => None,
        }
    }

    /// What stands over such an example.
    pub fn title(self) -> &'static str {
        match self {
            Self::Fail => "Reported",
            Self::Pass => "Not reported",
            Self::Before => "Before",
            Self::After => "After",
        }
    }
}

impl Page {
    /// The page of a rule.
    pub fn of(rule: &LintRule) -> Self {
        let lines = rule.source.lines().take_while(|line| line.starts_with("//!"));
        Self::of_lines(&lines.map(|line| line.strip_prefix("//! ").unwrap_or_default()).collect::<Vec<_>>())
    }

    /// The page that these lines of Markdown are.
    pub fn of_lines(lines: &[&str]) -> Self {
        let summary = lines.iter().take_while(|line| !line.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let text = lines.join("\n").trim_end().to_owned() + "\n";
        Self { summary, examples: examples(lines), text }
    }
}

fn examples(lines: &[&str]) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut open: Option<Example> = None;
    for line in lines {
        match &mut open {
            Some(_) if *line == "```" => examples.extend(open.take()),
            Some(example) => {
                example.text.push_str(line);
                example.text.push('\n');
            }
            None => open = line.strip_prefix("```").and_then(opened),
        }
    }
    examples
}

/// What stands behind the fence: a language, what is expected, and perhaps a profile.
fn opened(words: &str) -> Option<Example> {
    let mut words = words.split(' ');
    let language = words.next()?.to_owned();
    let expectation = Expectation::of(words.next()?)?;
    let profile = words.next().unwrap_or("k3d").to_owned();
    Some(Example { expectation, language, profile, text: String::new() })
}
