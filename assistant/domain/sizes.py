"""Sizes as people read them."""

_STEP = 1000
_UNITS = ("B", "kB", "MB", "GB", "TB")


def readable_size(size_bytes: int) -> str:
    """Text for a number of bytes, in decimal units as the Hub shows them: `4.13 GB`."""
    value, power = float(size_bytes), 0
    while value >= _STEP and power < len(_UNITS) - 1:
        value /= _STEP
        power += 1
    return f"{value:.2f} {_UNITS[power]}" if power > 1 else f"{value:.0f} {_UNITS[power]}"
