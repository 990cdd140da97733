"""Pseudo-labels: several views of an image must agree; views of one shape are fitted together."""

import json
import os
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from app.cli import cli
from models.errors import BothhandsError
from models.fitting.landmark_points import landmark_points, marked_points
from models.hand_model import load_hand_models
from models.values import Detection, HandParameters, HandReconstruction, Intrinsics
from tests.fakes import write_video
from training.data.samples import Knowledge
from training.datasets.image_folder import ImageFolder
from training.labelling import LabellingOptions, LabellingReport, label_images, write_preview
from training.labelling.agreement import agreed_hands
from training.labelling.images import Image, Images
from training.labelling.several_views import CommonPose, View

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CAMERA = Intrinsics.assumed(320, 240)
MODELS = load_hand_models()


def posed(side: str = "right", turn: float = 0.0, fingers: float = 0.3) -> tuple[HandParameters, np.ndarray]:
    """A hand before the camera and its joints, metres."""
    pose = np.zeros((16, 3), np.float32)
    sign = 1.0 if side == "right" else -1.0
    upright = cv2.Rodrigues(np.array([0.0, 0.0, sign * np.pi / 2]))[0]
    pose[0] = cv2.Rodrigues(cv2.Rodrigues(np.array([0.0, turn, 0.0]))[0] @ upright)[0].ravel()
    pose[1:13, 2] = sign * fingers
    parameters = HandParameters(pose, np.zeros(10, np.float32), np.array([0.0, 0.0, 0.5], np.float32))
    _, joints = MODELS[side].mesh(parameters)
    middle = joints.mean(axis=0)
    placed = replace(parameters, translation=parameters.translation - [middle[0], middle[1], 0.0])
    return placed, MODELS[side].mesh(placed)[1]


def detection(side: str, landmarks: np.ndarray, world: np.ndarray, score: float = 0.9) -> Detection:
    box = np.concatenate([landmarks.min(axis=0), landmarks.max(axis=0)])
    return Detection(side, score, box, landmarks.astype(np.float32), world.astype(np.float32))


