"""What a run of training is: read from a TOML file or a preset of that form."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, model_validator

from models.errors import BothhandsError
from training.data.augment import Augmentation
from training.names import TRAINABLE

_LARGEST_FILE = 256 << 10
_MOST_DOTS = 200
_PRESETS = resources.files(__package__ or "") / "presets"
Share = Annotated[float, Field(gt=0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StageConfig(_Frozen):
    """A part of a run with its own images.

    Attributes:
        name: for people.
        steps: batches.
        size: side of the images, px. Where it changes, EANet's embeddings of places in the image are resampled.
        data: share of each source in a batch, see `training.data.sources`.
        rate: factor on the learning rate.
        augmentation: of all images.
        frozen: what stays as it is in this stage, besides the run's.
    """

    name: str
    steps: int = Field(gt=0)
    size: int = Field(default=256, gt=0, multiple_of=32)
    data: dict[str, Share] = Field(min_length=1)
    rate: float = Field(default=1.0, gt=0)
    augmentation: Augmentation = Augmentation()
    frozen: tuple[str, ...] = ()


class TrainConfig(_Frozen):
    """A run.

    Attributes:
        model: name in the registry, or "eanet-backbone": EANet's backbone alone, see `hints`; see also
            `training.names`.
        ablation: of EANet, a key of `models.eanet.config.ABLATIONS`.
        network: other constructor arguments of the network.
        start: "pretrained" (LWA-HAND: the trunk in the mediapipe wheel), "scratch", or a safetensors file of the
            model, trained at any size of images.
        backbone: EANet: file with the state dict of a torchvision ResNet-50, the weights of a run of
            "eanet-backbone", or those of an `lwa-hand` where its encoder is the backbone.
        teacher: safetensors file of an `lwa-hand` whose meshes stand in where an image has none.
        hints: safetensors file of an `lwa-hand`, whose encoder's feature maps "eanet-backbone" learns, and EANet's
            ResNet beside the labels, weighted by `hints` of `loss_weights`.
        mano: folder with official MANO files: the hand model that the network learns, which the app then needs, too.
            Without, it is the free one.
        seed: of everything random.
        batch_size: images a step, over all processes.
        optimiser: "adamw", or "muon": that for the matrices between first and last layers, AdamW for the rest, see
            `training.run.optimisers`.
        learning_rate: at its height.
        start_rate: factor on the learning rate of parts that start trained.
        weight_decay: of AdamW; 0 is Adam.
        betas: of Adam.
        schedule: "cosine" falls to a hundredth over the whole run, after a rise over `warm_up` steps; "steps" falls to
            a tenth after each of `falls`, parts of the run.
        warm_up: steps.
        falls: see `schedule`.
        gradient_clip: largest norm of a step's gradient; 0 clips nothing.
        ema: decay of the averaged weights, which are those that are kept; 0 keeps the last.
        frozen: starts of parameters' names, such as "encoder.stages.0": these stay as they start, and what lies before
            the first trained one costs no way back.
        precision: "bf16" computes layers in bfloat16, weights stay float32; "bf16-products" computes matrix products
            alone so, where the processor's convolutions are faster in float32.
        weak_trust: in meshes of pseudo-labels, against 1 in exact ones; see `training.data.examples`.
        reuse: images drawn from one rendered scene, see `Synthesiser`.
        pool: folder for images of endless sources that are made once, at the start, and shown over and over, each
            time changed anew; runs with the same sources and seed share it. None: every image is new.
        pool_images: how many a pool holds, of all endless sources of a stage by their shares; `pool_pictures` in older
            files.
        loss_weights: by term, where they differ from the task's own.
        validate_every: steps between validations on held-out images.
        validation: source to how many of its images are evaluated.
        checkpoint_every: steps.
        stages: in order.
    """

    model: str
    ablation: str | None = None
    network: dict[str, Any] = {}
    start: str = "scratch"
    backbone: Path | None = None
    teacher: Path | None = None
    hints: Path | None = None
    mano: Path | None = None
    seed: int = Field(default=0, ge=0)
    batch_size: int = Field(default=32, gt=0)
    optimiser: Literal["adamw", "muon"] = "adamw"
    learning_rate: float = Field(1e-3, gt=0)
    start_rate: float = Field(default=1.0, gt=0)
    weight_decay: float = Field(default=0.0, ge=0)
    betas: tuple[float, float] = (0.9, 0.999)
    schedule: Literal["cosine", "steps"] = "cosine"
    warm_up: int = Field(default=100, ge=0)
    falls: tuple[float, ...] = ()
    gradient_clip: float = Field(default=5.0, ge=0)
    ema: float = Field(default=0.999, ge=0, lt=1)
    frozen: tuple[str, ...] = ()
    precision: Literal["fp32", "bf16", "bf16-products"] = "fp32"
    weak_trust: float = Field(default=0.3, ge=0, le=1)
    reuse: int = Field(default=4, gt=0)
    pool: Path | None = None
    pool_images: int = Field(default=30000, gt=0, validation_alias=AliasChoices("pool_images", "pool_pictures"))
    loss_weights: dict[str, float] = {}
    validate_every: int = Field(default=500, gt=0)
    validation: dict[str, int] = {}
    checkpoint_every: int = Field(default=200, gt=0)
    stages: tuple[StageConfig, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits(self) -> TrainConfig:
        if self.model not in TRAINABLE:
            raise ValueError(f"there is no network {self.model!r} to train; choose one of: {', '.join(TRAINABLE)}")
        network = TRAINABLE[self.model]
        for name, field in type(self).model_fields.items():
            is_given = getattr(self, name) != field.get_default(call_default_factory=True)
            if is_given and name in network.refuses:
                raise ValueError(f"{self.model} takes no {name}")
            if not is_given and name in network.needs:
                raise ValueError(f"{self.model} needs {name}")
        if self.hints is not None and "backbone" in self.network:
            raise ValueError("hints are for EANet's ResNet, and another backbone takes none")
        return self

    @property
    def steps(self) -> int:
        """Of all stages."""
        return sum(stage.steps for stage in self.stages)

    def stage_at(self, step: int) -> int:
        """Number of the stage that a step, from 0, belongs to; the last one's after the end."""
        end = 0
        for number, stage in enumerate(self.stages):
            end += stage.steps
            if step < end:
                return number
        return len(self.stages) - 1


