//! "Did you mean": the known word that is nearest to a wrong one, or those that there are.

use std::collections::BTreeSet;

/// The word of `known` that is nearest to `wanted`, where one is near enough.
///
/// Case, `-` and `_` do not count. A word that is equal then wins; else the one with the smallest Damerau-Levenshtein
/// distance, which may be one, and one more for every four characters of `wanted`; of equally near words the first. A
/// word of one letter is near to nothing.
pub fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut folded = Vec::with_capacity(wanted.len());
    fold(wanted, &mut folded);
    let farthest = 1 + folded.len() / 4;
    let mut candidate = Vec::new();
    let mut best: Option<(usize, &str)> = None;
    for word in known {
        fold(word, &mut candidate);
        if candidate == folded && !folded.is_empty() {
            return Some(word);
        }
        let limit = best.map_or(farthest + 1, |(distance, _)| distance);
        if folded.len() < 2 || candidate.len().abs_diff(folded.len()) >= limit {
            continue;
        }
        let distance = strsim::generic_damerau_levenshtein(&folded, &candidate);
        if distance < limit {
            best = Some((distance, word));
        }
    }
    best.map(|(_, word)| word)
}

/// The only word of `known` that `wanted` is the beginning of, or that is the beginning of `wanted`: `prod` and `production`.
pub fn abbreviated<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const SHORTEST: usize = 3;
    let is_meant = |word: &&str| {
        wanted.len().min(word.len()) >= SHORTEST && (word.starts_with(wanted) || wanted.starts_with(word))
    };
    let mut meant = known.filter(is_meant);
    let first = meant.next()?;
    meant.next().is_none().then_some(first)
}

/// The first few of some names, each between backticks.
pub fn enumerate(names: impl Iterator<Item = String>) -> String {
    const SHOWN: usize = 8;
    let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => "nothing".to_owned(),
        count if count > SHOWN => format!("{}, …", names[..SHOWN].join(", ")),
        _ => names.join(", "),
    }
}

/// The word of `known` that `wanted` must mean: the only one that is near, by one letter, or by two of eight and more.
///
/// Unlike [`nearest`] this is sure enough to be written without asking. A word that differs in case, `-` and `_` alone wins,
/// where it is the only one. Words of less than four letters have too many neighbours, and what tells equals apart has to be
/// the same: digits, and parts of one letter as in `worker-a`.
pub fn unmistakable<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut folded = Vec::with_capacity(wanted.len());
    fold(wanted, &mut folded);
    let farthest = if folded.len() < 8 { 1 } else { 2 };
    let (mut equal, mut near) = (BTreeSet::new(), BTreeSet::new());
    let mut candidate = Vec::new();
    for word in known {
        fold(word, &mut candidate);
        if candidate == folded {
            equal.insert(word);
        } else if candidate.len().abs_diff(folded.len()) <= farthest
            && strsim::generic_damerau_levenshtein(&folded, &candidate) <= farthest
        {
            near.insert(word);
        }
    }
    let only = |words: &BTreeSet<&'a str>| words.first().copied().filter(|_| words.len() == 1);
    match equal.is_empty() {
        false => only(&equal),
        true => only(&near).filter(|word| folded.len() >= 4 && !are_told_apart(word, wanted)),
    }
}

/// Protocols that are another one with an `s` behind their name.
const TWINS: [&str; 6] = ["amqp", "grpc", "http", "ldap", "mqtt", "redis"];

/// Whether two words that look alike are both meant: members of one family, or a protocol with and without TLS.
fn are_told_apart(one: &str, other: &str) -> bool {
    let is_secured = |plain: &str, secured: &str| TWINS.contains(&plain) && secured.strip_suffix('s') == Some(plain);
    is_secured(one, other) || is_secured(other, one) || !distinction(one).eq(distinction(other))
}

