"""A file on its way: `<key>.part`, with a note beside it of what it is to become.

The key is the SHA-256 that the Hub states, so what arrived stays useful under whatever name or
commit it is asked for again. Partial files never lie in the cache layout.
"""

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Container
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO, Final

import filelock

from assistant.domain.errors import InsecureEndpointError
from assistant.hub.endpoint import Endpoint
from assistant.hub.layout import Place, write_atomically
from assistant.hub.untrusted import is_file_size, is_sha256, is_strong_etag

_HASH_STEP: Final = 64 << 20
_READ: Final = 1 << 20
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file of a repository at one commit, with what the Hub's listing says of it."""

    endpoint: str
    repo: str
    commit: str
    path: str
    size_bytes: int
    sha256: str | None

    def __post_init__(self) -> None:
        """Refuse to be a file that the listing's own rules would refuse."""
        if not is_file_size(self.size_bytes) or not (self.sha256 is None or is_sha256(self.sha256)):
            raise ValueError(f"not a file of a Hub: {self!r}")
        Place(self.repo, self.commit, self.path)
        try:
            Endpoint.parse(self.endpoint)
        except InsecureEndpointError as error:
            raise ValueError(f"not a file of a Hub: {self!r}") from error

    @property
    def host(self) -> str:
        """Name of the Hub's server, as messages show it."""
        return Endpoint.parse(self.endpoint).host

    @property
    def place(self) -> Place:
        """Where it goes."""
        return Place(self.repo, self.commit, self.path)

    @property
    def key(self) -> str:
        """Name of its partial file: 64 hex digits."""
        if self.sha256 is not None:
            return self.sha256
        name = f"{self.endpoint}\n{self.repo}\n{self.commit}\n{self.path}"
        return hashlib.sha256(name.encode()).hexdigest()


class PartialFile:
    """What arrived so far. Every call blocks; one process at a time holds its lock."""

    def __init__(self, folder: Path, wanted: Wanted) -> None:
        self.wanted = wanted
        self.path = folder / f"{wanted.key}.part"
        self.note = folder / f"{wanted.key}.json"
        self.evidence = folder / f"{wanted.key}.bad"
        self.size = 0
        """Bytes on disk that are hashed."""
        self.etag: str | None = None
        self._lock = filelock.FileLock(folder / f"{wanted.key}.lock", thread_local=False)
        self._file: BinaryIO | None = None
        self._hash = hashlib.sha256()

    def try_lock(self) -> bool:
        """Take the file for this process; False where another one has it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._lock.acquire(timeout=0)
        except filelock.Timeout:
            return False
        return True

    def size_on_disk(self) -> int:
        """Bytes that are there, whoever wrote them."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def open(self) -> None:
        """Open or make the file. `hash_step` has to be called until it says that all is hashed."""
        self._file = self.path.open("r+b" if self.path.exists() else "w+b", buffering=0)
        self.etag = self._read_etag()
        resumable = self.wanted.sha256 is not None or self.etag is not None
        if self.size_on_disk() > self.wanted.size_bytes or not resumable:
            self.restart()
        elif self.size_on_disk() == 0:
            self._write_note()

    def hash_step(self) -> bool:
        """Hash up to 64 MiB of what was there before; True while there is more."""
        file = self._opened()
        end = min(self.size + _HASH_STEP, self.size_on_disk())
        while self.size < end and (block := file.read(min(_READ, end - self.size))):
            self._hash.update(block)
            self.size += len(block)
        return self.size < self.size_on_disk()

    def write(self, data: bytes | bytearray) -> None:
        """Append and hash. On an error what was written of it counts."""
        file, view = self._opened(), memoryview(data)
        while view:
            written = file.write(view)
            self._hash.update(view[:written])
            self.size += written
            view = view[written:]

    def restart(self) -> None:
        """Begin again from the first byte."""
        file = self._opened()
        file.seek(0)
        file.truncate()
        self.size, self.etag, self._hash = 0, None, hashlib.sha256()
        self._write_note()

    def set_etag(self, etag: str | None) -> None:
        """Remember the etag under which the bytes from here on arrive."""
        self.etag = etag if is_strong_etag(etag) else None
        self._write_note()

    def finish(self) -> str:
        """Bring everything to the disk; gives the SHA-256 of it all."""
        file = self._opened()
        os.fsync(file.fileno())
        file.close()
        self._file = None
        return self._hash.hexdigest()

    def keep_as_evidence(self, digest: str) -> None:
        """Set a file with the wrong hash aside, with a note of what came."""
        self.path.replace(self.evidence)
        self._write_note(arrived_sha256=digest)

    def forget(self) -> None:
        """Delete everything of this file, evidence too."""
        for path in (self.path, self.evidence, self.note):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the file and let others have it. What arrived stays."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._lock.is_locked:
            if not self.path.exists():
                # Safe while held: filelock looks whether the file it locked is still there.
                with contextlib.suppress(OSError):
                    Path(self._lock.lock_file).unlink()
            self._lock.release()

    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the partial file is not open")
        return self._file

    def _read_etag(self) -> str | None:
        try:
            note = json.loads(self.note.read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        etag = note.get("etag") if isinstance(note, dict) else None
        return etag if isinstance(etag, str) and is_strong_etag(etag) else None

    def _write_note(self, **more: str) -> None:
        note = asdict(self.wanted) | {"etag": self.etag} | more
        write_atomically(self.note, json.dumps(note, indent=1).encode())


def read_note(path: Path) -> Wanted | None:
    """Read what a partial file was to become; None where the note is damaged or a lie."""
    try:
        note = json.loads(path.read_bytes())
        wanted = Wanted(**{name: note[name] for name in Wanted.__dataclass_fields__})
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return wanted if path.stem == wanted.key else None


def sweep(folder: Path, wanted_keys: Container[str]) -> list[Wanted]:
    """Look through the partial folder for what no download asks for any more.

    Gives the files that can be resumed by their notes; deletes the rest, unless another process
    holds it. `wanted_keys` are left alone.
    """
    found: list[Wanted] = []
    for path in folder.glob(".*.tmp"):  # a process was killed while it wrote a note
        if path.stat().st_mtime < time.time() - _DAY_S:
            path.unlink(missing_ok=True)
    for key in sorted({path.name.partition(".")[0] for path in folder.glob("[0-9a-f]*.*")}):
        if not is_sha256(key) or key in wanted_keys:
            continue
        wanted = read_note(folder / f"{key}.json")
        if wanted is not None and (folder / f"{key}.part").exists():
            found.append(wanted)
        else:
            _delete_unless_held(folder, key)
    return found


def _delete_unless_held(folder: Path, key: str) -> None:
    lock = filelock.FileLock(folder / f"{key}.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return
    try:
        for path in folder.glob(f"{key}.*"):
            path.unlink(missing_ok=True)
    finally:
        lock.release()
