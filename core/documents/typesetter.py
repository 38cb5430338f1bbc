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
# What Typst's messages begin with, and what they are called here.
_CODES = (
    ("failed to download package", "template_package"),
    ("package not found", "template_package"),
    ("file not found", "template_outside"),
    ("failed to load file (access denied)", "template_outside"),
    ("path ", "template_outside"),  # "path ... would escape the project root"
)


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
        found = typst.Fonts(
            include_system_fonts=system_fonts,
            include_embedded_fonts=True,
            font_paths=list(fonts),
        )
        self._about: dict[str, Any] = {
            "root": str(self._folder),
            "font_paths": found,
            "package_path": nowhere,
            "package_cache_path": nowhere,
        }
        self._compiler = typst.Compiler(**self._about)

    def lay_out(self, root: Path | str, files: Mapping[str, bytes]) -> None:
        """Show Typst a copy of the template's folder, if there is one, with these files added."""
        shutil.rmtree(self._folder)
        self._folder.mkdir()
        for path in _regular_files(Path(root)) if root else ():
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
            raise self._refused(error) from error
        if made is None:
            return []
        return made if isinstance(made, list) else [made]

    def query(self, template: str, data: str, selector: str) -> str:
        """Return the values of the metadata that a label marks, as JSON; TaskError as `compile`."""
        path = self._place(template)
        if not path.is_file():
            raise TaskError("template_missing", template)
        asked = typst.Compiler(input=str(path), sys_inputs={"data": data}, **self._about)
        try:
            return asked.query(selector, field="value", format="json")
        except typst.TypstError as error:
            raise self._refused(error) from error

    def forget(self) -> None:
        """Let go of what Typst remembers of earlier papers: it does so after ten without use."""
        for _ in range(_REMEMBERED):
            self._compiler.compile(b"", sys_inputs={})

    def _refused(self, error: typst.TypstError) -> TaskError:
        """Return what to say of a fault; the author need not know where this process works."""
        said = str(error.diagnostic).replace(str(self._folder), "")
        for start, code in _CODES:
            if error.message.startswith(start):
                return TaskError(code, said)
        return TaskError("template_error", said)

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
