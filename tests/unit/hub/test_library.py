"""Installed models: read from the disk, found by name, added, removed, hashed."""

import asyncio
import errno
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.errors import (
    DiskWriteError,
    HearthError,
    ModelFileError,
    ModelNotFoundError,
    ModelPartMissingError,
    NoModelError,
)
from assistant.domain.events import Event, ModelsChanged
from assistant.domain.llm import InstalledModel, ModelId
from assistant.hub.layout import CacheLayout, Place
from assistant.services.library import LibraryService
from assistant.settings.store import SettingsStore
from assistant.settings.table import ADDED_MODELS, GUIDE_SHOWN, LAST_MODEL
from tests.unit.hub.downloading import content

COMMIT = "0123456789" * 4
NEWER = "f" * 40


class MagicChecker:
    """Stands for the engine's checker: takes what begins with the GGUF magic."""

    def __init__(self) -> None:
        self.checked: list[Path] = []
        self.sampled: list[Path] = []

    def check(self, path: Path) -> None:
        self.checked.append(path)
        if path.read_bytes()[:4] != b"GGUF":
            raise ModelFileError(name=path.name, detail="it is no GGUF file")

    def sample_id(self, path: Path) -> str:
        self.sampled.append(path)
        data = path.read_bytes()
        return f"sample:{len(data)}:{hashlib.sha256(data[:64]).hexdigest()}"


class Shelf:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.events: list[Event] = []
        self.checker = MagicChecker()
        self.layout = CacheLayout(root / "models")
        self.settings = SettingsStore(root / "settings.json")
        self.library = self.open()

    def open(self) -> LibraryService:
        guide = self.root / "guide.gguf"
        return LibraryService(self.layout, self.checker, self.settings, self.events.append, guide)

    def put_guide(self, data: bytes = b"GGUF guide") -> Path:
        path = self.root / "guide.gguf"
        path.write_bytes(data)
        return path

    def put(self, repo: str, name: str, data: bytes, commit: str = COMMIT) -> Path:
        source = self.root / "arrived"
        source.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        place = Place(repo, commit, name)
        self.layout.add(source, sha256, place)
        return self.layout.link(sha256, place, "main")

    def outside(self, name: str, data: bytes) -> Path:
        path = self.root / "elsewhere" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


async def names(shelf: Shelf) -> list[str]:
    return [model.name for model in await shelf.library.models()]


async def test_reads_what_was_downloaded(shelf: Shelf) -> None:
    data = content(1000)
    path = shelf.put("org/name", "sub/m-Q4_K_M.gguf", data)
    assert await shelf.library.models() == [
        InstalledModel(
            id=ModelId(f"sha256:{hashlib.sha256(data).hexdigest()}"),
            name="m-Q4_K_M",
            path=path,
            size_bytes=1000,
            verified=True,
            repo="org/name",
            owned=True,
        )
    ]
    assert shelf.checker.sampled == [], "the hash is in the blob's name"


async def test_nothing_there(shelf: Shelf) -> None:
    assert await shelf.library.models() == []
    with pytest.raises(NoModelError):
        await shelf.library.find("org/name")


async def test_a_split_model_is_one_and_only_when_whole(shelf: Shelf) -> None:
    parts = [f"q/big-Q8_0-{n:05d}-of-00003.gguf" for n in (1, 2, 3)]
    first = shelf.put("org/name", parts[0], content(100, 1))
    shelf.put("org/name", parts[2], content(100, 3))
    assert await shelf.library.models() == []
    shelf.put("org/name", parts[1], content(100, 2))
    [model] = await shelf.library.models()
    assert (model.name, model.path, model.size_bytes) == ("big-Q8_0", first, 300)
    assert model.id.startswith("sha256:")
    await shelf.library.remove(model.id)
    assert list(shelf.layout.root.rglob("*.gguf")) == []


