"""The checker of model files, through the Python extension."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hearth_engine import GgufError, GgufReport, check_gguf, program, sample_id

from tests.fixtures.bad_gguf import BAD_FILES, aborts_llama_cpp, wrong_tensor_shape
from tests.fixtures.tiny_gguf import make_tiny_gguf

pytestmark = pytest.mark.engine

WORDS = {
    "truncated": "incomplete",
    "truncated_header": "ends within",
    "empty": "is empty",
    "random_bytes": "instead of “GGUF”",
    "html_page": "a web page",
    "lfs_pointer": "a Git LFS pointer",
    "pickle_archive": "zip archive",
    "safetensors": "a safetensors file",
    "duplicate_token": "holds “b” twice",
    "absurd_count": "more than any real model",
    "absurd_string": "more than the 1024 allowed",
    "overflowing_dims": "larger than any computer's memory",
}


def test_it_reports_what_a_model_is(tmp_path: Path) -> None:
    model = make_tiny_gguf(tmp_path / "tiny.gguf", n_ctx=4096)
    report = check_gguf(model.path)
    assert isinstance(report, GgufReport)
    assert (report.architecture, report.name) == ("llama", "tiny")
    assert (report.context_length, report.block_count) == (4096, 2)
    assert report.n_vocab == model.n_vocab
    assert report.quantization == "F32"
    assert report.has_chat_template
    assert report.parts == [model.path]
    assert report.size_bytes == model.size_bytes
    assert not report.split
    assert (report.n_tensors, report.n_params) == (21, 2 * 64 * model.n_vocab + 64 + 57_600)
    assert "llama" in repr(report)


def test_a_report_can_not_be_changed(tmp_path: Path) -> None:
    report = check_gguf(str(make_tiny_gguf(tmp_path / "tiny.gguf", chat_template=None).path))
    assert not report.has_chat_template
    with pytest.raises(AttributeError):
        report.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("make", BAD_FILES.values(), ids=BAD_FILES)
def test_it_says_what_is_wrong(tmp_path: Path, make: Callable[[Path], None]) -> None:
    path = tmp_path / "bad.gguf"
    make(path)
    with pytest.raises(GgufError) as caught:
        check_gguf(path)
    assert WORDS[make.__name__] in caught.value.reason
    assert caught.value.reason in str(caught.value)
    foreign = caught.value.kind == "foreign"
    assert (caught.value.offset is None) == foreign
    with pytest.raises(GgufError):
        sample_id(path)


@pytest.mark.parametrize("make", [wrong_tensor_shape, aborts_llama_cpp])
def test_what_only_llama_cpp_can_tell_passes(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "model.gguf")
    assert check_gguf(tmp_path / "model.gguf").architecture == "llama"


def test_a_split_model_is_found_from_any_part(tmp_path: Path) -> None:
    model = make_tiny_gguf(tmp_path / "big.gguf", split=3)
    for part in model.parts:
        report = check_gguf(part)
        assert report.split
        assert report.parts == list(model.parts)
        assert report.size_bytes == model.size_bytes


def test_a_missing_part_is_named(tmp_path: Path) -> None:
    model = make_tiny_gguf(tmp_path / "big.gguf", split=3)
    model.parts[1].unlink()
    with pytest.raises(GgufError) as caught:
        check_gguf(model.path)
    assert caught.value.kind == "part_missing"
    assert caught.value.missing == "big-00002-of-00003.gguf"
    assert caught.value.count == 3


def test_a_file_that_can_not_be_read_is_an_error_as_well(tmp_path: Path) -> None:
    with pytest.raises(GgufError, match="no such file") as caught:
        check_gguf(tmp_path / "none.gguf")
    assert caught.value.kind == "unreadable"
    assert caught.value.missing is None
    with pytest.raises(GgufError, match="folder"):
        check_gguf(tmp_path)


def test_the_identity_follows_the_content(tmp_path: Path) -> None:
    one = make_tiny_gguf(tmp_path / "one.gguf")
    same = make_tiny_gguf(tmp_path / "same.gguf")
    other = make_tiny_gguf(tmp_path / "other.gguf", chat_template="{{ messages }}")
    assert sample_id(one.path) == sample_id(same.path)
    assert sample_id(one.path).startswith(f"sample:{one.size_bytes}:")
    assert sample_id(one.path) != sample_id(other.path)


def test_the_program_lies_in_the_package() -> None:
    assert program().is_file()
    assert program().parent.name == "bin"


def test_a_missing_program_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("hearth_engine.__file__", str(tmp_path / "__init__.py"))
    with pytest.raises(FileNotFoundError, match=r"dev\.py build"):
        program()


def test_the_extension_brings_no_llama_cpp() -> None:
    code = (
        "import hearth_engine, pathlib;"
        "maps = pathlib.Path('/proc/self/maps').read_text();"
        "assert '_native' in maps; assert 'libllama' not in maps; assert 'libggml' not in maps"
    )
    if sys.platform == "linux":
        subprocess.run([sys.executable, "-c", code], check=True)


def test_the_stubs_say_what_the_extension_has() -> None:
    command = [sys.executable, "-m", "mypy.stubtest", "hearth_engine", "--concise"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
