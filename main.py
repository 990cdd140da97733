"""Bothhands: two-hand tracking from one webcam. `python main.py --help` lists the commands."""

import sys

if __name__ == "__main__":
    try:
        from bothhands.__main__ import main
    except KeyboardInterrupt:  # before `main` can see to Ctrl+C itself
        sys.exit(130)

    main()
