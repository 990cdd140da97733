"""Whether camera, light, speed and distance let hands be tracked well: rules over the frames of the last seconds."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

from app.live.statistics import SECOND_NS, WINDOW_NS, RateMeter
from app.live.values import LiveStatus, RenderedFrame
from models.sentences import joined, say
from models.values import FINGERS, WRIST, Side
from tracking.values import TrackedFrame

Topic = Literal["camera", "light", "speed", "distance"]
TOPICS: tuple[Topic, ...] = ("camera", "light", "speed", "distance")
Sign = Literal["ok", "attention", "waiting"]
"""Good; something would be better otherwise; not known yet."""
Cause = Literal[
    "good",
    "no source",
    "opening",
    "stalled",
    "clip",
    "camera slows down",
    "slow camera",
    "small image",
    "no image",
    "covered",
    "too dark",
    "too bright",
    "backlit",
    "flat",
    "paused",
    "loading",
    "few frames",
    "late",
    "no hand",
    "near",
    "cut off",
    "far",
]
"""Why a line has its sign; `app.window.texts.SETUP_TEXTS` says what helps."""
NEAREST, FARTHEST = 0.6, 0.1
"""Size of a hand, as a share of the image's height: larger ones leave the image at the next movement, and of smaller
ones the networks see too few pixels."""

_WAITING: frozenset[Cause] = frozenset({"opening", "no image", "paused", "loading", "no hand"})
_LIGHT_EVERY_NS = SECOND_NS // 2
_LIGHT_SIDE = 160
"""The light is measured on about so many pixels along the longer side."""
_LUMA = np.array([0.299, 0.587, 0.114], np.float32) / 2.55
"""Rec. 601, to percent of white."""
_BLACK, _DARK, _DARK_HAND, _LIT_HAND = 4.0, 20.0, 12.0, 30.0
"""Percent of white: nothing is seen; too dark on average; a hand without detail; a hand that is lit well enough,
however dark what lies behind it."""
_BRIGHT, _BRIGHT_HAND = 85.0, 90.0
"""Percent of white: too bright on average, and of a hand that has lost its detail."""
_FLAT = 2.0
"""Standard deviation in percent of white: a lens that is covered, fogged or out of focus entirely shows less."""
_SHADE, _SHADE_STEP = 30.0, 35.0
"""Percent of white: a hand darker than the first, before a background brighter by the second, is lit from behind."""
_GLARE, _GLARE_SHARE, _GLOOM, _GLOOM_SHARE = 90.0, 0.1, 20.0, 0.4
"""The same where no hand is found, which is what light from behind does: shares of the image that are nearly white and
nearly black at once."""
_SLOWED = 0.7
"""Of the rate that the camera names; in dim light many expose for longer and give half."""
_SLOW_CAMERA = 20.0
"""Frames a second, below which quick hands move too far between two."""
_SMALL_SIDE = 400
"""Pixels along the image's shorter side."""
_KEEPS_UP = 0.8
"""Share of the camera's frames that are tracked."""
_LATE_FRAMES, _LATE_MS = 4.0, 100.0
"""An image is late that is older than so many frames of the camera, and older than so many milliseconds."""
_CUT = 0.3
"""A hand that leaves the image and is larger than this is too near, a smaller one is merely at the edge."""
_SETTLING_NS = SECOND_NS // 2
"""Rates are believed when frames of at least so long were seen."""


@dataclass(frozen=True)
class Light:
    """What was measured in one image, in percent of white.

    Attributes:
        mean: brightness of the image.
        contrast: standard deviation of the brightness (RMS contrast).
        hand: median brightness of the hands, None where none was measured in the image.
        background: mean brightness outside the hands' boxes, None where there is no hand.
        backlit: large parts of the image are nearly white while large ones are nearly black.
    """

    mean: float
    contrast: float
    hand: float | None = None
    background: float | None = None
    backlit: bool = False


@dataclass(frozen=True)
class Finding:
    """One line of the check.

    Attributes:
        topic: what was looked at.
        cause: why it has its sign.
        measured: figures with their units, "" where there are none.
        sizes: heights of the hands as shares of the image's height, for the distance alone.
    """

    topic: Topic
    cause: Cause
    measured: str = ""
    sizes: tuple[float, ...] = ()

    @property
    def sign(self) -> Sign:
        """How it is."""
        if self.cause in _WAITING:
            return "waiting"
        return "ok" if self.cause == "good" else "attention"


@dataclass(frozen=True)
class _Sizes:
    """Of the hands in one frame, as shares of the image's height, and whether one leaves the image."""

    time_ns: int
    by_side: dict[Side, float]
    cut: bool


