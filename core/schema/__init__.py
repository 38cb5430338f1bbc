"""The schema: running migrations, deriving it from the tables, comparing the two.

`python -m core.schema freeze <app>` writes an app's first migration from its tables,
`python -m core.schema next <app>` writes what was added since as its next one,
`python -m core.schema diff <app>` prints what the tables say and the migrations do not.
"""

from core.schema.derive import create_statements
from core.schema.describe import column_types, describe, difference
from core.schema.frozen import run_frozen, undo_frozen
from core.schema.runner import (
    app_config,
    installed_apps,
    make_as_it_was,
    migrate,
    pending,
    unmigrate,
)

__all__ = [
    "app_config",
    "column_types",
    "create_statements",
    "describe",
    "difference",
    "installed_apps",
    "make_as_it_was",
    "migrate",
    "pending",
    "run_frozen",
    "undo_frozen",
    "unmigrate",
]
