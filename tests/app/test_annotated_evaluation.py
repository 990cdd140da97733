"""`evaluate ANNOTATIONS.json`: frames and their annotations reach the tracker and the score as they belong together."""

import json
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from app import annotated_evaluation
from app.annotated_evaluation import AnnotatedOptions, score_annotated, write_score
from evaluation import candidates
from evaluation.annotations import POINT_JOINTS
from evaluation.changes import mirror_image
from models.errors import BothhandsError
from models.registry import model_card
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.config import TrackerConfig
from tracking.values import TrackedFrame

WIDTH, HEIGHT, PLACE = 64, 48, (10, 20)
CARD = model_card("lwa-hand")


class BrightSpotTracker:
    """Sees a hand on the brightest pixel: a left one in the left half of the image, else a right one."""

    hand_models = ()

    def __init__(self):
        self.seen, self.resets = [], 0

    def track(self, frame, *, independent=False):
        row, column = np.unravel_index(frame.image[..., 0].argmax(), frame.image.shape[:2])
        side = "left" if column < WIDTH / 2 else "right"
        joints = np.tile(np.array([column, row], np.float32), (21, 1))
        nothing = HandParameters(np.zeros((16, 3)), np.zeros(10), np.zeros(3))
        hand = HandReconstruction(nothing, np.zeros((1, 3)), np.zeros((21, 3)), joints, 1.0)
        self.seen.append((side, int(column), independent))
        return TrackedFrame(frame, Reconstruction({side: hand}), {}, frozenset(), Intrinsics.assumed(WIDTH, HEIGHT))

    def reset(self):
        self.resets += 1

    def close(self):
        """Nothing is held."""


@pytest.fixture
def tracker(monkeypatch):
    made = BrightSpotTracker()
    monkeypatch.setattr(annotated_evaluation.Tracker, "from_config", lambda config: made)
    return made


@pytest.fixture
def annotations(tmp_path):
    """The last of three images of a sequence is annotated: a left hand where the bright spot is."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[PLACE[1], PLACE[0]] = 255
    for number in range(3):
        assert cv2.imwrite(str(tmp_path / f"a_{number:04d}.png"), image)
    box = [PLACE[0] - 4, PLACE[1] - 4, PLACE[0] + 4, PLACE[1] + 4]
    hand = {"side": "left", "box": box, "points": {name: list(PLACE) for name in POINT_JOINTS}}
    path = tmp_path / "annotations.json"
    path.write_text(json.dumps({"frames": {"a_0002.png": [hand]}}))
    return path


def options(annotations, **choices):
    return AnnotatedOptions(annotations=annotations, tracker=TrackerConfig(model="landmark-fit"), **choices)


@pytest.mark.parametrize(("mirrored", "expected"), [(False, ("left", 10)), (True, ("right", WIDTH - 1 - 10))])
def test_images_and_annotations_are_mirrored_together(tracker, annotations, mirrored, expected):
    change = mirror_image if mirrored else None
    score = score_annotated(options(annotations, change=change, independent=True), lambda *_: None).score
    assert tracker.seen == [(*expected, True)]
    assert (score.frames, score.right, score.wrong_side, score.extra, score.error) == (1, 1.0, 0.0, 0.0, 0.0)


def test_frames_before_the_annotated_one_are_tracked_too(tracker, annotations, tmp_path):
    ticks = []
    result = score_annotated(options(annotations), lambda done, total: ticks.append((done, total)))
    assert [independent for *_, independent in tracker.seen] == [False] * 3
    assert tracker.resets == 1
    assert ticks == [(1, 1)]
    write_score(result, tmp_path / "out")
    written = json.loads((tmp_path / "out" / "tracking.json").read_text())
    assert (written["right"], written["frames"]) == (1.0, 1)
    assert written["both"] is None  # there is no pair


def test_weights_that_are_not_installed_are_those_that_are_evaluated(annotations, monkeypatch):
    asked = []
    reader = SimpleNamespace(load=lambda path, *_: asked.append(path) or (CARD, SimpleNamespace(warm_up=lambda: None)))
    monkeypatch.setattr(candidates, "weights_reader", lambda name: reader)
    monkeypatch.setattr(candidates, "read_notes", lambda path: {})
    made = []
    monkeypatch.setattr(annotated_evaluation, "Tracker", lambda card, *_: made.append(card) or BrightSpotTracker())
    file = annotations.with_name("run.safetensors")
    assert score_annotated(options(annotations, weights=file), lambda *_: None).score.right == 1.0
    assert (asked, made) == ([file], [CARD])


def test_weights_that_are_not_there_are_one_sentence(annotations):
    wanted = AnnotatedOptions(
        annotations=annotations, tracker=TrackerConfig(model="lwa-hand"), weights=annotations.with_name("gone")
    )
    with pytest.raises(BothhandsError, match="gone"):
        score_annotated(wanted, lambda *_: None)
