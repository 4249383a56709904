"""Writing a small file so that a crash or a power cut leaves the old or the new one, never half.

Write to a temporary file beside it, fsync, rename over, fsync the folder. (The order that
SQLite's and git's authors give; see also the POSIX notes of `rename` and `fsync`.)
"""

import os
import sys
import tempfile
from pathlib import Path

PRIVATE_FOLDER = 0o700
PRIVATE_FILE = 0o600


def write_durably(path: Path, data: bytes) -> None:
    """Replace `path` by `data`, readable by this user only.

    When it returns, the bytes are on the disk. Raises OSError; the old file is untouched then.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make a rename or a new name in `folder` last. Windows keeps its own journal of names."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
