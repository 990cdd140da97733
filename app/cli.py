"""The command line. Each command imports what it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from typer._click.core import Context as ClickContext
from typer._click.exceptions import ClickException  # typer's own copy of click, which gives no other name for it
from typer.core import TyperGroup

from app import __version__
from app.display import display_problem
from app.leaving import leave
from app.terminal import PlainConsole, prepare_streams, printable
from models.errors import BothhandsError
from models.extras import missing_package, require
from models.places import PROGRAM
from models.registry import default_model
from tracking.readings import READINGS, Readings

if TYPE_CHECKING:
    from app.processing import ProcessOptions


class _RunUnlessNamed(TyperGroup):
    """A group whose command `run` need not be named: `train PRESET` is `train run PRESET`."""

    def parse_args(self, ctx: ClickContext, args: list[str]) -> list[str]:
        """Put the name in."""
        return super().parse_args(ctx, args if args and args[0] in self.commands else ["run", *args])


cli = typer.Typer(
    name="bothhands",
    help="Two-hand tracking from one webcam: two live 3D hand meshes. Without a command: the window.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
weights = typer.Typer(help="Weights of the models.", no_args_is_help=True)
cli.add_typer(weights, name="weights")
train = typer.Typer(cls=_RunUnlessNamed, help="Train a network, or pack what a lent GPU needs for it.")
cli.add_typer(train, name="train")
sessions = typer.Typer(help="Recorded sessions.", no_args_is_help=True)
cli.add_typer(sessions, name="sessions")
out = PlainConsole()

Model = Annotated[str, typer.Option("--model", metavar="NAME", help="Reconstruction model; `models` lists them.")]


def _checked_device(name: str | None) -> str | None:
    """Before anything is opened or loaded for it."""
    from models.runtime.device import check_device_name

    return None if name is None else check_device_name(name)


def _writable_name(path: Path | None) -> Path | None:
    """Before the work is begun whose result cannot be written then."""
    longest = max((part for part in path.parts), key=lambda part: len(os.fsencode(part))) if path else ""
    if len(os.fsencode(longest)) > _LONGEST_NAME:
        raise BothhandsError(f"The name {shortened(longest)} is too long; choose one of at most {_LONGEST_NAME} bytes.")
    return path


_LONGEST_NAME = 230
"""Bytes: file systems take 255, and what is not finished yet has a longer name."""
_MOST = 1_000_000_000
"""Of what is counted; a larger number is a slip."""
Device = Annotated[
    str, typer.Option("--device", metavar="DEVICE", help="auto, cpu, cuda or cuda:N.", callback=_checked_device)
]
GivenDevice = Annotated[
    str | None,
    typer.Option("--device", metavar="DEVICE", help="auto, cpu, cuda or cuda:N.", callback=_checked_device),
]
Mano = Annotated[
    Path | None, typer.Option("--mano", metavar="DIR", help="Folder with official MANO_LEFT.pkl and MANO_RIGHT.pkl.")
]
Fov = Annotated[
    float | None,
    typer.Option("--fov", metavar="DEGREES", min=5, max=170, help="Horizontal; default: 60 across the longer side."),
]
CameraFile = Annotated[
    Path | None, typer.Option("--camera", metavar="FILE", help="Intrinsics: JSON or YAML, or an OpenCV calibration.")
]
Mirrored = Annotated[
    bool, typer.Option("--mirrored", help="The source shows everything mirrored, as selfie clips do: turn it back.")
]
Renderer = Annotated[str, typer.Option("--renderer", metavar="NAME", help="auto, moderngl, pyrender or cpu.")]
Vmc = Annotated[
    list[str] | None,
    typer.Option("--vmc", metavar="HOST:PORT", help="Stream finger bones to a VMC receiver; may be repeated."),
]
Osc = Annotated[
    list[str] | None,
    typer.Option("--osc", metavar="HOST:PORT", help="Stream joints and parameters as plain OSC; may be repeated."),
]
WebSocket = Annotated[
    str | None, typer.Option("--websocket", metavar="[HOST:]PORT", help="Serve hands to web pages. Default host: here.")
]
WebSocketOrigin = Annotated[
    list[str] | None,
    typer.Option("--websocket-origin", metavar="URL", help="Site whose pages may connect as well; may be repeated."),
]
VirtualCamera = Annotated[
    bool, typer.Option("--virtual-camera", help="Show the image with the hands as a webcam to other programs.")
]
ReadingsOption = Annotated[
    str,
    typer.Option("--readings", help="both, or only the model's network, or only the landmarks of MediaPipe's network."),
]
DEFAULT_MODEL = default_model()
T = TypeVar("T")

# Before anything imports numpy: the inverse kinematics solves many small systems, on which OpenBLAS's threads only wait
# for each other (ten times slower on a busy machine). Torch and OpenVINO have threads of their own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> NoReturn:
    """Run the command line; errors that a person can act on end in one sentence and exit code 2."""
    prepare_streams()
    code, sentence = 2, None
    try:
        code = cli(standalone_mode=False, prog_name=PROGRAM) or 0
    except BothhandsError as error:
        sentence = str(error)
    except ClickException as error:
        sentence = usage_sentence(error)  # none where a group was called without a command and has shown its help
    except ModuleNotFoundError as error:
        problem = missing_package(error)
        if problem is None:
            raise
        sentence = str(problem)
    except BrokenPipeError:  # whoever read has seen enough
        code = 1
        sys.stdout = open(os.devnull, "w")  # noqa: PTH123, SIM115 - what is still to be written goes nowhere
    except OSError as error:
        if error.errno is None:
            raise
        sentence = os_error_sentence(error)
    if sentence is not None:
        PlainConsole(stderr=True).say(f"bothhands: {sentence}")
    leave(code)


def catch_ctrl_c() -> None:
    """Ctrl+C raises KeyboardInterrupt from now on: work begins that is to be ended in order.

    Before, it ends the program at once, as `bothhands.__main__` says: libraries are imported, some of which take an
    exception in the midst of it for their own failure. Where something else was made of it, that stays.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def usage_sentence(error: ClickException) -> str | None:
    """What is wrong with the command line, and where its right form stands; None where nothing is."""
    message = error.format_message().strip().rstrip(".")
    if not message:
        return None
    context = getattr(error, "ctx", None)
    path = f" {context.command_path.partition(' ')[2]}".rstrip() if context is not None else ""
    return f"{message}; `{PROGRAM}{path} --help` shows what can be said."


