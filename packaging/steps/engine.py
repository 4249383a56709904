"""The engine: one Cargo target folder for all clones, built with the same words every time.

Any difference in profile, features, flags or environment between two cargo calls compiles
llama.cpp again, which takes minutes; so every call of cargo is made here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Sequence

from steps.machine import ProblemError, Workspace, call, digest, output
from steps.python_env import install_locked

FLAGS = ("--release", "--locked", "--workspace")
# The build script of llama-cpp-sys-2 links these and panics where an old link is in the way.
LLAMA_LIBRARIES = ("ggml", "ggml-base", "llama", "llama-common", "mtmd")
ON_WINDOWS = sys.platform == "win32"


def tools_folder(work: Workspace) -> Path:
    """cmake, ninja and libclang as locked wheels, in the user's cache."""
    lock = work.locks / "build-tools.txt"
    place = work.cache / "tools" / digest(lock.read_bytes(), sys.platform.encode())
    if not place.exists():
        print("Fetching cmake, ninja and libclang ...", flush=True)
        unfinished = place.with_name(f"{place.name}.{os.getpid()}")
        install_locked(work.python, lock, "--target", str(unfinished))
        try:
            unfinished.rename(place)
        except OSError:  # another clone was quicker
            shutil.rmtree(unfinished)
    return place


def environment(work: Workspace) -> dict[str, str]:
    """The environment of every cargo call."""
    tools = tools_folder(work)
    env = dict(os.environ)
    env["PATH"] = os.pathsep.join(
        [str(tools / "cmake" / "data" / "bin"), str(tools / "bin"), env["PATH"]]
    )
    env["LIBCLANG_PATH"] = str(tools / "clang" / "native")
    env["CMAKE_GENERATOR"] = "Ninja"
    # Else libllama-common links the OpenSSL of this machine and runs on no other.
    env["CMAKE_DISABLE_FIND_PACKAGE_OpenSSL"] = "ON"
    env["PYO3_PYTHON"] = str(work.python)
    # Else the extension is linked with libpython, which only development packages bring.
    env["PYO3_BUILD_EXTENSION_MODULE"] = "1"
    env["CARGO_TARGET_DIR"] = str(target_folder(work))
    if not ON_WINDOWS:
        # The libclang wheel brings no headers of its own.
        headers = output(["cc", "-print-file-name=include"]).strip()
        env["BINDGEN_EXTRA_CLANG_ARGS"] = f"-isystem {headers}"
    return env


def target_folder(work: Workspace) -> Path:
    """One folder for all clones with the same dependencies, compiler and features."""
    manifest = (work.engine / "Cargo.toml").read_text(encoding="utf-8")
    features = [line for line in manifest.splitlines() if line.startswith("llama-cpp-sys-2")]
    key = digest(
        (work.engine / "Cargo.lock").read_bytes(),
        output(["rustc", "-vV"]).encode(),
        "\n".join(features).encode(),
    )
    return work.cache / "target" / key


def cargo(work: Workspace, command: str, more: Sequence[str] = (), *, check: bool = True) -> int:
    """Runs `cargo COMMAND` with the flags and the environment that all calls share."""
    env = environment(work)
    remove_stale_links(Path(env["CARGO_TARGET_DIR"]))
    with BuildProgress(Path(env["CARGO_TARGET_DIR"])):
        return call(["cargo", command, *FLAGS, *more], cwd=work.engine, env=env, check=check)


def remove_stale_links(target: Path) -> None:
    for folder in ("release", "release/deps", "release/examples"):
        for name in LLAMA_LIBRARIES:
            link = target / folder / f"lib{name}.so"
            if link.is_symlink():
                link.unlink()


def build(work: Workspace) -> None:
    """Builds the engine and stages it in its Python package."""
    cargo(work, "build", ["--quiet"] if "CI" in os.environ else [])
    stage(work)


def stage(work: Workspace) -> None:
    """Copies the program, its libraries and the extension to where Python finds them."""
    release = target_folder(work) / "release"
    place = work.staged_engine / "bin"
    place.mkdir(parents=True, exist_ok=True)
    wanted = [release / ("hearth-engine.exe" if ON_WINDOWS else "hearth-engine")]
    wanted += llama_libraries(release)
    for source in wanted:
        copy_if_changed(source, place / source.name)
    for old in set(place.iterdir()) - {place / source.name for source in wanted}:
        old.unlink()
    copy_if_changed(native_library(release), work.staged_engine / native_name())


def llama_libraries(release: Path) -> list[Path]:
    """llama.cpp's libraries by the names they are loaded by, and the CPU variants."""
    outs = sorted(release.glob("build/llama-cpp-sys-2-*/out"), key=lambda out: out.stat().st_mtime)
    if not outs:
        raise ProblemError("the engine was built without llama.cpp; delete " + str(release.parent))
    out = outs[-1]
    if ON_WINDOWS:
        return sorted(out.glob("bin/*.dll")) + sorted(out.glob("backends/*.dll"))
    if sys.platform == "darwin":
        found = [lib for lib in out.glob("lib/*.dylib") if lib.name.count(".") == 2]
        return sorted(found) + sorted(out.glob("backends/*.so"))
    found = [lib for lib in out.glob("lib*/*.so.*") if lib.name.count(".") == 2]
    return sorted(found) + sorted(out.glob("backends/*.so"))


def native_library(release: Path) -> Path:
    if ON_WINDOWS:
        return release / "_native.dll"
    return release / ("lib_native.dylib" if sys.platform == "darwin" else "lib_native.so")


def native_name() -> str:
    return "_native.pyd" if ON_WINDOWS else "_native.abi3.so"


def copy_if_changed(source: Path, target: Path) -> None:
    """Copies by way of a rename: a program that runs keeps its old file."""
    now = source.stat()
    if target.exists():
        old = target.stat()
        if (old.st_size, int(old.st_mtime)) == (now.st_size, int(now.st_mtime)):
            return
    fresh = target.with_name(target.name + ".new")
    shutil.copy2(source, fresh)
    os.replace(str(fresh), str(target))


class BuildProgress:
    """Says how far the C++ part is, which cargo keeps silent about for minutes."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._already = set(self._build_folders())

    def _build_folders(self) -> list[Path]:
        return list(self._target.glob("release/build/llama-cpp-sys-2-*/out/build/build.ninja"))

    def __enter__(self) -> BuildProgress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        last = -1
        while not self._ended.wait(10):
            for plan in set(self._build_folders()) - self._already:
                total = plan.read_text(errors="replace").count(".o: ")
                done = sum(1 for _ in plan.parent.rglob("*.o"))
                if total and done not in (last, total):
                    last = done
                    print(f"  llama.cpp (once for this machine): {done} of {total}", flush=True)


def run_tests(work: Workspace) -> int:
    """The crates' own tests."""
    return cargo(work, "test", ["--no-fail-fast"], check=False)


def clippy(work: Workspace) -> int:
    """Clippy, every warning an error."""
    return cargo(work, "clippy", ["--all-targets", "--", "-D", "warnings"], check=False)


def format_code(work: Workspace, *, check: bool) -> int:
    """Runs rustfmt over the workspace."""
    words = ["cargo", "fmt", "--all", *(["--check"] if check else [])]
    return subprocess.call(words, cwd=str(work.engine))
