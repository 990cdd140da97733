"""Hand detectors: where the hands are in an image, and which is which.

Heavy packages are imported only when a detector is made.
"""

from __future__ import annotations

from typing import Literal

from models.errors import BothhandsError
from models.extras import require
from models.sentences import said, say
from tracking.detector.protocol import HandDetector

__all__ = ["DETECTOR_NAMES", "DetectorName", "HandDetector", "create_detector", "require_detector"]

DetectorName = Literal["auto", "openvino", "mediapipe"]
"""The backend that runs MediaPipe's networks; "auto" takes the first that can be loaded."""
DETECTOR_NAMES: tuple[DetectorName, ...] = ("auto", "openvino", "mediapipe")


def require_detector(name: str) -> None:
    """Say before any work is begun that a detector's extra is missing.

    Args:
        name: as for `create_detector`.

    Raises:
        MissingExtra: it is not installed.
    """
    if name == "mediapipe":
        require(say("The detector mediapipe"), "mediapipe")


def create_detector(name: str = "auto") -> HandDetector:
    """A detector, its networks loaded.

    Args:
        name: "openvino", "mediapipe", or "auto" for the first of these that can be loaded.

    Raises:
        BothhandsError: unknown name, or it cannot be loaded; the text names the package that is missing.
    """
    if name == "openvino":
        return _openvino()
    if name == "mediapipe":
        return _mediapipe()
    if name != "auto":
        raise BothhandsError(
            say(
                "There is no hand detector named {name!r}; choose one of: {names}.",
                name=name,
                names=", ".join(DETECTOR_NAMES),
            )
        )
    try:
        return _openvino()
    except BothhandsError as no_openvino:
        try:
            return _mediapipe()
        except BothhandsError as no_mediapipe:
            raise BothhandsError(
                say(
                    "No hand detector can be loaded. {no_openvino} {no_mediapipe}",
                    no_openvino=said(no_openvino),
                    no_mediapipe=said(no_mediapipe),
                )
            ) from no_mediapipe


def _openvino() -> HandDetector:
    from tracking.detector.openvino_detector import OpenVinoDetector

    return OpenVinoDetector()


def _mediapipe() -> HandDetector:
    from tracking.detector.mediapipe_detector import MediaPipeDetector

    return MediaPipeDetector()
