"""The one reader of images: formats by content, pixels, orientation, damage, sizes."""

import io
import struct
import sys
import zlib
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from tests.fakes import number_of, numbered_image
from tracking.sources import SourceError, open_source
from tracking.sources.animation import AnimationSource
from tracking.sources.image_files import read_image, read_image_file

FAULTS = Path(__file__).parents[3] / "shared" / "reference" / "faults"


def photograph(height: int = 121, width: int = 163) -> np.ndarray:
    """Smooth colours with edges, (H, W, 3) uint8, as cameras give them."""
    coarse = np.random.default_rng(4).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def animation(path: Path, numbers: tuple[int, ...] = (1, 5, 9), **options: object) -> Path:
    pictures = [Image.fromarray(numbered_image(n)) for n in numbers]
    pictures[0].save(path, save_all=True, append_images=pictures[1:], **options)
    return path


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize(("quality", "subsampling"), [(95, 0), (80, 1), (60, 2)])
def test_jpegs_have_the_pixels_that_they_always_had(tmp_path: Path, progressive: bool, quality: int, subsampling: int):
    path = tmp_path / "a.jpg"
    picture = Image.fromarray(photograph())
    picture.save(path, quality=quality, subsampling=subsampling, progressive=progressive)
    before = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB).astype(int)
    assert np.abs(read_image(path) - before).max() <= 1
    picture.convert("L").save(path)
    assert np.abs(read_image(path) - cv2.imread(str(path), cv2.IMREAD_COLOR_RGB).astype(int)).max() <= 1


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "1"])
@pytest.mark.parametrize("suffix", ["png", "bmp"])
def test_pngs_and_bitmaps_have_the_pixels_that_they_always_had(tmp_path: Path, mode: str, suffix: str):
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(photograph()).convert(mode).save(path)
    np.testing.assert_array_equal(read_image(path), cv2.imread(str(path), cv2.IMREAD_COLOR_RGB))


def test_sixteen_bits_have_the_pixels_that_they_always_had(tmp_path: Path):
    deep = np.random.default_rng(1).integers(0, 65536, (9, 7, 3), dtype=np.uint16)
    for name, image in (("rgb", deep), ("grey", deep[..., 0])):
        path = tmp_path / f"{name}.png"
        cv2.imwrite(str(path), image)
        np.testing.assert_array_equal(read_image(path), cv2.imread(str(path), cv2.IMREAD_COLOR_RGB))


def test_colours_in_floating_point_are_refused_with_what_helps(tmp_path: Path):
    """Pillow takes them for a damaged header."""
    cv2.imwrite(str(tmp_path / "float.tif"), np.full((4, 6, 3), 0.5, np.float32))
    with pytest.raises(SourceError, match=r"float\.tif .*floating point: save it as PNG"):
        read_image(tmp_path / "float.tif")


