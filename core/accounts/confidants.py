"""Roles that open confidential records: nobody gives them to themselves, others hear of it (CORE-14).

Whoever administers accounts could else read everything by a role, an account or a password of their own
making. What they do is not stopped, for somebody must; it is not done alone or unseen.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID, uuid4

from core.accounts.holders import holders
from core.accounts.tables import UserRole
from core.decisions import Deny
from core.errors import RefusedError
from core.i18n import N_, Message
from core.notices.services import IN_APP, notify
from core.permissions import Actor, Role

OWN = Deny(
    "own_role",
    N_("This role opens confidential records: another administrator gives it to you."),
    "CORE-14",
)


def refuse_own(user_id: UUID, role: Role, actor: Actor) -> None:
    """Raise RefusedError for who would let themselves in."""
    if role.confidential and actor.kind == "user" and actor.id == user_id:
        raise RefusedError(OWN)


async def tell_of_role(
    user_id: UUID,
    name: str,
    given: Collection[str],
    known: Mapping[str, Role],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Tell the wardens that somebody was given such a role; joins the act's transaction."""
    labels = [known[one].label for one in given if known[one].confidential]
    if labels:
        text = N_(
            "{name} was given the role {role} by {by}.", name=name, role=labels[0], by=actor.name
        )
        await _tell(user_id, text, known, actor, at)


async def tell_of_password(
    user_id: UUID, name: str, known: Mapping[str, Role], *, actor: Actor, at: datetime
) -> None:
    """Tell them that the password of one who holds such a role was set by somebody else."""
    rows = await UserRole.select(UserRole.role).where(UserRole.user == user_id)
    if any(known[row["role"]].confidential for row in rows if row["role"] in known):
        text = N_("{by} set a new password for {name}.", by=actor.name, name=name)
        await _tell(user_id, text, known, actor, at)


async def _tell(
    user_id: UUID, text: Message, known: Mapping[str, Role], actor: Actor, at: datetime
) -> None:
    if actor.kind != "user":
        return
    key = uuid4()
    wardens = [role.name for role in known.values() if role.warden]
    for one in await holders(wardens, None):
        if one.id not in (user_id, actor.id):
            await notify(
                key=f"account.confidant:{key}:{one.id}",
                channel=IN_APP,
                subject=N_("Who may read confidential records has changed"),
                body=text,
                at=at,
                user=one.id,
            )
