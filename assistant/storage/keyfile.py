"""`key.json`: how the history is unlocked. Holds the key only sealed, never in the clear.

Format 1, a JSON object: `format`; `folder`, the id of this data folder, which names its entry in
the keyring; `made`, whether the database was made and opened once; `converting`, whether
it is still open text until its encrypted copy takes its place; `protection`; `keyring`, what
kept the key; `check`, an HMAC that tells the right key; `passphrase` and `recovery`, the sealed
key: `kdf`, `memory_kib`, `iterations`, `lanes`, `salt`, `nonce`, `sealed` (hexadecimal).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.errors import (
    HistoryDiskError,
    HistoryNewerError,
    HistoryUnreadableError,
)
from assistant.domain.vault import Protection
from assistant.storage.sealing import NONCE_BYTES, SALT_BYTES, Cost, SealedKey

FORMAT = 1
_KDF = "argon2id"
_TAG_BYTES = 16
_KEY_BYTES = 32
_CHECK_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What `key.json` says."""

    folder: str
    protection: Protection
    made: bool = False
    converting: bool = False
    keyring: str | None = None
    check: str | None = None
    passphrase: SealedKey | None = None
    recovery: SealedKey | None = None

    @property
    def entry(self) -> str:
        """Name of the key's entry in the keyring."""
        return f"history-key-{self.folder}"


class KeyFile:
    """The file, and a second copy beside it: without them an encrypted history is lost.

    `write` replaces a file durably (architecture: storage does not know of settings).
    """

    def __init__(self, path: Path, write: Callable[[Path, bytes], None]) -> None:
        self._path = path
        self._copy = path.with_name(f"{path.stem}.copy{path.suffix}")
        self._write = write

    def exists(self) -> bool:
        """Tell whether the file or its copy is there."""
        return self._path.exists() or self._copy.exists()

    def read(self) -> KeyRecord | None:
        """Read the file, or its copy where the file is missing or damaged; None where none is.

        Raises HistoryNewerError, and HistoryUnreadableError where neither can be read.
        """
        damaged = False
        for path in (self._path, self._copy):
            try:
                return self._parse(path.read_bytes())
            except FileNotFoundError:
                continue
            except (OSError, KeyError, TypeError, ValueError, RecursionError):
                damaged = True
        if damaged:
            raise HistoryUnreadableError(path=str(self._path), detail="the file is damaged")
        return None

    def save(self, record: KeyRecord) -> None:
        """Replace both files. The copy follows only once the first can be read again.

        Raises HistoryDiskError; one of the two then still holds the old or the new record.
        """
        data = _dump(record)
        try:
            self._write(self._path, data)
            if self._path.read_bytes() != data:
                raise HistoryDiskError(detail="key.json was not stored as it was written")
            self._write(self._copy, data)
        except OSError as error:
            raise HistoryDiskError(detail=error.strerror or str(error)) from error

    def is_whole(self, record: KeyRecord) -> bool:
        """Tell whether both files hold just this record."""
        data = _dump(record)
        try:
            return self._path.read_bytes() == data and self._copy.read_bytes() == data
        except OSError:
            return False

    def _parse(self, data: bytes) -> KeyRecord:
        values = json.loads(data)
        number = values["format"]
        if isinstance(number, int) and number > FORMAT:
            raise HistoryNewerError(path=str(self._path))
        if number != FORMAT or isinstance(number, bool):
            raise ValueError("not a format of key.json")
        return _record(values)


def _record(values: Mapping[str, object]) -> KeyRecord:
    record = KeyRecord(
        folder=_text(values["folder"]),
        protection=Protection(_text(values["protection"])),
        made=values["made"] is True,
        converting=values.get("converting") is True,
        keyring=_optional_text(values["keyring"]),
        check=_check(values["check"]),
        passphrase=_sealed(values["passphrase"]),
        recovery=_sealed(values["recovery"]),
    )
    if record.protection is not Protection.NONE and record.check is None:
        raise ValueError("an encrypted history needs a check value")
    if record.protection is Protection.PASSPHRASE and record.passphrase is None:
        raise ValueError("the sealed key is missing")
    return record


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is needed")
    return value


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _check(value: object) -> str | None:
    return None if value is None else _bytes(value, _CHECK_BYTES).hex()


def _sealed(value: object) -> SealedKey | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise TypeError("a sealed key is an object")
    cost = Cost(_number(value["memory_kib"]), _number(value["iterations"]), _number(value["lanes"]))
    if value["kdf"] != _KDF or not cost.is_sane():
        raise ValueError("not a way of sealing that is in use")
    return SealedKey(
        cost=cost,
        salt=_bytes(value["salt"], SALT_BYTES),
        nonce=_bytes(value["nonce"], NONCE_BYTES),
        sealed=_bytes(value["sealed"], _KEY_BYTES + _TAG_BYTES),
    )


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is needed")
    return value


def _bytes(value: object, length: int) -> bytes:
    data = bytes.fromhex(_text(value))
    if len(data) != length:
        raise ValueError(f"{length} bytes are needed")
    return data


def _dump(record: KeyRecord) -> bytes:
    values = {
        "format": FORMAT,
        "folder": record.folder,
        "made": record.made,
        "converting": record.converting,
        "protection": record.protection.value,
        "keyring": record.keyring,
        "check": record.check,
        "passphrase": _dump_sealed(record.passphrase),
        "recovery": _dump_sealed(record.recovery),
    }
    return (json.dumps(values, indent=2) + "\n").encode()


def _dump_sealed(box: SealedKey | None) -> dict[str, object] | None:
    if box is None:
        return None
    return {
        "kdf": _KDF,
        "memory_kib": box.cost.memory_kib,
        "iterations": box.cost.iterations,
        "lanes": box.cost.lanes,
        "salt": box.salt.hex(),
        "nonce": box.nonce.hex(),
        "sealed": box.sealed.hex(),
    }
