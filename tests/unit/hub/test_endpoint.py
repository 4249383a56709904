import pytest

from assistant.domain.errors import InsecureEndpointError
from assistant.hub.endpoint import Endpoint, is_loopback, origin

HUB = Endpoint.parse("https://huggingface.co")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://huggingface.co/", "https://huggingface.co"),
        (" https://hf-mirror.com ", "https://hf-mirror.com"),
        ("https://gate.example.com/hf/", "https://gate.example.com/hf"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:1", "http://[::1]:1"),
    ],
)
def test_accepts_https_and_this_computer(text: str, url: str) -> None:
    assert Endpoint.parse(text).url == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        "huggingface.co",
        "http://huggingface.co",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "https://",
        "https://a:99999",
        "https://[::1",
        "https://me:secret@huggingface.co",
        "https://huggingface.co?x=1",
        "https://huggingface.co/\x1b[2J",
    ],
)
def test_refuses_every_other_address(text: str) -> None:
    with pytest.raises(InsecureEndpointError) as caught:
        Endpoint.parse(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["127.0.0.1.evil.example", "127.1", "0x7f000001", "10.0.0.1", ""])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    "url",
    [
        "http://huggingface.co/x",
        "https://huggingface.co:444/x",
        "https://cdn-lfs.huggingface.co/x",
        "https://huggingface.co.evil.example/x",
        "https://evil.example/huggingface.co",
        "nonsense",
    ],
)
def test_the_token_belongs_to_one_origin(url: str) -> None:
    assert not HUB.owns(url)
    assert HUB.owns("https://HUGGINGFACE.co:443/org/repo")


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example.com/x",
        "http://127.0.0.1/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://169.254.169.254/latest/meta-data",
        "https://10.1.2.3/x",
        "https://192.168.1.1/x",
        "https://[::1]/x",
        "https://[fd00::1]/x",
        "https://me:pw@cdn.example.com/x",
        "file:///etc/passwd",
        "javascript:alert(1)",
    ],
)
def test_redirects_never_lead_inside_or_to_plain_http(url: str) -> None:
    assert not HUB.allows(url)
    assert HUB.allows("https://cdn-lfs.hf.co/repos/x?Signature=y")


def test_a_hub_in_the_own_network_may_redirect_there() -> None:
    company = Endpoint.parse("https://10.0.0.5")
    assert company.allows("https://10.0.0.6/x")
    assert not company.allows("http://10.0.0.6/x")
    here = Endpoint.parse("http://127.0.0.1:8000")
    assert here.allows("http://127.0.0.1:9000/x")
    assert not here.allows("http://cdn.example.com/x")


def test_origins_know_the_default_ports() -> None:
    assert origin("https://a/x") == ("https", "a", 443)
    assert origin("http://a:80") == ("http", "a", 80)
    assert origin("https://a:0/x") is None
