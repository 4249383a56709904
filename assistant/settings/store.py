"""The settings file: JSON, holding only what the user changed."""

import json
import logging
import threading
import time
from pathlib import Path
from typing import TypeVar

import filelock

from assistant.domain.errors import SettingsUnreadableError
from assistant.settings.durable import PRIVATE_FILE, write_durably
from assistant.settings.table import Setting

log = logging.getLogger(__name__)

T = TypeVar("T")


class SettingsStore:
    """Reads the file once, writes it whole and durably at each change. Safe between threads.

    A file that can't be read is set aside, never overwritten: `problem` then says so, and
    defaults are in force. Entries that are not in the table (a newer Hearth's) are kept.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._guard = threading.Lock()
        self.problem: SettingsUnreadableError | None = None
        self._locked_out = False
        self._values = self._read()

    def get(self, setting: Setting[T]) -> T:
        """Give the value in force: the user's where it is valid, else the default."""
        with self._guard:
            if setting.key not in self._values:
                return setting.default
            value = self._values[setting.key]
        try:
            return setting.read(value)
        except (TypeError, ValueError) as error:
            log.warning("setting %s has a value that can't be used: %s", setting.key, error)
            return setting.default

    def set(self, setting: Setting[T], value: T) -> None:
        """Change one setting; it is on the disk when this returns.

        Raises TypeError or ValueError for a value that the setting does not take, OSError where
        the file can't be written, SettingsUnreadableError where that would overwrite a file
        that could be neither read nor set aside. The old value stays in force then.
        """
        checked = setting.read(value)
        with self._guard, self._alone():
            if self._locked_out and self.problem is not None:
                raise self.problem
            # The app and the command line may both be at work: each changes only its own entry.
            changed = {**self._values, **self._read(), setting.key: checked}
            text = json.dumps(changed, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
            write_durably(self._path, text.encode())
            self._values = changed

    def _alone(self) -> filelock.BaseFileLock:
        return filelock.FileLock(self._path.with_name("settings.lock"), mode=PRIVATE_FILE)

    def _read(self) -> dict[str, object]:
        try:
            values = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError):
            self._set_aside()
            return {}
        if not isinstance(values, dict):
            self._set_aside()
            return {}
        return values

    def _set_aside(self) -> None:
        kept = self._path.with_name(f"settings-unreadable-{time.time_ns()}.json")
        try:
            self._path.rename(kept)
        except OSError:
            log.warning("the unreadable settings file can't be set aside")
            kept = self._path
            self._locked_out = True
        self.problem = SettingsUnreadableError(path=str(self._path), kept=str(kept))
