"""Finding fonts that can write Chinese names: the setting's, the package's, then the system's."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

from core.documents.errors import DocumentError

# In order of preference. Only full fonts are named: subsets lack the rare characters of names.
SANS = (
    "Source Han Sans SC",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "SimHei",
)
SERIF = (
    "Source Han Serif SC",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "FangSong",
    "STFangsong",
    "SimSun",
    "AR PL UMing CN",
)


@dataclass(frozen=True, slots=True)
class Fonts:
    """Where fonts lie and which families to write with; the first family that has a sign writes it."""

    paths: tuple[str, ...]
    system: bool
    sans: tuple[str, ...]
    serif: tuple[str, ...]


def find() -> Fonts:
    """Return the fonts of this installation; DocumentError `fonts_missing` without any Chinese one.

    `LAIFANG_FONTS` names folders (parted as in PATH) whose fonts are preferred. The fonts of
    the package pylopdf-fonts-zh-cn come next; the system's are looked at only without either.
    """
    configured = os.environ.get("LAIFANG_FONTS", "")
    return _find(tuple(part for part in configured.split(os.pathsep) if part))


@cache
def _find(configured: tuple[str, ...]) -> Fonts:
    own = _families(configured)
    packaged = _package_folder()
    for paths, system in (((*configured, *packaged), False), (configured, True)):
        available = _families(paths, system=system)
        sans = _in_order(SANS, own, available)
        serif = _in_order(SERIF, own, available)
        if sans or serif:
            return Fonts(paths, system, sans or serif, serif or sans)
    raise DocumentError("fonts_missing")


def _package_folder() -> tuple[str, ...]:
    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        return ()
    return (str(Path(pylopdf_fonts_zh_cn.__file__).parent),)


def _families(paths: Sequence[str], *, system: bool = False) -> frozenset[str]:
    fonts = typst.Fonts(
        include_system_fonts=system, include_embedded_fonts=False, font_paths=list(paths)
    )
    return frozenset(fonts.families())


def _in_order(
    wanted: Sequence[str], own: frozenset[str], available: frozenset[str]
) -> tuple[str, ...]:
    """Return the wanted families that are there, the administrator's own before all others."""
    there = [family for family in wanted if family in available]
    return tuple(sorted(there, key=lambda family: family not in own))
