"""LWA-HAND as the app runs it: crop to joints, joints to parameters of the hand model before the camera."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from models.checks import check_crop
from models.errors import BothhandsError
from models.fitting.calibration import ShapeRule
from models.fitting.hand_fitter import HandFitter
from models.fitting.observations import network_observation
from models.hand_model import load_hand_models
from models.joint_fit import JointFit
from models.lwa_hand.size import INPUT_SIZE
from models.placement import to_frame, view_rotation
from models.places import weights_file
from models.presence import shown_hands
from models.registry import CropPolicy, HandModels, ModelCard, Reconstructor, WeightsReader, register_model
from models.runtime.crop_network import CropNetwork, NetworkSource
from models.runtime.network_files import files_of
from models.runtime.runner import Precision
from models.sentences import joined, say
from models.values import SIDES, Crop, HandObservation, HandReconstruction, Reconstruction, Side
from models.weights_notes import notes_or_none, read_notes, state_of

if TYPE_CHECKING:
    from torch import nn

    from models.lwa_hand.network import LwaHand

PRECISIONS: tuple[Precision, ...] = ("f16", "bf16")
"""float16 moves the vertices by less than a tenth of a millimetre; bfloat16, which more processors have, by a third of
one, see `RuntimeNetwork`."""
WEIGHTS = "lwa-hand.safetensors"
_NOTHING_LEARNT = 1e-3
"""Half images: a network whose weights know nothing of its errors says the same of all joints."""
_REFIT = 0.2
"""Share of a network's uncertainty that the hand fitted to it is taken to have where another hand model follows it."""
MACS_IMAGE, MACS_POSE, PARAMETERS = 216_627_328, 206_442_318, 6_043_768


def _trained() -> dict[str, Any]:
    """What the trainer wrote beside the weights (sha256, hand_model, trained_on, ...), for the card; empty where there
    is nothing, or nothing that can be read.
    """
    return notes_or_none(weights_file(WEIGHTS))


def _state(trained: dict[str, Any]) -> str:
    """What a person should know of the weights before choosing them."""
    if not weights_file(WEIGHTS).is_file():
        return say("(untrained: random weights)")
    return state_of(trained)


def _card(trained: dict[str, Any]) -> ModelCard:
    return ModelCard(
        name="lwa-hand",
        title=joined(say("LWA-HAND: lightweight attention network"), _state(trained)),
        paper="Di and Yu, LWA-HAND, 2022, https://arxiv.org/abs/2208.09815",
        licence=say("MIT; weights start from MediaPipe's hand-landmark network, Apache-2.0"),
        input_size=INPUT_SIZE,
        crops=CropPolicy(judges_presence=True, lone_hand_scale=1.25, crop_each_hand=True),
        weights=WEIGHTS if weights_file(WEIGHTS).is_file() else None,
        sha256=trained.get("sha256"),
        trained_on=tuple(trained.get("trained_on", ())),
        measured=trained.get("measured", {}),
        good_at=say(
            "Two hands that meet, touch or cross: it keeps both where landmarks alone lose one. The best all-round "
            "choice."
        ),
        real_video=trained.get("real_video", {}),
        parameters=PARAMETERS,
        macs_image=MACS_IMAGE,
        macs_pose=MACS_POSE,
    )


CARD = _card(_trained())


class LwaHandReconstructor(CropNetwork):
    """Crops to both hands. Made, used and closed by one thread.

    Args:
        network: with its weights, in eval mode; or where what runs comes from.
        hand_models: by side, those whose vertices the network gives.
        device: "cpu" or "cuda:N".
    """

    def __init__(self, network: LwaHand | NetworkSource, hand_models: HandModels, device: str) -> None:
        if not isinstance(network, NetworkSource):
            module = _as_run(network, hand_models)
            network = NetworkSource(lambda: module)
        super().__init__(network, INPUT_SIZE, device, PRECISIONS)
        self._hand_models = hand_models
        self._fit = JointFit(hand_models)

    def use_shape(self, rule: ShapeRule) -> None:
        """See `models.fitting.calibration.FitsShape`."""
        self._fit.use_shape(rule)

    def reconstruct(self, crops: Sequence[Crop]) -> list[Reconstruction]:
        """One reconstruction per crop; nothing is carried from one to the next.

        Raises:
            BothhandsError: a crop is not 256 x 256 bytes RGB, its place in the frame is not finite, or the network
                gives numbers that are not.
        """
        return [self._reconstruct(crop) for crop in crops]

    def _reconstruct(self, crop: Crop) -> Reconstruction:
        check_crop(crop, INPUT_SIZE, "lwa-hand")
        _, joints, flat, presence, spread, _ = self._look(crop.image)
        if not (np.isfinite(joints).all() and np.isfinite(flat).all() and np.isfinite(spread).all()):
            raise BothhandsError(
                say("lwa-hand gave numbers that are not finite: its weights are damaged, download or train them again.")
            )
        shown = shown_hands(presence.tolist(), crop.expected)
        if not shown:
            return Reconstruction({})
        rotation = view_rotation(crop.frame_to_crop, INPUT_SIZE, crop.intrinsics)
        frame_px = INPUT_SIZE / 2 / np.sqrt(abs(np.linalg.det(crop.frame_to_crop[:, :2])))
        errors_px = (spread * frame_px).astype(np.float32)
        says_errors = float(np.ptp(spread)) > _NOTHING_LEARNT
        fitted = self._fit.fit(
            shown,
            to_frame(flat[shown], crop),
            joints[shown] @ rotation.T,
            crop.intrinsics,
            errors_px[shown] if says_errors else None,
        )
        hands: dict[Side, HandReconstruction] = {}
        for hand, parameters in zip(shown, fitted, strict=True):
            model = self._hand_models[SIDES[hand]]
            mesh, mesh_joints = model.mesh(parameters)
            joints_px = crop.intrinsics.project(mesh_joints).astype(np.float32)
            hands[SIDES[hand]] = HandReconstruction(
                parameters,
                mesh,
                mesh_joints,
                joints_px,
                float(presence[hand]),
                errors_px[hand] if says_errors else None,
            )
        return Reconstruction(hands)


