"""Small good files of every kind that is read, for the fuzzer to spoil."""

from __future__ import annotations

import io
import json
import pickle
import shutil
import sys
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
import torch
from PIL import Image
from safetensors.torch import save

from tests.fuzz.mutations import deep


@dataclass(frozen=True)
class Kind:
    """What is spoilt, and how a reader finds it.

    Attributes:
        seeds: good files.
        name: of the file in the folder.
        document: whether it is JSON.
        extra: files to be tried as they are.
        beside: files that lie there too, and are not spoilt.
    """

    seeds: Sequence[bytes]
    name: str
    document: bool = False
    extra: Sequence[bytes] = ()
    beside: dict[str, bytes] = field(default_factory=dict)

    def lay_out(self, folder: Path, content: bytes) -> None:
        """Write the spoilt file and those beside it."""
        for name, other in {**self.beside, self.name: content}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(other)


@cache
def _session() -> dict[str, bytes]:
    from tests.app.export_fakes import record

    with TemporaryDirectory() as place:
        folder = record(Path(place), frames=12)
        return {path.name: path.read_bytes() for path in folder.iterdir()}


def _session_info() -> Kind:
    return Kind([_session()["session.json"]], "session.json", document=True, extra=_DEEP_JSON)


def _journal() -> Kind:
    files = _session()
    return Kind([files["hands.arrows"]], "hands.arrows", beside={"session.json": files["session.json"]})


def _listing() -> Kind:
    files = _session()
    return Kind(
        [files["session.json"]], "take/session.json", document=True, beside={"take/hands.arrows": files["hands.arrows"]}
    )


def _recovery() -> Kind:
    files = _session()
    return Kind(
        [files["hands.arrows"]],
        "hands.arrows",
        beside={"session.json": files["session.json"], "video.mkv": files["video.mkv"], ".recording": b""},
    )


def _run() -> Kind:
    from app.replay.runs import RunInfo, run_notes
    from app.sessions.journal import HandJournal
    from tests.fakes import tracked_frame

    made = RunInfo(model="landmark-fit", weights_sha256=None, app_version="1", smoothing=None, made="")
    with TemporaryDirectory() as place:
        path = Path(place) / "run.arrows"
        journal = HandJournal(path, "free", notes=run_notes(made))
        for index in range(12):
            journal.append(tracked_frame(index))
        journal.close()
        content = path.read_bytes()
    return Kind([content], "runs/landmark-fit.arrows", beside={"session.json": _session()["session.json"]})


def _settings() -> Kind:
    from app.settings import Settings, WindowGeometry

    full = Settings(
        source="0", fov=60.0, camera_file=Path("c.json"), mano_dir=Path("mano"), vmc=True, osc=True
    ).changed(geometry=WindowGeometry(x=1, y=2, width=300, height=200))
    return Kind([full.model_dump_json().encode()], "settings.json", document=True, extra=_DEEP_JSON)


_CAMERA = {"fx": 600.0, "fy": 600.0, "cx": 319.5, "cy": 239.5, "width": 640, "height": 480}
_OPENCV_YAML = b"""%YAML:1.0
---
image_width: 640
image_height: 480
camera_matrix: !!opencv-matrix
   rows: 3
   cols: 3
   dt: d
   data: [ 600., 0., 319.5, 0., 600., 239.5, 0., 0., 1. ]
distortion_coefficients: !!opencv-matrix
   rows: 1
   cols: 5
   dt: d
   data: [ 0.1, 0., 0., 0., 0. ]
"""
_OPENCV_XML = b"""<?xml version="1.0"?>
<opencv_storage>
<image_width>640</image_width>
<image_height>480</image_height>
<camera_matrix type_id="opencv-matrix">
  <rows>3</rows>
  <cols>3</cols>
  <dt>d</dt>
  <data>600. 0. 319.5 0. 600. 239.5 0. 0. 1.</data></camera_matrix>
</opencv_storage>
"""
_ROS_YAML = b"""image_width: 640
image_height: 480
camera_name: cam
camera_matrix:
  rows: 3
  cols: 3
  data: [600, 0, 319.5, 0, 600, 239.5, 0, 0, 1]
"""
_LAUGHS_YAML = (
    b"a: &a [1,1,1,1,1,1,1,1,1]\n"
    + b"".join(b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 9)) for c in range(ord("b"), ord("l")))
    + b"fx: *k\n"
)
_LAUGHS_XML = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "11111111">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("l")))
    + b"]><opencv_storage><fx>&k;</fx></opencv_storage>"
)
_FILE_XML = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    b"<opencv_storage><fx>&e;</fx></opencv_storage>"
)
_DEEP_JSON = (deep(b"[", b"]"), deep(b'{"a":', b"}"), b'{"x": 1' + b"0" * 6000 + b"}", b"NaN", b"\xef\xbb\xbf{}")


