"""Make `assets/demo.mp4`, the clip that the app shows where there is no camera.

Run as `python -m tools.make_demo_clip` (some two minutes on software OpenGL). Two hands of the free hand model's
detailed twin move before a drawn room, seen by a webcam and not mirrored: apart, crossing, touching, apart; the end
runs into the beginning. Nothing in it is random but for fixed seeds: the same OpenGL gives the same file.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import av
import numpy as np
from rich.progress import track

from models.hand_model import load_hand_models, load_twin
from models.values import SIDES, HandParameters
from tools.demo_clip.figure import Figure
from tools.demo_clip.film import Film
from tools.demo_clip.motion import Choreography
from tools.demo_clip.size import FPS, FRAME_COUNT, HEIGHT, WIDTH

CLIP = Path(__file__).resolve().parents[1] / "assets" / "demo.mp4"
QUALITY = "20"
"""x264's constant rate factor."""


def make_film() -> Film:
    """The film, frames drawn on demand; to be used and closed in the thread that calls this."""
    models = load_hand_models()
    rest = HandParameters(np.zeros((16, 3), np.float32), np.zeros(10, np.float32), np.zeros(3, np.float32))
    figure = Figure(models, {side: load_twin(side) for side in SIDES})
    return Film(figure, Choreography(models["right"].mesh(rest)[1]))


def write_clip(path: Path, film: Film) -> None:
    """Encode all frames as H.264 in MP4, fit for playing while it loads."""
    with path.open("w+b") as file, av.open(file, "w", format="mp4", options={"movflags": "faststart"}) as container:
        container.metadata["title"] = "Bothhands demo clip"
        stream = container.add_stream("libx264", rate=FPS, options={"crf": QUALITY, "preset": "slow", "threads": "1"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for index in track(range(FRAME_COUNT), "Drawing the demo clip"):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(film.frame(index), format="rgb24")))
        container.mux(stream.encode())


def main() -> None:
    """Draw and write the clip."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=CLIP, help="where to write it")
    path: Path = parser.parse_args().out
    film = make_film()
    try:
        write_clip(path, film)
    finally:
        film.close()


if __name__ == "__main__":
    main()