def shortened(name: str) -> str:
    """A name that fits into a sentence."""
    return f"{name[:60]}…{name[-20:]}" if len(name) > 100 else name


def os_error_sentence(error: OSError) -> str:
    """What the operating system refuses, where nobody nearer to it could say more."""
    shown = shortened(str(error.filename)) if error.filename is not None else ""
    if error.errno == errno.ENAMETOOLONG:
        return f"The name {shown} is too long; choose a shorter one."
    return f"{shown or 'A file, or what this is printed to,'} cannot be used: {error.strerror}."


@cli.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    """Two-hand tracking from one webcam: two live 3D hand meshes. Without a command: the window."""
    if version:
        out.print(f"bothhands {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is not None:
        return
    problem = display_problem()
    if problem is None:
        _open_window()
        return
    from app.demo import demo_clip

    out.say(f"{problem}, so the demo clip is processed without a window.")
    process(str(demo_clip()))


@cli.command()
def run(
    source: Annotated[
        str | None, typer.Option("--source", metavar="0|FILE|FOLDER|URL", help="Default: the first working camera.")
    ] = None,
    mirrored: Mirrored = False,
    model: Annotated[str | None, typer.Option("--model", metavar="NAME", help="`models` lists them.")] = None,
    device: GivenDevice = None,
    mano: Mano = None,
    fov: Fov = None,
    camera: CameraFile = None,
    readings: Annotated[
        str | None, typer.Option("--readings", help="both, network or landmarks: what the tracker reads.")
    ] = None,
    renderer: Annotated[str | None, typer.Option("--renderer", help="auto, moderngl, pyrender or cpu.")] = None,
    vmc: Vmc = None,
    osc: Osc = None,
    websocket: WebSocket = None,
    websocket_origin: WebSocketOrigin = None,
    virtual_camera: VirtualCamera = False,
) -> None:
    """Open the window. What is given here holds for this start; the rest is as it was left."""
    problem = display_problem()
    if problem is not None:
        raise BothhandsError(f"{problem}; use `process SOURCE` instead.")
    if model is not None:
        from models.registry import require_weights

        require_weights(model)
    from app.outputs.streaming.settings import given_streams, stream_settings
    from tracking.sources import storable

    _open_window(
        source=None if source is None else storable(source),
        model=model,
        readings=None if readings is None else _choice("--readings", readings, READINGS),
        device=device,
        mano_dir=mano,
        fov=fov,
        camera_file=camera,
        renderer=renderer,
        websocket_origins=tuple(websocket_origin) if websocket_origin else None,
        mirrored_files=mirrored or None,
        mirrored_cameras=mirrored or None,
        **stream_settings(given_streams(vmc, osc, websocket, virtual_camera)),
    )


def _open_window(**overrides: Any) -> None:
    from app.settings import SettingsStore
    from app.window import run_window

    raise typer.Exit(run_window(SettingsStore.load(**overrides)))


@cli.command()
def process(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="Video, image, folder of images, camera; or an archive: folder of videos, or list.txt.",
        ),
    ],
    model: Model = DEFAULT_MODEL,
    out_dir: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Session folder to write. Default: out/NAME-TIME.", callback=_writable_name
        ),
    ] = None,
    video: Annotated[
        Path | None,
        typer.Option(
            "--video", metavar="FILE", help="Overlay video. Default: overlay.mp4 in DIR.", callback=_writable_name
        ),
    ] = None,
    no_video: Annotated[bool, typer.Option("--no-video", help="No overlay: only the parameters.")] = False,
    keep_frames: Annotated[bool, typer.Option("--keep-frames", help="Store the raw frames too (video.mkv).")] = False,
    detector: Annotated[
        str, typer.Option("--detector", help="auto, openvino or mediapipe. full-frame: as --full-frame.")
    ] = "auto",
    full_frame: Annotated[
        bool, typer.Option("--full-frame", help="The whole image, padded square, is the crop.")
    ] = False,
    sequence: Annotated[
        bool, typer.Option("--sequence", help="A folder of images is one clip, not independent images.")
    ] = False,
    mirrored: Mirrored = False,
    raw: Annotated[bool, typer.Option("--raw", help="No smoothing.")] = False,
    readings: ReadingsOption = "both",
    view: Annotated[str, typer.Option("--view", help="mesh, skeleton or mesh+skeleton.")] = "mesh",
    device: Device = "auto",
    mano: Mano = None,
    fov: Fov = None,
    camera: CameraFile = None,
    renderer: Renderer = "auto",
    vmc: Vmc = None,
    osc: Osc = None,
    websocket: WebSocket = None,
    websocket_origin: WebSocketOrigin = None,
    virtual_camera: VirtualCamera = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, max=1024, help="Archives: videos at a time. Default: one a core."),
    ] = None,
    ray: Annotated[
        str | None, typer.Option("--ray", metavar="ADDRESS", help="Archives: let this Ray cluster do the work.")
    ] = None,
) -> None:
    """Track every frame of a source without a window and write a session folder; of an archive, one for each video."""
    from app.archives.catalog import is_archive
    from app.interruption import interruptible
    from app.outputs.streaming.settings import given_streams
    from app.processing import ProcessOptions, process_source
    from tracking.smoothing import SmoothingSettings

    crops_all = _choice("--detector", detector, ("auto", "openvino", "mediapipe", "full-frame")) == "full-frame"
    options = ProcessOptions(
        source=source,
        model=model,
        out=out_dir,
        video=video,
        overlay=not no_video,
        keep_frames=keep_frames,
        detector="auto" if crops_all else detector,
        full_frame=full_frame or crops_all,
        sequence=sequence,
        mirrored=mirrored,
        readings=_choice("--readings", readings, READINGS),
        smoothing=None if raw else SmoothingSettings(),
        view=_choice("--view", view, ("mesh", "skeleton", "mesh+skeleton")),
        device=device,
        mano_dir=mano,
        fov=fov,
        camera_file=camera,
        renderer=_choice("--renderer", renderer, ("auto", "moderngl", "pyrender", "cpu")),
        streams=given_streams(vmc, osc, websocket, virtual_camera),
        websocket_origins=websocket_origin or (),
    )
    if not sequence and is_archive(source):
        _process_archive(options, workers, ray)
        return
    if workers or ray:
        raise BothhandsError("--workers and --ray are for archives: name a folder of videos, or a list of them (.txt).")
    with interruptible() as interruption:
        try:
            result = _with_progress("Tracking", lambda tick: process_source(options, tick))
        except KeyboardInterrupt:  # before the first frame, or a second time: nothing to tell of
            raise typer.Exit(interruption.exit_code) from None
    for line in result.lines():
        out.say(line)
    if result.stopped:
        raise typer.Exit(interruption.exit_code)


