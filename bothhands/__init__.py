"""Bothhands as a library: two hands tracked in a video, a camera or images, without a window.

In a checkout this package is only the door to the rooms of the house (`app`, `models`, `tracking`, ...), so that
programs are written the same way there and against the installed package. In the wheel the rooms lie inside it, as
`bothhands.models` and so on, where they cannot clash with anybody's own `models` or `app` (`tools/build_wheel`).

Each name is imported when it is first asked for: `import bothhands` alone loads nothing, and nothing here loads Qt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app import __version__

if TYPE_CHECKING:
    from app.sessions.session import Session, load_session
    from models.errors import BothhandsError
    from models.hand_model import HandModel, load_hand_models
    from tracking.smoothing import SmoothingSettings
    from tracking.sources import FrameSource, open_source
    from tracking.tracker import Tracker
    from tracking.values import Frame, TrackedFrame

__all__ = [
    "BothhandsError",
    "Frame",
    "FrameSource",
    "HandModel",
    "Session",
    "SmoothingSettings",
    "TrackedFrame",
    "Tracker",
    "__version__",
    "load_hand_models",
    "load_session",
    "open_source",
]


def __getattr__(name: str) -> Any:
    """Import a name of `__all__` when it is first asked for."""
    if name in ("Session", "load_session"):
        from app.sessions import session as module
    elif name == "BothhandsError":
        from models import errors as module
    elif name in ("HandModel", "load_hand_models"):
        from models import hand_model as module
    elif name == "SmoothingSettings":
        from tracking import smoothing as module
    elif name in ("FrameSource", "open_source"):
        from tracking import sources as module
    elif name == "Tracker":
        from tracking import tracker as module
    elif name in ("Frame", "TrackedFrame"):
        from tracking import values as module
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(module, name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