def test_floats_and_wide_integers_become_eight_bits(tmp_path: Path):
    ramp = np.linspace(0.0, 1.0, 12, dtype=np.float32).reshape(3, 4)
    for name, image in (("unit", ramp), ("bytes", ramp * 255.0), ("radiance", ramp * 4000.0)):
        Image.fromarray(image).save(tmp_path / f"{name}.tif")
        picture = read_image(tmp_path / f"{name}.tif")
        np.testing.assert_allclose(picture[..., 1], ramp * 255.0, atol=1.0)
    Image.fromarray((ramp * 65535).astype(np.uint16)).save(tmp_path / "deep.tif")
    np.testing.assert_allclose(read_image(tmp_path / "deep.tif")[..., 0], ramp * 255.0, atol=1.0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_the_content_tells_the_format_whatever_the_name_says(tmp_path: Path, kind: str):
    data = encoded(Image.fromarray(photograph()), kind)
    for name in ("a.png", "a.jpg", "a.mp4", "a"):
        (tmp_path / name).write_bytes(data)
        source = open_source(str(tmp_path / name))
        assert (source.size, source.independent) == ((163, 121), True)
        source.close()


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.jp2", "a.mp4", "a.webp"])
def test_jpeg_2000_is_refused_under_every_name(tmp_path: Path, name: str):
    whole = encoded(Image.fromarray(photograph()), "JPEG2000")
    stream = encoded(Image.fromarray(photograph()), "JPEG2000", no_jp2=True)
    for data in (whole, stream):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(SourceError, match=r"JPEG 2000 image|kind that is not read|not a video"):
            open_source(str(tmp_path / name))


@pytest.mark.parametrize("kind", ["PPM", "ICO", "PCX", "SGI", "TGA", "DDS", "EPS"])
def test_formats_that_are_not_listed_are_refused(tmp_path: Path, kind: str):
    (tmp_path / "a.png").write_bytes(encoded(Image.fromarray(photograph(64, 64)), kind))
    with pytest.raises(SourceError, match=r"is not read|is not an image that can be read"):
        read_image(tmp_path / "a.png")


@pytest.mark.parametrize("kind", ["png", "webp", "gif"])
def test_damaged_animations_are_images_or_refused_and_never_the_end_of_the_process(tmp_path: Path, kind: str):
    options = {"lossless": True} if kind == "webp" else {}
    data = animation(tmp_path / f"whole.{kind}", duration=40, **options).read_bytes()
    path = tmp_path / "damaged.png"
    read, refusals = 0, []
    for bit in np.random.default_rng(0).choice(8 * len(data), 400, replace=False):
        damaged = bytearray(data)
        damaged[bit // 8] ^= 1 << (bit % 8)
        path.write_bytes(damaged)
        try:
            image = read_image(path)
        except SourceError as error:
            refusals.append(str(error))
        else:
            assert (image.dtype, image.shape[2]) == (np.uint8, 3)
            read += 1
    assert 0 < read < 400
    assert not [refusal for refusal in refusals if "\n" in refusal or "0x" in refusal]


def png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    rows = zlib.compress(bytes(1000))
    data = b"IDAT" + rows
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))
        + struct.pack(">I", len(rows)) + data + struct.pack(">I", zlib.crc32(data))
    )  # fmt: skip


