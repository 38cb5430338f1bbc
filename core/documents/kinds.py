"""Finding kinds of paper by name."""

from core.documents.facts import DocumentKind
from core.errors import NotFoundError
from core.plugins import Plugins


def kind_of(plugins: Plugins, name: str) -> DocumentKind:
    """Return a kind by name; NotFoundError where no part that is installed registers it."""
    for kind in plugins.register_document_kinds():
        if kind.name == name:
            return kind
    raise NotFoundError
