"""Plugins of other distributions: built as wheels, installed into a folder, tried in a process."""

import os
import subprocess
import sys


def install(source, folder):
    """Build a wheel and install it into a folder of its own; return the folder."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*build, folder / "dist", source], check=True, capture_output=True)
    [wheel] = (folder / "dist").glob("*.whl")
    target = ["--no-deps", "--no-index", "--quiet", "--target", folder / "site", wheel]
    subprocess.run([sys.executable, "-m", "pip", "install", *target], check=True)
    return folder / "site"


def conformance(site, name):
    return subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "core.testing.fixtures", "-p",
            "no:cacheprovider", "--laifang-plugin", name, "--pyargs", "core.testing.conformance",
        ],
        cwd=site, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True, text=True,
    )  # fmt: skip
