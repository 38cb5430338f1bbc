"""The `laifang` command, run by tests as an administrator runs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import hours
from tests.servers import CHEAP_PASSWORDS

ROOT = Path(__file__).parent.parent


@pytest.fixture
def laifang(request, tmp_path_factory):
    """Run commands: `laifang("user", "list", data_dir=...)`; returns what it wrote and how it ended.

    They run in forks; with `apart` Python is started anew, for tests of just that.
    """

    def run(*words, data_dir, url="", typed="", apart=False, **environment):
        environment = {
            **{
                name: value for name, value in os.environ.items() if not name.startswith("LAIFANG_")
            },
            **CHEAP_PASSWORDS,
            **hours.elsewhere(),
            "LAIFANG_DATA": str(data_dir),
            "LAIFANG_LOCALE": "en",
            **({"LAIFANG_DATABASE_URL": url} if url else {}),
            **environment,
        }
        if not apart:
            forker = request.getfixturevalue("forker")
            folder = tmp_path_factory.mktemp("commands")
            return forker.run(list(map(str, words)), environment, folder, typed)
        return subprocess.run(
            [sys.executable, "-m", "web.cli", *words],
            cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip

    return run
