"""Pure Rust work for the app: no llama.cpp, no network."""

from os import PathLike
from pathlib import Path
from typing import final

__all__ = ["GgufError", "GgufReport", "check_gguf", "sample_id"]

class GgufError(Exception):
    """A file that is no usable model."""

    reason: str
    """What is wrong: a clause for the user, lower case, without a full stop."""
    kind: str
    """`unreadable`, `foreign`, `unsupported`, `truncated`, `limit`, `malformed`, `duplicate`,
    `part_missing` or `not_a_language_model`."""
    offset: int | None
    """Where in the file the faulty item begins, in bytes."""
    missing: str | None
    """File name of the part of a split model that was not found."""
    count: int | None
    """How many parts the model has of which one was not found."""

@final
class GgufReport:
    """What a sound model file says of itself."""

    @property
    def architecture(self) -> str:
        """`general.architecture`: `llama`, `qwen3`, ..."""
    @property
    def name(self) -> str:
        """`general.name`; empty where there is none."""
    @property
    def n_tensors(self) -> int:
        """Tensors in all parts."""
    @property
    def n_params(self) -> int:
        """Weights in all tensors."""
    @property
    def quantization(self) -> str:
        """Name of the quantisation, as in `Q4_K_M`."""
    @property
    def context_length(self) -> int:
        """Tokens of context that the model was trained for."""
    @property
    def block_count(self) -> int:
        """Layers."""
    @property
    def n_vocab(self) -> int:
        """Entries of the vocabulary."""
    @property
    def has_chat_template(self) -> bool:
        """Whether it brings a chat template."""
    @property
    def parts(self) -> list[Path]:
        """Its files; the first is the one to load."""
    @property
    def size_bytes(self) -> int:
        """Size of all its files."""
    @property
    def split(self) -> bool:
        """Whether it is a model of several files."""

def check_gguf(path: str | PathLike[str]) -> GgufReport:
    """Checks a GGUF model, every file of it, without loading it.

    Reads at most 128 MiB of each file and takes at most 256 MiB of memory, whatever the file
    claims.

    Raises:
        GgufError: it is no sound language model, or can't be read.

    """

def sample_id(path: str | PathLike[str]) -> str:
    """The identity `sample:<size>:<hex>`: a hash of the header and of samples of the data.

    It is quick to tell, and therefore not proof against every change.

    Raises:
        GgufError: as `check_gguf`.

    """
