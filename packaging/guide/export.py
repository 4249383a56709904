"""Makes the model files of a trained run: `python export.py --plan full --run FOLDER --out FOLDER`.

`guide.gguf` for llama.cpp; `model.safetensors`, `config.json`, `generation_config.json`,
`tokenizer.json` and `tokenizer_config.json` in the form of Hugging Face. Both hold the same
numbers, rounded to 16 bits.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import vocabulary
from gguf import GGUFWriter, TokenType
from safetensors.numpy import load_file, save_file
from shape import PLANS, Shape

_BLOCK_NAMES = {
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
_OUTER_NAMES = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--plan", choices=sorted(PLANS), default="full")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    words = parser.parse_args()
    words.out.mkdir(parents=True, exist_ok=True)
    export(PLANS[words.plan].shape, words.run, words.out)


def export(shape: Shape, run: Path, out: Path) -> None:
    """Write both forms of the run's last checkpoint."""
    kept = load_file(run / "checkpoint.safetensors")
    weights = {
        name.removeprefix("weights/"): tensor.astype(np.float16)
        for name, tensor in kept.items()
        if name.startswith("weights/")
    }
    tokenizer = json.loads((run / "tokenizer.json").read_text(encoding="utf-8"))
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    (out / "model.safetensors").chmod(0o644)
    _write_json(out / "tokenizer.json", tokenizer)
    _write_json(out / "config.json", _config(shape))
    _write_json(out / "generation_config.json", {"do_sample": False, "eos_token_id": 0})
    special = {"eos_token": vocabulary.END, "chat_template": vocabulary.CHAT_TEMPLATE}
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": shape.context}
    _write_json(out / "tokenizer_config.json", special | settings)
    _write_gguf(shape, weights, tokenizer, out / "guide.gguf")


def gguf_name(name: str) -> str:
    """The name of a tensor in GGUF files."""
    if name in _OUTER_NAMES:
        return _OUTER_NAMES[name]
    found = re.fullmatch(r"model\.layers\.(\d+)\.(.+)\.weight", name)
    if found is None:
        raise KeyError(name)
    return f"blk.{found[1]}.{_BLOCK_NAMES[found[2]]}.weight"


def gguf_tensor(name: str, tensor: np.ndarray, shape: Shape) -> np.ndarray:
    """The tensor as GGUF has it: rotary pairs lie side by side, norms have 32 bits."""
    if tensor.ndim == 1:
        return tensor.astype(np.float32)
    if not name.endswith(("q_proj.weight", "k_proj.weight")):
        return tensor
    pairs = tensor.reshape(-1, 2, shape.head_width // 2, tensor.shape[1])
    return np.ascontiguousarray(pairs.swapaxes(1, 2).reshape(tensor.shape))


def _config(shape: Shape) -> dict[str, object]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "intermediate_size": shape.feed,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.kv_heads,
        "head_dim": shape.head_width,
        "max_position_embeddings": shape.context,
        "rms_norm_eps": shape.norm_epsilon,
        "rope_theta": shape.rope_base,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "attention_bias": False,
        "mlp_bias": False,
        "torch_dtype": "float16",
        "bos_token_id": None,
        "eos_token_id": 0,
    }


def _write_gguf(
    shape: Shape, weights: dict[str, np.ndarray], tokenizer: dict[str, Any], path: Path
) -> None:
    writer = GGUFWriter(path, "llama")
    writer.add_name("Guide")
    writer.add_organization("Hearth")
    writer.add_description("The helper built into Hearth; trained on text of its own making")
    writer.add_license("apache-2.0")
    writer.add_file_type(1)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_rope_dimension_count(shape.head_width)
    writer.add_rope_freq_base(shape.rope_base)
    _add_tokenizer(writer, tokenizer)
    for name in sorted(weights):
        writer.add_tensor(gguf_name(name), gguf_tensor(name, weights[name], shape))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tokenizer(writer: GGUFWriter, tokenizer: dict[str, Any]) -> None:
    model = tokenizer["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    special = set(vocabulary.SPECIALS)
    merges = [m if isinstance(m, str) else " ".join(m) for m in model["merges"]]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types(
        [TokenType.CONTROL if token in special else TokenType.NORMAL for token in tokens]
    )
    writer.add_token_merges(merges)
    writer.add_eos_token_id(tokens.index(vocabulary.END))
    writer.add_eot_token_id(tokens.index(vocabulary.END))
    writer.add_add_bos_token(False)
    writer.add_chat_template(vocabulary.CHAT_TEMPLATE)


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
