"""The README's animated picture: the part of a video that was asked for, at its own pace."""

import numpy as np
import pytest
from PIL import Image

from tests.fakes import write_video
from tools.animation import animate


def test_the_part_asked_for_repeats_at_its_pace(tmp_path):
    # Two seconds that get brighter, 25 images a second.
    video = write_video(tmp_path / "in.mp4", [np.full((48, 64, 3), 4 * number, np.uint8) for number in range(50)])
    assert animate(video, tmp_path / "out.webp", start=0.4, seconds=1.2, width=32, rate=5) == 6
    with Image.open(tmp_path / "out.webp") as picture:
        assert (picture.n_frames, picture.size, picture.info["loop"]) == (6, (32, 24), 0)
        brightness = []
        for number in range(6):
            picture.seek(number)
            brightness.append(float(np.asarray(picture.convert("RGB")).mean()))
            assert picture.info["duration"] == 200
    # Images 10, 15, ... 35 of the video.
    assert brightness == pytest.approx([40, 60, 80, 100, 120, 140], abs=4)


def test_a_part_that_is_not_there_is_told(tmp_path):
    video = write_video(tmp_path / "in.mp4", [np.zeros((48, 64, 3), np.uint8)] * 5)
    with pytest.raises(SystemExit, match="nothing from second 3"):
        animate(video, tmp_path / "out.webp", start=3.0, seconds=1.0, width=32, rate=5)
