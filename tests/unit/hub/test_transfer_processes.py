"""Downloads and other processes: killed in the middle, two at once, a limit on file sizes."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from assistant.hub.partial import Wanted
from tests.fakes.hub_server import Drop, Hold
from tests.unit.hub.downloading import MIB, Bench, content

REPOSITORY = Path(__file__).parents[3]
DATA = content(8 * MIB)


def start_child(bench: Bench, wanted: Wanted, *more: str) -> subprocess.Popen[str]:
    note = bench.root.parent / f"{wanted.key}.json"
    note.write_text(json.dumps(asdict(wanted)))
    command = [sys.executable, "-m", "tests.unit.hub.fetch_child", str(bench.root), str(note)]
    return subprocess.Popen([*command, *more], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True)


async def test_killed_in_the_middle_then_resumed(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    held_at = 5 * MIB + 300_000
    bench.hub.on_file(Hold(held_at))
    with start_child(bench, wanted) as child:
        deadline = time.monotonic() + 60
        # The server is silent after `held_at`: all but one buffer must reach the disk by itself.
        while bench.part_size(wanted) < held_at - MIB:
            assert time.monotonic() < deadline
            assert child.poll() is None
        child.send_signal(signal.SIGKILL)
    survived = bench.part_size(wanted)
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    [first, second] = bench.hub.file_requests()
    assert first.range_start == 0
    assert second.range_start == survived
    assert held_at - second.range_start <= MIB
    assert bench.leftovers() == []


async def test_two_processes_fetch_a_file_once(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.on_file(Drop(3 * MIB), Drop(MIB))
    children = [start_child(bench, wanted) for _ in range(2)]
    for child in children:
        with child:
            assert child.wait(60) == 0
    assert bench.layout.snapshot(wanted.place).read_bytes() == DATA
    assert bench.hub.cdn_bytes == len(DATA)
    assert bench.leftovers() == []


async def test_a_second_process_takes_over_from_a_dead_one(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    bench.hub.on_file(Hold(2 * MIB))
    with start_child(bench, wanted) as first:
        deadline = time.monotonic() + 60
        while bench.part_size(wanted) < MIB:
            assert time.monotonic() < deadline
        with start_child(bench, wanted) as second:
            first.send_signal(signal.SIGKILL)
            assert second.wait(60) == 0
    assert bench.layout.snapshot(wanted.place).read_bytes() == DATA


async def test_a_limit_on_the_size_of_files(bench: Bench) -> None:
    wanted = bench.wanted(DATA)
    with start_child(bench, wanted, str(2 * MIB)) as child:
        said, _ = child.communicate(timeout=60)
    assert (child.returncode, said) == (1, "file_too_large_for_disk")
    assert bench.part_size(wanted) == 2 * MIB
    assert (await bench.fetch(wanted)).read_bytes() == DATA
    assert bench.hub.file_requests()[-1].range_start == 2 * MIB
