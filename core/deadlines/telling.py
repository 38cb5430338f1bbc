"""What people are told of clocks that need them: of a few one by one, of many as one."""

from collections.abc import Iterable
from typing import NamedTuple

from core import db
from core.accounts.holders import Holder
from core.deadlines import policies
from core.i18n import N_, Message
from core.notices.services import EMAIL, IN_APP, Draft

ESCALATED = "escalated"


class Telling(NamedTuple):
    """That somebody is told of clocks, and why: a warning's name, or a rung's."""

    who: Holder
    rows: list[db.Row]
    name: str

    @property
    def sort(self) -> str:
        """Return under what they are counted: the warning, or that they are escalated."""
        return ESCALATED if self.name.startswith("rung") else self.name


_TEXTS = {
    policies.AMBER: N_("Due soon: {label}, by {due}."),
    policies.RED: N_("Due very soon: {label}, by {due}."),
    policies.OVERDUE: N_("Overdue since {due}: {label}."),
    ESCALATED: N_("Overdue and escalated to you: {label}, was due {due}."),
}
_MANY = {
    policies.AMBER: N_("{number} deadlines are due soon."),
    policies.RED: N_("{number} deadlines are due very soon."),
    policies.OVERDUE: N_("{number} deadlines are overdue."),
    ESCALATED: N_("{number} overdue deadlines are escalated to you."),
}


async def one_by_one(tellings: Iterable[Telling]) -> list[Draft]:
    """Return what people are told of each clock by itself."""
    told = [(one, row) for one in tellings for row in one.rows]
    if not told:
        return []
    ids = list({row["id"] for _, row in told})
    places = ", ".join(["{}"] * len(ids))
    shown = {
        row["id"]: row
        for row in await db.fetch(
            f"SELECT {db.as_stored('id', 'label', 'url')} FROM deadline WHERE id IN ({places})",  # noqa: S608
            *ids,
        )
    }
    drafts: list[Draft] = []
    for one, row in told:
        label = Message.load(shown[row["id"]]["label"])
        body = Message(_TEXTS[one.sort].msgid, {"label": label, "due": str(row["due"])})
        key = f"deadline:{row['id']}:{row['due']}:{one.name}:{one.who.id}"
        drafts += _pair(one.who, key, one.sort, body, shown[row["id"]]["url"])
    return drafts


def total(who: Holder, sort: str, number: int, sweep_key: str) -> list[Draft]:
    """Return what one person is told of many clocks of one sort; another sweep tells of others."""
    body = Message(_MANY[sort].msgid, {"number": number})
    return _pair(who, f"deadlines:{sweep_key}:{sort}:{who.id}", sort, body, "/deadlines")


def _pair(one: Holder, key: str, sort: str, body: Message, url: str) -> list[Draft]:
    """Return the notice in the app, and the letter that only says that something waits."""
    subject = N_("A deadline") if sort in (policies.AMBER, policies.RED) else N_("Overdue")
    made = [Draft(key=key, channel=IN_APP, subject=subject, body=body, user=one.id, url=url)]
    if one.email:
        made.append(
            Draft(
                key=f"{key}:m",
                channel=EMAIL,
                subject=subject,
                body=N_("One of your deadlines needs attention."),
                address=one.email,
                url=url,
                locale=one.locale,
            )
        )
    return made
