"""What a server sends, looked at before it is used.

Hashes, commits, etags and file names of a Hub become names on this disk, so each has to pass a
strict pattern first, whoever sent it (compare CVE-2024-37032 and CVE-2026-7020 of Ollama).
"""

import re
from typing import Final

_COMMIT: Final = re.compile(r"[0-9a-f]{40}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_STRONG_ETAG: Final = re.compile(r'"[\x21\x23-\x7e]{1,200}"')
_REPO_PART: Final = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9_])?")
_RESERVED_ON_WINDOWS: Final = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|COM[0-9¹²³]|LPT[0-9¹²³])(?:\..*)?", re.IGNORECASE
)
_FORBIDDEN: Final = frozenset('<>:"|?*\\')
_MAX_SEGMENT_BYTES: Final = 200
_MAX_PATH_BYTES: Final = 400
_MAX_REPO_CHARS: Final = 120
MAX_FILE_BYTES: Final = 1 << 46
"""64 TiB: more than any model has; a larger number is a lie or a slip."""


def is_commit(text: object) -> bool:
    """Whether this is a git commit as the Hub writes it: 40 small hex digits."""
    return isinstance(text, str) and _COMMIT.fullmatch(text) is not None


def is_sha256(text: object) -> bool:
    """Whether this is a SHA-256 as the Hub writes it: 64 small hex digits."""
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def is_strong_etag(text: object) -> bool:
    """Whether this etag may be sent in `If-Range`: quoted and not weak (RFC 9110, 8.8.3)."""
    return isinstance(text, str) and _STRONG_ETAG.fullmatch(text) is not None


def is_file_size(number: object) -> bool:
    """Whether this can be the size of a file in bytes."""
    return (
        isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= MAX_FILE_BYTES
    )


def is_repo_name(text: object) -> bool:
    """Whether this is a repository's full name, `owner/name`, by the Hub's own rules."""
    if not isinstance(text, str) or len(text) > _MAX_REPO_CHARS:
        return False
    owner, slash, name = text.partition("/")
    if not slash:
        return False
    return all(
        _REPO_PART.fullmatch(part) and "--" not in part and ".." not in part
        for part in (owner, name)
    ) and not name.endswith(".git")


def is_safe_path(text: object) -> bool:
    """Whether this relative path may become a path on any disk: Linux, macOS or Windows.

    Forward slashes only; no `..`, no drive, no control or invisible direction characters, no
    names that Windows keeps for devices, no trailing dots or spaces, nothing overlong.
    """
    if not isinstance(text, str) or not _encodes_within(text, _MAX_PATH_BYTES):
        return False
    return all(_is_safe_segment(segment) for segment in text.split("/"))


def is_safe_revision(text: object) -> bool:
    """Whether this branch, tag or commit may be asked for and written under `refs/`."""
    return is_safe_path(text) and isinstance(text, str) and not text.endswith(".lock")


def _is_safe_segment(segment: str) -> bool:
    if not segment or segment[0] in " ~" or segment[-1] in " .":
        return False
    if not segment.isprintable() or _FORBIDDEN.intersection(segment):
        return False
    if segment in {".", ".."} or _RESERVED_ON_WINDOWS.fullmatch(segment):
        return False
    return _encodes_within(segment, _MAX_SEGMENT_BYTES)


def _encodes_within(text: str, limit: int) -> bool:
    try:
        return 0 < len(text.encode()) <= limit
    except UnicodeEncodeError:  # a lone surrogate, from a JSON escape
        return False
