"""The environment and the private folder that the engine program gets."""

import os
import socket
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_SECRET_ENDINGS = ("_TOKEN", "_KEY", "_SECRET", "_PASSWORD", "_PASSPHRASE", "_CREDENTIALS")

# sockaddr_un.sun_path holds 104 bytes on macOS and the BSDs, 108 on Linux, a final NUL included.
_MAX_SOCKET_PATH_BYTES = 103
_SOCKET_NAME = "engine.sock"


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
            return Path(tempfile.mkdtemp(prefix="hearth-", dir=place))
    return None


def socket_in(folder: Path) -> Path:
    """Where the engine's socket lies in its private folder."""
    return folder / _SOCKET_NAME


def _short_enough(place: str) -> bool:
    example = Path(place, "hearth-12345678", _SOCKET_NAME)
    return len(os.fsencode(example)) <= _MAX_SOCKET_PATH_BYTES
