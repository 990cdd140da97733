"""Hands over a picture, in whichever view a person chose."""

from __future__ import annotations

import numpy as np

from models.values import Intrinsics, Reconstruction, Side
from render.protocol import MeshRenderer, OverlayStyle
from render.skeleton import draw_skeleton


def draw_hands(
    renderer: MeshRenderer | None,
    image: np.ndarray,
    reconstruction: Reconstruction,
    intrinsics: Intrinsics,
    style: OverlayStyle,
) -> np.ndarray:
    """Draw the reconstructed hands over the picture that they were found in.

    Args:
        renderer: draws the meshes; may be None for the views without them.
        image: (H, W, 3) uint8 RGB.
        reconstruction: hands in the camera frame of `intrinsics`.
        intrinsics: camera of `image`.
        style: view, opacity and colours.

    Returns:
        An (H, W, 3) uint8 RGB picture; `image` itself where there is nothing to draw.

    Raises:
        ValueError: a view with meshes and no renderer.
    """
    hands = reconstruction.hands
    if not hands or style.view == "none":
        return image
    picture = image
    if style.view in ("mesh", "mesh+skeleton"):
        if renderer is None:
            raise ValueError(f"the view {style.view!r} needs a renderer")
        meshes: dict[Side, np.ndarray] = {side: hand.vertices for side, hand in hands.items()}
        picture = renderer.render(picture, meshes, intrinsics, style)
    if style.view in ("skeleton", "mesh+skeleton"):
        joints_px: dict[Side, np.ndarray] = {side: hand.joints_px for side, hand in hands.items()}
        picture = draw_skeleton(picture, joints_px, style)
    return picture
