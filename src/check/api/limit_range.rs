//! LimitRange.

use super::metadata::metadata_named_by_server;
use super::resource_name::{CONTAINER_RESOURCE, RESOURCE, allows_overcommit};
use crate::check::format::{DNS_SUBDOMAIN, Format, QUALIFIED_NAME};
use crate::check::{At, Checker, Reason, api_rules, repeated};

api_rules! {
    /// A limit is one of `Container`, `Pod`, `PersistentVolumeClaim` or of a type with a domain.
    LR_001 = "LR-001";
    /// Each type stands once.
    LR_002 = "LR-002";
    /// Limits are those of resources that the type has.
    LR_003 = "LR-003";
    /// Pods have no defaults, only their containers.
    LR_004 = "LR-004";
    /// The least, the default request, the default limit and the most of a resource grow in this order.
    LR_005 = "LR-005";
    /// A limit of claims has a `min` or a `max` of storage.
    LR_006 = "LR-006";
    /// The ratio of limit to request is at least 1, and not more than `max` to `min`.
    LR_007 = "LR-007";
    /// The defaults of request and limit are equal where a resource cannot be promised twice.
    LR_008 = "LR-008";
}

/// A type of limits.
const TYPE: Format = Format { what: "a type of limits", example: "Container", check: limit_type };

/// A LimitRange.
pub fn limit_range(object: &At, checker: &mut Checker) {
    metadata_named_by_server(object, &DNS_SUBDOMAIN, checker);
    let spec = object.key("spec");
    let limits = spec.key("limits");
    for limit in limits.items() {
        let kind = limit.key("type");
        checker.follow_text(&kind, kind.text(), &LR_001, &TYPE);
        Limit::new(&limit).check(checker);
    }
    for (second, first) in repeated(limits.items(), |limit| Some(limit.key("type").text())) {
        checker.duplicate(&second.key("type"), &LR_002, "type", &first.key("type"));
    }
}

fn limit_type(text: &str) -> Result<(), &'static str> {
    (QUALIFIED_NAME.check)(text)?;
    if text.contains('/') || ["Pod", "Container", "PersistentVolumeClaim"].contains(&text) {
        Ok(())
    } else {
        Err("is none of `Container`, `Pod`, `PersistentVolumeClaim`")
    }
}

/// The limits of one type.
struct Limit<'p, 'f> {
    at: &'p At<'p, 'f>,
    kind: &'f str,
    most: At<'p, 'f>,
    least: At<'p, 'f>,
    default: At<'p, 'f>,
    request: At<'p, 'f>,
    ratio: At<'p, 'f>,
}

impl<'p, 'f> Limit<'p, 'f> {
    fn new(at: &'p At<'p, 'f>) -> Self {
        Self {
            at,
            kind: at.key("type").text(),
            most: at.key("max"),
            least: at.key("min"),
            default: at.key("default"),
            request: at.key("defaultRequest"),
            ratio: at.key("maxLimitRequestRatio"),
        }
    }

    fn check(&self, checker: &mut Checker) {
        let maps = [&self.most, &self.least, &self.ratio, &self.default, &self.request];
        let maps = if self.kind == "Pod" { &maps[..3] } else { &maps[..] };
        let format = if matches!(self.kind, "Pod" | "Container") { &CONTAINER_RESOURCE } else { &RESOURCE };
        for (position, map) in maps.iter().enumerate() {
            for (resource, amount) in map.entries() {
                checker.follow_text(&amount, resource, &LR_003, format);
                if !maps[..position].iter().any(|earlier| earlier.has(resource)) {
                    self.amounts(resource, checker);
                }
            }
        }
        if self.kind == "Pod" {
            for map in [&self.default, &self.request].into_iter().filter(|map| !map.is_empty()) {
                checker.forbid(map, &LR_004, "for Pods, only for the type `Container`");
            }
        }
        if self.kind == "PersistentVolumeClaim" && !self.least.has("storage") && !self.most.has("storage") {
            let title = "a limit of claims says nothing of their storage";
            let help = "write `storage` below `min` or `max`";
            checker.refuse(&self.at.key("limits"), &LR_006, Reason::Required, title, help);
        }
    }

