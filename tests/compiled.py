"""Compiled templates, kept for all processes of a run: each would compile the same ones anew."""

from jinja2 import FileSystemBytecodeCache

from web.templating import PageEnvironment


def keep(folder):
    """Keep what the application's environments compile in this folder, from now on."""
    folder.mkdir(parents=True, exist_ok=True)
    cache = FileSystemBytecodeCache(str(folder))
    # Jinja's environment sets this to None when it is made; the property stays.
    PageEnvironment.bytecode_cache = property(lambda _: cache, lambda *_: None)
