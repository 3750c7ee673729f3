//! The volumes of a Pod.

pub mod projection;
pub mod driver;
pub mod source;

use super::Owner;
use crate::bundle::{CauseId, Field, FieldValue};
use crate::check::format::DNS_LABEL;
use crate::check::{At, Checker, Reason, api_rules, repeated};
use crate::value::nearest;
use source::SOURCES;
use std::collections::BTreeMap;

api_rules! {
    /// A volume has a name, a DNS label.
    VOL_001 = "VOL-001";
    /// The names of the volumes of a Pod differ.
    VOL_002 = "VOL-002";
    /// A volume has one source; without one it is an `emptyDir`.
    VOL_003 = "VOL-003";
    /// The claim of an `ephemeral` volume of a bare Pod is named after Pod and volume: at most 253 characters, and no other volume names it.
    VOL_023 = "VOL-023";
}

/// The most characters of the name of a claim.
const CLAIM_NAME: usize = 253;

/// Volumes above this number are looked up in a map.
const FEW: usize = 16;

/// What a volume is, as far as those who use it must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A `persistentVolumeClaim`, or an `ephemeral` one, or a claim template.
    Claim,
    /// An `emptyDir`.
    EmptyDir,
    /// Something else.
    Other,
}

/// A volume that can be used.
#[derive(Clone, Copy)]
pub enum Volume<'f> {
    /// An entry of `volumes`.
    Declared(&'f Field),
    /// A claim template of a StatefulSet.
    Template(&'f Field),
}

impl Volume<'_> {
    /// What it is.
    pub fn source(self) -> Source {
        match self {
            Self::Template(_) => Source::Claim,
            Self::Declared(field) if has(field, "persistentVolumeClaim") || has(field, "ephemeral") => Source::Claim,
            Self::Declared(field) if has(field, "emptyDir") => Source::EmptyDir,
            Self::Declared(field) if SOURCES.iter().any(|source| has(field, source.key)) => Source::Other,
            Self::Declared(_) => Source::EmptyDir,
        }
    }

    fn is_ephemeral(self) -> bool {
        matches!(self, Self::Declared(field) if has(field, "ephemeral"))
    }

    /// Why it is there.
    pub fn cause(self) -> CauseId {
        match self {
            Self::Declared(field) | Self::Template(field) => field.cause,
        }
    }
}

/// Whether a field is there, and not null.
fn has(field: &Field, key: &str) -> bool {
    field.get(key).is_some_and(|value| !matches!(value.value, FieldValue::Null))
}

/// The volumes of a Pod by their names.
pub struct Volumes<'p, 'f> {
    list: At<'p, 'f>,
    owner: Owner<'p, 'f>,
    images: Images,
    /// Where there are many.
    by_name: Option<BTreeMap<&'f str, Volume<'f>>>,
}

/// What the server does with image volumes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Images {
    /// It checks them.
    Kept,
    /// It does as if they, and what mounts them, were not there.
    Dropped,
}

impl<'p, 'f> Volumes<'p, 'f> {
    /// The volumes of a Pod.
    pub fn new(spec: &'p At<'_, 'f>, owner: Owner<'p, 'f>, checker: &Checker) -> Self {
        let images = if checker.since(35) { Images::Kept } else { Images::Dropped };
        let mut volumes = Self { list: spec.key("volumes"), owner, images, by_name: None };
        if volumes.list.len() > FEW {
            let mut by_name = BTreeMap::new();
            for (name, volume) in volumes.usable() {
                by_name.entry(name).or_insert(volume);
            }
            volumes.by_name = Some(by_name);
        }
        volumes
    }

    /// The volume of this name.
    pub fn find(&self, name: &str) -> Option<Volume<'f>> {
        match &self.by_name {
            Some(by_name) => by_name.get(name).copied(),
            None => self.usable().find(|(other, _)| *other == name).map(|(_, volume)| volume),
        }
    }

    /// Whether the server drops what mounts the volume of this name.
    pub fn drops(&self, name: &str) -> bool {
        let named = |volume: &&Field| volume.get("name").and_then(Field::as_str) == Some(name);
        self.images == Images::Dropped
            && self.fields().filter(|volume| has(volume, "image")).any(|volume| named(&volume))
    }

    /// What to type instead of a name that no volume has.
    pub fn suggest(&self, name: &str) -> String {
        match nearest(name, self.usable().map(|(name, _)| name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("add a volume named `{name}` to `{}`", self.list),
        }
    }

    /// The names of all that can be used: claim templates first, which take the place of volumes of the same name.
    fn usable(&self) -> impl Iterator<Item = (&'f str, Volume<'f>)> {
        let templates = self.templates().filter_map(|template| {
            let metadata = template.key("metadata");
            let name = metadata.key("name");
            Some((name.text(), Volume::Template(name.field()?)))
        });
        let declared = self.fields().filter(|volume| !(self.images == Images::Dropped && has(volume, "image")));
        let declared = declared.filter_map(|volume| Some((volume.get("name")?.as_str()?, Volume::Declared(volume))));
        templates.chain(declared)
    }

    fn fields(&self) -> impl Iterator<Item = &'f Field> {
        self.list.field().map_or(&[][..], Field::items).iter()
    }

    /// The claim templates of a StatefulSet, each name once.
    fn templates(&self) -> impl Iterator<Item = At<'_, 'f>> {
        let list = match &self.owner {
            Owner::StatefulSet(claims) => Some(claims),
            _ => None,
        };
        list.into_iter().flat_map(At::items)
    }
}

