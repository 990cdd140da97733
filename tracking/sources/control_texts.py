"""What a person is told of a camera's controls."""

from __future__ import annotations

from collections.abc import Mapping

from models.sentences import Sentence, joined, say
from tracking.sources.camera_controls import ControlName, Deviation

CONTROL_NAMES: Mapping[ControlName, Sentence] = {
    "auto exposure": say("Automatic exposure"),
    "exposure": say("Exposure"),
    "gain": say("Gain"),
    "auto focus": say("Automatic focus"),
    "focus": say("Focus"),
    "power line": say("Power line"),
}
_FREQUENCIES: Mapping[int, str] = {0: say("Off"), 1: "50 Hz", 2: "60 Hz", 3: say("Automatic")}


def value_text(name: ControlName, value: int) -> str:
    """A value with its unit.

    Args:
        name: of the control.
        value: as `CameraControl` has it.
    """
    if name == "exposure":
        return say("{milliseconds:.1f} ms", milliseconds=value / 10)
    if name == "power line":
        return _FREQUENCIES.get(value, str(value))
    if name in ("auto exposure", "auto focus"):
        return say("on") if value else say("off")
    return str(value)


def deviations_text(deviations: tuple[Deviation, ...]) -> str:
    """Which values a driver has instead of those that it was told, and why as far as it says, a line each."""
    return joined(*(_deviation_text(each) for each in deviations), between="\n")


def _deviation_text(deviation: Deviation) -> Sentence:
    control = CONTROL_NAMES[deviation.name]
    wanted, value = value_text(deviation.name, deviation.wanted), value_text(deviation.name, deviation.value)
    if deviation.reason:
        return say(
            "{control}: the driver refuses {wanted} ({reason}) and stays at {value}.",
            control=control,
            wanted=wanted,
            reason=deviation.reason,
            value=value,
        )
    return say(
        "{control}: {wanted} was asked for, the driver chose {value}.", control=control, wanted=wanted, value=value
    )
