"""Who may call what, read from the application and from the committed table.

`python -m tests.web.access_matrix` rewrites the table from the application; look at the difference
before you commit it, for it is the list of who may do what.
"""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from litestar.handlers import HTTPRouteHandler

from web.guards import needed

TABLE = Path(__file__).with_suffix(".toml")
DEVICES = "/gate/api/"
HEADER = """\
# Who may call what: every address of the platform, one line each; a test compares it with the
# application and tries every line with every role. "public": everybody. "signed in": whoever has an
# account. "gate device": an enrolled device, by its own secret. Otherwise the permissions of which one
# is needed. "no csrf": the caller proves itself in the request, so no page's token is asked for.

"""


@dataclass(frozen=True)
class Rule:
    """One address and whom it lets in; `permissions` is empty for public and signed in."""

    method: str
    path: str
    who: str
    permissions: tuple[str, ...]
    csrf: bool

    @property
    def key(self):
        return f"{self.method} {self.path}"

    def says(self):
        words = " | ".join(self.permissions) or self.who
        return words if self.csrf else f"{words}, no csrf"

    def lets_in(self, permissions):
        return not self.permissions or bool(set(self.permissions) & set(permissions))

    def address(self):
        """Return the path with something in each of its places; no such record exists."""
        parts = []
        for part in self.path.split("/"):
            kind = part.rstrip("}").partition(":")[2] if part.startswith("{") else None
            filler = {"uuid": str(uuid4()), "int": "1", "date": "2026-11-23"}
            parts.append(part if kind is None else filler.get(kind, "x"))
        return "/".join(parts)


def rules_of(app):
    """Return every rule of the application, by method and path."""
    rules = {}
    for route in app.routes:
        for handler in getattr(route, "route_handlers", [getattr(route, "route_handler", None)]):
            methods = (
                handler.http_methods if isinstance(handler, HTTPRouteHandler) else {"GET"}
            ) - {"OPTIONS", "HEAD"}
            for method in methods:
                permissions = needed(handler)
                if handler.opt.get("public"):
                    who = "gate device" if route.path.startswith(DEVICES) else "public"
                    permissions = ()
                else:
                    who = "permissions" if permissions else "signed in"
                safe = method == "GET"
                rule = Rule(
                    method, route.path, who, permissions, safe or handler.opt.get("csrf", True)
                )
                rules[rule.key] = rule
    return dict(sorted(rules.items(), key=lambda item: (item[1].path, item[1].method)))


def table():
    """Return the committed table: what it says by method and path."""
    return tomllib.loads(TABLE.read_text("utf-8"))


def write(rules):
    """Write the table anew."""
    lines = [f'"{key}" = "{rule.says()}"\n' for key, rule in rules.items()]
    TABLE.write_text(HEADER + "".join(lines), "utf-8")


if __name__ == "__main__":
    from web.app import create_app

    write(rules_of(create_app(with_background=False)))
