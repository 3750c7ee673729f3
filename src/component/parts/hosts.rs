//! Names that a Pod's own hosts file gives to addresses.

use crate::bundle::Traced;
use crate::component::world::text;
use crate::shape::{Keyed, Written};
use crate::traced;
use crate::value::{Hostname, IpAddress};
use k8s_openapi::api::core::v1 as core;

/// The names of hosts by their addresses.
pub type HostAliases = Keyed<IpAddress, Vec<Written<Hostname>>>;

/// The lines of the hosts file, in the order written.
pub fn lower_host_aliases(aliases: &HostAliases) -> Vec<Traced<core::HostAlias>> {
    let lower = |(address, names): &(Written<IpAddress>, Vec<Written<Hostname>>)| {
        let hostnames: Vec<_> = names.iter().map(text).collect();
        traced!(address.origin, core::HostAlias { ip: text(address), hostnames: hostnames })
    };
    aliases.iter().map(lower).collect()
}
