//! Words that several tables share.

use crate::words;

words! {
    /// The kind of workload.
    pub enum WorkloadKind("a kind of workload") {
        /// Interchangeable Pods.
        Deployment = "Deployment",
        /// Pods with names and disks of their own.
        StatefulSet = "StatefulSet",
        /// One Pod on every node.
        DaemonSet = "DaemonSet",
    }
}

words! {
    /// When the kubelet pulls an image.
    pub enum PullPolicy("a pull policy") {
        /// Where the node does not have it.
        IfNotPresent = "IfNotPresent",
        /// At each start.
        Always = "Always",
        /// Never: it was loaded onto the node.
        Never = "Never",
    }
}

words! {
    /// How much a Pod gives up, after the Pod Security Standards.
    pub enum Level("a security level") {
        /// Seccomp and no privilege escalation; no ordinary image minds.
        Baseline = "baseline",
        /// Non-root and no capabilities as well; wants a numeric `user`.
        Restricted = "restricted",
        /// Nothing is set.
        Privileged = "privileged",
    }
}

words! {
    /// Where a secret's values come from.
    pub enum Source("a source of secrets") {
        /// It exists in the cluster.
        Existing = "existing",
        /// Values from the environment of `render`.
        Env = "env",
        /// Values from files beside the stack.
        File = "file",
        /// An ExternalSecret.
        External = "external",
        /// Fixed text that shows what it is; local clusters only.
        Dev = "dev",
    }
}

words! {
    /// A set of variables that an edge gives.
    pub enum BindingWord("a binding") {
        /// The usual one of the target; what `uses = ["db"]` means.
        Default = "default",
        /// PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE.
        Libpq = "libpq",
        /// One URL: DATABASE_URL, REDIS_URL, MONGODB_URL or NAME_URL.
        Url = "url",
        /// A JDBC URL with user and password beside it.
        Jdbc = "jdbc",
    }
}

words! {
    /// How a client of a database uses TLS, in the words of libpq.
    /// <https://www.postgresql.org/docs/current/libpq-ssl.html>
    pub enum Sslmode("a TLS mode of libpq") {
        /// Never.
        Disable = "disable",
        /// Where the server insists.
        Allow = "allow",
        /// Where the server can.
        Prefer = "prefer",
        /// Always; the certificate is not looked at.
        Require = "require",
        /// Always, with a certificate of a known authority.
        VerifyCa = "verify-ca",
        /// Always, with a certificate of a known authority for this host.
        VerifyFull = "verify-full",
    }
}
