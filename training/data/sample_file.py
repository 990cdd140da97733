"""A sample in a file: its arrays as safetensors, the rest as JSON in that file's header. Reading one runs nothing.

A pool's folder is named by a configuration, which may come from anybody: what is read here is checked, entry by entry,
against what a sample can be, and anything else is one sentence.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from models.values import SIDES, HandParameters, Intrinsics, Side
from training.data.samples import HandLabel, Knowledge, Sample

SUFFIX = ".safetensors"
_VERSION = "1"
_LARGEST_FILE = 64 << 20
"""Bytes. An image of 256 px with two hands takes .3 MB."""
_SHAPES: dict[str, tuple[int, ...]] = {
    "joints_px": (21, 2),
    "joints": (21, 3),
    "vertices": (778, 3),
    "pose": (16, 3),
    "shape": (10,),
    "translation": (3,),
}
"""What may be known of a hand. All of it is one array in the file, in this order: an array apiece took twice as long to
read as an unpickled sample did."""
_PARAMETERS = ("pose", "shape", "translation")
_FINITE = ("vertices", *_PARAMETERS)
"""Joints may hold what is no number: those that are not known."""
_CAMERA = ("fx", "fy", "cx", "cy", "width", "height")


def write_sample(path: Path, sample: Sample) -> None:
    """Write a sample; arrays of labels as float32, which they are.

    Raises:
        OSError: no space, no permission.
    """
    arrays = {"image": np.ascontiguousarray(sample.image)}
    if sample.segmentation is not None:
        arrays["segmentation"] = np.ascontiguousarray(sample.segmentation)
    labels: dict[str, dict[str, Any]] = {}
    for side, label in sample.hands.items():
        known = _known(label)
        arrays[side] = np.concatenate([np.ravel(array) for array in known.values()]).astype(np.float32)
        labels[side] = {"knowledge": int(label.knowledge), "holds": list(known)}
    notes = {
        "version": _VERSION,
        "source": sample.source,
        "presence_known": sample.presence_known,
        "hands": labels,
        "camera": {name: float(getattr(sample.intrinsics, name)) for name in _CAMERA},
    }
    path.write_bytes(save(arrays, {"sample": json.dumps(notes)}))


def _known(label: HandLabel) -> dict[str, np.ndarray]:
    """What is known of a hand, in the order of `_SHAPES`."""
    parameters = label.parameters
    given = [label.joints_px, label.joints, label.vertices]
    given += [None] * len(_PARAMETERS) if parameters is None else [getattr(parameters, name) for name in _PARAMETERS]
    return {name: array for name, array in zip(_SHAPES, given, strict=True) if array is not None}


def read_sample(path: Path) -> Sample:
    """Read a sample that `write_sample` wrote.

    Raises:
        OSError: it is missing or cannot be read.
        ValueError: it is cut short, changed, or of another make; the text says what is wrong with it.
    """
    if path.stat().st_size > _LARGEST_FILE:
        raise ValueError(f"it is larger than {_LARGEST_FILE >> 20} MB")
    try:
        with safe_open(path, "numpy") as stored:
            notes = (stored.metadata() or {}).get("sample")
            arrays = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118 - not a mapping
    except SafetensorError as error:
        raise ValueError(f"it is damaged: {error}") from error
    except (TypeError, AttributeError, KeyError) as error:  # kinds of numbers that numpy has not
        raise ValueError("it holds numbers of a kind that no sample has") from error
    if notes is None:
        raise ValueError("it is no sample of a pool")
    try:
        return _sample(arrays, json.loads(notes))
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"it is no sample of a pool ({type(error).__name__}: {error})") from error


def _sample(arrays: dict[str, np.ndarray], notes: dict[str, Any]) -> Sample:
    """The sample; takes every array out of `arrays`.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: an entry is missing, unknown, or not as it should be.
    """
    if notes["version"] != _VERSION:
        raise ValueError(f"it is of version {notes['version']!r}, not {_VERSION}")
    image = arrays.pop("image")
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or image.shape[0] != image.shape[1]:
        raise ValueError(f"its image is {image.dtype} {image.shape}, not a square of bytes RGB")
    if not len(image):
        raise ValueError("its image is empty")
    segmentation = arrays.pop("segmentation", None)
    if segmentation is not None and (segmentation.dtype != np.uint8 or segmentation.shape != image.shape[:2]):
        raise ValueError(f"its segmentation is {segmentation.dtype} {segmentation.shape}, not as the image")
    hands: dict[Side, HandLabel] = {
        side: _label(arrays.pop(side), notes["hands"][side]) for side in SIDES if side in notes["hands"]
    }
    if arrays or len(hands) != len(notes["hands"]):
        raise ValueError(f"it holds what no sample has: {', '.join(sorted(arrays)) or 'another hand'}")
    if not isinstance(notes["presence_known"], bool) or not isinstance(notes["source"], str):
        raise ValueError("its source, or whether hands' presence is known, is missing")
    return Sample(image, _camera(notes["camera"]), hands, notes["presence_known"], segmentation, notes["source"])


def _label(values: np.ndarray, notes: dict[str, Any]) -> HandLabel:
    holds = [name for name in _SHAPES if name in notes["holds"]]
    size = sum(math.prod(_SHAPES[name]) for name in holds)
    if holds != notes["holds"] or values.dtype != np.float32 or values.shape != (size,):
        raise ValueError(f"a hand is {values.dtype} {values.shape}, not float32 ({size},) of {', '.join(holds)}")
    own: dict[str, np.ndarray] = {}
    start = 0
    for name in holds:
        end = start + math.prod(_SHAPES[name])
        own[name] = values[start:end].reshape(_SHAPES[name])
        start = end
    if not all(np.isfinite(own[name]).all() for name in _FINITE if name in own):
        raise ValueError("a hand's mesh or parameters are not numbers")
    given = [name for name in _PARAMETERS if name in own]
    if given and len(given) != len(_PARAMETERS):
        raise ValueError("a hand's parameters are not complete")
    parameters = HandParameters(*(own[name] for name in _PARAMETERS)) if given else None
    return HandLabel(
        Knowledge(notes["knowledge"]), own["joints_px"], own.get("joints"), own.get("vertices"), parameters
    )


def _camera(values: dict[str, float]) -> Intrinsics:
    if values.keys() != set(_CAMERA) or not all(isinstance(value, float) for value in values.values()):
        raise ValueError("its camera is not complete")
    if not all(map(math.isfinite, values.values())) or min(values["fx"], values["fy"]) <= 0:
        raise ValueError("its camera is none that there can be")
    return Intrinsics(
        *(values[name] for name in ("fx", "fy", "cx", "cy")),
        width=round(values["width"]),
        height=round(values["height"]),
    )
