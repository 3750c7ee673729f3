//! Why two bundles differ at a field: the places at which what the user wrote parts.

use super::parting::{FACTS, FIELD_FACTS, Parting, partings};
use super::remark::{Reason, Side};
use super::text::{Spot, Text};
use crate::bundle::{Bundle, Cause, CauseId, Field, Object};
use crate::document::{Act as Writing, Node, OriginId, Value};
use crate::profile::{Resolved, Session};
use crate::source::{FileId, Span};
use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// A bundle, and what it was made of.
#[derive(Clone, Copy)]
pub struct Ground<'b> {
    /// The bundle.
    pub bundle: &'b Bundle,
    /// The tree of all layers; none where the bundle is not ours.
    pub resolved: Option<&'b Resolved>,
    /// The revision of its texts, with which and a colon their names begin; none for those that are on the disk.
    pub revision: Option<&'b str>,
}

/// Where two bundles come from.
pub struct Grounds<'b> {
    session: &'b Session,
    before: Ground<'b>,
    after: Ground<'b>,
    /// For each text what stands for it.
    texts: Vec<Text>,
    headers: OnceLock<Headers>,
    /// Every place that the tree of each bundle goes back to.
    trees: OnceLock<[Spots; 2]>,
    partings: OnceLock<Vec<Parting>>,
    /// What one tree has and the other lost: places, and the numbers of the partings.
    losses: OnceLock<BTreeSet<(Spot, usize)>>,
}

type Spots = IndexSet<Spot, FxBuildHasher>;

/// Where headers of tables stand, by text: the bytes between their brackets.
type Headers = BTreeMap<FileId, BTreeSet<(u32, u32)>>;

/// Where a place is looked for on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Range {
    /// In what the field goes back to.
    Field,
    /// In what anything goes back to.
    Tree,
}

/// So many places of each side are said at most.
const PLACES: usize = 2;

impl<'b> Grounds<'b> {
    /// Both bundles were made in this session.
    pub fn new(session: &'b Session, before: Ground<'b>, after: Ground<'b>) -> Self {
        let texts = session.sources.iter().map(|(id, _)| Text::of(id, before.revision, &session.sources)).collect();
        let (headers, trees, partings) = (OnceLock::new(), OnceLock::new(), OnceLock::new());
        Self { session, before, after, texts, headers, trees, partings, losses: OnceLock::new() }
    }

    /// The two bundles.
    pub fn bundles(&self) -> (&'b Bundle, &'b Bundle) {
        (self.before.bundle, self.after.bundle)
    }

    /// Each reason once, and not more of a side than anybody reads.
    pub fn limited(reasons: Vec<Reason>) -> Vec<Reason> {
        let mut kept: Vec<Reason> = Vec::new();
        for side in [Side::Before, Side::After] {
            for reason in reasons.iter().filter(|reason| reason.side == side) {
                let is_new = kept
                    .iter()
                    .all(|other| (&other.file, other.line) != (&reason.file, reason.line) || other.side != side);
                if is_new && kept.iter().filter(|other| other.side == side).count() < PLACES {
                    kept.push(reason.clone());
                }
            }
        }
        kept
    }

    /// Why a field differs, or is in one bundle alone: from its own causes, else from those of what is in it, else from the
    /// values that its expressions name. Empty where none of them says it.
    pub fn of_fields(&self, before: Option<&Field>, after: Option<&Field>) -> Vec<Reason> {
        let mut reasons = self.of_causes(before, after);
        if reasons.is_empty() {
            for field in before.map(leaves).unwrap_or_default() {
                reasons.extend(self.of_causes(Some(field), None));
            }
            for field in after.map(leaves).unwrap_or_default() {
                reasons.extend(self.of_causes(None, Some(field)));
            }
        }
        if reasons.is_empty() {
            reasons = self.of_expressions(before, after);
        }
        Self::limited(reasons)
    }

    /// Why an object is in one bundle alone: where its component was taken away, else what its causes say, else what decides
    /// over its kind.
    pub fn of_object(&self, before: Option<&Object>, after: Option<&Object>) -> Vec<Reason> {
        let Some(object) = after.or(before) else { return Vec::new() };
        let side = if after.is_some() { Side::After } else { Side::Before };
        let lost = self.of_loss(side, object.root.cause);
        if !lost.is_empty() {
            return lost;
        }
        let reasons = self.of_causes(before.map(|object| &object.root), after.map(|object| &object.root));
        if reasons.is_empty() { self.of_kind(object) } else { Self::limited(reasons) }
    }

    /// Why an object differs as far as its causes do not say it: the facts that decide over its kind, else where the trees
    /// part at its component.
    fn of_kind(&self, object: &Object) -> Vec<Reason> {
        self.of_facts(FACTS, object).unwrap_or_else(|| self.of_component(object))
    }

