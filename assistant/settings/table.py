"""The one table of settings: each with its key, its default and what it means.

A setting that is not here does not exist. Secrets are never settings (see `secrets.py`).
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlsplit

T_co = TypeVar("T_co", covariant=True)

ENDPOINT_VARIABLE = "HF_ENDPOINT"
HUB_KEYRING_ENTRY = "hub-token"
"""Name of the Hub's access token in the keyring: the token itself is no setting."""

PUBLIC_HUB = "https://huggingface.co"
THEMES = ("system", "light", "dark")
SMALLEST_CONTEXT = 256


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One setting.

    `read` turns a value of the JSON file into a valid one; TypeError or ValueError if it is none.
    """

    key: str
    make_default: Callable[[], T_co]
    read: Callable[[object], T_co]
    description: str

    @property
    def default(self) -> T_co:
        """What is in force until the user chooses."""
        return self.make_default()


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is needed")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("true or false is needed")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError("a list of texts is needed")
    return tuple(_text(item) for item in value)


def _theme(value: object) -> str:
    if value not in THEMES:
        raise ValueError("the theme is system, light or dark")
    return str(value)


def _endpoint(value: object) -> str:
    address = _text(value).strip().rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an address that starts with https:// is needed")
    return address


def _context(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is needed")
    if value < SMALLEST_CONTEXT:
        raise ValueError(f"a context holds at least {SMALLEST_CONTEXT} tokens")
    return value


def _default_endpoint() -> str:
    return os.environ.get(ENDPOINT_VARIABLE, "").strip().rstrip("/") or PUBLIC_HUB


HUB_ENDPOINT: Setting[str] = Setting(
    "hub_endpoint", _default_endpoint, _endpoint, "Address of the Hub that models come from."
)
LANGUAGE: Setting[str] = Setting(
    "language", lambda: "", _text, "Language of the window; empty: that of the system."
)
THEME: Setting[str] = Setting("theme", lambda: "system", _theme, "Light, dark or as the system.")
CONTEXT_TOKENS: Setting[int | None] = Setting(
    "context_tokens", lambda: None, _context, "Tokens that a model's context holds; none: its own."
)
LAST_MODEL: Setting[str] = Setting(
    "last_model", lambda: "", _text, "Id of the model that was used last."
)
ADDED_MODELS: Setting[tuple[str, ...]] = Setting(
    "added_models", tuple, _texts, "Paths of model files opened from elsewhere on this disk."
)
RECOVERY_OFFERED: Setting[bool] = Setting(
    "recovery_offered", lambda: False, _flag, "Whether the recovery code was offered."
)
GUIDE_SHOWN: Setting[bool] = Setting(
    "guide_shown", lambda: True, _flag, "Whether the Guide answers while no model is installed."
)

TABLE: tuple[Setting[object], ...] = (
    HUB_ENDPOINT,
    LANGUAGE,
    THEME,
    CONTEXT_TOKENS,
    LAST_MODEL,
    ADDED_MODELS,
    RECOVERY_OFFERED,
    GUIDE_SHOWN,
)
