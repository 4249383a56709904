"""Where models lie: the Hugging Face cache layout, so that other programs can use the files too.

`models--owner--name/blobs/<sha256>` holds the bytes, `snapshots/<commit>/<path>` is a relative
link to them, `refs/<revision>` names the commit. Where links can't be made, the snapshot holds
the file itself. https://huggingface.co/docs/huggingface_hub/guides/manage-cache
"""

import contextlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.hub.untrusted import is_commit, is_repo_name, is_safe_path, is_sha256

_PREFIX: Final = "models--"


@dataclass(frozen=True, slots=True)
class Place:
    """One file of a repository at one commit: what a path in the layout is made from."""

    repo: str
    commit: str
    path: str

    def __post_init__(self) -> None:
        """Refuse to become a path outside the layout, whoever made this."""
        if not (is_repo_name(self.repo) and is_commit(self.commit) and is_safe_path(self.path)):
            raise ValueError(f"not a place in the layout: {self!r}")


class CacheLayout:
    """One folder in the cache layout. Every call blocks for the time of a few disk operations."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, repo: str) -> Path:
        """The folder of a repository."""
        return self.root / f"{_PREFIX}{repo.replace('/', '--')}"

    def blob(self, repo: str, sha256: str) -> Path:
        """Where the bytes with this hash lie, or will lie."""
        if not is_sha256(sha256):
            raise ValueError(f"not a SHA-256: {sha256!r}")
        return self.folder(repo) / "blobs" / sha256

    def snapshot(self, place: Place) -> Path:
        """The path under which programs open the file."""
        return self.folder(place.repo) / "snapshots" / place.commit / place.path

    def holds(self, repo: str, sha256: str, size_bytes: int) -> bool:
        """Whether these bytes are here already, all of them."""
        try:
            return self.blob(repo, sha256).stat().st_size == size_bytes
        except OSError:
            return False

    def add(self, source: Path, sha256: str, place: Place) -> None:
        """Move a finished, synced file to its name. Atomic; safe to do twice.

        Raises:
            OSError: the disk can't be written.

        """
        blob = self.blob(place.repo, sha256)
        blob.parent.mkdir(parents=True, exist_ok=True)
        source.replace(blob)
        sync_folder(blob.parent)

    def link(self, sha256: str, place: Place, revision: str) -> Path:
        """Make the file visible in the snapshot, and name the commit under `refs/`."""
        blob, target = self.blob(place.repo, sha256), self.snapshot(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if blob.exists():
            _link_or_move(blob, target)
            sync_folder(target.parent)
        if revision != place.commit and is_safe_path(revision):
            write_atomically(self.folder(place.repo) / "refs" / revision, place.commit.encode())
        return target

    def remove(self, snapshot: Path) -> None:
        """Delete one file: its link, its bytes where no other link needs them, empty folders.

        Raises:
            ValueError: the path is not inside this layout.
            OSError: the disk can't be written.

        """
        folder = self._folder_of(snapshot)
        blob = snapshot.resolve() if snapshot.is_symlink() else None
        snapshot.unlink(missing_ok=True)
        if blob is not None and blob.parent == folder.resolve() / "blobs":
            self._remove_blob(folder, blob)
        elif blob is None:
            self._remove_linked_blobs(folder)
        _remove_empty(snapshot.parent, self.root)
        if not any(_files_below(folder / "snapshots")):
            self._remove_rest(folder)

    def _folder_of(self, snapshot: Path) -> Path:
        parts = snapshot.relative_to(self.root).parts
        if ".." in parts or len(parts) < 4 or parts[1] != "snapshots":
            raise ValueError(f"not a file in the layout: {snapshot}")
        return self.root / parts[0]

    def _remove_blob(self, folder: Path, blob: Path) -> None:
        links = _files_below(folder / "snapshots")
        if not any(link.is_symlink() and link.resolve() == blob for link in links):
            blob.unlink(missing_ok=True)

    def _remove_linked_blobs(self, folder: Path) -> None:
        """Where snapshots are hard links: bytes that only `blobs/` still names."""
        named = {link.resolve() for link in _files_below(folder / "snapshots")}
        for blob in _files_below(folder / "blobs"):
            if blob.resolve() not in named and blob.stat().st_nlink == 1:
                blob.unlink(missing_ok=True)

    def _remove_rest(self, folder: Path) -> None:
        for ref in list(_files_below(folder / "refs")):
            ref.unlink(missing_ok=True)
            _remove_empty(ref.parent, folder)
        for name in ("blobs", "snapshots", "refs"):
            _remove_empty(folder / name, self.root)


def repo_of_folder(name: str) -> str | None:
    """The repository that a folder of the layout belongs to; None for every other folder."""
    if not name.startswith(_PREFIX):
        return None
    repo = name.removeprefix(_PREFIX).replace("--", "/", 1)
    return repo if is_repo_name(repo) else None


def write_atomically(path: Path, data: bytes) -> None:
    """Write a small file so that it is either the old or the new one, whatever happens."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # Two downloads of one repository may note its commit at the same moment.
    beside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.tmp")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make names in a folder last through a power cut. Windows does that by itself."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _link_or_move(blob: Path, target: Path) -> None:
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    beside.unlink(missing_ok=True)
    try:
        beside.symlink_to(os.path.relpath(blob, target.parent))
    except (OSError, NotImplementedError):
        try:
            beside.hardlink_to(blob)
        except (OSError, NotImplementedError):
            blob.replace(target)
            return
    beside.replace(target)


def _files_below(folder: Path) -> Iterator[Path]:
    for base, _, names in os.walk(folder):
        for name in names:
            yield Path(base, name)


def _remove_empty(folder: Path, stop: Path) -> None:
    """Remove a folder and those above it, as far as they are empty."""
    while folder != stop and folder.is_relative_to(stop):
        with contextlib.suppress(FileNotFoundError):
            if any(folder.iterdir()):
                return
            folder.rmdir()
        folder = folder.parent
