"""The registry of reconstruction models: a card and a factory per name.

A model registers itself when its module is imported (`@register_model(card)`); `_MODULES` says which module holds
which name, so that a heavy one is imported only when it is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from models.errors import BothhandsError
from models.extras import extra_for, is_installed, require
from models.places import network_note
from models.sentences import say
from models.values import Crop, Reconstruction, Side

if TYPE_CHECKING:
    from models.hand_model import HandModel

HandModels: TypeAlias = Mapping[Side, "HandModel"]


class Reconstructor(Protocol):
    """Crops in, hands out. Loaded, used and closed by one thread."""

    def reconstruct(self, crops: Sequence[Crop]) -> list[Reconstruction]:
        """One `Reconstruction` per crop, in order.

        Crops of one sequence come in the order of their `captured_ns`; a model may carry state from one to the
        next, and drops it when time runs backwards or a hand was away.
        """
        ...

    def reset(self) -> None:
        """Forget what was carried from one crop to the next: another source or another take begins."""
        ...

    def warm_up(self) -> None:
        """Do everything slow (compile, first inference) now."""
        ...

    def close(self) -> None:
        """Release memory and devices."""
        ...


@dataclass(frozen=True, kw_only=True)
class CropPolicy:
    """What the tracker shows a model of a frame.

    Attributes:
        judges_presence: the network tells by itself whether a hand is there. So, where the detector finds fewer than
            two hands, wider crops let it look for the missing one: a detector drops one of two hands that touch.
        lone_hand_scale: side of the crop around a lone hand, as a factor of the usual one.
        crop_each_hand: whether two hands that are apart get a crop each, in which they are larger and upright. Only for
            networks so fast that two passes a frame cost nothing.
    """

    judges_presence: bool = False
    lone_hand_scale: float = 1.0
    crop_each_hand: bool = False


@dataclass(frozen=True)
class ModelCard:
    """What a person should know of a model before using it.

    Attributes:
        name: what `--model` takes.
        title: one line for people.
        paper: reference and URL, or "" for our own methods.
        licence: of the weights and method.
        needs_landmarks: reads `Crop.detections`; the detector's landmark network runs on every frame.
        input_size: side of the square input, px; None where pixels are not read.
        normalisation: how pixels are scaled.
        crops: what the tracker shows it of a frame.
        devices: kinds of device that it computes on.
        conventions: hand-model conventions of the parameters it returns.
        weights: file name in assets/weights, None where there is nothing to load.
        sha256: of that file.
        trained_on: data sources, with licences.
        measured: figure name to value, as `evaluate` reproduces it.
        good_at: for what a person should choose it, one sentence.
        real_video: figure name to value on frames of real video that were annotated by eye, as `evaluate
            ANNOTATIONS.json` gives them with the tracker: right, wrong_side, both, extra_per_frame, nme. Empty where
            nobody measured these weights.
        parameters: number of weights.
        variants: other configurations that a weights file may hold, name to number of weights.
        macs_image, macs_pose: multiply-accumulates at 256x256 of the image and the pose part, as they were counted
            once; 0 where nobody did.
    """

    name: str
    title: str
    paper: str
    licence: str
    needs_landmarks: bool = False
    input_size: int | None = 256
    normalisation: str = "RGB / 255"
    crops: CropPolicy = CropPolicy()
    devices: tuple[str, ...] = ("cpu", "cuda")
    conventions: str = "axis-angle relative to the flat template, camera frame"
    weights: str | None = None
    sha256: str | None = None
    trained_on: tuple[str, ...] = ()
    measured: Mapping[str, float] = field(default_factory=dict)
    good_at: str = ""
    real_video: Mapping[str, float] = field(default_factory=dict)
    parameters: int = 0
    variants: Mapping[str, int] = field(default_factory=dict)
    macs_image: int = 0
    macs_pose: int = 0

    @property
    def untrained(self) -> bool:
        """Whether it is a network without weights, whose hands mean nothing."""
        return self.parameters > 0 and self.weights is None


Factory = Callable[[HandModels, str], Reconstructor]
"""Hand models by side and a device ("cpu", "cuda:0") to a reconstructor."""


@dataclass(frozen=True, kw_only=True)
class WeightsReader:
    """What a model does with weights that are not installed; each raises `BothhandsError` where they do not fit.

    Attributes:
        load: file, notes beside it (`models.weights_notes`), hand models and device to a card and a reconstructor.
        check: refuses a file that cannot be installed as this model's.
        import_checkpoint: published checkpoint and the safetensors file to write to a sentence on what it was; None
            where nothing that can be read was published.
    """

    load: Callable[[Path, Mapping[str, Any], HandModels, str], tuple[ModelCard, Reconstructor]]
    check: Callable[[Path], None]
    import_checkpoint: Callable[[Path, Path], str] | None = None


@dataclass(frozen=True, kw_only=True)
class _Entry:
    card: ModelCard
    create: Factory
    reread: Callable[[], ModelCard] | None
    weights: WeightsReader | None


_MODULES: dict[str, str] = {
    "landmark-fit": ".landmark_fit",
    "lwa-hand": ".lwa_hand.reconstructor",
    "eanet": ".eanet.cards",
    "eanet-light": ".eanet.cards",
    "eanet-mobile": ".eanet.cards",
}
_WITHOUT_NETWORK = "landmark-fit"
FORMER_NAMES: Mapping[str, str] = {"eanet-light": "eanet-mobile"}
"""What names in older settings and sessions are today. The network that was called so is no paper's, and the paper's
light one has got its name; so this is for files that say how old they are, never for what a person types."""
EXTRA = "networks"
"""What models need whose network does not come as OpenVINO's own files; see `models.extras`."""
_REGISTERED: dict[str, _Entry] = {}


