"""The tracker with a scripted detector and network: what runs when, and what is carried from frame to frame."""

import threading
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from app.demo import demo_clip
from models.errors import BothhandsError
from models.fitting.calibration import ShapeRule
from models.hand_model import load_hand_models
from models.registry import CropPolicy, ModelCard
from models.values import Crop, Detection, HandParameters, HandReconstruction, Intrinsics, Reconstruction
from tracking.camera_model import KnownCamera
from tracking.config import TrackerConfig
from tracking.hand_locations import LOST_TIMEOUT_FRAMES
from tracking.network_hands import HEARTBEAT_EVERY, MISSING_EVERY
from tracking.smoothing import SmoothingSettings
from tracking.sources import open_source
from tracking.tracker import Tracker
from tracking.values import Frame

HAND_MODELS = load_hand_models()
INTRINSICS = Intrinsics.from_fov(640, 360)
NETWORK = ModelCard("stub", "a stub", "", "MIT")
LOOKS = CropPolicy(judges_presence=True, lone_hand_scale=1.6)
LANDMARKS = ModelCard("stub-landmarks", "a stub", "", "MIT", needs_landmarks=True)


def detection(side, x=300.0):
    grid = np.stack(np.meshgrid(np.linspace(x, x + 60, 7), np.linspace(100, 180, 3)), -1).reshape(21, 2)
    box = np.array([x, 100, x + 60, 180], np.float32)
    return Detection(side, 0.9, box, grid.astype(np.float32), np.zeros((21, 3), np.float32))


def hand(side, x=0.0):
    parameters = HandParameters(
        np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.array([x, 0, 0.5], np.float32)
    )
    vertices, joints = HAND_MODELS[side].mesh(parameters)
    return HandReconstruction(parameters, vertices, joints, INTRINSICS.project(joints).astype(np.float32), 0.9)


class ScriptedDetector:
    name = "scripted"

    def __init__(self, *sides):
        self.sides = sides
        self.calls = []
        self.closed = False

    def detect(self, image, previous=(), search=True):
        self.calls.append((len(previous), search))
        return tuple(detection(side) for side in self.sides)

    def close(self):
        self.closed = True


class ScriptedModel:
    """Returns hands of the sides it was told, one set per frame (the last for ever)."""

    def __init__(self, *frames):
        self.frames = list(frames)
        self.crops: list[Crop] = []
        self.closed = False
        self.resets = 0

    def reset(self):
        self.resets += 1

    def reconstruct(self, crops):
        self.crops += crops
        sides = self.frames.pop(0) if len(self.frames) > 1 else self.frames[0]
        x = 0.02 * len(self.crops)
        return [Reconstruction({side: hand(side, x - 0.15 * (side == "right")) for side in sides}) for _ in crops]

    def warm_up(self):
        pass

    def close(self):
        self.closed = True


def tracker(model, detector, card=NETWORK, **options):
    return Tracker(card, model, HAND_MODELS, detector, TrackerConfig(model=card.name, **{"smoothing": None} | options))


def frames(count, start=0):
    return [Frame(n, n * 33_000_000, np.zeros((360, 640, 3), np.uint8)) for n in range(start, start + count)]


def test_a_followed_pair_costs_no_detection_but_the_heartbeat():
    detector = ScriptedDetector("left", "right")
    subject = tracker(ScriptedModel(("left", "right")), detector)
    for frame in frames(2 * HEARTBEAT_EVERY + 1):
        subject.track(frame)
    assert len(detector.calls) == 3  # the first frame and two heartbeats


def test_a_missing_hand_is_looked_for_now_and_then_and_no_hand_at_every_frame():
    detector = ScriptedDetector("left")
    subject = tracker(ScriptedModel(("left",)), detector)
    for frame in frames(1 + 2 * MISSING_EVERY):
        subject.track(frame)
    assert len(detector.calls) == 3
    nothing = ScriptedDetector()
    subject = tracker(ScriptedModel(("left",)), nothing)
    for frame in frames(4):
        assert subject.track(frame).hands.hands == {}
    assert len(nothing.calls) == 4