def _process_archive(options: ProcessOptions, workers: int | None, ray: str | None) -> None:
    from app.archives.archive import process_archive
    from app.archives.progress import ArchiveBar
    from app.archives.report import REPORT_FILE

    bar = ArchiveBar()
    catch_ctrl_c()
    try:
        report = process_archive(options, workers=workers, ray=ray, changed=bar.show)
    finally:
        bar.close()
    out.print(report.table())
    for line in (report.text(), f"Report: {report.folder / REPORT_FILE}"):
        out.say(line)
    if report.stopped:
        raise typer.Exit(130)
    if not report.complete:
        raise typer.Exit(1)


@cli.command()
def models(json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """List the models: parameters, GMACs at 256x256, weights, licence."""
    from app.reports import models_report, models_text

    if json:
        _print_json(models_report())
    else:
        out.say(models_text())


@cli.command()
def doctor(mano: Mano = None) -> None:
    """Say what this machine has and lacks, and the command that fixes it."""
    from app.doctor import diagnose, report

    findings = diagnose(mano)
    out.print(report(findings), soft_wrap=True)
    if any(finding.state == "missing" for finding in findings):
        raise typer.Exit(1)


@cli.command()
def bench(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Video to measure on.")],
    json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    frames: Annotated[
        int, typer.Option("--frames", min=20, max=_MOST, help="Frames to measure, from the start.")
    ] = 240,
    size: Annotated[str, typer.Option("--size", metavar="WxH", help="Size that frames are brought to.")] = "640x360",
    device: Device = "auto",
    renderer: Renderer = "auto",
) -> None:
    """Measure every model and stage in one run, beside MediaPipe Hands alone on the same frames."""
    from app.bench import bench_table, measure, parse_size

    result = _with_progress("Measuring", lambda tick: measure(source, frames, parse_size(size), device, renderer, tick))
    if json:
        _print_json(result)
    else:
        out.print(bench_table(result))


@cli.command()
def evaluate(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="ANNOTATIONS.json of real frames; or synthetic:one|apart|contact|mixed, cutouts:DIR, images:DIR, "
            "interhand:DIR or hic:DIR; or a DIR.",
        ),
    ],
    model: Annotated[
        str, typer.Option("--model", metavar="NAME", help="A model that `models` lists, or mediapipe alone.")
    ] = DEFAULT_MODEL,
    weights_file: Annotated[
        Path | None, typer.Option("--weights", metavar="FILE", help="Of a network, in place of the installed ones.")
    ] = None,
    layout: Annotated[str, typer.Option("--layout", help="Of a DIR: images, interhand or hic.")] = "images",
    split: Annotated[
        str | None,
        typer.Option(
            "--split", help="test, val, train or held-out. Default: what the source has for evaluation, or all."
        ),
    ] = None,
    looks: Annotated[
        int,
        typer.Option(
            "--looks", min=1, max=2, help="2: a second crop pass, in the squares that the app cuts around hands."
        ),
    ] = 1,
    count: Annotated[
        int | None,
        typer.Option("--count", min=1, max=_MOST, help="Images. Default: all; 200 of synthetic and composite ones."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=_MOST, help="Of synthetic and composite images.")] = 0,
    out_dir: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Write evaluation.json and evaluation.png there.", callback=_writable_name
        ),
    ] = None,
    readings: Annotated[
        str | None, typer.Option("--readings", help="Of annotated frames: both, network or landmarks. Default: both.")
    ] = None,
    frames: Annotated[
        Path | None,
        typer.Option("--frames", metavar="PATH", help="Clip or folder of the annotated frames. Default: beside them."),
    ] = None,
    still: Annotated[
        bool, typer.Option("--still", help="Annotated frames stand alone: no frame before them is tracked.")
    ] = False,
    device: Device = "auto",
    mano: Mano = None,
) -> None:
    """Evaluate a model on frames annotated by eye, or on labelled images; docs/evaluation.md explains both."""
    if source.lower().endswith(".json"):
        given = {"--weights": weights_file, "--split": split, "--count": count, "--looks": looks if looks > 1 else None}
        extra = next((name for name, value in given.items() if value is not None), None)
        if extra is not None:
            raise BothhandsError(f"{extra} is for labelled images, not for annotated frames: leave it out.")
        choice: Readings = _choice("--readings", readings or "both", READINGS)
        _evaluate_annotated(Path(source), frames, model, choice, device, mano, still, out_dir)
        return
    if readings is not None or frames is not None or still:
        raise BothhandsError("--readings, --frames and --still are for annotated frames: name their .json file.")
    require("The command evaluate, for labelled images,", "train")
    from app.evaluation import EvaluationOptions, evaluate_model, source_name
    from training.metrics.report import table, write

    options = EvaluationOptions(
        source=source_name(source, _choice("--layout", layout, ("images", "interhand", "hic"))),
        model=model,
        weights=weights_file,
        split=None if split is None else _choice("--split", split, ("test", "val", "train", "held-out")),
        looks=looks,
        count=count,
        seed=seed,
        device=device,
        mano_dir=mano,
    )
    figures, skipped = _with_progress("Judging", lambda tick: evaluate_model(options, tick))
    out.print(table(figures))
    if skipped:
        out.say(skipped)
    if out_dir is not None:
        write(figures, out_dir)


