"""Both hands with their forearms and sleeves, as one set of meshes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from models.hand_model import HandModel, HandTwin
from models.values import SIDES, HandParameters, Side
from tools.demo_clip.arms import Tube, forearm
from tools.demo_clip.scene import Surface
from training.synthetic.arms import boundary_loop

SKIN_TONE = (206, 152, 122)
"""The back of the hand, sRGB."""
SLEEVE_COLOUR = np.array([0.060, 0.085, 0.130])
"""Linear light."""
ELBOW = np.array([-0.24, 0.37, 0.70])
"""Where the right elbow rests, metres, camera frame: low, beside the body, which sits behind the hands."""
ELBOW_FOLLOWS = 0.35
"""Share of the wrist's way from its own rest that the elbow goes with it."""
WRIST_REST = np.array([-0.135, 0.105, 0.56])


class Figure:
    """The meshes of hands and arms for given hand parameters.

    Args:
        models: hand model by side; gives the joints.
        twins: its detailed skin by side.
    """

    def __init__(self, models: Mapping[Side, HandModel], twins: Mapping[Side, HandTwin]) -> None:
        self._models, self._twins = models, twins
        self._loops = {side: boundary_loop(twins[side].faces) for side in SIDES}
        self.surface = _join([part for side in SIDES for part in self._surfaces(side)])

    def vertices(self, hands: Mapping[Side, HandParameters]) -> tuple[np.ndarray, np.ndarray]:
        """All vertices (V, 3) in the surface's order, and the middle (3,) of both hands; metres, camera frame."""
        meshes: list[np.ndarray] = []
        middles: list[np.ndarray] = []
        for side in SIDES:
            vertices, joints = self._hand(side, hands[side])
            skin, sleeve = self._arm(side, vertices, joints)
            meshes += [vertices, skin.vertices, sleeve.vertices]
            middles.append(joints.mean(axis=0))
        return np.concatenate(meshes), np.mean(middles, axis=0)

    def _hand(self, side: Side, parameters: HandParameters) -> tuple[np.ndarray, np.ndarray]:
        return self._twins[side].mesh(parameters), self._models[side].mesh(parameters)[1]

    def _arm(self, side: Side, vertices: np.ndarray, joints: np.ndarray) -> tuple[Tube, Tube]:
        mirror = np.array([1.0 if side == "right" else -1.0, 1.0, 1.0])
        elbow = (ELBOW + ELBOW_FOLLOWS * (joints[0] * mirror - WRIST_REST)) * mirror
        loop = self._loops[side]
        out = vertices[loop].mean(axis=0) - joints[0]
        return forearm(vertices, loop, out / np.linalg.norm(out), elbow)

    def _surfaces(self, side: Side) -> list[Surface]:
        twin = self._twins[side]
        rest = HandParameters(np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.zeros(3, np.float32))
        vertices, joints = self._hand(side, rest)
        skin, sleeve = self._arm(side, vertices, joints)
        colours = (twin.colours(SKIN_TONE) / 255.0) ** 2.2
        hand = Surface(twin.faces, colours, vertices, np.ones(len(vertices)), 0.8 * twin.nails)
        wrist_colours = hand.colours[self._loops[side]]
        rings = len(skin.vertices) // len(wrist_colours)
        bare = Surface(
            skin.faces,
            np.tile(wrist_colours, (rings, 1)),
            skin.vertices,
            np.ones(len(skin.vertices)),
            np.zeros(len(skin.vertices)),
        )
        cloth = Surface(
            sleeve.faces,
            np.tile(SLEEVE_COLOUR, (len(sleeve.vertices), 1)),
            sleeve.vertices,
            np.zeros(len(sleeve.vertices)),
            np.zeros(len(sleeve.vertices)),
        )
        return [hand, bare, cloth]


def _join(parts: list[Surface]) -> Surface:
    starts = np.cumsum([0, *(len(part.colours) for part in parts)])
    return Surface(
        np.concatenate([part.faces + start for part, start in zip(parts, starts, strict=False)]),
        np.concatenate([part.colours for part in parts]),
        np.concatenate([part.texture_positions for part in parts]),
        np.concatenate([part.skin for part in parts]),
        np.concatenate([part.gloss for part in parts]),
    )