    /// Why a field of an object differs that both sides have, as far as its causes do not say it: where the trees part at the
    /// component that the object belongs to, else at the facts that decide over what is in objects of its kind, else anywhere.
    pub fn of_rest(&self, object: &Object) -> Vec<Reason> {
        let own = self.of_partings(|parting| parting.is_about(object));
        let facts = if own.is_empty() { self.of_facts(FIELD_FACTS, object) } else { None };
        facts.unwrap_or_else(|| self.of_component(object))
    }

    /// What more there is to say of a field that one side alone has, where its causes say why it is there and not why some of
    /// its values are.
    pub fn of_untold(&self, object: &Object, before: Option<&Field>, after: Option<&Field>) -> Vec<Reason> {
        let is_untold = |field: &&Field| {
            let (old, new) = if after.is_some() { (None, Some(*field)) } else { (Some(*field), None) };
            field.as_str().is_some() && self.of_causes(old, new).is_empty()
        };
        let has_untold = match (before, after) {
            (None, Some(field)) | (Some(field), None) => leaves(field).iter().any(is_untold),
            _ => false,
        };
        if has_untold { self.of_facts(FIELD_FACTS, object).unwrap_or_default() } else { Vec::new() }
    }

    /// The first of the facts at which the trees part.
    fn of_facts(&self, facts: &[(&str, &[&[&str]])], object: &Object) -> Option<Vec<Reason>> {
        let facts = facts.iter().filter(|(kind, _)| *kind == object.kind_name()).flat_map(|(_, facts)| facts.iter());
        let mut by_fact = facts.map(|keys| self.of_partings(|parting| parting.is_below(keys)));
        by_fact.find(|reasons| !reasons.is_empty())
    }

    /// Where the trees part at the component that an object belongs to; else anywhere, rather at the cluster.
    fn of_component(&self, object: &Object) -> Vec<Reason> {
        let whole = self.of_partings(|parting| parting.is_about(object) && parting.is_of_whole());
        if !whole.is_empty() {
            return whole;
        }
        let parts = self.of_partings(|parting| parting.is_about(object));
        if !parts.is_empty() {
            return parts;
        }
        let cluster = self.of_partings(|parting| parting.is_below(&["cluster"]));
        if cluster.is_empty() { self.of_partings(|_| true) } else { cluster }
    }

    /// The places that the causes of a field go back to on one side alone.
    fn of_causes(&self, before: Option<&Field>, after: Option<&Field>) -> Vec<Reason> {
        let cause = |field: Option<&Field>| field.map(|field| field.cause);
        let (old, new) = (cause(before), cause(after));
        let lost = match (old, new) {
            (Some(old), None) => self.of_loss(Side::Before, old),
            (None, Some(new)) => self.of_loss(Side::After, new),
            _ => Vec::new(),
        };
        if !lost.is_empty() {
            return lost;
        }
        let of = |range| {
            let of = |side, own: Option<CauseId>, other| own.map(|own| self.own(side, own, other, range));
            let both = [of(Side::Before, old, new), of(Side::After, new, old)];
            both.into_iter().flatten().flatten().collect::<Vec<_>>()
        };
        // A place that both trees have tells less than one that only one of them has.
        let telling = of(Range::Tree);
        if telling.is_empty() { of(Range::Field) } else { telling }
    }

    /// Where the other side lost what a field of this side goes back to.
    fn of_loss(&self, side: Side, cause: CauseId) -> Vec<Reason> {
        let losses = self.losses.get_or_init(|| self.find_losses());
        let of =
            |origin| losses.range((self.spot(origin), 0)..).take_while(move |(spot, _)| *spot == self.spot(origin));
        let lost: BTreeSet<usize> = self.origins(side, cause).flat_map(of).map(|(_, place)| *place).collect();
        let lost = self.of_these(lost.into_iter().map(|place| &self.partings()[place]));
        lost.into_iter().filter(|reason| reason.side != side && reason.act == Writing::Unset).collect()
    }

    /// The places of a field that the other side does not go back to.
    fn own(&self, side: Side, cause: CauseId, other: Option<CauseId>, range: Range) -> Vec<Reason> {
        let opposite = side.opposite();
        let mut known: Vec<Spot> = Vec::new();
        if let Some(other) = other {
            known.extend(self.origins(opposite, other).flat_map(|origin| self.history(origin)));
        }
        let is_searched = range == Range::Tree || other.is_none();
        let is_known = |origin: &OriginId| {
            let spot = self.spot(*origin);
            known.contains(&spot) || is_searched && self.tree(opposite).contains(&spot)
        };
        let rule = match cause.view() {
            Cause::Key(_) => None,
            Cause::Derived(id) => Some(self.ground(side).bundle.causes.get(id).rule),
        };
        let own = self.origins(side, cause).filter(|origin| !is_known(origin));
        own.take(PLACES).map(|origin| self.reason(side, origin, rule)).collect()
    }

