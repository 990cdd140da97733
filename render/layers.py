"""Hands by themselves, at the resolution of the screen, to be laid over a frame that is scaled up.

A frame of 640x360 px on a screen of 3840x2160 px is six times enlarged, and hands that were drawn into it with it. What
is drawn here has the screen's own pixels, and no more of them than lie around the hands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from models.values import HandReconstruction, Intrinsics, Reconstruction, Side
from render.geometry import Region, covered_region, drawable, separate_regions
from render.overlay import OverlayPainter
from render.protocol import OverlayStyle
from render.skeleton import FARTHEST, margin_px

_PX_A_LINE = 2.5
"""Edges of a wireframe are as many times wider as a pixel of the frame is larger than this."""


@dataclass(frozen=True)
class Canvas:
    """What of a frame is drawn, and how large.

    Attributes:
        width: px.
        height: px.
        scale: px of the canvas that a px of the frame is wide.
        left: from the canvas's left edge to the frame's, px of the canvas; negative where a part is cut off.
        top: the same of the upper edges.
    """

    width: int
    height: int
    scale: float
    left: float
    top: float

    def intrinsics(self, camera: Intrinsics) -> Intrinsics:
        """The camera of the frame as a camera of the canvas: px are counted from the centre of the first one."""
        return Intrinsics(
            camera.fx * self.scale,
            camera.fy * self.scale,
            (camera.cx + 0.5) * self.scale + self.left - 0.5,
            (camera.cy + 0.5) * self.scale + self.top - 0.5,
            self.width,
            self.height,
        )

    def places(self, points_px: np.ndarray) -> np.ndarray:
        """Points (..., 2) of the frame, frame px, on the canvas."""
        return (points_px + 0.5) * self.scale + np.array([self.left, self.top]) - 0.5


@dataclass(frozen=True, eq=False)
class Layer:
    """Drawn hands with nothing behind them.

    Attributes:
        pixels: (H, W, 4) uint8 BGRA, colour premultiplied with alpha: as windows are painted with.
        left: where it lies on the frame, from edge to edge, frame px; unmirrored.
        top: the same.
        width: of what it covers, frame px.
        height: the same.
        mirrored: its left and right are swapped, for a frame that is shown so.
    """

    pixels: np.ndarray
    left: float
    top: float
    width: float
    height: float
    mirrored: bool


def draw_layers(
    painter: OverlayPainter,
    hands: Reconstruction,
    camera: Intrinsics,
    style: OverlayStyle,
    canvas: Canvas,
    *,
    mirrored: bool = False,
) -> tuple[Layer, ...]:
    """Draw hands for a canvas; each by itself where they are apart.

    Args:
        painter: draws the hands; owned by the calling thread.
        hands: in the frame of the camera.
        camera: of the frame.
        style: as over frames.
        canvas: what is seen of the frame.
        mirrored: give pixels whose left and right are swapped.
    """
    if style.view == "none":
        return ()
    view = canvas.intrinsics(camera)
    seen: dict[Side, HandReconstruction] = {side: _moved(hand, canvas) for side, hand in hands.hands.items()}
    regions: dict[Side, Region] = {
        side: region for side, hand in seen.items() if (region := _region(hand, view)) is not None
    }
    style = replace(style, line_px=max(1, round(canvas.scale / _PX_A_LINE)))
    layers = []
    for region, sides in separate_regions(regions):
        local = replace(view, cx=view.cx - region.left, cy=view.cy - region.top)
        corner = np.array([region.left, region.top], np.float32)
        shown: dict[Side, HandReconstruction] = {
            side: replace(seen[side], joints_px=seen[side].joints_px - corner) for side in sides
        }
        empty = np.zeros((region.height, region.width, 4), np.uint8)
        layers.append(_layer(painter.paint(empty, Reconstruction(shown), local, style), region, canvas, mirrored))
    return tuple(layers)


def _moved(hand: HandReconstruction, canvas: Canvas) -> HandReconstruction:
    return replace(hand, joints_px=canvas.places(hand.joints_px).astype(np.float32), errors_px=None)


def _region(hand: HandReconstruction, view: Intrinsics) -> Region | None:
    """Where a hand can be seen on the canvas, its skeleton included."""
    found: list[Region] = []
    if drawable({"left": hand.vertices}):
        mesh = covered_region(hand.vertices, view, view.width, view.height)
        found += [] if mesh is None else [mesh]
    joints = hand.joints_px
    if np.isfinite(joints).all() and np.abs(joints).max() < FARTHEST:
        margin = margin_px(joints)
        left, top = np.floor(np.clip(joints.min(axis=0) - margin, 0, (view.width, view.height))).astype(int).tolist()
        right, bottom = np.ceil(np.clip(joints.max(axis=0) + margin + 1, 0, (view.width, view.height))).astype(int)
        if right > left and bottom > top:
            found.append(Region(left, top, int(right), int(bottom)))
    if not found:
        return None
    return found[0] if len(found) == 1 else found[0].union(found[1])


def _layer(pixels: np.ndarray, region: Region, canvas: Canvas, mirrored: bool) -> Layer:
    pixels = cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA)
    # cv2 rounds each channel by itself; a colour above its alpha would overflow where it is laid over white.
    alpha = cv2.extractChannel(pixels, 3)
    pixels = cv2.min(pixels, cv2.merge([alpha] * 4))
    return Layer(
        cv2.flip(pixels, 1) if mirrored else pixels,
        (region.left - canvas.left) / canvas.scale,
        (region.top - canvas.top) / canvas.scale,
        region.width / canvas.scale,
        region.height / canvas.scale,
        mirrored,
    )