class SetupCheck:
    """Is shown the frames that the window shows, and says of them what is good and what would help.

    Time is that of the session's clock, at which frames were captured. The light is measured at most twice a second, on
    a part of the pixels; all else is a few numbers a frame.
    """

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Another source begins."""
        self._tracked = RateMeter()
        self._captured: deque[tuple[int, int]] = deque()
        self._sizes: deque[_Sizes] = deque()
        self._light: Light | None = None
        self._light_ns: int | None = None
        self._image: tuple[int, int] | None = None

    def see(self, rendered: RenderedFrame) -> None:
        """Take the next frame in."""
        tracked, now = rendered.tracked, rendered.captured_ns
        last = self._captured[-1] if self._captured else None
        if last is not None and (now <= last[0] or tracked.frame.index <= last[1]):
            self._captured.clear()  # opened again, or moved back in a clip
            self._tracked = RateMeter()
        self._captured.append((now, tracked.frame.index))
        while self._captured[0][0] < now - WINDOW_NS:
            self._captured.popleft()
        self._image = tracked.frame.image.shape[1], tracked.frame.image.shape[0]
        if self._light_ns is None or not 0 <= now - self._light_ns < _LIGHT_EVERY_NS:
            self._light_ns = now
            self._light = light_of(tracked)
        if tracked.model:
            self._tracked.add(now)
            self._sizes.append(_sizes_of(tracked, now))
        while self._sizes and self._sizes[0].time_ns < now - SECOND_NS:
            self._sizes.popleft()

    def findings(self, status: LiveStatus, age: tuple[float, float] | None, now_ns: int) -> list[Finding]:
        """A line for each of `TOPICS`.

        Args:
            status: of the session.
            age: median and 95th percentile of the image's age on the screen, ms; None where nothing was shown.
            now_ns: on the session's clock.
        """
        return [self._camera(status), self._look(status), self._speed(status, age, now_ns), self._distance(status)]

    def _camera(self, status: LiveStatus) -> Finding:
        if status.opening and not status.source:
            return Finding("camera", "opening")
        if not status.source:
            return Finding("camera", "no source")
        if status.stalled:
            return Finding("camera", "stalled", say("no frames"))
        if self._image is None:
            return Finding("camera", "no image")
        rate = self._camera_rate(status)
        nominal = status.source_fps
        size = say("{width}x{height} px", width=self._image[0], height=self._image[1])
        if rate is None:
            measured = size
        elif status.live and nominal and rate < _SLOWED * nominal:
            measured = say("{size}, {rate:.0f} of {nominal:.0f} frames/s", size=size, rate=rate, nominal=nominal)
        else:
            measured = say("{size}, {rate:.0f} frames/s", size=size, rate=rate)
        return Finding("camera", self._camera_cause(status, rate), measured)

    def _camera_cause(self, status: LiveStatus, rate: float | None) -> Cause:
        if not status.live:
            return "clip"
        if rate is not None and status.source_fps and rate < _SLOWED * status.source_fps:
            return "camera slows down"
        if rate is not None and rate < _SLOW_CAMERA:
            return "slow camera"
        if self._image is not None and min(self._image) < _SMALL_SIDE:
            return "small image"
        return "good"

    def _look(self, status: LiveStatus) -> Finding:
        light = self._light
        if light is None or not status.source or status.stalled:
            return Finding("light", "no image")
        measured = joined(
            say("brightness {percent:.0f} %", percent=light.mean),
            "" if light.hand is None else say("hands {percent:.0f} %", percent=light.hand),
            say("contrast {percent:.0f} %", percent=light.contrast),
            between=", ",
        )
        return Finding("light", light_cause(light), measured)

    def _speed(self, status: LiveStatus, age: tuple[float, float] | None, now_ns: int) -> Finding:
        if not status.source or status.stalled:
            return Finding("speed", "no image")
        if not status.model:
            return Finding("speed", "loading")
        rate, tracked = self._camera_rate(status), self._tracked.rate(now_ns)
        playback = status.playback
        if playback is not None:
            if not playback.playing or rate is None:  # images that stand have no rate
                return Finding("speed", "paused")
            rate *= playback.speed
        if rate is None or age is None or not tracked or not self._has_settled():
            return Finding("speed", "no image")
        p95 = age[1]
        measured = say(
            "{tracked:.0f} of {rate:.0f} frames/s tracked, {age:.0f} ms old (95 %)", tracked=tracked, rate=rate, age=p95
        )
        if tracked < _KEEPS_UP * rate:
            return Finding("speed", "few frames", measured)
        return Finding("speed", "late" if p95 > max(_LATE_FRAMES * 1000 / rate, _LATE_MS) else "good", measured)

    def _distance(self, status: LiveStatus) -> Finding:
        if not status.source or status.stalled:
            return Finding("distance", "no image")
        if not status.model:
            return Finding("distance", "loading")
        by_side: dict[Side, list[float]] = {}
        for frame in self._sizes:
            for side, size in frame.by_side.items():
                by_side.setdefault(side, []).append(size)
        if not by_side:
            return Finding("distance", "no hand")
        sizes = tuple(sorted(median(found) for found in by_side.values()))
        with_hands = [frame for frame in self._sizes if frame.by_side]
        cut = 2 * sum(frame.cut for frame in with_hands) > len(with_hands)
        percent = [100 * size for size in sizes]
        measured = (
            say("hand {first:.0f} % of the image's height", first=percent[0])
            if len(percent) == 1
            else say("hands {first:.0f} % and {last:.0f} % of the image's height", first=percent[0], last=percent[-1])
        )
        if sizes[-1] > NEAREST or (cut and sizes[-1] > _CUT):
            cause: Cause = "near"
        elif cut:
            cause = "cut off"
        else:
            cause = "far" if sizes[0] < FARTHEST else "good"
        return Finding("distance", cause, measured, sizes)

    def _has_settled(self) -> bool:
        return len(self._captured) > 1 and self._captured[-1][0] - self._captured[0][0] >= _SETTLING_NS

    def _camera_rate(self, status: LiveStatus) -> float | None:
        """Frames a second that the source gives: a camera's are counted, with those that nobody tracked."""
        if not status.live:
            return status.source_fps
        if not self._has_settled():
            return None
        (first_ns, first), (last_ns, last) = self._captured[0], self._captured[-1]
        return (last - first) * SECOND_NS / (last_ns - first_ns)


