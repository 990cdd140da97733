"""A frame's hands as one WebSocket message: text for convenience, binary for speed (see docs/streaming.md)."""

from __future__ import annotations

import functools
import json

import numpy as np

from models.values import SIDES
from tracking.gestures import GESTURES
from tracking.values import TrackedFrame

MAGIC = b"BHH1"
HEADER = np.dtype(
    [
        ("magic", "S4"),
        ("frame", "<u4"),
        ("time", "<f8"),
        ("width", "<u2"),
        ("height", "<u2"),
        ("hands", "<u4"),
    ]
)
HAND = np.dtype(
    [
        ("side", "u1"),
        ("predicted", "u1"),
        ("gesture", "u1"),
        ("padding", "V1"),
        ("score", "<f4"),
        ("joints", "<f4", 63),
        ("joints_px", "<f4", 42),
        ("pose", "<f4", 48),
        ("shape", "<f4", 10),
        ("translation", "<f4", 3),
    ]
)
"""Both are multiples of four bytes, so that a page can lay a Float32Array over the numbers."""


class HandsMessage:
    """A frame's hands, encoded at most once however many clients there are."""

    def __init__(self, tracked: TrackedFrame) -> None:
        self._tracked = tracked

    @functools.cached_property
    def text(self) -> str:
        """JSON; numbers rounded to a hundredth of a millimetre, a tenth of a px, 1e-5 rad."""
        tracked = self._tracked
        height, width = tracked.frame.image.shape[:2]
        message = {
            "frame": tracked.frame.index,
            "time": round(tracked.frame.captured_ns * 1e-9, 6),
            "width": width,
            "height": height,
            "hands": {
                side: {
                    "score": round(float(hand.score), 4),
                    "predicted": side in tracked.predicted,
                    "gesture": tracked.gestures.get(side),
                    "joints": _rounded(hand.joints, 5),
                    "joints_px": _rounded(hand.joints_px, 1),
                    "pose": _rounded(hand.parameters.pose, 5),
                    "shape": _rounded(hand.parameters.shape, 4),
                    "translation": _rounded(hand.parameters.translation, 5),
                }
                for side, hand in tracked.hands.hands.items()
            },
        }
        return json.dumps(message, separators=(",", ":"))

    @functools.cached_property
    def binary(self) -> bytes:
        """One `HEADER` and a `HAND` for each hand."""
        tracked = self._tracked
        height, width = tracked.frame.image.shape[:2]
        hands = np.zeros(len(tracked.hands.hands), HAND)
        for entry, (side, hand) in zip(hands, tracked.hands.hands.items(), strict=True):
            entry["side"] = SIDES.index(side)
            entry["predicted"] = side in tracked.predicted
            gesture = tracked.gestures.get(side)
            entry["gesture"] = 0 if gesture is None else 1 + GESTURES.index(gesture)
            entry["score"] = hand.score
            entry["joints"] = hand.joints.ravel()
            entry["joints_px"] = hand.joints_px.ravel()
            entry["pose"] = hand.parameters.pose.ravel()
            entry["shape"] = hand.parameters.shape
            entry["translation"] = hand.parameters.translation
        seconds = tracked.frame.captured_ns * 1e-9
        header = np.array((MAGIC, tracked.frame.index & 0xFFFFFFFF, seconds, width, height, len(hands)), HEADER)
        return header.tobytes() + hands.tobytes()


def _rounded(values: np.ndarray, digits: int) -> list:
    return np.round(values.astype(np.float64), digits).tolist()
