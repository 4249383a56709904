"""The models on this computer: what is there, adding a file, finding one by name, removing."""

import asyncio
import hashlib
import logging
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeVar

from assistant.domain.errors import (
    BadRepositoryNameError,
    DiskWriteError,
    HearthError,
    ModelFileError,
    ModelNotFoundError,
    NoModelError,
)
from assistant.domain.events import Event, ModelsChanged
from assistant.domain.guide import GUIDE_NAME
from assistant.domain.llm import InstalledModel, ModelId
from assistant.hub.hashes import HashBook, whole_id
from assistant.hub.installed import InstalledModels, ModelFiles
from assistant.hub.layout import CacheLayout
from assistant.hub.names import HubReference, parse_reference, quant_of
from assistant.settings.paths import typed_path
from assistant.settings.store import SettingsStore
from assistant.settings.table import ADDED_MODELS, GUIDE_SHOWN, LAST_MODEL, Setting

T = TypeVar("T")

log = logging.getLogger(__name__)

_FAVOURITE_QUANT: Final = "Q4_K_M"
_LOOKS_LIKE_A_PATH: Final = re.compile(r"^(?:[./~\\]|[A-Za-z]:[/\\])|\.gguf$", re.IGNORECASE)


class ModelChecker(Protocol):
    """Looks at a model file before anything else does; see `hub.checker`."""

    def check(self, path: Path) -> None:
        """Raise a `HearthError` where the file is no model that can be run."""

    def sample_id(self, path: Path) -> str:
        """`sample:<size>:<hex>` of a file, quick to tell."""


