"""Plain OSC: joints and parameters under addresses of our own, for TouchDesigner, Max, Processing and others."""

from __future__ import annotations

from collections.abc import Iterator

from app.outputs.streaming.osc_target import OscMessage, OscOutput
from models.values import SIDES
from tracking.values import TrackedFrame


class PlainOscOutput(OscOutput):
    """Sends what a session stores; docs/streaming.md lists the addresses."""

    kind = "osc"

    def messages(self, tracked: TrackedFrame, seconds: float) -> Iterator[OscMessage]:
        """`/bothhands/frame`, and for each side `/bothhands/SIDE/tracked` and, where it is there, its numbers."""
        yield "/bothhands/frame", [tracked.frame.index, float(seconds)]
        for side in SIDES:
            hand = tracked.hands.hands.get(side)
            yield f"/bothhands/{side}/tracked", [int(hand is not None)]
            if hand is None:
                continue
            yield f"/bothhands/{side}/score", [float(hand.score)]
            yield f"/bothhands/{side}/joints", hand.joints.ravel().tolist()
            yield f"/bothhands/{side}/joints_px", hand.joints_px.ravel().tolist()
            yield f"/bothhands/{side}/pose", hand.parameters.pose.ravel().tolist()
            yield f"/bothhands/{side}/shape", hand.parameters.shape.ravel().tolist()
            yield f"/bothhands/{side}/translation", hand.parameters.translation.ravel().tolist()
