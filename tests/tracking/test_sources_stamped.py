"""Images that follow each other, by their names."""

from pathlib import Path

import pytest

from tracking.sources.stamped import StampedImage, image_sequences


@pytest.mark.parametrize(
    ("name", "burst", "seconds"),
    [
        ("b000_monkey_0002.85s.jpg", "b000_monkey", 2.85),
        ("a_0050.jpg", "a", 2.0),
        ("0001.png", "", 0.04),
        ("hand.png", "hand", 0.0),
    ],
)
def test_a_name_tells_burst_and_time(name, burst, seconds):
    image = StampedImage.of(Path(name))
    assert (image.burst, image.seconds) == (burst, pytest.approx(seconds))
    assert image.captured_ns == pytest.approx(seconds * 1e9, abs=1)


def test_sequences_are_in_order_of_time_and_end_at_pauses_and_folders():
    names = ["f/b_10.0s.png", "f/b_9.5s.png", "f/b_12.0s.png", "g/b_10.0s.png", "f/c_10.0s.png"]
    found = [[image.path.as_posix() for image in sequence] for sequence in image_sequences(map(Path, names))]
    assert found == [["f/b_9.5s.png", "f/b_10.0s.png"], ["f/b_12.0s.png"], ["f/c_10.0s.png"], ["g/b_10.0s.png"]]
