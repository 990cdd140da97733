"""A tracker's configuration as session.json holds it: with the other choices that shape the hands, under `settings`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.sessions.info import SessionInfo
from tracking.config import TrackerConfig
from tracking.sources.naming import readable


def recorded_settings(config: TrackerConfig, **others: Any) -> dict[str, Any]:
    """The settings of a session.

    Args:
        config: what the session begins with; its model stands beside the settings.
        others: further choices, as JSON values.
    """
    values = config.to_dict()
    del values["model"]
    for name in ("mano_dir", "camera_file"):
        if values[name] is not None:
            values[name] = readable(values[name])  # such as it can be stored and printed anywhere
    return {**values, **others}


def recorded_config(info: SessionInfo) -> TrackerConfig:
    """What a session of any version was tracked with when it began.

    What it does not say is as by default, and so is what has other names or no sense by now; a session that says
    nothing of smoothing was not smoothed.
    """
    settings: Mapping[str, Any] = {"smoothing": None, **info.settings}
    return TrackerConfig(model=info.model).with_recorded({name: settings[name] for name in settings if name != "model"})
