"""VMC protocol: finger bones for avatars in VSeeFace, Warudo, Unity, Unreal, Blender and others.

Messages after https://protocol.vmc.info/marionette-spec; all of one frame go in one bundle.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.outputs.humanoid import humanoid_bones
from app.outputs.streaming.osc_target import OscMessage, OscOutput
from models.values import SIDES
from tracking.values import TrackedFrame


class VmcOutput(OscOutput):
    """Sends the bones of the hands that are there; those of others are left where the receiver has them."""

    kind = "vmc"

    def messages(self, tracked: TrackedFrame, seconds: float) -> Iterator[OscMessage]:
        """`/VMC/Ext/OK`, `/VMC/Ext/T` and one `/VMC/Ext/Bone/Pos` for each of 16 bones a hand."""
        yield "/VMC/Ext/OK", [1]
        yield "/VMC/Ext/T", [float(seconds)]
        for side in SIDES:
            if (hand := tracked.hands.hands.get(side)) is not None:
                for bone in humanoid_bones(side, hand):
                    yield "/VMC/Ext/Bone/Pos", [bone.name, *bone.position.tolist(), *bone.quaternion.tolist()]
