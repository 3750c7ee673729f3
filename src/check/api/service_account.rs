//! ServiceAccount.

use super::metadata::metadata;
use crate::check::format::DNS_SUBDOMAIN;
use crate::check::{At, Checker};

/// A ServiceAccount, of which the server looks at the metadata only.
pub fn service_account(object: &At, checker: &mut Checker) {
    metadata(object, &DNS_SUBDOMAIN, checker);
}
