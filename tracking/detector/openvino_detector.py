"""MediaPipe's two hand networks run by OpenVINO, with our own steps between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.runtime.runner import Precision
from models.values import Detection
from tracking.detector.image import checked_image
from tracking.detector.landmarks import LandmarkNetwork
from tracking.detector.palm import Palm, PalmDetector, is_palm_of
from tracking.detector.reading import HandReading
from tracking.detector.regions import Region, region_from_landmarks, region_from_palm
from tracking.detector.tracks import HandTracks, TrackedHand, without_duplicates

_MOST_HANDS = 2
_PRESENCE_THRESHOLD = 0.5


class OpenVinoDetector:
    """Palm detection where nothing is known, landmarks from the last landmarks where something is.

    It follows what `previous` holds; a followed hand keeps its side until several frames contradict it.
    """

    name = "openvino"

    def __init__(self, precision: Precision | None = None) -> None:
        """Read and compile both networks.

        Args:
            precision: what to calculate in where the processor can; None: in whichever is fastest here
                (`benchmarks/detector.py` measures all, and how far they move landmarks).

        Raises:
            BothhandsError: the networks are missing or damaged.
        """
        self._palms = PalmDetector(precision)
        self._landmarks = LandmarkNetwork(precision)
        self._tracks = HandTracks()

    def detect(
        self, image: np.ndarray, previous: Sequence[Detection] = (), search: bool = True
    ) -> tuple[Detection, ...]:
        """See `HandDetector.detect`.

        Raises:
            BothhandsError: the image is not (H, W, 3) uint8, empty or too large.
        """
        image = checked_image(image)
        tracks = self._tracks.recall([hand for hand in previous if np.isfinite(hand.landmarks).all()][:_MOST_HANDS])
        readings = self._landmarks.read(image, [region_from_landmarks(track.detection.landmarks) for track in tracks])
        hands = without_duplicates(
            [
                TrackedHand(reading, track)
                for reading, track in zip(readings, tracks, strict=True)
                if reading.presence >= _PRESENCE_THRESHOLD
            ]
        )
        if search and len(hands) < _MOST_HANDS:
            hands = without_duplicates([*hands, *self._find(image, hands)])
        return self._tracks.update(hands)

    def palms(self, image: np.ndarray, least_score: float) -> list[Palm]:
        """See `tracking.hands.readers.LandmarkReader`."""
        return self._palms.detect(image, least_score)

    def read(self, image: np.ndarray, regions: Sequence[Region]) -> list[HandReading]:
        """See `tracking.hands.readers.LandmarkReader`."""
        return self._landmarks.read(image, regions)

    def close(self) -> None:
        """Release the networks; the detector cannot be used afterwards."""
        vars(self).clear()

    def _find(self, image: np.ndarray, followed: Sequence[TrackedHand]) -> list[TrackedHand]:
        palms = [
            palm
            for palm in self._palms.detect(image)
            if not any(is_palm_of(palm, hand.reading.landmarks) for hand in followed)
        ]
        regions = [region_from_palm(palm.box, palm.keypoints) for palm in palms[: _MOST_HANDS - len(followed)]]
        return [
            TrackedHand(reading)
            for reading in self._landmarks.read(image, regions)
            if reading.presence >= _PRESENCE_THRESHOLD
        ]
