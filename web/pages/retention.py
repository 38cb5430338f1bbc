"""Keeping times: what is erased next and why, for administrators, and erasing what is due."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect, Template

from core.i18n import N_, Message
from core.permissions import Actor
from core.privacy import retention
from web.plugins import WebPlugins

ERASE = "core:visitor:erase"
AT_ONCE = 500  # of each kind, so that the page answers soon; the night does the rest
Flash = Callable[[str, Message], None]


@get("/retention", requires=ERASE)
async def show(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
) -> Template:
    """Show every kind with its keeping time, what is due now and what comes next."""
    kinds = await retention.due_list(plugins=plugins, at=now, actor=actor)
    last = await retention.last_run()
    labels = {kind.kept.rule.kind: kind.kept.rule.label for kind in kinds}
    return Template(
        "retention/retention.html",
        context={
            "kinds": kinds,
            "due": sum(len([one for one in kind.due if not one.kept]) for kind in kinds),
            "last": last,
            "last_lines": _lines(json.loads(last.after or "{}"), labels) if last else [],
        },
    )


def _lines(
    said: Mapping[str, Mapping[str, int]], labels: Mapping[str, Message]
) -> list[dict[str, Any]]:
    return [{"label": labels.get(kind, Message(kind)), **numbers} for kind, numbers in said.items()]


@post("/retention/run", requires=ERASE)
async def run(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    plugins: NamedDependency[WebPlugins],
    flash: NamedDependency[Flash],
) -> Redirect:
    """Erase what is due now."""
    done = await retention.run(plugins=plugins, actor=actor, at=now, most=AT_ONCE)
    erased, failed = sum(one.erased for one in done), sum(one.failed for one in done)
    kept = sum(one.kept for one in done)
    flash("success", N_("{erased} erased, {kept} kept.", erased=erased, kept=kept))
    if failed:
        flash(
            "error",
            N_("{failed} could not be erased; the log of the server says why.", failed=failed),
        )
    return Redirect("/retention", status_code=303)


router = Router(path="", route_handlers=[show, run])
