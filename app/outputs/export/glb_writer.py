"""GLB: both hands as skinned, animated meshes with a camera (glTF 2.0,
https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html).

The skin is the hand model's own: 16 joints and its weights over the mesh of the mean shape. Pose correctives of a hand
model are linear in the entries of R - I of its finger joints, so morph targets that these entries drive give the
model's vertices at keyframes, not an approximation of them.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from pygltflib import (
    ARRAY_BUFFER,
    ELEMENT_ARRAY_BUFFER,
    GLTF2,
    Animation,
    AnimationChannel,
    AnimationChannelTarget,
    AnimationSampler,
    Asset,
    Attributes,
    Camera,
    Material,
    Mesh,
    Node,
    PbrMetallicRoughness,
    Perspective,
    Primitive,
    Scene,
    Skin,
)

from app import __version__
from app.outputs.export.formats import Progress, WriterOptions
from app.outputs.export.gltf_buffer import GltfBuffer
from app.outputs.export.rig import RigTrack, shape_note, tracks
from app.outputs.export.skin import RigSkin, full_skin, rig_only_error, strongest_influences
from app.outputs.export.take import Take
from models.sentences import say
from models.values import Intrinsics, Side
from render.compositing import linear_from_srgb
from render.protocol import SIDE_COLOURS

_CENTRED_PX = 1.0


def write(take: Take, path: Path, options: WriterOptions, progress: Progress) -> list[str]:
    """Write the scene. See `app.outputs.export.formats.Writer`.

    Units are metres, axes glTF's: y up, the camera at the origin looking along -z.
    """
    hands = tracks(take)
    scene = _Scene(take)
    notes = [shape_note(take, hands)]
    for done, hand in enumerate(hands):
        progress(done, len(hands) + 1)
        if options.rig_only:
            skin = strongest_influences(hand)
            error = rig_only_error(hand, skin) * 1000
            notes.append(
                say(
                    "Rig only: the {side} mesh lies up to {off:.2f} mm from the hand model's.",
                    side=_side_text(hand.side),
                    off=error,
                )
            )
        else:
            skin = full_skin(hand)
            if len(skin.joints) > 1:
                notes.append(
                    say(
                        "Vertices of the {side} hand have more than four influences; programs that read only four "
                        "want --rig-only.",
                        side=_side_text(hand.side),
                    )
                )
        scene.add_hand(hand, skin)
    progress(len(hands), len(hands) + 1)
    scene.save(path)
    progress(len(hands) + 1, len(hands) + 1)
    return notes + scene.notes


class _Scene:
    """The file while it is put together: a camera, and for each hand a mesh and a node with its bones."""

    def __init__(self, take: Take) -> None:
        info = take.info
        self.notes: list[str] = []
        self._gltf = GLTF2(
            asset=Asset(version="2.0", generator=f"Bothhands {__version__}"),
            scene=0,
            scenes=[Scene(name="Hands")],
            animations=[Animation(name="Take")],
        )
        if info.hand_model == "mano":
            self._gltf.asset.copyright = "Meshes and skinning weights: MANO, https://mano.is.tue.mpg.de/license.html"
            self.notes.append(say("The file holds MANO's mesh, so MANO's licence applies to it."))
        self._buffer = GltfBuffer(self._gltf)
        self._roots: list[int] = []
        if len(info.models) > 1:
            self._gltf.asset.extras = {"models": list(info.models)}
        if len(info.camera_table) > 1:
            self.notes.append(
                say(
                    "The session has {count} cameras or frame sizes; the file has the first one.",
                    count=len(info.camera_table),
                )
            )
        self._add_camera(info.intrinsics)

    def add_hand(self, hand: RigTrack, skin: RigSkin) -> None:
        """Add one hand and its motion."""
        mesh = self._add_mesh(hand, skin)
        armature = self._add_node(Node(name=f"{hand.side.capitalize()}Armature"), root=True)
        bones = self._add_bones(hand, armature)
        inverse_binds = np.tile(np.eye(4, dtype="<f4"), (16, 1, 1))
        inverse_binds[:, 3, :3] = -hand.rest_joints  # column-major: the last column lies last in memory
        self._gltf.skins.append(
            Skin(
                name=f"{hand.side.capitalize()}Skin",
                joints=bones,
                skeleton=bones[0],
                inverseBindMatrices=self._buffer.add(inverse_binds),
            )
        )
        # A skinned mesh does not move with its node, so the node stands alone.
        node = Node(name=f"{hand.side.capitalize()}Mesh", mesh=mesh, skin=len(self._gltf.skins) - 1)
        self._animate(hand, skin, armature, bones, self._add_node(node, root=True))

    def save(self, path: Path) -> None:
        """Write the file."""
        self._gltf.scenes[0].nodes = self._roots
        self._buffer.finish()
        with path.open("wb") as file:
            for part in self._gltf.save_to_bytes():
                file.write(part)

    def _add_node(self, node: Node, *, root: bool = False) -> int:
        self._gltf.nodes.append(node)
        index = len(self._gltf.nodes) - 1
        if root:
            self._roots.append(index)
        return index

    def _add_camera(self, camera: Intrinsics) -> None:
        """Cameras of glTF look along -z with y up, which the exported axes are made for: no rotation."""
        self._gltf.cameras.append(
            Camera(
                name="Webcam",
                type="perspective",
                perspective=Perspective(
                    yfov=2.0 * math.atan(camera.height / (2.0 * camera.fy)),
                    aspectRatio=camera.width * camera.fy / (camera.height * camera.fx),
                    znear=0.01,
                ),
                extras={"intrinsics": vars(camera)},
            )
        )
        self._add_node(Node(name="Webcam", camera=0), root=True)
        aside = math.hypot(camera.cx - (camera.width - 1) / 2.0, camera.cy - (camera.height - 1) / 2.0)
        if aside > _CENTRED_PX:
            self.notes.append(
                say(
                    "glTF's cameras look through the middle of the image; this one's principal point is "
                    "{aside:.0f} px beside it, so shift the image by that to lay the hands over it.",
                    aside=aside,
                )
            )

    def _add_mesh(self, hand: RigTrack, skin: RigSkin) -> int:
        add = self._buffer.add
        attributes: dict[str, int] = {
            "POSITION": add(skin.vertices.astype("<f4"), bounds=True, target=ARRAY_BUFFER),
            "NORMAL": add(skin.normals.astype("<f4"), target=ARRAY_BUFFER),
        }
        for number, (joints, weights) in enumerate(zip(skin.joints, skin.weights, strict=True)):
            attributes[f"JOINTS_{number}"] = add(joints, target=ARRAY_BUFFER)
            attributes[f"WEIGHTS_{number}"] = add(weights, target=ARRAY_BUFFER)
        faces = hand.model.faces.astype("<u2").ravel()
        self._gltf.materials.append(_material(hand))
        primitive = Primitive(
            attributes=Attributes(**attributes),
            indices=add(faces, target=ELEMENT_ARRAY_BUFFER),
            material=len(self._gltf.materials) - 1,
        )
        mesh = Mesh(name=f"{hand.side.capitalize()}Mesh", primitives=[primitive])
        if skin.targets.names:
            primitive.targets = [
                Attributes(POSITION=add(offsets.astype("<f4"), bounds=True, target=ARRAY_BUFFER))
                for offsets in skin.targets.offsets
            ]
            mesh.weights = skin.targets.weights[0].tolist()
            mesh.extras = {"targetNames": skin.targets.names}
        self._gltf.meshes.append(mesh)
        return len(self._gltf.meshes) - 1

    def _add_bones(self, hand: RigTrack, armature: int) -> list[int]:
        """Nodes of the 16 joints; without an animation they show the first keyframe."""
        parents = hand.model.parents
        bones = [
            self._add_node(
                Node(
                    name=name,
                    translation=(hand.offsets[bone] if bone else hand.wrist[0]).tolist(),
                    rotation=hand.quaternions[0, bone].tolist(),
                )
            )
            for bone, name in enumerate(hand.bones)
        ]
        for bone, node in enumerate(bones):
            self._gltf.nodes[node].children = [bones[child] for child in range(16) if child and parents[child] == bone]
        self._gltf.nodes[armature].children = [bones[0]]
        return bones

    def _animate(self, hand: RigTrack, skin: RigSkin, armature: int, bones: list[int], mesh: int) -> None:
        times = self._buffer.add(hand.seconds.astype("<f4"), bounds=True)
        for bone, node in enumerate(bones):
            self._channel(node, "rotation", times, hand.quaternions[:, bone].astype("<f4"))
        self._channel(bones[0], "translation", times, hand.wrist.astype("<f4"))
        if skin.targets.names:
            self._channel(mesh, "weights", times, skin.targets.weights.astype("<f4").ravel())
        seconds, sizes = visibility(hand)
        if len(seconds) > 1:
            shown = self._buffer.add(seconds.astype("<f4"), bounds=True)
            self._channel(armature, "scale", shown, np.repeat(sizes[:, None], 3, 1).astype("<f4"), "STEP")

    def _channel(self, node: int, path: str, times: int, values: np.ndarray, interpolation: str = "LINEAR") -> None:
        animation = self._gltf.animations[0]
        output = self._buffer.add(values)
        animation.samplers.append(AnimationSampler(input=times, output=output, interpolation=interpolation))
        animation.channels.append(
            AnimationChannel(sampler=len(animation.samplers) - 1, target=AnimationChannelTarget(node=node, path=path))
        )


def visibility(hand: RigTrack) -> tuple[np.ndarray, np.ndarray]:
    """When the hand comes and goes; plain glTF knows no other way to hide it than a size of zero.

    Returns:
        times (K,), s, rising from 0, and sizes (K,): 1 from then on, or 0. One entry where it is always there.
    """
    seconds, step = hand.seconds, float(np.median(np.diff(hand.seconds))) if len(hand.seconds) > 1 else 0.0
    times, sizes = [0.0], [1.0]
    if seconds[0] > 0:
        times, sizes = [0.0, float(seconds[0])], [0.0, 1.0]
    for last in np.flatnonzero(hand.gone):
        times += [float(seconds[last]) + step, float(seconds[last + 1])]
        sizes += [0.0, 1.0]
    return np.array(times), np.array(sizes)


def _side_text(side: Side) -> str:
    return say("left") if side == "left" else say("right")


def _material(hand: RigTrack) -> Material:
    linear = linear_from_srgb(SIDE_COLOURS[hand.side])  # as glTF's factors are
    surface = PbrMetallicRoughness(baseColorFactor=[*linear, 1.0], metallicFactor=0.0, roughnessFactor=0.7)
    # Double-sided: hands are open at the wrist.
    return Material(name=f"{hand.side.capitalize()}Skin", pbrMetallicRoughness=surface, doubleSided=True)
