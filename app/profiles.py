"""Named sets of settings: what is shown and how, chosen together."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, JsonValue

from app.naming import checked_name

IN_A_PROFILE = (
    *("source", "model", "view", "opacity", "scene", "mirror", "mirror_files"),
    *("smoothing", "steadiness", "response", "person", "lock_sides", "countdown", "gesture_recording"),
    *("vmc", "vmc_address", "osc", "osc_address", "websocket", "websocket_address", "virtual_camera"),
)
"""Names of `app.settings.Settings` that a profile has; the others are of the machine, or of the person's eyes."""


class Profile(BaseModel):
    """A named set of settings.

    Attributes:
        name: what it is called.
        values: of the settings in `IN_A_PROFILE`; what it does not say stays as it is.
    """

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, AfterValidator(checked_name)]
    values: dict[str, JsonValue]


def profile_of(name: str, settings: BaseModel) -> Profile:
    """The settings as they are, under a name.

    Args:
        name: checked already.
        settings: `app.settings.Settings`.
    """
    values = settings.model_dump(mode="json")
    return Profile(name=name, values={each: values[each] for each in IN_A_PROFILE})


def holds(profile: Profile, settings: BaseModel) -> bool:
    """Whether all is as the profile has it."""
    values = settings.model_dump(mode="json")
    return all(values.get(name) == value for name, value in profile.values.items())


def known_values(profile: Profile) -> dict[str, Any]:
    """Its values that this version has in a profile."""
    return {name: value for name, value in profile.values.items() if name in IN_A_PROFILE}
