"""`weights install`: trained weights become those that the app uses, or what was there before stays."""

import shutil
from pathlib import Path

import pytest

from app.weights import install
from models import places
from models.errors import BothhandsError

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "weights" / "lwa-hand.safetensors"


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the app's own weights lie."""
    pytest.importorskip("torch")
    folder = tmp_path / "own" / "weights"
    monkeypatch.setattr(places, "installed_weights", lambda name: folder / name)
    return folder / "lwa-hand.safetensors"


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """What `train` wrote: weights with their notes beside them."""
    for source in (SHIPPED, SHIPPED.with_suffix(".json")):
        shutil.copyfile(source, tmp_path / f"weights{source.suffix}")
    return tmp_path / "weights.safetensors"


def test_weights_and_their_notes_are_put_in_place(place: Path, trained: Path):
    assert install("lwa-hand", trained) == place
    assert place.read_bytes() == trained.read_bytes()
    assert place.with_suffix(".json").read_bytes() == trained.with_suffix(".json").read_bytes()
    assert sorted(file.name for file in place.parent.iterdir()) == ["lwa-hand.json", "lwa-hand.safetensors"]


def damage(trained: Path) -> None:
    trained.write_bytes(trained.read_bytes()[:5000])


def delete(trained: Path) -> None:
    trained.unlink()


def delete_notes(trained: Path) -> None:
    trained.with_suffix(".json").unlink()


@pytest.mark.parametrize("spoil", [damage, delete, delete_notes])
def test_what_cannot_be_used_leaves_what_was_there(place: Path, trained: Path, spoil):
    place.parent.mkdir(parents=True)
    place.write_bytes(b"before")
    place.with_suffix(".json").write_bytes(b"before")
    spoil(trained)
    with pytest.raises(BothhandsError) as caught:
        install("lwa-hand", trained)
    assert "\n" not in str(caught.value)
    assert (place.read_bytes(), place.with_suffix(".json").read_bytes()) == (b"before", b"before")
    assert len(list(place.parent.iterdir())) == 2


@pytest.mark.parametrize(
    ("model", "complaint"),
    [
        ("landmark-fit", "'landmark-fit' has no weights; choose one of: lwa-hand, eanet"),
        ("none-such", "no model named 'none-such'"),
        ("eanet-mobile", "eanet"),
    ],
)
def test_weights_of_a_model_that_takes_none_or_others_are_refused(
    place: Path, trained: Path, model: str, complaint: str
):
    with pytest.raises(BothhandsError, match=complaint):
        install(model, trained)
    assert not place.parent.exists()


def test_a_folder_that_cannot_be_made_is_named(place: Path, trained: Path):
    place.parents[1].write_text("in the way")
    with pytest.raises(BothhandsError, match="cannot be put at"):
        install("lwa-hand", trained)