/// What tells words of one family apart: numbers, and single letters between other characters.
fn distinction(word: &str) -> impl Iterator<Item = &str> {
    let parts = word.split(|character: char| !character.is_alphanumeric());
    let parts = parts.flat_map(|part| part.split_inclusive(char::is_alphabetic));
    let single = word.split(|character: char| !character.is_alphanumeric()).filter(|part| part.chars().count() == 1);
    let numbers = parts.map(|part| part.trim_end_matches(char::is_alphabetic)).filter(|part| !part.is_empty());
    single.chain(numbers)
}

/// Puts the characters of `word` that count into `into`.
fn fold(word: &str, into: &mut Vec<char>) {
    into.clear();
    into.extend(word.chars().filter(|character| !matches!(character, '-' | '_')).flat_map(char::to_lowercase));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(wanted: &str, known: &[&'static str]) -> Option<&'static str> {
        nearest(wanted, known.iter().copied())
    }

    fn sure(wanted: &str, known: &[&'static str]) -> Option<&'static str> {
        unmistakable(wanted, known.iter().copied())
    }

    #[test]
    fn a_single_near_word_is_meant_beyond_doubt() {
        assert_eq!(sure("imgae", &["image", "replicas"]), Some("image"));
        assert_eq!(sure("initialDelay", &["initial-delay", "initial-delays"]), Some("initial-delay"));
        assert_eq!(sure("postgress", &["postgres", "cache"]), Some("postgres"));
        assert_eq!(sure("repilcsa", &["replicas"]), Some("replicas"));
    }

    #[test]
    fn what_may_mean_something_else_is_in_doubt() {
        assert_eq!(sure("cachf", &["cache", "cachg"]), None, "two are near");
        assert_eq!(sure("ap-i", &["api", "a-pi"]), None, "two are equal");
        assert_eq!(sure("evn", &["env"]), None, "three letters");
        assert_eq!(sure("redis-2", &["redis-1"]), None, "another number");
        assert_eq!(sure("redis2", &["redis1"]), None, "another number");
        assert_eq!(sure("redis", &["redis1"]), None, "no number");
        assert_eq!(sure("worker-b", &["worker-a"]), None, "another letter");
        assert_eq!(sure("https", &["http"]), None, "another protocol");
        assert_eq!(sure("frontend", &["backend"]), None, "far");
        assert_eq!(sure("web", &[]), None);
    }

    #[test]
    fn near_words_are_found() {
        assert_eq!(of("ingres", &["image", "ingress", "hpa"]), Some("ingress"));
        assert_eq!(of("repilcas", &["resources", "replicas"]), Some("replicas"));
        assert_eq!(of("prot", &["ports", "port"]), Some("port"));
        assert_eq!(of("volumes", &["port", "mounts"]), None);
    }

    #[test]
    fn case_and_separators_do_not_count() {
        assert_eq!(of("NodeSelector", &["node-selectors", "node-selector"]), Some("node-selector"));
        assert_eq!(of("service_account", &["service", "service-account"]), Some("service-account"));
        assert_eq!(of("A", &["b", "a"]), Some("a"));
    }

    #[test]
    fn the_limit_grows_with_the_length() {
        assert_eq!(of("abc", &["abd"]), Some("abd"));
        assert_eq!(of("abc", &["axy"]), None);
        assert_eq!(of("abcd", &["abxy"]), Some("abxy"));
        assert_eq!(of("abcdefgh", &["abcdexyz"]), Some("abcdexyz"));
        assert_eq!(of("abcdefg", &["abcdxyz"]), None);
    }

    #[test]
    fn the_first_of_equally_near_words_wins() {
        assert_eq!(of("port", &["pork", "sort"]), Some("pork"));
        assert_eq!(of("port", &["sort", "pork"]), Some("sort"));
    }

    #[test]
    fn short_words_are_near_to_nothing() {
        assert_eq!(of("a", &["b", "ab"]), None);
        assert_eq!(of("-", &["", "a", "_"]), None);
        assert_eq!(of("", &["a"]), None);
    }
}
