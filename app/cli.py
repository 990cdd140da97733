"""The command line: it starts a command and says in one sentence what went wrong."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from typing import NoReturn

from typer._click.exceptions import ClickException  # typer's own copy of click, which gives no other name for it

from app.commands import cli
from app.commands.console import shortened
from app.leaving import leave
from app.terminal import PlainConsole, prepare_streams
from models.errors import BothhandsError
from models.extras import missing_package
from models.places import PROGRAM


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
        with contextlib.suppress(OSError):  # where nothing can be printed, the exit code says it
            PlainConsole(stderr=True).say(f"bothhands: {sentence}")
    leave(code)


def usage_sentence(error: ClickException) -> str | None:
    """What is wrong with the command line, and where its right form stands; None where nothing is."""
    message = error.format_message().strip().rstrip(".")
    if not message:
        return None
    context = getattr(error, "ctx", None)
    path = f" {context.command_path.partition(' ')[2]}".rstrip() if context is not None else ""
    return f"{message}; `{PROGRAM}{path} --help` shows what can be said."


def os_error_sentence(error: OSError) -> str:
    """What the operating system refuses, where nobody nearer to it could say more."""
    shown = shortened(str(error.filename)) if error.filename is not None else ""
    if error.errno == errno.ENAMETOOLONG:
        return f"The name {shown} is too long; choose a shorter one."
    return f"{shown or 'A file, or what this is printed to,'} cannot be used: {error.strerror}."
