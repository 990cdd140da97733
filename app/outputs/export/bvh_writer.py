"""BVH: the bones of both hands in motion (Meredith and Maddock, "Motion Capture File Formats Explained", 2001).

One root that never moves carries both wrists, because readers expect one root, and in one file both hands keep their
place and time. Wrists have an offset of zero and their place as channels: whether a reader adds the offset to position
channels or not, which programs do not agree on, comes to the same. Axes are y up and the rest pose is the hand model's:
flat hands, palms down. All files have angles in degrees, rotated about z, then x, then y.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import numpy as np

from app.outputs.export.formats import Progress, WriterOptions
from app.outputs.export.rig import TIPS, RigTrack, shape_note, tracks
from app.outputs.export.take import Take
from models.hand_model import TIP_VERTICES
from models.quaternions import Rotations, interpolate
from models.sentences import say

ROOT = "Hands"
_ROTATIONS = "Zrotation Xrotation Yrotation"
_PLACES = "Xposition Yposition Zposition"
_SCALES = {"m": 1.0, "cm": 100.0}
_ROWS = 1024
_LOCKED = 1e-7
"""Cosine of the middle angle below which the other two are not to be told apart."""
_STILL = 1 / 30
"""Frame time of a take with one frame."""


def write(take: Take, path: Path, options: WriterOptions, progress: Progress) -> list[str]:
    """Write hierarchy and motion. See `app.outputs.export.formats.Writer`.

    BVH has one frame time for all: where frames did not come evenly, poses are interpolated, rotations on the shortest
    arc. It cannot hide a hand either: one that is gone goes straight from where it was to where it comes back.
    """
    hands = tracks(take)
    scale = _SCALES[options.unit]
    times, frame_time = even_times(np.unique(np.concatenate([[0.0], *(hand.seconds for hand in hands)])))
    notes = [shape_note(take, hands)]
    if any(hand.gone.any() for hand in hands):
        notes.append(say("BVH cannot hide a hand: one that was out of sight moves straight to where it comes back."))
    with path.open("w", encoding="ascii", newline="\n") as file:
        file.write(f"HIERARCHY\nROOT {ROOT}\n{{\n\tOFFSET 0 0 0\n\tCHANNELS 6 {_PLACES} {_ROTATIONS}\n")
        for hand in hands:
            for line in _joint(hand, 0, scale):
                file.write(f"\t{line}\n")
        file.write(f"}}\nMOTION\nFrames: {len(times)}\nFrame Time: {frame_time:.9f}\n")
        _write_motion(file, hands, times, scale, progress)
    return notes


def even_times(seconds: np.ndarray) -> tuple[np.ndarray, float]:
    """Evenly spaced times over the same span, and their distance.

    Args:
        seconds: (N,) rising, of all frames with hands.
    """
    if len(seconds) < 2:
        return seconds, _STILL
    span = float(seconds[-1] - seconds[0])
    steps = max(1, round(span / float(np.median(np.diff(seconds)))))
    return np.linspace(seconds[0], seconds[-1], steps + 1), span / steps


def _joint(hand: RigTrack, joint: int, scale: float) -> Iterator[str]:
    """Lines of a joint and what hangs on it."""
    channels = f"6 {_PLACES} {_ROTATIONS}" if joint == 0 else f"3 {_ROTATIONS}"
    yield f"JOINT {hand.bones[joint]}"
    yield "{"
    yield f"\tOFFSET {_triple(hand.offsets[joint] * scale)}"
    yield f"\tCHANNELS {channels}"
    children = [child for child, parent in enumerate(hand.model.parents) if parent == joint]
    for child in children:
        for line in _joint(hand, child, scale):
            yield f"\t{line}"
    if not children:
        yield "\tEnd Site"
        yield "\t{"
        yield f"\t\tOFFSET {_triple((_rest_tip(hand, joint) - hand.rest_joints[joint]) * scale)}"
        yield "\t}"
    yield "}"


def _rest_tip(hand: RigTrack, joint: int) -> np.ndarray:
    """(3,) the tip of the finger that ends with this joint, rest frame."""
    finger = list(TIPS)[(joint - 1) // 3]
    vertex = TIP_VERTICES[TIPS[finger]]
    arrays = hand.model.arrays
    return arrays.template[vertex].astype(np.float64) + arrays.shape_dirs[vertex].astype(np.float64) @ hand.shape


def _triple(values: np.ndarray) -> str:
    return " ".join(f"{value:.8f}" for value in values)


def _write_motion(file: TextIO, hands: list[RigTrack], times: np.ndarray, scale: float, progress: Progress) -> None:
    motion = np.concatenate([np.zeros((len(times), 6)), *(_channels(hand, times, scale) for hand in hands)], axis=1)
    for start in range(0, len(times), _ROWS):
        progress(start, len(times))
        np.savetxt(file, motion[start : start + _ROWS], fmt="%.7f")
    progress(len(times), len(times))


def _channels(hand: RigTrack, times: np.ndarray, scale: float) -> np.ndarray:
    """(T, 51): place and angles of the wrist, then the angles of the finger joints in the order of the hierarchy.

    The hand model numbers its joints finger by finger, which is that order.
    """
    seconds = hand.seconds
    inside = np.clip(times, seconds[0], seconds[-1])  # before it comes and after it goes, the hand waits
    place = np.stack([np.interp(inside, seconds, hand.wrist[:, axis]) for axis in range(3)], axis=1)
    rotations = Rotations.from_quat(hand.quaternions)
    even = interpolate(seconds, rotations, inside) if len(seconds) > 1 else rotations[np.zeros(len(times), int)]
    degrees = np.degrees(continuous_angles(euler_zxy(even.as_matrix())))
    return np.concatenate([place * scale, degrees.reshape(len(times), -1)], axis=1)


def euler_zxy(matrices: np.ndarray) -> np.ndarray:
    """Angles (..., 3), radians, about z, then x, then y, each axis turned by those before it.

    Args:
        matrices: (..., 3, 3) rotations Rz(a) Rx(b) Ry(c), whose third row is (-cos b sin c, sin b, cos b cos c).

    Returns:
        The second angle is between -pi/2 and pi/2. At these two ends the first and the third turn about one axis, and
        the third is zero.
    """
    cosine = np.hypot(matrices[..., 2, 0], matrices[..., 2, 2])
    locked = cosine < _LOCKED
    first = np.where(
        locked,
        np.arctan2(matrices[..., 1, 0], matrices[..., 0, 0]),
        np.arctan2(-matrices[..., 0, 1], matrices[..., 1, 1]),
    )
    third = np.where(locked, 0.0, np.arctan2(-matrices[..., 2, 0], matrices[..., 2, 2]))
    return np.stack([first, np.arctan2(matrices[..., 2, 1], cosine), third], axis=-1)


def continuous_angles(angles: np.ndarray) -> np.ndarray:
    """The same rotations by angles that do not jump, so that a program may interpolate each.

    Three angles (a, b, c) about three different axes and (a + pi, pi - b, c + pi) are the same rotation, and so are
    whole turns more; of these the ones nearest to the frame before are taken.

    Args:
        angles: (T, J, 3) radians, intrinsic, the second between -pi/2 and pi/2.
    """
    flipped = np.pi + np.array([1.0, -1.0, 1.0]) * angles
    same, other = (_turns(candidates[1:] - angles[:-1]) for candidates in (angles, flipped))
    # The second form of both frames is as far apart as the first of both, so whether to change depends on two frames
    # only, and which form a frame has on how many changes there were.
    changed = np.cumsum(other < same, axis=0) % 2 == 1
    chosen = np.concatenate([angles[:1], np.where(changed[..., None], flipped[1:], angles[1:])])
    return np.unwrap(chosen, axis=0)


def _turns(differences: np.ndarray) -> np.ndarray:
    """Sum of three angles' differences, whole turns left out."""
    return np.abs(differences - 2 * np.pi * np.round(differences / (2 * np.pi))).sum(axis=-1)