def presets() -> list[str]:
    """Names of the presets."""
    return sorted(entry.name.removesuffix(".toml") for entry in _PRESETS.iterdir() if entry.name.endswith(".toml"))


def load_config(name_or_file: str) -> TrainConfig:
    """A preset by name, or a file of that form.

    Raises:
        BothhandsError: there is neither, or it cannot be read or makes no sense; the text says where.
    """
    path = Path(name_or_file)
    if path.suffix == ".toml":
        if not path.is_file():
            raise BothhandsError(
                f"There is no configuration {path}; name a TOML file or one of: {', '.join(presets())}."
            )
        text = _read(path)
    elif name_or_file in presets():
        text = (_PRESETS / f"{name_or_file}.toml").read_text(encoding="utf-8")
    else:
        raise BothhandsError(
            f"There is no preset {name_or_file!r}; choose one of {', '.join(presets())}, or a TOML file."
        )
    try:
        return TrainConfig.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise BothhandsError(f"The configuration {name_or_file} {first_problem(error)}.") from error
    except (ValueError, RecursionError) as error:  # also numbers too long, and brackets too deep, to be read
        raise BothhandsError(f"The configuration {name_or_file} is no TOML: {error}.") from error


def _read(path: Path) -> str:
    """A file's text.

    Raises:
        BothhandsError: it cannot be read, or is nothing that a person wrote as a configuration.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise BothhandsError(f"{path} is too large to be a configuration of a run; name another file.")
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BothhandsError(f"The configuration {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise BothhandsError(f"The configuration {path} is no TOML: it is not UTF-8 text.") from error
    # The time that a dotted key takes to read grows with the square of its parts.
    if any(line.count(".") > _MOST_DOTS for line in text.splitlines()):
        raise BothhandsError(f"The configuration {path} has a line of more than {_MOST_DOTS} dots; write it shorter.")
    return text


def first_problem(error: ValidationError) -> str:
    """The first thing wrong, as the end of a sentence."""
    first = error.errors()[0]
    place = ".".join(map(str, first["loc"])) or "as a whole"
    return f"is not as it should be at {place}: {first['msg']}"