def test_a_pair_of_which_one_is_in_doubt_is_looked_for():
    """What is followed there may be a thing; a hand that the detector sees elsewhere takes its place."""
    thing, hand_ = {"left": 450.0, "right": 100.0}, {"left": 450.0, "right": 300.0}
    model = PlacedModel(*[thing] * MISSING_EVERY, hand_, score=0.4)
    detector = PlacedDetector([("left", 450.0), ("right", 100.0)], [("left", 450.0), ("right", 300.0)])
    subject = tracker(model, detector)
    results = [subject.track(frame) for frame in frames(1 + MISSING_EVERY)]
    places = [1e3 * result.raw["right"].translation[0] for result in results]
    assert places == pytest.approx([100.0] * MISSING_EVERY + [300.0])


def test_landmark_models_get_landmarks_on_every_frame_and_a_search_only_when_due():
    detector = ScriptedDetector("left", "right")
    model = ScriptedModel(("left", "right"))
    subject = tracker(model, detector, LANDMARKS)
    for frame in frames(5):
        subject.track(frame)
    assert detector.calls == [(0, True), (2, False), (2, False), (2, False), (2, False)]
    assert all(len(crop.detections) == 2 for crop in model.crops)


def test_the_next_crop_comes_from_the_last_hands():
    model = ScriptedModel(("left", "right"))
    subject = tracker(model, ScriptedDetector("left", "right"))
    results = [subject.track(frame) for frame in frames(3)]
    last = np.concatenate([h.joints_px for h in results[1].hands.hands.values()])
    inside = last @ model.crops[2].frame_to_crop[:, :2].T + model.crops[2].frame_to_crop[:, 2]
    assert inside.min() > 0
    assert inside.max() < 255
    assert model.crops[2].sides == {"left", "right"}


def test_a_lone_hand_gets_a_wider_crop_where_the_network_looks_for_the_other():
    def scale(card: ModelCard, *sides) -> float:
        model = ScriptedModel(sides)
        tracker(model, ScriptedDetector(*sides), card).track(frames(1)[0])
        return zoom(model.crops[0])

    looking = ModelCard("stub", "a stub", "", "MIT", crops=LOOKS)
    assert scale(NETWORK, "left") == pytest.approx(1.6 * scale(looking, "left"))
    assert scale(NETWORK, "left", "right") == scale(looking, "left", "right")


def test_hands_that_point_down_are_shown_upright():
    """The scripted detections have their wrists above."""
    model = ScriptedModel(("left", "right"))
    tracker(model, ScriptedDetector("left", "right")).track(frames(1)[0])
    wrist, knuckle = detection("left").landmarks[[0, 9]] @ model.crops[0].frame_to_crop[:, :2].T
    assert knuckle[1] < wrist[1]
    assert abs(knuckle[0] - wrist[0]) < 1e-3 * (wrist[1] - knuckle[1])


def test_the_crop_of_a_hand_that_jitters_stays_where_it_is():
    model = PlacedModel({"left": 100.0}, {"left": 101.0}, {"left": 99.0}, {"left": 108.0})
    subject = tracker(model, PlacedDetector([("left", 100.0)]))
    for frame in frames(5):
        subject.track(frame)
    still = model.crops[0].frame_to_crop
    for crop in model.crops[:4]:
        np.testing.assert_array_equal(crop.frame_to_crop, still)
    assert abs(model.crops[4].frame_to_crop[0, 2] - still[0, 2]) > 5.0


def test_full_frame_takes_the_whole_image_whatever_the_detector_says():
    model = ScriptedModel(("left",))
    tracker(model, ScriptedDetector(), crop_mode="full-frame").track(frames(1)[0])
    corner = model.crops[0].frame_to_crop @ np.array([0, 0, 1.0])
    assert abs(corner[0]) < 1
    assert corner[1] == pytest.approx(256 * 140 / 640, abs=1)  # padded above and below


def test_smoothing_moves_less_than_the_raw_hand_and_keeps_it():
    subject = tracker(ScriptedModel(("left",)), ScriptedDetector("left"), smoothing=SmoothingSettings())
    subject.track(frames(1)[0])
    tracked = subject.track(frames(1, 1)[0])
    raw, smooth = tracked.raw["left"], tracked.hands.hands["left"].parameters
    assert 0.02 < smooth.translation[0] < raw.translation[0]
    vertices, joints = HAND_MODELS["left"].mesh(smooth)
    np.testing.assert_array_equal(tracked.hands.hands["left"].vertices, vertices)
    np.testing.assert_allclose(tracked.hands.hands["left"].joints_px, INTRINSICS.project(joints), atol=1e-2)