async def test_leaves_out_what_is_no_chat_model(shelf: Shelf) -> None:
    shelf.put("org/name", "mmproj-F16.gguf", content(100, 1))
    shelf.put("org/name", "README.md", content(100, 2))
    (shelf.layout.root / ".partial").mkdir()
    (shelf.layout.root / ".partial" / f"{'a' * 64}.part").write_bytes(b"GGUF")
    broken = shelf.layout.folder("org/name") / "snapshots" / COMMIT / "gone.gguf"
    broken.symlink_to("../../blobs/gone")
    leaves = shelf.layout.folder("org/name") / "snapshots" / COMMIT / "out.gguf"
    leaves.symlink_to(shelf.outside("secret.gguf", b"GGUF"))
    assert await shelf.library.models() == []


async def test_the_same_bytes_count_once(shelf: Shelf) -> None:
    data = content(1000)
    shelf.put("org/name", "m.gguf", data)
    newer = shelf.put("org/name", "m.gguf", data, NEWER)
    shelf.put("org/copy", "m.gguf", data)
    [model] = await shelf.library.models()
    assert (await shelf.library.find("org/name")).path == newer, "the commit of main"
    await shelf.library.remove(model.id)
    assert await shelf.library.models() == []
    assert list(shelf.layout.root.rglob("blobs/*")) == []


async def test_a_file_without_a_known_hash_is_unverified_until_hashed(shelf: Shelf) -> None:
    data = content(5000)
    path = shelf.outside("m.gguf", data)
    model = await shelf.library.add_file(path)
    assert model.id.startswith("sample:5000:")
    assert not model.verified
    verified = await shelf.library.verify(model.id)
    assert verified == replace(
        model, id=ModelId(f"sha256:{hashlib.sha256(data).hexdigest()}"), verified=True
    )
    later = shelf.open()
    assert await later.models() == [verified], "remembered"
    assert await later.find(model.id) == verified, "its old id still finds it"
    path.write_bytes(content(6000))
    [changed] = await later.models()
    assert not changed.verified
    assert shelf.checker.sampled.count(path) == 2, "once for each content"


