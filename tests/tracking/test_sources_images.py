from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.fakes import number_of, numbered_image
from tracking.sources import SourceError, open_source
from tracking.sources.protocol import LARGEST_SIDE
from tracking.values import Frame


def save(path: Path, rgb: np.ndarray) -> Path:
    """Lossless where the suffix allows it, by another library than the one under test."""
    Image.fromarray(rgb).save(path)
    return path


def read_all(spec: Path, **options: bool) -> tuple[list[Frame], list[str]]:
    notices: list[str] = []
    source = open_source(str(spec), on_notice=notices.append, **options)
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames, notices


@pytest.fixture
def unpadded(tmp_path: Path) -> Path:
    for number in (0, 1, 2, 10, 11):
        save(tmp_path / f"picture{number}.png", numbered_image(number))
    (tmp_path / "notes.txt").write_text("not an image")
    (tmp_path / "._picture0.png").write_bytes(b"left over")
    (tmp_path / "older").mkdir()
    save(tmp_path / "older" / "picture5.png", numbered_image(5))
    return tmp_path


def test_images_that_stand_alone_come_in_plain_name_order(unpadded: Path):
    frames, notices = read_all(unpadded)
    expected = [int(path.stem.removeprefix("picture")) for path in sorted(unpadded.glob("picture*.png"))]
    assert [number_of(frame.image) for frame in frames] == expected == [0, 1, 10, 11, 2]
    assert [frame.index for frame in frames] == [0, 1, 2, 3, 4]
    assert [frame.captured_ns for frame in frames] == [0, 10**9, 2 * 10**9, 3 * 10**9, 4 * 10**9]
    assert notices == []


def test_images_of_a_clip_come_in_the_order_of_their_numbers(unpadded: Path):
    frames, _ = read_all(unpadded, sequence=True)
    assert [number_of(frame.image) for frame in frames] == [0, 1, 2, 10, 11]
    np.testing.assert_allclose([frame.captured_ns for frame in frames], np.arange(5) * 1e9 / 30, atol=1)


@pytest.mark.parametrize("sequence", [False, True])
def test_what_a_folder_says_of_itself(unpadded: Path, sequence: bool):
    source = open_source(str(unpadded), sequence=sequence)
    assert source.independent is not sequence
    assert source.fps == (30.0 if sequence else None)
    assert source.frame_count == 5
    assert source.size == (64, 48)
    assert source.name == unpadded.name
    assert not source.live
    source.close()
    assert source.read() is None


