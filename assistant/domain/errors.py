"""The one hierarchy of errors that a user may meet.

Each has a stable `code`, typed parameters, an English sentence and one next step (`hint`).
`ui/errors.py` holds a translation for every code. Anything that is not a `HearthError` is a bug.
"""

from typing import ClassVar


class HearthError(Exception):
    """Base of every expected failure.

    `code` is stable: translations, tests and scripts refer to it. `sentence` and `hint` are
    English templates over `params`.
    """

    code: ClassVar[str] = "hearth"
    sentence: ClassVar[str] = "Something went wrong."
    hint: ClassVar[str] = "Try again."

    def __init__(self, **params: object) -> None:
        self.params: dict[str, object] = params
        super().__init__(self.sentence.format_map(params))

    @property
    def message(self) -> str:
        """The sentence, with the parameters filled in."""
        return self.sentence.format_map(self.params)

    @property
    def next_step(self) -> str:
        """What the user can do about it."""
        return self.hint.format_map(self.params)


# --- the engine -----------------------------------------------------------------------------


class EngineUnavailableError(HearthError):
    """The engine program can't be started or does not answer."""

    code = "engine_unavailable"
    sentence = "The engine could not be started ({detail})."
    hint = "Start Hearth again; if it happens again, run `hearth doctor`."


class EngineCrashedError(HearthError):
    """The engine ended in the middle of an answer."""

    code = "engine_crashed"
    sentence = "The engine stopped while it was answering. What was written so far is kept."
    hint = "Ask again; the engine is being restarted."


class LoadCrashedError(HearthError):
    """The engine ended while it was loading a model."""

    code = "load_crashed"
    sentence = "The engine stopped while it was loading “{name}”."
    hint = "Try again; if it happens again, choose another model: this file may be damaged."


class EngineGaveUpError(HearthError):
    """Three deaths in two minutes."""

    code = "engine_gave_up"
    sentence = "The engine stopped three times within two minutes and stays off."
    hint = "Choose another model, or press Restart engine."


class EngineBusyError(HearthError):
    """The queue is full (HTTP 429)."""

    code = "engine_busy"
    sentence = "The engine is busy."
    hint = "Try again in {retry_after_s} s."


class EngineRequestError(HearthError):
    """The engine refused a request as malformed."""

    code = "engine_request"
    sentence = "The engine refused the request: {detail}."
    hint = "Change the setting it names."


class EngineFaultError(HearthError):
    """The engine met a fault of its own, or answered something that makes no sense."""

    code = "engine_fault"
    sentence = "The engine failed: {detail}."
    hint = "Try again; if it happens again, run `hearth doctor`."


class EngineCancelledError(HearthError):
    """The engine gave the work up because something else took its place."""

    code = "engine_cancelled"
    sentence = "The engine was told to do something else first."
    hint = "Try again."


class ContextExceededError(HearthError):
    """The prompt does not fit the model's context."""

    code = "context_exceeded"
    sentence = (
        "The conversation has {prompt_tokens} tokens, but the model's context holds"
        " {context_tokens}."
    )
    hint = "Start a new chat, or shorten the message."


class TemplateError(HearthError):
    """The model's chat template failed."""

    code = "template_failed"
    sentence = "The model's chat template failed: {detail}."
    hint = "Choose another model; this one may have been made badly."


# --- model files ----------------------------------------------------------------------------


class ModelNotFoundError(HearthError):
    """No such model is installed."""

    code = "model_not_found"
    sentence = "There is no model “{model}” on this computer."
    hint = "Add it with Add model, or `hearth models pull`."


class NoModelError(HearthError):
    """No model is installed at all."""

    code = "no_model"
    sentence = "No model is installed yet."
    hint = "Add one with Add model, or name a file with `--model`."


class ModelFileError(HearthError):
    """The file is not a model that can be run."""

    code = "model_file"
    sentence = "“{name}” can't be used as a model: {detail}."
    hint = "Download it again, or choose another file."


class ModelPartMissingError(HearthError):
    """A part of a split GGUF is missing."""

    code = "model_part_missing"
    sentence = "“{name}” is part of a model of {count} files, and {missing} is missing."
    hint = "Put all parts into one folder."