def test_a_lost_hand_is_marked_as_predicted_with_a_falling_score():
    subject = tracker(
        ScriptedModel(("left", "right"), ("left", "right"), ("left",)),
        ScriptedDetector("left", "right"),
        smoothing=SmoothingSettings(),
    )
    results = [subject.track(frame) for frame in frames(6)]
    assert [("right" in r.predicted) for r in results] == [False, False, True, True, True, False]
    scores = [r.hands.hands["right"].score for r in results[2:5]]
    assert scores[0] > scores[1] > scores[2]
    assert set(results[2].raw) == {"left"}
    assert set(results[5].hands.hands) == {"left"}


def test_time_that_does_not_rise_begins_a_new_take():
    detector = ScriptedDetector("left", "right")
    subject = tracker(ScriptedModel(("left", "right")), detector, LANDMARKS, smoothing=SmoothingSettings())
    for frame in [*frames(3, 10), *frames(2)]:
        subject.track(frame)
    assert detector.calls[3] == (0, True)


def test_independent_images_carry_nothing_over():
    detector = ScriptedDetector("left")
    model = ScriptedModel(("left",))
    subject = tracker(model, detector, LANDMARKS, smoothing=SmoothingSettings())
    results = [subject.track(frame, independent=True) for frame in frames(3)]
    assert detector.calls == [(0, True)] * 3
    assert all(crop.captured_ns is None for crop in model.crops)
    for result in results:
        np.testing.assert_array_equal(result.hands.hands["left"].parameters.translation, result.raw["left"].translation)


def test_another_model_takes_over_between_two_frames():
    first, second = ScriptedModel(("left",)), ScriptedModel(("right",))
    subject = tracker(first, ScriptedDetector("left"), smoothing=SmoothingSettings())
    subject.track(frames(1)[0])
    assert subject.use_model("landmark-fit", second) is first
    tracked = subject.track(frames(1, 1)[0])
    assert set(tracked.hands.hands) == {"right"}  # no ghost of the left hand from the old model
    assert tracked.model == "landmark-fit"
    subject.close()
    assert second.closed
    assert not first.closed


def test_intrinsics_follow_the_field_of_view_and_the_image():
    subject = tracker(ScriptedModel(("left",)), ScriptedDetector("left"), fov=90.0)
    tracked = subject.track(Frame(0, 0, np.zeros((100, 200, 3), np.uint8)))
    assert tracked.intrinsics.fx == pytest.approx(100.0)
    assert (tracked.intrinsics.width, tracked.intrinsics.height) == (200, 100)


def test_a_device_that_is_not_there_is_named():
    with pytest.raises(BothhandsError, match="cuda:7"):
        Tracker.create("landmark-fit", device="cuda:7")
    with pytest.raises(BothhandsError, match="auto, cpu, cuda"):
        Tracker.create("landmark-fit", device="tpu")
    with pytest.raises(BothhandsError, match="landmark-fit"):
        Tracker.create("no-such-model")


def test_another_take_resets_the_model_too():
    """A model may carry a person's shape from frame to frame; the next person has another."""
    model = ScriptedModel(("right",))
    subject = tracker(model, ScriptedDetector("right"))
    before = model.resets
    first, second = frames(2)
    subject.track(first)
    subject.track(second)
    assert model.resets == before
    subject.track(first)  # time runs backwards: the clip begins anew
    assert model.resets == before + 1


class PlacedModel:
    """A network with a pair of eyes: sees the hands of each frame whose joints are all inside the crop."""

    def __init__(self, *frames, score=0.9):
        self.score = score
        self.frames = frames  # by frame: place of each hand in view, px along x, by side
        self.crops: list[Crop] = []
        self.looks: list[Crop] = []  # beside those

    def reset(self): ...

    def reconstruct(self, crops):
        places = self.frames[min(len(self.crops), len(self.frames) - 1)]
        self.crops.append(crops[0])
        self.looks += crops[1:]
        return [Reconstruction(self._seen(crop, places)) for crop in crops]

    def _seen(self, crop, places):
        hands = {}
        for side, x in places.items():
            points = detection(side, x).landmarks
            inside = points @ crop.frame_to_crop[:, :2].T + crop.frame_to_crop[:, 2]
            if (inside > 0).all() and (inside < 255).all():
                seen = hand(side, 1e-3 * x)  # told apart by that
                hands[side] = HandReconstruction(seen.parameters, seen.vertices, seen.joints, points, self.score)
        return hands


