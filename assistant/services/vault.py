"""Opening the history: which key, from where, and what stands in the way.

The rule above all: whatever goes wrong, no file of the user's is replaced, and nothing that was
to be encrypted is ever written in the clear. A new database is made only where there is neither
a database nor a `key.json`.
"""

import asyncio
import logging
import unicodedata
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace

from assistant.domain.errors import (
    HearthError,
    HistoryDiskError,
    HistoryUnreadableError,
    KeyMissingError,
    KeyringUnavailableError,
    SettingsUnreadableError,
    WrongPassphraseError,
    WrongRecoveryCodeError,
)
from assistant.domain.events import ChatsChanged, Event
from assistant.domain.vault import Protection, VaultState, VaultStatus
from assistant.services.history import HistoryService
from assistant.settings.durable import write_durably
from assistant.settings.lock import one_process
from assistant.settings.paths import DataPaths
from assistant.settings.secrets import SecretStore
from assistant.settings.store import SettingsStore
from assistant.settings.table import RECOVERY_OFFERED
from assistant.storage.connection import is_plain
from assistant.storage.encrypting import encrypt_backups
from assistant.storage.history import HistoryStore, create_history, open_history
from assistant.storage.keyfile import KeyFile, KeyRecord
from assistant.storage.recovery import new_code, secret_of
from assistant.storage.sealing import (
    DESKTOP,
    Cost,
    SealedKey,
    check_value,
    is_right,
    new_key,
    seal,
    unseal,
)
from assistant.storage.thread import DatabaseThread

log = logging.getLogger(__name__)


