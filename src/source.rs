//! The texts the tool reads, and positions in them: a file id and a byte range, never a borrowed text.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use memchr::{memchr, memchr_iter};

/// Names one file of a [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of octets in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first octet.
    pub start: u32,
    /// The octet behind the last one.
    pub end: u32,
}

impl Span {
    /// The span of `range`, clipped to what 32 bits can name.
    pub fn new(file: FileId, range: std::ops::Range<usize>) -> Self {
        let clip = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Self { file, start: clip(range.start), end: clip(range.end.max(range.start)) }
    }

    /// The octets as a range for slicing.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// A value and where it was written. Two are equal when their values are.
#[derive(Debug, Clone, Copy)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Spanned<T> {
    /// `value`, written at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: PartialEq> PartialEq for Spanned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Spanned<T> {}

impl<T: fmt::Display> fmt::Display for Spanned<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}

/// A place as people and other tools name it. Lines and columns count from 1, columns in Unicode characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file's path, with `/`.
    pub path: String,
    /// The first line.
    pub line: usize,
    /// The first column.
    pub column: usize,
    /// The line of the place behind the last character.
    pub end_line: usize,
    /// The column of the place behind the last character.
    pub end_column: usize,
}

/// One text and the path it is shown under.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: String,
    config: bool,
    line_starts: OnceLock<Vec<u32>>,
    /// How many characters begin before each stride; nothing where all are ASCII.
    characters: OnceLock<Vec<usize>>,
}

/// Octets between two places whose characters are counted once: a design may be one line of megabytes.
const STRIDE: usize = 4096;

/// How many characters begin in `octets`.
fn beginnings(octets: &[u8]) -> usize {
    octets.iter().filter(|octet| **octet & 0b1100_0000 != 0b1000_0000).count()
}

impl SourceFile {
    /// The path as it is shown: relative where it can be, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a switch config. It may hold secrets: only the lines that a finding names are ever shown.
    pub fn is_config(&self) -> bool {
        self.config
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let octets = self.text.as_bytes();
            // Carriage returns end lines where nothing else does: old consoles wrote them.
            let end = if memchr(b'\n', octets).is_some() { b'\n' } else { b'\r' };
            std::iter::once(0).chain(memchr_iter(end, octets).map(|at| at as u32 + 1)).collect()
        })
    }

    /// The line that holds octet `at`, counted from 0.
    pub fn line_index(&self, at: usize) -> usize {
        self.line_starts().partition_point(|start| *start as usize <= at).saturating_sub(1)
    }

    /// The octets of line `index` (from 0), without its line end; empty when there is no such line.
    pub fn line_range(&self, index: usize) -> std::ops::Range<usize> {
        let starts = self.line_starts();
        let Some(start) = starts.get(index).map(|start| *start as usize) else {
            return self.text.len()..self.text.len();
        };
        let end = starts.get(index + 1).map_or(self.text.len(), |next| *next as usize);
        let line = self.text[start..end].trim_end_matches(['\n', '\r']);
        start..start + line.len()
    }

    fn line_and_column(&self, at: usize) -> (usize, usize) {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let index = self.line_index(at);
        let start = self.line_range(index).start;
        (index + 1, self.characters_before(at) - self.characters_before(start) + 1)
    }

    fn characters_before(&self, at: usize) -> usize {
        let octets = self.text.as_bytes();
        let counted = self.characters.get_or_init(|| {
            if octets.is_ascii() {
                return Vec::new();
            }
            let sums = octets.chunks(STRIDE).scan(0, |sum, chunk| {
                *sum += beginnings(chunk);
                Some(*sum)
            });
            std::iter::once(0).chain(sums).collect()
        });
        if counted.is_empty() {
            return at;
        }
        counted[at / STRIDE] + beginnings(&octets[at / STRIDE * STRIDE..at])
    }
}

