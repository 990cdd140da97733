"""Hands followed from frame to frame: which reading belongs to which hand, and which hand is the left one.

The landmark network judges the side from each image alone, and errs when a hand is edge-on, blurred or half hidden.
Every followed hand therefore gathers log odds that slowly forget (a recursive Bayesian estimate), so that its side
changes only after several frames of contrary evidence. A person has one left and one right hand: of two hands, the one
with more evidence for "left" is the left one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from models.values import Detection, Side
from tracking.detector.reading import HandReading, hand_size, left_odds, mean_distance

_SAME_HAND = 0.15
"""Two readings closer than this (mean landmark distance over hand size) are of one hand."""
_SAME_TRACK = 1.0
"""What lies within this distance of a track (the same measure) may continue it."""
_MOST_EVIDENCE = 3.0
"""Log odds that one frame may add: one sure frame (0.95) must not outweigh many."""
_MEMORY = 0.8
"""Part of the evidence that is kept from frame to frame; a sure side withstands four sure frames of the other."""
_LONG_KNOWN = _MOST_EVIDENCE / (1.0 - _MEMORY)
_CHANGE_MARGIN = _MOST_EVIDENCE
"""A side changes only when the evidence for the other leads by one sure frame, so that doubt does not flicker."""
_FACING_PRIOR = 0.5
"""Log odds that of two hands the one further right in the image is the left one, as it is with a person who faces the
camera: decides between new hands of which the network says the same."""


@dataclass(frozen=True, eq=False)
class Track:
    """A hand and what is known of its side.

    Attributes:
        detection: where it was last.
        left_odds: log odds that it is the left hand.
    """

    detection: Detection
    left_odds: float


@dataclass(frozen=True, eq=False)
class TrackedHand:
    """A reading and the track that it continues; a hand that has just been found continues none."""

    reading: HandReading
    track: Track | None = None


class HandTracks:
    """The at most two hands that a detector follows."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []

    def recall(self, previous: Sequence[Detection]) -> list[Track]:
        """The tracks of the detections that the caller hands back; whatever it leaves out is forgotten.

        A detection that is not ours belongs to the nearest track, or else starts one whose side is taken as known.
        """
        known = list(self._tracks)
        recalled: list[Track] = []
        for detection in previous:
            same_side = [track for track in known if track.detection.side == detection.side]
            track = next((track for track in known if track.detection is detection), _nearest(same_side, detection))
            if track is None:
                recalled.append(Track(detection, _LONG_KNOWN if detection.side == "left" else -_LONG_KNOWN))
            else:
                known.remove(track)
                recalled.append(Track(detection, track.left_odds))
        self._tracks = recalled
        return recalled

    def update(self, hands: Sequence[TrackedHand]) -> tuple[Detection, ...]:
        """Decide the sides of the hands of one frame and remember them as the new tracks.

        Args:
            hands: at most two, each once (see `without_duplicates`).

        Returns:
            Detections, the surest first.
        """
        odds = _gather(hands)
        detections = [_detection(hand.reading, side) for hand, side in zip(hands, _decide(hands, odds), strict=True)]
        self._tracks = [Track(detection, value) for detection, value in zip(detections, odds, strict=True)]
        return tuple(sorted(detections, key=lambda detection: -detection.score))


def follow(readings: Sequence[HandReading], tracks: Sequence[Track]) -> list[TrackedHand]:
    """Give each reading the track that it may continue, where it is not known from which track's region it was read.

    Of all ways to do so, the one with the least movement in all is taken.
    """
    distances = np.array([[_distance(track, reading) for track in tracks] for reading in readings])
    owners: dict[int, Track] = {}
    if distances.size:
        for row, column in _least(distances):
            if distances[row, column] < _SAME_TRACK * hand_size(readings[row].landmarks):
                owners[int(row)] = tracks[column]
    return [TrackedHand(reading, owners.get(index)) for index, reading in enumerate(readings)]


def _least(distances: np.ndarray) -> Iterable[tuple[int, int]]:
    """Rows and columns, each at most once and as many as there can be, whose distances (R, C) are least in sum.

    There are at most two tracks: all ways are tried.
    """
    if len(distances) > distances.shape[1]:
        return [(row, column) for column, row in _least(distances.T)]
    rows = range(len(distances))
    ways = permutations(range(distances.shape[1]), len(distances))
    return list(zip(rows, min(ways, key=lambda columns: distances[rows, columns].sum()), strict=True))


def without_duplicates(hands: Sequence[TrackedHand]) -> list[TrackedHand]:
    """Each hand once: where two hands crossed, both tracks may have ended on the same one.

    The track that stays is a known one rather than a new one, then the one that moved less.
    """
    kept: list[TrackedHand] = []
    for hand in sorted(hands, key=_claim, reverse=True):
        if not any(_is_same(hand.reading, other.reading) for other in kept):
            kept.append(hand)
    return kept


def _is_same(reading: HandReading, other: HandReading) -> bool:
    size = max(hand_size(reading.landmarks), hand_size(other.landmarks))
    return mean_distance(reading.landmarks, other.landmarks) < _SAME_HAND * size


def _claim(hand: TrackedHand) -> tuple[bool, float]:
    if hand.track is None:
        return False, hand.reading.presence
    return True, -_distance(hand.track, hand.reading)


def _nearest(tracks: Sequence[Track], detection: Detection) -> Track | None:
    nearest = min(tracks, key=lambda track: _distance(track, detection), default=None)
    near = _SAME_TRACK * hand_size(detection.landmarks)
    return nearest if nearest and _distance(nearest, detection) < near else None


def _distance(track: Track, hand: Detection | HandReading) -> float:
    return mean_distance(track.detection.landmarks, hand.landmarks)


def _gather(hands: Sequence[TrackedHand]) -> list[float]:
    """Log odds of "left" for each hand, this frame's evidence included."""
    odds = [
        (_MEMORY * hand.track.left_odds if hand.track else 0.0) + left_odds(hand.reading, _MOST_EVIDENCE)
        for hand in hands
    ]
    if len(hands) < 2:
        return odds
    # One is left and one is right, so only the difference counts: a sure hand settles the side of a doubtful one.
    half_lead = (odds[0] - odds[1] + _facing_prior(*hands)) / 2.0
    return [half_lead, -half_lead]


def _facing_prior(first: TrackedHand, second: TrackedHand) -> float:
    if first.track and second.track:
        return 0.0
    further_right = first.reading.landmarks[:, 0].mean() > second.reading.landmarks[:, 0].mean()
    return _FACING_PRIOR if further_right else -_FACING_PRIOR


def _decide(hands: Sequence[TrackedHand], odds: Sequence[float]) -> list[Side]:
    if not hands:
        return []
    lead = odds[0]
    before = {hand.track.detection.side for hand in hands if hand.track}
    if hands[0].track and len(before) == len(hands):
        lead += _CHANGE_MARGIN if hands[0].track.detection.side == "left" else -_CHANGE_MARGIN
    sides: list[Side] = ["left", "right"] if lead > 0.0 else ["right", "left"]
    return sides[: len(hands)]


def _detection(reading: HandReading, side: Side) -> Detection:
    box = np.concatenate([reading.landmarks.min(axis=0), reading.landmarks.max(axis=0)])
    return Detection(side, reading.presence, box, reading.landmarks, reading.world_landmarks)
