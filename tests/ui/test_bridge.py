import asyncio
import threading
import time

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assistant.domain.errors import HearthError, OfflineError
from assistant.domain.events import ChatsChanged, Event, ModelsChanged
from assistant.ui.bridge import Bridge
from assistant.ui.watchdog import Watchdog


def test_results_come_on_the_main_thread(qtbot: QtBot, bridge: Bridge, qapp: QApplication) -> None:
    threads: list[QThread] = []
    names: list[str] = []

    async def work() -> str:
        names.append(threading.current_thread().name)
        return "done"

    results: list[str] = []

    def took(result: str) -> None:
        threads.append(QThread.currentThread())
        results.append(result)

    bridge.run(work(), took)
    qtbot.waitUntil(lambda: results == ["done"])
    assert threads == [qapp.thread()]
    assert names == ["hearth-services"]


def test_a_foreseen_error_goes_to_its_caller(qtbot: QtBot, bridge: Bridge) -> None:
    async def fail() -> None:
        raise OfflineError(host="example.org")

    errors: list[HearthError] = []
    bridge.run(fail(), None, errors.append)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], OfflineError)
    with qtbot.waitSignal(bridge.failed) as caught:
        bridge.run(fail())
    assert isinstance(caught.args[0], OfflineError)


@pytest.mark.expects_log_errors
def test_an_unforeseen_error_is_reported_as_a_bug(qtbot: QtBot, bridge: Bridge) -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    errors: list[HearthError] = []
    with qtbot.waitSignal(bridge.crashed) as caught:
        bridge.run(fail(), None, errors.append)
    assert isinstance(caught.args[0], ZeroDivisionError)
    assert not errors


def test_what_is_called_off_is_not_delivered(qtbot: QtBot, bridge: Bridge) -> None:
    ended: list[str] = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    async def quick() -> None:
        return None

    job = bridge.run(wait(), lambda _none: ended.append("result"))
    job.cancel()
    bridge.run(quick(), lambda _none: ended.append("after"))
    qtbot.waitUntil(lambda: "after" in ended)
    assert "result" not in ended
    assert job.done


def test_events_come_in_their_order(qtbot: QtBot, bridge: Bridge, qapp: QApplication) -> None:
    got: list[Event] = []
    threads: set[bool] = set()

    def take(event: Event) -> None:
        got.append(event)
        threads.add(QThread.currentThread() is qapp.thread())

    bridge.happened.connect(take)
    sent: list[Event] = [ChatsChanged(), ModelsChanged()] * 50

    async def say() -> None:
        for event in sent:
            bridge.publish(event)

    bridge.run(say())
    qtbot.waitUntil(lambda: len(got) == len(sent))
    assert got == sent
    assert threads == {True}


def test_closing_ends_everything(qapp: QApplication) -> None:
    bridge = Bridge()
    ended: list[str] = []

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("endless")

    async def last() -> None:
        ended.append("last")

    bridge.run(endless())
    assert bridge.close(last())
    assert ended == ["last", "endless"]
    assert "hearth-services" not in {thread.name for thread in threading.enumerate()}
    bridge.publish(ChatsChanged())
    assert bridge.run(last()).done
    assert bridge.close(last())
    assert ended == ["last", "endless"]


def test_services_that_hang_are_not_waited_for(
    qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    bridge = Bridge()

    async def hang() -> None:
        await asyncio.Event().wait()

    began = time.monotonic()
    assert bridge.close(hang(), timeout_s=0.5)
    assert time.monotonic() - began < 3
    assert "did not close in time" in caplog.text


def test_nothing_is_delivered_after_the_end(qtbot: QtBot, qapp: QApplication) -> None:
    bridge = Bridge()
    late: list[None] = []

    async def quick() -> None:
        return None

    bridge.run(quick(), late.append)
    bridge.close()
    qapp.processEvents()
    assert not late


def test_the_watchdog_finds_a_block_and_its_place(
    qtbot: QtBot, qapp: QApplication, caplog: pytest.LogCaptureFixture
) -> None:
    dog = Watchdog(limit_s=0.05, every_s=0.005)
    try:
        end = time.monotonic() + 0.4
        while time.monotonic() < end:  # the block itself
            pass
        qtbot.waitUntil(lambda: bool(dog.blocks))
    finally:
        dog.stop()
    assert any("the block itself" in block.stack for block in dog.blocks)
    assert "stood still" in caplog.text


def test_the_watchdog_lets_a_busy_loop_of_events_be(qtbot: QtBot, qapp: QApplication) -> None:
    dog = Watchdog(limit_s=2.0, every_s=0.005)
    end = time.monotonic() + 0.2
    qtbot.waitUntil(lambda: time.monotonic() > end)
    dog.stop()
    assert not dog.blocks
