//! What passes for a credential: by the name of what holds it, and by how the text reads.

/// How much a name says that it holds a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// It says so: `DB_PASSWORD`.
    Password,
    /// It may be the name of one, or of where one is: `API_TOKEN`, `SESSION_SECRET`.
    Key,
}

/// What stands before `KEY` in the names of secret keys.
const OF_KEYS: [&str; 9] = ["api", "access", "secret", "private", "encryption", "signing", "master", "auth", "account"];

/// Whether a name is that of a credential: its last word counts, so that `SECRETS_DIR`, `TOKEN_TTL` and `PASSWORD_FILE` are none.
pub fn likeness(name: &str) -> Option<Likeness> {
    let words = words(name);
    let (last, before) = words.split_last()?;
    match last.as_str() {
        "password" | "passwd" | "passphrase" | "pass" => Some(Likeness::Password),
        // `PWD` alone is the directory in which a shell is.
        "pwd" if !before.is_empty() => Some(Likeness::Password),
        "secret" | "token" | "credential" | "credentials" | "apikey" => Some(Likeness::Key),
        "key" => before.last().filter(|word| OF_KEYS.contains(&word.as_str())).map(|_| Likeness::Key),
        "base" => words.ends_with(&["secret", "key", "base"].map(str::to_owned)).then_some(Likeness::Key),
        _ => None,
    }
}

/// The words of a name, in small letters: `DB_PASSWORD`, `db-password` and `dbPassword` have the same.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || was_small && letter.is_uppercase() {
            words.push(String::new());
        }
        if letter.is_alphanumeric() {
            words.last_mut().expect("there is one from the beginning").extend(letter.to_lowercase());
        }
        was_small = letter.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Whether the value of something that is called so is a credential itself, and not a reference, a place, a switch or nothing.
pub fn is_credential(value: &str, likeness: Likeness) -> bool {
    const SWITCHES: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "none", "null", "0", "1", "disabled"];
    let value = value.trim();
    let is_switch = SWITCHES.iter().any(|word| value.eq_ignore_ascii_case(word));
    if is_switch || is_placeholder(value) || value.starts_with(['/', '@', '.']) || value.contains("://") {
        return false;
    }
    // Names of objects and of headers, numbers of seconds: what is meant to be guessed by nobody looks otherwise.
    let is_plain = value.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'.' | b'_'));
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    likeness == Likeness::Password || value.len() >= 8 && !(is_plain && value.contains(['-', '.', '_'])) && !is_number
}

/// Whether a text stands for another one that is put in later.
fn is_placeholder(value: &str) -> bool {
    let marks = ["$(", "${", "{{", "arn:", "ref+", "vault:", "projects/"];
    let is_hidden = value.bytes().all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.'));
    value.is_empty()
        || is_hidden
        || value.starts_with('<')
        || value.starts_with('$')
        || marks.iter().any(|mark| value.contains(mark))
}

/// User and password of an address in a text: `postgresql://USER:PASSWORD@db/shop`, Go's `USER:PASSWORD@tcp(db)/shop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Login<'a> {
    /// The user; empty where there is none.
    pub user: &'a str,
    /// The password; empty where there is none, or something that stands for it.
    pub password: &'a str,
}

/// The logins of the addresses in a text.
pub fn logins(text: &str) -> impl Iterator<Item = Login<'_>> {
    let behind = text.match_indices("://").map(|(at, mark)| &text[at + mark.len()..]);
    let of_go = text.find("@tcp(").map(|at| &text[..=at]);
    behind.chain(of_go).filter_map(login)
}

fn login(rest: &str) -> Option<Login<'_>> {
    let end =
        rest.find(|letter: char| letter.is_whitespace() || matches!(letter, '/' | '?' | '#' | '"' | '\'' | ',' | ';'));
    let authority = &rest[..end.unwrap_or(rest.len())];
    let (login, _) = authority.rsplit_once('@')?;
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    Some(Login { user, password: if is_placeholder(password) { "" } else { password } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_of_a_name_counts() {
        for name in ["PASSWORD", "DB_PASSWORD", "dbPassword", "redis-passwd", "DB_PWD", "SMTP_PASS"] {
            assert_eq!(likeness(name), Some(Likeness::Password), "{name}");
        }
        for name in ["API_TOKEN", "AWS_SECRET_ACCESS_KEY", "SECRET_KEY_BASE", "apiKey", "SESSION_SECRET"] {
            assert_eq!(likeness(name), Some(Likeness::Key), "{name}");
        }
        let others = [
            "SECRETS_DIR",
            "PASSWORD_FILE",
            "TOKEN_TTL",
            "AWS_ACCESS_KEY_ID",
            "PWD",
            "KEY",
            "CACHE_KEY",
            "COMPASS",
            "",
        ];
        for name in others {
            assert_eq!(likeness(name), None, "{name}");
        }
    }

    #[test]
    fn references_places_and_switches_are_no_credentials() {
        for value in
            ["", "$(DB_PASSWORD)", "${PASSWORD}", "<password>", "/run/secrets/db", "true", "*****", "vault:db#key"]
        {
            assert!(!is_credential(value, Likeness::Password), "{value}");
        }
        assert!(is_credential("postgres", Likeness::Password));
        for value in ["web-tls", "x-auth-token", "3600", "short", "https://example.com/token"] {
            assert!(!is_credential(value, Likeness::Key), "{value}");
        }
        assert!(is_credential("ghp_16C7e42F292c6912E7", Likeness::Key));
        assert!(is_credential("supersecret", Likeness::Key));
    }

    #[test]
    fn addresses_hold_logins() {
        let found = |text: &'static str| logins(text).map(|login| (login.user, login.password)).collect::<Vec<_>>();
        assert_eq!(found("postgresql://me:pa:ss@db:5432/shop?x=a@b"), [("me", "pa:ss")]);
        assert_eq!(found("me:pass@tcp(db:3306)/shop"), [("me", "pass")]);
        assert_eq!(found("http://a/b,amqp://u:p@queue/"), [("u", "p")]);
        assert_eq!(found("postgresql://$(USER):$(PASSWORD)@db redis://:x1@r"), [("$(USER)", ""), ("", "x1")]);
        assert!(found("https://example.com/@me mail me@example.com").is_empty());
    }
}
