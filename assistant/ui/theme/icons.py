"""Hearth's icons: SVG strokes on a 24 px grid, tinted when drawn."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

POINTING = frozenset({"sidebar", "undo", "back"})
"""Icons that point along the line of text, and so are mirrored right to left."""


class IconSet:
    """Draws the icons of one folder in any colour."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, bytes] = {}
        self._drawn: dict[tuple[str, str, int, float, bool], QPixmap] = {}

    def pixmap(
        self, name: str, colour: str, size: int, *, ratio: float = 1.0, mirrored: bool = False
    ) -> QPixmap:
        """The icon, `size` pixels square for a screen of `ratio` device pixels per pixel.

        Raises `FileNotFoundError` for a name without a file.
        """
        mirror = mirrored and name in POINTING
        key = (name, colour, size, ratio, mirror)
        if key not in self._drawn:
            self._drawn[key] = self._draw(name, colour, round(size * ratio), mirror=mirror)
            self._drawn[key].setDevicePixelRatio(ratio)
        return self._drawn[key]

    def icon(
        self, name: str, colour: str, size: int, *, ratio: float = 1.0, mirrored: bool = False
    ) -> QIcon:
        """The same as a `QIcon`."""
        return QIcon(self.pixmap(name, colour, size, ratio=ratio, mirrored=mirrored))

    def _draw(self, name: str, colour: str, pixels: int, *, mirror: bool) -> QPixmap:
        if name not in self._sources:
            self._sources[name] = (self._folder / f"{name}.svg").read_bytes()
        svg = self._sources[name].replace(b"currentColor", colour.encode("ascii"))
        pixmap = QPixmap(QSize(pixels, pixels))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        if mirror:
            painter.translate(pixels, 0)
            painter.scale(-1, 1)
        QSvgRenderer(QByteArray(svg)).render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        return pixmap