def test_an_unreadable_image_is_skipped_and_keeps_its_index(tmp_path: Path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    save(tmp_path / "b.png", numbered_image(1))
    (tmp_path / "c.png").write_bytes(b"")
    save(tmp_path / "d.png", numbered_image(3))
    frames, notices = read_all(tmp_path)
    assert [frame.index for frame in frames] == [1, 3]
    assert [number_of(frame.image) for frame in frames] == [1, 3]
    assert ["a.png" in notices[0], "c.png" in notices[1]] == [True, True]
    assert "empty" in notices[1]


def test_formats_and_colours(tmp_path: Path):
    colours = np.random.default_rng(2).integers(0, 256, (6, 5, 3), dtype=np.uint8)
    for suffix in ("png", "bmp"):
        save(tmp_path / f"a.{suffix}", colours)
    Image.fromarray(colours).save(tmp_path / "a.webp", lossless=True)
    smooth = np.full((32, 32, 3), (200, 120, 40), np.uint8)
    save(tmp_path / "z.JPG", smooth)
    frames, _ = read_all(tmp_path)
    for frame in frames[:3]:
        np.testing.assert_array_equal(frame.image, colours)
        assert not frame.image.flags.writeable
    np.testing.assert_allclose(frames[3].image, smooth, atol=3)


def test_transparency_becomes_black(tmp_path: Path):
    rgba = np.zeros((2, 2, 4), np.uint8)
    rgba[..., :3] = (200, 100, 50)
    rgba[..., 3] = [[0, 255], [51, 102]]  # 0, 1, 1/5, 2/5
    for suffix in ("png", "webp"):
        options = {"lossless": True, "exact": True} if suffix == "webp" else {}
        Image.fromarray(rgba).save(tmp_path / f"cutout.{suffix}", **options)
    frames, _ = read_all(tmp_path)
    expected = [[[0, 0, 0], [200, 100, 50]], [[40, 20, 10], [80, 40, 20]]]
    for frame in frames:
        np.testing.assert_array_equal(frame.image, expected)


def test_one_channel_palette_and_sixteen_bits_become_rgb(tmp_path: Path):
    save(tmp_path / "a_grey.png", np.full((4, 4), 90, np.uint8))
    Image.fromarray(np.full((4, 4, 3), 90, np.uint8)).quantize().save(tmp_path / "b_palette.png")
    cv2.imwrite(str(tmp_path / "c_deep.png"), np.full((4, 4, 3), 90 * 256 + 128, np.uint16))
    Image.fromarray(np.dstack([np.full((4, 4), 180, np.uint8), np.full((4, 4), 128, np.uint8)])).save(
        tmp_path / "d_grey_alpha.png"
    )
    frames, _ = read_all(tmp_path)
    assert len(frames) == 4
    for frame in frames:
        assert frame.image.shape == (4, 4, 3)
        assert frame.image.dtype == np.uint8
        np.testing.assert_allclose(frame.image, 90, atol=1)


def test_a_camera_held_sideways_is_turned_upright(tmp_path: Path):
    stored = np.zeros((20, 40, 3), np.uint8)
    stored[:, :20] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # "rotate 90 degrees clockwise to see it"
    Image.fromarray(stored).save(tmp_path / "phone.jpg", exif=exif, quality=95)
    frames, _ = read_all(tmp_path)
    assert frames[0].image.shape == (40, 20, 3)
    assert frames[0].image[:18].mean() > 250  # what was left is up
    assert frames[0].image[22:].mean() < 5


def test_one_image_stands_alone(tmp_path: Path):
    source = open_source(str(save(tmp_path / "hand.png", numbered_image(4))))
    assert (source.independent, source.frame_count, source.name) == (True, 1, "hand.png")
    frame = source.read()
    assert frame is not None
    assert number_of(frame.image) == 4
    assert source.read() is None


def test_one_pixel_and_8k_are_images(tmp_path: Path):
    save(tmp_path / "a.png", np.full((1, 1, 3), 7, np.uint8))
    save(tmp_path / "b.png", np.zeros((4320, 7680, 3), np.uint8))
    frames, notices = read_all(tmp_path)
    assert [frame.image.shape for frame in frames] == [(1, 1, 3), (4320, 7680, 3)]
    assert notices == []


def test_absurd_sizes_are_refused(tmp_path: Path):
    path = save(tmp_path / "long.png", np.zeros((1, LARGEST_SIDE + 1, 3), np.uint8))
    with pytest.raises(SourceError, match="16385x1"):
        open_source(str(path))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda folder: None, "no images"),
        (lambda folder: (folder / "notes.txt").write_text("x"), "no images"),
        (lambda folder: (folder / "a.mp4").write_text("x"), r"name one of its videos \(.*a\.mp4\)"),
        (
            lambda folder: [(folder / name).write_text("x") for name in ("session.json", "video.mkv")],
            r"name one of its videos \(.*video\.mkv\)",
        ),
        (lambda folder: (folder / "session.json").write_text("x"), "name a folder that has"),
        (lambda folder: (folder / "a.png").write_text("x"), "is not an image"),
        (lambda folder: [(folder / f"{name}.png").write_text("x") for name in "ab"], "None of the 2 images"),
    ],
)
def test_folders_without_readable_images(tmp_path: Path, make, says: str):
    make(tmp_path)
    with pytest.raises(SourceError, match=says):
        open_source(str(tmp_path))


def test_a_missing_image(tmp_path: Path):
    with pytest.raises(SourceError, match="There is no file or folder"):
        open_source(str(tmp_path / "none.png"))


def test_a_folder_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)  # root may read everything, so that the mode of the folder is no test
    with pytest.raises(SourceError, match="cannot be read: Permission denied"):
        open_source(str(tmp_path))
