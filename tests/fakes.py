"""Fakes of what lies outside the program, and small real values, for tests of several packages."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from app.sessions.session import SessionInfo
from models.values import HandParameters, HandReconstruction, Intrinsics, Reconstruction, Side
from tracking.values import Frame, TrackedFrame


class FakeCameraDevice:
    """A camera as its driver shows it: plugged in or not, free or in use, delivering, failing or silent.

    Images are BGR; all pixels of image n are (n % 250, 100, 200), so that the number is seen in the blue channel.

    Args:
        size: the only image size it has, width and height, whatever it is asked for.
        fps: the rate that it claims.

    Attributes:
        pixel_format: four letters that its driver claims; "" where it says none.
        refused: formats with which it gives no image.
    """

    def __init__(self, size: tuple[int, int] = (1280, 720), fps: float = 30.0) -> None:
        self.size = size
        self.fps = fps
        self.pixel_format = ""
        self.refused: set[str] = set()
        self.in_use = False
        self.grey = False
        self.raises = False
        self.opened = 0
        self.released = 0
        self.settings: list[tuple[int, float]] = []
        self._pictures = 0
        self._plugged = True
        self._flowing = True
        self._changed = threading.Condition()

    def unplug(self) -> None:
        with self._changed:
            self._plugged = False
            self._changed.notify_all()

    def plug(self) -> None:
        with self._changed:
            self._plugged = True

    def hold(self) -> None:
        """No image until `flow`: a grab waits in the driver."""
        with self._changed:
            self._flowing = False

    def flow(self) -> None:
        with self._changed:
            self._flowing = True
            self._changed.notify_all()

    def wait_for_opening(self, number: int, timeout: float = 10.0) -> bool:
        """Wait until it was opened so many times, whether or not that worked."""
        with self._changed:
            return self._changed.wait_for(lambda: self.opened >= number, timeout)

    def capture(self, *arguments: object) -> FakeVideoCapture:
        """Stands in for `cv2.VideoCapture`."""
        with self._changed:
            self.opened += 1
            self._changed.notify_all()
        return FakeVideoCapture(self)

    @property
    def plugged(self) -> bool:
        return self._plugged

    def next_image(self) -> int | None:
        with self._changed:
            self._changed.wait(0.001)  # a thousand images a second, so that a draining thread leaves others time
            self._changed.wait_for(lambda: self._flowing or not self._plugged)
            if not self._plugged or self.in_use:
                return None
            self._pictures += 1
            return self._pictures


class FakeVideoCapture:
    """One opened `cv2.VideoCapture`."""

    def __init__(self, device: FakeCameraDevice) -> None:
        self._device = device
        self._open = device.plugged
        self._picture: int | None = None
        self._format = ""

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        return self._open

    def set(self, key: int, value: float) -> bool:
        self._device.settings.append((key, value))
        if key == cv2.CAP_PROP_FOURCC:
            self._format = int(value).to_bytes(4, "little").decode()
        return True

    def get(self, key: int) -> float:
        if key == cv2.CAP_PROP_FOURCC and self._device.pixel_format:
            return float(cv2.VideoWriter.fourcc(*self._device.pixel_format))
        return self._device.fps if key == cv2.CAP_PROP_FPS else 0.0

    def grab(self) -> bool:
        works = self._open and self._format not in self._device.refused
        self._picture = self._device.next_image() if works else None
        if self._picture is None and self._device.raises:
            raise cv2.error("VIDIOC_DQBUF: No such device")
        return self._picture is not None

    def retrieve(self) -> tuple[bool, np.ndarray | None]:
        if self._picture is None:
            return False, None
        width, height = self._device.size
        if self._device.grey:
            return True, np.full((height, width), self._picture % 250, np.uint8)
        image = np.empty((height, width, 3), np.uint8)
        image[:] = (self._picture % 250, 100, 200)
        return True, image

    def release(self) -> None:
        if self._open:
            self._open = False
            self._device.released += 1


def write_video(
    path: Path,
    images: Sequence[np.ndarray],
    times_ms: Sequence[int] | None = None,
    *,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    fps: int = 25,
    options: Mapping[str, str] | None = None,
) -> Path:
    """Write (H, W, 3) uint8 RGB images at these times, or at `fps` images a second."""
    height, width = images[0].shape[:2]
    with av.open(str(path), "w") as output:
        stream = output.add_stream(codec, rate=fps, options=dict(options or {}))
        stream.width, stream.height, stream.pix_fmt = width, height, pix_fmt
        base = Fraction(1, fps) if times_ms is None else Fraction(1, 1000)
        stream.codec_context.time_base = base
        for number, image in enumerate(images):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
            frame.pts = number if times_ms is None else times_ms[number]
            frame.time_base = base
            output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return path


def numbered_image(number: int, width: int = 64, height: int = 48) -> np.ndarray:
    """An image whose grey value tells its number also after lossy coding."""
    return np.full((height, width, 3), 20 + 10 * (number % 20), np.uint8)


def number_of(image: np.ndarray) -> int:
    """The number (below 20) in a `numbered_image`."""
    return round((float(image.mean()) - 20.0) / 10.0)


def random_hand(seed: int) -> tuple[HandReconstruction, HandParameters]:
    """A hand with random numbers in every field, and other random parameters as its raw ones."""
    numbers = np.random.default_rng(seed)

    def draw(*shape: int) -> np.ndarray:
        return numbers.standard_normal(shape).astype(np.float32)

    hand = HandReconstruction(
        parameters=HandParameters(draw(16, 3), draw(10), draw(3)),
        vertices=draw(778, 3),
        joints=draw(21, 3),
        joints_px=draw(21, 2),
        score=float(numbers.random()),
    )
    return hand, HandParameters(draw(16, 3), draw(10), draw(3))


def tracked_frame(
    index: int,
    captured_ns: int | None = None,
    sides: Sequence[Side] = ("left", "right"),
    predicted: Sequence[Side] = (),
    image: np.ndarray | None = None,
) -> TrackedFrame:
    """A tracked frame with random hands; at 30 frames a second where no time is given. Predicted ones have no raw."""
    hands: dict[Side, HandReconstruction] = {}
    raw: dict[Side, HandParameters] = {}
    for place, side in enumerate(sides):
        hands[side], measured = random_hand(2 * index + place)
        if side not in predicted:
            raw[side] = measured
    if image is None:
        image = numbered_image(index)
    return TrackedFrame(
        frame=Frame(index, round(index * 1e9 / 30) if captured_ns is None else captured_ns, image),
        hands=Reconstruction(hands),
        raw=raw,
        predicted=frozenset(predicted),
        intrinsics=Intrinsics.from_fov(image.shape[1], image.shape[0]),
    )


def session_info() -> SessionInfo:
    """What a session says of itself."""
    return SessionInfo(
        app_version="0.1.0",
        model="landmark-fit",
        weights_sha256=None,
        hand_model="free",
        source="camera 0 (HD Webcam)",
        intrinsics=Intrinsics(600.25, 601.5, 319.5, 239.5, 640, 480),
        settings={"smoothing": {"min_cutoff": 1.5}, "device": "cpu"},
        started="2026-11-21T12:34:56.789+01:00",
    )
