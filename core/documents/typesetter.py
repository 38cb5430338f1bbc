"""Typst, confined to a copy of one folder; used only inside the process of `worker.py`."""

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typst

_MOST_FILES = 500
_MOST_FILE_BYTES = 8 * 1024 * 1024
_REMEMBERED = 11
_NOT_SHOWN = frozenset((".py", ".pyc"))


class TaskError(Exception):
    """A request that could not be done; `code` is one of errors.REASONS."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


class Typesetter:
    """Typst with its fonts read once, and one folder that is all it can see."""

    def __init__(self, sandbox: Path, fonts: Sequence[str], *, system_fonts: bool) -> None:
        self._folder = sandbox / "root"
        self._folder.mkdir()
        nowhere = str(sandbox / "no-packages")
        self._compiler = typst.Compiler(
            root=str(self._folder),
            font_paths=list(fonts),
            ignore_system_fonts=not system_fonts,
            package_path=nowhere,
            package_cache_path=nowhere,
        )

    def lay_out(self, root: Path, files: Mapping[str, bytes]) -> None:
        """Show Typst a copy of the template's folder, with these files added."""
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        for path in _regular_files(root):
            shutil.copyfile(path, self._place(str(path.relative_to(root))))
        for name, content in files.items():
            self._place(name).write_bytes(content)

    def compile(self, template: str, data: str, options: Mapping[str, Any]) -> list[bytes]:
        """Return one PDF, or one PNG for each page; TaskError for a faulty template.

        `data` is JSON, which the template reads from `sys.inputs.data`.
        """
        path = self._place(template)
        if not path.is_file():
            raise TaskError("template_missing", template)
        try:
            made = self._compiler.compile(str(path), sys_inputs={"data": data}, **options)
        except typst.TypstError as error:
            raise TaskError(_code(error), str(error.diagnostic)) from error
        if made is None:
            return []
        return made if isinstance(made, list) else [made]

    def forget(self) -> None:
        """Let go of what Typst remembers of earlier papers: it does so after ten without use."""
        for _ in range(_REMEMBERED):
            self._compiler.compile(b"", sys_inputs={})

    def _place(self, name: str) -> Path:
        if ".." in Path(name).parts or Path(name).is_absolute():
            raise TaskError("template_missing", name)
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _regular_files(root: Path) -> list[Path]:
    """Return what a template may read: no links out of the folder, nothing large, not too many."""
    found: list[Path] = []
    for folder, _, names in os.walk(root):
        for path in (Path(folder, name) for name in names):
            if path.is_symlink() or path.suffix in _NOT_SHOWN:
                continue
            if path.stat().st_size <= _MOST_FILE_BYTES:
                found.append(path)
        if len(found) > _MOST_FILES:
            raise TaskError("template_error", f"more than {_MOST_FILES} files beside the template")
    return found


def _code(error: typst.TypstError) -> str:
    if error.message.startswith(("failed to download package", "package not found")):
        return "template_package"
    return "template_error"
