"""The one exception that a person is meant to read."""


class BothhandsError(Exception):
    """Something the user can act on: one sentence that says what was wrong and what helps.

    The command line prints it and exits with code 2; the window shows it as a message. Anything else that
    escapes is a bug and keeps its traceback.
    """
