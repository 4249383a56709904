"""Room on the disk: asked before a download, and what it means when it ends in the middle."""

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from assistant.domain.errors import (
    DiskFullError,
    DiskWriteError,
    FileTooLargeForDiskError,
    HearthError,
)
from assistant.domain.sizes import readable_size

RESERVE_BYTES: Final = 1 << 30
"""What a download leaves free for everything else on the disk: 1 GiB."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})

FreeSpace = Callable[[Path], int]
"""Gives the free bytes on the volume of a path that exists."""


def free_bytes(path: Path) -> int:
    """Free bytes for this user on the volume where this path is, or will be."""
    existing = path
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    return shutil.disk_usage(existing).free


def check_room(path: Path, download_bytes: int, free: FreeSpace = free_bytes) -> None:
    """Make sure that a download fits: its bytes, 5 % of them, and 1 GiB.

    Raises:
        DiskFullError: it does not.

    """
    needed = download_bytes + download_bytes // 20 + RESERVE_BYTES
    available = free(path)
    if download_bytes > 0 and available < needed:
        raise _full(path, needed, available)


def disk_error(
    error: OSError, path: Path, left_bytes: int, size_bytes: int, free: FreeSpace = free_bytes
) -> HearthError:
    """Say what a failed write means to the user.

    `left_bytes` were still to be written, of a file of `size_bytes`.
    """
    if error.errno in _FULL:
        return _full(path, left_bytes, free(path))
    if error.errno == errno.EFBIG:
        return FileTooLargeForDiskError(
            path=str(path), size=readable_size(size_bytes), size_bytes=size_bytes
        )
    return DiskWriteError(path=str(path), detail=error.strerror or type(error).__name__)


def _full(path: Path, needed: int, available: int) -> DiskFullError:
    return DiskFullError(
        path=str(path),
        needed=readable_size(needed),
        available=readable_size(available),
        needed_bytes=needed,
        available_bytes=available,
    )
