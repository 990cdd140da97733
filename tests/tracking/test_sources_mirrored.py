"""Sources that were mirrored before they came here."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.fakes import numbered_image, write_video
from tracking.sources import open_source


def test_images_are_turned_left_to_right_and_nothing_else(tmp_path: Path):
    image = np.random.default_rng(0).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    for number in range(2):
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    plain, turned = open_source(str(tmp_path)), open_source(str(tmp_path), mirrored=True)
    for name in ("name", "size", "fps", "frame_count", "live", "independent", "ended_early"):
        assert getattr(turned, name) == getattr(plain, name)
    for _ in range(2):
        before, after = plain.read(), turned.read()
        assert before is not None
        assert after is not None
        np.testing.assert_array_equal(after.image, before.image[:, ::-1])
        assert (after.index, after.captured_ns) == (before.index, before.captured_ns)
        assert after.image.flags.c_contiguous
        assert not after.image.flags.writeable
    assert turned.read() is None


@pytest.mark.parametrize("mirrored", [True, False])
def test_it_closes_its_source(tmp_path: Path, mirrored: bool):
    source = open_source(str(write_video(tmp_path / "a.mp4", [numbered_image(1)] * 3)), mirrored=mirrored)
    source.close()
    assert source.read() is None
