"""The keys that sign passes, for administrators: changed in time, withdrawn when betrayed."""

from collections.abc import Callable
from datetime import datetime

from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect, Template

from core.forms import Field, read
from core.i18n import N_, Message
from core.passes import keys
from core.passes.tables import PassKey
from core.permissions import Actor

ADMIN = "core:site:admin"
REASON = Field(name="reason", label=N_("Why"), required=True, max_length=200)
STATES = {
    keys.CURRENT: (N_("Signs new passes"), "good"),
    keys.NEXT: (N_("Published, signs next"), "busy"),
    keys.RETIRED: (N_("Its passes stay good"), "neutral"),
    keys.WITHDRAWN: (N_("Withdrawn: all it signed is refused"), "bad"),
}
Form = URLEncodedBody[dict[str, str]]
Flash = Callable[[str, Message], None]


@get("/passes/keys", requires=ADMIN)
async def show(now: NamedDependency[datetime]) -> Template:
    """List the keys."""
    await keys.prepare(at=now)
    rows = await PassKey.objects().order_by(PassKey.created_at, PassKey.id)
    return Template(
        "passes/keys.html",
        context={"keys": rows, "states": STATES, "reason": REASON, "withdrawn": keys.WITHDRAWN},
    )


@post("/passes/keys/rotate", requires=ADMIN)
async def rotate(
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Sign with the next key from now on."""
    number = await keys.rotate_keys(actor=actor, at=now)
    flash("success", N_("Key {number} signs from now on. Older passes stay good.", number=number))
    return Redirect("/passes/keys", status_code=303)


@post("/passes/keys/{key_id:int}/withdraw", requires=ADMIN)
async def withdraw(
    key_id: FromPath[int],
    data: Form,
    actor: NamedDependency[Actor],
    now: NamedDependency[datetime],
    flash: NamedDependency[Flash],
) -> Response[None]:
    """Refuse all that a betrayed key signed."""
    typed = read([REASON], data)
    if typed.problems:
        flash("error", N_("Please say why the key is withdrawn."))
        return Redirect("/passes/keys", status_code=303)
    moved = await keys.withdraw_key(key_id, actor=actor, at=now, reason=typed.values["reason"])
    flash(
        "warning",
        N_(
            "Key {number} is withdrawn. {count} passes are refused until they are printed anew.",
            number=key_id,
            count=moved,
        ),
    )
    return Redirect("/passes/keys", status_code=303)


router = Router(path="", route_handlers=[show, rotate, withdraw])