def _evaluate_annotated(
    annotations: Path,
    frames: Path | None,
    model: str,
    readings: Readings,
    device: str,
    mano: Path | None,
    still: bool,
    out_dir: Path | None,
) -> None:
    from app.annotated_evaluation import AnnotatedOptions, score_annotated, score_table, write_score

    options = AnnotatedOptions(
        annotations=annotations,
        frames=frames,
        model=model,
        readings=readings,
        device=device,
        mano_dir=mano,
        independent=still,
    )
    result = _with_progress("Tracking", lambda tick: score_annotated(options, tick))
    out.print(score_table(result))
    if out_dir is not None:
        write_score(result, out_dir)


@cli.command()
def synthesize(
    out_path: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder; with --preview a .png or .jpg file.", callback=_writable_name)
    ],
    count: Annotated[int, typer.Option("--count", min=1, max=_MOST, help="Samples to make.")] = 32,
    seed: Annotated[int, typer.Option("--seed", min=0, max=_MOST, help="The same seed gives the same samples.")] = 0,
    stage: Annotated[str, typer.Option("--stage", help="one, apart, contact or mixed.")] = "mixed",
    preview: Annotated[bool, typer.Option("--preview", help="One contact sheet with the labels drawn.")] = False,
    backgrounds: Annotated[
        Path | None,
        typer.Option("--backgrounds", metavar="DIR", help="Images without hands, as backgrounds."),
    ] = None,
) -> None:
    """Render synthetic training images of hands, with exact labels."""
    require("The command synthesize", "train")
    from training.synthesize import synthesize
    from training.synthetic.placement import STAGES, Stage

    kind: Stage = _choice("--stage", stage, STAGES)

    def work(tick: Callable[[int, int | None], None]) -> None:
        for done in synthesize(out_path, count, seed, kind, preview, backgrounds):
            tick(done, count)

    _with_progress("Drawing", work)
    out.say(f"Wrote {out_path}")


