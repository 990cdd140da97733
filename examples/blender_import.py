"""Import a session into Blender: hands, camera and the video behind them. Runs in Blender's own Python.

Usage: python main.py export SESSION --format glb --out hands.glb
       blender --python examples/blender_import.py -- hands.glb SESSION [FRAMES_PER_SECOND]
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path
from typing import Any

bpy: Any
try:
    import bpy  # type: ignore[import-not-found]
except ImportError:  # outside of Blender nothing that needs it is called
    bpy = None

_HEADER, _CHUNK = struct.Struct("<4sII"), struct.Struct("<II")
_JSON = 0x4E4F534A


def read_gltf(path: Path) -> dict[str, Any]:
    """The JSON part of a binary glTF file."""
    data = path.read_bytes()
    magic, version, _ = _HEADER.unpack_from(data)
    length, kind = _CHUNK.unpack_from(data, _HEADER.size)
    if (magic, version, kind) != (b"glTF", 2, _JSON):
        raise SystemExit(f"{path} is no glTF 2.0 binary file; export one with --format glb.")
    start = _HEADER.size + _CHUNK.size
    return json.loads(data[start : start + length])


def seconds_of(gltf: dict[str, Any]) -> float:
    """When the last keyframe of its animations is."""
    inputs = {sampler["input"] for animation in gltf.get("animations", []) for sampler in animation["samplers"]}
    return max((gltf["accessors"][number]["max"][0] for number in inputs), default=0.0)


def video_size(session: Path) -> tuple[int, int]:
    """Width and height of a session's video, px."""
    camera = json.loads((session / "session.json").read_text(encoding="utf-8"))["intrinsics"]
    return camera["width"], camera["height"]


def build_scene(glb: Path, session: Path, fps: int) -> None:
    """Fill Blender's scene."""
    scene = bpy.context.scene
    scene.render.fps = fps  # before the import, which turns seconds into frames
    bpy.ops.import_scene.gltf(filepath=str(glb))
    scene.frame_start, scene.frame_end = 0, round(seconds_of(read_gltf(glb)) * fps)
    scene.render.resolution_x, scene.render.resolution_y = video_size(session)
    camera = next(thing for thing in scene.objects if thing.type == "CAMERA" and thing.name.startswith("Webcam"))
    scene.camera = camera
    video = session / "video.mkv"
    if video.is_file():
        camera.data.show_background_images = True
        background = camera.data.background_images.new()
        background.image = bpy.data.images.load(str(video))
        background.image_user.frame_duration = scene.frame_end + 1
        background.image_user.frame_start = 0
        background.image_user.use_auto_refresh = True


if __name__ == "__main__" and bpy is not None:
    glb_file, folder, *rest = sys.argv[sys.argv.index("--") + 1 :]
    build_scene(Path(glb_file), Path(folder), int(rest[0]) if rest else 30)