/// Every text the tool has read in this run.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// An empty collection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a text in, under the path it is to be shown with.
    pub fn add(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.insert(path.into(), text.into(), false)
    }

    /// Takes a switch config in. Of its lines only those that a finding names are ever shown.
    pub fn add_config(&mut self, path: impl Into<String>, text: impl Into<String>) -> FileId {
        self.insert(path.into(), text.into(), true)
    }

    fn insert(&mut self, path: String, text: String, config: bool) -> FileId {
        let id = FileId(u32::try_from(self.files.len()).unwrap_or(u32::MAX));
        self.files.push(SourceFile {
            path,
            text,
            config,
            line_starts: OnceLock::new(),
            characters: OnceLock::new(),
        });
        id
    }

    /// The file behind `id`.
    ///
    /// # Panics
    /// When `id` comes from another collection: a mistake in this program.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// Every file, in the order they came.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The text under `span`.
    pub fn slice(&self, span: Span) -> &str {
        self.file(span.file).text.get(span.range()).unwrap_or_default()
    }

    /// Where `span` lies, in lines and columns.
    pub fn locate(&self, span: Span) -> Location {
        let file = self.file(span.file);
        let (line, column) = file.line_and_column(span.start as usize);
        let (end_line, end_column) = file.line_and_column(span.end as usize);
        Location { path: file.path.clone(), line, column, end_line, end_column }
    }
}

/// Why octets are no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Neither UTF-8 nor UTF-16.
    #[error(
        "no UTF-8 text: the octet 0x{octet:02x} in line {line}, column {column} (`{shown}`); save the file as UTF-8"
    )]
    NotUtf8 {
        /// The first octet that does not fit.
        octet: u8,
        /// Its line, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
        /// The line up to there, and the octet.
        shown: String,
    },
    /// Starts with a UTF-16 byte order mark and is not UTF-16.
    #[error(
        "no text: it starts like UTF-16, and then a surrogate or an octet is missing; save the file as UTF-8"
    )]
    NotUtf16,
}

/// The order of the two octets of a UTF-16 unit.
#[derive(Clone, Copy)]
enum Order {
    LeastFirst,
    MostFirst,
}

/// The text of UTF-16 octets.
fn wide(octets: &[u8], order: Order) -> Option<String> {
    let (pairs, rest) = octets.as_chunks::<2>();
    let unit = |pair: &[u8; 2]| match order {
        Order::LeastFirst => u16::from_le_bytes(*pair),
        Order::MostFirst => u16::from_be_bytes(*pair),
    };
    let text = char::decode_utf16(pairs.iter().map(unit)).collect::<Result<String, _>>().ok()?;
    rest.is_empty().then_some(text)
}

/// The order that a UTF-16 byte order mark tells, and the octets behind the mark.
fn marked(octets: &[u8]) -> Option<(Order, &[u8])> {
    match octets {
        [0xff, 0xfe, rest @ ..] => Some((Order::LeastFirst, rest)),
        [0xfe, 0xff, rest @ ..] => Some((Order::MostFirst, rest)),
        _ => None,
    }
}

fn without_mark(mut text: String) -> String {
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    text
}

/// Octets as text: UTF-8, with or without a byte order mark, or UTF-16 (what PowerShell's redirection writes), which is
/// told by its byte order mark, or by the zero octet beside its first character, as YAML has it.
///
/// # Errors
/// [`DecodeError`] with the place of the first octet that fits neither.
pub fn decode_utf(octets: Vec<u8>) -> Result<String, DecodeError> {
    let is_wide = match octets.as_slice() {
        [first, 0, ..] if *first != 0 => Some((Order::LeastFirst, &octets[..])),
        [0, first, ..] if *first != 0 => Some((Order::MostFirst, &octets[..])),
        _ => marked(&octets),
    };
    if let Some((order, rest)) = is_wide {
        return wide(rest, order).ok_or(DecodeError::NotUtf16);
    }
    let text = String::from_utf8(octets).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let octets = error.as_bytes();
        let before = String::from_utf8_lossy(&octets[..at]);
        let line = before.matches('\n').count() + 1;
        let own = before.rsplit('\n').next().unwrap_or_default();
        let column = own.chars().count() + 1;
        let tail: String = own.chars().skip((column - 1).saturating_sub(40)).collect();
        let shown = format!("{}\\x{:02x}", tail.trim_start().escape_debug(), octets[at]);
        DecodeError::NotUtf8 { octet: octets[at], line, column, shown }
    })?;
    Ok(without_mark(text))
}

