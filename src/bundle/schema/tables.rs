//! The tables of `kubernetes.txt`, read by the compiler, so that nothing is done at the start: places in the text, and numbers.

use super::{FieldRow, Item, ServedKind, TypeId, Value};
use crate::value::KubernetesVersion;

/// The text that all names are places in. How its lines read stands at its head.
pub(super) static TEXT: &str = include_str!("kubernetes.txt");

/// Everything that the text says.
pub(super) struct Tables {
    /// By kind, group and version.
    pub kinds: [KindRow; COUNTS.kinds],
    /// By name.
    pub types: [TypeRow; COUNTS.types],
    /// By type and name; of several rows with one name, the oldest first.
    pub fields: [FieldRow; COUNTS.fields],
    /// Fields by hash: 1 + the index of the first row of that name, or 0 where nothing stands.
    pub slots: [u16; 8192],
}

/// A part of [`TEXT`] in four bytes: where it begins, shifted by a byte, and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Name(u32);

/// Minor versions, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Interval {
    pub first: u8,
    pub last: u8,
}

/// A kind in one version of its API.
#[derive(Debug, Clone, Copy)]
pub(super) struct KindRow {
    pub kind: Name,
    pub api_version: Name,
    pub type_id: TypeId,
    pub interval: Interval,
}

/// A type: its name, and where its fields are.
#[derive(Debug, Clone, Copy)]
pub(super) struct TypeRow {
    pub name: Name,
    pub start: u16,
    pub end: u16,
    /// How many of its fields are demanded.
    pub demanded: u8,
}

impl Name {
    /// The text of the name.
    pub fn text(self) -> &'static str {
        let (start, end) = self.span();
        &TEXT[start..end]
    }

    /// Where it begins and ends.
    pub const fn span(self) -> (usize, usize) {
        let start = (self.0 >> 8) as usize;
        (start, start + (self.0 & 0xff) as usize)
    }

    const fn of((start, end): (usize, usize)) -> Self {
        assert!(end - start < 1 << 8 && start < 1 << 24, "a name is too long, or the text");
        Self(((start as u32) << 8) | (end - start) as u32)
    }
}

impl Interval {
    const ALL: Self = Self { first: KubernetesVersion::OLDEST.minor, last: KubernetesVersion::NEWEST.minor };
    const NONE: Self = Self { first: u8::MAX, last: 0 };

    /// Whether it holds this minor version.
    pub const fn contains(self, minor: u8) -> bool {
        self.first <= minor && minor <= self.last
    }
}

/// The tables.
#[allow(long_running_const_eval, reason = "five thousand lines are read")]
pub(super) static TABLES: Tables = read();

struct Counts {
    kinds: usize,
    types: usize,
    fields: usize,
}

#[allow(long_running_const_eval, reason = "five thousand lines are counted")]
const COUNTS: Counts = count();

const LINES: &[u8] = TEXT.as_bytes();

const fn count() -> Counts {
    let mut counts = Counts { kinds: 0, types: 0, fields: 0 };
    let mut line = first_line();
    while line < LINES.len() {
        match LINES[line] {
            b'\n' => {}
            b'[' => counts.types += 1,
            _ if counts.types == 0 => counts.kinds += 1,
            _ => counts.fields += 1,
        }
        line = next_line(line);
    }
    counts
}

const fn read() -> Tables {
    let row =
        KindRow { kind: Name::of((0, 0)), api_version: Name::of((0, 0)), type_id: TypeId(0), interval: Interval::ALL };
    let (name, interval, value) = (row.kind, row.interval, Value::One(Item::Any));
    let field = FieldRow { name, interval, required: interval, is_demanded: false, value };
    let types = read_types();
    let mut tables = Tables { kinds: [row; _], types, fields: [field; _], slots: [0; _] };
    let (mut line, mut kinds, mut types, mut fields) = (first_line(), 0, 0, 0);
    while line < LINES.len() {
        match LINES[line] {
            b'\n' => {}
            b'[' => types += 1,
            _ if types == 0 => {
                tables.kinds[kinds] = kind_row(line, &tables.types);
                kinds += 1;
            }
            _ => {
                tables.fields[fields] = field_row(line, &tables.types);
                if tables.fields[fields].is_demanded {
                    tables.types[types - 1].demanded += 1;
                }
                insert(&mut tables, types - 1, fields);
                fields += 1;
            }
        }
        line = next_line(line);
    }
    tables
}

const fn read_types() -> [TypeRow; COUNTS.types] {
    let mut rows = [TypeRow { name: Name::of((0, 0)), start: 0, end: 0, demanded: 0 }; _];
    let (mut line, mut types, mut fields) = (first_line(), 0, 0);
    while line < LINES.len() {
        match LINES[line] {
            b'\n' => {}
            b'[' => {
                let name = Name::of((line + 1, next_line(line) - 2));
                rows[types] = TypeRow { name, start: fields, end: fields, demanded: 0 };
                types += 1;
            }
            _ if types == 0 => {}
            _ => {
                fields += 1;
                rows[types - 1].end = fields;
            }
        }
        line = next_line(line);
    }
    rows
}

const fn kind_row(line: usize, types: &[TypeRow]) -> KindRow {
    let kind = word(line);
    let api_version = word(kind.1 + 1);
    let type_name = word(api_version.1 + 1);
    let interval = if ends_line(type_name) { Interval::ALL } else { interval(word(type_name.1 + 1)) };
    KindRow { kind: Name::of(kind), api_version: Name::of(api_version), type_id: find_type(type_name, types), interval }
}

