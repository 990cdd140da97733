"""The demo clip: what it is, that the tool makes it, and that hands are found in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from models.errors import BothhandsError
from render import create_renderer
from tools.demo_clip.motion import PHASES
from tools.demo_clip.size import FPS, FRAME_COUNT, HEIGHT, WIDTH
from tools.make_demo_clip import CLIP, make_film
from tracking.detector.mediapipe_detector import MediaPipeDetector


def read_frames(keep: Callable[[int], bool]) -> Iterator[tuple[int, np.ndarray]]:
    with av.open(str(CLIP)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if keep(index):
                yield index, frame.to_ndarray(format="rgb24")


def in_phase(name: str, index: int) -> bool:
    return any(start <= index / FPS < end for start, end in PHASES[name])


def test_the_clip_decodes_whole_and_is_small() -> None:
    with av.open(str(CLIP)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height, stream.average_rate) == (WIDTH, HEIGHT, FPS)
        times = [float(frame.time) for frame in container.decode(stream) if frame.time is not None]
    assert len(times) == FRAME_COUNT >= 300
    np.testing.assert_allclose(np.diff(times), 1.0 / FPS, atol=1e-3)
    assert Path(CLIP).stat().st_size < 1_500_000


def test_the_tool_makes_this_clip() -> None:
    try:
        create_renderer("moderngl", {"left": np.array([[0, 1, 2]])}).close()
    except BothhandsError as error:
        pytest.skip(f"no OpenGL here: {error}")
    wanted = (0, 165, 245)
    film = make_film()
    try:
        drawn = {index: film.frame(index).astype(float) for index in wanted}
    finally:
        film.close()
    for index, decoded in read_frames(wanted.__contains__):
        # What x264 and the sensor's noise leave, 38 dB here; a moving hand three frames later gives 23.
        mean_square = np.mean((decoded - drawn[index]) ** 2)
        assert 10.0 * np.log10(255.0**2 / mean_square) > 35.0


def test_mediapipe_finds_both_hands_on_their_sides_where_they_are_apart() -> None:
    detector = MediaPipeDetector()
    found: list[bool] = []
    for _, image in read_frames(lambda index: in_phase("apart", index) and index % 5 == 0):
        hands = {detection.side: detection.landmarks[:, 0].mean() for detection in detector.detect(image)}
        # Not mirrored: a person's right hand is at the image's left.
        found.append(len(hands) == 2 and hands["right"] < hands["left"])
    detector.close()
    assert len(found) > 30
    assert np.mean(found) >= 0.9


def test_the_end_runs_into_the_beginning() -> None:
    ends = dict(read_frames({0, 1, FRAME_COUNT - 1}.__contains__))
    across = np.abs(ends[0].astype(int) - ends[FRAME_COUNT - 1]).mean()
    within = np.abs(ends[0].astype(int) - ends[1]).mean()
    assert across < 3.0 * within + 1.0