def _camera() -> Kind:
    return Kind(
        [json.dumps(_CAMERA).encode(), _OPENCV_YAML, _OPENCV_XML, _ROS_YAML],
        "camera.yaml",
        extra=(*_DEEP_JSON, _LAUGHS_YAML, _LAUGHS_XML, _FILE_XML, deep(b"<a>", b"</a>"), deep(b"a: {", b"}")),
    )


def _camera_json() -> Kind:
    opencv = {
        "image_width": 640,
        "image_height": 480,
        "camera_matrix": {
            **{"type_id": "opencv-matrix", "rows": 3, "cols": 3, "dt": "d"},
            "data": [600, 0, 319.5, 0, 600, 239.5, 0, 0, 1],
        },
    }
    return Kind([json.dumps(value).encode() for value in (_CAMERA, opencv)], "camera.json", document=True)


class _Ch:
    """An array as chumpy keeps it."""

    def __init__(self, **state: Any) -> None:
        self.__dict__.update(state)


def _mano() -> Kind:
    """A hand of its make whose arrays are tiny: what is spoilt is then what tells of them."""
    import scipy.sparse

    small = np.arange(12.0).reshape(4, 3)
    content = {
        "v_template": _Ch(x=small),
        "f": small.astype(np.uint32),
        "shapedirs": _Ch(a=_Ch(x=small), idxs=np.arange(6), preferred_shape=(2, 3)),
        "J_regressor": scipy.sparse.csc_matrix(small),
        "bs_style": "lbs",
        "kintree_table": small.astype(np.int64),
        "weights": np.float64(3.0),
    }
    modules = {name: types.ModuleType(name) for name in ("chumpy", "chumpy.ch")}
    modules["chumpy.ch"]._Ch = _Ch  # type: ignore[attr-defined]
    before = _Ch.__module__
    sys.modules.update(modules)
    _Ch.__module__ = "chumpy.ch"
    try:
        seeds = [pickle.dumps(content, protocol) for protocol in (0, 2, 4)]
    finally:
        _Ch.__module__ = before
        for name in modules:
            del sys.modules[name]
    return Kind(
        seeds,
        "MANO_RIGHT.pkl",
        extra=(
            b"cos\nsystem\n(S'true'\ntR.",
            b"\x80\x02r\xff\xff\xff\x7f.",  # a memo of two thousand million entries
            b"\x80\x02]r\xff\xff\xff\x7f.",
            b"\x80\x04\x8e\xff\xff\xff\xff\xff\xff\x00\x00.",
            b"\x80\x02" + b"]q\x00" + b"".join(b"](" + b"h\x00" * 9 + b"eq\x00" for _ in range(12)) + b".",
            b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b".",
        ),
    )


def _weights() -> Kind:
    content = save({"weight": torch.ones(2, 3, dtype=torch.float16), "bias": torch.zeros(2)})
    return Kind([content], "w.safetensors", extra=(b"\xff" * 8, b"\x00" * 8, b"\x02\0\0\0\0\0\0\0{}"))


def _eanet_header() -> Kind:
    from models.eanet.config import PAPER

    return Kind([save({"x": torch.zeros(1)}, {"eanet_config": json.dumps(PAPER.to_dict())})], "w.safetensors")


def _checkpoint() -> Kind:
    sink = io.BytesIO()
    torch.save({"epoch": 1, "network": {"module.hand_backbone.conv1.weight": torch.ones(2, 3)}}, sink)
    old = io.BytesIO()
    torch.save({"network": {"x": torch.ones(2, 3)}}, old, _use_new_zipfile_serialization=False)
    return Kind([sink.getvalue(), old.getvalue()], "snapshot_1.pth.tar", extra=(pickle.dumps(print),))


