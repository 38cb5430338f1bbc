"""A row in every table that hangs on an item, a mark in each of its texts: read off the tables themselves.

A new table, or a new column of text, that nobody said anything about here makes the crawl fail.
"""

import json
from uuid import uuid4

from piccolo import columns

from core import clock, db
from core.i18n import Message
from plugins.government import sealing
from plugins.government.piccolo_app import APP_CONFIG
from plugins.government.secrecy import belonging
from tests.app import an_account

STEM, HAN = "CNRYQXVKWZ", "龘靐"
OPEN_STEM = "CPLNQXVKJW"  # of what lies in the open: names of staff, rooms, numbers
# Who somebody is: hidden with their items.
KNOWN = {"government_petitioner", "government_search", "government_joining"}

# Tables that tell of no item; their rows are made as far as others hang on them.
OF_NOBODY = {
    "government_unit", "government_unit_member", "government_subject", "government_letter_batch",
    "government_online_import", "government_office_page", "government_unit_page",
    "government_box_note", "government_news", "government_reception_leader",
    "government_reception_day", "government_reception_section", "government_monthly",
    "government_recommendation", "government_monthly_list", "government_weekly_list",
    "government_assessment", "government_commendation", "government_staff_mark",
    "government_hand_over", "government_destruction",
}  # fmt: skip

# What a column holds instead of words: a code, by the column's name or by table and column.
CODES = {
    "state": "open", "means": "phone", "shown_to": "office", "why": "named", "channel": "letter",
    "frequency": "first", "size": "single", "role": "companion", "envelope": "whole",
    "stamp": "whole", "disposition": "", "why_idle": "", "told_means": "phone",
    "led_to": "", "told_method": "", "confirmed": "[]",
    "media_type": "application/pdf", "how": "named", "sent_method": "", "figures": "",
    "after_visit_letter.disposition": "keep", "suggestion.kind": "accept", "told.act": "refuse",
    "told.ground": "refuse_1", "told.manner": "oral", "interview.why": "desk",
    "follow_up.why": "unfinished", "opinion.level": "handling", "opinion.state": "issued",
    "opinion.outcome": "support", "opinion.taken": "content", "review.level": "review",
    "review.state": "open", "extension.state": "asked", "extension.reason": "complex",
    "delay_reason.reason": "complex", "rating.target": "office", "rating.score": "satisfied",
    "rating.means": "desk", "reply.state": "waiting", "booking.means": "desk",
    "booking.state": "booked", "supervision.reason": "not_in_time", "supervision.state": "open",
    "forwarding.kind": "transfer", "forwarding.ground": "", "forwarding.state": "sent",
    "forwarding.letter": "owed", "unit_call.purpose": "urgent", "result.taken": "satisfied",
    "result.failed": "", "signing.phase": "before", "signing.kind": "government.before",
    "coordination.state": "agreed", "coordination.why": "many",
    "joint_reception.why": "large_group", "joint_reception.outcome": "", "bulletin.kind": "urgent",
    "bulletin.state": "issued", "case_file.kind": "ordinary", "case_file.state": "filed",
    "destruction_entry.why": "ordinary", "reception_day.kind": "leader",
    "reception_day.state": "planned", "recommendation.kind": "improve", "feedback": "",
    "begins": "09:00", "ends": "11:00",
    "destruction.state": "proposed", "online_import.state": "applied", "contact.channel": "visit",
}  # fmt: skip


def mark(field):
    """A text that no other field holds."""
    return f"{STEM}-{field}-{HAN}"


def plain_mark(field, length=60):
    """A mark for what lies in the open in the database."""
    return f"{OPEN_STEM}{field.replace('_', '')}"[:length]


# Ciphers that hold more than a text, by table and column; the mark goes where its page shows it.
PACKED = {
    "step.text_cipher": lambda text: Message(text).dump(),
    "contact.details_cipher": lambda text: json.dumps({"materials": text}),
    "opinion.texts_cipher": lambda text: json.dumps(
        dict.fromkeys(("claims", "facts", "basis", "decision"), text)
    ),
    "wording.texts_cipher": lambda text: json.dumps(
        [[Message("x").dump(), Message("{text}", {"text": text}).dump()]]
    ),
    "bulletin.texts_cipher": lambda text: json.dumps({"heading": text, "overview": text}),
    "case_file.contents_cipher": lambda text: json.dumps(
        [{"number": "1", "who": "x", "title": text, "day": "20261123"}]
    ),
}


