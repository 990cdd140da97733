"""Plain OSC: joints and parameters under addresses of our own, for TouchDesigner, Max, Processing and others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from app.outputs.streaming.addresses import Address
from app.outputs.streaming.osc_target import OscMessage, OscOutput
from models.values import SIDES, Side
from tracking.gestures import Gesture
from tracking.values import TrackedFrame


class PlainOscOutput(OscOutput):
    """Sends what a session stores; docs/streaming.md lists the addresses."""

    kind = "osc"

    def __init__(self, targets: Sequence[Address]) -> None:
        """See `OscOutput`."""
        super().__init__(targets)
        self._gestures: Mapping[Side, Gesture] = {}

    def messages(self, tracked: TrackedFrame, seconds: float) -> Iterator[OscMessage]:
        """`/bothhands/frame`, and for each side `/bothhands/SIDE/tracked` and, where it is there, its numbers."""
        yield "/bothhands/frame", [tracked.frame.index, float(seconds)]
        yield from self._events(tracked)
        for side in SIDES:
            hand = tracked.hands.hands.get(side)
            yield f"/bothhands/{side}/tracked", [int(hand is not None)]
            if hand is None:
                continue
            yield f"/bothhands/{side}/gesture", [tracked.gestures.get(side, "")]
            yield f"/bothhands/{side}/score", [float(hand.score)]
            yield f"/bothhands/{side}/joints", hand.joints.ravel().tolist()
            yield f"/bothhands/{side}/joints_px", hand.joints_px.ravel().tolist()
            yield f"/bothhands/{side}/pose", hand.parameters.pose.ravel().tolist()
            yield f"/bothhands/{side}/shape", hand.parameters.shape.ravel().tolist()
            yield f"/bothhands/{side}/translation", hand.parameters.translation.ravel().tolist()

    def _events(self, tracked: TrackedFrame) -> Iterator[OscMessage]:
        """`/bothhands/SIDE/GESTURE`: 1 where a gesture has begun since the last frame sent, 0 where one has ended."""
        for side in SIDES:
            before, now = self._gestures.get(side), tracked.gestures.get(side)
            if before != now:
                for gesture, begun in ((before, 0), (now, 1)):
                    if gesture is not None:
                        yield f"/bothhands/{side}/{gesture.replace(' ', '_')}", [begun]
        self._gestures = tracked.gestures
