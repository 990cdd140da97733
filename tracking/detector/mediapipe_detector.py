"""MediaPipe Hands itself: the reference that the OpenVINO detector is compared with, and its stand-in."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from models.extras import extra_for
from models.sentences import say
from models.values import Detection
from tracking.detector.image import checked_image
from tracking.detector.reading import HandReading
from tracking.detector.tracks import HandTracks, follow, without_duplicates

_MIRRORED_LEFT = "Right"
"""MediaPipe's label of a left hand: it takes every image for a mirrored one, and ours are not."""


class MediaPipeDetector:
    """MediaPipe's own graph. It follows hands by itself and searches whenever one is missing.

    `previous` therefore only says whether to look afresh, and which hands keep their sides; `search` is not heeded. The
    score of a detection is MediaPipe's confidence in the side, the only one it gives.
    """

    name = "mediapipe"

    def __init__(self, model_complexity: int = 1) -> None:
        """Build the graph.

        Args:
            model_complexity: 1 for the full networks, 0 for the light ones.

        Raises:
            BothhandsError: mediapipe is missing, or a version without `solutions`.
        """
        with extra_for(say("The detector mediapipe"), "mediapipe"):
            from mediapipe.python.solutions.hands import Hands
        with _quiet_stderr():
            self._hands = Hands(max_num_hands=2, model_complexity=model_complexity)
            self._process(np.zeros((64, 64, 3), np.uint8))  # its threads are up only when an image is through
        self._chatty = True
        self._remembers = False
        self._tracks = HandTracks()

    def detect(
        self, image: np.ndarray, previous: Sequence[Detection] = (), search: bool = True
    ) -> tuple[Detection, ...]:
        """See `HandDetector.detect`.

        Raises:
            BothhandsError: the image is not (H, W, 3) uint8, empty or too large.
        """
        image = checked_image(image)
        fresh = not previous and self._remembers
        with _quiet_stderr() if fresh or self._chatty else contextlib.nullcontext():
            if fresh:
                self._hands.reset()
            readings = self._process(image)
        self._remembers = bool(readings)
        self._chatty = (fresh or self._chatty) and not readings  # a graph has said all after its first hand
        return self._tracks.update(without_duplicates(follow(readings, self._tracks.recall(previous))))

    def close(self) -> None:
        """Release the graph."""
        self._hands.close()

    def _process(self, image: np.ndarray) -> list[HandReading]:
        result: Any = self._hands.process(image)
        if not result.multi_hand_landmarks:
            return []
        size = np.array([image.shape[1], image.shape[0]])
        readings: list[HandReading] = []
        for landmarks, world, handedness in zip(
            result.multi_hand_landmarks, result.multi_hand_world_landmarks, result.multi_handedness, strict=True
        ):
            label = handedness.classification[0]
            readings.append(
                HandReading(
                    presence=label.score,
                    left=label.score if label.label == _MIRRORED_LEFT else 1.0 - label.score,
                    landmarks=(np.array([(point.x, point.y) for point in landmarks.landmark]) * size).astype(
                        np.float32
                    ),
                    world_landmarks=np.array([(point.x, point.y, point.z) for point in world.landmark], np.float32),
                )
            )
        return readings


@contextlib.contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Hold back what C++ writes to stderr, which no logging level reaches, unless an exception comes."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held_back:
        os.dup2(held_back.fileno(), 2)
        try:
            yield
        except BaseException:
            held_back.seek(0)
            os.write(kept, held_back.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
