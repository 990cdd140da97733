"""Hands over an image, in whichever view a person chose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.values import Intrinsics, Reconstruction, Side
from render.protocol import MeshRenderer, OverlayStyle
from render.skeleton import draw_skeleton
from render.wireframe import draw_wireframe


class OverlayPainter:
    """Paints hands over images: the one way from hands to what is shown, written and streamed.

    Owns the renderer. Made, used and closed by one thread.

    Args:
        renderer: draws the meshes; None paints skeletons in their place.
    """

    def __init__(self, renderer: MeshRenderer | None) -> None:
        self._renderer = renderer

    @classmethod
    def open(cls, create: Callable[[], MeshRenderer], failed: Callable[[Exception], None]) -> OverlayPainter:
        """A painter that does without meshes where no renderer can be made.

        Args:
            create: makes the renderer.
            failed: is told why it cannot be made.
        """
        try:
            return cls(create())
        except Exception as error:  # noqa: BLE001 - told
            failed(error)
            return cls(None)

    def paint(
        self, image: np.ndarray, hands: Reconstruction, intrinsics: Intrinsics, style: OverlayStyle
    ) -> np.ndarray:
        """The image with hands over it; see `draw_hands`."""
        if self._renderer is None and style.view != "none":
            style = replace(style, view="skeleton")
        return draw_hands(self._renderer, image, hands, intrinsics, style)

    def close(self) -> None:
        """Release the renderer."""
        if self._renderer is not None:
            self._renderer.close()


def draw_hands(
    renderer: MeshRenderer | None,
    image: np.ndarray,
    reconstruction: Reconstruction,
    intrinsics: Intrinsics,
    style: OverlayStyle,
) -> np.ndarray:
    """Draw the reconstructed hands over the image that they were found in.

    Args:
        renderer: draws the meshes; may be None for the views without them.
        image: (H, W, 3) uint8 RGB, or (H, W, 4) RGBA, premultiplied: see `MeshRenderer.render`.
        reconstruction: hands in the camera frame of `intrinsics`.
        intrinsics: camera of `image`.
        style: view, opacity and colours.

    Returns:
        An image of the same kind; `image` itself where there is nothing to draw.

    Raises:
        ValueError: a view with meshes and no renderer.
    """
    hands = reconstruction.hands
    if not hands or style.view == "none":
        return image
    picture = image
    if style.view == "wireframe":
        if renderer is None:
            raise ValueError("the view 'wireframe' needs a renderer, which knows the faces")
        corners: dict[Side, np.ndarray] = {side: hand.vertices for side, hand in hands.items()}
        return draw_wireframe(picture, corners, renderer.faces, intrinsics, style)
    if style.view in ("mesh", "mesh+skeleton"):
        if renderer is None:
            raise ValueError(f"the view {style.view!r} needs a renderer")
        meshes: dict[Side, np.ndarray] = {side: hand.vertices for side, hand in hands.items()}
        picture = renderer.render(picture, meshes, intrinsics, style)
    if style.view in ("skeleton", "mesh+skeleton"):
        joints_px: dict[Side, np.ndarray] = {side: hand.joints_px for side, hand in hands.items()}
        picture = draw_skeleton(picture, joints_px, style)
    return picture