class VaultService:
    """Holds the history once it is open.

    Methods never raise what a user can meet: the status they give carries it as its `problem`.
    `sole_user` is False where another Hearth may have the data folder open (the command line):
    answers in progress and hidden chats are then left alone.
    """

    def __init__(
        self,
        paths: DataPaths,
        secrets: SecretStore,
        settings: SettingsStore,
        publish: Callable[[Event], None],
        *,
        cost: Cost = DESKTOP,
        sole_user: bool = True,
    ) -> None:
        self._paths = paths
        self._secrets = secrets
        self._settings = settings
        self._publish = publish
        self._cost = cost
        self._sole_user = sole_user
        self._key_file = KeyFile(paths.key_file, write_durably)
        self._turn = asyncio.Lock()
        self._record: KeyRecord | None = None
        self._key: bytes | None = None
        self._fresh = False
        self._thread: DatabaseThread | None = None
        self._store: HistoryStore | None = None
        self.history: HistoryService | None = None
        self.status = VaultStatus(VaultState.LOCKED, None)

    async def open(self) -> VaultStatus:
        """Try what needs no words from the user. Can be repeated, after each try that failed."""
        async with self._turn:
            if self.history is None:
                self.status = await self._guarded(self._open)
            return self.status

    async def unlock_with_passphrase(self, passphrase: str) -> VaultStatus:
        """Open a history that a passphrase protects."""
        async with self._turn:
            record = self._record
            if self.history is None and record is not None:
                self.status = await self._guarded(lambda: self._by_passphrase(record, passphrase))
            return self.status

    async def unlock_with_recovery_code(self, code: str) -> VaultStatus:
        """Open the history whatever protects it; puts the key back into the keyring."""
        async with self._turn:
            record = self._record
            if self.history is None and record is not None:
                self.status = await self._guarded(lambda: self._by_recovery_code(record, code))
            return self.status

    async def choose_passphrase(self, passphrase: str) -> VaultStatus:
        """Protect by a passphrase: a new history, or the open one from now on.

        The key stays the same, so nothing is encrypted again; a history that was not encrypted
        gets a key now. ValueError for an empty passphrase.
        """
        if not passphrase:
            raise ValueError("a passphrase needs at least one character")
        async with self._turn:
            self.status = await self._guarded(lambda: self._protect(passphrase))
            return self.status

    async def choose_unencrypted(self) -> VaultStatus:
        """Begin a new history that is not encrypted, by the user's plain wish."""
        async with self._turn:
            if self.status.state is VaultState.NEW:
                record = KeyRecord(folder=_new_folder(), protection=Protection.NONE)
                self.status = await self._guarded(lambda: self._begin(record, None))
            return self.status

    async def make_recovery_code(self) -> str:
        """Make a code that opens the history; one made before opens it no more.

        Only its sealed copy of the key is stored. ValueError where the history is not open or
        not encrypted; raises HistoryDiskError.
        """
        async with self._turn:
            if self._record is None or self._key is None or self.history is None:
                raise ValueError("a recovery code is for an open, encrypted history")
            code = new_code()
            recovery = await self._seal(self._record, self._key, secret_of(code), "recovery")
            await self._save(replace(self._record, recovery=recovery))
            self._note_offered()
            self.status = self._opened()
            return code

    async def close(self) -> None:
        """Close the history. Harmless when repeated."""
        async with self._turn:
            if self._thread is not None and self._store is not None:
                if self._sole_user and self.history is not None:
                    await self._purge(self.history)
                await self._thread.call(self._store.close)
            await self._let_go()
            self.status = replace(self.status, state=VaultState.LOCKED, problem=None)

    # --- the ways in ---

    async def _open(self) -> VaultStatus:
        self._record, self._fresh = None, False
        record = self._key_file.read()
        if record is None and self._paths.database.exists():
            record = self._adopt()
        # A start that was cut off before the database was made left nothing to lose.
        if record is None or not (record.made or self._has_bytes()):
            self._fresh = True
            return await self._begin_with_keyring()
        if record.converting and self._is_plain():
            # It was cut off before the encrypted copy took the old file's place.
            record = replace(record, protection=Protection.NONE)
        record = self._record = replace(record, converting=False)
        if record.protection is Protection.NONE:
            return await self._start(record, None)
        if record.protection is Protection.PASSPHRASE:
            return VaultStatus(VaultState.LOCKED, record.protection, record.recovery is not None)
        key = _key_of(await self._secrets.get(record.entry))
        return await self._start(record, _checked(record, key, KeyMissingError))

    async def _begin_with_keyring(self) -> VaultStatus:
        key, folder = new_key(), _new_folder()
        record = KeyRecord(folder, Protection.KEYRING, check=check_value(key, folder))
        return await self._begin(await self._into_keyring(record, key), key)

    async def _by_passphrase(self, record: KeyRecord, passphrase: str) -> VaultStatus:
        key = await self._unseal(record, record.passphrase, _words(passphrase), "passphrase")
        return await self._start(record, _checked(record, key, WrongPassphraseError))

    async def _by_recovery_code(self, record: KeyRecord, code: str) -> VaultStatus:
        key = await self._unseal(record, record.recovery, secret_of(code), "recovery")
        right = _checked(record, key, WrongRecoveryCodeError)
        opened = await self._start(record, right)
        if record.protection is Protection.KEYRING and self._record is not None:
            await self._save(await self._into_keyring(self._record, right))
        return opened

    async def _protect(self, passphrase: str) -> VaultStatus:
        if self.status.state is VaultState.NEW:
            key, folder = new_key(), _new_folder()
            record = KeyRecord(folder, Protection.PASSPHRASE, check=check_value(key, folder))
            box = await self._seal(record, key, _words(passphrase), "passphrase")
            return await self._begin(replace(record, passphrase=box), key)
        if self.history is None or self._record is None:
            return self.status
        old = self._record
        if self._key is None:
            return await self._encrypt(old, passphrase)
        box = await self._seal(old, self._key, _words(passphrase), "passphrase")
        await self._save(
            replace(old, protection=Protection.PASSPHRASE, passphrase=box, keyring=None)
        )
        if old.protection is Protection.KEYRING:
            await self._forget_entry(old)
        return self._opened()

    async def _encrypt(self, old: KeyRecord, passphrase: str) -> VaultStatus:
        if self._thread is None or self._store is None:
            return self.status
        key = new_key()
        record = replace(old, protection=Protection.PASSPHRASE, check=check_value(key, old.folder))
        box = await self._seal(record, key, _words(passphrase), "passphrase")
        record = replace(record, passphrase=box, converting=True)
        paths = self._paths
        try:
            await self._thread.call(
                self._store.encrypt,
                paths.database,
                key,
                paths.backups,
                lambda: self._key_file.save(record),
            )
        except HearthError:
            if not self._store.is_open:
                await self._let_go()
            raise
        self._key = key
        await self._save(replace(record, converting=False))
        await self._thread.call(encrypt_backups, paths.backups, key)
        return self._opened()

    # --- steps ---

    async def _guarded(self, step: Callable[[], Awaitable[VaultStatus]]) -> VaultStatus:
        try:
            self._prepare_folder()
            # Two first starts at once would each make a key, and one would lose its chats.
            async with one_process(self._paths.key_lock):
                return await step()
        except HearthError as problem:
            if self.history is not None:
                return self._opened(problem)
            if self._fresh and not self._has_bytes():
                return VaultStatus(VaultState.NEW, None, problem=problem)
            record = self._record
            if record is None:
                return VaultStatus(VaultState.LOCKED, None, problem=problem)
            recoverable = record.recovery is not None
            return VaultStatus(VaultState.LOCKED, record.protection, recoverable, problem)

    async def _begin(self, record: KeyRecord, key: bytes | None) -> VaultStatus:
        if self._has_bytes():
            raise HistoryUnreadableError(path=str(self._paths.database), detail="it is in the way")
        # The key's file comes first: a database without it would be lost.
        await self._save(record)
        return await self._start(record, key)

    async def _start(self, record: KeyRecord, key: bytes | None) -> VaultStatus:
        make = open_history if record.made or self._has_bytes() else create_history
        thread = DatabaseThread()
        try:
            store = await thread.call(make, self._paths.database, key, self._paths.backups)
        except BaseException:
            await thread.close()
            raise
        self._record, self._key, self._fresh = record, key, False
        self._thread, self._store = thread, store
        self.history = HistoryService(thread, store, self._publish)
        self._publish(ChatsChanged())
        # From here on the chats can be read, whatever fails: `_guarded` says what did.
        if not record.made or not self._key_file.is_whole(record):
            await self._save(replace(record, made=True))
        if self._sole_user and store.problem is None:
            await self.history.interrupt_unfinished()
            await self.history.purge_deleted()
        return self._opened(store.problem)

    async def _into_keyring(self, record: KeyRecord, key: bytes) -> KeyRecord:
        """Keep the key in the keyring, and know that it can be read again."""
        await self._secrets.set(record.entry, key.hex())
        if _key_of(await self._secrets.get(record.entry)) != key:
            raise KeyringUnavailableError(detail="it did not keep the key")
        return replace(record, keyring=await self._secrets.backend())

    async def _let_go(self) -> None:
        if self._thread is not None:
            await self._thread.close()
        self._thread, self._store, self.history = None, None, None
        self._key, self._record = None, None

    async def _forget_entry(self, record: KeyRecord) -> None:
        try:
            await self._secrets.delete(record.entry)
        except HearthError as problem:
            log.warning("the old keyring entry stays: %s", problem.code)

    async def _seal(self, record: KeyRecord, key: bytes, words: bytes, way: str) -> SealedKey:
        return await asyncio.to_thread(seal, key, words, _purpose(record, way), self._cost)

    async def _unseal(
        self, record: KeyRecord, box: SealedKey | None, words: bytes, way: str
    ) -> bytes | None:
        if box is None:
            return None
        return await asyncio.to_thread(unseal, box, words, _purpose(record, way))

    async def _save(self, record: KeyRecord) -> None:
        await asyncio.to_thread(self._key_file.save, record)
        self._record = record

    async def _purge(self, history: HistoryService) -> None:
        try:
            await history.purge_deleted()
        except HearthError as problem:
            log.warning("hidden chats stay until the next start: %s", problem.code)

    def _note_offered(self) -> None:
        try:
            self._settings.set(RECOVERY_OFFERED, value=True)
        except (OSError, SettingsUnreadableError):
            log.warning("it can't be noted that a recovery code was made")

    def _prepare_folder(self) -> None:
        try:
            self._paths.prepare()
        except OSError as error:
            raise HistoryDiskError(detail=error.strerror or str(error)) from error

    def _has_bytes(self) -> bool:
        database = self._paths.database
        return database.exists() and database.stat().st_size > 0

    def _is_plain(self) -> bool:
        try:
            return is_plain(self._paths.database)
        except OSError as error:
            raise HistoryDiskError(detail=error.strerror or str(error)) from error

    def _adopt(self) -> KeyRecord:
        """Take over a database whose `key.json` is lost: only one that needs no key."""
        if not self._is_plain():
            raise HistoryUnreadableError(
                path=str(self._paths.database), detail="the file key.json beside it is missing"
            )
        return KeyRecord(folder=_new_folder(), protection=Protection.NONE, made=True)

    def _opened(self, problem: HearthError | None = None) -> VaultStatus:
        record = self._record
        if record is None:
            raise RuntimeError("an open history without its record")
        return VaultStatus(VaultState.OPEN, record.protection, record.recovery is not None, problem)


def _new_folder() -> str:
    return uuid.uuid4().hex


def _purpose(record: KeyRecord, way: str) -> str:
    return f"hearth history key {record.folder} {way}"


def _words(passphrase: str) -> bytes:
    # The same passphrase from another keyboard or system gives the same bytes (RFC 8265).
    return unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")


def _key_of(secret: str | None) -> bytes | None:
    try:
        return bytes.fromhex(secret) if secret is not None else None
    except ValueError:
        return None


def _checked(record: KeyRecord, key: bytes | None, otherwise: type[HearthError]) -> bytes:
    if key is None or not is_right(key, record.folder, record.check or ""):
        raise otherwise
    return key
