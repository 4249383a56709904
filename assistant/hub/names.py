"""What people type or paste for a repository, read strictly.

`owner/name`, `owner/name:Q4_K_M`, `hf.co/owner/name`, and addresses of a repository, of a folder
or of a file on a Hub (`/blob/` and `/resolve/` alike).
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from assistant.domain.errors import BadRepositoryNameError
from assistant.hub.untrusted import is_repo_name, is_safe_path, is_safe_revision

_HUB_HOSTS: Final = frozenset({"huggingface.co", "www.huggingface.co", "hf.co"})
_QUANT: Final = re.compile(
    r"(?:^|[-._/])((?:UD-)?(?:I?Q\d[A-Z0-9_]*|TQ\d_\d|MXFP4(?:_MOE)?|BF16|F16|F32))$",
    re.IGNORECASE,
)
_TAG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SPLIT: Final = re.compile(
    r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.IGNORECASE
)
_FILE_ROUTES: Final = frozenset({"blob", "resolve", "raw"})
_MAX_CHARS: Final = 1000


@dataclass(frozen=True, slots=True)
class HubReference:
    """One repository, and what of it was named."""

    repo: str
    revision: str = "main"
    file: str | None = None
    quant: str | None = None
    """The kind of quantisation wanted: `Q4_K_M`."""


@dataclass(frozen=True, slots=True)
class SplitName:
    """The name of one part of a GGUF that was split into several files."""

    stem: str
    number: int
    count: int

    def part(self, number: int) -> str:
        """Name another part of the same model."""
        return f"{self.stem}-{number:05d}-of-{self.count:05d}.gguf"


def parse_reference(text: str, hub_host: str = "") -> HubReference:
    """Read what a person typed or pasted.

    `hub_host` is the host of the Hub in use; addresses there are read as those of huggingface.co.

    Raises:
        BadRepositoryNameError: neither a repository's name nor an address on a Hub.

    """
    wanted = text.strip()
    if not wanted or len(wanted) > _MAX_CHARS or not wanted.isprintable():
        raise BadRepositoryNameError(text=_shortened(wanted))
    path = _path_on_hub(wanted, hub_host.lower())
    reference = _from_path(path) if path is not None else _from_name(wanted)
    if reference is None:
        raise BadRepositoryNameError(text=_shortened(wanted))
    return reference


def quant_of(file_name: str) -> str:
    """Read the quantisation that a file's name ends in, in capitals; empty where none is.

    `Qwen3-4B-Q4_K_M.gguf` and `Q4_K_M/big-00001-of-00002.gguf` give `Q4_K_M`.
    """
    stem = model_stem(file_name)
    folder, _, name = stem.rpartition("/")
    found = _QUANT.search(name) or _QUANT.search(folder)
    return found.group(1).upper() if found else ""


def model_stem(file_name: str) -> str:
    """Take the ending and, of a split one, the part's number from a GGUF's path."""
    split = split_name(file_name)
    if split is not None:
        return split.stem
    return file_name[: -len(".gguf")] if file_name.lower().endswith(".gguf") else file_name


def split_name(file_name: str) -> SplitName | None:
    """Read `stem-00001-of-00003.gguf`; None where the file is whole (llama.cpp's gguf-split)."""
    found = _SPLIT.fullmatch(file_name)
    if found is None:
        return None
    number, count = int(found["number"]), int(found["count"])
    if not 1 <= number <= count:
        return None
    return SplitName(found["stem"], number, count)


def _path_on_hub(text: str, hub_host: str) -> str | None:
    """Take the path of an address on a Hub; None where the text is no address of one."""
    has_scheme = "://" in text
    try:
        parts = urlsplit(text if has_scheme else f"https://{text}")
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    known = host in _HUB_HOSTS or (host == hub_host and has_scheme)
    if not known or parts.scheme not in {"https", "http"} or parts.username:
        return None
    return parts.path


def _from_path(path: str) -> HubReference | None:
    segments = [unquote(segment) for segment in path.strip("/").split("/")]
    if segments[0] == "models":
        segments = segments[1:]
    if len(segments) == len(("owner", "name")):
        return _from_name("/".join(segments))
    repo, rest = "/".join(segments[:2]), segments[2:]
    if not rest or not is_repo_name(repo):
        return None
    route, rest = rest[0], rest[1:]
    if route == "tree" and rest:
        return _at_revision(repo, rest[0], None)
    if route in _FILE_ROUTES and len(rest) > 1:
        return _at_revision(repo, rest[0], "/".join(rest[1:]))
    return None


def _at_revision(repo: str, revision: str, file: str | None) -> HubReference | None:
    if not is_safe_revision(revision) or not (file is None or is_safe_path(file)):
        return None
    return HubReference(repo, revision=revision, file=file)


def _from_name(text: str) -> HubReference | None:
    repo, colon, tag = text.partition(":")
    if not is_repo_name(repo):
        return None
    if not colon:
        return HubReference(repo)
    if _TAG.fullmatch(tag) is None:
        return None
    return HubReference(repo, quant=None if tag.lower() == "latest" else tag.upper())


def _shortened(text: str, limit: int = 80) -> str:
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return shown if len(shown) <= limit else f"{shown[:limit]}…"
