"""Networks that stand between: proxies that refuse, and lines that somebody breaks open."""

import ssl
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assistant.domain.errors import HearthError, HubCertificateError, HubProxyError
from assistant.hub import metadata
from assistant.hub.catalogue import HubCatalogue
from assistant.hub.layout import CacheLayout
from assistant.hub.partial import Wanted
from assistant.hub.transfer import Transfer
from tests.fakes.hub_server import FakeHub
from tests.unit.hub.downloading import VirtualTime

TOKEN = "hf_secret"
Ask = Callable[[str], Awaitable[object]]


async def give_token() -> str | None:
    return TOKEN


@pytest.fixture(params=["metadata", "bytes"])
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ask]:
    """Ask a Hub for something, by both ways that there are."""

    async def look_up(url: str) -> object:
        return await HubCatalogue(lambda: url, give_token).look_up("org/name")

    async def fetch(url: str) -> object:
        timing = VirtualTime().timing()
        transfer = Transfer(
            CacheLayout(tmp_path), tmp_path / "part", give_token, lambda: url, timing=timing
        )
        wanted = Wanted(url, "org/name", "a" * 40, "m.gguf", 7, "b" * 64)
        return await transfer.fetch(wanted, "main", lambda *_: None)

    metadata.close_session()
    yield look_up if request.param == "metadata" else fetch
    metadata.close_session()


@pytest.fixture
def impostor(tmp_path: Path) -> ssl.SSLContext:
    """A certificate that nobody trusts, as a line-breaking proxy has it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "impostor.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


async def test_a_certificate_that_nobody_trusts(ask: Ask, impostor: ssl.SSLContext) -> None:
    with FakeHub(impostor) as hub:
        with pytest.raises(HearthError) as caught:
            await ask(hub.url)
        assert type(caught.value) is HubCertificateError
        assert hub.requests == []


async def test_a_proxy_that_refuses(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeHub() as proxy:
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
        with pytest.raises(HearthError) as caught:
            await ask("https://hub.example.com")
        assert type(caught.value) is HubProxyError
        assert proxy.requests == [], "it refused the tunnel; nothing went through"
