"""A hand that is followed: where it was, how it moves, and which side it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.values import OTHER_SIDE, Side
from tracking.detector.reading import HandReading, hand_size, left_odds
from tracking.hands.policy import TrackingPolicy

SIGN: dict[Side, float] = {"left": 1.0, "right": -1.0}
"""What log odds of "left" are multiplied with to be those of a side."""


@dataclass(frozen=True, eq=False)
class HandTrack:
    """One hand.

    Attributes:
        side: which hand it is taken for.
        left_odds: log odds that it is the left one, accumulated over its life.
        reading: what the landmark network said last; of a hand that the network carries, what it said before.
        joints_px: (21, 2) where it was last, frame px.
        velocity: (2,) of its middle, px a second.
        begun_ns: when it was first seen.
        seen_ns: when the landmark network saw it last.
        carried_ns: when the network alone saw it last; `seen_ns` where it never did.
        frames: in which it was seen.
        confirmed: whether it is shown.
    """

    side: Side
    left_odds: float
    reading: HandReading
    joints_px: np.ndarray
    velocity: np.ndarray
    begun_ns: int
    seen_ns: int
    carried_ns: int
    frames: int
    confirmed: bool

    @classmethod
    def begin(cls, reading: HandReading, captured_ns: int, confirmed: bool, policy: TrackingPolicy) -> HandTrack:
        """A hand that was just found."""
        odds = left_odds(reading, policy.most_evidence)
        side: Side = "left" if odds > 0.0 else "right"
        place, still = reading.landmarks, np.zeros(2)
        return cls(side, odds, reading, place, still, captured_ns, captured_ns, captured_ns, 1, confirmed)

    def age(self, captured_ns: int) -> float:
        """Seconds since the landmark network saw it."""
        return (captured_ns - self.seen_ns) * 1e-9

    def predict(self, captured_ns: int, policy: TrackingPolicy) -> np.ndarray:
        """Where its joints (21, 2) are expected: the last movement goes on for a while, slower."""
        seconds = min(self.age(captured_ns), policy.steady_seconds)
        return self.joints_px + (self.velocity * seconds * policy.velocity_share).astype(np.float32)

    def see(self, reading: HandReading, captured_ns: int, policy: TrackingPolicy) -> HandTrack:
        """The track with one more answer of the landmark network."""
        seconds = self.age(captured_ns)
        moved = reading.landmarks.mean(axis=0) - self.joints_px.mean(axis=0)
        steady = 0.0 < seconds <= policy.steady_seconds
        return replace(
            self,
            left_odds=policy.side_memory * self.left_odds + left_odds(reading, policy.most_evidence),
            reading=reading,
            joints_px=reading.landmarks,
            velocity=moved / seconds if steady else np.zeros(2),
            seen_ns=captured_ns,
            carried_ns=captured_ns,
            frames=self.frames + 1,
            confirmed=self.confirmed or self.frames + 1 >= policy.confirm_frames,
        )

    def carry(self, joints_px: np.ndarray, captured_ns: int) -> HandTrack:
        """The track where only the network sees the hand."""
        return replace(self, joints_px=joints_px, velocity=np.zeros(2), carried_ns=captured_ns)

    def own_odds(self, reading: HandReading, policy: TrackingPolicy) -> float:
        """Log odds of an answer for this track's side."""
        return left_odds(reading, policy.most_evidence) * SIGN[self.side]

    def distance(self, joints_px: np.ndarray, captured_ns: int, policy: TrackingPolicy) -> float:
        """From its prediction to joints (21, 2), in sizes of that hand."""
        return float(
            np.linalg.norm(self.predict(captured_ns, policy) - joints_px, axis=1).mean() / hand_size(joints_px)
        )


def assign_sides(tracks: list[HandTrack], policy: TrackingPolicy) -> list[HandTrack]:
    """Sides by accumulated evidence: of two hands the one with more for "left" is the left one.

    Args:
        tracks: at most two.
        policy: thresholds.
    """
    if len(tracks) == 1:
        track = tracks[0]
        if track.left_odds * SIGN[track.side] < -policy.side_margin / 2.0:
            return [replace(track, side="left" if track.left_odds > 0.0 else "right")]
        return tracks
    if len(tracks) < 2:
        return tracks
    first, second = tracks
    # One is left and one is right, so only the difference counts: a sure hand settles the side of a doubtful one.
    half_lead = (first.left_odds - second.left_odds) / 2.0
    if first.frames == second.frames == 1:
        further_right = first.joints_px[:, 0].mean() > second.joints_px[:, 0].mean()
        half_lead += policy.facing_prior * (0.5 if further_right else -0.5)
    held = policy.side_margin * SIGN[first.side] if first.side != second.side else 0.0
    sides: tuple[Side, Side] = ("left", "right") if half_lead + held > 0.0 else ("right", "left")
    return [replace(first, side=sides[0], left_odds=half_lead), replace(second, side=sides[1], left_odds=-half_lead)]


def keep_sides(tracks: Sequence[HandTrack], held: Sequence[HandTrack]) -> list[HandTrack]:
    """Sides where some are held: these stay, and another hand has the side that is left.

    Args:
        tracks: at most two.
        held: those among them whose sides stay, at least one; two have different sides.

    Returns:
        The tracks; evidence against a side is forgotten, so that it does not decide when sides are held no more.
    """
    sides: list[Side] = [track.side if track in held else OTHER_SIDE[held[0].side] for track in tracks]
    odds = [track.left_odds for track in tracks]
    if len(odds) == 2:  # as where sides are assigned
        odds = [(odds[0] - odds[1]) / 2.0, (odds[1] - odds[0]) / 2.0]
    return [
        replace(track, side=side, left_odds=SIGN[side] * max(SIGN[side] * own, 0.0))
        for track, side, own in zip(tracks, sides, odds, strict=True)
    ]
