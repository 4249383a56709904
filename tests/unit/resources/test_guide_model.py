"""The Guide's model as it is committed: both forms hold the same, and the card says the truth.

GGUF: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md;
safetensors: https://github.com/huggingface/safetensors.
"""

import hashlib
import json
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "guide"
LARGEST_BYTES = 8_000_000
F32, F16 = 0, 1
SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q"}
STRING, ARRAY = 8, 9
IN_A_BLOCK = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


class Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self, form: str) -> Any:
        (value,) = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def text(self) -> str:
        size = self.take("<Q")
        self.at += size
        return self.data[self.at - size : self.at].decode()

    def value(self, kind: int) -> Any:
        if kind == STRING:
            return self.text()
        if kind != ARRAY:
            return self.take(SCALARS[kind])
        of = self.take("<I")
        return [self.value(of) for _ in range(self.take("<Q"))]


@dataclass
class Model:
    """Metadata, and of each tensor its shape (rows first) and its values as 16-bit floats."""

    about: dict[str, Any]
    tensors: dict[str, tuple[tuple[int, ...], bytes]]


@pytest.fixture(scope="module")
def gguf() -> Model:
    reader = Reader((FOLDER / "guide.gguf").read_bytes())
    assert (reader.take("<4s"), reader.take("<I")) == (b"GGUF", 3)
    count, pairs = reader.take("<Q"), reader.take("<Q")
    about = {reader.text(): reader.value(reader.take("<I")) for _ in range(pairs)}
    found: dict[str, tuple[tuple[int, ...], int, int]] = {}
    for _ in range(count):
        name = reader.text()
        dims = tuple(reader.take("<Q") for _ in range(reader.take("<I")))
        found[name] = (dims[::-1], reader.take("<I"), reader.take("<Q"))
    start = reader.at + -reader.at % 32
    tensors: dict[str, tuple[tuple[int, ...], bytes]] = {}
    for name, (shape, kind, offset) in found.items():
        size = 1
        for dim in shape:
            size *= dim
        width = {F32: 4, F16: 2}[kind]
        raw = reader.data[start + offset : start + offset + size * width]
        if kind == F32:
            raw = struct.pack(f"<{size}e", *struct.unpack(f"<{size}f", raw))
        tensors[name] = (shape, raw)
    return Model(about, tensors)


@pytest.fixture(scope="module")
def safetensors() -> Model:
    reader = Reader((FOLDER / "model.safetensors").read_bytes())
    size = reader.take("<Q")
    header = json.loads(reader.data[8 : 8 + size])
    header.pop("__metadata__", None)
    tensors: dict[str, tuple[tuple[int, ...], bytes]] = {}
    for name, entry in header.items():
        assert entry["dtype"] == "F16"
        begin, end = entry["data_offsets"]
        tensors[name] = (tuple(entry["shape"]), reader.data[8 + size + begin : 8 + size + end])
    return Model(read("config.json"), tensors)


def read(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content


def gguf_name(name: str) -> str:
    outer = {"model.embed_tokens": "token_embd", "model.norm": "output_norm"}
    stem = name.removesuffix(".weight")
    if stem in outer:
        return f"{outer[stem]}.weight"
    _, _, layer, rest = stem.split(".", 3)
    return f"blk.{layer}.{IN_A_BLOCK[rest]}.weight"


def side_by_side(raw: bytes, shape: tuple[int, ...], heads: int) -> bytes:
    """Rows of a query or key layer as GGUF has them: rotary pairs as neighbours."""
    row = shape[1] * 2
    rows = [raw[at : at + row] for at in range(0, len(raw), row)]
    width = shape[0] // heads
    ordered: list[bytes] = []
    for head in range(heads):
        part = rows[head * width : (head + 1) * width]
        for first, second in zip(part[: width // 2], part[width // 2 :], strict=True):
            ordered += [first, second]
    return b"".join(ordered)


def test_both_forms_hold_the_same_tensors(gguf: Model, safetensors: Model) -> None:
    wanted: dict[str, tuple[tuple[int, ...], bytes]] = {}
    for name, (shape, raw) in safetensors.tensors.items():
        turned = raw
        if ".q_proj." in name:
            turned = side_by_side(raw, shape, safetensors.about["num_attention_heads"])
        elif ".k_proj." in name:
            turned = side_by_side(raw, shape, safetensors.about["num_key_value_heads"])
        wanted[gguf_name(name)] = (shape, turned)
    assert gguf.tensors == wanted


def test_both_forms_have_the_same_sizes(gguf: Model, safetensors: Model) -> None:
    config = safetensors.about
    assert gguf.about["general.architecture"] == config["model_type"] == "llama"
    pairs = {
        "context_length": "max_position_embeddings",
        "embedding_length": "hidden_size",
        "block_count": "num_hidden_layers",
        "feed_forward_length": "intermediate_size",
        "attention.head_count": "num_attention_heads",
        "attention.head_count_kv": "num_key_value_heads",
        "rope.dimension_count": "head_dim",
        "vocab_size": "vocab_size",
    }
    for key, name in pairs.items():
        assert gguf.about[f"llama.{key}"] == config[name], key
    assert gguf.about["llama.rope.freq_base"] == config["rope_theta"]
    assert gguf.about["llama.attention.layer_norm_rms_epsilon"] == pytest.approx(
        config["rms_norm_eps"]
    )
    assert config["max_position_embeddings"] >= 1024


def test_both_forms_have_the_same_tokenizer(gguf: Model) -> None:
    model = read("tokenizer.json")["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    assert gguf.about["tokenizer.ggml.tokens"] == tokens
    assert gguf.about["tokenizer.ggml.merges"] == [" ".join(pair) for pair in model["merges"]]
    settings = read("tokenizer_config.json")
    assert gguf.about["tokenizer.chat_template"] == settings["chat_template"]
    assert tokens[gguf.about["tokenizer.ggml.eos_token_id"]] == settings["eos_token"]


def test_it_is_small() -> None:
    assert (FOLDER / "guide.gguf").stat().st_size <= LARGEST_BYTES


def test_the_card_names_the_committed_files() -> None:
    card = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in ("guide.gguf", "model.safetensors"):
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() in card, name