@cli.command()
def label(
    sources: Annotated[list[Path], typer.Argument(metavar="SOURCE...", help="Folders, images and clips.")],
    out_dir: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder to write; new or empty.", callback=_writable_name)
    ],
    source_name: Annotated[str, typer.Option("--source-name", metavar="TEXT", help="Who made the images.")],
    licence: Annotated[str, typer.Option("--licence", metavar="TEXT", help="Under which terms they may be used.")],
    one_hand: Annotated[bool, typer.Option("--one-hand", help="Every image shows one hand and no more.")] = False,
    side: Annotated[str | None, typer.Option("--side", help="Of that hand, where it is always the same.")] = None,
    by_views: Annotated[
        bool, typer.Option("--by-views", help="What stands before a name's last dash tells the hand shape.")
    ] = False,
    run: Annotated[
        int,
        typer.Option(
            "--run", metavar="N", min=1, max=_MOST, help="N images in name order belong together when held out."
        ),
    ] = 1,
    every: Annotated[
        int, typer.Option("--every", metavar="K", min=1, max=_MOST, help="Take every K-th frame of clips.")
    ] = 3,
    fov: Annotated[
        float | None,
        typer.Option("--fov", metavar="DEGREES", min=5, max=170, help="Across the longer side; default: 60."),
    ] = None,
    preview: Annotated[
        Path | None,
        typer.Option(
            "--preview", metavar="FILE", help="A contact sheet, .png or .jpg, to look at.", callback=_writable_name
        ),
    ] = None,
) -> None:
    """Label images of real hands for training, by MediaPipe and the fitted hand model."""
    from models.values import SIDES
    from training.labelling import LabellingOptions, label_pictures, write_preview

    options = LabellingOptions(
        sources=sources,
        out=out_dir,
        source_name=source_name,
        licence=licence,
        one_hand=one_hand,
        side=None if side is None else _choice("--side", side, SIDES),
        by_views=by_views,
        run=run,
        every=every,
        fov=fov,
    )
    report = _with_progress("Labelling", lambda tick: label_pictures(options, tick))
    for line in report.lines():
        out.say(line)
    if preview is not None:
        write_preview(out_dir, preview)