def _weights_card() -> Kind:
    from models.hand_model import asset

    notes = json.loads((asset("weights") / "eanet-mobile.json").read_text(encoding="utf-8"))
    notes["measured"] = dict(list(notes["measured"].items())[:3])
    return Kind([json.dumps(notes).encode()], "w.json", document=True, extra=_DEEP_JSON)


def _label_folder() -> Kind:
    joints = [[2.0 + 0.8 * joint, 1.0 + 0.6 * joint] for joint in range(21)]
    labels = {
        "source": "somebody",
        "licence": "CC0",
        "pictures": {
            "a.png": {
                **{"split": "train", "presence_known": True, "group": "fist"},
                "camera": {"fx": 60, "fy": 60, "cx": 31.5, "cy": 23.5},
                "hands": {
                    "left": {
                        "joints_px": joints,
                        "parameters": {"pose": [0.1] * 48, "shape": [0.0] * 10, "translation": [0.0, 0.0, 0.5]},
                    },
                    "right": {"joints_px": [None, *joints[1:]], "joints": [[0.0, 0.0, 0.5]] * 21},
                },
            }
        },
    }
    return Kind([json.dumps(labels).encode()], "labels.json", True, _DEEP_JSON, {"a.png": _pictures()["png"]})


def _archive_list() -> Kind:
    text = "# videos\na.mp4\nsub/b.mkv\n\n/srv/c.mov\n~/d.mp4\n../e.mp4\n~nouser/../../f.mp4\n"
    extra = (
        "\n".join(["../" * 50 + "etc/x.mp4", "a/../../b.mp4", "~root/x", "C:\\x", "//host/x", "a\0b", "." * 5000]),
    )
    return Kind(
        [text.encode(), b"\xef\xbb\xbfa.mp4\r\nb.mp4\r\n"],
        "list.txt",
        extra=[line.encode() for whole in extra for line in (whole, *whole.split("\n"))],
    )


def _training_configuration() -> Kind:
    presets = Path(__file__).resolve().parents[2] / "training" / "presets"
    return Kind(
        [path.read_bytes() for path in sorted(presets.iterdir()) if path.suffix == ".toml"],
        "run.toml",
        extra=(
            deep(b"a=[", b"]"),
            b"a=" + deep(b"{b=", b"}"),
            b"seed = 1" + b"0" * 6000,
            b"\xff",
            b"a." * 50_000 + b"b=1",
        ),
    )


@cache
def _pictures() -> dict[str, bytes]:
    """By format: 24 x 16, colours and alpha, one and several images."""
    rows, columns = np.mgrid[0:16, 0:24]
    pixels = np.stack([rows * 15, columns * 10, (rows + columns) * 6, 255 - rows * 10], axis=-1).astype(np.uint8)
    colour, alpha = Image.fromarray(pixels[..., :3]), Image.fromarray(pixels)
    frames = [Image.fromarray(np.roll(pixels[..., :3], step, axis=1)) for step in range(3)]
    wanted: dict[str, tuple[Image.Image, dict[str, Any]]] = {
        "png": (colour, {"format": "PNG"}),
        "png-alpha": (alpha, {"format": "PNG"}),
        "png-palette": (colour.quantize(16), {"format": "PNG"}),
        "png-16": (Image.fromarray((rows * 4000).astype(np.uint16)), {"format": "PNG"}),
        "apng": (frames[0], {"format": "PNG", "save_all": True, "append_images": frames[1:]}),
        "jpg": (colour, {"format": "JPEG"}),
        "jpg-progressive": (colour, {"format": "JPEG", "progressive": True}),
        "webp": (colour, {"format": "WEBP"}),
        "webp-alpha": (alpha, {"format": "WEBP", "lossless": True}),
        "webp-animated": (frames[0], {"format": "WEBP", "save_all": True, "append_images": frames[1:]}),
        "gif": (frames[0], {"format": "GIF", "save_all": True, "append_images": frames[1:]}),
        "bmp": (colour, {"format": "BMP"}),
        "tiff": (colour, {"format": "TIFF"}),
    }
    made: dict[str, bytes] = {}
    for name, (image, options) in wanted.items():
        sink = io.BytesIO()
        image.save(sink, **options)
        made[name] = sink.getvalue()
    exif = Image.Exif()
    exif[0x0112] = 6
    sink = io.BytesIO()
    colour.save(sink, format="JPEG", exif=exif)
    made["jpg-turned"] = sink.getvalue()
    return made


