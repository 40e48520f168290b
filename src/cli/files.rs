//! Files of the person: read within a limit, written once and never over another.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::terminal::escape;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Everyone the system lets: what is public.
    Everyone,
    /// Its owner only: keys and sealed words.
    Owner,
}

/// The path as it may be printed.
pub(super) fn shown(path: &Path) -> String {
    escape(&path.display().to_string()).into_owned()
}

/// The whole file, which may hold at most `bytes_max` bytes.
pub(super) fn read(path: &Path, bytes_max: u64) -> Result<Vec<u8>, Failure> {
    let mut content = Vec::new();
    File::open(path)
        .and_then(|file| file.take(bytes_max + 1).read_to_end(&mut content))
        .map_err(|error| cannot_read(path, &error))?;
    if content.len() as u64 > bytes_max {
        let what = format!("{} is larger than {bytes_max} bytes", shown(path));
        return Err(Failure::new(what, "Check that it is the file you meant."));
    }
    Ok(content)
}

/// The whole file as text.
pub(super) fn read_text(path: &Path, bytes_max: u64) -> Result<String, Failure> {
    String::from_utf8(read(path, bytes_max)?).map_err(|_| {
        let what = format!("{} is not UTF-8 text", shown(path));
        Failure::new(what, "Check that it is the file you meant.")
    })
}

fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    let next = match error.kind() {
        io::ErrorKind::NotFound => "Check the spelling of the path.",
        io::ErrorKind::PermissionDenied => "Ask its owner to let you read it.",
        _ => "Check that it is a file that can be read.",
    };
    Failure::new(format!("{} cannot be read: {error}", shown(path)), next)
}

/// Writes a file that must not exist yet, and waits until it is on the disk under its name.
pub(super) fn write_new(path: &Path, content: &[u8], readers: Readers) -> Result<(), Failure> {
    write_whole(path, content, readers)?;
    sync_folder_of(path).map_err(|error| cannot_write(path, &error))
}

/// Writes a new file, whole or not at all; its name may not be on the disk yet.
fn write_whole(path: &Path, content: &[u8], readers: Readers) -> Result<(), Failure> {
    let mut file = create_new(path, readers).map_err(|error| cannot_write(path, &error))?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(|error| {
        // Half a file under this name would stand in the way of the next try.
        let _ = fs::remove_file(path);
        cannot_write(path, &error)
    })
}

/// Writes a file in one step: whoever reads it sees the old content or the new, never half of it.
pub(super) fn replace(path: &Path, content: &[u8], readers: Readers) -> Result<(), Failure> {
    // Each process has its own: two that meet a ledger for the first time together both remember it.
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = PathBuf::from(name);
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(cannot_write(&part, &error));
        }
        _ => {}
    }
    write_whole(&part, content, readers)?;
    rename(&part, path)
}

/// Gives a file the name of another one, which is gone then, and waits until that is on the disk.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), Failure> {
    let renamed = fs::rename(from, to).and_then(|()| sync_folder_of(to));
    renamed.map_err(|error| cannot_write(to, &error))
}

/// Waits until the name of a file is on the disk: a key that is lost with its name is lost. Where the system lets nobody
/// wait for that, nothing more can be done.
fn sync_folder_of(path: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let synced =
        File::open(folder.unwrap_or_else(|| Path::new("."))).and_then(|folder| folder.sync_all());
    match synced {
        Err(error) if matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported) => {
            Ok(())
        }
        synced => synced,
    }
}

fn create_new(path: &Path, readers: Readers) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let (what, next) = match error.kind() {
        io::ErrorKind::AlreadyExists => (
            format!("{} exists already", shown(path)),
            "Choose another name: it is not overwritten.",
        ),
        _ => (
            format!("{} cannot be written: {error}", shown(path)),
            "Check that the folder exists, that you may write to it, and that the disk has room.",
        ),
    };
    Failure::new(what, next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_file_is_never_written_over_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("me.key");
        write_new(&path, b"first", Readers::Owner).unwrap();
        let failure = write_new(&path, b"second", Readers::Owner).unwrap_err();
        assert!(failure.what().ends_with("exists already"), "{failure}");
        assert_eq!(read(&path, 5).unwrap(), b"first");
        assert!(read(&path, 4).unwrap_err().what().ends_with("larger than 4 bytes"));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_the_owners_nobody_else_may_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed.json");
        replace(&path, b"old", Readers::Owner).unwrap();
        replace(&path, b"new", Readers::Owner).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(read_text(&path, 100).unwrap(), "new");
    }
}