@cli.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Session folder.")],
    format: Annotated[str, typer.Option("--format", help="npz, csv, glb, bvh, mp4 or rrd; docs/export.md tells more.")],
    out_path: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="PATH", help="File or folder to write. Default: into DIR.", callback=_writable_name
        ),
    ] = None,
    smooth: Annotated[bool, typer.Option("--smooth", help="A second smoothing pass, without delay.")] = False,
    rig_only: Annotated[
        bool, typer.Option("--rig-only", help="glb: four influences a vertex and no morph targets.")
    ] = False,
    unit: Annotated[str, typer.Option("--unit", help="bvh: m or cm.")] = "m",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an older file.")] = False,
    mano: Mano = None,
    run_name: Annotated[
        str | None, typer.Option("--run", metavar="NAME", help="Hands of this run of another model, not the recorded.")
    ] = None,
) -> None:
    """Export a session to a file of another program; docs/export.md tells how it gets into Blender."""
    from app.outputs.export import ExportOptions, export_session
    from app.outputs.export.formats import UNITS

    options = ExportOptions(
        session=folder,
        format=format,
        out=out_path,
        smooth=smooth,
        rig_only=rig_only,
        unit=_choice("--unit", unit, UNITS),
        overwrite=overwrite,
        mano_dir=mano,
        run=run_name,
    )
    try:
        result = _with_progress("Exporting", lambda tick: export_session(options, tick))
    except KeyboardInterrupt:
        out.print("Stopped; nothing was written.")
        raise typer.Exit(130) from None
    for line in (result.wrote, *result.notes):
        out.say(line)
    for line in result.warnings:
        PlainConsole(stderr=True).say(f"bothhands: {line}")


@train.command("run")
def run_training(
    config: Annotated[
        str, typer.Argument(metavar="PRESET|FILE", help="A preset by name, or a TOML file of that form.")
    ],
    out_dir: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="The run's folder; a run there goes on.", callback=_writable_name),
    ],
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=0, max=1024, help="Processes that make images. Default: by the cores."),
    ] = None,
    device: Device = "auto",
) -> None:
    """Train a network; docs/training.md tells how. Under torchrun: on several GPUs and machines.

    `train pack PRESET --out DIR` packs what a lent GPU needs; docs/lent-gpu.md tells how.
    """
    require("The command train", "train")
    from app.training import TrainOptions, train_model

    options = TrainOptions(config=config, folder=out_dir, device=device, workers=workers)
    weights_file = _with_progress("Training", lambda tick: train_model(options, tick))
    if os.environ.get("RANK", "0") == "0":
        out.say(f"The weights are in {weights_file}.")