class ModelTooLargeError(HearthError):
    """The model does not fit the memory."""

    code = "model_too_large"
    sentence = "“{name}” needs {needed} of memory, but {available} are free."
    hint = "Close other programs, or choose a smaller model."


# --- the Hub and downloads ------------------------------------------------------------------


class OfflineError(HearthError):
    """No network, or the server can't be reached."""

    code = "offline"
    sentence = "{host} can't be reached."
    hint = "Check the network connection, then try again."


class HubAuthError(HearthError):
    """HTTP 401: a token is needed or wrong."""

    code = "hub_auth"
    sentence = "{host} asks for an access token for “{repo}”, or the token is wrong."
    hint = "Enter an access token in Settings."


class HubGatedError(HearthError):
    """HTTP 403: the repository is gated."""

    code = "hub_gated"
    sentence = "“{repo}” is open only to those who accepted its terms."
    hint = "Accept the terms on its page, then enter your access token."


class HubNotFoundError(HearthError):
    """HTTP 404."""

    code = "hub_not_found"
    sentence = "{host} has no “{what}”."
    hint = "Check the spelling of the name."


class HubRateLimitError(HearthError):
    """HTTP 429."""

    code = "hub_rate_limit"
    sentence = "{host} asks to wait before the next request."
    hint = "Try again in {retry_after_s} s."


class HubServerError(HearthError):
    """HTTP 5xx, or an answer that makes no sense."""

    code = "hub_server"
    sentence = "{host} answered with an error ({detail})."
    hint = "Try again later."


class HubProxyError(HearthError):
    """A proxy stands between and refuses (HTTP 407, or CONNECT refused)."""

    code = "hub_proxy"
    sentence = "The network's proxy does not let Hearth reach {host} ({detail})."
    hint = "Check the proxy settings of this computer, then try again."


class HubCertificateError(HearthError):
    """The TLS certificate is not valid: something listens in, or the clock is wrong."""

    code = "hub_certificate"
    sentence = "The connection to {host} is not private: its certificate is not trusted."
    hint = "Check the date of this computer, or use another network."


class CaptivePortalError(HearthError):
    """A web page came where data was asked for."""

    code = "captive_portal"
    sentence = "{host} answered with a web page, as the sign-in page of a network does."
    hint = "Open a browser, sign in to the network, then try again."


class NoGgufError(HearthError):
    """The repository holds no GGUF file."""

    code = "no_gguf"
    sentence = "“{repo}” holds no GGUF file."
    hint = "Look for a repository whose name ends in GGUF."


class InsecureEndpointError(HearthError):
    """A Hub address without https."""

    code = "insecure_endpoint"
    sentence = "“{endpoint}” is not an https address."
    hint = "Use an address that starts with https://."


class BadRepositoryNameError(HearthError):
    """Not a repository id or URL."""

    code = "bad_repository"
    sentence = "“{text}” is not the name of a repository."
    hint = "Write it as owner/name, or paste its address."


class DiskFullError(HearthError):
    """Not enough room on the disk."""

    code = "disk_full"
    sentence = "There is not enough room: {needed} are needed, {available} are free."
    hint = "Free some space on the disk of {path}, then try again."


class FileTooLargeForDiskError(HearthError):
    """The file system, or a limit on this account, allows no file of that size."""

    code = "file_too_large_for_disk"
    sentence = "The disk of {path} can't hold a file of {size}."
    hint = "Choose a data folder on a disk without that limit; FAT32 disks end at 4 GB."


class DiskWriteError(HearthError):
    """The disk can't be written: read-only, no right, or broken."""

    code = "disk_write"
    sentence = "{path} can't be written ({detail}). What arrived is kept."
    hint = "Check the disk and the rights of the folder, then press Resume."


class DownloadNotFoundError(HearthError):
    """No such download in the list."""

    code = "download_not_found"
    sentence = "There is no download “{download}”."
    hint = "Start it again from its repository."


class ChecksumError(HearthError):
    """The file's SHA-256 is not what the Hub states."""

    code = "checksum"
    sentence = "“{name}” arrived damaged: its checksum is not the one that {host} states."
    hint = "Download it again."


class SizeMismatchError(HearthError):
    """The server sent more or fewer bytes than stated."""

    code = "size_mismatch"
    sentence = "“{name}” has {actual} bytes, but {host} states {expected}."
    hint = "Download it again."