const fn field_row(line: usize, types: &[TypeRow]) -> FieldRow {
    let name = word(line);
    let mut at = word(name.1 + 1);
    let value = value(at, types);
    let (mut own, mut required, mut is_demanded) = (Interval::ALL, Interval::NONE, false);
    while !ends_line(at) {
        at = word(at.1 + 1);
        match LINES[at.0] {
            b'!' if at.1 == at.0 + 1 => required = own,
            b'!' => required = interval((at.0 + 1, at.1)),
            b'*' => is_demanded = true,
            b'-' | b'0'..=b'9' => own = interval(at),
            _ => {}
        }
    }
    FieldRow { name: Name::of(name), interval: own, required, is_demanded, value }
}

/// `28-33`, in which either end may be left out.
const fn interval(span: (usize, usize)) -> Interval {
    let mut ends = [0, 0];
    let (mut at, mut end) = (span.0, 0);
    while at < span.1 {
        match LINES[at] {
            b'-' => end += 1,
            digit => ends[end] = ends[end] * 10 + (digit - b'0'),
        }
        at += 1;
    }
    Interval {
        first: if ends[0] == 0 { Interval::ALL.first } else { ends[0] },
        last: if ends[1] == 0 { Interval::ALL.last } else { ends[1] },
    }
}

const fn value((start, end): (usize, usize), types: &[TypeRow]) -> Value {
    match (LINES[start], LINES[start + 1]) {
        (b'{', b'[') => Value::MapOfLists(item((start + 2, end - 2), types)),
        (b'{', _) => Value::Map(item((start + 1, end - 1), types)),
        (b'[', _) => Value::List(item((start + 1, end - 1), types)),
        _ => Value::One(item((start, end), types)),
    }
}

const fn item(span: (usize, usize), types: &[TypeRow]) -> Item {
    match slice(span) {
        b"text" => Item::Text,
        b"bytes" => Item::Bytes,
        b"int32" => Item::Int32,
        b"int64" => Item::Int64,
        b"number" => Item::Number,
        b"boolean" => Item::Boolean,
        b"quantity" => Item::Quantity,
        b"int-or-text" => Item::IntOrText,
        b"time" => Item::Time,
        b"micro-time" => Item::MicroTime,
        b"any" => Item::Any,
        _ => object(span, types),
    }
}

/// A type, alone or with what may stand for an object of it.
const fn object((start, end): (usize, usize), types: &[TypeRow]) -> Item {
    let mut bar = start;
    while bar < end && LINES[bar] != b'|' {
        bar += 1;
    }
    let id = find_type((start, bar), types);
    if bar == end {
        return Item::Object(id);
    }
    match slice((bar + 1, end)) {
        b"boolean" => Item::ObjectOrBoolean(id),
        b"list" => Item::ObjectOrList(id),
        b"texts" => Item::ObjectOrTexts(id),
        _ => panic!("nothing is known that may stand for an object by this name"),
    }
}

const fn find_type(span: (usize, usize), types: &[TypeRow]) -> TypeId {
    let (mut low, mut high) = (0, types.len());
    while low < high {
        let middle = low.midpoint(high);
        match compare(span, types[middle].name.span()) {
            0 => return TypeId(middle as u16),
            -1 => high = middle,
            _ => low = middle + 1,
        }
    }
    panic!("a type is named that is not there")
}

/// -1, 0 or 1.
const fn compare(left: (usize, usize), right: (usize, usize)) -> i8 {
    let mut at = 0;
    loop {
        match (left.0 + at < left.1, right.0 + at < right.1) {
            (false, false) => return 0,
            (false, true) => return -1,
            (true, false) => return 1,
            _ if LINES[left.0 + at] < LINES[right.0 + at] => return -1,
            _ if LINES[left.0 + at] > LINES[right.0 + at] => return 1,
            _ => at += 1,
        }
    }
}

const fn insert(tables: &mut Tables, type_index: usize, field: usize) {
    let span = tables.fields[field].name.span();
    if field > tables.types[type_index].start as usize {
        let before = tables.fields[field - 1].name.span();
        if compare(span, before) == 0 {
            return;
        }
    }
    let mut slot = slot(type_index as u16, slice(span));
    while tables.slots[slot] != 0 {
        slot = (slot + 1) % tables.slots.len();
    }
    tables.slots[slot] = field as u16 + 1;
}

/// Where the search for a field of a type begins: from the length of the name, its first, middle and last byte.
pub(super) const fn slot(type_index: u16, name: &[u8]) -> usize {
    if name.is_empty() {
        return 0;
    }
    let (first, middle, last) = (name[0] as usize, name[name.len() / 2] as usize, name[name.len() - 1] as usize);
    (type_index as usize * 163 + first * 7 + middle * 131 + last * 1021 + name.len() * 409) % 8192
}

/// The word that begins here.
const fn word(start: usize) -> (usize, usize) {
    let mut end = start;
    while LINES[end] != b' ' && LINES[end] != b'\n' {
        end += 1;
    }
    (start, end)
}

const fn ends_line(word: (usize, usize)) -> bool {
    LINES[word.1] == b'\n'
}

const fn slice(span: (usize, usize)) -> &'static [u8] {
    LINES.split_at(span.1).0.split_at(span.0).1
}

/// Where the first kind stands.
const fn first_line() -> usize {
    let mut line = 0;
    while LINES[line] != b'[' {
        line = next_line(line);
    }
    next_line(line)
}

const fn next_line(line: usize) -> usize {
    let mut end = line;
    while LINES[end] != b'\n' {
        end += 1;
    }
    end + 1
}

impl ServedKind {
    /// What the table says of it.
    pub(super) fn row(self) -> &'static KindRow {
        &TABLES.kinds[usize::from(self.0)]
    }
}

impl TypeId {
    /// What the table says of it.
    pub(super) fn row(self) -> &'static TypeRow {
        &TABLES.types[usize::from(self.0)]
    }
}
