"""Where frames lie on the screen: panes beside or above each other, and the part of a frame that a person looks at."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from render.layers import Canvas, Layer

LARGEST_ZOOM = 8.0
_SAME = 1e-6


@dataclass(frozen=True)
class Zoom:
    """What is looked at of a frame.

    Attributes:
        factor: 1 shows all of it, as large as fits.
        x: of the point in the middle, as a share of the frame's width; of the frame as it was captured, unmirrored.
        y: the same of its height.
    """

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5


@dataclass(frozen=True)
class Pane:
    """A rectangle of whole px of the screen, in which a frame is shown."""

    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True)
class Framing:
    """Where a frame lies in its pane.

    Attributes:
        frame: width and height of the frame, px.
        pane: width and height of the pane, px of the screen.
        scale: px of the screen that a px of the frame is wide.
        left: from the pane's left edge to the frame's as it is seen, px of the screen; negative where that is outside.
        top: the same of the upper edges.
        mirrored: left and right are swapped.
    """

    frame: tuple[int, int]
    pane: tuple[int, int]
    scale: float
    left: float
    top: float
    mirrored: bool = False

    @classmethod
    def of(cls, frame: tuple[int, int], pane: tuple[int, int], zoom: Zoom, mirrored: bool) -> Framing:
        """A frame as large as fits and the zoom wants, whose edges leave no more room than they must."""
        scale = zoom.factor * _whole(frame, pane)
        x = 1.0 - zoom.x if mirrored else zoom.x
        left = _placed(scale * frame[0], pane[0], x)
        return cls(frame, pane, scale, left, _placed(scale * frame[1], pane[1], zoom.y), mirrored)

    @property
    def width(self) -> float:
        """Of the whole frame, px of the screen."""
        return self.scale * self.frame[0]

    @property
    def height(self) -> float:
        """Of the whole frame, px of the screen."""
        return self.scale * self.frame[1]

    def canvas(self, scale: float) -> Canvas:
        """What is seen of the frame, unmirrored.

        Args:
            scale: px of the canvas that a px of the frame is wide; with that of this framing it has the screen's px.
        """
        share = scale / self.scale
        left = self.pane[0] - self.left - self.width if self.mirrored else self.left
        width, height = (max(1, math.ceil(side * share - _SAME)) for side in self.pane)
        return Canvas(width, height, scale, left * share, self.top * share)

    def place(self, layer: Layer) -> tuple[float, float, float, float]:
        """Left, top, width and height of a layer in the pane, px of the screen."""
        width = layer.width * self.scale
        across = layer.left * self.scale
        left = self.left + (self.width - across - width if self.mirrored else across)
        return left, self.top + layer.top * self.scale, width, layer.height * self.scale

    def point(self, x: float, y: float) -> tuple[float, float]:
        """What lies at a place of the pane, as shares of the frame's width and height, unmirrored."""
        across = (x - self.left) / self.width
        return 1.0 - across if self.mirrored else across, (y - self.top) / self.height

    def zoomed(self, factor: float, at: tuple[float, float]) -> Zoom:
        """The zoom that enlarges or shrinks what is seen, and leaves what lies at a place where it is.

        Args:
            factor: how much larger.
            at: the place, px of the pane.
        """
        whole = _whole(self.frame, self.pane)
        wanted = min(max(factor * self.scale / whole, 1.0), LARGEST_ZOOM)
        scale = wanted * whole
        x, y = self.point(*at)
        aside = (self.pane[0] / 2 - at[0]) / (scale * self.frame[0])
        below = (self.pane[1] / 2 - at[1]) / (scale * self.frame[1])
        return self._kept_within(Zoom(wanted, x - aside if self.mirrored else x + aside, y + below))

    def moved(self, zoom: Zoom, right: float, down: float) -> Zoom:
        """The zoom that moves what is seen by so many px of the screen."""
        across = right / self.width
        x = zoom.x + across if self.mirrored else zoom.x - across
        return self._kept_within(replace(zoom, x=x, y=zoom.y - down / self.height))

    def _kept_within(self, zoom: Zoom) -> Zoom:
        """The zoom whose middle is where it will be seen, so that a drag back is felt at once."""
        whole = _whole(self.frame, self.pane)

        def kept(place: float, pane: int, frame: int) -> float:
            share = min(pane / (zoom.factor * whole * frame), 1.0)
            return min(max(place, share / 2), 1.0 - share / 2)

        x, y = kept(zoom.x, self.pane[0], self.frame[0]), kept(zoom.y, self.pane[1], self.frame[1])
        return replace(zoom, x=x, y=y)


def _whole(frame: tuple[int, int], pane: tuple[int, int]) -> float:
    """The scale at which the whole frame is as large as fits: px of the screen that a px of it is wide."""
    return min(pane[0] / frame[0], pane[1] / frame[1])


def _placed(shown: float, pane: int, place: float) -> float:
    """Where a length begins, so that `place` of it lies in the middle of the pane, or as near as there is no gap."""
    if shown <= pane + _SAME:
        return (pane - shown) / 2
    return min(max(pane / 2 - place * shown, pane - shown), 0.0)


def panes(width: int, height: int, frame: tuple[int, int], count: int, gap: int) -> Iterator[Pane]:
    """Divide a view among frames of one size: beside each other, or above each other where they become larger by that.

    Args:
        width: of the view, px of the screen.
        height: of the view.
        frame: width and height of the frames, px.
        count: how many.
        gap: between two, px of the screen.
    """
    room = (count - 1) * gap
    beside = max((width - room) // count, 1), max(height, 1)
    above = max(width, 1), max((height - room) // count, 1)

    if _whole(frame, beside) >= _whole(frame, above):
        return (Pane(number * (beside[0] + gap), 0, *beside) for number in range(count))
    return (Pane(0, number * (above[1] + gap), *above) for number in range(count))
