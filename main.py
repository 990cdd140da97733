"""Bothhands: two-hand tracking from one webcam. `python main.py --help` lists the commands."""

import signal

if __name__ == "__main__":
    # Until there is work to be finished (`app.cli.catch_ctrl_c`, the window), Ctrl+C ends the program without a word.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from app.cli import main

    main()
