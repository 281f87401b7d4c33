from __future__ import annotations

from dataclasses import dataclass

COLOURS = 8  # the tokens --pk-series-1 … --pk-series-8
DASHES = ((), (7, 3), (3, 2), (9, 3, 2, 3))

# Point styles of Chart.js, each as a path of SVG too, in a box of 24 by 12.
OUTLINES = {
    "circle": "M8.5,6a3.5,3.5,0,1,0,7,0a3.5,3.5,0,1,0-7,0z",
    "rect": "M9,3h6v6h-6z",
    "triangle": "M12,2l4,7h-8z",
    "rectRot": "M12,2l4,4-4,4-4-4z",
    "cross": "M12,2v8M8,6h8",
    "crossRot": "M9,3l6,6M15,3l-6,6",
    "star": "M12,2v8M8,6h8M9,3l6,6M15,3l-6,6",
}
MARKS = (  # shape, rotation in degrees, is it hollow
    ("rect", 0, False),
    ("triangle", 0, False),
    ("rectRot", 0, False),
    ("triangle", 180, False),
    ("cross", 0, False),
    ("crossRot", 0, False),
    ("star", 0, False),
    ("rect", 0, True),
    ("triangle", 0, True),
    ("rectRot", 0, True),
    ("triangle", 180, True),
)


@dataclass(frozen=True)
class Style:
    key: str  # the same wherever the series is drawn or named
    colour: str  # of the token --pk-series-…
    dash: tuple[int, ...] = ()
    shape: str = "circle"
    rotation: int = 0
    hollow: bool = False

    @property
    def outline(self) -> str:
        return OUTLINES[self.shape]


TOTAL = Style("total", "total")
REST = Style("rest", "rest", dash=(1, 3), hollow=True)


def series_style(place: int) -> Style:
    """Return a position's style: 32 lines differ by colour and dash, 88 series by colour and mark.

    With each round through the colours the dashes move on: lines differ without marks, too.
    """
    mark = MARKS[place % len(MARKS)]
    dash = DASHES[(place + place // COLOURS) % len(DASHES)]
    return Style(str(place), str(place % COLOURS + 1), dash, *mark)
