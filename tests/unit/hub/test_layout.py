import os
import threading
from pathlib import Path

import pytest

from assistant.hub.layout import CacheLayout, Place, repo_of_folder, write_atomically

SHA = "ab" * 32
COMMIT = "0123456789" * 4
PLACE = Place("org/name", COMMIT, "sub/x.gguf")


@pytest.mark.parametrize(
    ("repo", "commit", "path"),
    [
        ("../x", COMMIT, "x.gguf"),
        ("org/name", "../../x", "x.gguf"),
        ("org/name", COMMIT, "../x.gguf"),
        ("org/name", COMMIT, "/x.gguf"),
    ],
)
def test_no_place_outside_can_be_named(repo: str, commit: str, path: str) -> None:
    with pytest.raises(ValueError, match="not a place"):
        Place(repo, commit, path)


@pytest.mark.parametrize("sha256", ["../x", "AB" * 32, "", SHA + "\n"])
def test_no_blob_outside_can_be_named(tmp_path: Path, sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        CacheLayout(tmp_path).blob("org/name", sha256)


def put(layout: CacheLayout, place: Place, sha256: str = SHA, data: bytes = b"GGUF") -> Path:
    source = layout.root / "arrived"
    layout.root.mkdir(exist_ok=True)
    source.write_bytes(data)
    layout.add(source, sha256, place)
    return layout.link(sha256, place, "main")


def test_a_file_in_a_folder_links_to_its_bytes(tmp_path: Path) -> None:
    layout = CacheLayout(tmp_path / "models")
    path = put(layout, PLACE)
    assert path.readlink() == Path(f"../../../blobs/{SHA}")
    assert path.read_bytes() == b"GGUF"
    assert put(layout, PLACE) == path, "doing it again changes nothing"
    assert layout.holds("org/name", SHA, 4)
    assert not layout.holds("org/name", SHA, 5)


def test_bytes_stay_while_another_commit_needs_them(tmp_path: Path) -> None:
    layout = CacheLayout(tmp_path / "models")
    first = put(layout, PLACE)
    second = put(layout, Place("org/name", "b" * 40, "x.gguf"))
    layout.remove(first)
    assert second.read_bytes() == b"GGUF"
    assert not first.parent.parent.exists(), "the empty snapshot is gone"
    layout.remove(second)
    assert list(layout.root.iterdir()) == []


def test_other_files_of_the_repository_stay(tmp_path: Path) -> None:
    layout = CacheLayout(tmp_path / "models")
    first = put(layout, PLACE)
    other = put(layout, Place("org/name", COMMIT, "y.gguf"), "cd" * 32, b"other")
    layout.remove(first)
    assert other.read_bytes() == b"other"
    assert (layout.root / "models--org--name" / "refs" / "main").exists()


def test_nothing_outside_is_ever_deleted(tmp_path: Path) -> None:
    layout = CacheLayout(tmp_path / "models")
    outside = tmp_path / "precious.gguf"
    outside.write_bytes(b"GGUF")
    link = layout.snapshot(PLACE)
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    layout.remove(link)
    assert outside.exists()
    for path in (outside, layout.root / "models--org--name" / "x.gguf", layout.root / ".." / "x"):
        with pytest.raises(ValueError, match=r"not a file|subpath"):
            layout.remove(path)


def test_a_revision_that_is_no_name_is_not_written(tmp_path: Path) -> None:
    layout = CacheLayout(tmp_path / "models")
    put(layout, PLACE)
    layout.link(SHA, PLACE, "../../evil")
    layout.link(SHA, PLACE, "refs/pr/1")
    layout.link(SHA, PLACE, COMMIT)
    refs = layout.root / "models--org--name" / "refs"
    assert sorted(p.relative_to(refs).as_posix() for p in refs.rglob("*") if p.is_file()) == [
        "main",
        "refs/pr/1",
    ]


@pytest.mark.parametrize(
    ("folder", "repo"),
    [
        ("models--org--name", "org/name"),
        ("models--org--a-b.c", "org/a-b.c"),
        ("models--gpt2", None),
        ("datasets--org--name", None),
        ("models--..--x", None),
        (".partial", None),
    ],
)
def test_folders_name_repositories(folder: str, repo: str | None) -> None:
    assert repo_of_folder(folder) == repo


def test_a_small_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a" / "note.json"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_two_threads_may_write_the_same_small_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "refs" / "main"
    real_fsync = os.fsync

    def write_in_between(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", real_fsync)
        other = threading.Thread(target=write_atomically, args=(path, b"other"))
        other.start()
        other.join()
        real_fsync(descriptor)

    monkeypatch.setattr(os, "fsync", write_in_between)
    write_atomically(path, b"one")
    assert path.read_bytes() == b"one"
    assert list(path.parent.iterdir()) == [path]
