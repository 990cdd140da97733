"""The bones of a take, as animation programs want them: one shape per hand, y up, steady names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.outputs.export.smoothing import align_hemispheres
from app.outputs.export.take import Take
from app.outputs.humanoid import BONES
from app.sessions.moments import gaps
from models.hand_model import MANO_TO_JOINTS, HandModel
from models.quaternions import Rotations
from models.sentences import say
from models.values import HandParameters, Side

TIPS: Mapping[str, int] = {"Index": 1, "Middle": 2, "Little": 4, "Ring": 3, "Thumb": 0}
"""Fingers in the order of `BONES`, as indices into the hand model's tips."""
_JOURNAL_JOINTS = np.argsort(MANO_TO_JOINTS)[:16]
"""The 16 joints among the project's 21."""

Y_UP = Rotations.from_quat([1.0, 0.0, 0.0, 0.0])
"""Camera axes (x right, y down, z forward) to those of glTF and BVH (x right, y up, z towards the viewer): half a turn
about x. The hand model's rest frame is y up already: palms down, the right hand's fingers along -x, thumbs along z,
which is how a person facing the viewer stands in a T-pose."""


@dataclass(frozen=True, eq=False)
class RigTrack:
    """The moving bones of one hand. Axes are y up; see `Y_UP`.

    Attributes:
        side: which hand.
        model: its hand model.
        rows: (N,) of the take's columns.
        seconds: (N,) rising, from the start of the take.
        shape: (10,) the mean over the take's measured rows; a hand has one.
        rest_joints: (16, 3) metres, rest frame, for that shape.
        quaternions: (N, 16, 4) x, y, z, w; relative to the parent, neighbours in time on one hemisphere.
        wrist: (N, 3) metres, where the wrist joint is.
        gone: (N-1,) bool, after which rows the hand was out of sight.
    """

    side: Side
    model: HandModel
    rows: np.ndarray
    seconds: np.ndarray
    shape: np.ndarray
    rest_joints: np.ndarray
    quaternions: np.ndarray
    wrist: np.ndarray
    gone: np.ndarray

    @property
    def bones(self) -> tuple[str, ...]:
        """Names of the 16 joints, with the side before them."""
        return tuple(f"{self.side.capitalize()}{bone}" for bone in BONES)

    @property
    def offsets(self) -> np.ndarray:
        """(16, 3) metres, each joint from its parent at rest; zero for the wrist."""
        parents = np.array(self.model.parents)
        offsets = self.rest_joints - self.rest_joints[parents]
        offsets[0] = 0.0
        return offsets

    def matrices(self) -> np.ndarray:
        """(N, 16, 3, 3) rotations relative to the parent."""
        return Rotations.from_quat(self.quaternions).as_matrix()

    def placed(self) -> tuple[np.ndarray, np.ndarray]:
        """World rotations (N, 16, 3, 3) and places (N, 16, 3), metres, of the joints."""
        turned, offsets = self.matrices(), self.offsets
        places = np.empty(turned.shape[:3])
        places[:, 0] = self.wrist
        for joint, parent in list(enumerate(self.model.parents))[1:]:
            places[:, joint] = places[:, parent] + turned[:, parent] @ offsets[joint]
            turned[:, joint] = turned[:, parent] @ turned[:, joint]
        return turned, places

    def at(self, indices: np.ndarray) -> RigTrack:
        """The same hand at some of its times only."""
        seconds = self.seconds[indices]
        return replace(
            self,
            rows=self.rows[indices],
            seconds=seconds,
            quaternions=self.quaternions[indices],
            wrist=self.wrist[indices],
            gone=gaps(seconds),
        )

    def parameters(self, index: int) -> HandParameters:
        """Parameters of the hand model that give this track's hand, in y up axes."""
        pose = Rotations.from_quat(self.quaternions[index]).as_rotvec()
        return HandParameters(
            pose.astype(np.float32),
            self.shape.astype(np.float32),
            (self.wrist[index] - self.rest_joints[0]).astype(np.float32),
        )


def tracks(take: Take) -> list[RigTrack]:
    """The hands of a take, left first.

    Args:
        take: with its hand models.
    """
    return [_track(take, side) for side in take.sides]


def shape_note(take: Take, hands: list[RigTrack]) -> str:
    """How far the joints lie from the recorded ones, because the hand has one shape here."""
    distances = np.concatenate(
        [np.linalg.norm(hand.placed()[1] - Y_UP.apply(_recorded(take, hand)), axis=-1) for hand in hands]
    )
    return say(
        "Each hand has one shape for the whole take: joints lie {mean:.1f} mm on average, at most "
        "{most:.1f} mm, from the recorded ones.",
        mean=distances.mean() * 1000,
        most=distances.max() * 1000,
    )


def _recorded(take: Take, hand: RigTrack) -> np.ndarray:
    """(N, 16, 3) metres, camera axes."""
    return take.columns.joints[hand.rows].reshape(-1, 21, 3)[:, _JOURNAL_JOINTS].astype(np.float64)


def _track(take: Take, side: Side) -> RigTrack:
    columns, model = take.columns, take.hand_models[side]
    rows = columns.rows(side)
    measured = rows[~columns.predicted[rows]]
    shape = columns.shape[measured if len(measured) else rows].mean(axis=0, dtype=np.float64)
    rest = model.rest_skeleton(shape)
    quaternions = Rotations.from_rotvec(columns.pose[rows].reshape(-1, 16, 3)).as_quat()
    quaternions[:, 0] = (Y_UP * Rotations.from_quat(quaternions[:, 0])).as_quat()
    seconds = take.seconds()[rows]
    return RigTrack(
        side=side,
        model=model,
        rows=rows,
        seconds=seconds,
        shape=shape,
        rest_joints=rest,
        quaternions=align_hemispheres(quaternions),
        wrist=Y_UP.apply(columns.joints[rows, :3].astype(np.float64)),  # kept, whatever the shape
        gone=gaps(seconds),
    )
