"""Faults of pinned packages that we depend on not having."""

import sys

from PySide6.QtCore import QObject


def test_void_qt_calls_lose_no_reference_to_none() -> None:
    """PySide6 6.12.0 on CPython 3.11 loses one per call, and aborts after some thousands."""
    item = QObject()
    before = sys.getrefcount(None)
    for _ in range(1000):
        item.setObjectName("x")
    assert before - sys.getrefcount(None) < 100
