"""Numbers of bytes in words."""

from decimal import Context, Decimal

_STEP = 1000
_LARGER_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_THREE_DIGITS = Context(prec=3)


def human_size(size_bytes: int) -> str:
    """Give at most three digits in decimal units (SI), as file managers and the Hub show them."""
    if size_bytes < _STEP:
        return f"{size_bytes} B"
    rounded = _THREE_DIGITS.create_decimal(size_bytes)
    exponent = min(rounded.adjusted() // 3, len(_LARGER_UNITS))
    value = rounded / Decimal(_STEP) ** exponent
    return f"{value:f} {_LARGER_UNITS[exponent - 1]}"