def shown_hand() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of a right hand before `CAMERA`: landmarks and joints, px, and landmarks in space, metres."""
    parameters, joints = posed()
    vertices, _ = MODELS["right"].mesh(parameters)
    hand = HandReconstruction(parameters, vertices, joints, CAMERA.project(joints), 1.0)
    marks = marked_points(hand, landmark_points(MODELS)["right"])
    return CAMERA.project(marks.image), CAMERA.project(joints), marks.space - marks.space.mean(axis=0)


LANDMARKS, JOINTS_PX, WORLD = shown_hand()
DOTS = [4, 20, 0]
"""Landmarks that an image for `MarkedHand` shows: the thumb's tip, the little finger's, and the wrist."""


class MarkedHand:
    """Detects a hand at a red dot (thumb's tip), a green one (little finger's) and a blue one (wrist) of an image.

    The other landmarks lie as on `shown_hand`. Its side follows from the sense in which wrist, thumb and little finger
    go round, so that a mirrored view shows the other one, as a real detector would say.
    """

    name = "marked"

    def __init__(self, errors=()):
        self.errors = list(errors)

    def detect(self, image, previous=(), search=True):
        error = self.errors.pop(0) if self.errors else 0.0
        if error is None:
            return ()
        dots = []
        for channel in range(3):
            others = [other for other in range(3) if other != channel]
            weight = np.clip(image[..., channel].astype(float) - image[..., others].max(axis=2) - 60, 0, None)
            if weight.sum() < 500:
                return ()
            y, x = np.mgrid[: image.shape[0], : image.shape[1]]
            dots.append(np.array([(x * weight).sum(), (y * weight).sum()]) / weight.sum())
        moved = np.linalg.solve(np.column_stack([LANDMARKS[DOTS], np.ones(3)]), np.array(dots))
        landmarks = LANDMARKS @ moved[:2] + moved[2] + error
        size = np.sqrt(abs(np.linalg.det(moved[:2])))
        world = np.column_stack([WORLD[:, :2] @ moved[:2] / size, WORLD[:, 2]])
        return (detection("right" if np.linalg.det(moved[:2]) > 0 else "left", landmarks, world),)

    def close(self):
        self.errors = None


def marked_image(width: int = 320, height: int = 240) -> tuple[np.ndarray, np.ndarray]:
    """An image for `MarkedHand`, and where thumb, little finger and wrist are in it."""
    image = np.full((height, width, 3), 114, np.uint8)
    dots = LANDMARKS[DOTS]
    for dot, colour in zip(np.rint(16 * dots).astype(int).tolist(), np.eye(3), strict=True):
        cv2.circle(image, dot, 6 * 16, (255 * colour).tolist(), -1, cv2.LINE_AA, shift=4)
    return image, dots


def write_marked(folder: Path, names) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(folder / name), marked_image()[0][..., ::-1])


def options(source: Path, out: Path, **others) -> LabellingOptions:
    return LabellingOptions(sources=[source], out=out, source_name="us", licence="CC0", **others)


def test_views_are_mapped_back_to_the_image():
    image, dots = marked_image()
    [hand] = agreed_hands(MarkedHand(), image)
    assert hand.detection is not None
    assert len(hand.seen) == 5  # some are mirrored and turned; all say the same
    np.testing.assert_allclose(hand.detection.landmarks[DOTS], dots, atol=0.3)
    assert hand.side == "right"
    # World landmarks follow the image's axes.
    np.testing.assert_allclose(hand.detection.world_landmarks, WORLD, atol=5e-4)


def test_one_view_that_strays_is_left_out_of_the_mean():
    image, dots = marked_image()
    [hand] = agreed_hands(MarkedHand([0.0, 0.0, 12.0, 0.0, 0.0]), image)
    assert hand.detection is not None
    np.testing.assert_allclose(hand.detection.landmarks[DOTS], dots, atol=0.3)
    assert hand.detection.score == pytest.approx(0.9 * 4 / 5)


@pytest.mark.parametrize("errors", [[None, None, None, 0.0, 0.0], [0.0, 0.0, 14.0, -14.0, None]])
def test_a_hand_that_few_views_agree_on_is_not_sure(errors):
    [hand] = agreed_hands(MarkedHand(errors), marked_image()[0])
    assert hand.detection is None
    assert hand.side == "right"


def test_landmarks_beside_a_cut_out_hand_are_none():
    image, _ = marked_image()
    assert len(agreed_hands(MarkedHand(), image, np.full(image.shape[:2], 255, np.uint8))) == 1
    coverage = np.zeros(image.shape[:2], np.uint8)
    coverage[:150] = 255  # without the wrist, whose dot still shows
    image[150:] = 114

    class Elsewhere(MarkedHand):
        def detect(self, view, previous=(), search=True):
            middle = (np.array(view.shape[1::-1]) - 1) / 2
            points = middle + np.linspace(-30, 90, 21)[:, None] * [0.0, 1.0]
            return (detection("right", points, np.zeros((21, 3))),)

    assert agreed_hands(Elsewhere(), image, coverage) == []


def test_a_known_side_holds_against_the_views():
    class Doubtful(MarkedHand):
        def detect(self, view, previous=(), search=True):
            return tuple(replace(hand, side="left") for hand in super().detect(view))

    image, _ = marked_image()
    assert agreed_hands(Doubtful(), image)[0].side is None  # left in mirrored views, too: a contradiction
    assert agreed_hands(Doubtful(), image, side="left")[0].detection is not None


def test_groups_are_kept_together(tmp_path):
    write_marked(
        tmp_path, [f"{digit}/IMG_{100 + 10 * student + digit}.png" for student in range(3) for digit in range(4)]
    )
    groups = [picture.group for picture in Images([tmp_path], run=4)]
    assert [groups.count(group) for group in groups] == [4] * 12  # by file name across folders: one student a run

    views = tmp_path / "views"
    write_marked(views, ["01-fist-1.png", "01-fist-2.png", "01-flat-1.png"])
    assert [picture.group for picture in Images([views], by_views=True)] == ["01-fist", "01-fist", "01-flat"]

    copies = tmp_path / "copies"
    write_marked(copies, ["a_jpg.rf.123.jpg", "a_jpg.rf.456.jpg"])
    assert len({picture.group for picture in Images([copies])}) == 1


def test_a_tenth_is_held_out_whole_groups_at_a_time():
    image = np.zeros((2, 2, 3), np.uint8)
    splits = {group: Image("one", f"group {group}", image, None).split for group in range(2000)}
    assert 150 < list(splits.values()).count("held-out") < 250
    assert all(Image("other", f"group {group}", image, None).split == split for group, split in splits.items())
    # By a hash that is the same on every machine and in every run.
    assert [group for group in range(40) if splits[group] == "held-out"] == [6, 17, 28, 30, 32]


def test_clips_give_some_frames(tmp_path):
    write_video(tmp_path / "clip.mp4", [np.full((48, 64, 3), 40, np.uint8)] * 10)
    names = [picture.name for picture in Images([tmp_path], every=4)]
    assert names == ["clip-00000", "clip-00004", "clip-00008"]


def test_names_that_are_no_utf_8_are_written_as_they_can_be_read(tmp_path):
    """A label file is JSON, and the split follows from the name's UTF-8."""
    write_marked(tmp_path, ["picture.png"])
    write_video(tmp_path / "clip.mp4", [np.full((48, 64, 3), 40, np.uint8)])
    try:
        (tmp_path / "picture.png").rename(tmp_path / os.fsdecode(b"pic\xe9.png"))
        (tmp_path / "clip.mp4").rename(tmp_path / os.fsdecode(b"clip\xe9.mp4"))
    except OSError:
        pytest.skip("this disk takes no such name")
    found = [(picture.name, picture.split) for picture in Images([tmp_path])]
    assert [name for name, _ in found] == ["pic\ufffd", "clip\ufffd-00000"]