async def test_all_that_is_unverified_is_hashed_and_the_choice_follows(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.put("org/name", "a.gguf", content(100, 1))
    await shelf.library.add_file(shelf.outside("b.gguf", content(100, 2)))
    chosen = await shelf.library.add_file(shelf.outside("c.gguf", content(100, 3)))
    shelf.settings.set(LAST_MODEL, chosen.id)
    hashed: list[str] = []
    real_hash = shelf.library._hashes.hash

    def hash_but_b(path: Path, go_on: Callable[[], bool]) -> str | None:
        hashed.append(path.name)
        if path.name == "b.gguf":
            raise OSError(errno.EIO, "Input/output error")
        return real_hash(path, go_on)

    monkeypatch.setattr(shelf.library._hashes, "hash", hash_but_b)
    await asyncio.gather(shelf.library.verify_all(), shelf.library.verify_all())
    found = {model.name: model for model in await shelf.library.models()}
    assert {name: model.verified for name, model in found.items()} == {
        "a": True,
        "b": False,
        "c": True,
    }
    assert hashed == ["b.gguf", "c.gguf"], "once, and only what was not known"
    assert shelf.settings.get(LAST_MODEL) == found["c"].id


async def test_verifying_can_be_stopped(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    model = await shelf.library.add_file(shelf.outside("m.gguf", content(3 << 20)))
    loop, reading = asyncio.get_running_loop(), asyncio.Event()
    stopped: list[bool] = []
    update = shelf.library._hashes.hash

    def slow_hash(path: Path, go_on: object) -> str | None:
        loop.call_soon_threadsafe(reading.set)
        assert callable(go_on)
        while go_on():
            pass
        found = update(path, go_on)
        stopped.append(found is None)
        return found

    monkeypatch.setattr(shelf.library._hashes, "hash", slow_hash)
    task = asyncio.create_task(shelf.library.verify(model.id))
    await asyncio.wait_for(reading.wait(), 30)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    monkeypatch.undo()
    [same] = await shelf.library.models()
    assert not same.verified


async def test_an_added_file_stays_where_it_is(shelf: Shelf) -> None:
    path = shelf.outside("m.gguf", content(100))
    model = await shelf.library.add_file(path)
    assert (model.path, model.owned, model.repo) == (path, False, None)
    await shelf.library.add_file(path)
    assert shelf.settings.get(ADDED_MODELS) == (str(path),)
    assert shelf.events == [ModelsChanged(), ModelsChanged()]
    await shelf.library.remove(model.id)
    assert await shelf.library.models() == []
    assert path.exists(), "forgotten, not deleted"


async def test_a_disk_that_is_away_is_not_forgotten(shelf: Shelf) -> None:
    path = shelf.outside("m.gguf", content(100))
    await shelf.library.add_file(path)
    away = path.rename(path.with_suffix(".away"))
    assert await shelf.library.models() == []
    away.rename(path)
    assert await names(shelf) == ["m"]


async def test_adding_any_part_of_a_split_model_adds_it_whole(shelf: Shelf) -> None:
    shelf.outside("m-00001-of-00002.gguf", content(100, 1))
    second = shelf.outside("m-00002-of-00002.gguf", content(100, 2))
    model = await shelf.library.add_file(second)
    assert model.path.name == "m-00001-of-00002.gguf"
    assert model.size_bytes == 200


async def test_a_missing_part_is_named(shelf: Shelf) -> None:
    first = shelf.outside("m-00001-of-00002.gguf", content(100, 1))
    with pytest.raises(ModelPartMissingError) as caught:
        await shelf.library.add_file(first)
    assert caught.value.params["missing"] == "m-00002-of-00002.gguf"


async def test_what_is_no_model_is_not_added(shelf: Shelf) -> None:
    page = shelf.outside("page.gguf", b"<!DOCTYPE html>")
    folder = page.parent
    for path in (page, folder, folder / "nothing.gguf", folder / ("x" * 300)):
        with pytest.raises(ModelFileError) as caught:
            await shelf.library.add_file(path)
        assert caught.value.message
    assert shelf.settings.get(ADDED_MODELS) == ()
    assert shelf.events == []


async def test_adding_a_file_of_ours_changes_nothing(shelf: Shelf) -> None:
    path = shelf.put("org/name", "m.gguf", content(100))
    model = await shelf.library.add_file(path.resolve())
    assert model.owned
    assert shelf.settings.get(ADDED_MODELS) == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("org/Name-GGUF", "n-Q4_K_M"),
        ("ORG/name-gguf", "n-Q4_K_M"),
        ("org/Name-GGUF:q8_0", "n-Q8_0"),
        ("hf.co/org/Name-GGUF:Q8_0", "n-Q8_0"),
        ("https://huggingface.co/org/Name-GGUF/blob/main/n-Q2_K.gguf", "n-Q2_K"),
        ("n-Q8_0", "n-Q8_0"),
        (" N-q8_0.gguf ", "n-Q8_0"),
    ],
)
async def test_finds_what_people_type(shelf: Shelf, text: str, name: str) -> None:
    for index, quant in enumerate(("Q2_K", "Q4_K_M", "Q8_0")):
        shelf.put("org/Name-GGUF", f"n-{quant}.gguf", content(100 + index, index))
    assert (await shelf.library.find(text)).name == name


