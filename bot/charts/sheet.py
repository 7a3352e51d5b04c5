"""Paper to draw on: its coordinates are pixels from the upper left corner. The only file that knows matplotlib.

Importing it takes over a second, so it is imported where a picture is drawn. A `Figure` of its own for
each picture, no pyplot: threads share nothing.
"""

import io
from functools import lru_cache
from typing import Any

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

Point = tuple[float, float]

DPI = 100
_FONTS = ("Noto Sans CJK SC", "Noto Sans SC", "DejaVu Sans")
"""The best first; the last one comes with matplotlib. Chinese names need one of the others (fonts-noto-cjk)."""


class Sheet:
    """One picture."""

    def __init__(self, width: float, height: float) -> None:
        self._figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, width), ylim=(height, 0))
        self._axes.axis("off")

    def box(self, left_top: Point, right_bottom: Point, colour: str, **look: Any) -> None:
        """A rectangle. `look`: radius of the corners, alpha, edgecolor, linewidth, zorder."""
        (left, top), (right, bottom) = left_top, right_bottom
        width, height = right - left, bottom - top
        radius = min(look.pop("radius", 0), width / 2, height / 2)
        shape = f"round,pad=0,rounding_size={radius}" if radius else "square,pad=0"
        look = {"linewidth": 0, **look}
        self._axes.add_patch(FancyBboxPatch((left, top), width, height, shape, facecolor=colour, **look))

    def line(self, start: Point, end: Point, colour: str, **look: Any) -> None:
        """A straight line. `look`: linewidth, linestyle, alpha, zorder."""
        self._axes.plot((start[0], end[0]), (start[1], end[1]), color=colour, **look)

    def dot(self, middle: Point, radius: float, colour: str, **look: Any) -> None:
        """A filled circle. `look`: alpha, zorder."""
        self._axes.add_patch(Circle(middle, radius, facecolor=colour, linewidth=0, **look))

    def words(self, at: Point, text: str, pixels: float, **look: Any) -> None:
        """Text around `at`, letters of `pixels`. `look`: color, ha, va, weight, alpha, zorder."""
        look = {"ha": "center", "va": "center", **look}
        self._axes.text(
            *at, drawable(text), fontsize=pixels * 72 / DPI, family=_fonts(), parse_math=False, **look
        )

    def width(self, text: str, pixels: float) -> float:
        """How wide the text is, in pixels, if it is bold; a little less if not."""
        face = font_manager.get_font([font_manager.findfont(name) for name in _fonts()])
        face.set_size(100, 72)
        face.set_text(drawable(text))
        return float(face.get_width_height()[0]) / 64 * 1.07 * pixels / 100

    def png(self) -> bytes:
        """The picture as a file."""
        file = io.BytesIO()
        self._figure.savefig(file, format="png", dpi=DPI)
        return file.getvalue()


def drawable(text: str) -> str:
    """The text without the letters that no font of this host has."""
    letters = _letters()
    return "".join(letter for letter in text if ord(letter) in letters)


@lru_cache(maxsize=1)
def _fonts() -> list[str]:
    there = set(font_manager.fontManager.get_font_names())
    return [name for name in _FONTS if name in there]


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    faces = (font_manager.get_font(font_manager.findfont(name)) for name in _fonts())
    return frozenset(letter for face in faces for letter in face.get_charmap())
