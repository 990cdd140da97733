"""Bothhands: two-hand tracking from one webcam. `python main.py --help` lists the commands."""

from app.cli import main

if __name__ == "__main__":
    main()
