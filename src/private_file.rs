//! Files that hold secrets.

use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// What "others" may do, in the mode of a file.
const OTHERS: u32 = 0o007;

/// The text of a file that is for the service alone. One that every user of the machine can open is still
/// read, because containers often mount secrets like that, but the log says so (ASVS 13.3.2).
///
/// # Errors
///
/// As [`std::fs::read_to_string`].
pub fn read(path: &Path) -> io::Result<String> {
    let text = std::fs::read_to_string(path)?;
    if is_open_to_others(path)? {
        tracing::warn!(
            file = %path.display(),
            "every user of this machine can open this file, which holds secrets: chmod o= it"
        );
    }
    Ok(text)
}

fn is_open_to_others(path: &Path) -> io::Result<bool> {
    Ok(std::fs::metadata(path)?.permissions().mode() & OTHERS != 0)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::fs::Permissions;

    use super::*;

    #[test]
    fn a_file_that_others_may_open_is_told_from_one_that_they_may_not() {
        let path = std::env::temp_dir().join(format!("comptoir-secret-{}", std::process::id()));
        fs::write(&path, "secret").unwrap();
        for (mode, open) in [(0o600, false), (0o640, false), (0o604, true), (0o644, true)] {
            fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
            assert_eq!(is_open_to_others(&path).unwrap(), open, "{mode:o}");
        }
        fs::remove_file(&path).unwrap();
    }
}
