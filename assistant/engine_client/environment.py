"""The environment and the private folder that the engine program gets."""

import contextlib
import os
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_SECRET_ENDINGS = ("_TOKEN", "_KEY", "_SECRET", "_PASSWORD", "_PASSPHRASE", "_CREDENTIALS")

# sockaddr_un.sun_path holds 104 bytes on macOS and the BSDs, 108 on Linux, a final NUL included.
_MAX_SOCKET_PATH_BYTES = 103
_SOCKET_NAME = "engine.sock"
_PREFIX = "hearth-"
_LEFT_AFTER_SECONDS = 3600.0


def clean_environment(
    variables: Mapping[str, str], *, frozen: bool = hasattr(sys, "_MEIPASS")
) -> dict[str, str]:
    """Give what the engine may know of our environment.

    Secrets stay here. A PyInstaller bundle's own library path must not reach the engine, which
    brings its own libraries: PyInstaller keeps the user's value in `<NAME>_ORIG`.
    """
    clean = {
        name: value
        for name, value in variables.items()
        if not name.upper().endswith(_SECRET_ENDINGS)
    }
    if not frozen:
        return clean
    for name in _LIBRARY_PATHS:
        original = clean.pop(f"{name}_ORIG", None)
        clean.pop(name, None)
        if original:
            clean[name] = original
    return clean


def private_folder(variables: Mapping[str, str]) -> Path | None:
    """Make a folder of mode 0700 whose path is short enough for a Unix socket in it.

    Returns:
        The folder; None where this system has no Unix sockets for Python (Windows) or no place
        with a short path can be written.

    """
    if not hasattr(socket, "AF_UNIX"):
        return None
    for place in (variables.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108
        if place and os.access(place, os.W_OK | os.X_OK) and _short_enough(place):
            _sweep(Path(place))
            return Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
    return None


def socket_in(folder: Path) -> Path:
    """Where the engine's socket lies in its private folder."""
    return folder / _SOCKET_NAME


def _sweep(place: Path) -> None:
    """Take away the folders of apps that were killed: old, ours, and no engine answers in them."""
    before = time.time() - _LEFT_AFTER_SECONDS
    for folder in place.glob(f"{_PREFIX}*"):
        # A folder that others own, hold or use refuses; it stays.
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if status.st_uid != os.getuid() or status.st_mtime > before:
                continue
            if not _answers(socket_in(folder)):
                socket_in(folder).unlink(missing_ok=True)
                folder.rmdir()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True


def _short_enough(place: str) -> bool:
    example = Path(place, "hearth-12345678", _SOCKET_NAME)
    return len(os.fsencode(example)) <= _MAX_SOCKET_PATH_BYTES
