"""Fuzzing that follows coverage, with atheris: `python -m tests.fuzz.guided "camera file" [--seconds 120]`.

What leads to lines of Python that were not reached before is spoilt further; tests/fuzz/test_fuzz.py knows only what
kinds of damage there are. atheris is asked for by this module alone (`pip install atheris`; Linux and macOS). The input
that ends it lies in the folder that it names.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib
import sys
import tempfile
from pathlib import Path

_INSTRUMENTED = {
    "camera file": ("yaml", "tracking.camera_file", "tracking.camera_model"),
    "mano": ("models.mano_files",),
    "settings": ("app.settings",),
    "weights card": ("models.weights_notes",),
    "label folder": ("training.datasets.image_folder",),
    "archive list": ("app.archives.catalog",),
    "training configuration": ("tomllib", "training.config"),
    "addresses": ("app.outputs.streaming.addresses",),
    "sample file": ("training.data.sample_file",),
    "session.json": ("app.sessions.session",),
}
"""The readers of Python alone, and what is watched of each."""


def main() -> None:
    """Fuzz until the time is over, or something is found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reader", choices=_INSTRUMENTED)
    parser.add_argument("--seconds", type=int, default=120)
    options = parser.parse_args()
    try:
        import atheris
    except ImportError:
        parser.error("atheris is not installed: pip install atheris")
    with atheris.instrument_imports(include=list(_INSTRUMENTED[options.reader])):
        for name in _INSTRUMENTED[options.reader]:
            importlib.import_module(name)
    from models.errors import BothhandsError
    from tests.fuzz.readers import DOCUMENTED, READERS
    from tests.fuzz.seeds import KINDS, fresh

    kinds = [make() for reader, make in KINDS.values() if reader == options.reader]
    place = Path(tempfile.mkdtemp(prefix="bothhands-fuzz-"))
    corpus = fresh(place / "corpus")
    for kind in kinds:
        for content in (*kind.seeds, *kind.extra):
            (corpus / hashlib.sha256(content).hexdigest()).write_bytes(content)
    allowed = (BothhandsError, *DOCUMENTED.get(options.reader, ()))

    def read(content: bytes) -> None:
        kinds[0].lay_out(fresh(place / "x"), content)
        with contextlib.suppress(*allowed):
            READERS[options.reader](place / "x")

    limits = [f"-max_total_time={options.seconds}", "-timeout=10", f"-artifact_prefix={place}/", "-max_len=1048576"]
    atheris.Setup([sys.argv[0], *limits, str(corpus)], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
