"""Where the two hand networks lie: MediaPipe's wheel carries them, so none is shipped with this program."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from models.errors import BothhandsError

PALM_NETWORK = "palm_detection/palm_detection_full.tflite"
LANDMARK_NETWORK = "hand_landmark/hand_landmark_full.tflite"
"""The networks that MediaPipe Hands takes for `model_complexity=1`."""


def network_path(name: str) -> Path:
    """Path of a network inside the installed mediapipe package, which is found but not imported.

    Args:
        name: path below mediapipe's `modules` folder.

    Raises:
        BothhandsError: mediapipe is not installed, or is a version without network files.
    """
    spec = importlib.util.find_spec("mediapipe")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, "modules", name)
        if path.is_file():
            return path
    raise BothhandsError(
        "The hand networks are missing, because mediapipe is not installed or not 0.10.21 (later wheels carry no "
        "networks); install it with `pip install mediapipe==0.10.21`."
    )
