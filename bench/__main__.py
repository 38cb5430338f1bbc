"""Runs every bench, or those named: `python -m bench [scan search ...]`. Prints JSON lines."""

import argparse
import importlib
import os
import subprocess
import sys
from pathlib import Path

NAMES = (
    "scan",
    "scan_growth",
    "ingest",
    "search",
    "badges",
    "documents",
    "pages",
    "start",
    "offline_gate",
    "gate_online",
    "matters",
    "office",
    "deadlines",
)


def main() -> None:
    """Run each bench in a process of its own, so that none inherits another's memory."""
    parser = argparse.ArgumentParser(description=str(importlib.import_module("bench").__doc__))
    parser.add_argument("names", nargs="*", choices=[[], *NAMES])
    names = parser.parse_args().names or NAMES
    failed = []
    for name in names:
        done = subprocess.run(
            [sys.executable, "-m", f"bench.{name}"],
            cwd=Path(__file__).parent.parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            check=False,
        )
        if done.returncode:
            failed.append(name)
    if failed:
        sys.exit(f"These did not finish: {', '.join(failed)}")


if __name__ == "__main__":
    main()
