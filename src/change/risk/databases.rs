//! What hurts a database of the stack: another version, another place of its data, another password.

use super::{Found, Situation, hurts};
use crate::bundle::{Field, Object};
use crate::seal::read;
use crate::value::{Image, Scalar};
use std::collections::BTreeSet;

/// Another major version, whose server does not read the files of the old one.
pub fn version(situation: &Situation) -> Option<Found> {
    let (old, new) = (situation.object.before?, situation.object.after?);
    let (was, is) = (major(old)?, major(new)?);
    // the versions of two engines say nothing of each other
    if was == is || !is_database(new) || is_of_other_engine(old, new) {
        return None;
    }
    let message = format!(
        "{} goes from version {was} to {is}: the new server does not read the old one's files",
        situation.name()
    );
    let help = "make a dump with the old version, and restore it into the new one; with `backup` in the stack its restore Job does that";
    hurts(message, help.to_owned())
}

/// Another directory of its data: the server starts with an empty one.
pub fn moved(situation: &Situation) -> Option<Found> {
    let (old, new) = (situation.object.before?, situation.object.after?);
    let (was, is) = (places(old), places(new));
    let is_silent = !is_database(old) || !is_database(new) || was.is_empty() || is.is_empty();
    if is_silent || was == is || version(situation).is_some() {
        return None;
    }
    let listed = |places: &BTreeSet<String>| places.iter().cloned().collect::<Vec<_>>().join(", ");
    let only = |these: &BTreeSet<String>, those| listed(&these.difference(those).cloned().collect());
    let message = format!(
        "{} starts empty: its data are looked for in {}, and are in {}",
        situation.name(),
        only(&is, &was),
        only(&was, &is)
    );
    let help = "make a dump before, and load it into the new one; the old files stay on the disk, so the old stack finds them again";
    hurts(message, help.to_owned())
}

/// Another password, which the database takes on its first start alone.
pub fn password(situation: &Situation) -> Option<Found> {
    let object = situation.object.after.filter(|_| situation.is(&["Secret"]) && situation.is_kept())?;
    situation.changed(&["data", "stringData"])?;
    let reads = |set: &&Object| {
        is_database(set) && read(set).iter().any(|(kind, name)| *kind == "Secret" && name == object.name())
    };
    let database =
        situation.after.objects.iter().filter(reads).find(|set| {
            situation.before.objects.iter().any(|other| other.name() == set.name() && is_database(other))
        })?;
    let message = format!(
        "the password in the database `{}` stays what it was: it reads the Secret on its first start alone",
        database.name()
    );
    let help = format!(
        "change it there too, as in `kubectl exec {}{}-0 -- psql -c \"ALTER USER …\"`",
        situation.namespace(),
        database.name()
    );
    hurts(message, help)
}

/// Whether an object belongs to a database of the stack.
fn is_database(object: &Object) -> bool {
    let label = object.root.follow(&["metadata", "labels", "app.kubernetes.io/component"]);
    object.kind_name() == "StatefulSet" && label.and_then(Field::as_str) == Some("db")
}

fn server(object: &Object) -> Option<&Field> {
    object.pod_template()?.get("spec")?.get("containers")?.items().first()
}

fn major(object: &Object) -> Option<String> {
    let image = Image::parse(server(object)?.get("image")?.as_str()?).ok()?;
    let digits: String = image.tag()?.chars().take_while(char::is_ascii_digit).collect();
    Some(digits).filter(|digits| !digits.is_empty())
}

/// Whether the data have another directory because the engine is another one: only then the names of the directories differ
/// though the version is left out of them.
fn is_of_other_engine(old: &Object, new: &Object) -> bool {
    let directories =
        |object| data_mounts(object).filter_map(|mount| mount.get("subPath")?.as_str()).collect::<Vec<_>>();
    let (was, is) = (directories(old), directories(new));
    !was.is_empty() && !is.is_empty() && was != is
}

/// Where the server looks for its data: the directories of the disk that it sees, each with its path, and `PGDATA`.
fn places(object: &Object) -> BTreeSet<String> {
    let text = |field: &Field, key: &str| field.get(key).and_then(Field::as_str).unwrap_or_default().to_owned();
    let mounts = data_mounts(object).map(|mount| match text(mount, "subPath") {
        directory if directory.is_empty() => format!("`{}`", text(mount, "mountPath")),
        directory => format!("the directory `{directory}` of its disk at `{}`", text(mount, "mountPath")),
    });
    let env = server(object).and_then(|server| server.get("env")).map(Field::items).unwrap_or_default();
    let directory = env.iter().find(|variable| text(variable, "name") == "PGDATA");
    mounts.chain(directory.map(|variable| format!("`{}`", text(variable, "value")))).collect()
}

/// The mounts of disks in the server.
fn data_mounts(object: &Object) -> impl Iterator<Item = &Field> {
    let name = |field: &'_ Field| field.get("name").and_then(Field::as_str).map(str::to_owned);
    let templates = object.root.follow(&["spec", "volumeClaimTemplates"]).map(Field::items).unwrap_or_default();
    let volumes = object.pod_template().and_then(|pod| pod.follow(&["spec", "volumes"])).map(Field::items);
    let claims = volumes.unwrap_or_default().iter().filter(|volume| volume.get("persistentVolumeClaim").is_some());
    let templates = templates.iter().filter_map(move |template| name(template.get("metadata")?));
    let disks: BTreeSet<String> = templates.chain(claims.filter_map(name)).collect();
    let mounts = server(object).and_then(|server| server.get("volumeMounts")).map(Field::items).unwrap_or_default();
    mounts.iter().filter(move |mount| name(mount).is_some_and(|name| disks.contains(&name)))
}