async def test_finds_by_path_and_id(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = shelf.put("org/name", "m.gguf", content(100))
    other = shelf.outside("other.gguf", content(100, 2))
    model = await shelf.library.find(str(ours))
    assert await shelf.library.find(model.id) == model
    found = await shelf.library.find(str(other))
    assert (found.name, found.owned) == ("other", False)
    monkeypatch.chdir(other.parent)
    assert (await shelf.library.find("other.gguf")).path == other
    assert shelf.settings.get(ADDED_MODELS) == (), "only used, not added"


@pytest.mark.parametrize(
    "text", ["org/other", "org/name:Q9_9", "nonsense", "/no/such.gguf", "", "sample:1:x", "\0"]
)
async def test_says_what_is_not_there(shelf: Shelf, text: str) -> None:
    shelf.put("org/name", "m.gguf", content(100))
    with pytest.raises(HearthError) as caught:
        await shelf.library.find(text)
    assert type(caught.value) is ModelNotFoundError
    with pytest.raises(ModelNotFoundError):
        await shelf.library.remove(ModelId("sha256:x"))
    with pytest.raises(ModelNotFoundError):
        await shelf.library.verify(ModelId("sha256:x"))


async def test_removing_one_file_keeps_the_others(shelf: Shelf) -> None:
    shelf.put("org/name", "a.gguf", content(100, 1))
    shelf.put("org/name", "b.gguf", content(100, 2))
    await shelf.library.remove((await shelf.library.find("a")).id)
    assert await names(shelf) == ["b"]


async def test_on_a_full_disk_no_model_disappears(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    await shelf.library.add_file(shelf.outside("m.gguf", content(100)))
    (shelf.layout.root / ".hashes.json").unlink()
    monkeypatch.setattr("assistant.hub.hashes.write_atomically", refuse)
    [model] = await shelf.open().models()
    assert (await shelf.open().verify(model.id)).verified, "known until the end of this run"


@pytest.mark.parametrize("book", [b"", b"[]", b'{"x": 7}', b"\xff"])
async def test_a_damaged_book_of_hashes_harms_nothing(shelf: Shelf, book: bytes) -> None:
    path = shelf.outside("m.gguf", content(100))
    shelf.layout.root.mkdir()
    (shelf.layout.root / ".hashes.json").write_bytes(book)
    model = await shelf.open().add_file(path)
    assert model.id.startswith("sample:")


async def test_the_guide_is_built_in_and_no_model_among_others(shelf: Shelf) -> None:
    path = shelf.put_guide()
    guide = await shelf.library.guide()
    assert guide is not None
    assert (guide.name, guide.path, guide.size_bytes) == ("Guide", path, len(b"GGUF guide"))
    assert guide.id == f"sha256:{hashlib.sha256(b'GGUF guide').hexdigest()}"
    assert (guide.built_in, guide.owned, guide.verified) == (True, False, True)
    assert await shelf.library.models() == []
    with pytest.raises(ModelNotFoundError):
        await shelf.library.remove(guide.id)
    assert path.exists()


async def test_the_guide_is_read_again_only_where_its_file_changed(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = shelf.put_guide()
    first = await shelf.library.guide()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", lambda _: pytest.fail("it was read again"))
        assert await shelf.library.guide() == first
    shelf.put_guide(b"GGUF a newer guide")
    second = await shelf.library.guide()
    assert first is not None
    assert second is not None
    assert second.id != first.id
    path.unlink()
    assert await shelf.library.guide() is None


async def test_without_its_file_there_is_no_guide(shelf: Shelf) -> None:
    assert await shelf.library.guide() is None


async def test_the_guide_is_hidden_until_it_is_shown_again(shelf: Shelf) -> None:
    shelf.put_guide()
    await shelf.library.show_guide(shown=False)
    assert shelf.events == [ModelsChanged()]
    assert await shelf.open().guide() is None
    assert SettingsStore(shelf.root / "settings.json").get(GUIDE_SHOWN) is False
    with pytest.raises(NoModelError):
        await shelf.library.find("guide")
    await shelf.library.show_guide(shown=True)
    assert await shelf.library.guide() is not None


async def test_the_guide_is_found_by_its_name_after_installed_ones(shelf: Shelf) -> None:
    shelf.put_guide()
    found = await shelf.library.find("Guide")
    assert found.built_in
    installed = shelf.put("o/n", "guide.gguf", content(500))
    assert (await shelf.library.find("guide")).path == installed


async def test_hiding_the_guide_tells_where_the_settings_cant_be_written(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shelf.settings, "set", refuse)
    with pytest.raises(DiskWriteError):
        await shelf.library.show_guide(shown=False)
