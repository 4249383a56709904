"""How much memory this computer has."""

import ctypes
import os
import sys


def total_memory_bytes() -> int:
    """Give the whole memory of this computer in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return _windows_memory()
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


class _MemoryStatus(ctypes.Structure):
    """`MEMORYSTATUSEX` of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total", ctypes.c_ulonglong),
        ("available", ctypes.c_ulonglong),
        ("total_page_file", ctypes.c_ulonglong),
        ("available_page_file", ctypes.c_ulonglong),
        ("total_virtual", ctypes.c_ulonglong),
        ("available_virtual", ctypes.c_ulonglong),
        ("available_extended", ctypes.c_ulonglong),
    )


def _windows_memory() -> int:
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - is there on Windows only
    status = _MemoryStatus(length=ctypes.sizeof(_MemoryStatus))
    return status.total if kernel.GlobalMemoryStatusEx(ctypes.byref(status)) else 0