def test_sources_that_cannot_be_used_are_named(tmp_path):
    with pytest.raises(BothhandsError, match="nowhere"):
        list(Images([tmp_path / "nowhere"]))
    with pytest.raises(BothhandsError, match="neither images nor clips"):
        list(Images([tmp_path]))


def test_a_labelled_folder_can_be_read(tmp_path):
    write_marked(tmp_path / "in", ["a.png", "deep/b.png"])
    (tmp_path / "in" / "broken.png").write_bytes(b"no image")
    report = label_images(options(tmp_path / "in", tmp_path / "out", one_hand=True), detector=MarkedHand())
    assert (report.images, report.labelled, report.unreadable) == (2, 2, 1)
    assert report.hands == {"right": 2}
    dataset = ImageFolder(tmp_path / "out")
    assert dataset.source == "us, CC0"
    assert [dataset.path(index).name for index in range(2)] == ["a.jpg", "deep-b.jpg"]
    sample = dataset[0]
    assert sample.presence_known
    assert list(sample.hands) == ["right"]
    _, labels = dataset.labels(0, 320, 240)
    # Landmarks lie up to several px beside the joints, which the labels are to give.
    assert np.abs(LANDMARKS - JOINTS_PX).max() > 3.0
    np.testing.assert_allclose(labels["right"].joints_px, JOINTS_PX, atol=1.5)


def test_images_of_two_hands_know_no_absence(tmp_path):
    write_marked(tmp_path / "in", ["a.png"])
    label_images(options(tmp_path / "in", tmp_path / "out"), detector=MarkedHand())
    assert not ImageFolder(tmp_path / "out")[0].presence_known


