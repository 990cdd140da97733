"""Track continuity of two hands that meet: a tracker is run over made clips and evaluated against their truth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from evaluation.clips.clip import FPS, ClipFrame
from evaluation.metrics.distances import box_side, point_errors
from evaluation.metrics.protocols import mean_known
from models.values import SIDES, Intrinsics, Side
from tracking.tracker import Tracker
from tracking.values import Frame, TrackedFrame

TRACKED_ERROR = 0.25
"""A reconstructed hand whose mean error is at most this part of its box is a tracked one."""
_SETTLING = 30
"""Frames of a still clip that are not evaluated: models may estimate the hand's shape over their first second."""

Seen = Mapping[Side, np.ndarray]
"""Joints (21, 2) by side, frame px."""


class TrackedClip(NamedTuple):
    """What a tracker said of a clip, frame by frame.

    Attributes:
        frames: the clip's truth; images are not needed any more.
        raw: before smoothing.
        smoothed: as a person sees it, hands carried over a few frames included.
    """

    frames: list[ClipFrame]
    raw: list[Seen]
    smoothed: list[Seen]


@dataclass(frozen=True)
class TrackContinuity:
    """How well two hands were tracked, over all frames of some clips. What could not be evaluated is not a number.

    Attributes:
        frames: how many.
        touching_frames: how many in which the hands touch or overlap.
        both_shown: part of the frames in which both sides are shown, wherever.
        both_tracked: part in which both are shown, each nearer to its own truth than to the other hand's and off by at
            most `TRACKED_ERROR` of its box.
        both_tracked_since_found: the same of the frames from the first on in which both are tracked, clip by clip: what
            is left when finding hands in the first place is not counted.
        both_shown_touching, both_tracked_touching: the same of the frames in which the hands touch.
        flips: how often a hand began to be shown on the other one.
        flipped: share of the reconstructed hands that lie on the other hand.
        losses: how often both were tracked and then not.
        recovery: frames from loss to both tracked again, median over losses; the clip's end counts as recovery.
        recovered_in_5: part of the losses after which at most five frames lack a hand.
        nme: mean 2D error of tracked hands, normalised by the hand's box.
        nme_shown: the same of all reconstructed hands.
    """

    frames: int
    touching_frames: int
    both_shown: float
    both_tracked: float
    both_tracked_since_found: float
    both_shown_touching: float
    both_tracked_touching: float
    flips: int
    flipped: float
    losses: int
    recovery: float
    recovered_in_5: float
    nme: float
    nme_shown: float

    def to_json(self) -> dict[str, float | None]:
        """By name; what is not a number is None."""
        return {name: None if value != value else value for name, value in asdict(self).items()}


METRICS = tuple(field.name for field in fields(TrackContinuity))


def track_clip(tracker: Tracker, clip: Iterable[ClipFrame]) -> TrackedClip:
    """Run a tracker over a clip from its first frame on; it reads images only.

    Args:
        tracker: with smoothing, so that one run gives raw and smoothed hands.
        clip: any.
    """
    tracker.reset()
    tracked = TrackedClip([], [], [])
    for index, frame in enumerate(clip):
        result = tracker.track(Frame(index, round(index * 1e9 / FPS), frame.image))
        tracked.frames.append(frame._replace(image=np.zeros((0, 0, 3), np.uint8)))
        tracked.raw.append(_raw(tracker, result))
        tracked.smoothed.append({side: hand.joints_px for side, hand in result.hands.hands.items()})
    return tracked