class LibraryService:
    """Installed models. Reads the disk anew at every call.

    `guide_file` is the Guide's GGUF among Hearth's own resources; None where it has none.
    """

    def __init__(
        self,
        layout: CacheLayout,
        checker: ModelChecker,
        settings: SettingsStore,
        publish: Callable[[Event], None],
        guide_file: Path | None = None,
    ) -> None:
        self._guide_file = guide_file
        self._guide_known: tuple[tuple[int, int], InstalledModel] | None = None
        self._layout = layout
        self._checker = checker
        self._settings = settings
        self._publish = publish
        self._changing = asyncio.Lock()
        self._verifying = asyncio.Lock()
        self._hashes = HashBook(layout.root / ".hashes.json")
        self._installed = InstalledModels(layout, self._hashes, checker.sample_id)

    async def models(self) -> list[InstalledModel]:
        """Every model that is here now, by name, but the Guide.

        An added file on a disk that is away is left out, but stays remembered.
        """
        return [found.model for found in await asyncio.to_thread(self._unique)]

    async def guide(self) -> InstalledModel | None:
        """Give the Guide's own model; None where it was hidden or its file is not there."""
        return await asyncio.to_thread(self._guide)

    async def show_guide(self, *, shown: bool) -> None:
        """Hide the Guide, or show it again; remembered.

        Raises:
            DiskWriteError: the settings can't be written.

        """
        await asyncio.to_thread(self._set, GUIDE_SHOWN, shown)
        self._publish(ModelsChanged())

    async def add_file(self, path: Path) -> InstalledModel:
        """Check a GGUF from anywhere on the disk and remember it by its path.

        Raises:
            ModelFileError: it can't be used as a model; says why.
            ModelPartMissingError: it is part of a split model that is not whole.
            HearthError: the settings can't be written.

        """
        found = await asyncio.to_thread(self._check_file, path)
        if found.model.owned:
            return found.model
        async with self._changing:
            await asyncio.to_thread(self._remember, found.model.path)
        self._publish(ModelsChanged())
        return found.model

    async def remove(self, model_id: ModelId) -> None:
        """Delete a model of ours, all its files; a file added from elsewhere is only forgotten.

        Raises:
            ModelNotFoundError: there is no such model.
            DiskWriteError: its files can't be deleted.

        """
        async with self._changing:
            await asyncio.to_thread(self._remove, model_id)
        self._publish(ModelsChanged())

    async def find(self, text: str) -> InstalledModel:
        """Find a model by what a person types: path, name, `owner/name`, `owner/name:Q4_K_M`, id.

        `guide` is the Guide, unless it was hidden or a model bears that name. Of several files of
        a repository Q4_K_M comes first, then the smallest.

        Raises:
            ModelNotFoundError: there is none of that name.
            NoModelError: there is none at all.
            ModelFileError: the path names no model.

        """
        return await asyncio.to_thread(self._find, text.strip())

    async def verify(self, model_id: ModelId) -> InstalledModel:
        """Hash a model's files in the background; from then on its id is its SHA-256.

        Cancelling the task stops it within a moment.

        Raises:
            ModelNotFoundError: there is no such model.
            ModelFileError: it can't be read.

        """
        stop = threading.Event()
        try:
            model = await asyncio.to_thread(self._hash, model_id, stop)
        finally:
            stop.set()
        self._publish(ModelsChanged())
        return model

    async def verify_all(self) -> None:
        """Hash what is unverified, one model after the other. Does nothing while it runs already.

        A model that can't be read stays unverified. A choice remembered by an old id follows.
        """
        if self._verifying.locked():
            return
        async with self._verifying:
            for model in await self.models():
                if model.verified:
                    continue
                try:
                    verified = await self.verify(model.id)
                    await asyncio.to_thread(self._follow, model.id, verified.id)
                except HearthError as error:
                    log.warning("a model stays unverified: %s", error)

    # --- blocking work ----------------------------------------------------------------------

    def _guide(self) -> InstalledModel | None:
        path = self._guide_file
        if path is None or not self._settings.get(GUIDE_SHOWN):
            return None
        try:
            found = path.stat()
            mark = (found.st_size, found.st_mtime_ns)
            if self._guide_known is None or self._guide_known[0] != mark:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                self._guide_known = mark, _as_guide(path, found.st_size, digest)
        except OSError:
            return None
        return self._guide_known[1]

    def _find(self, wanted: str) -> InstalledModel:
        names_a_file = _LOOKS_LIKE_A_PATH.search(wanted) is not None
        if names_a_file and _may_be_there(typed_path(wanted)):
            return self._check_file(Path(wanted)).model
        models = [found.model for found in self._all()]
        matching = self._by_name(wanted, models) or _by_repo(wanted, models)
        if matching:
            return min(matching, key=_preference)
        guide = self._guide() if wanted.lower() == GUIDE_NAME.lower() else None
        if guide is not None:
            return guide
        if not models and not names_a_file:
            raise NoModelError
        raise ModelNotFoundError(model=wanted)

    def _unique(self) -> list[ModelFiles]:
        """One entry for each id, ours before added ones."""
        found: dict[ModelId, ModelFiles] = {}
        for entry in self._all():
            found.setdefault(entry.model.id, entry)
        return sorted(found.values(), key=lambda entry: entry.model.name.lower())

    def _all(self) -> list[ModelFiles]:
        return self._installed.owned() + self._added()

    def _added(self) -> list[ModelFiles]:
        found: list[ModelFiles] = []
        for path in self._settings.get(ADDED_MODELS):
            try:
                found.append(self._installed.describe(Path(path)))
            except (HearthError, OSError):
                continue  # moved, damaged or on a disk that is away: it may come back
        return found

    def _check_file(self, path: Path) -> ModelFiles:
        try:
            absolute = typed_path(path)
            if not absolute.is_file():
                detail = "it is a folder" if absolute.is_dir() else "there is no such file"
                raise ModelFileError(name=path.name or str(path), detail=detail)
            for entry in self._installed.owned():
                if any(file.samefile(absolute) for file in entry.files):
                    return entry
            self._checker.check(absolute)
            return self._installed.describe(absolute)
        except OSError as error:
            detail = f"it can't be read ({error.strerror})"
            raise ModelFileError(name=path.name, detail=detail) from error

    def _remember(self, path: Path) -> None:
        added = self._settings.get(ADDED_MODELS)
        if str(path) not in added:
            self._set_added((*added, str(path)))

    def _remove(self, model_id: ModelId) -> None:
        entries = [entry for entry in self._all() if entry.model.id == model_id]
        if not entries:
            raise ModelNotFoundError(model=model_id)
        owned = [entry for entry in entries if entry.model.owned]
        try:
            for path in [file for entry in owned for file in entry.files]:
                self._remove_everywhere(path)
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise DiskWriteError(path=str(self._layout.root), detail=detail) from error
        if not owned:
            forgotten = {str(entry.model.path) for entry in entries}
            added = self._settings.get(ADDED_MODELS)
            self._set_added(tuple(path for path in added if path not in forgotten))

    def _remove_everywhere(self, path: Path) -> None:
        """Delete a file and its names in other snapshots, else it would be listed again."""
        folder = self._layout.root / path.relative_to(self._layout.root).parts[0]
        bytes_of = path.resolve()
        for other in sorted((folder / "snapshots").rglob("*")):
            if other != path and other.is_file() and other.resolve() == bytes_of:
                self._layout.remove(other)
        self._layout.remove(path)

    def _hash(self, model_id: ModelId, stop: threading.Event) -> InstalledModel:
        for entry in self._all():
            if entry.model.id != model_id:
                continue
            if entry.model.verified:
                return entry.model
            try:
                for file in entry.files:
                    self._hashes.hash(file, lambda: not stop.is_set())
                model = entry.model
                return self._installed.describe(model.path, model.repo, owned=model.owned).model
            except OSError as error:
                detail = f"it can't be read ({error.strerror})"
                raise ModelFileError(name=entry.model.name, detail=detail) from error
        raise ModelNotFoundError(model=model_id)

    def _follow(self, old: ModelId, new: ModelId) -> None:
        if self._settings.get(LAST_MODEL) != old:
            return
        try:
            self._settings.set(LAST_MODEL, new)
        except OSError as error:
            raise DiskWriteError(path="settings.json", detail=error.strerror or "") from error

    def _set_added(self, paths: tuple[str, ...]) -> None:
        self._set(ADDED_MODELS, paths)

    def _set(self, setting: Setting[T], value: T) -> None:
        try:
            self._settings.set(setting, value)
        except OSError as error:
            detail = error.strerror or type(error).__name__
            raise DiskWriteError(path="settings.json", detail=detail) from error

    def _by_name(self, text: str, models: Sequence[InstalledModel]) -> list[InstalledModel]:
        if text.startswith("sample:"):  # perhaps from before it was hashed
            return [model for model in models if self._installed.sample(model.path) == text]
        name = text.removesuffix(".gguf").lower()
        return [model for model in models if text == model.id or model.name.lower() == name]


def _as_guide(path: Path, size_bytes: int, digest: str) -> InstalledModel:
    return InstalledModel(
        whole_id([digest]), GUIDE_NAME, path, size_bytes, verified=True, owned=False, built_in=True
    )


def _may_be_there(path: Path) -> bool:
    """Whether something is there, or something is in the way of seeing it."""
    try:
        return path.exists()
    except OSError:
        return True


def _by_repo(text: str, models: Sequence[InstalledModel]) -> list[InstalledModel]:
    try:
        wanted = parse_reference(text)
    except BadRepositoryNameError:
        return []
    return [model for model in models if _is_of(model, wanted)]


def _is_of(model: InstalledModel, wanted: HubReference) -> bool:
    if model.repo is None or model.repo.lower() != wanted.repo.lower():
        return False
    if wanted.file is not None:
        return model.path.as_posix().endswith(f"/{wanted.file}")
    return wanted.quant is None or _quant(model) == wanted.quant


def _quant(model: InstalledModel) -> str:
    return quant_of(f"{model.path.parent.name}/{model.name}.gguf")


def _preference(model: InstalledModel) -> tuple[bool, int, str]:
    return (_quant(model) != _FAVOURITE_QUANT, model.size_bytes, model.name)
