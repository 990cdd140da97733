"""The demo clip that the app shows where there is no camera."""

from pathlib import Path

from models.errors import BothhandsError
from models.places import asset
from models.sentences import say


def demo_clip() -> Path:
    """The project's own clip of two rendered hands: apart, crossing and touching.

    Raises:
        BothhandsError: the file is not there.
    """
    path = asset("demo.mp4")
    if not path.is_file():
        raise BothhandsError(say("The demo clip {path} is missing; install Bothhands anew.", path=path))
    return path
