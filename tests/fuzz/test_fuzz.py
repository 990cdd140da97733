"""Every reader of files from elsewhere gives a value or one sentence, whatever the file: no traceback, no signal, no
second of work, no hang.

A few examples of each here; `make fuzz` spoils files for two minutes each, or for `BOTHHANDS_FUZZ_SECONDS`. What fails
is kept in the folder that the message names.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.mutations import contents
from tests.fuzz.seeds import KINDS, Kind, fresh
from tests.fuzz.worker import Worker

SECONDS = float(os.environ.get("BOTHHANDS_FUZZ_SECONDS", "120"))
FOUND = Path(tempfile.gettempdir()) / "bothhands-fuzz"
_EXAMPLES = 25
_ROUND = 200
_RECOVERS_SLOWLY = {"label folder": 12, "EANet's checkpoint": 12, "recovery": 12}
"""Fewer examples where one takes long."""


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    running = Worker()
    yield running
    running.close()


def spoil(worker: Worker, name: str, folder: Path, count: int, number: int) -> None:
    """Read so many mutations of a kind of file; all that fail are kept, and the first is shown."""
    reader, make = KINDS[name]
    kind = make()
    worker.warm(reader)
    failures: list[str] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=(Phase.generate,),  # the first that is found is as good as a shrunk one, which a crash makes slow
        suppress_health_check=list(HealthCheck),
    )
    @given(content=contents(kind.seeds, document=kind.document, extra=kind.extra))
    def examples(content: bytes) -> None:
        check(worker, name, kind, folder, content, failures)

    examples()
    assert not failures, f"{len(failures)} inputs:\n" + "\n\n".join(failures[:3])


def check(worker: Worker, name: str, kind: Kind, folder: Path, content: bytes, failures: list[str]) -> None:
    kind.lay_out(fresh(folder), content)
    answer = worker.read(KINDS[name][0], folder)
    if answer.outcome == "slow":  # once more: a machine can be busy with other things
        kind.lay_out(fresh(folder), content)
        answer = worker.read(KINDS[name][0], folder)
    if not answer.fine:
        kept = FOUND / f"{hashlib.sha256(content).hexdigest()[:12]}-{kind.name.replace('/', '-')}"
        FOUND.mkdir(exist_ok=True)
        kept.write_bytes(content)
        failures.append(f"{answer.outcome} on {kept}: {answer.text}")


@pytest.mark.parametrize("name", KINDS)
def test_seeds_are_good(name: str, worker: Worker, tmp_path: Path):
    """Else only the refusals would be tried."""
    if name in ("MANO file", "EANet's checkpoint", "picture, gif"):
        pytest.skip("made small, or not read at all, so that it is refused on purpose")
    reader, make = KINDS[name]
    kind = make()
    for content in kind.seeds:
        kind.lay_out(fresh(tmp_path / "x"), content)
        worker.warm(reader)
        assert worker.read(reader, tmp_path / "x").outcome == "value"


@pytest.mark.parametrize("name", KINDS)
def test_some_spoilt_files(name: str, worker: Worker, tmp_path: Path):
    spoil(worker, name, tmp_path / "x", _RECOVERS_SLOWLY.get(name, _EXAMPLES), 0)


@pytest.mark.parametrize("name", KINDS)
def test_files_that_are_known_to_be_bad(name: str, worker: Worker, tmp_path: Path):
    reader, make = KINDS[name]
    kind = make()
    worker.warm(reader)
    failures: list[str] = []
    for content in kind.extra:
        check(worker, name, kind, tmp_path / "x", content, failures)
    assert not failures, "\n\n".join(failures)


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_many_spoilt_files(name: str, worker: Worker, tmp_path: Path):
    end = time.monotonic() + SECONDS
    number = int.from_bytes(os.urandom(4), "big")
    failed: list[str] = []
    while time.monotonic() < end:
        try:
            spoil(worker, name, tmp_path / "x", _ROUND, number)
        except AssertionError as error:
            failed.append(str(error))
        number += 1
    assert not failed, "\n\n".join(failed[:5])
