"""Named sets of settings: what is shown and how, chosen together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, JsonValue

from app.persons import checked_name

IN_A_PROFILE = (
    *("source", "model", "view", "opacity", "scene", "mirror", "mirror_files"),
    *("smoothing", "steadiness", "response", "person", "countdown", "gesture_recording"),
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


def with_profile(profiles: Sequence[Profile], profile: Profile) -> tuple[Profile, ...]:
    """All of them and this one, in place of one of the same name."""
    if all(other.name != profile.name for other in profiles):
        return (*profiles, profile)
    return tuple(profile if other.name == profile.name else other for other in profiles)


def without(profiles: Sequence[Profile], name: str) -> tuple[Profile, ...]:
    """All of them but this one."""
    return tuple(profile for profile in profiles if profile.name != name)