    fn of_expressions(&self, before: Option<&Field>, after: Option<&Field>) -> Vec<Reason> {
        let mut texts = Vec::new();
        for (side, field) in [(Side::Before, before), (Side::After, after)] {
            for field in field.into_iter().flat_map(|field| [vec![field], leaves(field)].concat()) {
                let origins = self.origins(side, field.cause);
                texts.extend(origins.map(|origin| self.session.sources.text(self.session.origins.get(origin).span)));
            }
        }
        texts.retain(|text| text.contains("{{"));
        texts.sort_unstable();
        texts.dedup();
        self.of_partings(|parting| texts.iter().any(|text| parting.is_named_in(text)))
    }

    fn of_partings(&self, is_wanted: impl Fn(&Parting) -> bool) -> Vec<Reason> {
        self.of_these(self.partings().iter().filter(|parting| is_wanted(parting)))
    }

    fn of_these<'p>(&self, partings: impl Iterator<Item = &'p Parting>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for parting in partings {
            let spots = |origin: Option<(OriginId, Writing)>| -> BTreeSet<Spot> {
                origin.into_iter().flat_map(|(origin, _)| self.history(origin)).collect()
            };
            let (old, new) = (spots(parting.before), spots(parting.after));
            for (side, origin, other) in [(Side::Before, parting.before, &new), (Side::After, parting.after, &old)] {
                let own = origin.filter(|(origin, _)| !other.contains(&self.spot(*origin)));
                reasons.extend(own.map(|(origin, act)| Reason { act, ..self.reason(side, origin, None) }));
            }
        }
        Self::limited(reasons)
    }

    fn partings(&self) -> &[Parting] {
        self.partings.get_or_init(|| match (self.before.resolved, self.after.resolved) {
            (Some(before), Some(after)) => partings(before, after),
            _ => Vec::new(),
        })
    }

    fn find_losses(&self) -> BTreeSet<(Spot, usize)> {
        let partings = self.partings().iter().enumerate();
        partings
            .flat_map(|(place, parting)| parting.lost.iter().map(move |origin| (self.spot(*origin), place)))
            .collect()
    }

    fn ground(&self, side: Side) -> Ground<'b> {
        match side {
            Side::Before => self.before,
            Side::After => self.after,
        }
    }

    fn origins(&self, side: Side, cause: CauseId) -> impl Iterator<Item = OriginId> {
        self.ground(side).bundle.causes.origins(cause)
    }

    fn spot(&self, origin: OriginId) -> Spot {
        self.place(self.session.origins.get(origin).span)
    }

    fn place(&self, span: Span) -> Spot {
        self.texts[span.file.0 as usize].place(span, &self.session.sources)
    }

    /// The places of a value and of what it replaced.
    fn history(&self, origin: OriginId) -> impl Iterator<Item = Spot> {
        self.session.origins.history(origin).map(|origin| self.place(origin.span))
    }

    /// Every place that the tree of a bundle goes back to.
    fn tree(&self, side: Side) -> &Spots {
        let trees = self.trees.get_or_init(|| {
            [Side::Before, Side::After].map(|side| {
                let mut spots = Spots::default();
                if let Some(resolved) = self.ground(side).resolved {
                    self.collect(&resolved.root, &mut spots);
                }
                spots
            })
        });
        &trees[usize::from(side == Side::After)]
    }

    fn collect(&self, node: &Node, spots: &mut Spots) {
        spots.extend(self.history(node.origin));
        match &node.value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, spots)),
            Value::Table(table) => table.values().for_each(|child| self.collect(child, spots)),
            _ => {}
        }
    }

    fn reason(&self, side: Side, origin: OriginId, rule: Option<&'static str>) -> Reason {
        let origin = self.session.origins.get(origin);
        let place = origin.key.unwrap_or(origin.span);
        let file = self.session.sources.file(place.file);
        let headers = self.headers.get_or_init(|| self.find_headers()).get(&place.file);
        let header = headers.and_then(|headers| headers.range(..=(place.start, u32::MAX)).next_back());
        let header = header.and_then(|(start, end)| file.text.get(*start as usize..*end as usize));
        Reason {
            side,
            file: file.name.clone(),
            line: file.line_column(place.start as usize).0,
            table: header.map(|header| format!("[{header}]")),
            act: origin.act,
            rule,
        }
    }

    fn find_headers(&self) -> Headers {
        let mut headers = Headers::new();
        for origin in self.session.origins.iter().filter(|origin| origin.act == Writing::Set) {
            let text = &self.session.sources.file(origin.span.file).text;
            let before = text.get(..origin.span.start as usize).unwrap_or_default();
            if before.ends_with('[') && before.rsplit('\n').next().is_some_and(|line| line.trim() == "[") {
                headers.entry(origin.span.file).or_default().insert((origin.span.start, origin.span.end));
            }
        }
        headers
    }
}

/// The fields below a field, in reading order.
fn leaves(field: &Field) -> Vec<&Field> {
    let mut all = Vec::new();
    let below = field.items().iter().chain(field.entries().iter().map(|(_, field)| field));
    for field in below {
        all.push(field);
        all.extend(leaves(field));
    }
    all
}
