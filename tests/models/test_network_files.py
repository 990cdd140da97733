"""Networks as OpenVINO's own files: they are those of the weights, and where they are not the weights serve."""

import json
import logging
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from models import places
from models.digest import file_sha256
from models.hand_model import load_hand_models
from models.registry import create_model, list_models, model_card
from models.runtime import crop_network, network_files
from models.runtime.crop_network import CropNetwork
from models.runtime.fastest import compile_files
from models.runtime.network_files import BUILD_COMMAND, NetworkFiles, files_of
from models.runtime.openvino import compile_network, joined, read_network
from models.runtime.openvino_runner import OpenVinoRunner
from models.runtime.static_network import StaticNetwork
from models.runtime.torch_module import EagerRunner
from tracking.sources import open_source

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = [name for name in list_models() if places.network_note(name).is_file()]
MOST_MM, MOST_PX = 0.5, 0.5
"""Half-precision weights against single ones: measured .13 mm and .11 px at most on the demo clip."""


def weights_of(name: str) -> Path:
    return places.asset("weights") / f"{name}.safetensors"


@pytest.fixture(scope="module")
def pictures() -> list[np.ndarray]:
    source = open_source(str(ROOT / "assets" / "demo.mp4"))
    try:
        frames = [frame.image for frame in (source.read() for _ in range(60)) if frame is not None]
    finally:
        source.close()
    return [cv2.resize(frame[:, 280:1000], (256, 256), interpolation=cv2.INTER_AREA) for frame in frames[::20]]


def test_the_default_model_comes_as_files():
    assert "lwa-hand" in SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_files_are_those_of_the_weights(name: str):
    assert file_sha256(weights_of(name)) == model_card(name).sha256
    assert files_of(weights_of(name)) is not None, (
        f"The network of {name} in assets/networks is not that of its weights: run `{BUILD_COMMAND} {name}`."
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_files_give_what_torch_gives(name: str, pictures: list[np.ndarray]):
    """In float32, whichever precision is fastest here: how far half ones may move vertices is another test's."""
    files = files_of(weights_of(name))
    assert files is not None
    network = create_model(name, load_hand_models())
    assert isinstance(network, CropNetwork)
    runner, eager = OpenVinoRunner(compile_files(files, ())), EagerRunner(network.module)
    for picture in pictures:
        given = [output.copy() for output in runner(picture[None])]
        for output, expected in zip(given, eager(picture[None]), strict=True):
            kind = output.shape[2:]
            # Metres, the image's half sides, and what has no unit, by its size.
            most = {(778, 3): 1e-3 * MOST_MM, (21, 2): MOST_PX / 128.0}.get(kind, 0.02 * np.abs(expected).max())
            assert np.abs(output - expected).max() < most, (
                f"The network of {name} in assets/networks is not that of its code: run `{BUILD_COMMAND} {name}`."
            )


@pytest.mark.filterwarnings("error")
def test_images_that_may_not_be_written_to_are_no_reason_to_warn():
    image = np.full((1, 4, 4, 3), 7, np.uint8)
    image.flags.writeable = False
    given = EagerRunner(torch.nn.Identity())(image)
    assert np.array_equal(given[0], image[0])


def test_parts_one_after_the_other_are_the_whole(pictures: list[np.ndarray]):
    files = files_of(weights_of("lwa-hand"))
    assert files is not None
    assert len(files.parts) == 2
    apart = StaticNetwork(*[compile_network(path) for path in files.parts])
    whole = StaticNetwork(compile_network(joined([read_network(path) for path in files.parts])))
    apart.input[...] = whole.input[...] = pictures[0]
    for one, other in zip(apart.infer(), whole.infer(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """assets/ with files of a network and its weights, which a test may spoil."""
    for folder in ("networks", "weights"):
        (tmp_path / folder).mkdir()
        for path in places.asset(folder).glob("lwa-hand*"):
            shutil.copyfile(path, tmp_path / folder / path.name)
    monkeypatch.setattr(places, "asset", lambda name: tmp_path / name)
    assert files_of(tmp_path / "weights" / "lwa-hand.safetensors") is not None
    return tmp_path


@pytest.mark.parametrize(
    "kind", ["cut off", "changed", "gone", "no note", "broken note", "other weights", "no weights"]
)
def test_files_that_cannot_be_trusted_are_passed_over(copied: Path, kind: str):
    weights, note = copied / "weights" / "lwa-hand.safetensors", copied / "networks" / "lwa-hand.json"
    data = copied / "networks" / "lwa-hand-rest.bin"
    if kind == "cut off":
        data.write_bytes(data.read_bytes()[:-1000])
    elif kind == "changed":
        data.write_bytes(data.read_bytes()[:-1] + b"\x7f")
    elif kind == "gone":
        data.unlink()
    elif kind == "no note":
        note.unlink()
    elif kind == "broken note":
        note.write_text(note.read_text()[:50])
    elif kind == "other weights":
        weights.write_bytes(weights.read_bytes() + b"\0")
    else:
        weights.unlink()
    assert files_of(weights) is None


def test_other_weights_are_converted_as_ever(copied: Path, monkeypatch: pytest.MonkeyPatch):
    """As after `weights install` in a checkout: new weights and new notes, and the network of the old ones."""
    from models.lwa_hand import reconstructor
    from models.lwa_hand.reconstructor import create_network
    from models.weights_io import save_weights

    digest = save_weights(copied / "weights" / "lwa-hand.safetensors", create_network(load_hand_models()))
    (copied / "weights" / "lwa-hand.json").write_text(json.dumps({"sha256": digest}))
    made = reconstructor.create(load_hand_models(), "cpu")
    assert isinstance(made, CropNetwork)
    assert made._source.files is None


def test_files_that_openvino_cannot_read_leave_it_to_the_weights(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
):
    import torch

    from models.runtime import torch_module

    monkeypatch.setattr(torch_module, "create_runner", lambda module, *_: torch_module.EagerRunner(module))
    (tmp_path / "network.xml").write_text("<net>")
    files = NetworkFiles((tmp_path / "network.xml",), "0" * 64)

    class Mean(torch.nn.Module):
        def forward(self, crops: torch.Tensor) -> tuple[torch.Tensor, ...]:
            return (crops.float().mean(dim=(1, 2)),)

    network = CropNetwork(crop_network.NetworkSource(lambda: Mean().eval(), files), 8, "cpu", ())
    with caplog.at_level(logging.WARNING):
        (mean,) = network._look(np.full((8, 8, 3), 7, np.uint8))
    np.testing.assert_allclose(mean, 7.0)
    assert "converted from its weights" in caplog.text


def test_files_are_for_the_processor_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(network_files, "files_of", lambda weights: pytest.fail("asked for files"))
    from models.lwa_hand import reconstructor

    monkeypatch.setattr(reconstructor, "files_of", network_files.files_of)
    made = create_model("lwa-hand", load_hand_models(), "cuda:0")
    assert isinstance(made, CropNetwork)
    assert made._source.files is None


def in_a_new_process(code: str, *arguments: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


CARDS = """
import json, sys
from models.registry import list_models, model_card
from models.runtime.device import resolve_device
names = [model_card(name).name for name in list_models()]
print(json.dumps({"names": names, "heavy": [name for name in ("torch", "mediapipe") if name in sys.modules]}))
"""


def test_what_a_model_is_can_be_read_without_torch():
    assert in_a_new_process(CARDS) == {"names": list_models(), "heavy": []}