def light_of(tracked: TrackedFrame) -> Light:
    """The light in a frame's image, as the camera gave it and without what is drawn over it."""
    image = tracked.frame.image
    step = max(1, max(image.shape[:2]) // _LIGHT_SIDE)
    luma = image[::step, ::step] @ _LUMA
    mean, contrast = float(luma.mean()), float(luma.std())
    hands = [
        np.asarray(hand.joints_px, np.float64) / step
        for side, hand in tracked.hands.hands.items()
        if side not in tracked.predicted
    ]
    found = _hands_and_rest(luma, hands)
    if found is not None:
        return Light(mean, contrast, *found)
    backlit = (luma > _GLARE).mean() >= _GLARE_SHARE and (luma < _GLOOM).mean() >= _GLOOM_SHARE
    return Light(mean, contrast, backlit=bool(backlit))


def light_cause(light: Light) -> Cause:
    """What is wrong with a light; "good" where nothing is.

    Where hands are seen, their own light counts more than the image's: a dark room behind well lit hands is good.
    """
    hand = light.hand
    if light.mean < _BLACK and light.contrast < _FLAT:
        return "covered"
    if hand is not None:
        if light.background is not None and hand < _SHADE and light.background - hand >= _SHADE_STEP:
            return "backlit"
        if hand < _DARK_HAND or (light.mean < _DARK and hand < _LIT_HAND):
            return "too dark"
        if hand > _BRIGHT_HAND:
            return "too bright"
    elif light.backlit:
        return "backlit"
    elif light.mean < _DARK:
        return "too dark"
    elif light.mean > _BRIGHT:
        return "too bright"
    return "flat" if light.contrast < _FLAT else "good"


def _hands_and_rest(luma: np.ndarray, hands: list[np.ndarray]) -> tuple[float, float | None] | None:
    """Median of the hands and mean of what lies outside their boxes; None where no hand is in the image.

    Args:
        luma: (H, W) percent of white.
        hands: (21, 2) joints of each, in pixels of `luma`.
    """
    height, width = luma.shape
    outside = np.ones(luma.shape, bool)
    on_hands = []
    for joints in hands:
        knuckles = [finger[0] for finger in FINGERS.values()]
        # The joints lie on skin, and so does the palm between wrist and knuckles.
        places = np.concatenate([joints, (joints[WRIST] + joints[knuckles]) / 2])
        if not np.isfinite(places).all():
            continue
        inside = places[((places >= 0) & (places < (width, height))).all(axis=1)].astype(int)
        on_hands.append(luma[inside[:, 1], inside[:, 0]])
        low, high = places.min(axis=0), places.max(axis=0)
        room = 0.15 * (high - low)
        (left, top), (right, bottom) = np.maximum(low - room, 0).astype(int), np.maximum(high + room + 1, 0).astype(int)
        outside[top:bottom, left:right] = False
    seen = np.concatenate(on_hands) if on_hands else np.empty(0)
    if not seen.size:
        return None
    return float(np.median(seen)), float(luma[outside].mean()) if outside.any() else None


def _sizes_of(tracked: TrackedFrame, now_ns: int) -> _Sizes:
    """How large the measured hands are: the longer side of the box around the joints."""
    height, width = tracked.frame.image.shape[:2]
    sizes: dict[Side, float] = {}
    cut = False
    for side, hand in tracked.hands.hands.items():
        joints = np.asarray(hand.joints_px, np.float64)
        if side in tracked.predicted or not np.isfinite(joints).all():
            continue
        sizes[side] = float(np.ptp(joints, axis=0).max() / height)
        cut |= bool((joints < 0).any() or (joints > (width - 1, height - 1)).any())
    return _Sizes(now_ns, sizes, cut)