class PlacedDetector:
    """Detects in each of its calls what it was told: pairs of side and place (the last for ever)."""

    name = "placed"

    def __init__(self, *calls):
        self.calls = list(calls)

    def detect(self, image, previous=(), search=True):
        hands = self.calls.pop(0) if len(self.calls) > 1 else self.calls[0]
        return tuple(detection(side, x) for side, x in hands)

    def close(self): ...


APART = {"left": 450.0, "right": 100.0}


def sides_seen(model, detector, count):
    subject = tracker(model, detector)
    return [set(subject.track(frame).hands.hands) for frame in frames(count)]


def test_a_hand_that_is_missed_for_a_moment_comes_back_without_the_detector():
    model = PlacedModel(APART, {"right": 100.0}, {"right": 100.0}, APART)
    seen = sides_seen(model, PlacedDetector([("left", 450.0), ("right", 100.0)], [("right", 100.0)]), 4)
    assert seen == [{"left", "right"}, {"right"}, {"right"}, {"left", "right"}]


def zoom(crop: Crop) -> float:
    """Crop px a frame px."""
    return float(np.sqrt(np.linalg.det(crop.frame_to_crop[:, :2])))


def test_a_hand_that_has_left_is_not_waited_for():
    model = PlacedModel(APART, {"right": 100.0})
    sides_seen(model, PlacedDetector([("left", 450.0), ("right", 100.0)], [("right", 100.0)]), LOST_TIMEOUT_FRAMES + 12)
    scales = [zoom(crop) for crop in model.crops]
    np.testing.assert_allclose(scales[: LOST_TIMEOUT_FRAMES + 2], scales[0])
    assert scales[-1] > 2.0 * scales[0]


class ShrinkingModel(ScriptedModel):
    """Sees a hand that is cut off, and so smaller than it is: of the crop's size, whatever that is."""

    def reconstruct(self, crops):
        self.crops += crops
        inverse = np.linalg.inv(crops[0].frame_to_crop[:, :2])
        points = (np.linspace([90.0, 90.0], [166.0, 166.0], 21) - crops[0].frame_to_crop[:, 2]) @ inverse.T
        seen = hand("left")
        return [
            Reconstruction({"left": HandReconstruction(seen.parameters, seen.vertices, seen.joints, points, 0.9)})
        ] * len(crops)


def test_crops_get_smaller_step_by_step():
    model = ShrinkingModel(("left",))
    subject = tracker(model, ScriptedDetector("left"))
    for frame in frames(MISSING_EVERY):
        subject.track(frame)
    steps = [zoom(later) / zoom(earlier) for earlier, later in pairwise(model.crops)]
    np.testing.assert_allclose(steps, 1.0 / 0.9, rtol=1e-5)


EACH = ModelCard("stub", "a stub", "", "MIT", crops=replace(LOOKS, crop_each_hand=True))


def test_hands_that_are_apart_get_a_crop_each_and_near_ones_share_theirs():
    model = PlacedModel(APART)
    subject = tracker(model, PlacedDetector([("left", 450.0), ("right", 100.0)]), EACH)
    assert set(subject.track(frames(1)[0]).hands.hands) == {"left", "right"}
    assert [crop.sides for crop in [*model.crops, *model.looks]] == [{"left"}, {"right"}]
    crops = zip([*model.crops, *model.looks], (450, 100), strict=True)
    middles = [crop.frame_to_crop @ [x + 30, 140, 1] for crop, x in crops]
    np.testing.assert_allclose(middles, 127.5, atol=0.1)
    model = PlacedModel(NEAR)
    subject = tracker(model, PlacedDetector([("left", 150.0), ("right", 100.0)]), EACH)
    subject.track(frames(1)[0])
    assert [crop.sides for crop in model.crops] == [{"left", "right"}]
    assert not model.looks


def test_a_second_hand_of_the_same_side_is_looked_at_as_the_other():
    """The detector calls the missing left hand right, like the one that is followed already."""
    model = PlacedModel({"right": 100.0}, APART)
    subject = tracker(model, PlacedDetector([("right", 100.0)], [("right", 450.0)]), EACH)
    seen = [set(subject.track(frame).hands.hands) for frame in frames(1 + MISSING_EVERY)]
    assert seen[-1] == {"left", "right"}
    assert model.looks[-1].sides == {"left"}