def create_network(hand_models: HandModels) -> LwaHand:
    """The network with random weights, the same ones every time."""
    import torch  # seconds, which nobody waits for where OpenVINO's own files serve

    from models.lwa_hand.network import LwaHand, hand_topologies

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return LwaHand(hand_topologies(hand_models)).eval()


class RefittedReconstructor:
    """Another reconstructor's hands, as hands of another hand model: official MANO files number vertices otherwise.

    Pose and shape mean nothing outside their hand model; what two models share are the 21 joints, to which the other
    one is fitted.

    Args:
        source: gives hands of the free model.
        hand_models: by side, those wanted.
    """

    def __init__(self, source: LwaHandReconstructor, hand_models: HandModels) -> None:
        self._source = source
        self._fitter = HandFitter(hand_models)

    def reset(self) -> None:
        """Forget the shape."""
        self._fitter.reset()

    def use_shape(self, rule: ShapeRule) -> None:
        """See `models.fitting.calibration.FitsShape`."""
        self._fitter.use_shape(rule)

    def warm_up(self) -> None:
        """Warm the network up."""
        self._source.warm_up()

    def close(self) -> None:
        """Release the network."""
        self._source.close()

    def reconstruct(self, crops: Sequence[Crop]) -> list[Reconstruction]:
        """One reconstruction per crop; the shape settles over the first frames of a sequence."""
        found = self._source.reconstruct(crops)
        return [self._refitted(crop, hands) for crop, hands in zip(crops, found, strict=True)]

    def _refitted(self, crop: Crop, found: Reconstruction) -> Reconstruction:
        read: dict[Side, list[HandObservation]] = {side: [_joints_of(hand)] for side, hand in found.hands.items()}
        return Reconstruction(self._fitter.fit(read, crop.intrinsics, crop.captured_ns))


def _joints_of(hand: HandReconstruction) -> HandObservation:
    """A fitted hand as an observation: surer than the network's own joints, for its bones are of one length already."""
    seen = network_observation(hand.joints_px, hand.joints, hand.score, errors_px=hand.errors_px)
    assert seen.sigma_3d is not None
    return replace(seen, sigma_2d=seen.sigma_2d * _REFIT, sigma_3d=seen.sigma_3d * _REFIT)


def load(weights: Path | None, notes: Mapping[str, Any], hand_models: HandModels, device: str) -> Reconstructor:
    """A reconstructor of hands of these models, whichever hand model the network was trained on.

    Args:
        weights: file of the network's weights; None for random ones.
        notes: what the trainer wrote beside them (sha256, hand_model).
        hand_models: by side, those wanted.
        device: "cpu" or "cuda:N".

    Raises:
        BothhandsError: the weights are missing or damaged, or of official MANO's meshes where that is not at hand.
    """
    learnt = notes.get("hand_model", "free")
    own = hand_models
    if any(model.name != learnt for model in hand_models.values()):
        if learnt != "free":
            raise BothhandsError(
                say("The weights {weights} give official MANO's meshes: name its folder with --mano.", weights=weights)
            )
        own = load_hand_models()
    sha256 = notes.get("sha256")
    files = files_of(weights) if weights is not None and device == "cpu" and learnt == "free" else None
    if files is not None and files.weights == sha256:
        source = NetworkSource(lambda: _as_run(_trained_network(weights, sha256, own), own), files)
        reconstructor = LwaHandReconstructor(source, own, device)
    else:
        reconstructor = LwaHandReconstructor(_trained_network(weights, sha256, own), own, device)
    return reconstructor if own is hand_models else RefittedReconstructor(reconstructor, hand_models)


def _trained_network(weights: Path | None, sha256: str | None, hand_models: HandModels) -> LwaHand:
    network = create_network(hand_models)
    if weights is not None:
        from models.lwa_hand.weights import load_network

        load_network(weights, network, sha256=sha256)
    return network


def _as_run(network: LwaHand, hand_models: HandModels) -> nn.Module:
    from models.lwa_hand.runtime import RuntimeNetwork

    return RuntimeNetwork(network, hand_models).eval()


def _check(weights: Path) -> None:
    _trained_network(weights, None, load_hand_models())


def _load_as_candidate(
    weights: Path, notes: Mapping[str, Any], hand_models: HandModels, device: str
) -> tuple[ModelCard, Reconstructor]:
    return CARD, load(weights, notes, hand_models, device)


@register_model(CARD, weights=WeightsReader(load=_load_as_candidate, check=_check))
def create(hand_models: HandModels, device: str) -> Reconstructor:
    """Build it, with the weights in assets/weights if there are any.

    Raises:
        BothhandsError: as `load` does.
    """
    if CARD.weights is None:
        return load(None, {}, hand_models, device)
    weights = weights_file(CARD.weights)
    return load(weights, read_notes(weights), hand_models, device)