def register_model(
    card: ModelCard, *, reread: Callable[[], ModelCard] | None = None, weights: WeightsReader | None = None
) -> Callable[[Factory], Factory]:
    """Decorator that enters a factory under its card's name.

    Args:
        card: of the model.
        reread: makes the card anew; None where nothing can change while the program runs.
        weights: what it does with weights that are not installed; None where it takes none.
    """

    def enter(factory: Factory) -> Factory:
        if card.name in _REGISTERED:
            raise ValueError(f"a model named {card.name!r} is registered already")
        _REGISTERED[card.name] = _Entry(card=card, create=factory, reread=reread, weights=weights)
        return factory

    return enter


def list_models() -> list[str]:
    """Names of the models that can run with what is installed, in the order in which they are offered."""
    return [name for name in dict.fromkeys([*_MODULES, *_REGISTERED]) if name not in models_without_extra()]


def models_without_extra() -> list[str]:
    """Names of the models that need an extra which is not installed."""
    if is_installed(EXTRA):
        return []
    return [name for name in _MODULES if name != _WITHOUT_NETWORK and not network_note(name).is_file()]


def default_model() -> str:
    """Name of the model that is used where a person names none: the best of those that can run."""
    return _WITHOUT_NETWORK if "lwa-hand" in models_without_extra() else "lwa-hand"


def fallback_models() -> tuple[str, ...]:
    """What is loaded where the chosen model cannot be: the default, then the one that has no weights to miss."""
    return tuple(dict.fromkeys((default_model(), _WITHOUT_NETWORK)))


def _entry(name: str) -> _Entry:
    if name not in _REGISTERED:
        if name not in _MODULES:
            raise BothhandsError(
                say(
                    "There is no model named {name!r}; choose one of: {choices}.",
                    name=name,
                    choices=", ".join(list_models()),
                )
            )
        with extra_for(say("The model {name}", name=name), EXTRA):
            importlib.import_module(_MODULES[name], __package__)
    return _REGISTERED[name]


def model_card(name: str) -> ModelCard:
    """The card of a model.

    Raises:
        BothhandsError: no model has this name; the text lists those there are.
    """
    return _entry(name).card


def reread_card(name: str) -> ModelCard:
    """The card of a model whose weights were put in place since the program began.

    Raises:
        BothhandsError: as `model_card`.
    """
    entry = _entry(name)
    if entry.reread is not None:
        entry = _REGISTERED[name] = replace(entry, card=entry.reread())
    return entry.card


def require_weights(name: str) -> None:
    """Refuse a network whose hands would mean nothing.

    Raises:
        BothhandsError: it has no weights, or there is no model of this name.
        MissingExtra: it needs more than weights, which alone would not help.
    """
    if name in models_without_extra():
        require(say("The model {name}", name=name), EXTRA)
    if model_card(name).untrained:
        former = (
            say("; the network that was called {model} is {today} now", model=name, today=FORMER_NAMES[name])
            if name in FORMER_NAMES
            else ""
        )
        raise BothhandsError(
            say(
                "The model {name} has no weights, so that its hands would mean nothing: import or install "
                "them (`weights --help` shows how), or choose another model{former}.",
                name=name,
                former=former,
            )
        )


def create_model(name: str, hand_models: HandModels, device: str = "cpu") -> Reconstructor:
    """Build a model, weights loaded, not warmed up yet.

    Raises:
        BothhandsError: unknown name, or weights that are missing or do not fit.
    """
    return _entry(name).create(hand_models, device)


def weights_reader(name: str) -> WeightsReader:
    """What a model does with weights that are not installed.

    Raises:
        BothhandsError: no model has this name, or it takes no weights.
    """
    reader = _entry(name).weights
    if reader is None:
        takers = ", ".join(each for each in list_models() if _entry(each).weights is not None)
        raise BothhandsError(say("{name!r} has no weights; choose one of: {takers}.", name=name, takers=takers))
    return reader


def importable_models() -> list[str]:
    """Names of the models of which there are published weights that can be read."""
    readers = {name: _entry(name).weights for name in list_models()}
    return [name for name, reader in readers.items() if reader is not None and reader.import_checkpoint is not None]
