"""A short animated image of a clip, for the README: `python -m tools.animation VIDEO.mp4 OUT.webp [--start 2] ...`.

docs/demo.webp is of the overlay that `python main.py process assets/demo.mp4 --out DIR` writes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import av
from PIL import Image

QUALITY = 60
_ROUNDING = 1e-6


def animate(video: Path, out: Path, *, start: float, seconds: float, width: int, rate: int) -> int:
    """Write part of a video as an animated WebP that repeats without end.

    Args:
        video: a file that PyAV reads.
        out: ending in .webp.
        start: of the part, seconds.
        seconds: how long it is.
        width: of the image, px.
        rate: images a second; no more than the video's.

    Returns:
        How many images it has.

    Raises:
        SystemExit: the video has no such part.
    """
    images: list[Image.Image] = []
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            seen = (frame.time or 0.0) - start
            if seen >= seconds:
                break
            if seen * rate >= len(images) - _ROUNDING:
                image: Image.Image = frame.to_image()
                images.append(
                    image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
                )
    if not images:
        raise SystemExit(f"{video} has nothing from second {start:g} on.")
    images[0].save(
        out, save_all=True, append_images=images[1:], duration=round(1000 / rate), loop=0, quality=QUALITY, method=6
    )
    return len(images)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("video", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=float, default=0.0, help="second")
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--width", type=int, default=480, help="px")
    parser.add_argument("--rate", type=int, default=15, help="images a second")
    given = parser.parse_args()
    count = animate(
        given.video, given.out, start=given.start, seconds=given.seconds, width=given.width, rate=given.rate
    )
    print(f"{given.out}: {count} images, {given.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