@pytest.mark.parametrize(("width", "height"), [(60000, 60000), (16384, 16384), (16384, 8193), (2**31 - 1, 1)])
def test_bombs_are_refused_before_they_are_decoded(tmp_path: Path, width: int, height: int):
    (tmp_path / "bomb.png").write_bytes(png_header(width, height))
    with pytest.raises(SourceError, match="scale it down"):
        read_image(tmp_path / "bomb.png")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_image_is_refused(tmp_path: Path, kind: str):
    data = encoded(Image.fromarray(photograph()), kind)
    (tmp_path / "half.jpg").write_bytes(data[: len(data) // 2])
    with pytest.raises(SourceError, match="is the file whole"):
        read_image(tmp_path / "half.jpg")


ORIENTED = {1: [[0, 1], [2, 3]], 2: [[1, 0], [3, 2]], 3: [[3, 2], [1, 0]], 4: [[2, 3], [0, 1]]}
ORIENTED |= {5: [[0, 2], [1, 3]], 6: [[2, 0], [3, 1]], 7: [[3, 1], [2, 0]], 8: [[1, 3], [0, 2]]}


@pytest.mark.parametrize("kind", ["jpg", "png", "webp", "tif", "avif"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_images_are_turned_upright_in_every_format(tmp_path: Path, kind: str, orientation: int):
    quarters = np.kron(np.array([[0, 80], [160, 240]], np.uint8), np.ones((24, 40), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"a.{kind}"
    Image.fromarray(np.dstack([quarters] * 3)).save(path, exif=exif, quality=95)
    image = read_image(path)
    assert image.shape[:2] == ((48, 80) if orientation < 5 else (80, 48))
    rows, columns = image.shape[0] // 4, image.shape[1] // 4
    middles = image[rows :: 2 * rows, columns :: 2 * columns, 0].astype(float) / 80.0
    np.testing.assert_allclose(middles, ORIENTED[orientation], atol=0.1)


def test_a_phones_image_of_tiles_is_read_whole():
    pytest.importorskip("pi_heif")
    if not FAULTS.is_dir():
        pytest.skip("the shared faults are not here")
    image = read_image(FAULTS / "heic_grid" / "iphone_grid.heic")
    same = read_image(FAULTS / "heic_grid" / "same_picture.jpg")
    assert image.shape == same.shape == (1024, 2048, 3)
    assert np.abs(image.astype(int) - same).mean() < 2.0


def test_heic_without_its_package_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pi_heif", None)
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100))
    with pytest.raises(SourceError, match=r"the package pi-heif\. What helps: pip install -r requirements\.txt; or"):
        open_source(str(tmp_path / "a.heic"))


@pytest.mark.parametrize("kind", ["webp", "png", "avif"])
def test_an_animated_image_is_a_clip(tmp_path: Path, kind: str):
    options = {"lossless": True} if kind == "webp" else {}
    source = open_source(str(animation(tmp_path / f"a.{kind}", duration=[40, 80, 200], **options)))
    assert isinstance(source, AnimationSource)
    assert (source.independent, source.frame_count, source.size, source.fps) == (False, 3, (64, 48), 25.0)
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    assert [number_of(frame.image) for frame in frames] == [1, 5, 9]
    assert [frame.captured_ns for frame in frames] == [0, 40_000_000, 120_000_000]
    assert [frame.index for frame in frames] == [0, 1, 2]
    assert not source.ended_early
    source.close()


def test_the_still_image_before_an_animation_is_no_part_of_it(tmp_path: Path):
    path = animation(tmp_path / "a.png", (0, 1, 5, 9), duration=40, default_image=True)
    source = open_source(str(path))
    numbers = []
    while (frame := source.read()) is not None:
        numbers.append(number_of(frame.image))
    assert numbers == [1, 5, 9]


def test_half_an_animation_is_said_to_end_early(tmp_path: Path):
    noise = np.random.default_rng(0)
    pictures = [Image.fromarray(noise.integers(0, 256, (48, 64, 3), dtype=np.uint8)) for _ in range(6)]
    path = tmp_path / "a.png"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=40)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    notices: list[str] = []
    source = open_source(str(path), on_notice=notices.append)
    count = 0
    while source.read() is not None:
        count += 1
    assert 0 < count < 6
    assert source.ended_early
    assert f"ends early: {count} of 6 frames" in notices[0]


def test_a_folder_says_which_files_hold_more_than_one_image(tmp_path: Path):
    animation(tmp_path / "a.webp", lossless=True)
    animation(tmp_path / "b.tif")
    Image.fromarray(numbered_image(2)).save(tmp_path / "c.png")
    notices: list[str] = []
    source = open_source(str(tmp_path), on_notice=notices.append)
    numbers = []
    while (frame := source.read()) is not None:
        numbers.append(number_of(frame.image))
    assert numbers == [1, 1, 2]
    assert ["a.webp is an animation of 3" in notices[0], "b.tif holds 3 images" in notices[1]] == [True, True]
    assert len(notices) == 2


def test_a_image_with_a_gain_map_behind_it_is_a_image(tmp_path: Path):
    path = tmp_path / "phone.jpg"
    picture = Image.fromarray(photograph())
    picture.save(path, "MPO", save_all=True, append_images=[picture.reduce(4)])
    found = read_image_file(path)
    assert (found.pixels.shape, found.note) == ((121, 163, 3), "")


@pytest.mark.parametrize(("clips", "said"), [(["b.mp4"], "1 video was"), (["b.mp4", "deep/c.MOV"], "2 videos were")])
def test_videos_beside_images_are_said_to_be_passed_over(tmp_path: Path, clips: list[str], said: str):
    Image.fromarray(numbered_image(1)).save(tmp_path / "cover.jpg")
    for clip in clips:
        (tmp_path / clip).parent.mkdir(exist_ok=True)
        (tmp_path / clip).touch()
    (tmp_path / "session").mkdir()
    for name in ("session.json", "video.mkv"):
        (tmp_path / "session" / name).touch()
    notices: list[str] = []
    open_source(str(tmp_path), on_notice=notices.append).close()
    assert len(notices) == 1
    assert said in notices[0]
    assert "b.mp4" in notices[0]


def test_transparency_is_kept_where_it_is_asked_for(tmp_path: Path):
    rgba = np.random.default_rng(0).integers(0, 256, (5, 4, 4), dtype=np.uint8)
    Image.fromarray(rgba).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_image_file(tmp_path / "a.png").pixels, rgba)
    assert not read_image_file(tmp_path / "a.png").pixels.flags.writeable


def test_the_faults_that_crashed_are_skipped():
    if not FAULTS.is_dir():
        pytest.skip("the shared faults are not here")
    for name in ("apng_segfault", "jp2_named_jpg_segfault"):
        notices: list[str] = []
        source = open_source(str(FAULTS / name / "pics"), on_notice=notices.append)
        assert source.read() is not None
        assert source.read() is None
        assert [notice.startswith("Skipped an image") for notice in notices] == [True]
