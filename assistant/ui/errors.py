"""Every error of the app in the user's language: one sentence, one next step."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from assistant.domain.errors import HearthError


def _texts() -> dict[str, tuple[str, str]]:
    """Sentence and next step by the error's code. Literals, so that lupdate finds them."""
    translate = QCoreApplication.translate
    return {
        "no_window": (
            translate("Errors", "No window can be opened ({detail})."),
            translate("Errors", "Start Hearth on a desktop."),
        ),
        "file_write": (
            translate("Errors", "{path} can't be written ({detail})."),
            translate("Errors", "Choose another place."),
        ),
        "message_not_found": (
            translate("Errors", "This message is not there any more."),
            translate("Errors", "Open the chat again."),
        ),
        "engine_unavailable": (
            translate("Errors", "The engine could not be started ({detail})."),
            translate(
                "Errors",
                "Start Hearth again. If it happens again, run “hearth doctor” in a terminal.",
            ),
        ),
        "engine_crashed": (
            translate(
                "Errors",
                "The engine stopped while it was answering. What was written so far is kept.",
            ),
            translate("Errors", "Ask again; the engine is being restarted."),
        ),
        "load_crashed": (
            translate("Errors", "The engine stopped while it was loading “{name}”."),
            translate(
                "Errors",
                "Try again; if it happens again, choose another model: this file may be damaged.",
            ),
        ),
        "engine_gave_up": (
            translate("Errors", "The engine stopped three times within two minutes and stays off."),
            translate("Errors", "Choose another model, or restart the engine."),
        ),
        "engine_busy": (
            translate("Errors", "The engine is busy."),
            translate("Errors", "Try again in {retry_after_s} s."),
        ),
        "engine_request": (
            translate("Errors", "The engine refused the request: {detail}."),
            translate("Errors", "Change the setting it names."),
        ),
        "engine_fault": (
            translate("Errors", "The engine failed: {detail}."),
            translate("Errors", "Try again; if it happens again, run `hearth doctor`."),
        ),
        "engine_cancelled": (
            translate("Errors", "The engine was told to do something else first."),
            translate("Errors", "Try again."),
        ),
        "context_exceeded": (
            translate(
                "Errors",
                "The conversation has {prompt_tokens} tokens, but the model's context holds"
                " {context_tokens}.",
            ),
            translate("Errors", "Start a new chat, or shorten the message."),
        ),
        "template_failed": (
            translate("Errors", "The model's chat template failed: {detail}."),
            translate("Errors", "Choose another model; this one may have been made badly."),
        ),
        "model_not_found": (
            translate("Errors", "There is no model “{model}” on this computer."),
            translate("Errors", "Add it with Add model."),
        ),
        "no_model": (
            translate("Errors", "No model is installed yet."),
            translate("Errors", "Add one with Add model, or open a GGUF file."),
        ),
        "model_file": (
            translate("Errors", "“{name}” can't be used as a model: {detail}."),
            translate("Errors", "Download it again, or choose another file."),
        ),
        "model_part_missing": (
            translate(
                "Errors", "“{name}” is part of a model of {count} files, and {missing} is missing."
            ),
            translate("Errors", "Put all parts into one folder."),
        ),
        "model_too_large": (
            translate("Errors", "“{name}” needs {needed} of memory, but {available} are free."),
            translate("Errors", "Close other programs, or choose a smaller model."),
        ),
        "offline": (
            translate("Errors", "{host} can't be reached."),
            translate("Errors", "Check the network connection, then try again."),
        ),
        "hub_auth": (
            translate(
                "Errors", "{host} asks for an access token for “{repo}”, or the token is wrong."
            ),
            translate("Errors", "Enter an access token in Settings."),
        ),
        "hub_gated": (
            translate("Errors", "“{repo}” is open only to those who accepted its terms."),
            translate("Errors", "Accept the terms on its page, then enter your access token."),
        ),
        "hub_not_found": (
            translate("Errors", "{host} has no “{what}”."),
            translate("Errors", "Check the spelling of the name."),
        ),
        "hub_rate_limit": (
            translate("Errors", "{host} asks to wait before the next request."),
            translate("Errors", "Try again in {retry_after_s} s."),
        ),
        "hub_server": (
            translate("Errors", "{host} answered with an error ({detail})."),
            translate("Errors", "Try again later."),
        ),
        "hub_proxy": (
            translate("Errors", "The network's proxy does not let Hearth reach {host} ({detail})."),
            translate("Errors", "Check the proxy settings of this computer, then try again."),
        ),
        "hub_certificate": (
            translate(
                "Errors", "The connection to {host} is not private: its certificate is not trusted."
            ),
            translate("Errors", "Check the date of this computer, or use another network."),
        ),
        "captive_portal": (
            translate(
                "Errors", "{host} answered with a web page, as the sign-in page of a network does."
            ),
            translate("Errors", "Open a browser, sign in to the network, then try again."),
        ),
        "no_gguf": (
            translate("Errors", "“{repo}” holds no GGUF file."),
            translate("Errors", "Look for a repository whose name ends in GGUF."),
        ),
        "insecure_endpoint": (
            translate("Errors", "“{endpoint}” is not an https address."),
            translate("Errors", "Use an address that starts with https://."),
        ),
        "bad_repository": (
            translate("Errors", "“{text}” is not the name of a repository."),
            translate("Errors", "Write it as owner/name, or paste its address."),
        ),
        "disk_full": (
            translate(
                "Errors", "There is not enough room: {needed} are needed, {available} are free."
            ),
            translate("Errors", "Free some space on the disk of {path}, then try again."),
        ),
        "file_too_large_for_disk": (
            translate("Errors", "The disk of {path} can't hold a file of {size}."),
            translate(
                "Errors",
                "Choose a data folder on a disk without that limit; FAT32 disks end at 4 GB.",
            ),
        ),
        "disk_write": (
            translate("Errors", "{path} can't be written ({detail}). What arrived is kept."),
            translate("Errors", "Check the disk and the rights of the folder, then press Resume."),
        ),
        "download_not_found": (
            translate("Errors", "There is no download “{download}”."),
            translate("Errors", "Start it again from its repository."),
        ),
        "checksum": (
            translate(
                "Errors",
                "“{name}” arrived damaged: its checksum is not the one that {host} states.",
            ),
            translate("Errors", "Download it again."),
        ),
        "size_mismatch": (
            translate("Errors", "“{name}” has {actual} bytes, but {host} states {expected}."),
            translate("Errors", "Download it again."),
        ),
        "download_interrupted": (
            translate("Errors", "The download of “{name}” was interrupted. What arrived is kept."),
            translate("Errors", "Press Resume."),
        ),
        "keyring_unavailable": (
            translate("Errors", "This computer offers no keyring ({detail})."),
            translate("Errors", "Choose a passphrase, or keep the chats unencrypted."),
        ),
        "keyring_locked": (
            translate("Errors", "The keyring is locked."),
            translate("Errors", "Unlock it and try again, or use your recovery code."),
        ),
        "key_missing": (
            translate("Errors", "The key to your chats is not in the keyring any more."),
            translate("Errors", "Enter your recovery code."),
        ),
        "wrong_passphrase": (
            translate("Errors", "This passphrase does not open your chats."),
            translate("Errors", "Try again, or use your recovery code."),
        ),
        "wrong_recovery_code": (
            translate("Errors", "This recovery code does not open these chats."),
            translate("Errors", "Check each group of characters."),
        ),
        "history_unreadable": (
            translate(
                "Errors", "The chats in {path} can't be read ({detail}). Nothing was changed."
            ),
            translate(
                "Errors",
                "Restore a backup from the folder beside it, or start with another data folder.",
            ),
        ),
        "history_newer": (
            translate("Errors", "The chats in {path} were written by a newer version of Hearth."),
            translate("Errors", "Install the newer version. Nothing was changed."),
        ),
        "history_disk": (
            translate(
                "Errors", "Your chats can't be saved ({detail}). Your text stays in the editor."
            ),
            translate("Errors", "Free some space on the disk, then send again."),
        ),
        "already_running": (
            translate("Errors", "Hearth is already open with the data folder {path}."),
            translate("Errors", "Use the window that is open, or start with another data folder."),
        ),
        "chat_busy": (
            translate("Errors", "This chat is still being answered."),
            translate("Errors", "Wait for the end of the answer, or stop it."),
        ),
        "history_locked": (
            translate("Errors", "The chats are locked."),
            translate("Errors", "Unlock them first."),
        ),
        "chat_not_found": (
            translate("Errors", "This chat is not there any more."),
            translate("Errors", "Choose another chat."),
        ),
        "settings_unreadable": (
            translate("Errors", "The settings in {path} can't be read; defaults are in force."),
            translate("Errors", "The old file was kept as {kept}."),
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


def next_step_without_code(error: HearthError) -> str:
    """What the user can do who has no recovery code: it is not spoken of."""
    translate = QCoreApplication.translate
    steps = {
        "keyring_locked": translate("Errors", "Unlock it and try again."),
        "key_missing": translate(
            "Errors", "Bring the keyring back from a backup, then try again. Nothing was changed."
        ),
        "wrong_passphrase": translate("Errors", "Try again."),
    }
    return steps.get(error.code) or next_step(error)


def _without_blanks() -> dict[str, str]:
    """Sentences for what was kept only as a code: which file, how many, was not."""
    translate = QCoreApplication.translate
    return {
        "engine_unavailable": translate("Errors", "The engine could not be started."),
        "load_crashed": translate("Errors", "The engine stopped while it was loading the model."),
        "engine_request": translate("Errors", "The engine refused the request."),
        "engine_fault": translate("Errors", "The engine failed."),
        "context_exceeded": translate(
            "Errors", "The conversation has more tokens than the model's context holds."
        ),
        "template_failed": translate("Errors", "The model's chat template failed."),
        "model_not_found": translate("Errors", "The model is not on this computer any more."),
        "model_file": translate("Errors", "The file can't be used as a model."),
        "model_part_missing": translate("Errors", "A part of the model is missing."),
        "model_too_large": translate("Errors", "The model needs more memory than is free."),
    }


def sentence_of(code: str, params: Mapping[str, object]) -> str:
    """What happened, for an error that was kept as its code."""
    return (
        (not params and _without_blanks().get(code))
        or _filled(code, 0, params)
        or QCoreApplication.translate("Errors", "Something went wrong.")
    )


def next_step_of(code: str, params: Mapping[str, object]) -> str:
    """What the user can do, for an error that was kept as its code."""
    step = _filled(code, 1, params)
    if not step or (_Blanks.SIGN in step and not params):
        return QCoreApplication.translate("Errors", "Try again.")
    return step


class _Blanks(dict[str, object]):
    """Parameters; one that was not kept is left out of the sentence."""

    SIGN = "…"

    def __missing__(self, key: str) -> str:
        return self.SIGN


def _filled(code: str, part: int, params: Mapping[str, object]) -> str:
    texts = _texts().get(code)
    return texts[part].format_map(_Blanks(params)) if texts else ""
