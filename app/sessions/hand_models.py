"""The hand model that a session's parameters belong to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.sessions.session import Session
from models.errors import BothhandsError
from models.hand_model import HandModel, load_hand_models
from models.sentences import say
from models.values import Side


def session_hand_models(session: Session, mano_dir: Path | None = None) -> Mapping[Side, HandModel]:
    """Load the hand model that a session was recorded with: parameters are not those of another one.

    Args:
        session: it.
        mano_dir: folder of official MANO files; only used where the session was made with them.

    Raises:
        BothhandsError: the model is not known, or its files are needed and were not named or cannot be read.
    """
    name = session.info.hand_model
    if name == "free":
        return load_hand_models()
    if name != "mano":
        raise BothhandsError(
            say(
                "The session {path} belongs to the hand model {name!r}, which this program does not have; "
                "update it, or export the session as npz or csv, which need none.",
                path=session.path,
                name=name,
            )
        )
    if mano_dir is None:
        raise BothhandsError(
            say(
                "The session {path} was made with official MANO files; name their folder with --mano DIR.",
                path=session.path,
            )
        )
    return load_hand_models(mano_dir)
