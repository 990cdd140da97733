"""What tests of live sessions share; `running_sessions.py` begins and feeds them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from live_fakes import FakeCamera, FakeParts, our_threads

from app.live import source_choice
from models.registry import list_models, model_card


@pytest.fixture(scope="session")
def cards_are_read() -> None:
    """The first reading imports torch, which on a busy machine takes longer than a session waits at its end."""
    for name in list_models():
        model_card(name)


@pytest.fixture
def camera() -> FakeCamera:
    return FakeCamera()


@pytest.fixture
def parts(camera: FakeCamera, cards_are_read: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeParts]:
    """Parts of a session with one camera. No thread of the session may be left."""
    monkeypatch.setattr(source_choice, "demo_clip", lambda: Path("assets/demo.mp4"))
    yield FakeParts(sources={"0": camera}, cameras=["0"])
    assert our_threads() == []
