"""How often the two-hand network is asked whether there is a second hand beside a lone one.

A look of it takes as long as following the hand, and most lone hands stay alone. So it looks often while there is news,
and after each look in vain half as often, up to `TrackingPolicy.network_search_seconds`. Palm detection goes on at its
own pace meanwhile and finds a second hand that it sees at all; what the looks are for are hands that it does not see:
those that touch or cover the first one.
"""

from __future__ import annotations

import numpy as np

from tracking.detector.reading import hand_size
from tracking.hands.policy import TrackingPolicy
from tracking.hands.track import HandTrack


class SecondHandSearch:
    """When the network looks next. Used by one thread.

    Args:
        policy: thresholds.
    """

    def __init__(self, policy: TrackingPolicy) -> None:
        self._policy = policy
        self.reset()

    def reset(self) -> None:
        """Another take begins."""
        self._vain = 0
        self._looked_frame, self._looked_ns = 0, 0
        self._middle: np.ndarray | None = None
        self._pair_ns: int | None = None

    def is_due(self, frame: int, now: int) -> bool:
        """Whether the network looks in this frame.

        Args:
            frame: number of the frame in its take.
            now: when it was taken, ns.
        """
        policy = self._policy
        doublings = max(self._vain - policy.vain_searches, 0)
        if frame - self._looked_frame >= policy.network_search_every << min(doublings, 16):
            return True
        return (now - self._looked_ns) * 1e-9 >= policy.network_search_seconds and doublings > 0

    def looked(self, frame: int, now: int, lone: HandTrack | None, saw_another: bool) -> None:
        """The network has looked.

        Args:
            frame: as of `is_due`.
            now: as of `is_due`.
            lone: the hand beside which it looked, None where it saw the whole image.
            saw_another: whether there may be a second one.
        """
        self._looked_frame, self._looked_ns = frame, now
        self._middle = None if lone is None else lone.joints_px.mean(axis=0)
        self._vain = 0 if saw_another or lone is None else self._vain + 1

    def note(self, lone: HandTrack, another_palm: bool, now: int) -> None:
        """What a frame with a lone hand says for a second one: a palm of low score, a hand that is less sure than one
        that nothing covers, or one that came to another part of the image.
        """
        policy = self._policy
        moved = 0.0
        if self._middle is not None:
            moved = float(np.linalg.norm(lone.joints_px.mean(axis=0) - self._middle)) / hand_size(lone.joints_px)
        was_pair = self._pair_ns is not None and (now - self._pair_ns) * 1e-9 <= policy.pair_seconds
        if (
            another_palm
            or was_pair
            or not lone.confirmed
            or lone.reading.presence < policy.sure_presence
            or moved > policy.new_surroundings
        ):
            self._vain = 0

    def saw_pair(self, now: int) -> None:
        """Both hands are there."""
        self._vain, self._pair_ns = 0, now
