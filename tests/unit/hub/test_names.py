import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.errors import BadRepositoryNameError
from assistant.hub.names import (
    HubReference,
    SplitName,
    model_stem,
    parse_reference,
    quant_of,
    split_name,
)
from assistant.hub.untrusted import is_repo_name, is_safe_path, is_safe_revision

REPO = "bartowski/Qwen3-4B-GGUF"
FILE = "Qwen3-4B-Q4_K_M.gguf"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (REPO, HubReference(REPO)),
        (f"  {REPO}\n", HubReference(REPO)),
        (f"{REPO}:Q4_K_M", HubReference(REPO, quant="Q4_K_M")),
        (f"{REPO}:q4_k_m", HubReference(REPO, quant="Q4_K_M")),
        (f"{REPO}:latest", HubReference(REPO)),
        (f"hf.co/{REPO}", HubReference(REPO)),
        (f"hf.co/{REPO}:Q8_0", HubReference(REPO, quant="Q8_0")),
        (f"huggingface.co/{REPO}", HubReference(REPO)),
        (f"https://huggingface.co/{REPO}", HubReference(REPO)),
        (f"https://huggingface.co/{REPO}/", HubReference(REPO)),
        (f"https://HuggingFace.co/{REPO}?show_file_info=x", HubReference(REPO)),
        (f"https://huggingface.co/models/{REPO}#files", HubReference(REPO)),
        (f"http://www.huggingface.co/{REPO}", HubReference(REPO)),
        (f"https://huggingface.co/{REPO}/tree/main", HubReference(REPO)),
        (f"https://hf.co/{REPO}/blob/main/{FILE}", HubReference(REPO, file=FILE)),
        (f"https://hf.co/{REPO}/resolve/main/{FILE}?download=true", HubReference(REPO, file=FILE)),
        (
            f"https://hf.co/{REPO}/resolve/{COMMIT}/Q4_K_M/a%20b.gguf",
            HubReference(REPO, revision=COMMIT, file="Q4_K_M/a b.gguf"),
        ),
        (
            f"https://hf.co/{REPO}/blob/refs%2Fpr%2F1/{FILE}",
            HubReference(REPO, revision="refs/pr/1", file=FILE),
        ),
        (f"https://hub.example.com:8443/{REPO}", HubReference(REPO)),
    ],
)
def test_reads_what_people_paste(text: str, expected: HubReference) -> None:
    assert parse_reference(text, "hub.example.com") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "qwen",
        "a/b/c",
        "/b",
        "a/",
        "a//b",
        "../b",
        "a/..",
        "a/b..c",
        "a/b--c",
        "-a/b",
        "a/.b",
        "a/b.git",
        "a b/c",
        "a/b:",
        "a/b:../x",
        "a/b\0",
        "a/b\u202egpj",
        "a\\b",
        "C:\\models\\x.gguf",
        "/media/me/x.gguf",
        "https://evil.example/a/b",
        "https://huggingface.co.evil.example/a/b",
        "https://user:secret@huggingface.co/a/b",
        "https://huggingface.co/a",
        "https://huggingface.co/a/b/resolve/main",
        "https://huggingface.co/a/b/resolve/main/../../x",
        "https://huggingface.co/a/b/resolve/main/%2e%2e/x",
        "https://huggingface.co/a/b/resolve/main/..%2fx",
        "https://huggingface.co/a/b/resolve/..%2f..%2f/x",
        "https://huggingface.co/a/b/settings",
        "https://huggingface.co/datasets/a/b",
        "https://[huggingface.co/a/b",
        "ftp://huggingface.co/a/b",
        "file:///etc/passwd",
        f"a/{'b' * 200}",
        "x" * 100_000,
    ],
)
def test_refuses_what_is_no_repository(text: str) -> None:
    with pytest.raises(BadRepositoryNameError) as caught:
        parse_reference(text)
    assert len(caught.value.message) < 200


def test_a_mirror_is_known_only_when_it_is_in_use() -> None:
    url = f"https://hub.example.com/{REPO}"
    with pytest.raises(BadRepositoryNameError):
        parse_reference(url)
    assert parse_reference(url, "hub.example.com").repo == REPO


anything = st.text() | st.from_regex(r"(https?://)?(hf\.co/)?[\w.%/:-]{1,40}", fullmatch=True)


@given(anything)
def test_only_safe_names_come_out(text: str) -> None:
    try:
        found = parse_reference(text)
    except BadRepositoryNameError:
        return
    assert is_repo_name(found.repo)
    assert is_safe_revision(found.revision)
    assert found.file is None or is_safe_path(found.file)


repo_part = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._]{0,20}[A-Za-z0-9]", fullmatch=True).filter(
    lambda part: ".." not in part and not part.lower().endswith(".git")
)


@given(repo_part, repo_part)
def test_every_spelling_of_a_repository_is_the_same(owner: str, name: str) -> None:
    repo = f"{owner}/{name}"
    for text in (repo, f"hf.co/{repo}", f"https://huggingface.co/{repo}/tree/main"):
        assert parse_reference(text) == HubReference(repo)


@pytest.mark.parametrize(
    ("name", "quant"),
    [
        ("Qwen3-4B-Q4_K_M.gguf", "Q4_K_M"),
        ("qwen3-4b-q4_k_m.gguf", "Q4_K_M"),
        ("model.Q8_0.gguf", "Q8_0"),
        ("m-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"),
        ("m-IQ2_XXS.gguf", "IQ2_XXS"),
        ("m-bf16.gguf", "BF16"),
        ("gpt-oss-20b-MXFP4.gguf", "MXFP4"),
        ("Q4_K_M/big-00001-of-00002.gguf", "Q4_K_M"),
        ("big-Q6_K-00001-of-00003.gguf", "Q6_K"),
        ("model.gguf", ""),
        ("Q-learning.gguf", ""),
    ],
)
def test_reads_the_quantisation(name: str, quant: str) -> None:
    assert quant_of(name) == quant


def test_reads_split_names() -> None:
    assert split_name("a/m-00002-of-00003.gguf") == SplitName("a/m", 2, 3)
    assert SplitName("m", 1, 3).part(3) == "m-00003-of-00003.gguf"
    assert model_stem("m-00002-of-00003.gguf") == "m"
    assert model_stem("m.GGUF") == "m"


@pytest.mark.parametrize(
    "name", ["m.gguf", "m-00000-of-00003.gguf", "m-00004-of-00003.gguf", "m-1-of-3.gguf"]
)
def test_a_whole_file_is_no_part(name: str) -> None:
    assert split_name(name) is None