def test_a_crop_of_ones_own_is_asked_for_its_own_hand_only():
    """The model sees both sides in each crop; the frame has each hand from its own."""
    model = ScriptedModel(("left", "right"))
    detector = PlacedDetector([("left", 450.0), ("right", 100.0)])
    tracked = tracker(model, detector, EACH).track(frames(1)[0])
    assert set(tracked.hands.hands) == {"left", "right"}
    one_crop = tracker(ScriptedModel(("left",)), PlacedDetector([("left", 450.0), ("right", 100.0)]), EACH)
    assert set(one_crop.track(frames(1)[0]).hands.hands) == {"left"}


def test_a_hand_that_the_detector_calls_by_the_followed_hands_side_is_taken_into_the_crop():
    """It found the missing left hand, and calls it right like the one that is followed already."""
    model = PlacedModel({"right": 100.0}, APART)
    seen = sides_seen(model, PlacedDetector([("right", 100.0)], [("right", 450.0)]), 1 + MISSING_EVERY)
    assert seen[-1] == {"left", "right"}


NEAR = {"left": 200.0, "right": 100.0}


def test_a_network_that_tells_presence_finds_the_other_hand_by_a_wider_look():
    """The detector never sees the left hand, and it is outside the crop around the right one."""
    looking = ModelCard("stub", "a stub", "", "MIT", crops=LOOKS)
    model = PlacedModel(NEAR)
    subject = tracker(model, PlacedDetector([("right", 100.0)]), looking)
    seen = [set(subject.track(frame).hands.hands) for frame in frames(3 + MISSING_EVERY)]
    assert seen[MISSING_EVERY] == {"right"}  # the look's own hands are not shown: they are small in it
    assert seen[MISSING_EVERY + 1 :] == [{"left", "right"}] * 2
    assert len(model.looks) == 1
    assert zoom(model.looks[0]) < zoom(model.crops[0]) / 1.5
    np.testing.assert_allclose(
        model.looks[0].frame_to_crop[:, :2] / zoom(model.looks[0]),
        model.crops[0].frame_to_crop[:, :2] / zoom(model.crops[0]),
        atol=1e-6,
    )


def test_a_network_that_tells_presence_looks_at_the_whole_image_where_the_detector_sees_nothing():
    looking = ModelCard("stub", "a stub", "", "MIT", crops=LOOKS)
    model = PlacedModel(APART)
    subject = tracker(model, PlacedDetector([]), looking)
    seen = [set(subject.track(frame).hands.hands) for frame in frames(2)]
    assert seen == [set(), {"left", "right"}]
    assert zoom(model.crops[0]) == pytest.approx(256 / 640)
    assert zoom(model.crops[1]) < 256 / (450 + 60 - 100)  # around both hands
    blind = tracker(PlacedModel(APART), PlacedDetector([]))
    assert [set(blind.track(frame).hands.hands) for frame in frames(3)] == [set()] * 3


def test_what_is_hardly_seen_from_afar_gets_no_crop():
    looking = ModelCard("stub", "a stub", "", "MIT", crops=LOOKS)
    model = PlacedModel(APART, score=0.6)
    subject = tracker(model, PlacedDetector([]), looking)
    assert [set(subject.track(frame).hands.hands) for frame in frames(3)] == [set()] * 3


def test_one_hand_seen_as_both_sides_is_shown_once():
    model = PlacedModel({"left": 100.0, "right": 104.0})
    assert sides_seen(model, PlacedDetector([("right", 100.0)]), 3) == [{"right"}] * 3
    assert sides_seen(model, PlacedDetector([("right", 104.0), ("left", 100.0)]), 3) == [{"left"}] * 3  # equally sure
    both = PlacedModel({"left": 100.0, "right": 130.0})  # the detector misses one of two that touch
    looking = ModelCard("stub", "a stub", "", "MIT", crops=LOOKS)
    subject = tracker(both, PlacedDetector([("right", 130.0)]), looking)
    assert set(subject.track(frames(1)[0]).hands.hands) == {"left", "right"}


def test_what_is_expected_is_told_to_the_model():
    """What the detector sees, what was there in the last frame, and what was there a moment ago."""
    model = PlacedModel(NEAR, {"right": 100.0})
    subject = tracker(model, PlacedDetector([("left", 200.0), ("right", 100.0)], [("right", 100.0)]))
    for frame in frames(LOST_TIMEOUT_FRAMES + 5):
        subject.track(frame)
    expected = [crop.expected for crop in model.crops]
    assert expected[: LOST_TIMEOUT_FRAMES + 2] == [{"left", "right"}] * (LOST_TIMEOUT_FRAMES + 2)
    assert expected[-1] == {"right"}


