//! How objects of one version become such of another.

use super::CRD_011;
use crate::check::api::webhook::{client, review_versions};
use crate::check::{At, Checker};

/// The conversion of a definition; none where it is left out.
pub fn conversion(at: &At, checker: &mut Checker) {
    if !at.is_set() {
        return;
    }
    let strategy = at.key("strategy");
    let webhook = at.key_unspelled("webhook");
    // The server keeps both in the conversion itself.
    let (config, versions) =
        (webhook.key_spelled("clientConfig", "webhookClientConfig"), webhook.key("conversionReviewVersions"));
    if checker.require(&strategy, &CRD_011, "a strategy, `None` or `Webhook`,") {
        checker.choose(&strategy, &CRD_011, &["None", "Webhook"]);
    }
    if strategy.text() == "Webhook" {
        if config.is_set() {
            client(&config, checker);
        } else {
            checker.require(&config, &CRD_011, "what reaches the webhook");
        }
        review_versions(&versions, checker);
    } else {
        checker.forbid(&config, &CRD_011, "where no webhook converts");
        if !versions.is_empty() {
            checker.forbid(&versions, &CRD_011, "where no webhook converts");
        }
    }
}
