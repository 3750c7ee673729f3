//! How many Pods a workload has, and how an update replaces them.

use super::Context;
use super::scale::Scale;
use crate::bundle::Object;
use crate::check::place::At;

/// The fewest Pods of a Deployment or StatefulSet: what it says, or the least that its autoscaler says.
pub fn least(context: &Context, object: usize) -> i64 {
    Scale::of(object, context).map_or(1, |scale| scale.least)
}

/// Looks at each Deployment: its index, how it is updated (`spec.strategy`), and how many Pods there are at least.
pub fn look_at_deployments(context: &Context, look: &mut dyn FnMut(usize, &Object, &At, i64)) {
    for (index, object) in context.objects().filter(|(_, object)| object.kind_name() == "Deployment") {
        let root = At::root(&object.root);
        let spec = root.key("spec");
        look(index, object, &spec.key("strategy"), least(context, index));
    }
}

/// Looks at each Deployment that is updated by and by.
pub fn look_at_rollouts(context: &Context, look: &mut dyn FnMut(usize, &Object, &At, Rollout)) {
    look_at_deployments(context, &mut |index, object, strategy, replicas| {
        if let Some(rollout) = Rollout::of(strategy, replicas) {
            look(index, object, strategy, rollout);
        }
    });
}

/// How an update of a Deployment replaces its Pods, in Pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rollout {
    /// How many Pods there shall be.
    pub replicas: i64,
    /// How many may be there beyond them.
    pub surge: i64,
    /// How many of them may be missing.
    pub unavailable: i64,
    /// Whether both were rounded to nothing, so that Kubernetes takes one Pod away all the same.
    pub is_forced: bool,
}

impl Rollout {
    /// That of a Deployment with so many replicas; none where it makes all Pods anew at once.
    /// <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment>
    pub fn of(strategy: &At, replicas: i64) -> Option<Self> {
        if strategy.key("type").is_text("Recreate") {
            return None;
        }
        let rolling = strategy.key("rollingUpdate");
        let (quarter_up, quarter_down) = (share(25, replicas, Rounding::Up), share(25, replicas, Rounding::Down));
        let surge = amount(&rolling.key("maxSurge"), replicas, Rounding::Up).unwrap_or(quarter_up);
        let unavailable = amount(&rolling.key("maxUnavailable"), replicas, Rounding::Down).unwrap_or(quarter_down);
        let is_forced = surge == 0 && unavailable == 0;
        Some(Self { replicas, surge, unavailable: unavailable.max(i64::from(is_forced)), is_forced })
    }

    /// How many Pods may be left at one time.
    pub fn left(self) -> i64 {
        self.replicas.saturating_sub(self.unavailable).max(0)
    }
}

#[derive(Clone, Copy)]
enum Rounding {
    Up,
    Down,
}

/// A number of Pods, or a percentage of the replicas; none where it is neither.
fn amount(at: &At, replicas: i64, rounding: Rounding) -> Option<i64> {
    let percent = at.text().strip_suffix('%').and_then(|text| text.parse().ok());
    at.integer().or(percent.map(|percent| share(percent, replicas, rounding)))
}

fn share(percent: i64, replicas: i64, rounding: Rounding) -> i64 {
    let hundredths = percent.saturating_mul(replicas);
    match rounding {
        Rounding::Up => hundredths.saturating_add(99) / 100,
        Rounding::Down => hundredths / 100,
    }
}

/// Whether two Pods of a template cannot run beside each other at any time: they share a disk, or ports of a node.
pub fn is_alone(template: &At) -> bool {
    let spec = template.key("spec");
    let has_claim = spec.key("volumes").items().any(|volume| volume.key("persistentVolumeClaim").is_set());
    let takes_port = |container: At| container.key("ports").items().any(|port| port.key("hostPort").is_set());
    has_claim || spec.key("hostNetwork").is_true() || spec.key("containers").items().any(takes_port)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::{Field, FieldValue, Key};
    use crate::document::OriginId;

    fn rollout(surge: &str, unavailable: &str, replicas: i64) -> (i64, i64, bool) {
        let entry = |key: &'static str, text: &str| {
            let value = text.parse().map_or_else(|_| FieldValue::String(text.into()), FieldValue::Integer);
            (Key::Borrowed(key), Field::new(value, OriginId(0)))
        };
        let entries = [("maxSurge", surge), ("maxUnavailable", unavailable)];
        let entries = entries.into_iter().filter(|(_, text)| !text.is_empty()).map(|(key, text)| entry(key, text));
        let rolling = Field::new(FieldValue::Map(entries.collect()), OriginId(0));
        let strategy = Field::new(FieldValue::Map(vec![(Key::Borrowed("rollingUpdate"), rolling)]), OriginId(0));
        let rollout = Rollout::of(&At::root(&strategy), replicas).unwrap();
        (rollout.surge, rollout.unavailable, rollout.is_forced)
    }

    #[test]
    fn surges_are_rounded_up_and_what_is_missing_down() {
        assert_eq!(rollout("", "", 3), (1, 0, false));
        assert_eq!(rollout("", "", 10), (3, 2, false));
        assert_eq!(rollout("100%", "25%", 10), (10, 2, false));
        assert_eq!(rollout("0", "", 3), (0, 1, true), "25% of 3 is nothing, so one Pod is taken all the same");
        assert_eq!(rollout("0", "1", 1), (0, 1, false));
        assert_eq!(rollout("9223372036854775807%", "x", 5), (92_233_720_368_547_758, 1, false));
    }
}
