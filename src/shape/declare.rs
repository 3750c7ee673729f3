//! The macro by which a table of the language is declared: its struct, its keys, its decoding.

/// The key of a field: its name with `-` for `_`, unless it is given.
#[macro_export]
macro_rules! key_name {
    ($field:ident) => {{
        const LENGTH: usize = stringify!($field).len();
        const BYTES: [u8; LENGTH] = $crate::shape::declare::dashed(stringify!($field).as_bytes());
        const NAME: &str = match std::str::from_utf8(&BYTES) {
            Ok(name) => name,
            Err(_) => panic!("a Rust name with ASCII letters"),
        };
        NAME
    }};
    ($field:ident $key:literal) => {
        $key
    };
}

/// `_` becomes `-`.
pub const fn dashed<const LENGTH: usize>(name: &[u8]) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    let mut at = 0;
    while at < LENGTH {
        bytes[at] = if name[at] == b'_' { b'-' } else { name[at] };
        at += 1;
    }
    bytes
}

/// Declares a table of the language.
///
/// ```text
/// table! {
///     /// What the table describes, for `explain`.
///     pub struct Probe("probe") {
///         /// What the key does, for `explain`.
///         http: Option<Written<HttpPath>>,
///         /// A key whose name is no Rust name.
///         kind("type"): Option<Written<String>>,
///     }
///     includes { workload: Workload }          // tables whose keys stand in this one too
///     others {                                 // keys that the user chooses, beside those above
///         /// What such a key does, for `explain`.
///         devices("DOMAIN/NAME"): Keyed<ResourceName, Written<Quantity>>,
///     }
///     form { exclusive: &[&["http", "tcp"]] }  // fields of `TableForm` other than the defaults
///     validate some_function;                  // reports what is wrong between the keys of a finished table
/// }
/// ```
#[macro_export]
macro_rules! table {
    (
        $(#[doc = $doc:literal])*
        pub struct $name:ident($noun:literal) {
            $($(#[doc = $key_doc:literal])* $field:ident $(($key:literal))? : $type:ty),* $(,)?
        }
        $(includes { $($included:ident : $included_type:ty),* $(,)? })?
        $(others { $(#[doc = $others_doc:literal])* $others:ident ($others_name:literal) : $others_type:ty $(,)? })?
        $(form { $($form_field:ident : $form_value:expr),* $(,)? })?
        $(validate $validate:path;)?
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            $($(#[doc = $key_doc])* pub $field: $type,)*
            $($(
                #[doc = "Keys that several tables share."]
                pub $included: $included_type,
            )*)?
            $($(#[doc = $others_doc])* pub $others: $others_type,)?
            /// Where the table was written.
            pub origin: $crate::document::OriginId,
        }

        impl $name {
            /// The declaration.
            pub const FORM: &'static $crate::shape::TableForm = &$crate::shape::TableForm {
                $(others: Some(&$crate::shape::OtherKeys {
                    names: <$others_type>::NAMES,
                    key: $crate::shape::KeyForm {
                        name: $others_name,
                        doc: concat!($($others_doc, "\n"),*),
                        kind: <$others_type>::VALUE,
                        presence: $crate::shape::kind::Presence::Optional,
                    },
                }),)?
                $($($form_field: $form_value,)*)?
                ..$crate::shape::TableForm {
                    name: $noun,
                    doc: concat!($($doc, "\n"),*),
                    keys: &[$($crate::shape::KeyForm {
                        name: $crate::key_name!($field $($key)?),
                        doc: concat!($($key_doc, "\n"),*),
                        kind: <$type as $crate::shape::Member>::KIND,
                        presence: <$type as $crate::shape::Member>::PRESENCE,
                    }),*],
                    includes: &[$($(<$included_type>::FORM),*)?],
                    others: None,
                    exclusive: &[],
                    superseding: &[],
                    short: None,
                    rewrite: None,
                    moved: &[],
                    merge: $crate::shape::Merge::ByKey,
                    inherits: None,
                }
            };

            /// Decodes the keys of a table, which stand at `origin`.
            pub fn decode_keys(
                table: &$crate::document::Table,
                origin: $crate::document::OriginId,
                decoder: &mut $crate::shape::Decoder,
            ) -> Self {
                let outer = decoder.enter(table);
                $(let $field = <$type as $crate::shape::Member>::member(
                    table.get($crate::key_name!($field $($key)?)),
                    $crate::key_name!($field $($key)?),
                    origin,
                    decoder,
                );)*
                $($(let $included = <$included_type>::decode_keys(table, origin, decoder);)*)?
                $(let $others = <$others_type>::others(table, Self::FORM, decoder);)?
                decoder.leave(outer);
                let decoded = Self { $($field,)* $($($included,)*)? $($others,)? origin };
                $(
                    decoder.weigh(table);
                    $validate(&decoded, decoder);
                )?
                decoded
            }
        }

        impl $crate::shape::Shape for $name {
            const KIND: &'static $crate::shape::Kind = &$crate::shape::Kind::Table(Self::FORM);

            fn decode(node: &$crate::document::Node, decoder: &mut $crate::shape::Decoder) -> Option<Self> {
                Some(Self::decode_keys(node.as_table()?, node.origin, decoder))
            }
        }
    };
}
