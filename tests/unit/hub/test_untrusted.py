from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hub.untrusted import (
    is_commit,
    is_file_size,
    is_safe_path,
    is_sha256,
    is_strong_etag,
)

LIES = [
    "",
    "..",
    ".",
    "../x.gguf",
    "a/../x.gguf",
    "a/./x.gguf",
    "a//x.gguf",
    "/etc/x.gguf",
    "C:/x.gguf",
    "C:x.gguf",
    "..\\x.gguf",
    "a\\x.gguf",
    "\\\\host\\share\\x.gguf",
    "x\0.gguf",
    "x\n.gguf",
    "x\x1b[2J.gguf",
    "x\u202efugg.gguf",
    "CON",
    "con.gguf",
    "a/NUL.gguf",
    "COM1.gguf",
    "lpt9",
    "x.gguf.",
    "x.gguf ",
    " x.gguf",
    "~/x.gguf",
    "x?.gguf",
    "x*.gguf",
    "x.gguf:stream",
    "x\ud800.gguf",
    "x" * 300,
    "/".join(["x" * 60] * 10),
    None,
    7,
    ["x.gguf"],
]


@pytest.mark.parametrize("lie", LIES, ids=range(len(LIES)))
def test_refuses_names_that_leave_the_folder(lie: object) -> None:
    assert not is_safe_path(lie)
    assert not is_commit(lie)
    assert not is_sha256(lie)


@pytest.mark.parametrize(
    "name", ["x.gguf", "a/b/x-Q4_K_M.gguf", "مدل.gguf", "模型/x.gguf", "a b.gguf", ".hidden/x.gguf"]
)
def test_accepts_ordinary_names(name: str) -> None:
    assert is_safe_path(name)


@given(st.text())
def test_a_safe_path_stays_inside(text: str) -> None:
    if not is_safe_path(text):
        return
    for flavour in (PurePosixPath(text), PureWindowsPath(text)):
        assert not flavour.is_absolute()
        assert not flavour.drive
        assert ".." not in flavour.parts
    root = Path("/data/models")
    assert (root / text).resolve().is_relative_to(root)


@pytest.mark.parametrize("length", [0, 39, 41, 63, 65])
def test_hashes_have_their_exact_length(length: int) -> None:
    assert not is_commit("a" * length)
    assert not is_sha256("a" * length)


def test_hashes_are_small_hex() -> None:
    assert is_commit("0123456789" * 4)
    assert is_sha256("abcdef01" * 8)
    assert not is_sha256("ABCDEF01" * 8)
    assert not is_sha256("a" * 64 + "\n")
    assert not is_sha256("a" * 60 + "/../")


@pytest.mark.parametrize(
    "etag", ['W/"a"', "a", '"a', '"a"b"', '"a\r\nX: y"', '"' + "a" * 300 + '"', None]
)
def test_weak_and_malformed_etags_are_not_sent_back(etag: object) -> None:
    assert not is_strong_etag(etag)


def test_a_strong_etag_is() -> None:
    assert is_strong_etag('"0123abc-17"')


@pytest.mark.parametrize("size", [-1, True, 1.5, "7", None, 1 << 60])
def test_sizes_are_whole_and_possible(size: object) -> None:
    assert not is_file_size(size)
    assert is_file_size(40_000_000_000)
