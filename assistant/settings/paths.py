"""The data folder: everything that Hearth writes lies under one root."""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

import assistant
from assistant.settings.durable import PRIVATE_FOLDER

DATA_DIR_VARIABLE = "HEARTH_DATA_DIR"


@dataclass(frozen=True, slots=True)
class DataPaths:
    """The places inside one data folder."""

    root: Path

    @property
    def database(self) -> Path:
        """The chats: SQLite, encrypted unless the user chose otherwise."""
        return self.root / "history.db"

    @property
    def key_file(self) -> Path:
        """How the database's key is unlocked. Holds no key in the clear."""
        return self.root / "key.json"

    @property
    def key_lock(self) -> Path:
        """Held for the moment in which a history is made or opened."""
        return self.root / "key.lock"

    @property
    def backups(self) -> Path:
        """Copies of the database, made before each change of its schema."""
        return self.root / "backups"

    @property
    def models(self) -> Path:
        """Downloaded models, in the Hugging Face cache layout."""
        return self.root / "models"

    @property
    def downloads(self) -> Path:
        """Downloads in progress; on the disk of `models`, so that a rename moves them."""
        return self.models / ".partial"

    @property
    def settings(self) -> Path:
        """What the user chose."""
        return self.root / "settings.json"

    @property
    def logs(self) -> Path:
        """Logs, without any text of a chat."""
        return self.root / "logs"

    @property
    def lock(self) -> Path:
        """Held by the one running app."""
        return self.root / "hearth.lock"

    def prepare(self) -> None:
        """Make the folder, open to this user only.

        A folder that was there with other people's files in it keeps its mode: only ours are
        private then, each by its own mode.
        """
        self.root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        is_open = stat.S_IMODE(self.root.stat().st_mode) != PRIVATE_FOLDER
        if is_open and self._is_ours():
            self.root.chmod(PRIVATE_FOLDER)

    def _is_ours(self) -> bool:
        names = {entry.name for entry in self.root.iterdir()}
        marks = {self.database.name, self.key_file.name, self.settings.name, self.lock.name}
        return not names or bool(names & marks)


def typed_path(text: str | Path) -> Path:
    """Make a path that a person typed absolute; `~name` of nobody here is a plain name."""
    path = Path(text)
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        return path.absolute()


def default_data_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """`HEARTH_DATA_DIR`, else the folder that the platform gives to an app's data."""
    chosen = environment.get(DATA_DIR_VARIABLE, "")
    if chosen:
        return typed_path(chosen)
    return platformdirs.user_data_path("hearth", appauthor=False, roaming=False)


def resource_folder() -> Path:
    """The folder `resources`, as the wheel and the bundle carry it, or as the sources do."""
    package = Path(assistant.__file__).parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