class Marked:
    """Everything that hangs on one secret item; `fields` are the columns that bear a mark."""

    def __init__(self, city, matter_id, **known):
        self.city, self.matter_id = city, matter_id
        self.known = known  # ids by the name of the table or column they go to
        self.fields = set()
        self.rows = {}

    async def fill(self):
        """Make what is not there yet and mark what is there without a mark."""
        self.known.setdefault("account", (await an_account(self.city.plugins, name="已离职"))[0])
        for table in APP_CONFIG.table_classes:
            name = table._meta.tablename
            if belonging.is_known(name):
                found = await self._of_item(table)
                if found:
                    await self._complete(table, found)
                else:
                    await self._insert(table)
            elif name in KNOWN:
                continue
            else:
                assert name in OF_NOBODY, f"say whether {name} tells of somebody"
                await self._insert_harmless(table)

    async def _of_item(self, table):
        name = table._meta.tablename
        way = belonging.paths()[name][0].removesuffix(" WHERE t.id")
        rows = await db.fetch(f"SELECT x.id FROM ({way}) x WHERE x.matter = {{}}", self.matter_id)
        if not rows:
            return None
        self.rows[name] = rows[0]["id"]
        [row] = await db.fetch(f"SELECT * FROM {name} WHERE id = {{}}", rows[0]["id"])
        return row

    async def _complete(self, table, row):
        """Write a mark where a row made by the pages has no text."""
        short = table._meta.tablename.removeprefix("government_")
        for column in ciphers_of(table):
            if short == "matter":
                continue  # registered with marks; the code is its own
            self.fields.add(f"{short}.{column}")
            await db.execute(
                f'UPDATE {table._meta.tablename} SET "{column}" = {{}} WHERE id = {{}}',
                self._sealed(table, column, row["id"]),
                row["id"],
            )

    def _sealed(self, table, column, row_id):
        name = table._meta.tablename
        short = f"{name.removeprefix('government_')}.{column}"
        text = PACKED.get(short, str)(mark(short))
        return sealing.seal(
            text, name, column, self.matter_id if short.startswith("step.") else row_id
        )

    async def _insert(self, table):
        name = table._meta.tablename
        short = name.removeprefix("government_")
        row_id = uuid4()
        values = {}
        for column in table._meta.columns:
            own = column._meta.db_column_name
            if own == "id":
                if not isinstance(column, columns.Serial):
                    values["id"] = row_id
            elif own in ciphers_of(table):
                values[own] = self._sealed(table, own, row_id)
                self.fields.add(f"{short}.{own}")
            elif isinstance(column, columns.ForeignKey):
                values[own] = self._related(column)
            elif isinstance(column, columns.Varchar | columns.Text):
                values[own] = self._plain(short, column)
            else:
                self._other(values, column)
        await table.insert(table(**values))
        self.rows[name] = row_id

    async def _insert_harmless(self, table):
        """A row of a table that tells of nobody, for others to hang on."""
        name = table._meta.tablename
        rows = await db.fetch(f"SELECT id FROM {name} LIMIT 1")
        if rows or name in ("government_news", "government_assessment", "government_monthly"):
            self.rows[name] = rows[0]["id"] if rows else None
            return
        row_id = uuid4()
        values = {"id": row_id}
        for column in table._meta.columns:
            own = column._meta.db_column_name
            if own == "id":
                continue
            if isinstance(column, columns.ForeignKey):
                values[own] = self._related(column)
            elif isinstance(column, columns.Varchar | columns.Text):
                values[own] = "" if own.endswith("_cipher") else _code(name, own, "无关")
            else:
                self._other(values, column)
        await table.insert(table(**values))
        self.rows[name] = row_id

    def _related(self, column):
        parent = column._foreign_key_meta.resolved_references._meta.tablename
        if parent == belonging.MATTER:
            return self.matter_id
        if parent == "site":
            return self.city.site.id
        if parent == "government_unit":
            return self.city.units["county1_office"]
        if parent == column._meta.table._meta.tablename:
            return None
        return self.known.get(parent) or self.rows.get(parent)

    def _plain(self, short, column):
        own = column._meta.db_column_name
        if own.endswith("_index"):
            return sealing.index_of("canary", mark(f"{short}.{own}"))
        found = _code(f"government_{short}", own, None)
        if found is not None:
            return found
        assert own.endswith("_name") or own in IN_THE_OPEN, f"say what {short}.{own} holds"
        self.fields.add(f"{short}.{own}")
        return plain_mark(f"{short}{own}", getattr(column, "length", None) or 60)

    def _other(self, values, column):
        own = column._meta.db_column_name
        needed = not column._meta.null
        if isinstance(column, columns.UUID):
            if own in self.known:
                values[own] = self.known[own]
            elif needed:
                values[own] = self.matter_id if own in ("matter", "root") else uuid4()
        elif isinstance(column, columns.Timestamptz) and needed:
            values[own] = clock.now()
        elif isinstance(column, columns.Date) and (needed or own.endswith("due_on")):
            values[own] = clock.now().date()
        elif isinstance(column, columns.Integer | columns.SmallInt) and needed:
            values[own] = 2026 if own == "year" else 1


# Words that lie in the open: who of the staff, which room, which number.
IN_THE_OPEN = {
    "number", "label", "receivers", "interviewers", "room", "identity", "place", "people",
    "spoke_with", "with_whom", "signed_by", "approved_by", "platform", "rules", "source_number",
    "close_reason", "act",
}  # fmt: skip


def _code(name, own, otherwise):
    short = name.removeprefix("government_")
    return CODES.get(f"{short}.{own}", CODES.get(own, otherwise))


def ciphers_of(table):
    """The columns of a table that are stored encrypted."""
    found = [column._meta.db_column_name for column in table._meta.columns]
    return [one for one in found if one.endswith("_cipher") or one == "skip_reason"]
