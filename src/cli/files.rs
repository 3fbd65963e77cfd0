//! Writing files: all of them or none, each whole or not at all, and never over what somebody else wrote.

use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::{Console, shown};
use crate::source::{plain, system_reason};

/// What may be written over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overwrite {
    /// Nothing.
    Never,
    /// Files that begin as the tool's own do.
    Own,
    /// Anything.
    Always,
}

/// What the first two lines of everything we write hold.
const OWN_MARK: &str = "nlbswitch";

/// Writes `files`, in two steps: everything beside its place first, then each into its place.
pub(super) fn write_all(files: &[(PathBuf, String)], overwrite: Overwrite) -> anyhow::Result<usize> {
    let mut ready = Vec::new();
    for (path, text) in files {
        if !is_to_be_written(path, text.len() as u64, text.as_bytes(), overwrite)? {
            continue;
        }
        let written = beside(path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.flush()?;
            Ok(file)
        });
        ready.push((path, written.map_err(|error| cannot_write(path, &error))?));
    }
    let count = ready.len();
    for (path, file) in ready {
        file.persist(path).map_err(|error| cannot_write(path, &error.error))?;
    }
    Ok(count)
}

/// Writes into `path` what `fill` gives, as it comes, for what is too long to be held in memory: the whole of it or
/// nothing.
pub(super) fn write_as_it_comes(
    path: &Path,
    overwrite: Overwrite,
    fill: impl FnOnce(&mut dyn Write) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let failed = |error: std::io::Error| cannot_write(path, &error);
    let mut file = std::io::BufWriter::with_capacity(WRITTEN_AT_ONCE, beside(path).map_err(failed)?);
    fill(&mut file)?;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    let new = file.reopen().map_err(failed)?;
    if is_to_be_written(path, new.metadata().map_err(failed)?.len(), new, overwrite)? {
        file.persist(path).map_err(|error| failed(error.error))?;
    }
    Ok(())
}

const WRITTEN_AT_ONCE: usize = 1 << 16;

/// Whether what stands at `path` is other than `new`, so many octets; an error where it may not be written over.
fn is_to_be_written(path: &Path, length: u64, new: impl Read, overwrite: Overwrite) -> anyhow::Result<bool> {
    let failed = |error: std::io::Error| cannot_write(path, &error);
    let old = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
        old => old.and_then(|old| plain(&old).map(|()| old)).map_err(failed)?,
    };
    let mut file = std::fs::File::open(path).map_err(failed)?;
    if old.len() == length && is_same(&mut file, new, length).map_err(failed)? {
        return Ok(false);
    }
    let mut beginning = Vec::new();
    file.seek(std::io::SeekFrom::Start(0)).map_err(failed)?;
    file.take(WRITTEN_AT_ONCE as u64).read_to_end(&mut beginning).map_err(failed)?;
    may_replace(path, &beginning, overwrite)?;
    Ok(true)
}

/// Whether both give the same octets, so many.
fn is_same(one: &mut impl Read, mut other: impl Read, length: u64) -> std::io::Result<bool> {
    let mut parts = [vec![0; WRITTEN_AT_ONCE], vec![0; WRITTEN_AT_ONCE]];
    let mut left = length;
    while left > 0 {
        let count = left.min(WRITTEN_AT_ONCE as u64) as usize;
        one.read_exact(&mut parts[0][..count])?;
        other.read_exact(&mut parts[1][..count])?;
        if parts[0][..count] != parts[1][..count] {
            return Ok(false);
        }
        left -= count as u64;
    }
    Ok(true)
}

/// A new file in the directory of `path`, to be moved into its place.
fn beside(path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".nlbswitch-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666)); // the umask takes its part
    }
    builder.tempfile_in(directory)
}

/// Writes `files` into `directory`, which is made where it is not there, and says how many were written.
pub(super) fn write_into(
    directory: &Path,
    files: &[(PathBuf, String)],
    overwrite: Overwrite,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    if !directory.is_dir() {
        if directory.exists() {
            bail!("cannot write into {}: it is a file and no directory", shown(directory));
        }
        std::fs::create_dir_all(directory).map_err(|error| {
            anyhow!("cannot make the directory {}: {}", shown(directory), system_reason(&error))
        })?;
    }
    let written = write_all(files, overwrite)?;
    let same = files.len() - written;
    writeln!(console.err, "{written} written, {same} unchanged in {}", shown(directory))?;
    Ok(())
}

/// A name as a file name on every system; `or` where nothing is left of it.
pub(super) fn stem(name: &str, or: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let stem: String = name.chars().map(kept).collect();
    let device = stem.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let reserved = ["con", "prn", "aux", "nul"].contains(&device.as_str())
        || (device.len() == 4 && (device.starts_with("com") || device.starts_with("lpt")));
    match stem.trim_start_matches('.') {
        "" => or.to_owned(),
        trimmed if reserved || trimmed.starts_with('-') => format!("_{trimmed}"),
        trimmed => trimmed.to_owned(),
    }
}

fn cannot_write(path: &Path, error: &std::io::Error) -> anyhow::Error {
    anyhow!("cannot write {}: {}", shown(path), system_reason(error))
}

fn may_replace(path: &Path, old: &[u8], overwrite: Overwrite) -> anyhow::Result<()> {
    let mut beginning = old.split(|octet| *octet == b'\n').take(2);
    let own = beginning.any(|line| String::from_utf8_lossy(line).contains(OWN_MARK));
    match overwrite {
        Overwrite::Always => Ok(()),
        Overwrite::Own if own => Ok(()),
        Overwrite::Never => bail!("{} is there already: use --force to overwrite it", shown(path)),
        Overwrite::Own => {
            bail!("{} is there and was not written by nlbswitch: use --force to overwrite it", shown(path))
        }
    }
}
