"""Images of several sizes in one session: each has its own camera, in the video too."""

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from app.outputs.export import ExportOptions, export_session
from app.outputs.export.take import load_take
from app.outputs.export.tracked_images import tracked_images
from app.replay.clip import open_clip
from app.replay.run_hands import RunHands
from app.sessions.cameras import ImageCameras, fitted_camera
from app.sessions.session import SessionWriter
from app.sessions.video import fit
from models.hand_model import load_hand_models
from models.values import SIDES, HandReconstruction, Intrinsics, Reconstruction
from tests.app.replay_fakes import posed_hand
from tests.fakes import session_info
from tracking.values import Frame, TrackedFrame

SIZES = [(128, 72), (64, 36), (72, 72), (40, 72)]


@pytest.mark.parametrize("size", SIZES)
def test_a_fitted_camera_sees_a_point_where_the_fitted_image_has_it(size: tuple[int, int]):
    width, height = size
    camera = Intrinsics(50.0, 52.0, (width - 1) / 2, (height - 1) / 2, width, height)
    spot = np.array([width * 3 // 4, height // 4])
    image = np.zeros((height, width, 3), np.uint8)
    image[spot[1] - 2 : spot[1] + 3, spot[0] - 2 : spot[0] + 3] = 255
    ray = np.array([(spot[0] - camera.cx) / camera.fx, (spot[1] - camera.cy) / camera.fy, 1.0])
    shown = fit(image, SIZES[0])[..., 0].astype(float)
    centre = np.array(
        [np.average(np.arange(128), weights=shown.sum(0)), np.average(np.arange(72), weights=shown.sum(1))]
    )
    np.testing.assert_allclose(fitted_camera(camera, SIZES[0]).project(ray), centre, atol=0.3)
    cameras = ImageCameras.of(replace(session_info(), intrinsics=camera), SIZES[0])
    np.testing.assert_allclose(cameras.pixels(spot.astype(np.float32), 0), centre, atol=0.3)


@pytest.fixture
def mixed(tmp_path: Path) -> tuple[Path, list[TrackedFrame]]:
    """Images of four sizes, the last twice without hands."""
    models, frames = load_hand_models(), []
    for index, (width, height) in enumerate([*SIZES, SIZES[2]]):
        camera = Intrinsics.assumed(width, height)
        hands: dict = {}
        for side in SIDES if index < len(SIZES) else ():
            hand = posed_hand(models[side], index)
            pixels = camera.project(hand.joints).astype(np.float32)
            hands[side] = HandReconstruction(hand.parameters, hand.vertices, hand.joints, pixels, 0.9)
        frame = Frame(index, 10**9 * index, np.full((height, width, 3), 90, np.uint8))
        frames.append(TrackedFrame(frame, Reconstruction(hands), {}, frozenset(), camera, {}, "landmark-fit"))
    info = replace(session_info(), intrinsics=frames[0].intrinsics)
    with SessionWriter.create(tmp_path, info, video=True) as writer:
        for tracked in frames:
            writer.append(tracked)
    return writer.path, frames


def in_video(tracked: TrackedFrame) -> list[np.ndarray]:
    camera = fitted_camera(tracked.intrinsics, SIZES[0])
    return [camera.project(hand.joints) for hand in tracked.hands.hands.values()]


def test_exports_lay_hands_over_the_images_as_they_are_in_the_video(mixed: tuple[Path, list[TrackedFrame]]):
    path, frames = mixed
    take, _ = load_take(path, with_hand_models=True)
    assert take.video is not None
    shown = list(tracked_images(take, take.video))
    assert len(shown) == len(frames)
    for picture, tracked in zip(shown, frames, strict=True):
        assert vars(picture.intrinsics) == pytest.approx(vars(fitted_camera(tracked.intrinsics, SIZES[0])))
        found = list(picture.hands.hands.values())
        for hand, pixels in zip(found, in_video(tracked), strict=True):
            np.testing.assert_allclose(hand.joints_px, pixels, atol=0.05)


def test_replay_does_the_same(mixed: tuple[Path, list[TrackedFrame]]):
    path, frames = mixed
    clip = open_clip(path)
    track = RunHands(clip.session.table, clip.times_ns, clip.hand_models, clip.cameras)
    assert clip.numbers.tolist() == [0, 1, 2, 3, 2]
    for number, tracked in enumerate(frames):
        assert vars(clip.camera_of(number)) == pytest.approx(vars(fitted_camera(tracked.intrinsics, SIZES[0])))
        for hand, pixels in zip(track.hands(number).hands.values(), in_video(tracked), strict=True):
            np.testing.assert_allclose(hand.joints_px, pixels, atol=0.05)


def test_every_format_takes_a_session_of_several_cameras(mixed: tuple[Path, list[TrackedFrame]], tmp_path: Path):
    path, _ = mixed
    glb = export_session(ExportOptions(session=path, format="glb", out=tmp_path))
    assert any("4 cameras or frame sizes" in note for note in glb.notes)
    smoothed = export_session(ExportOptions(session=path, format="csv", out=tmp_path, smooth=True))
    assert smoothed.path.read_text().splitlines()[-1].endswith(',"landmark-fit",3')
    mp4 = export_session(ExportOptions(session=path, format="mp4", out=tmp_path))
    with av.open(str(mp4.path)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 5