class DownloadInterruptedError(HearthError):
    """The line dropped too often. What arrived is kept."""

    code = "download_interrupted"
    sentence = "The download of “{name}” was interrupted. What arrived is kept."
    hint = "Press Resume."


# --- the history ----------------------------------------------------------------------------


class KeyringUnavailableError(HearthError):
    """There is no keyring, or it has no collection."""

    code = "keyring_unavailable"
    sentence = "This computer offers no keyring ({detail})."
    hint = "Choose a passphrase, or keep the chats unencrypted."


class KeyringLockedError(HearthError):
    """The keyring is locked, or its prompt was dismissed."""

    code = "keyring_locked"
    sentence = "The keyring is locked."
    hint = "Unlock it and try again, or use your recovery code."


class KeyMissingError(HearthError):
    """The keyring has no entry for this history, or a wrong one."""

    code = "key_missing"
    sentence = "The key to your chats is not in the keyring any more."
    hint = "Enter your recovery code."


class WrongPassphraseError(HearthError):
    """The passphrase does not open the history."""

    code = "wrong_passphrase"
    sentence = "This passphrase does not open your chats."
    hint = "Try again, or use your recovery code."


class WrongRecoveryCodeError(HearthError):
    """The recovery code does not open the history."""

    code = "wrong_recovery_code"
    sentence = "This recovery code does not open these chats."
    hint = "Check each group of characters."


class HistoryUnreadableError(HearthError):
    """The database can't be read: damaged, or not ours. It is never replaced."""

    code = "history_unreadable"
    sentence = "The chats in {path} can't be read ({detail}). Nothing was changed."
    hint = "Restore a backup from the folder beside it, or start with another data folder."


class HistoryNewerError(HearthError):
    """The database was written by a newer Hearth."""

    code = "history_newer"
    sentence = "The chats in {path} were written by a newer version of Hearth."
    hint = "Install the newer version. Nothing was changed."


class HistoryDiskError(HearthError):
    """The database can't be written (full or read-only disk)."""

    code = "history_disk"
    sentence = "Your chats can't be saved ({detail}). Your text stays in the editor."
    hint = "Free some space on the disk, then send again."


class FileWriteError(HearthError):
    """A file that the user named can't be written."""

    code = "file_write"
    sentence = "{path} can't be written ({detail})."
    hint = "Choose another place."


class NoWindowError(HearthError):
    """No window can be opened: no screen, or Qt lacks a library of the system."""

    code = "no_window"
    sentence = "No window can be opened ({detail})."
    hint = "Start Hearth on a desktop; `hearth ask` needs no window."


class AlreadyRunningError(HearthError):
    """Another Hearth uses this data folder."""

    code = "already_running"
    sentence = "Hearth is already open with the data folder {path}."
    hint = "Use the window that is open, or another folder with `--data-dir`."


class ChatBusyError(HearthError):
    """A message was sent to a chat whose last answer is not finished."""

    code = "chat_busy"
    sentence = "This chat is still being answered."
    hint = "Wait for the end of the answer, or stop it."


class HistoryLockedError(HearthError):
    """The chats were asked for before they were unlocked."""

    code = "history_locked"
    sentence = "The chats are locked."
    hint = "Unlock them first."


class ChatNotFoundError(HearthError):
    """No such chat."""

    code = "chat_not_found"
    sentence = "There is no chat “{chat}”."
    hint = "List them with `hearth chat list`."


class MessageNotFoundError(HearthError):
    """No such message: its chat was deleted meanwhile."""

    code = "message_not_found"
    sentence = "This message is not there any more."
    hint = "Open the chat again."


class SettingsUnreadableError(HearthError):
    """The settings file can't be read; it was set aside, not lost."""

    code = "settings_unreadable"
    sentence = "The settings in {path} can't be read; defaults are in force."
    hint = "The old file was kept as {kept}."


def all_errors() -> list[type[HearthError]]:
    """Every concrete error, for the test that finds none untranslated."""
    found: list[type[HearthError]] = []
    pending = [HearthError]
    while pending:
        for child in pending.pop().__subclasses__():
            found.append(child)
            pending.append(child)
    return found