def track_continuity(clips: Sequence[tuple[Sequence[ClipFrame], Sequence[Seen]]]) -> TrackContinuity:
    """Evaluate what was seen in clips of two hands.

    Args:
        clips: truth and what was seen, of each.
    """
    errors = [_clip_errors(frames, seen) for frames, seen in clips]
    touching = np.concatenate([[frame.touching for frame in frames] for frames, _ in clips])
    own = np.concatenate([each.own for each in errors])
    on_other = np.concatenate([each.on_other for each in errors])
    shown = ~np.isnan(own)
    tracked = shown & (own <= TRACKED_ERROR) & ~on_other
    lengths = [length for each in errors for length in _losses(each.tracked)]
    both_shown, both_tracked = (each.all(axis=1).astype(np.float64) for each in (shown, tracked))
    return TrackContinuity(
        frames=len(touching),
        touching_frames=int(touching.sum()),
        both_shown=mean_known(both_shown),
        both_tracked=mean_known(both_tracked),
        both_tracked_since_found=mean_known(np.concatenate([_since_first(each.tracked) for each in errors])),
        both_shown_touching=mean_known(both_shown[touching]),
        both_tracked_touching=mean_known(both_tracked[touching]),
        flips=sum(_beginnings(each.on_other) for each in errors),
        flipped=mean_known(on_other[shown].astype(np.float64)),
        losses=len(lengths),
        recovery=float(np.median(lengths)) if lengths else float("nan"),
        recovered_in_5=mean_known(np.array([length <= 5 for length in lengths], dtype=np.float64)),
        nme=mean_known(own[tracked]),
        nme_shown=mean_known(own[shown]),
    )


def jitter(frames: Sequence[ClipFrame], seen: Sequence[Seen]) -> float:
    """Root mean square distance of each joint from its mean place, px, of a hand that does not move.

    Not a number where the hand was seen in fewer than two frames.
    """
    [side] = frames[0].joints_px
    places = np.array([joints[side] for joints in seen[_SETTLING:] if side in joints], dtype=np.float64)
    if len(places) < 2:
        return float("nan")
    return float(np.sqrt(((places - places.mean(axis=0)) ** 2).sum(axis=-1).mean()))


class _ClipErrors(NamedTuple):
    """Of one clip, by frame and side: (T, 2) mean error normalised by the hand's box, no number where it is not shown;
    (T, 2) whether it lies on the other hand; (T,) whether both are tracked.
    """

    own: np.ndarray
    on_other: np.ndarray
    tracked: np.ndarray


def _clip_errors(frames: Sequence[ClipFrame], seen: Sequence[Seen]) -> _ClipErrors:
    own, other = np.full((2, len(frames), 2), np.nan)
    for row, (frame, joints) in enumerate(zip(frames, seen, strict=True)):
        for column, side in enumerate(SIDES):
            if side in joints:
                own[row, column] = _error(joints[side], frame.joints_px[side])
                other[row, column] = _error(joints[side], frame.joints_px[SIDES[1 - column]])
    on_other = other < own  # not numbers compare as false
    return _ClipErrors(own, on_other, ((own <= TRACKED_ERROR) & ~on_other).all(axis=1))


def _error(seen: np.ndarray, true: np.ndarray) -> float:
    return float(point_errors(seen, true).mean()) / box_side(true)


def _beginnings(states: np.ndarray) -> int:
    """How often columns of (T, N) bool become true."""
    before = np.concatenate([np.zeros((1, states.shape[1]), bool), states[:-1]])
    return int((states & ~before).sum())


def _since_first(tracked: np.ndarray) -> np.ndarray:
    """The part of (T,) bool from its first true on, as numbers."""
    return tracked[np.flatnonzero(tracked)[0] :].astype(np.float64) if tracked.any() else np.zeros(0)


def _losses(tracked: np.ndarray) -> list[int]:
    """Lengths of the runs of false in (T,) bool that follow true."""
    lengths: list[int] = []
    for before, now in pairwise(tracked):
        if before and not now:
            lengths.append(0)
        if not now and lengths:
            lengths[-1] += 1
    return lengths


def _raw(tracker: Tracker, result: TrackedFrame) -> Seen:
    """Joints of the measured hands before smoothing."""
    camera: Intrinsics = result.intrinsics
    return {
        side: camera.project(tracker.hand_models[side].mesh(parameters)[1]) for side, parameters in result.raw.items()
    }
