"""Short clips of real hands, cut out of the demo clip."""

from pathlib import Path

import av

DEMO = Path(__file__).resolve().parents[1] / "assets" / "demo.mp4"


def cut_demo(path: Path, first: int, count: int, size: tuple[int, int] = (640, 360), rate: int = 30) -> Path:
    """Some frames of the demo clip.

    Args:
        path: of the video to write; its folder is made.
        first: number of the first frame.
        count: of frames.
        size: width and height, px; that of the demo clip, or smaller.
        rate: frames a second.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(DEMO)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=rate)
        stream.width, stream.height = size
        for number, frame in enumerate(source.decode(video=0)):
            if number >= first + count:
                break
            if number >= first:
                frame.pts = None
                target.mux(stream.encode(frame.reformat(*size, format="yuv420p")))
        target.mux(stream.encode())
    return path
