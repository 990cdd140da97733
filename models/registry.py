"""The registry of reconstruction models: a card and a factory per name.

A model registers itself when its module is imported (`@register_model(card)`); `_MODULES` says which module holds
which name, so that a heavy one is imported only when it is asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from models.errors import BothhandsError
from models.extras import extra_for, is_installed
from models.places import network_note
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
        widen_lone_hand: how much larger than usual the crop around a lone hand is. A network that judges by itself
            whether the other hand is there must be able to see it: a detector drops one of two hands that touch.
        crop_each_hand: whether two hands that are apart get a crop each, in which they are larger and upright. Only for
            networks so fast that two looks a frame cost nothing.
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
    widen_lone_hand: float = 1.0
    crop_each_hand: bool = False
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

_MODULES: dict[str, str] = {
    "landmark-fit": ".landmark_fit",
    "lwa-hand": ".lwa_hand.reconstructor",
    "eanet": ".eanet.cards",
    "eanet-light": ".eanet.cards",
    "eanet-mobile": ".eanet.cards",
}
_WITHOUT_NETWORK = ("landmark-fit",)
FORMER_NAMES: Mapping[str, str] = {"eanet-light": "eanet-mobile"}
"""What names in older settings and sessions are today. The network that was called so is no paper's, and the paper's
light one has got its name; so this is for files that say how old they are, never for what a person types."""
EXTRA = "networks"
"""What models need whose network does not come as OpenVINO's own files; see `models.extras`."""
_REGISTERED: dict[str, tuple[ModelCard, Factory]] = {}
_REREAD: dict[str, Callable[[], ModelCard]] = {}


def register_model(card: ModelCard, reread: Callable[[], ModelCard] | None = None) -> Callable[[Factory], Factory]:
    """Decorator that enters a factory under its card's name.

    Args:
        card: of the model.
        reread: makes the card anew; None where nothing can change while the program runs.
    """

    def enter(factory: Factory) -> Factory:
        if card.name in _REGISTERED:
            raise ValueError(f"a model named {card.name!r} is registered already")
        _REGISTERED[card.name] = (card, factory)
        if reread is not None:
            _REREAD[card.name] = reread
        return factory

    return enter


def list_models() -> list[str]:
    """Names of the models that can run with what is installed, in the order in which they are offered."""
    return [name for name in dict.fromkeys([*_MODULES, *_REGISTERED]) if name not in models_without_extra()]


def models_without_extra() -> list[str]:
    """Names of the models that need an extra which is not installed."""
    if is_installed(EXTRA):
        return []
    return [name for name in _MODULES if name not in _WITHOUT_NETWORK and not network_note(name).is_file()]


_WITHOUT_WEIGHTS = "landmark-fit"


def default_model() -> str:
    """Name of the model that is used where a person names none: the best of those that can run."""
    return _WITHOUT_WEIGHTS if "lwa-hand" in models_without_extra() else "lwa-hand"


def fallback_models() -> tuple[str, ...]:
    """What is loaded where the chosen model cannot be: the default, then the one that has no weights to miss."""
    return tuple(dict.fromkeys((default_model(), _WITHOUT_WEIGHTS)))


def _entry(name: str) -> tuple[ModelCard, Factory]:
    if name not in _REGISTERED:
        if name not in _MODULES:
            raise BothhandsError(f"There is no model named {name!r}; choose one of: {', '.join(list_models())}.")
        with extra_for(f"The model {name}", EXTRA):
            importlib.import_module(_MODULES[name], __package__)
    return _REGISTERED[name]


def model_card(name: str) -> ModelCard:
    """The card of a model.

    Raises:
        BothhandsError: no model has this name; the text lists those there are.
    """
    return _entry(name)[0]


def reread_card(name: str) -> ModelCard:
    """The card of a model whose weights were put in place since the program began.

    Raises:
        BothhandsError: as `model_card`.
    """
    card, factory = _entry(name)
    if name in _REREAD:
        card = _REREAD[name]()
        _REGISTERED[name] = (card, factory)
    return card


def require_weights(name: str) -> None:
    """Refuse a network whose hands would mean nothing.

    Raises:
        BothhandsError: it has no weights, or there is no model of this name.
    """
    if model_card(name).untrained:
        former = f"; the network that was called {name} is {FORMER_NAMES[name]} now" if name in FORMER_NAMES else ""
        raise BothhandsError(
            f"The model {name} has no weights, so that its hands would mean nothing: import or install them "
            f"(`weights --help` shows how), or choose another model{former}."
        )


def create_model(name: str, hand_models: HandModels, device: str = "cpu") -> Reconstructor:
    """Build a model, weights loaded, not warmed up yet.

    Raises:
        BothhandsError: unknown name, or weights that are missing or do not fit.
    """
    return _entry(name)[1](hand_models, device)
