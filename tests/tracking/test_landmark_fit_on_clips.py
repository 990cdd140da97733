"""`landmark-fit` on real clips: hands found, and the model's landmark points on the landmarks."""

from pathlib import Path

import numpy as np
import pytest

from models.fitting.landmark_points import landmark_points, marked_points
from models.hand_model import load_hand_models
from models.landmark_fit import LandmarkFit
from models.values import Crop, Intrinsics
from tracking.detector import create_detector
from tracking.sources import open_source

CLIPS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "video"


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the real clips are not beside the repository")
@pytest.mark.parametrize("most", [10, pytest.param(90, marks=pytest.mark.slow)], ids="{} frames".format)
def test_hands_are_found_and_their_points_lie_within_two_percent_of_the_landmarks(most: int):
    errors, points = [], landmark_points(load_hand_models())
    for clip in sorted([*CLIPS.glob("*.mp4"), *CLIPS.glob("*.gif")]):
        source, detector, subject = open_source(str(clip)), create_detector("auto"), LandmarkFit(load_hand_models())
        camera = Intrinsics.assumed(*source.size)
        detections, frames, found = (), 0, 0
        while frames < most and (frame := source.read()) is not None:
            detections = detector.detect(frame.image, detections)
            frames += 1
            found += bool(detections)
            pixels = np.zeros((256, 256, 3), np.uint8)
            sides = frozenset(detection.side for detection in detections)
            crop = Crop(pixels, np.eye(2, 3, dtype=np.float32), sides, detections, camera, frame.captured_ns)
            hands = subject.reconstruct([crop])[0].hands
            for detection in detections:
                marked = marked_points(hands[detection.side], points[detection.side]).image
                distance = np.linalg.norm(camera.project(marked) - detection.landmarks, axis=1).mean()
                errors.append(distance / np.ptp(detection.landmarks, axis=0).max())
        source.close()
        detector.close()
        assert found >= (0.97 if clip.suffix == ".mp4" else 0.9) * frames, clip.name
    assert np.mean(errors) < 0.02
