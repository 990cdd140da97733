"""Sentences and figures as the window shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, Literal

from app.live import HandState, LiveStatus, RecordingStatus
from app.live.hand_calibration import Missing
from app.live.setup_check import Cause, Topic
from app.live.stall_watch import LIMIT_NS, Stalls
from app.window.language import Texts, date_text, decimal_point, worded
from models.amounts import frames_text, size_text
from models.registry import ModelCard
from models.values import Side
from tracking.gestures import Gesture
from tracking.values import Readers

if TYPE_CHECKING:
    from app.sessions.catalogue import Entry
    from app.sessions.listing import State

tr = Texts("Texts")

NO_HAND_HINT = tr.mark(
    "No hand in view. Show both hands with the fingers spread, with light from the front, about half a metre away."
)
NO_SOURCE = tr.mark("No source is running. Choose a camera, a video or the demo clip under Source.")
TIPS = (
    tr.mark("Light from the front, not from behind you."),
    tr.mark("Keep both hands whole in the frame, 30 to 80 cm from the camera."),
    tr.mark("A plain background and bare wrists help."),
    tr.mark("If hands jitter, raise Steadiness; if they lag, raise Response."),
)

MISSING_TEXTS: Mapping[Missing | None, str] = {
    "both hands": tr.mark("Show both hands, about half a metre away."),
    "open": tr.mark("Open both hands and stretch all fingers."),
    "turned": tr.mark("Turn both palms, or both backs, to the camera."),
    "whole": tr.mark("Hold both hands whole in the image: a little farther away, or nearer to its middle."),
    "apart": tr.mark("Hold the hands farther apart."),
    "still": tr.mark("Hold them still."),
    None: tr.mark("Good: stay like that."),
}
SETUP_TITLES: Mapping[Topic, str] = {
    "camera": tr.mark("Camera"),
    "light": tr.mark("Light"),
    "speed": tr.mark("Speed"),
    "distance": tr.mark("Distance"),
}
SETUP_TEXTS: Mapping[Cause, str] = {
    "good": tr.mark("Good."),
    "no source": tr.mark("Plug in a camera and choose it under Source."),
    "opening": tr.mark("The camera is being opened."),
    "stalled": tr.mark("Look whether it is plugged in, switched on, and used by no other program."),
    "clip": tr.mark("A clip is playing: plug in a camera and choose it under Source."),
    "camera slows down": tr.mark("In dim light cameras give fewer frames: add light, or a USB port without a hub."),
    "slow camera": tr.mark("Quick hands need 30 frames/s: add light, or choose a faster camera under Source."),
    "small image": tr.mark("A camera of 640x480 px or more shows the fingers better."),
    "no image": tr.mark("Waiting for frames."),
    "covered": tr.mark("The image is black: take the cover off the lens."),
    "too dark": tr.mark("Switch on a lamp in front of you, or turn towards the window."),
    "too bright": tr.mark("Dim the light, or turn the lamp away from your hands."),
    "backlit": tr.mark("The light is behind you: close the curtain, or put a lamp in front of you."),
    "flat": tr.mark("All looks alike: wipe the lens, or take its cover off."),
    "paused": tr.mark("Let the clip play to see the speed."),
    "loading": tr.mark("Measured as soon as the model is loaded."),
    "few frames": tr.mark("Close other programs, or choose a faster model: Model > Compare the models."),
    "late": tr.mark("Close other programs that use the processor or the graphics card."),
    "no hand": tr.mark("Show both hands, about half a metre away."),
    "near": tr.mark("Too near: move your hands back until all fingers stay in the image."),
    "cut off": tr.mark("Hold your hands nearer to the middle of the image."),
    "far": tr.mark("Too far: come nearer, to about half a metre."),
}
"""What helps, one sentence."""
_HALF_A_METRE = 500


HandForm = Literal["who saw it", "gesture", "sure"]
HAND_FORMS: tuple[HandForm, ...] = ("who saw it", "gesture", "sure")
"""Forms of `hand_text`, from the longest down: each is named for what it says and the next one does not."""
GESTURE_NAMES: Mapping[Gesture, str] = {
    "pinch": tr.mark("pinch"),
    "fist": tr.mark("fist"),
    "open palm": tr.mark("open palm"),
    "point": tr.mark("point"),
    "thumb up": tr.mark("thumb up"),
}
SIDE_NAMES: Mapping[Side, str] = {"left": tr.mark("left"), "right": tr.mark("right")}
_READERS: Mapping[Readers | Literal["predicted"], str] = {
    "network": tr.mark("network"),
    "landmarks": tr.mark("landmarks"),
    "both": tr.mark("network and landmarks"),
    "predicted": tr.mark("predicted"),
}
_STAGES: Mapping[str, str] = {
    "detect": tr.mark("detect"),
    "crop": tr.mark("crop"),
    "reconstruct": tr.mark("reconstruct"),
    "smooth": tr.mark("smooth"),
    "render": tr.mark("render"),
    "to the screen": tr.mark("to the screen"),
}
_STATES: Mapping[State, str] = {
    "complete": "",
    "recording": tr.mark("Being recorded now"),
    "unfinished": tr.mark("Cut off by a crash; Recover completes it"),
    "damaged": tr.mark("Damaged; Recover saves what can be read"),
}


def wording(text: str) -> str:
    """One of this module's constants in the window's language."""
    return tr(text) if text else ""


def capitalized(text: str) -> str:
    """The text with a capital first letter; German nouns keep theirs, which `str.capitalize` would take away."""
    return text[:1].upper() + text[1:]


def palm_text(before: float, now: float) -> str:
    """What another shape of the hands changes.

    Args:
        before: wrist to middle knuckle, metres.
        now: the same of the new shape.
    """
    return tr(
        "Palm from wrist to middle knuckle: {before:.0f} mm before, {now:.0f} mm now ({percent:+.1f} %). Depth goes "
        "with size: what was {half_a_metre} mm from the camera is now at {depth:.0f} mm.",
        before=1000 * before,
        now=1000 * now,
        percent=100 * (now / before - 1),
        half_a_metre=_HALF_A_METRE,
        depth=_HALF_A_METRE * now / before,
    )


def loading_text(status: LiveStatus) -> str:
    """What is loaded, for how long by now, and why it takes its time."""
    return tr(
        "Loading {model}, {seconds} s: {reason}.",
        model=status.loading_model,
        seconds=int(status.loading_seconds),
        reason=worded(status.loading_reason),
    )


def hint_text(status: LiveStatus, no_hand: bool) -> str:
    """The sentence over the image that helps most; "" where none is needed.

    Args:
        status: what is going on.
        no_hand: no hand has been in view for a while.
    """
    if not status.source and not status.opening:
        return wording(NO_SOURCE)
    if status.stalled:
        return tr(
            "No frames come from {source}. Is it plugged in, switched on and used by nobody else?", source=status.source
        )
    if status.loading_model and not status.model:
        return tr("{loading} Hands are shown as soon as it is ready.", loading=loading_text(status))
    return wording(NO_HAND_HINT) if no_hand else ""


def gesture_text(gesture: Gesture | None, held: float, recording: bool) -> str:
    """What a gesture that is held is about to do; "" where it does nothing, or is too short to be meant.

    Args:
        gesture: that begins and ends recordings.
        held: how far it has come, 0 to 1.
        recording: a recording runs, or is about to.
    """
    if gesture is None or held < 0.25:
        return ""
    return tr(
        "Hold it ({gesture}) to end the recording… {held:.0%}"
        if recording
        else "Hold it ({gesture}) to record… {held:.0%}",
        gesture=wording(GESTURE_NAMES[gesture]),
        held=held,
    )


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
    return f"{duration(whole)}{decimal_point()}{hundredths:02}"


def short_name(name: str, longest: int = 32) -> str:
    """A name that fits into a box: its middle is left out."""
    if len(name) <= longest:
        return name
    half = (longest - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def hand_text(state: HandState, form: HandForm = "who saw it") -> str:
    """How sure a hand is; in the longer forms also the gesture that it makes, in the longest also who saw it."""
    text = f"{state.score * 100:.0f} %"
    if form == "who saw it":
        text = f"{text} {wording(_READERS[state.seen_by])}"
    return text if form == "sure" or state.gesture is None else f"{text}, {wording(GESTURE_NAMES[state.gesture])}"


def longest_hand(form: HandForm, width: Callable[[str], int]) -> HandState:
    """The hand with the longest `hand_text` in the window's language.

    Args:
        form: of the text.
        width: of a text as it is drawn, px.
    """
    states = [HandState(1.0, reader, gesture) for reader in _READERS for gesture in GESTURE_NAMES]
    return max(states, key=lambda state: width(hand_text(state, form)))


def recording_text(recording: RecordingStatus) -> str:
    """What is in a recording by now, and how much more fits on its disk."""
    frames = tr("{captured} captured, {tracked} tracked", captured=recording.captured, tracked=recording.tracked)
    dropped, size = tr("{count} dropped", count=recording.dropped), worded(size_text(recording.size))
    if recording.disk_left is None:
        return f"{frames}\n{dropped}, {size}"
    left = tr("{size} left", size=worded(size_text(recording.disk_left)))
    return f"{frames}\n{dropped}, {size}, {left}"


def session_lines(entry: Entry) -> list[str]:
    """A session in the list: what it is called and when it was, what is in it, and what is wrong with it."""
    summary = entry.summary
    when = entry.path.name if entry.started is None else date_text(entry.started, tr("dd MMM yyyy, HH:mm:ss"))
    seconds = summary.seconds
    known = [
        "" if seconds is None else exact_time(seconds) if seconds < 1.0 else duration(seconds),
        "" if summary.frames is None else worded(frames_text(summary.frames)),
        summary.model,
        worded(size_text(summary.size)),
    ]
    state = wording(_STATES[summary.state])
    lines = [entry.title or when, when if entry.title else "", "  ·  ".join(part for part in known if part), state]
    return [line for line in lines if line]


def sign_text(recording: RecordingStatus | None, left: int) -> tuple[str, bool]:
    """The sign over the image, and whether it stands for a running recording; "" for none.

    Args:
        recording: that runs, or None.
        left: seconds until one begins.
    """
    if recording is not None:
        return tr("REC {time}", time=duration(recording.seconds)), True
    return (str(left), False) if left else ("", False)


def age_text(figures: tuple[float, float] | None) -> str:
    """Median and 95th percentile of the image's age."""
    if figures is None:
        return tr("age –")
    median, p95 = figures
    return tr("age {median:.0f} ms (95 %: {p95:.0f} ms)", median=median, p95=p95)


