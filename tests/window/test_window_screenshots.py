"""Every state of the window on a real X server, one after the other, with screenshots to be looked at."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from tools import window_screenshots

EXPECTED = {
    *("starting", "window", "panel", "scene", "setup", "hand-shape", "camera-angle", "camera-board", "full-screen"),
    *("compare-loading", "compare", "models", "recording", "recorded", "sessions", "log", "help", "shortcuts", "about"),
    *("replay", "replay-scene", "replay-runs", "export", "error", *(f"menu-{number}" for number in range(1, 8))),
}


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs an X server without a screen")
@pytest.mark.parametrize(
    "look",
    [(), ("--language", "de", "--theme", "light", "--scale", "2", "--text-size", "150")],
    ids=["English, dark", "German, light, 200 %, large text"],
)
def test_every_state_comes_up_and_fits_on_a_small_screen(tmp_path: Path, look: tuple[str, ...]):
    assert window_screenshots.main([str(tmp_path), *look]) == 0
    pictures = {path.stem: path for path in tmp_path.glob("*.png")}
    assert set(pictures) == EXPECTED
    times = 2 if look else 1
    width, height = (times * (side + 1) for side in (1280, 720))  # a point that is part of a pixel is a whole one
    for name, path in pictures.items():
        with Image.open(path) as picture:
            assert len(picture.convert("RGB").resize((64, 64)).getcolors(4096) or []) > 20, f"{name} is not empty"
            if name != "panel":  # which is scrolled
                assert picture.width <= width, name
                assert picture.height <= height, name