def test_cut_outs_keep_their_alpha_and_large_images_shrink(tmp_path):
    (tmp_path / "in").mkdir()
    image, _ = marked_image()
    with_alpha = np.dstack([image[..., ::-1], np.full(image.shape[:2], 255, np.uint8)])
    cv2.imwrite(str(tmp_path / "in/cut.png"), with_alpha)
    cv2.imwrite(str(tmp_path / "in/large.png"), cv2.resize(image[..., ::-1], (1280, 960)))
    label_images(options(tmp_path / "in", tmp_path / "out", one_hand=True), detector=MarkedHand())
    assert cv2.imread(str(tmp_path / "out/cut.png"), cv2.IMREAD_UNCHANGED).shape == (240, 320, 4)
    assert cv2.imread(str(tmp_path / "out/large.jpg")).shape == (480, 640, 3)
    _, labels = ImageFolder(tmp_path / "out").labels(1, 640, 480)
    np.testing.assert_allclose(labels["right"].joints_px, 2 * JOINTS_PX + 0.5, atol=3.0)


def test_parameters_give_joints_and_mesh_when_read(tmp_path):
    parameters, joints = posed("left")
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((240, 320, 3), np.uint8))
    entry = {key: getattr(parameters, key).ravel().tolist() for key in ("pose", "shape", "translation")}
    hand = {"joints_px": CAMERA.project(joints).tolist(), "parameters": entry}
    pictures = {"a.png": {"split": "train", "hands": {"left": hand}}}
    (tmp_path / "labels.json").write_text(json.dumps({"pictures": pictures}))
    label = ImageFolder(tmp_path, split="train")[0].hands["left"]
    assert label.knowledge is Knowledge.WEAK_3D
    assert label.parameters is not None
    np.testing.assert_allclose(label.parameters.pose, parameters.pose)
    np.testing.assert_allclose(label.joints, joints, atol=1e-6)
    assert label.vertices is not None
    assert label.vertices.shape == (778, 3)
    with pytest.raises(BothhandsError, match="held-out"):
        ImageFolder(tmp_path, split="held-out")


def test_mistakes_are_named(tmp_path):
    write_marked(tmp_path / "in", ["a.png"])
    with pytest.raises(BothhandsError, match="--one-hand"):
        label_images(options(tmp_path / "in", tmp_path / "out", side="left"), detector=MarkedHand())
    with pytest.raises(BothhandsError, match="not empty"):
        label_images(options(tmp_path / "in", tmp_path / "in"), detector=MarkedHand())
    with pytest.raises(BothhandsError, match="No hand was found"):
        label_images(options(tmp_path / "in", tmp_path / "out"), detector=MarkedHand([None] * 5))


def test_the_command_line_hands_everything_on(tmp_path, monkeypatch):
    asked: list[LabellingOptions] = []
    monkeypatch.setattr("training.labelling.label_images", lambda given, tick: asked.append(given) or LabellingReport())
    command = ["label", "a", "b", "--out", "c", "--source-name", "us", "--licence", "CC0", "--one-hand", "--by-views"]
    more = ["--side", "left", "--run", "4", "--every", "5", "--fov", "40"]
    assert CliRunner().invoke(cli, command + more).exit_code == 0
    assert asked == [
        LabellingOptions(
            sources=[Path("a"), Path("b")],
            out=Path("c"),
            source_name="us",
            licence="CC0",
            one_hand=True,
            side="left",
            by_views=True,
            run=4,
            every=5,
            fov=40.0,
        )
    ]
    wrong = CliRunner().invoke(cli, [*command, "--side", "middle"])
    assert isinstance(wrong.exception, BothhandsError)


def test_the_contact_sheet_shows_every_image(tmp_path):
    write_marked(tmp_path / "in", ["a.png", "b.png", "c.png"])
    label_images(options(tmp_path / "in", tmp_path / "out", one_hand=True), detector=MarkedHand())
    write_preview(tmp_path / "out", tmp_path / "sheet.png")
    assert cv2.imread(str(tmp_path / "sheet.png")).shape == (256, 3 * 256, 3)
    with pytest.raises(BothhandsError, match=r"\.png or \.jpg"):
        write_preview(tmp_path / "out", tmp_path / "sheet.nothing")


