//! Where a component's credentials are kept.

use crate::shape::Written;
use crate::table;
use crate::value::ConfigKey;

table! {
    /// The keys of a Secret that hold a connection's parts.
    pub struct CredentialKeys("credential keys") {
        /// The key that holds the user.
        user: Option<Written<ConfigKey>>,
        /// The key that holds the password.
        password: Option<Written<ConfigKey>>,
        /// The key that holds the database's name.
        database: Option<Written<ConfigKey>>,
        /// The key that holds the whole URL.
        url: Option<Written<ConfigKey>>,
    }
}
