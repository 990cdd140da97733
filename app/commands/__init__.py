"""The commands, one module a group. Each imports what it needs when it runs, so that `--help` answers at once."""

from __future__ import annotations

import typer

from app.commands import evaluate, machine, process, sessions, training, weights, window

cli = typer.Typer(
    name="bothhands",
    help="Two-hand tracking from one webcam: two live 3D hand meshes. Without a command: the window.",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
cli.callback(invoke_without_command=True)(window.start)
for command in (
    window.run,
    process.process,
    machine.models,
    machine.doctor,
    machine.bench,
    evaluate.evaluate,
    training.synthesize,
    training.label,
    training.label_sequences,
    training.cut_out,
    sessions.export,
    window.replay,
):
    cli.command()(command)

_train = typer.Typer(cls=training.RunUnlessNamed, help="Train a network, or pack what a lent GPU needs for it.")
_train.command("run")(training.train)
_train.command("pack")(training.pack)
cli.add_typer(_train, name="train")

_weights = typer.Typer(help="Weights of the models.", no_args_is_help=True)
_weights.command("install")(weights.install)
_weights.command("import")(weights.import_weights)
cli.add_typer(_weights, name="weights")

_sessions = typer.Typer(help="Recorded sessions.", no_args_is_help=True)
_sessions.command("list")(sessions.list_all)
_sessions.command("recover")(sessions.recover)
cli.add_typer(_sessions, name="sessions")
