"""What the doctor says of compiled code."""

from __future__ import annotations

import sys

import pytest

from app import compiled as parts
from app.doctor import diagnose
from models.runtime import compiled


@pytest.fixture(autouse=True)
def _as_at_the_start(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "_ready", {})
    monkeypatch.setattr(compiled, "_problem", None)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))


def finding():
    (found,) = [one for one in diagnose() if one.subject == "compiled code"]
    return found


def test_without_numba_the_doctor_says_that_the_slower_way_is_used(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    found = finding()
    assert found.state == "limited"
    assert "numba cannot be loaded" in found.detail
    assert found.remedy == "pip install -r requirements.txt"


def test_where_nothing_can_be_kept_the_doctor_names_the_variable(monkeypatch, tmp_path):
    pytest.importorskip("numba")
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "cache"))
    found = finding()
    assert found.state == "limited"
    assert "NUMBA_CACHE_DIR" in found.remedy


def test_what_is_not_compiled_yet_can_be_compiled_ahead(tmp_path):
    pytest.importorskip("numba")
    found = finding()
    assert (found.state, found.remedy) == ("limited", "python -m app.compiled")


def test_what_is_compiled_is_well(monkeypatch):
    monkeypatch.setattr(parts, "MODULES", ())
    assert finding().state == "ok"
