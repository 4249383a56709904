"""What the parser child may use: set by itself before it reads the first foreign byte."""

import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes of memory beyond what is in use at the start, and seconds of CPU time."""

    memory_bytes: int = 512 * 2**20
    cpu_seconds: int = 30


def confine(limits: Limits) -> None:
    """Limits this process for good: memory, CPU time, no core dump, no child, no new file.

    Where the system has no such limits (Windows) the parent's job object sets them.
    """
    if sys.platform == "win32":
        return
    import resource

    in_use = _address_space_in_use()
    memory = in_use + limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # Three: the standard streams stay, nothing else can be opened, not even a socket.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def _address_space_in_use() -> int:
    """Bytes mapped now (Linux: proc(5), statm, first field in pages)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 2**30
    import resource

    return pages * resource.getpagesize()