def stages_tooltip(milliseconds: Mapping[str, tuple[float, float]]) -> str:
    """Where the time of an image goes."""
    head = tr("From capture to paint, over the last two seconds; the screen's own delay comes on top.")
    if not milliseconds:
        return head
    rows = "\n".join(
        tr("{stage}: {median:.1f} ms ({p95:.1f} ms)", stage=wording(_STAGES.get(stage, stage)), median=median, p95=p95)
        for stage, (median, p95) in milliseconds.items()
    )
    return f"{head}\n\n{tr('Median by stage (95th percentile)')}\n{rows}"


def health_text(
    status: LiveStatus,
    age: tuple[float, float] | None,
    milliseconds: Mapping[str, tuple[float, float]],
    memory: int,
    stalls: Stalls | None = None,
) -> str:
    """The figures of health for a report: rate, age, stages, memory. In English, as the log is: whoever gets the report
    is to read it.

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
    return tr("{name} (no weights: import…)", name=card.name) if card.untrained else card.name


def model_tooltip(card: ModelCard, key: str) -> str:
    """What a person should know of a model before choosing it."""
    licence = tr("Licence: {licence}", licence=worded(card.licence)) if card.licence else ""
    lines = [worded(card.title), worded(card.good_at), worded(card.paper), licence]
    if card.parameters:
        lines.append(tr("{count:.1f} million weights", count=card.parameters / 1e6))
    lines.append(key)
    return "\n".join(line for line in lines if line)
