"""The ablation's bookkeeping: rows that are done are read, not trained; another budget is refused."""

import json
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import eanet_ablation
from benchmarks.eanet_ablation import EVALUATED, main, make_config
from training.run.trainer import CONFIG, HISTORY

STEPS = 40


def write_row(folder: Path, config, mpvpe: float, evaluated: int = len(EVALUATED)) -> None:
    """What a run of the trainer leaves, with figures for so many sources."""
    folder.mkdir(parents=True)
    (folder / CONFIG).write_text(config.model_dump_json(indent=2))
    figures = {"mpjpe": mpvpe - 1.0, "mpvpe": mpvpe, "nme": 0.125}
    rows = [{"step": step, "loss": loss} for step, loss in ((20, 5.0), (20, 4.0), (STEPS, 3.0))]
    rows += [{"step": STEPS, "source": spec, "figures": figures} for spec in list(EVALUATED)[:evaluated]]
    (folder / HISTORY).write_text("".join(json.dumps(row) + "\n" for row in rows))


class Options:
    """As the command line gives them."""

    model, steps, size, batch, rate, precision, seed, evaluated = "eanet-light", STEPS, 64, 4, 1e-3, "fp32", 0, 8
    encoder, pool, optimiser = None, None, "adamw"


ARGUMENTS = ["--steps", str(STEPS), "--size", "64", "--batch", "4", "--precision", "fp32", "--evaluated", "8", "--out"]


def test_rows_that_are_done_are_shown_and_the_others_trained(tmp_path, monkeypatch, capsys):
    write_row(tmp_path / "full", make_config("full", Options), 20.0)
    write_row(tmp_path / "table4-sjt", make_config("table4-sjt", Options), 25.0, evaluated=1)
    trained = []

    class Fake:
        def __init__(self, config, folder, device, workers, progress) -> None:
            self.config, self.folder = config, folder

        def run(self) -> None:
            trained.append(self.folder.name)
            if self.folder.exists():
                (self.folder / HISTORY).unlink()
                (self.folder / CONFIG).unlink()
                self.folder.rmdir()
            write_row(self.folder, self.config, 30.0)
            (self.folder / "checkpoint.pt").write_bytes(b"large")

    monkeypatch.setattr(eanet_ablation, "Trainer", Fake)
    main([*ARGUMENTS, str(tmp_path), "--rows", "table4-sjt", "full"])
    assert trained == ["table4-sjt"]
    assert not (tmp_path / "table4-sjt" / "checkpoint.pt").exists()
    content = json.loads((tmp_path / "ablation.json").read_text())
    assert list(content["rows"]) == ["table4-sjt", "full"]
    assert content["rows"]["full"]["figures"]["synthetic:contact"]["mpvpe"] == 20.0
    # Noted twice, before a kill and after: the later one holds.
    assert content["rows"]["full"]["losses"] == [4.0, 3.0]
    assert content["budget"]["steps"] == STEPS
    assert Image.open(tmp_path / "ablation.png").size == (1300, 450)
    assert "SJT only" in capsys.readouterr().out
    main([*ARGUMENTS, str(tmp_path), "--rows", "table4-neither"])
    assert list(json.loads((tmp_path / "ablation.json").read_text())["rows"]) == [
        "table4-neither",
        "table4-sjt",
        "full",
    ]


def test_rows_of_another_budget_are_refused(tmp_path):
    write_row(tmp_path / "full", make_config("full", Options), 20.0)
    with pytest.raises(SystemExit, match="another budget; name another folder"):
        main([*ARGUMENTS, str(tmp_path), "--seed", "1"])


def test_rows_differ_in_the_network_alone():
    rows = [make_config(name, Options).model_dump(exclude={"ablation", "stages"}) for name in eanet_ablation.ROWS]
    assert all(row == rows[0] for row in rows)


def test_rows_may_share_an_encoders_features():
    class Encoded(Options):
        encoder = "lwa-hand.safetensors"

    for row in (make_config(name, Encoded) for name in eanet_ablation.ROWS):
        assert row.backbone == Path("lwa-hand.safetensors")
        assert row.network == {"backbone": "lwa-hand"}
        assert row.frozen == ("backbone.encoder",)
