"""What is costly to make is made once for all workers of a run, and taken away at its end."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = "LAIFANG_TESTS_FOLDER"


def begin() -> None:
    """Make the folder that all workers share; called in the process that starts them."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="laifang-tests-")


def shared(name: str) -> Path:
    """Return the path of a folder of the run; whoever wants it there makes it."""
    return Path(os.environ[FOLDER]) / name


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """Return a folder that `make` fills; whichever worker asks first makes it, the others wait."""
    folder = shared(name)
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            make(making)
            making.rename(folder)
    return folder


def end() -> Path | None:
    """Return the folder if it is this process's to take away."""
    return Path(os.environ.pop(FOLDER)) if FOLDER in os.environ else None
