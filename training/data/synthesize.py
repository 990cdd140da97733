"""`python main.py synthesize`: synthetic samples as files, and contact sheets to look at.

Training draws its samples as it goes; files serve to look at them, and other programs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from models.errors import BothhandsError
from models.values import SIDES
from training.data.samples import Sample
from training.synthetic.placement import Stage
from training.synthetic.preview import contact_sheet
from training.synthetic.synthesiser import Synthesiser

_BATCH = 32
_PREVIEW_COLUMNS = 8
_PREVIEW_QUALITY = 85
_MOST_PREVIEWED = 256


def synthesize(
    out: Path,
    count: int,
    seed: int = 0,
    stage: Stage = "mixed",
    preview: bool = False,
    backgrounds: Path | None = None,
) -> Iterator[int]:
    """Write samples 0 to `count` - 1 of a seed; yields how many are done, for a progress bar.

    A folder gets `images/000000.png` (256 x 256), `segmentation/000000.png` (bits of `Sample.segmentation`),
    `labels.npz` (arrays by sample and side, left first: `present` (N, 2), `pose` (N, 2, 16, 3), `shape` (N, 2, 10),
    `translation` (N, 2, 3), `joints` (N, 2, 21, 3), `joints_px` (N, 2, 21, 2); zero for a hand that is not there;
    `intrinsics` (N, 4): fx, fy, cx, cy of each image) and `synthesis.json` (how to make them again).

    Args:
        out: folder to write to; with `preview` the image file, PNG or JPEG.
        count: of samples.
        seed: of all of them.
        stage: see `training.synthetic.placement.STAGES`.
        preview: write one contact sheet with the labels drawn instead.
        backgrounds: folder of images without hands, used beside the rendered ones.

    Raises:
        BothhandsError: nothing to make, no OpenGL, an unknown stage, or nowhere to write.
    """
    if count < 1 or (preview and count > _MOST_PREVIEWED):
        raise BothhandsError(
            f"The number of samples must be at least 1 and, in a preview, at most {_MOST_PREVIEWED}; it was {count}."
        )
    synthesiser = Synthesiser(seed, stage, backgrounds=backgrounds)
    try:
        if preview:
            yield from _write_preview(out, count, synthesiser)
        else:
            yield from _write_folder(out, count, synthesiser)
    except OSError as error:
        raise BothhandsError(f"The samples cannot be written to {out} ({error}); name another place.") from error
    finally:
        synthesiser.close()


def _batches(synthesiser: Synthesiser, count: int) -> Iterator[tuple[int, list[Sample]]]:
    for start in range(0, count, _BATCH):
        yield start, synthesiser.samples(range(start, min(start + _BATCH, count)))


def _write_preview(out: Path, count: int, synthesiser: Synthesiser) -> Iterator[int]:
    samples: list[Sample] = []
    for _, batch in _batches(synthesiser, count):
        samples += batch
        yield len(samples)
    sheet = contact_sheet(samples, min(_PREVIEW_COLUMNS, count))
    out.parent.mkdir(parents=True, exist_ok=True)
    _write_image(out, sheet)


def _write_folder(out: Path, count: int, synthesiser: Synthesiser) -> Iterator[int]:
    for name in ("images", "segmentation"):
        (out / name).mkdir(parents=True, exist_ok=True)
    rows: list[dict[str, np.ndarray]] = []
    for start, batch in _batches(synthesiser, count):
        for index, sample in enumerate(batch, start):
            _write_image(out / "images" / f"{index:06d}.png", sample.image)
            assert sample.segmentation is not None
            _write_image(out / "segmentation" / f"{index:06d}.png", sample.segmentation)
            rows.append(_label_row(sample))
        yield len(rows)
    labels: dict[str, np.ndarray] = {key: np.stack([row[key] for row in rows]) for key in rows[0]}
    np.savez_compressed(out / "labels.npz", **labels)
    order = {"seed": synthesiser.seed, "stage": synthesiser.stage, "size": synthesiser.size, "count": count}
    (out / "synthesis.json").write_text(json.dumps(order, indent=2) + "\n", encoding="utf-8")


def _label_row(sample: Sample) -> dict[str, np.ndarray]:
    camera = sample.intrinsics
    row = {
        "present": np.zeros(2, bool),
        "pose": np.zeros((2, 16, 3), np.float32),
        "shape": np.zeros((2, 10), np.float32),
        "translation": np.zeros((2, 3), np.float32),
        "joints": np.zeros((2, 21, 3), np.float32),
        "joints_px": np.zeros((2, 21, 2), np.float32),
        "intrinsics": np.array([camera.fx, camera.fy, camera.cx, camera.cy], np.float32),
    }
    for side, hand in sample.hands.items():
        place = SIDES.index(side)
        assert hand.parameters is not None
        row["present"][place] = True
        row["pose"][place] = hand.parameters.pose
        row["shape"][place] = hand.parameters.shape
        row["translation"][place] = hand.parameters.translation
        row["joints"][place] = hand.joints
        row["joints_px"][place] = hand.joints_px
    return row


def _write_image(path: Path, picture: np.ndarray) -> None:
    """Write RGB or one channel by the suffix; by way of bytes, because OpenCV only returns False on a full disk."""
    coloured = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) if picture.ndim == 3 else picture
    try:
        coded = cv2.imencode(path.suffix, coloured, [cv2.IMWRITE_JPEG_QUALITY, _PREVIEW_QUALITY])[1]
    except cv2.error as error:
        raise BothhandsError(f"{path} is no name for an image; end it in .png or .jpg.") from error
    path.write_bytes(coded.tobytes())