@train.command("pack")
def pack_training(
    config: Annotated[str, typer.Argument(metavar="PRESET|FILE", help="Of one stage.")],
    out_dir: Annotated[Path, typer.Option("--out", metavar="DIR", help="Empty folder.", callback=_writable_name)],
    images: Annotated[
        int, typer.Option("--images", min=1, help="Of endless sources together, and at most of each other.")
    ] = 30000,
    mib: Annotated[float, typer.Option("--mib", min=1.0, help="Largest shard; the first with what all need.")] = 60.0,
    quality: Annotated[int, typer.Option("--quality", min=1, max=95, help="Of the JPEG images.")] = 85,
) -> None:
    """Pack images, labels, weights and code for minutes of a lent GPU; docs/lent-gpu.md tells how."""
    require("The command train", "train")
    from training.pack import PackOptions, pack, told

    options = PackOptions(config=config, folder=out_dir, images=images, largest=int(mib * 2**20), quality=quality)
    out.say(told(options, _with_progress("Packing", lambda tick: pack(options, tick))))


@weights.command("install")
def install_weights(
    file: Annotated[Path, typer.Argument(metavar="FILE.safetensors", help="What `train` wrote.")],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="Which model's weights they are.")],
) -> None:
    """Make trained weights those that the app uses."""
    from app.weights import install

    out.say(f"{model} now uses {install(model, file)}.")


@weights.command("import")
def import_weights(
    checkpoint: Annotated[Path, typer.Argument(metavar="CHECKPOINT", help="The file as its authors publish it.")],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="eanet or eanet-light.")],
    out_file: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Safetensors file to write.", callback=_writable_name)
    ],
) -> None:
    """Turn a published checkpoint into a safetensors file; nothing in it is executed."""
    from app.weights import import_weights

    out.say(import_weights(model, checkpoint, out_file))


@cli.command()
def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the session.")],
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Run this model over it, to compare with.")
    ] = None,
    device: GivenDevice = None,
    mano: Mano = None,
    renderer: Annotated[str | None, typer.Option("--renderer", help="auto, moderngl, pyrender or cpu.")] = None,
) -> None:
    """Show a recorded session in a window: any frame, any speed, any two runs side by side."""
    from app.replay.clip import open_clip
    from app.settings import SettingsStore
    from app.window import run_replay_window

    settings = SettingsStore.load(device=device, mano_dir=mano, renderer=renderer).current
    clip = open_clip(folder, settings.mano_dir)
    if model is not None:
        clip.check_runnable(model)
    problem = display_problem()
    if problem is not None:
        raise BothhandsError(f"{problem}; `export` makes a video without one.")
    raise typer.Exit(run_replay_window(clip, settings, model))


@sessions.command("list")
def list_sessions(
    folder: Annotated[
        Path | None, typer.Argument(metavar="[FOLDER]", help="Folder of sessions. Default: where the window records.")
    ] = None,
) -> None:
    """List sessions: length, frames, model, size and whether they are complete."""
    from app.sessions.listing import list_sessions, sessions_table
    from app.settings import SettingsStore

    root = folder or SettingsStore.load().current.recordings
    summaries = list_sessions(root) if folder or root.exists() else []
    if summaries:
        out.print(sessions_table(summaries))
    else:
        out.say(f"There are no sessions in {root}.")
    for summary in summaries:
        if summary.problem:
            out.say(summary.problem)


@sessions.command("recover")
def recover_session(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the session.")],
) -> None:
    """Complete a session whose recording was cut off by a crash; what cannot be read is kept beside."""
    from app.sessions.recovery import recover

    out.say(recover(folder).text())


def _choice(option: str, value: str, allowed: tuple[T, ...]) -> T:
    for choice in allowed:
        if choice == value:
            return choice
    raise BothhandsError(f"{option} cannot be {value!r}; choose one of: {', '.join(map(str, allowed))}.")


def _print_json(value: object) -> None:
    import json

    sys.stdout.write(json.dumps(value, indent=2) + "\n")


def _with_progress(title: str, work: Callable[[Callable[..., None]], T]) -> T:
    """Run `work` with a progress bar on stderr; it is given a function (done, total, text=None) to call.

    The bar appears with the first call, so that what fails before it has begun is one sentence and nothing else.
    """
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=PlainConsole(stderr=True))
    task = progress.add_task(title, total=None)

    def tick(done: int, total: int | None, text: str | None = None) -> None:
        progress.start()
        progress.update(task, completed=done, total=total, description=None if text is None else printable(text))

    catch_ctrl_c()
    try:
        return work(tick)
    finally:
        if progress.live.is_started:  # else it would print an empty line
            progress.stop()