/// The volumes of a Pod.
pub fn volumes(all: &Volumes, checker: &mut Checker) {
    let templates = claim_templates(all, checker);
    let kept = all.list.items().filter(|volume| {
        let dropped = all.images == Images::Dropped && volume.key("image").is_set();
        !dropped && (templates == 0 || !matches!(all.find(volume.key("name").text()), Some(Volume::Template(_))))
    });
    let kept = kept.enumerate().map(|(index, volume)| volume.numbered(templates + index));
    for volume in kept.clone() {
        let name = volume.key("name");
        if checker.require(&name, &VOL_001, "the name of a volume") {
            checker.follow(&name, &VOL_001, &DNS_LABEL);
        }
        sources(&volume, all.owner, checker);
        if let Owner::Pod(metadata) = all.owner {
            claim_of(&volume, metadata.key("name").text(), all, checker);
        }
    }
    for (volume, first) in repeated(kept, |volume| name(volume)) {
        checker.duplicate(&volume.key("name"), &VOL_002, "volume name", &first.key("name"));
    }
}

/// A name that is compared with others.
fn name<'f>(volume: &At<'_, 'f>) -> Option<&'f str> {
    Some(volume.key("name").text()).filter(|name| !name.is_empty())
}

/// The claim templates, which the server puts before the volumes under their names; returns how many names there are.
fn claim_templates(all: &Volumes, checker: &mut Checker) -> usize {
    let mut names: Vec<&str> = Vec::new();
    for template in all.templates() {
        let metadata = template.key("metadata");
        let name = metadata.key("name");
        if names.contains(&name.text()) {
            continue;
        }
        let volume = all.list.item(names.len());
        let place = volume.key("name").with_cause_of(&name);
        if name.is_empty() {
            let help = "write `name` below `metadata` of the claim template";
            checker.refuse(&place, &VOL_001, Reason::Required, "a claim template has no name", help);
        } else {
            checker.follow_text(&place, name.text(), &VOL_001, &DNS_LABEL);
        }
        names.push(name.text());
    }
    names.len()
}

/// The source of a volume; the server says of each after the first that it is one too many.
fn sources(volume: &At, owner: Owner, checker: &mut Checker) {
    let mut first: Option<&str> = None;
    for source in SOURCES {
        let content = volume.key_spelled(source.key, source.content);
        if !content.is_set() {
            continue;
        }
        let Some(first) = first else {
            first = Some(source.key);
            (source.check)(&content, volume, owner, checker);
            continue;
        };
        let place = volume.key_spelled(source.key, source.surplus);
        let title = format!("`{}` is the second source of the volume, after `{first}`", source.key);
        let help = "remove one of them, or make two volumes of it";
        let finding = checker.refuse(&place, &VOL_003, Reason::Forbidden, title, help);
        finding.related.push((volume.key(first).cause(), "the first source".to_owned()));
    }
}

/// The claims that the server makes for a bare Pod of this name: none of another volume, none with too long a name.
fn claim_of(volume: &At, pod: &str, all: &Volumes, checker: &mut Checker) {
    if pod.is_empty() {
        return;
    }
    let (name, source) = (volume.key("name"), volume.key("persistentVolumeClaim"));
    let claim = source.key("claimName");
    let length = pod.len() + 1 + name.text().len();
    if volume.key("ephemeral").is_set() && length > CLAIM_NAME {
        let title = format!("the claim of the volume {} would be named by {length} characters", name.value());
        let help = format!("shorten the names of Pod and volume to {CLAIM_NAME} characters together");
        checker.refuse(&name, &VOL_023, Reason::Invalid, title, help);
    }
    let other = claim.text().strip_prefix(pod).and_then(|rest| rest.strip_prefix('-')).and_then(|name| all.find(name));
    if let Some(other) = other.filter(|other| other.is_ephemeral()) {
        let title = format!("the claim {} is that of an `ephemeral` volume of the Pod", claim.value());
        let help = "remove this volume, and mount the `ephemeral` one";
        let finding = checker.refuse(&claim, &VOL_023, Reason::Invalid, title, help);
        finding.related.push((other.cause(), "the other volume".to_owned()));
    }
}