def test_the_followed_hand_by_another_name_does_not_narrow_the_crop():
    """The detector calls the followed right hand left: there is still one hand, with room for the other beside it."""
    looking = ModelCard("stub", "a stub", "", "MIT", crops=LOOKS)
    model = PlacedModel({"right": 100.0})
    subject = tracker(model, PlacedDetector([("right", 100.0)], [("left", 100.0)]), looking)
    for frame in frames(1 + MISSING_EVERY):
        subject.track(frame)
    np.testing.assert_array_equal(model.crops[-1].frame_to_crop, model.crops[0].frame_to_crop)
    assert model.crops[-1].sides == {"right"}


class ShapedModel(ScriptedModel):
    def use_shape(self, rule):
        self.rule = rule


def test_a_shape_goes_to_every_model_that_fits_and_into_the_config():
    first, second = ShapedModel(("left",)), ShapedModel(("left",))
    subject = tracker(first, ScriptedDetector("left"), hand_shape=(0.5,) * 10)
    assert subject.config.hand_shape == (0.5,) * 10
    one, two, three = frames(3)
    subject.track(one)
    assert first.rule == ShapeRule((0.5,) * 10)
    subject.use_model("landmark-fit", second)
    subject.track(two)
    assert second.rule == ShapeRule((0.5,) * 10), "the next model too"
    subject.shape_rule = ShapeRule((0.5,) * 10, measured=True)
    subject.track(three)
    assert second.rule.measured
    assert subject.config.hand_shape is None, "while it is measured none is held"


def test_a_fused_fit_holds_the_shape():
    """The same frames give the same hands again, which is what a run over a session asks of its config."""
    shape = (0.5, -0.5) + (0.0,) * 8
    seen = []
    for _ in range(2):
        subject = Tracker.create("landmark-fit", device="cpu", hand_shape=shape)
        try:
            with closing(open_source(str(demo_clip()))) as source:
                hands = [subject.track(frame).raw for frame in (source.read() for _ in range(4)) if frame is not None]
        finally:
            subject.close()
        assert any(hands)
        seen.append(hands)
    for first, again in zip(*seen, strict=True):
        assert first.keys() == again.keys()
        for side in first:
            np.testing.assert_array_equal(first[side].shape, np.float32(shape))
            np.testing.assert_array_equal(first[side].translation, again[side].translation)


def test_another_camera_holds_from_the_next_frame_on_and_nothing_is_carried_over():
    known = KnownCamera(450.0, 460.0, 320.0, 175.0, 640, 360)
    model = ScriptedModel(("left",))
    subject = tracker(model, ScriptedDetector("left"), camera=known)
    first, second, third, fourth = frames(4)
    assert subject.track(first).intrinsics.fy == 460.0
    assert subject.config.camera == known
    before = model.resets
    subject.use_camera(fov=90.0)
    assert model.resets == before + 1, "depths before and after are not of one scale"
    assert subject.track(second).intrinsics.fx == pytest.approx(320.0)
    assert (subject.config.fov, subject.config.camera) == (90.0, None)
    half = KnownCamera(225.0, 230.0, 159.5, 87.0, 320, 180)
    subject.use_camera(camera=half)
    assert subject.track(third).intrinsics.fx == pytest.approx(450.0), "scaled to the image"
    subject.use_camera()
    assert subject.track(fourth).intrinsics.fx == pytest.approx(Intrinsics.assumed(640, 360).fx)
    assert subject.config == replace(subject.config, fov=None, camera_file=None, camera=None)


def test_detector_and_model_are_loaded_in_one_thread(monkeypatch):
    """Two threads that first use OpenVINO's Python module may wait for each other forever."""
    loaded = []

    class Model:
        def warm_up(self):
            loaded.append(("model", threading.get_ident()))

        def reset(self):
            """Nothing is carried over."""

    def detector(name):
        loaded.append((name, threading.get_ident()))
        return ScriptedDetector()

    monkeypatch.setattr("tracking.tracker.create_model", lambda name, hand_models, device: Model())
    monkeypatch.setattr("tracking.tracker.create_detector", detector)
    Tracker.from_config(TrackerConfig(model="landmark-fit"), hand_models=HAND_MODELS)
    assert loaded == [("model", threading.get_ident()), ("auto", threading.get_ident())]
