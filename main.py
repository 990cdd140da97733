"""Bothhands: two-hand tracking from one webcam. `python main.py --help` lists the commands."""

if __name__ == "__main__":
    from bothhands.__main__ import main

    main()
