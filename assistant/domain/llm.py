"""Language models: what is installed, what a Hub offers, what is being downloaded."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NewType

ModelId = NewType("ModelId", str)
"""`sha256:<64 hex>` where a trusted source states it or we computed it, else
`sample:<size>:<64 hex>` over size, header and samples: unverified."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this disk, found by reading the disk."""

    id: ModelId
    name: str
    """What a person calls it: `Qwen3-4B-Q4_K_M`."""
    path: Path
    """The GGUF file; of a split model, its first part."""
    size_bytes: int
    verified: bool
    """Whether the id is the SHA-256 of the file."""
    repo: str | None = None
    """`owner/name` where it came from a Hub."""
    owned: bool = True
    """Whether Hearth may delete it: only what lies in its own folder."""
    built_in: bool = False
    """Whether it is the Guide's, which comes with Hearth: hidden at most, never deleted."""


@dataclass(frozen=True, slots=True)
class HubFile:
    """One GGUF file of a repository, or all parts of a split one."""

    name: str
    size_bytes: int
    parts: tuple["HubPart", ...]


@dataclass(frozen=True, slots=True)
class HubPart:
    """One file as the Hub lists it."""

    path: str
    size_bytes: int
    sha256: str | None
    """LFS hash; None where the Hub states none."""


@dataclass(frozen=True, slots=True)
class HubRepo:
    """A repository with its GGUF files, at one commit."""

    repo: str
    commit: str
    files: tuple[HubFile, ...]
    endpoint: str
    revision: str = "main"
    """The branch, tag or commit that was asked for."""


class DownloadState(StrEnum):
    """Where a download stands."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    VERIFYING = "verifying"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Download:
    """One download as it stands now."""

    id: str
    repo: str
    file: str
    state: DownloadState
    total_bytes: int
    received_bytes: int
    bytes_per_second: float = 0.0
    error_code: str = ""
    error_params: tuple[tuple[str, object], ...] = ()

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the last byte at the present speed; None where it stands still."""
        if self.bytes_per_second <= 0:
            return None
        return (self.total_bytes - self.received_bytes) / self.bytes_per_second


class LoadState(StrEnum):
    """State of a model in the engine."""

    UNLOADED = "unloaded"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class LoadedInfo:
    """What the engine says of a loaded model."""

    n_ctx: int
    n_ctx_train: int
    description: str
    has_chat_template: bool
    device: str