    /// What is asked of the amounts of one resource. That the server fills in defaults of containers from `max` and `min` before
    /// it looks makes a difference only where nothing may be promised twice.
    fn amounts(&self, resource: &str, checker: &mut Checker) {
        let bound = |map, name| Bound::new(map, name, resource);
        let (least, most) = (bound(&self.least, "min"), bound(&self.most, "max"));
        let (mut default, mut request) = (bound(&self.default, "default"), bound(&self.request, "defaultRequest"));
        if self.kind == "Pod" {
            (default.amount, request.amount) = (None, None);
        }
        for (lower, upper, named) in [
            (&least, &most, &least),
            (&least, &request, &request),
            (&request, &most, &request),
            (&request, &default, &request),
            (&least, &default, &default),
            (&default, &most, &default),
        ] {
            if lower.amount.zip(upper.amount).is_some_and(|(small, large)| small > large) {
                let [low, high] = [lower, upper].map(|bound| bound.map.entry(resource).value());
                let (left, right) = (lower.name, upper.name);
                let title = format!("the `{left}` of `{resource}` is {low}, more than its `{right}`, {high}");
                let help = "write amounts that grow from `min` over `defaultRequest` and `default` to `max`";
                let other = if named.name == lower.name { upper } else { lower };
                let finding = checker.refuse(&named.map.entry(resource), &LR_005, Reason::Invalid, title, help);
                finding.related.push((other.map.entry(resource).cause(), format!("the `{}`", other.name)));
            }
        }
        let filled = default.amount.or(most.amount.filter(|_| self.kind == "Container"));
        if !allows_overcommit(resource) && request.amount.zip(filled).is_some_and(|(request, limit)| request != limit) {
            let title =
                format!("`{resource}` cannot be promised twice, and its default request is not its default limit");
            let help = "write the same amount at `default` and `defaultRequest`";
            checker.refuse(&self.request.entry(resource), &LR_008, Reason::Invalid, title, help);
        }
        self.ratio_of(resource, least.amount, most.amount, checker);
    }

    fn ratio_of(&self, resource: &str, least: Option<i128>, most: Option<i128>, checker: &mut Checker) {
        let Some(ratio) = self.ratio.thousandths_of(resource) else { return };
        let at = self.ratio.entry(resource);
        if ratio < 1000 {
            let title = format!("the ratio of `{resource}` is less than 1");
            checker.refuse(&at, &LR_007, Reason::Invalid, title, "write a number from 1 on");
        }
        if least.zip(most).is_some_and(|(least, most)| is_above(ratio, most, least)) {
            let title = format!("the ratio of `{resource}` is more than its `max` has to its `min`");
            checker.refuse(&at, &LR_007, Reason::Invalid, title, "write a smaller ratio, or remove it");
        }
    }
}

/// One of the amounts of a resource, by its name.
struct Bound<'p, 'f> {
    map: &'p At<'p, 'f>,
    name: &'static str,
    amount: Option<i128>,
}

impl<'p, 'f> Bound<'p, 'f> {
    fn new(map: &'p At<'p, 'f>, name: &'static str, resource: &str) -> Self {
        Self { map, name, amount: map.thousandths_of(resource) }
    }
}

/// Whether a ratio is above `most` to `least`, all in thousandths: in floating point and with whole numbers of 64 bits, where what
/// does not fit is 0, as the server reckons.
#[allow(clippy::cast_precision_loss, reason = "the server loses it too")]
fn is_above(ratio: i128, most: i128, least: i128) -> bool {
    let fitting = |number: i128| i64::try_from(number).unwrap_or_default();
    let whole = |thousandths: i128| {
        fitting(thousandths.div_euclid(1000).saturating_add(i128::from(thousandths.rem_euclid(1000) > 0)))
    };
    if [ratio, most, least].into_iter().all(|amount| whole(amount) < i64::MAX / 1000) {
        fitting(ratio) as f64 / 1000.0 > fitting(most) as f64 / fitting(least) as f64
    } else {
        whole(ratio) as f64 > whole(most) as f64 / whole(least) as f64
    }
}
