"""Numbers, sizes and times as the window says them, in the language in force."""

from PySide6.QtCore import QCoreApplication, QLocale, Qt

_MINUTE = 60
_HOUR = 3600
_THOUSAND = 1000


_FIRST_ISOLATE, _END_ISOLATE, _RIGHT_TO_LEFT = "\u2068", "\u2069", "\u200f"


def size(count: int) -> str:
    """Bytes with a decimal unit, as the Hub counts them: `2.5 GB`."""
    said = QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    return isolated(said)


def isolated(text: str) -> str:
    """Keep a name or a size together where words of a right-to-left language stand around it."""
    return f"{_FIRST_ISOLATE}{text}{_END_ISOLATE}" if _right_to_left() else text


def line(*parts: str) -> str:
    """Facts in one line, in the direction of the language whatever they begin with."""
    said = " · ".join(part for part in parts if part)
    return _RIGHT_TO_LEFT + said if _right_to_left() and said else said


def _right_to_left() -> bool:
    return QLocale().textDirection() == Qt.LayoutDirection.RightToLeft


def number(value: float, decimals: int = 0) -> str:
    """A number with the digits of the language."""
    if decimals:
        return QLocale().toString(float(value), "f", decimals)
    return QLocale().toString(round(value))


def percent(fraction: float) -> str:
    """A share of 0 to 1 as whole percent."""
    return QCoreApplication.translate("Words", "{number} %").format(number=number(fraction * 100))


def speed(bytes_per_second: float) -> str:
    """`12.4 MB/s`."""
    return QCoreApplication.translate("Words", "{size}/s").format(
        size=size(round(bytes_per_second))
    )


def tokens(count: int) -> str:
    """`940`, `2.1k`, `32k`."""
    if count < _THOUSAND:
        return number(count)
    # Contexts are powers of two and are called by their round names: 8192 is 8k.
    thousands = count / (1024 if count % 1024 == 0 else _THOUSAND)
    decimals = 1 if thousands < 10 and round(thousands, 1) != round(thousands) else 0
    return QCoreApplication.translate("Words", "{number}k").format(
        number=number(thousands, decimals)
    )


def left(seconds: float) -> str:
    """`about 2 min left`."""
    if seconds < _MINUTE:
        text = QCoreApplication.translate("Words", "about {number} s left")
        return text.format(number=number(max(1, seconds)))
    if seconds < _HOUR:
        text = QCoreApplication.translate("Words", "about {number} min left")
        return text.format(number=number(seconds / _MINUTE))
    text = QCoreApplication.translate("Words", "about {number} h left")
    return text.format(number=number(seconds / _HOUR, 1))