def views_of_one_pose(turns, fingers=0.5, depth_error=0.6) -> tuple[list[View], list[np.ndarray]]:
    """Views of a pose from several sides, whose world landmarks have the depth of another hand."""
    views, truths, noise = [], [], np.random.default_rng(0)
    for turn in turns:
        parameters, joints = posed(turn=turn, fingers=fingers)
        hand = HandReconstruction(parameters, *MODELS["right"].mesh(parameters), CAMERA.project(joints), 1.0)
        seen, world = marked_points(hand, landmark_points(MODELS)["right"])  # as MediaPipe marks a hand
        world = world - world.mean(axis=0)
        places = CAMERA.project(seen) + noise.normal(0.0, 1.5, (21, 2))  # exact ones would tell the pose by themselves
        views.append(View(detection("right", places, world * [1.0, 1.0, depth_error]), CAMERA))
        truths.append(joints)
    return views, truths


def aligned_error(joints: np.ndarray, truth: np.ndarray) -> float:
    """Mean distance after the best rotation, metres."""
    a, b = joints - joints.mean(axis=0), truth - truth.mean(axis=0)
    u, _, vt = np.linalg.svd(a.T @ b)
    turn = u @ np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))]) @ vt
    return float(np.linalg.norm(a @ turn - b, axis=1).mean())


def test_views_from_several_sides_tell_the_pose_that_one_view_does_not():
    views, truths = views_of_one_pose((-1.0, -0.4, 0.3, 0.9))
    together = CommonPose(MODELS, views)
    alone = CommonPose(MODELS, [views[1]] * 3)
    errors = []
    for pose in (together, alone):
        fit = pose.explain(views[1])
        errors.append(aligned_error(MODELS["right"].mesh(fit.parameters)[1], truths[1]))
    assert errors[0] < 0.006
    assert errors[0] < 0.7 * errors[1]


def test_a_view_of_another_pose_is_recognised():
    views, _ = views_of_one_pose((-0.8, -0.2, 0.4, 0.8))
    pose = CommonPose(MODELS, views[:3])
    same = pose.explain(views[3])
    other = pose.explain(views_of_one_pose((0.8,), fingers=1.4)[0][0])
    assert same.rigid_error < 0.03 < 0.06 < other.rigid_error
    assert same.error <= same.rigid_error + 1e-6
    parameters, camera = same.parameters, views[3].camera
    reached = camera.project(MODELS["right"].mesh(parameters)[1])
    assert np.linalg.norm(reached - views[3].detection.landmarks, axis=1).mean() < 4.0


def test_a_stranger_among_the_views_does_not_spoil_the_pose():
    views, truths = views_of_one_pose((-0.8, -0.2, 0.4, 0.8))
    stranger = views_of_one_pose((0.2,), fingers=1.5)[0][0]
    pose = CommonPose(MODELS, [*views, stranger])
    assert aligned_error(MODELS["right"].mesh(pose.explain(views[1]).parameters)[1], truths[1]) < 0.008
    assert not CommonPose.possible(views[:2])


@pytest.mark.skipif(not DATA.is_dir(), reason="the real images are not here")
def test_real_cut_outs_are_labelled(tmp_path):
    source = tmp_path / "in"
    source.mkdir()
    for path in sorted((DATA / "images" / "hand_shapes_cutout").glob("01-01-001-01-*.webp")):
        (source / path.name).write_bytes(path.read_bytes())
    report = label_images(options(source, tmp_path / "out", one_hand=True, side="right", by_views=True, fov=25.0))
    assert report.labelled >= 4
    dataset = ImageFolder(tmp_path / "out")
    assert set(dataset.groups) == {"01-01-001-01"}
    for index in range(len(dataset)):
        sample = dataset[index]
        for label in sample.hands.values():
            if label.joints is not None:
                size = np.ptp(label.joints_px, axis=0).max()
                error = np.linalg.norm(sample.intrinsics.project(label.joints) - label.joints_px, axis=1).mean()
                assert error < 0.06 * size