def _picture(name: str) -> Callable[[], Kind]:
    """Images under a suffix, whatever they are: a suffix says nothing of what is in a file."""

    def make() -> Kind:
        own = [content for kind, content in _pictures().items() if kind.split("-")[0] in (name, "a" + name)]
        jp2 = b"\x00\x00\x00\x0cjP  \r\n\x87\n\x00\x00\x00\x14ftypjp2 \x00\x00\x00\x00jp2 "
        others = [content for kind, content in _pictures().items() if content not in own]
        return Kind(
            own, f"a.{name}", extra=[*others, jp2, b"\x76\x2f\x31\x01" + b"\0" * 64, b"P6\n9999999 9999999\n255\n"]
        )

    return make


@cache
def _videos() -> dict[str, bytes]:
    """By container: ten frames of 64 x 48."""
    made: dict[str, bytes] = {}
    for suffix, codec, pixels in (
        *(("mp4", "libx264", "yuv420p"), ("mkv", "libx264", "yuv420p"), ("webm", "libvpx", "yuv420p")),
        *(
            ("avi", "mjpeg", "yuvj420p"),
            ("gif", "gif", "rgb8"),
            ("mov", "mpeg4", "yuv420p"),
            ("ts", "mpeg2video", "yuv420p"),
        ),
    ):
        with TemporaryDirectory() as place:
            path = Path(place) / f"v.{suffix}"
            with av.open(str(path), "w") as container:
                stream = container.add_stream(codec, rate=25)
                stream.width, stream.height, stream.pix_fmt = 64, 48, pixels  # type: ignore[union-attr]
                for number in range(10):
                    image = np.full((48, 64, 3), 20 * number, np.uint8)
                    image[number : number + 9, 5:20] = (250, 100, 0)
                    container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="rgb24")))  # type: ignore[union-attr]
                container.mux(stream.encode())  # type: ignore[union-attr]
            made[suffix] = path.read_bytes()
    return made


def _video(suffix: str) -> Callable[[], Kind]:
    return lambda: Kind([_videos()[suffix]], f"v.{suffix}")


def _addresses() -> Kind:
    texts = ("127.0.0.1:39539", "[::1]:9000, host.example:80", "8765", "a:1,b:2,c:3", "[fe80::1%eth0]:1")
    extra = ("٣:٣", "[::::]:1", "a:0", "a:99999", "1" * 5000, "a" * 70_000 + ":1", "\0:1", ",,", "http://x:1", "²:1")
    return Kind([text.encode() for text in texts], "text", extra=[text.encode() for text in extra])


@cache
def _sample() -> bytes:
    from tests.training.test_examples import make_sample
    from training.data.sample_file import write_sample

    with TemporaryDirectory() as place:
        write_sample(Path(place) / "x", make_sample(sides=("left",)))
        return (Path(place) / "x").read_bytes()


def _sample_file() -> Kind:
    return Kind([_sample()], "000000.safetensors", extra=(pickle.dumps({"image": 1}), b"\xff" * 8))


KINDS: dict[str, tuple[str, Callable[[], Kind]]] = {
    "session.json": ("session.json", _session_info),
    "journal": ("journal", _journal),
    "listing": ("listing", _listing),
    "recovery": ("recovery", _recovery),
    "run": ("run", _run),
    "settings.json": ("settings", _settings),
    "camera file": ("camera file", _camera),
    "camera file, JSON": ("camera file", _camera_json),
    "MANO file": ("mano", _mano),
    "weights": ("weights", _weights),
    "EANet's header": ("eanet header", _eanet_header),
    "EANet's checkpoint": ("checkpoint", _checkpoint),
    "weights' card": ("weights card", _weights_card),
    "label folder": ("label folder", _label_folder),
    "archive's list": ("archive list", _archive_list),
    "training configuration": ("training configuration", _training_configuration),
    **{f"picture, {name}": ("picture", _picture(name)) for name in ("png", "jpg", "webp", "gif", "bmp")},
    **{f"video, {name}": ("video", _video(name)) for name in ("mp4", "mkv", "webm", "avi", "gif", "mov", "ts")},
    "stream's address": ("addresses", _addresses),
    "pool": ("sample file", _sample_file),
}
"""What is spoilt, to the reader of `READERS` that reads it and the maker of its seeds."""


def fresh(folder: Path) -> Path:
    """An empty folder in the place of another."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
