"""Puts the program into one file for a person who has neither Python nor a terminal: `python -m tools.bundle --help`.

What is made is an AppDir (https://docs.appimage.org/reference/appdir.html): the running Python, the packages of
`requirements-base.lock`, the wheel, and the system's libraries that not every desktop has. It becomes

* `bothhands-VERSION-linux-x86_64.run`, a shell script that carries it, unpacks it once and starts it; or
* an AppImage, a program that mounts what follows it (`appimage/`), or unpacks it where nothing can be mounted.

`parts` copies and leaves out, `libraries` makes it stand on its own, `files` writes what a desktop reads, `packing`
makes the one file, `runtime` the program that an AppImage begins with.
"""
