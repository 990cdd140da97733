"""Sentences and figures as the window shows them."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

from app.live import HandState, LiveStatus, RecordingStatus
from app.live.hand_calibration import Missing
from app.live.setup_check import Cause, Topic
from app.live.stall_watch import LIMIT_NS, Stalls
from models.registry import ModelCard
from tracking.gestures import Gesture

if TYPE_CHECKING:
    from app.sessions.catalogue import Entry

NO_HAND_HINT = (
    "No hand in view. Show both hands with the fingers spread, with light from the front, about half a metre away."
)
NO_SOURCE = "No source is running. Choose a camera, a video or the demo clip under Source."
TIPS = (
    "Light from the front, not from behind you.",
    "Keep both hands whole in the frame, 30 to 80 cm from the camera.",
    "A plain background and bare wrists help.",
    "If hands jitter, raise Steadiness; if they lag, raise Response.",
)

MISSING_TEXTS: Mapping[Missing | None, str] = {
    "both hands": "Show both hands, about half a metre away.",
    "open": "Open both hands and stretch all fingers.",
    "turned": "Turn both palms, or both backs, to the camera.",
    "whole": "Hold both hands whole in the picture: a little farther away, or nearer to its middle.",
    "apart": "Hold the hands farther apart.",
    "still": "Hold them still.",
    None: "Good: stay like that.",
}
SETUP_TITLES: Mapping[Topic, str] = {"camera": "Camera", "light": "Light", "speed": "Speed", "distance": "Distance"}
SETUP_TEXTS: Mapping[Cause, str] = {
    "good": "Good.",
    "no source": "Plug in a camera and choose it under Source.",
    "opening": "The camera is being opened.",
    "stalled": "Look whether it is plugged in, switched on, and used by no other program.",
    "clip": "A clip is playing: plug in a camera and choose it under Source.",
    "camera slows down": "In dim light cameras give fewer frames: add light, or a USB port without a hub.",
    "slow camera": "Quick hands need 30 frames/s: add light, or choose a faster camera under Source.",
    "small image": "A camera of 640x480 px or more shows the fingers better.",
    "no image": "Waiting for frames.",
    "covered": "The image is black: take the cover off the lens.",
    "too dark": "Switch on a lamp in front of you, or turn towards the window.",
    "too bright": "Dim the light, or turn the lamp away from your hands.",
    "backlit": "The light is behind you: close the curtain, or put a lamp in front of you.",
    "flat": "All looks alike: wipe the lens, or take its cover off.",
    "paused": "Let the clip play to see the speed.",
    "loading": "Measured as soon as the model is loaded.",
    "few frames": "Close other programs, or choose a faster model: Model > Compare the models.",
    "late": "Close other programs that use the processor or the graphics card.",
    "no hand": "Show both hands, about half a metre away.",
    "near": "Too near: move your hands back until all fingers stay in the image.",
    "cut off": "Hold your hands nearer to the middle of the image.",
    "far": "Too far: come nearer, to about half a metre.",
}
"""What helps, one sentence."""
_HALF_A_METRE = 500


def palm_text(before: float, now: float) -> str:
    """What another shape of the hands changes.

    Args:
        before: wrist to middle knuckle, metres.
        now: the same of the new shape.
    """
    percent = 100 * (now / before - 1)
    head = (
        f"Palm from wrist to middle knuckle: {1000 * before:.0f} mm before, {1000 * now:.0f} mm now ({percent:+.1f} %)."
    )
    depth = _HALF_A_METRE * now / before
    return f"{head} Depth goes with size: what was {_HALF_A_METRE} mm from the camera is now at {depth:.0f} mm."


def loading_text(status: LiveStatus) -> str:
    """What is loaded, for how long by now, and why it takes its time."""
    return f"Loading {status.loading_model}, {int(status.loading_seconds)} s: {status.loading_reason}."


def hint_text(status: LiveStatus, no_hand: bool) -> str:
    """The sentence over the image that helps most; "" where none is needed.

    Args:
        status: what is going on.
        no_hand: no hand has been in view for a while.
    """
    if not status.source and not status.opening:
        return NO_SOURCE
    if status.stalled:
        return f"No frames come from {status.source}. Is it plugged in, switched on and used by nobody else?"
    if status.loading_model and not status.model:
        return f"{loading_text(status)} Hands are shown as soon as it is ready."
    return NO_HAND_HINT if no_hand else ""


def gesture_text(gesture: Gesture | None, held: float, recording: bool) -> str:
    """What a gesture that is held is about to do; "" where it does nothing, or is too short to be meant.

    Args:
        gesture: that begins and ends recordings.
        held: how far it has come, 0 to 1.
        recording: a recording runs, or is about to.
    """
    if gesture is None or held < 0.25:
        return ""
    return f"Hold it ({gesture}) to {'end the recording' if recording else 'record'}… {held:.0%}"


def unformatted(text: str) -> str:
    """A text for a place where Qt takes for HTML what looks like it (tool tips, questions): names of files may."""
    return f"<span style='white-space: pre-wrap'>{escape(text)}</span>" if "<" in text or "&" in text else text


def duration(seconds: float) -> str:
    """Minutes and seconds, with hours where there are any."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def exact_time(seconds: float) -> str:
    """Minutes, seconds and hundredths, with hours where there are any."""
    whole, hundredths = divmod(round(100 * seconds), 100)
    return f"{duration(whole)}.{hundredths:02}"


