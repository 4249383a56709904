"""Every error of the app in the user's language: one sentence, one next step."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from assistant.domain.errors import HearthError


def _texts() -> dict[str, tuple[str, str]]:
    """Sentence and next step by the error's code. Literals, so that lupdate finds them."""
    say = QCoreApplication.translate
    return {
        "no_window": (
            say("Errors", "No window can be opened ({detail})."),
            say("Errors", "Start Hearth on a desktop."),
        ),
        "file_write": (
            say("Errors", "{path} can't be written ({detail})."),
            say("Errors", "Choose another place."),
        ),
        "message_not_found": (
            say("Errors", "This message is not there any more."),
            say("Errors", "Open the chat again."),
        ),
        "engine_unavailable": (
            say("Errors", "The engine could not be started ({detail})."),
            say(
                "Errors",
                "Start Hearth again. If it happens again, run “hearth doctor” in a terminal.",
            ),
        ),
        "engine_crashed": (
            say(
                "Errors",
                "The engine stopped while it was answering. What was written so far is kept.",
            ),
            say("Errors", "Ask again; the engine is being restarted."),
        ),
        "load_crashed": (
            say("Errors", "The engine stopped while it was loading “{name}”."),
            say(
                "Errors",
                "Try again; if it happens again, choose another model: this file may be damaged.",
            ),
        ),
        "engine_gave_up": (
            say("Errors", "The engine stopped three times within two minutes and stays off."),
            say("Errors", "Choose another model, or restart the engine."),
        ),
        "engine_busy": (
            say("Errors", "The engine is busy."),
            say("Errors", "Try again in {retry_after_s} s."),
        ),
        "engine_request": (
            say("Errors", "The engine refused the request: {detail}."),
            say("Errors", "Change the setting it names."),
        ),
        "engine_fault": (
            say("Errors", "The engine failed: {detail}."),
            say("Errors", "Try again; if it happens again, run `hearth doctor`."),
        ),
        "engine_cancelled": (
            say("Errors", "The engine was told to do something else first."),
            say("Errors", "Try again."),
        ),
        "context_exceeded": (
            say(
                "Errors",
                "The conversation has {prompt_tokens} tokens, but the model's context holds"
                " {context_tokens}.",
            ),
            say("Errors", "Start a new chat, or shorten the message."),
        ),
        "template_failed": (
            say("Errors", "The model's chat template failed: {detail}."),
            say("Errors", "Choose another model; this one may have been made badly."),
        ),
        "model_not_found": (
            say("Errors", "There is no model “{model}” on this computer."),
            say("Errors", "Add it with Add model."),
        ),
        "no_model": (
            say("Errors", "No model is installed yet."),
            say("Errors", "Add one with Add model, or open a GGUF file."),
        ),
        "model_file": (
            say("Errors", "“{name}” can't be used as a model: {detail}."),
            say("Errors", "Download it again, or choose another file."),
        ),
        "model_part_missing": (
            say(
                "Errors", "“{name}” is part of a model of {count} files, and {missing} is missing."
            ),
            say("Errors", "Put all parts into one folder."),
        ),
        "model_too_large": (
            say("Errors", "“{name}” needs {needed} of memory, but {available} are free."),
            say("Errors", "Close other programs, or choose a smaller model."),
        ),
        "offline": (
            say("Errors", "{host} can't be reached."),
            say("Errors", "Check the network connection, then try again."),
        ),
        "hub_auth": (
            say("Errors", "{host} asks for an access token for “{repo}”, or the token is wrong."),
            say("Errors", "Enter an access token in Settings."),
        ),
        "hub_gated": (
            say("Errors", "“{repo}” is open only to those who accepted its terms."),
            say("Errors", "Accept the terms on its page, then enter your access token."),
        ),
        "hub_not_found": (
            say("Errors", "{host} has no “{what}”."),
            say("Errors", "Check the spelling of the name."),
        ),
        "hub_rate_limit": (
            say("Errors", "{host} asks to wait before the next request."),
            say("Errors", "Try again in {retry_after_s} s."),
        ),
        "hub_server": (
            say("Errors", "{host} answered with an error ({detail})."),
            say("Errors", "Try again later."),
        ),
        "hub_proxy": (
            say("Errors", "The network's proxy does not let Hearth reach {host} ({detail})."),
            say("Errors", "Check the proxy settings of this computer, then try again."),
        ),
        "hub_certificate": (
            say(
                "Errors", "The connection to {host} is not private: its certificate is not trusted."
            ),
            say("Errors", "Check the date of this computer, or use another network."),
        ),
        "captive_portal": (
            say(
                "Errors", "{host} answered with a web page, as the sign-in page of a network does."
            ),
            say("Errors", "Open a browser, sign in to the network, then try again."),
        ),
        "no_gguf": (
            say("Errors", "“{repo}” holds no GGUF file."),
            say("Errors", "Look for a repository whose name ends in GGUF."),
        ),
        "insecure_endpoint": (
            say("Errors", "“{endpoint}” is not an https address."),
            say("Errors", "Use an address that starts with https://."),
        ),
        "bad_repository": (
            say("Errors", "“{text}” is not the name of a repository."),
            say("Errors", "Write it as owner/name, or paste its address."),
        ),
        "disk_full": (
            say("Errors", "There is not enough room: {needed} are needed, {available} are free."),
            say("Errors", "Free some space on the disk of {path}, then try again."),
        ),
        "file_too_large_for_disk": (
            say("Errors", "The disk of {path} can't hold a file of {size}."),
            say(
                "Errors",
                "Choose a data folder on a disk without that limit; FAT32 disks end at 4 GB.",
            ),
        ),
        "disk_write": (
            say("Errors", "{path} can't be written ({detail}). What arrived is kept."),
            say("Errors", "Check the disk and the rights of the folder, then press Resume."),
        ),
        "download_not_found": (
            say("Errors", "There is no download “{download}”."),
            say("Errors", "Start it again from its repository."),
        ),
        "checksum": (
            say(
                "Errors",
                "“{name}” arrived damaged: its checksum is not the one that {host} states.",
            ),
            say("Errors", "Download it again."),
        ),
        "size_mismatch": (
            say("Errors", "“{name}” has {actual} bytes, but {host} states {expected}."),
            say("Errors", "Download it again."),
        ),
        "download_interrupted": (
            say("Errors", "The download of “{name}” was interrupted. What arrived is kept."),
            say("Errors", "Press Resume."),
        ),
        "keyring_unavailable": (
            say("Errors", "This computer offers no keyring ({detail})."),
            say("Errors", "Choose a passphrase, or keep the chats unencrypted."),
        ),
        "keyring_locked": (
            say("Errors", "The keyring is locked."),
            say("Errors", "Unlock it and try again, or use your recovery code."),
        ),
        "key_missing": (
            say("Errors", "The key to your chats is not in the keyring any more."),
            say("Errors", "Enter your recovery code."),
        ),
        "wrong_passphrase": (
            say("Errors", "This passphrase does not open your chats."),
            say("Errors", "Try again, or use your recovery code."),
        ),
        "wrong_recovery_code": (
            say("Errors", "This recovery code does not open these chats."),
            say("Errors", "Check each group of characters."),
        ),
        "history_unreadable": (
            say("Errors", "The chats in {path} can't be read ({detail}). Nothing was changed."),
            say(
                "Errors",
                "Restore a backup from the folder beside it, or start with another data folder.",
            ),
        ),
        "history_newer": (
            say("Errors", "The chats in {path} were written by a newer version of Hearth."),
            say("Errors", "Install the newer version. Nothing was changed."),
        ),
        "history_disk": (
            say("Errors", "Your chats can't be saved ({detail}). Your text stays in the editor."),
            say("Errors", "Free some space on the disk, then send again."),
        ),
        "already_running": (
            say("Errors", "Hearth is already open with the data folder {path}."),
            say("Errors", "Use the window that is open, or start with another data folder."),
        ),
        "chat_busy": (
            say("Errors", "This chat is still being answered."),
            say("Errors", "Wait for the end of the answer, or stop it."),
        ),
        "history_locked": (
            say("Errors", "The chats are locked."),
            say("Errors", "Unlock them first."),
        ),
        "chat_not_found": (
            say("Errors", "This chat is not there any more."),
            say("Errors", "Choose another chat."),
        ),
        "settings_unreadable": (
            say("Errors", "The settings in {path} can't be read; defaults are in force."),
            say("Errors", "The old file was kept as {kept}."),
        ),
    }


def known_codes() -> frozenset[str]:
    """Codes that have texts here."""
    return frozenset(_texts())


def sentence(error: HearthError) -> str:
    """What happened."""
    return _filled(error.code, 0, error.params) or error.message


def next_step(error: HearthError) -> str:
    """What the user can do."""
    return _filled(error.code, 1, error.params) or error.next_step


def sentence_of(code: str, params: Mapping[str, object]) -> str:
    """What happened, for an error that was kept as its code."""
    return _filled(code, 0, params) or QCoreApplication.translate("Errors", "Something went wrong.")


def next_step_of(code: str, params: Mapping[str, object]) -> str:
    """What the user can do, for an error that was kept as its code."""
    return _filled(code, 1, params) or QCoreApplication.translate("Errors", "Try again.")


class _Blanks(dict[str, object]):
    """Parameters; one that was not kept is left out of the sentence."""

    def __missing__(self, key: str) -> str:
        return "…"


def _filled(code: str, part: int, params: Mapping[str, object]) -> str:
    texts = _texts().get(code)
    return texts[part].format_map(_Blanks(params)) if texts else ""
