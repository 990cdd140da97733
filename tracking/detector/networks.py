"""Where MediaPipe's hand networks lie: those that track hands in assets/networks, others in an installed mediapipe."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from models.errors import BothhandsError
from models.extras import missing
from models.places import asset
from models.sentences import say

PALM_NETWORK = "palm_detection/palm_detection_full.tflite"
LANDMARK_NETWORK = "hand_landmark/hand_landmark_full.tflite"
"""The networks that MediaPipe Hands takes for `model_complexity=1`."""


def network_path(name: str) -> Path:
    """Path of a network.

    Args:
        name: path below mediapipe's `modules` folder. The two that track hands come with this program; others (a start
            for training) are taken from the installed mediapipe package, which is found but not imported.

    Raises:
        BothhandsError: this program's own file is not there; or mediapipe is not installed, or is a version without
            network files.
    """
    if name in (PALM_NETWORK, LANDMARK_NETWORK):
        path = asset("networks") / Path(name).name
        if not path.is_file():
            raise BothhandsError(say("The hand network {path} is missing; install Bothhands anew.", path=path))
        return path
    spec = importlib.util.find_spec("mediapipe")
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder, "modules", name)
        if path.is_file():
            return path
    raise missing(say("The network {name} of MediaPipe 0.10.21", name=Path(name).name), "mediapipe")
