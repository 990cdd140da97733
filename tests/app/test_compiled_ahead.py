"""`python -m app.compiled`: what a first start would wait for, made ready by `make venv`."""

import logging

import pytest

from app import compiled
from models.errors import BothhandsError
from models.registry import default_model
from tracking.tracker import Tracker


@pytest.fixture(autouse=True)
def nothing_to_compile(monkeypatch):
    monkeypatch.setattr(compiled, "load", lambda modules, compiling: True)


def test_the_default_model_is_loaded_once_and_let_go(monkeypatch):
    made = []

    class Made:
        def close(self):
            made.append("closed")

    def make(config):
        made.append(config.model)
        return Made()

    monkeypatch.setattr(Tracker, "from_config", make)
    compiled.main()
    assert made == [default_model(), "closed"]


def test_a_machine_that_cannot_load_it_is_told_why_and_goes_on(monkeypatch, caplog):
    def fail(config):
        raise BothhandsError("OpenVINO cannot be loaded.")

    monkeypatch.setattr(Tracker, "from_config", fail)
    with caplog.at_level(logging.WARNING):
        compiled.main()
    assert "OpenVINO cannot be loaded." in caplog.text