def short_name(name: str, longest: int = 32) -> str:
    """A name that fits into a box: its middle is left out."""
    if len(name) <= longest:
        return name
    half = (longest - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def hand_text(state: HandState, *, brief: bool = False) -> str:
    """How sure a hand is, who saw it, and what gesture it makes; how sure alone where it is to be brief."""
    if brief:
        return f"{state.score * 100:.0f} %"
    seen_by = "network and landmarks" if state.seen_by == "both" else state.seen_by
    text = f"{state.score * 100:.0f} % {seen_by}"
    return text if state.gesture is None else f"{text}, {state.gesture}"


def recording_text(recording: RecordingStatus) -> str:
    """What is in a recording by now, and how much more fits on its disk."""
    frames = f"{recording.captured} captured, {recording.tracked} tracked, {recording.dropped} dropped"
    room = "" if recording.disk_left is None else f", {size_text(recording.disk_left)} left on the disk"
    return f"{frames}\n{size_text(recording.size)}{room}"


def session_lines(entry: Entry) -> list[str]:
    """A session in the list: what it is called and when it was, what is in it, and what is wrong with it."""
    summary = entry.summary
    when = entry.path.name if entry.started is None else f"{entry.started:%d %b %Y, %H:%M:%S}"
    known = [
        "" if summary.seconds is None else duration(summary.seconds),
        "" if summary.frames is None else f"{summary.frames} frames",
        summary.model,
        size_text(summary.size),
    ]
    state = {
        "complete": "",
        "recording": "Being recorded now",
        "unfinished": "Cut off by a crash; Recover completes it",
        "damaged": "Damaged; Recover saves what can be read",
    }[summary.state]
    lines = [entry.title or when, when if entry.title else "", "  ·  ".join(part for part in known if part), state]
    return [line for line in lines if line]


def sign_text(recording: RecordingStatus | None, left: int) -> tuple[str, bool]:
    """The sign over the image, and whether it stands for a running recording; "" for none.

    Args:
        recording: that runs, or None.
        left: seconds until one begins.
    """
    if recording is not None:
        return f"REC {duration(recording.seconds)}", True
    return (str(left), False) if left else ("", False)


def size_text(size: int) -> str:
    """Bytes as people read them."""
    for unit, large in (("TB", 1e12), ("GB", 1e9)):
        if size >= large:
            return f"{size / large:.1f} {unit}"
    return f"{size / 1e6:.1f} MB"


def age_text(figures: tuple[float, float] | None) -> str:
    """Median and 95th percentile of the image's age."""
    if figures is None:
        return "age –"
    median, p95 = figures
    return f"age {median:.0f} ms (95 %: {p95:.0f} ms)"


def stages_tooltip(milliseconds: Mapping[str, tuple[float, float]]) -> str:
    """Where the time of an image goes."""
    head = "From capture to paint, over the last two seconds; the screen's own delay comes on top."
    if not milliseconds:
        return head
    rows = "\n".join(f"{stage}: {median:.1f} ms ({p95:.1f} ms)" for stage, (median, p95) in milliseconds.items())
    return f"{head}\n\nMedian by stage (95th percentile)\n{rows}"


def health_text(
    status: LiveStatus,
    age: tuple[float, float] | None,
    milliseconds: Mapping[str, tuple[float, float]],
    memory: int,
    stalls: Stalls | None = None,
) -> str:
    """The figures of health for a report: rate, age, stages, memory.

    Args:
        status: what is going on.
        age: median and 95th percentile of the image's age, ms.
        milliseconds: the same by stage.
        memory: bytes that the program takes, 0 where unknown.
        stalls: of the window's event loop.
    """
    lines = [
        f"source {status.source or 'none'}, model {status.model or 'none'}, {status.frames_per_second:.1f} frames/s",
        f"{'':16}{'p50':>8}{'p95':>8}  ms",
    ]
    rows = {"age": age, **milliseconds} if age is not None else dict(milliseconds)
    lines += [f"{name:16}{row[0]:8.1f}{row[1]:8.1f}" for name, row in rows.items() if row is not None]
    if memory:
        lines.append(f"memory {size_text(memory)}")
    if stalls is not None:
        lines.append(stalls_text(stalls))
    return "\n".join(lines)


def stalls_text(stalls: Stalls) -> str:
    """How often and for how long the window stood still."""
    if not stalls.count:
        return f"window: never stood still for more than {LIMIT_NS // 1_000_000} ms"
    times = "once" if stalls.count == 1 else f"{stalls.count} times"
    worst = f"at worst for {stalls.worst_ms:.0f} ms in\n{stalls.worst_in}"
    return f"window: stood still {times} for more than {LIMIT_NS // 1_000_000} ms, {worst}"


def model_name(card: ModelCard) -> str:
    """What a model is called where it can be chosen."""
    return f"{card.name} (no weights: import…)" if card.untrained else card.name


def model_tooltip(card: ModelCard, key: str) -> str:
    """What a person should know of a model before choosing it."""
    lines = [card.title, card.good_at, card.paper, f"Licence: {card.licence}" if card.licence else ""]
    if card.parameters:
        lines.append(f"{card.parameters / 1e6:.1f} million weights")
    lines.append(key)
    return "\n".join(line for line in lines if line)
