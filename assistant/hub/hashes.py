"""Identities of model files, kept so that nothing is hashed twice.

A small JSON file beside the models: path -> size, time of change, sample id, SHA-256. It only
saves work: without it, or where a file changed, everything is computed again.
"""

import hashlib
import json
import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from assistant.domain.llm import ModelId
from assistant.hub.layout import write_atomically
from assistant.hub.untrusted import is_sha256

log = logging.getLogger(__name__)

_READ: Final = 1 << 20
_SAMPLE: Final = "sample"
_SHA256: Final = "sha256"


class HashBook:
    """What is known of files by their contents. Every call blocks; safe between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[str, dict[str, object]] | None = None
        self._guard = threading.Lock()

    def sha256(self, path: Path) -> str | None:
        """The hash, if this file was hashed and has not changed since."""
        known = self._entry(path).get(_SHA256)
        return known if isinstance(known, str) and is_sha256(known) else None

    def sample(self, path: Path, compute: Callable[[Path], str]) -> str:
        """The sample id of a file, from the book or anew.

        Raises whatever `compute` raises.
        """
        known = self._entry(path).get(_SAMPLE)
        if isinstance(known, str) and known.startswith("sample:"):
            return known
        sample = compute(path)
        self._note(path, _SAMPLE, sample)
        return sample

    def hash(self, path: Path, go_on: Callable[[], bool]) -> str | None:
        """Hash a whole file and remember it; None where `go_on` said to stop.

        Raises:
            OSError: the file can't be read.

        """
        before, digest = _mark(path), hashlib.sha256()
        with path.open("rb", buffering=0) as file:
            while block := file.read(_READ):
                if not go_on():
                    return None
                digest.update(block)
        if _mark(path) == before:
            self._note(path, _SHA256, digest.hexdigest())
        return digest.hexdigest()

    def _entry(self, path: Path) -> dict[str, object]:
        entry = self._read().get(str(path), {})
        return entry if entry.get("mark") == _mark(path) else {}

    def _note(self, path: Path, name: str, value: str) -> None:
        with self._guard:
            entry: dict[str, object] = {**self._entry(path), "mark": _mark(path), name: value}
            here = {key: known for key, known in self._read().items() if Path(key).exists()}
            self._entries = {**here, str(path): entry}
            self._save()

    def _save(self) -> None:
        try:
            write_atomically(self._path, json.dumps(self._entries, indent=1).encode())
        except OSError as error:  # a full disk: it is computed again next time
            log.warning("the book of hashes can't be written: %s", error)

    def _read(self) -> dict[str, dict[str, object]]:
        if self._entries is None:
            self._entries = _read_entries(self._path)
        return self._entries


def whole_id(hashes: Sequence[str]) -> ModelId:
    """The id of a model by its files' hashes: of one file its hash, of several a hash of theirs."""
    if len(hashes) == 1:
        return ModelId(f"sha256:{hashes[0]}")
    return ModelId(f"sha256:{hashlib.sha256(chr(10).join(hashes).encode()).hexdigest()}")


def _mark(path: Path) -> list[int]:
    """What changes when a file does: size and time of change."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _read_entries(path: Path) -> dict[str, dict[str, object]]:
    try:
        entries = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(entries, dict):
        return {}
    return {key: value for key, value in entries.items() if isinstance(value, dict)}