/// Octets that tell whether a config without a byte order mark is UTF-16.
const SAMPLE: usize = 512;

/// The order of UTF-16 without a mark: nearly every second octet of a config is zero then. A log may hold zeros as well,
/// and stays what it is.
fn unmarked(octets: &[u8]) -> Option<Order> {
    let (pairs, _) = octets[..octets.len().min(SAMPLE)].as_chunks::<2>();
    let zeros = |index: usize| pairs.iter().filter(|pair| pair[index] == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    let (most, least) = (first.max(second), first.min(second));
    (pairs.len() >= 4 && most * 4 >= pairs.len() * 3 && least * 8 <= pairs.len())
        .then_some(if second > first { Order::LeastFirst } else { Order::MostFirst })
}

/// Whether `octets` are UTF-16, with or without a byte order mark.
pub fn is_wide(octets: &[u8]) -> bool {
    marked(octets).is_some() || unmarked(octets).is_some()
}

/// Octets of a switch config as text: UTF-8, which is not copied, or UTF-16, with or without a byte order mark. What is
/// neither is read as Latin-1, the way old consoles wrote it. The flag says that this was done.
pub fn decode_config(octets: Vec<u8>) -> (String, bool) {
    let is_wide = marked(&octets).or_else(|| unmarked(&octets).map(|order| (order, octets.as_slice())));
    if let Some(text) = is_wide.and_then(|(order, rest)| wide(rest, order)) {
        return (without_mark(text), false);
    }
    match String::from_utf8(octets) {
        Ok(text) => (without_mark(text), false),
        Err(error) => {
            let octets = error.as_bytes();
            let own = marked(octets).map(|(_, rest)| rest);
            let own = own.or(octets.strip_prefix(b"\xef\xbb\xbf")).unwrap_or(octets);
            (own.iter().map(|octet| char::from(*octet)).collect(), true)
        }
    }
}

/// The largest design, and the largest file we write over, in octets.
pub const MAX_FILE: u64 = 64 * 1024 * 1024;

/// The largest switch config, in octets. A config has some megabytes at the most; a log of a console may have more.
pub const MAX_CONFIG: u64 = 256 * 1024 * 1024;

fn too_large(limit: u64) -> std::io::Error {
    let reason = format!("it has more than {} MiB", limit / 1024 / 1024);
    std::io::Error::new(std::io::ErrorKind::FileTooLarge, reason)
}

/// The octets of a file or a pipe, when there are no more than [`MAX_FILE`] of them.
///
/// # Errors
/// What the system says, or that there are more.
pub fn read_limited(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    read_up_to(path, MAX_FILE)
}

fn read_up_to(path: &std::path::Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    let announced = file.metadata()?.len();
    if announced > limit {
        return Err(too_large(limit));
    }
    take_up_to(file, announced, limit)
}

/// As [`read_limited`], and nothing but a file: a device gives octets without end, a pipe may never give one.
///
/// # Errors
/// As [`read_limited`], or that it is no file.
pub fn read_plain(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    read_plain_up_to(path, MAX_FILE)
}

/// As [`read_plain`], of up to [`MAX_CONFIG`] octets.
///
/// # Errors
/// As [`read_plain`].
pub fn read_config(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    read_plain_up_to(path, MAX_CONFIG)
}

fn read_plain_up_to(path: &std::path::Path, limit: u64) -> std::io::Result<Vec<u8>> {
    plain(&std::fs::metadata(path)?)?;
    read_up_to(path, limit)
}

/// Whether this is a file: to open a pipe may take for ever.
///
/// # Errors
/// That it is a directory, or something else that is no file.
pub fn plain(metadata: &std::fs::Metadata) -> std::io::Result<()> {
    match (metadata.is_file(), metadata.is_dir()) {
        (true, _) => Ok(()),
        (_, true) => Err(std::io::ErrorKind::IsADirectory.into()),
        _ => Err(std::io::Error::other("it is no plain file")),
    }
}

/// The octets of a stream, when there are no more than [`MAX_FILE`] of them.
///
/// # Errors
/// What the system says, or that there are more.
pub fn read_stream(stream: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    take_up_to(stream, 0, MAX_FILE)
}

/// The octets of a stream that announces a number of them.
fn take_up_to(mut stream: impl std::io::Read, announced: u64, limit: u64) -> std::io::Result<Vec<u8>> {
    use std::io::Read;
    // All that is announced is asked for at once: a stream that is read to its end is asked for little by little.
    let mut octets = vec![0; usize::try_from(announced.min(limit)).unwrap_or(0)];
    let mut filled = 0;
    while filled < octets.len() {
        match stream.read(&mut octets[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    octets.truncate(filled);
    // A device or a growing file announces fewer octets than it gives.
    stream.take(limit + 1 - filled as u64).read_to_end(&mut octets)?;
    match octets.len() as u64 > limit {
        true => Err(too_large(limit)),
        false => Ok(octets),
    }
}

/// Why the system would not do something, in the same words on every system.
pub fn system_reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or directory".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "it is a directory".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is a file and no directory".to_owned(),
        ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        ErrorKind::StorageFull => "no space is left".to_owned(),
        _ => error.to_string(),
    }
}

/// A path as output shows it: relative to `base` where it lies below, with `/` on every system, and harmless.
pub fn shown_path(path: &std::path::Path, base: &std::path::Path) -> String {
    let shown = path.strip_prefix(base).unwrap_or(path);
    let shown = shown.strip_prefix(".").unwrap_or(shown);
    let shown = if shown.as_os_str().is_empty() { std::path::Path::new(".") } else { shown };
    let text = shown.to_string_lossy();
    let text = if cfg!(windows) { text.replace('\\', "/") } else { text.into_owned() };
    match crate::harmless::path(&text) {
        std::borrow::Cow::Borrowed(_) => text,
        std::borrow::Cow::Owned(shown) => shown,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let mut sources = Sources::new();
        let text = "a: 1\nüß: xyz\r\nlast";
        let id = sources.add("d.yaml", text);
        let at = text.find("xyz").unwrap();
        let place = sources.locate(Span::new(id, at..at + 3));
        assert_eq!((place.line, place.column, place.end_line, place.end_column), (2, 5, 2, 8));
        assert_eq!(sources.slice(Span::new(id, at..at + 3)), "xyz");
        let file = sources.file(id);
        assert_eq!(&text[file.line_range(1)], "üß: xyz");
        assert_eq!(&text[file.line_range(2)], "last");
        assert_eq!(file.line_range(9), text.len()..text.len());
    }

    #[test]
    fn columns_are_right_far_into_a_long_line() {
        let mut sources = Sources::new();
        let id = sources.add("d.yaml", format!("a\n{}x", "ü€".repeat(STRIDE)));
        let end = sources.file(id).text().len();
        let place = sources.locate(Span::new(id, end - 1..end));
        assert_eq!((place.line, place.column, place.end_column), (2, 2 * STRIDE + 1, 2 * STRIDE + 2));
    }

    #[test]
    fn octets_are_read_as_the_encoding_they_are_in() {
        assert_eq!(decode_utf(b"\xef\xbb\xbfa: 1".to_vec()).unwrap(), "a: 1");
        assert_eq!(decode_utf(b"\xff\xfea\0:\0".to_vec()).unwrap(), "a:");
        assert_eq!(decode_utf(b"\xfe\xff\0a\0:".to_vec()).unwrap(), "a:");
        assert_eq!(decode_utf(b"a\0:\0".to_vec()).unwrap(), "a:");
        assert_eq!(decode_utf(b"\0a\0:".to_vec()).unwrap(), "a:");
        assert_eq!(decode_utf(b"\0\0a".to_vec()).unwrap(), "\0\0a");
        assert_eq!(decode_utf(b"\xff\xfea".to_vec()), Err(DecodeError::NotUtf16));
        let error = decode_utf(b"name: x\nvrf: \xe4".to_vec()).unwrap_err();
        let shown = "vrf: \\xe4".to_owned();
        assert_eq!(error, DecodeError::NotUtf8 { octet: 0xe4, line: 2, column: 6, shown });
    }

    #[test]
    fn configs_are_read_whatever_they_are_written_in() {
        let wide = |text: &str, unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            text.encode_utf16().flat_map(unit).collect()
        };
        let config = "hostname s\u{e4}1\r\narp 10.0.0.1 03bf.0a00.0001 ARPA\r\n";
        let latin: Vec<u8> = config.chars().map(|character| character as u8).collect();
        for (octets, is_latin) in [
            (config.as_bytes().to_vec(), false),
            ([b"\xef\xbb\xbf", config.as_bytes()].concat(), false),
            (latin.clone(), true),
            ([b"\xef\xbb\xbf", &latin[..]].concat(), true),
            ([b"\xff\xfe", &wide(config, u16::to_le_bytes)[..]].concat(), false),
            ([b"\xfe\xff", &wide(config, u16::to_be_bytes)[..]].concat(), false),
            (wide(config, u16::to_le_bytes), false),
            (wide(config, u16::to_be_bytes), false),
        ] {
            assert_eq!(decode_config(octets.clone()), (config.to_owned(), is_latin), "{octets:x?}");
        }
        for (octets, text, is_latin) in [
            // Zeros that a console put in make no UTF-16 of it.
            (&b"a\0rp\0 10.0.0.1 x\0\0\0\n"[..], "a\0rp\0 10.0.0.1 x\0\0\0\n", false),
            (b"\0arp 10.0.0.1\n", "\0arp 10.0.0.1\n", false),
            (b"\0\0\0\0\0\0\0\0\0\0\0\0", "\0\0\0\0\0\0\0\0\0\0\0\0", false),
            // Marked as UTF-16 and cut off, or none of it: each octet is kept.
            (b"\xff\xfea\0r", "a\0r", true),
            (b"\xff\xfe\x00\xd8a\0", "\0\u{d8}a\0", true),
            (b"", "", false),
        ] {
            assert_eq!(decode_config(octets.to_vec()), (text.to_owned(), is_latin), "{octets:x?}");
        }
    }

    #[test]
    fn a_config_in_utf8_is_not_copied() {
        let octets = b"hostname sw1\n".to_vec();
        let place = octets.as_ptr();
        assert_eq!(decode_config(octets).0.as_ptr(), place);
    }

    #[test]
    fn carriage_returns_count_lines_where_nothing_else_does() {
        let mut sources = Sources::new();
        for (text, line) in [("a\rb\rx", 3), ("a\r\nb\r\nx", 3), ("a\rb\nx", 2)] {
            let id = sources.add_config("sw1.cfg", text);
            let end = text.len();
            let place = sources.locate(Span::new(id, end - 1..end));
            assert_eq!((place.line, place.column), (line, 1), "{text:?}");
            assert_eq!(&text[sources.file(id).line_range(line - 1)], "x");
        }
    }

    #[test]
    fn too_much_is_refused_with_the_limit() {
        let error = take_up_to(&b"abcd"[..], 0, 3).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
        assert_eq!(take_up_to(&b"abc"[..], 3, 3).unwrap(), b"abc");
        assert_eq!(system_reason(&too_large(MAX_CONFIG)), "it has more than 256 MiB");
        assert_eq!(system_reason(&too_large(MAX_FILE)), "it has more than 64 MiB");
    }
}
