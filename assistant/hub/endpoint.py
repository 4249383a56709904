"""Where the Hub is, and which addresses may be asked, and which may see the token."""

import ipaddress
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from assistant.domain.errors import (
    HubAuthError,
    InsecureEndpointError,
    KeyringLockedError,
    KeyringUnavailableError,
)

DEFAULT_ENDPOINT: Final = "https://huggingface.co"
TokenSource = Callable[[], Awaitable[str | None]]
"""Gives the user's access token, or None where there is none. It lives in the keyring."""

_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,1000}")
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A Hub's address: https, or http on this very computer."""

    url: str
    """Without a slash at the end; may have a path, as a mirror behind a company's gateway has."""

    @classmethod
    def parse(cls, text: str) -> "Endpoint":
        """Check an address from the settings or from `HF_ENDPOINT`.

        Raises:
            InsecureEndpointError: not https (loopback excepted), or not an address at all.

        """
        url = text.strip().rstrip("/")
        parts = _split(url)
        plain = parts is not None and not (
            parts.username or parts.password or parts.query or parts.fragment
        )
        if parts is None or not plain or not url.isprintable() or not _is_protected(parts):
            raise InsecureEndpointError(endpoint=_without_secrets(text))
        return cls(url)

    @property
    def host(self) -> str:
        """Name of the server, as messages show it."""
        return urlsplit(self.url).hostname or self.url

    @property
    def is_local(self) -> bool:
        """Whether the Hub runs on this very computer."""
        return is_loopback(self.host)

    def owns(self, url: str) -> bool:
        """Whether this address lies on the same scheme, host and port: only it sees the token."""
        return origin(url) is not None and origin(url) == origin(self.url)

    def allows(self, url: str) -> bool:
        """Whether a redirect may lead there.

        https only, and from a Hub outside never to an address of this computer or of the local
        network: such a redirect would let a server talk to what only the user can reach.
        """
        parts = _split(url)
        if parts is None or not _is_protected(parts) or parts.username or parts.password:
            return False
        return not is_private(parts.hostname or "") or is_private(self.host)


async def read_token(source: TokenSource, endpoint: Endpoint, repo: str) -> str | None:
    """Get the user's token, or None: public repositories need no keyring.

    Raises:
        HubAuthError: what is stored can't be a token; it would break the request's header.

    """
    try:
        token = await source()
    except (KeyringUnavailableError, KeyringLockedError):
        return None
    if token and _TOKEN.fullmatch(token) is None:
        raise HubAuthError(host=endpoint.host, repo=repo)
    return token or None


def origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None where it is no http(s) address."""
    parts = _split(url)
    if parts is None:
        return None
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]


def is_loopback(host: str) -> bool:
    """Whether this name is this very computer. `127.0.0.1.example.com` is not."""
    if host.lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


def is_private(host: str) -> bool:
    """Whether this is an address (not a name) outside the public internet."""
    if host.lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and not address.is_global


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or port == 0:
        return None
    return parts


def _is_protected(parts: SplitResult) -> bool:
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def _without_secrets(text: str) -> str:
    """Leave out what may be a password."""
    head, separator, tail = text.partition("://")
    return head + separator + tail.rpartition("@")[2]
