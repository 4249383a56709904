"""What was asked for, kept until it is here: one small file per download.

A split model is one download of several files; this remembers those that have not begun yet.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from assistant.domain.llm import HubFile, HubRepo
from assistant.hub.layout import write_atomically
from assistant.hub.partial import Wanted
from assistant.hub.untrusted import is_safe_path, is_safe_revision

_SUFFIX: Final = ".download"
_ID_CHARS: Final = 16
_MAX_FILES: Final = 999


@dataclass(frozen=True, slots=True)
class DownloadRecord:
    """One download: a model's name and its files, in order."""

    file: str
    revision: str
    files: tuple[Wanted, ...]

    def __post_init__(self) -> None:
        """Refuse what a look-up would never have given."""
        names = is_safe_path(self.file) and is_safe_revision(self.revision)
        repos = {(file.endpoint, file.repo, file.commit) for file in self.files}
        if not names or len(repos) != 1 or len(self.files) > _MAX_FILES:
            raise ValueError(f"not a download: {self.file!r}")

    @classmethod
    def of(cls, repo: HubRepo, file: HubFile) -> "DownloadRecord":
        """Make the record of a file that a look-up found."""
        files = tuple(
            Wanted(repo.endpoint, repo.repo, repo.commit, part.path, part.size_bytes, part.sha256)
            for part in file.parts
        )
        return cls(file.name, repo.revision, files)

    @property
    def id(self) -> str:
        """The same for the same file at the same commit, in every process."""
        first = self.files[0]
        name = f"{first.endpoint}\n{first.repo}\n{first.commit}\n{self.file}"
        return hashlib.sha256(name.encode()).hexdigest()[:_ID_CHARS]

    @property
    def repo(self) -> str:
        """`owner/name`."""
        return self.files[0].repo

    @property
    def size_bytes(self) -> int:
        """All its files together."""
        return sum(file.size_bytes for file in self.files)


def save_record(folder: Path, record: DownloadRecord) -> None:
    """Write it down. Raises OSError where the disk can't be written."""
    write_atomically(_path(folder, record), json.dumps(asdict(record), indent=1).encode())


def delete_record(folder: Path, record: DownloadRecord) -> None:
    """Forget it: the download is done or was cancelled."""
    _path(folder, record).unlink(missing_ok=True)


def read_records(folder: Path) -> Iterator[DownloadRecord]:
    """Every record in the folder that can be read, oldest first."""
    paths = [path for path in folder.glob(f"*{_SUFFIX}") if path.is_file()]
    for path in sorted(paths, key=lambda path: (path.stat().st_mtime_ns, path.name)):
        record = _read(path)
        if record is not None and _path(folder, record) == path:
            yield record


def _path(folder: Path, record: DownloadRecord) -> Path:
    return folder / f"{record.id}{_SUFFIX}"


def _read(path: Path) -> DownloadRecord | None:
    try:
        note = json.loads(path.read_bytes())
        files = tuple(
            Wanted(**{name: file[name] for name in Wanted.__dataclass_fields__})
            for file in note["files"]
        )
        return DownloadRecord(note["file"], note["revision"], files)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
