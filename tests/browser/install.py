"""Find a Chromium that the browser tests can use, or install one.

The first that is there: the path in CHROMIUM, `chromium` of the system, the one that Playwright
installed. Otherwise it is installed: by apt where that is allowed, else by Playwright.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pylopdf_fonts_zh_cn


def find() -> str | None:
    """Return the path of a Chromium, or None."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return str(own) if own.exists() else None


def environment() -> dict[str, str]:
    """Return what the browser is started with: Chinese letters, where the machine has none itself."""
    fonts = Path(pylopdf_fonts_zh_cn.__file__).parent
    folder = Path(tempfile.gettempdir()) / "laifang-browser-fonts"
    folder.mkdir(exist_ok=True)
    config = folder / "fonts.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<dir>{fonts}</dir><dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>"
        f"<cachedir>{folder}</cachedir></fontconfig>"
    )
    return {**os.environ, "FONTCONFIG_FILE": str(config)}


def install() -> None:
    """Install Chromium with what the machine offers."""
    if os.geteuid() == 0 and (apt := shutil.which("apt-get")):
        for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run([apt, *words], check=True, stdout=subprocess.DEVNULL)
        return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main() -> int:
    """Make sure there is a Chromium; print where."""
    if find() is None:
        install()
    found = find()
    sys.stdout.write(f"Chromium for the browser tests: {found}\n")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
