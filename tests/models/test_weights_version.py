"""Weights of a newer program are told from damaged ones, wherever their version stands and whatever else is new."""

from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import call

from models import places
from models.errors import BothhandsError
from models.weights_notes import notes_or_none, read_notes
from models.weights_version import (
    VERSION_ENTRY,
    VERSION_NOTE,
    WEIGHTS_VERSION,
    read_metadata,
    refuse_newer,
    refuse_version,
)

NEWER = WEIGHTS_VERSION + 1
SHIPPED = {name: places.asset("weights") / f"{name}.safetensors" for name in ("lwa-hand", "eanet-mobile")}
SAID = rf"The weights .* have version {NEWER} and this program reads up to {WEIGHTS_VERSION}: update it\."


def in_metadata(weights: Path, **entries: str) -> None:
    """Write entries beside the tensors of a safetensors file, which stay as they are."""
    content = weights.read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header["__metadata__"] = {**header.get("__metadata__", {}), **entries}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    weights.write_bytes(struct.pack("<Q", len(text)) + text + content[8 + length :])


def newer_metadata(weights: Path) -> None:
    in_metadata(weights, **{VERSION_ENTRY: str(NEWER)})


def newer_notes(weights: Path) -> None:
    notes = json.loads(weights.with_suffix(".json").read_text(encoding="utf-8"))
    text = json.dumps({**notes, VERSION_NOTE: NEWER, "precision": "f8", "sha256": {"new": "kind"}})
    weights.with_suffix(".json").write_text(text, encoding="utf-8")


def newer_both(weights: Path) -> None:
    newer_notes(weights)
    newer_metadata(weights)


@pytest.fixture(params=list(SHIPPED))
def model(request: pytest.FixtureRequest) -> str:
    pytest.importorskip("torch")
    return request.param


@pytest.fixture
def weights(model: str, tmp_path: Path) -> Path:
    """A copy of a model's weights, with the notes beside them."""
    path = tmp_path / f"{model}.safetensors"
    for source in (SHIPPED[model], SHIPPED[model].with_suffix(".json")):
        shutil.copyfile(source, path.with_suffix(source.suffix))
    return path


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where a person's own weights lie."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setattr(places, "installed_weights", lambda name: folder / name)
    return folder


@pytest.mark.parametrize("change", [newer_metadata, newer_notes, newer_both])
def test_newer_weights_are_not_installed(
    model: str,
    weights: Path,
    own: Path,
    change: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    change(weights)
    assert call(monkeypatch, "weights", "install", weights, "--model", model) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert f"have version {NEWER} and this program reads up to {WEIGHTS_VERSION}: update it." in said
    assert "Traceback" not in said
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("change", [newer_metadata, newer_notes])
def test_newer_weights_that_are_installed_end_a_command_with_one_sentence(
    weights: Path, change: Callable[[Path], None], tmp_path: Path
):
    from models.hand_model import load_hand_models
    from models.registry import weights_reader

    change(weights)
    with pytest.raises(BothhandsError, match=SAID) as caught:
        weights_reader(weights.stem).load(weights, read_notes(weights), load_hand_models(), "cpu")
    assert "\n" not in str(caught.value)


def test_what_is_new_in_an_eanets_header_is_named_and_not_called_damage(tmp_path: Path):
    from models.eanet.header import read_config

    path = tmp_path / "eanet-mobile.safetensors"
    shutil.copyfile(SHIPPED["eanet-mobile"], path)
    stored = json.loads(read_metadata(path)["eanet_config"])
    in_metadata(path, eanet_config=json.dumps({**stored, "of_tomorrow": 3}))
    with pytest.raises(BothhandsError, match=r"'of_tomorrow', which this program does not know: update it\.") as caught:
        read_config(path)
    assert "import them again" not in str(caught.value)
    in_metadata(path, **{VERSION_ENTRY: str(NEWER)})
    with pytest.raises(BothhandsError, match=SAID):
        read_config(path)


def test_newer_notes_fail_no_card_and_no_list_of_models(tmp_path: Path):
    path = tmp_path / "w.safetensors"
    path.with_suffix(".json").write_text(json.dumps({VERSION_NOTE: NEWER, "licence": ["of", "tomorrow"]}))
    with pytest.raises(BothhandsError, match=SAID):
        read_notes(path)
    assert notes_or_none(path) == {}


@pytest.mark.parametrize("told", [None, "two", [2], {"x": 1}, 1.5, 1, WEIGHTS_VERSION])
def test_what_says_no_newer_version_is_left_to_whoever_reads_it(told: object, tmp_path: Path):
    refuse_version(tmp_path / "w.safetensors", told)


@pytest.mark.parametrize("content", [b"", b"\xff" * 20, b"\x02" + bytes(7) + b"{}", b"\x02" + bytes(7) + b"[]"])
def test_a_damaged_file_is_left_to_whoever_reads_it(content: bytes, tmp_path: Path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(content)
    refuse_newer(path)


@pytest.mark.parametrize("told", ["", "two", "-3", "9" * 6000, "²"])
def test_a_version_that_is_no_number_is_none(told: str, tmp_path: Path):
    path = tmp_path / "lwa-hand.safetensors"
    shutil.copyfile(SHIPPED["lwa-hand"], path)
    in_metadata(path, **{VERSION_ENTRY: told})
    refuse_newer(path)


def test_what_this_program_writes_says_its_version_and_is_read(tmp_path: Path):
    torch = pytest.importorskip("torch")
    from models.weights_io import load_weights, save_weights
    from training.tasks.common import write_card

    path = tmp_path / "w.safetensors"
    write_card(path, save_weights(path, torch.nn.Linear(3, 2)), {"licence": "MIT"})
    assert read_metadata(path)[VERSION_ENTRY] == str(WEIGHTS_VERSION)
    notes = read_notes(path)
    assert notes[VERSION_NOTE] == WEIGHTS_VERSION
    load_weights(path, torch.nn.Linear(3, 2), sha256=notes["sha256"])
