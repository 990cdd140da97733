"""What the doctor says of compiled code, and of folders that hold no hand model."""

from __future__ import annotations

import sys

import pytest

from app import compiled as parts
from app.doctor import _compiled, _hand_model, diagnose
from models.runtime import compiled


@pytest.fixture(autouse=True)
def _as_at_the_start(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "_ready", {})
    monkeypatch.setattr(compiled, "_problem", None)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))


def test_without_numba_the_doctor_says_that_the_slower_way_is_used(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    found = _compiled()
    assert found.state == "limited"
    assert "numba cannot be loaded" in found.detail
    assert found.remedy == "pip install -r requirements.txt"


def test_where_nothing_can_be_kept_the_doctor_names_the_variable(monkeypatch, tmp_path):
    pytest.importorskip("numba")
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "cache"))
    found = _compiled()
    assert found.state == "limited"
    assert "NUMBA_CACHE_DIR" in found.remedy


def test_what_is_not_compiled_yet_can_be_compiled_ahead(tmp_path):
    pytest.importorskip("numba")
    found = _compiled()
    assert (found.state, found.remedy) == ("limited", "python -m app.compiled")


def test_what_is_compiled_is_well(monkeypatch):
    monkeypatch.setattr(parts, "MODULES", ())
    (found,) = [one for one in diagnose() if one.subject == "compiled code"]
    assert found.state == "ok"


@pytest.mark.parametrize("name", ["nowhere", "file", "."])
def test_what_holds_no_hand_model_is_missing(tmp_path, name: str):
    (tmp_path / "file").write_bytes(b"no model")
    found = _hand_model(tmp_path / name)
    assert found.state == "missing"
    assert "--mano" in found.remedy
