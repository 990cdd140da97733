"""Frames around annotated ones: which, in which order, and at what times."""

import numpy as np
import pytest
from PIL import Image

from evaluation.sequences import read_sequences
from models.errors import BothhandsError


def pictures(folder, names):
    for place, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((16, 24, 3), 10 * place, np.uint8)).save(path)
    return folder


def test_a_burst_is_read_up_to_its_last_annotated_frame_in_order_of_time(tmp_path):
    names = ["b0_x_0010.50s.png", "b0_x_0009.80s.png", "b0_x_0010.20s.png", "b1_x_0000.00s.png"]
    entries = list(read_sequences(["b0_x_0010.20s.png"], pictures(tmp_path, names)))
    assert [entry.name for entry in entries] == ["b0_x_0009.80s.png", "b0_x_0010.20s.png"]
    assert [entry.begins for entry in entries] == [True, False]
    assert entries[1].frame.captured_ns - entries[0].frame.captured_ns == pytest.approx(0.4e9, abs=10)


def test_numbered_images_follow_at_25_a_second_and_a_pause_begins_anew(tmp_path):
    names = ["s/a_0001.png", "s/a_0003.png", "s/a_0100.png"]
    entries = list(read_sequences(["s/a_0003.png", "s/a_0100.png"], pictures(tmp_path, names)))
    assert [entry.begins for entry in entries] == [True, False, True]
    assert entries[1].frame.captured_ns - entries[0].frame.captured_ns == pytest.approx(0.08e9, abs=10)


def test_a_image_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BothhandsError, match=r"gone_1\.png"):
        list(read_sequences(["gone_1.png"], tmp_path))


def test_frames_of_a_clip_have_numbers(tmp_path, demo_clip):
    entries = list(read_sequences(["2"], demo_clip))
    assert [entry.name for entry in entries] == ["", "", "2"]
    with pytest.raises(BothhandsError, match="numbers"):
        list(read_sequences(["a.png"], demo_clip))


@pytest.fixture
def demo_clip():
    from app.demo import demo_clip

    return demo_clip()
