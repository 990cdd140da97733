import queue
import socket
import threading
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from tests.fakes import number_of, numbered_image, write_video
from tracking.sources import SourceError, open_source
from tracking.sources.stream import StreamSource

WAIT = 10.0


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


class _NetworkCamera(_Quiet):
    """Motion JPEG as network cameras send it. The connection ends when the server is `cut`."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=image")
        self.end_headers()
        server = self.server
        number = 0
        cut = server.cut  # type: ignore[attr-defined]
        try:
            while not cut.wait(0.005):
                jpeg = cv2.imencode(".jpg", numbered_image(number % 20))[1].tobytes()
                self.wfile.write(b"--image\r\nContent-Type: image/jpeg\r\n")
                self.wfile.write(f"Content-Length: {len(jpeg)}\r\n\r\n".encode() + jpeg + b"\r\n")
                number += 1
        except OSError:  # the reader left
            pass


class _Endless(_Quiet):
    """A stream without a length, of which each connection gets a part: the next one, or always the first."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "video/mp2t")
        self.end_headers()
        parts = self.server.parts  # type: ignore[attr-defined]
        self.wfile.write(parts[0].read_bytes())
        if len(parts) > 1:
            parts.pop(0)


def part(folder: Path, number: int) -> Path:
    """A second of a broadcast, with its sender's times."""
    noise = np.random.default_rng(number)
    path = folder / f"{number}.ts"
    with av.open(str(path), "w") as output:
        stream = output.add_stream("mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for place in range(25):
            image = noise.integers(0, 256, (120, 160, 3), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = 25 * number + place, Fraction(1, 25)
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


@pytest.fixture
def serve() -> Iterator:
    servers = []

    def start(handler) -> ThreadingHTTPServer:
        server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        server.daemon_threads = True
        server.cut = threading.Event()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.cut.set()
        server.shutdown()
        server.server_close()


def address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}"


def test_a_video_on_a_server_is_read_in_lockstep(serve, tmp_path: Path):
    write_video(tmp_path / "clip.mp4", [numbered_image(n) for n in range(10)])
    server = serve(partial(_Quiet, directory=str(tmp_path)))
    source = open_source(f"{address(server)}/clip.mp4")
    numbers = []
    while (frame := source.read()) is not None:
        numbers.append(number_of(frame.image))
    source.close()
    assert not source.live
    assert numbers == list(range(10))


def test_a_network_camera_is_live_and_reconnects(serve):
    notices: queue.Queue[str] = queue.Queue()
    server = serve(_NetworkCamera)
    source = StreamSource(f"{address(server)}/live?token=1", on_notice=notices.put, reconnect_delays=(0.0,))
    name = f"{address(server)}/live"
    assert (source.live, source.frame_count, source.size, source.name) == (True, None, (64, 48), name)
    first, second = source.read(), source.read()
    assert first is not None
    assert second is not None
    assert first.captured_ns < second.captured_ns
    server.cut.set()
    assert notices.get(timeout=WAIT) == f"{name} stopped delivering images; trying to reconnect."
    server.cut.clear()
    assert notices.get(timeout=WAIT) == f"{name} is back."
    assert source.read() is not None
    source.close()
    assert source.read() is None


def test_an_address_of_a_camera_is_opened_as_a_live_source(serve):
    source = open_source(f"{address(serve(_NetworkCamera))}/live")
    frame = source.read()
    source.close()
    assert source.live
    assert frame is not None
    assert frame.image.shape == (48, 64, 3)


def test_nobody_answers():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: refused
        port = taken.getsockname()[1]
        for url in (f"rtsp://me:secret@127.0.0.1:{port}/x", f"http://127.0.0.1:{port}/x.mp4"):
            with pytest.raises(SourceError, match="Connection refused") as caught:
                open_source(url)
            assert "secret" not in str(caught.value)


def test_an_address_without_a_video(serve, tmp_path: Path):
    (tmp_path / "index.html").write_text("<html>" + "no video here " * 50)
    server = serve(partial(_Quiet, directory=str(tmp_path)))
    with pytest.raises(SourceError, match="not a video"):
        open_source(f"{address(server)}/index.html")
    with pytest.raises(SourceError, match="cannot be read"):
        open_source(f"{address(server)}/none.mp4")


def test_a_file_on_a_server_that_jumps_nowhere_is_read_once(serve, tmp_path: Path):
    """Python's own server gives no parts of files, so that nothing tells how long this video is."""
    write_video(tmp_path / "clip.ts", [numbered_image(n % 20, 320, 240) for n in range(40)], codec="mpeg2video")
    server = serve(partial(_Quiet, directory=str(tmp_path)))
    source = open_source(f"{address(server)}/clip.ts")
    count = 0
    while source.read() is not None:
        count += 1
    assert (source.live, count) == (False, 40)
    source.close()


def test_what_begins_again_as_it_began_has_ended(serve, tmp_path: Path):
    notices: list[str] = []
    server = serve(_Endless)
    server.parts = [part(tmp_path, 0)]
    source = StreamSource(f"{address(server)}/clip.ts", on_notice=notices.append, reconnect_delays=(0.0,))
    while source.read() is not None:
        pass
    assert "has ended" in notices[-1]
    source.close()


def test_what_goes_on_after_a_break_is_live(serve, tmp_path: Path):
    notices: list[str] = []
    server = serve(_Endless)
    server.parts = [part(tmp_path, number) for number in range(3)]
    source = StreamSource(f"{address(server)}/live.ts", on_notice=notices.append, reconnect_delays=(0.0,))
    while sum("is back" in notice for notice in notices) < 3:
        assert source.read() is not None
    source.close()
    assert not [notice for notice in notices if "has ended" in notice]
