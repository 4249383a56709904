"""Which models are on this disk: read from the disk each time, never from a table.

Half-downloaded files never appear: they lie outside the layout until they are whole and right,
and a split model is listed only with all its parts.
"""

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from assistant.domain.errors import HearthError, ModelPartMissingError
from assistant.domain.llm import InstalledModel, ModelId
from assistant.hub.hashes import HashBook, whole_id
from assistant.hub.layout import CacheLayout, repo_of_folder
from assistant.hub.names import model_stem, split_name
from assistant.hub.untrusted import is_commit, is_safe_path, is_sha256

log = logging.getLogger(__name__)

_NO_CHAT_MODEL: Final = ("mmproj", "imatrix")


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A model with all its files, in order."""

    model: InstalledModel
    files: tuple[Path, ...]


class InstalledModels:
    """Reads the cache layout, and single files from elsewhere. Every call blocks."""

    def __init__(
        self, layout: CacheLayout, hashes: HashBook, sample_id: Callable[[Path], str]
    ) -> None:
        self._layout = layout
        self._hashes = hashes
        self._sample_id = sample_id

    def owned(self) -> list[ModelFiles]:
        """Every whole model in the layout; the same bytes in two commits count once.

        The same bytes in two repositories are two entries with one id.
        """
        found: list[ModelFiles] = []
        for folder in sorted(self._layout.root.glob("models--*")):
            repo = repo_of_folder(folder.name)
            if repo is not None and folder.is_dir():
                found += self._of_repo(folder, repo)
        return found

    def describe(self, path: Path, repo: str | None = None, *, owned: bool = False) -> ModelFiles:
        """Read one model by its file, or by any of its parts.

        Raises:
            ModelPartMissingError: a part of a split model is missing.
            HearthError: the file is no model.
            OSError: the file can't be read.

        """
        files = parts_of(path)
        known = [self._known_hash(file) for file in files]
        hashes = [digest for digest in known if digest is not None]
        verified = len(hashes) == len(files)
        identity = whole_id(hashes) if verified else self.sample(files[0])
        model = InstalledModel(
            id=identity,
            name=model_stem(files[0].name),
            path=files[0],
            size_bytes=sum(file.stat().st_size for file in files),
            verified=verified,
            repo=repo,
            owned=owned,
        )
        return ModelFiles(model, files)

    def sample(self, path: Path) -> ModelId:
        """The id of a file by samples: what it has until its hash is known."""
        return ModelId(self._hashes.sample(path, self._sample_id))

    def _of_repo(self, folder: Path, repo: str) -> Iterator[ModelFiles]:
        seen: set[ModelId] = set()
        for path in _gguf_files(folder):
            try:
                found = self.describe(path, repo, owned=True)
            except ModelPartMissingError:
                continue
            except (HearthError, OSError) as error:
                log.warning("a model file can't be read: %s", error)
                continue
            if found.model.id not in seen and _lies_below(found.files, self._layout.root):
                seen.add(found.model.id)
                yield found

    def _known_hash(self, path: Path) -> str | None:
        """The hash in the name of the blob that a snapshot links to, else one that we computed."""
        target = path.resolve()
        if target.parent.name == "blobs" and is_sha256(target.name):
            return target.name
        return self._linked_blob(path) or self._hashes.sha256(path)

    def _linked_blob(self, path: Path) -> str | None:
        """The same for a hard link, where symbolic links can't be made."""
        if path.stat().st_nlink == 1 or not path.is_relative_to(self._layout.root):
            return None
        folder = self._layout.root / path.relative_to(self._layout.root).parts[0]
        for blob in (folder / "blobs").glob("*"):
            if is_sha256(blob.name) and blob.samefile(path):
                return blob.name
        return None


def parts_of(path: Path) -> tuple[Path, ...]:
    """All files of the model that a file belongs to, in order.

    Raises:
        ModelPartMissingError: one of them is not there.

    """
    split = split_name(path.name)
    if split is None:
        return (path,)
    parts = tuple(path.with_name(split.part(number)) for number in range(1, split.count + 1))
    for part in parts:
        if not part.exists():
            raise ModelPartMissingError(name=path.name, count=split.count, missing=part.name)
    return parts


def _gguf_files(folder: Path) -> Iterator[Path]:
    """First files of the models in a repository's snapshots, the commit of `main` first."""
    commits = [path for path in (folder / "snapshots").glob("*") if is_commit(path.name)]
    newest = _main_commit(folder)
    for commit in sorted(commits, key=lambda path: (path.name != newest, path.name)):
        for base, folders, names in os.walk(commit):
            folders.sort()
            for name in sorted(names):
                if is_first_file(name):
                    yield Path(base, name)


def is_first_file(name: str) -> bool:
    """Whether a file of this name is a chat model, or the first part of one."""
    lowered = name.lower()
    if not lowered.endswith(".gguf") or not is_safe_path(name):
        return False
    split = split_name(name)
    return not any(word in lowered for word in _NO_CHAT_MODEL) and (
        split is None or split.number == 1
    )


def _main_commit(folder: Path) -> str:
    try:
        return (folder / "refs" / "main").read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _lies_below(files: Sequence[Path], root: Path) -> bool:
    """Whether no link leads out of the folder: only then is it ours to delete."""
    inside = root.resolve()
    return all(file.resolve().is_relative_to(inside) for file in files)
