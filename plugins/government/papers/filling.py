"""What papers say of an item, from what is stored: nothing is typed twice (GOV-20 to GOV-33).

Papers are written in Chinese by law, so the words for codes stand here and not in catalogs.
"""

from datetime import date, datetime
from uuid import UUID

from core import db
from core.documents import qr
from core.documents.drawing import chinese_date
from core.documents.facts import Value
from core.permissions import Actor
from core.registrations.judging import site_time
from core.visitors.identity_documents import KINDS as DOCUMENT_KINDS
from plugins.government import clocks, sealing
from plugins.government.asking import office
from plugins.government.intake import queries as contacts
from plugins.government.matters import queries
from plugins.government.matters.facts import MatterView
from plugins.government.papers.occasions import moment
from plugins.government.people import services as people
from plugins.government.people.facts import Person
from plugins.government.screening import queries as screening
from plugins.government.screening.facts import SUGGESTIONS
from plugins.government.units import queries as units
from plugins.government.units.facts import OFFICE

_CHANNELS = {
    "visit": "走访",
    "letter": "来信",
    "phone": "电话",
    "online": "网上信访",
    "superior": "上级交办",
    "after_visit": "访后来信",
}
_PURPOSES = {
    "appeal": "申诉",
    "request": "求决",
    "opinion": "意见建议",
    "accusation": "揭发控告",
    "consultation": "咨询",
    "other": "其他",
}
_SOURCES = {"own": "本室接待", "city": "市信访局交办", "province": "省级及以上交办"}
_SIZES = {"single": "个体访", "few": "群体访（2至4人）", "group": "集体访"}
_FREQUENCIES = {"first": "初访", "repeat": "重复访"}
_SEXES = {"male": "男", "female": "女"}
_BELONGINGS = {
    "mainland": "内地居民",
    "hongkong_macau": "港澳居民",
    "taiwan": "台湾居民",
    "overseas": "华侨",
    "foreign": "外国人",
    "stateless": "无国籍人",
}
_ENVELOPES = {"whole": "完好", "damaged": "破损", "none": "无信封"}
_STAMPS = {"whole": "完好", "damaged": "破损", "registered": "挂号", "none": "无邮票"}
_MOST_NAMED = 5


async def of_matter(matter_id: UUID, *, actor: Actor, at: datetime) -> dict[str, Value]:
    """Return what is known of an item under the names of fields.py; NotFoundError for strangers."""
    view = await queries.matter(matter_id, actor, at)
    person = await _petitioner(view)
    names = await _names(view, person)
    return {
        **_about(view),
        **_person(person, site_time(at).year),
        "petitioner": named(names, view.line.heads),
        "to": "、".join(names[:_MOST_NAMED]) or "信访人",
        "representatives": "、".join(names[:_MOST_NAMED]) if view.line.size == "group" else "",
        **(await _limits(view, at)),
        **(await _contact(view.id)),
        **(await _interview(view.id)),
        **_query(view),
        **(await about_office(view.line.site_id)),
    }


async def office_of(site_id: UUID) -> str:
    """Return the name of the reception room that issues a site's papers; empty for none entered."""
    rooms = await units.units(OFFICE, site_id=site_id)
    return rooms[0].name if rooms else ""


async def about_office(site_id: UUID) -> dict[str, Value]:
    """Return who issues a site's papers, where it is, whom to call and when: the room's unit and page."""
    rows = await db.fetch(
        "SELECT name, phone, address FROM government_unit WHERE site = {} AND kind = {} AND active"
        ' ORDER BY "order" LIMIT 1',
        site_id,
        OFFICE,
    )
    if not rows:
        return {"office": ""}
    public = await office.page(site_id)
    phone = rows[0]["phone"] or public["phone"]
    return {
        "office": rows[0]["name"],
        "contact": f"{rows[0]['name']}　{phone}" if phone else "",
        "reception_place": rows[0]["address"] or public["address"] or rows[0]["name"],
        "hours": "；".join(public["hours"].splitlines()),
    }


def named(names: list[str], heads: int) -> str:
    """Return how a party is called: 周建国, 周建国、李秀兰, 周建国等5人."""
    if not names:
        return "匿名"
    if heads > len(names) or len(names) > _MOST_NAMED:
        return f"{names[0]}等{max(heads, len(names))}人"
    return "、".join(names)


def _about(view: MatterView) -> dict[str, Value]:
    line, row = view.line, view.row
    at = site_time(line.registered_at)
    why = sealing.unseal(row["skip_reason"], "government_matter", "skip_reason", row["id"])
    skip = why or "是" if row["skip_level"] else "否"
    return {
        "matter_number": line.number,
        "title": line.title,
        "demand": tuple(view.demand.splitlines()),
        "facts": tuple(view.facts.splitlines()),
        "place": " ".join(filter(None, (line.place, view.place_text))),
        "subject": line.subject,
        "channel": _CHANNELS.get(line.channel, ""),
        "purpose": _PURPOSES.get(line.purpose, ""),
        "source": _SOURCES.get(line.source, ""),
        "frequency": _FREQUENCIES.get(line.frequency, ""),
        "size": _SIZES.get(line.size, ""),
        "heads": str(line.heads),
        "received_on": chinese_date(line.day),
        "received_at": f"{chinese_date(at.date())} {at.hour}时{at.minute:02}分",
        "skip_level": skip,
        "earlier_opinion": "有" if row["earlier_opinion"] else "无",
        "accepted_on": _day(row["accepted_at"]),
        "receivers": row["registered_by_name"],
        "handler": line.holder,
        "unit": line.holder,
    }


async def _petitioner(view: MatterView) -> Person:
    found = view.line.petitioner_id
    return await people.petitioner(found) if found else Person(anonymous=True)


async def _names(view: MatterView, person: Person) -> list[str]:
    """Return who stands for the party: the petitioner first, then representatives."""
    party = await queries.party(view.id)
    others = [name for _, name, role in party if role == "representative" and name]
    first = [person.name] if person.name else []
    return list(dict.fromkeys([*first, *others]))


def _person(person: Person, year: int) -> dict[str, Value]:
    kind = next(
        (known for name, known in DOCUMENT_KINDS.items() if name == person.document_kind), None
    )
    label = kind.label.translate("zh_Hans") if kind else ""
    return {
        "sex": _SEXES.get(person.sex, ""),
        "birth_year": f"{person.birth_year}年（{year - person.birth_year}岁）"
        if person.birth_year
        else "",
        "occupation": person.occupation,
        "politics": person.politics,
        "employer": person.employer,
        "address": person.address,
        "phone": person.phone,
        "document": f"{label} {person.document}".strip() if person.document else "",
        "belonging": _BELONGINGS.get(person.belonging, ""),
    }


async def _contact(matter_id: UUID) -> dict[str, Value]:
    """Return what the desk noted when somebody came last, and what it suggested."""
    found = await contacts.of_matter(matter_id)
    suggested = await screening.suggestions(matter_id)
    data: dict[str, Value] = {}
    if suggested:
        what = SUGGESTIONS[suggested[0].kind].translate("zh_Hans")
        data["suggestion"] = "：".join(filter(None, (what, suggested[0].text)))
    if found:
        details = found[0].details
        data["receivers"] = found[0].receivers
        data["materials"] = details.get("materials", "")
        data["earlier"] = details.get("raised_before", "")
        data["envelope"] = "；".join(
            f"{name}{words[details[key]]}"
            for key, name, words in (
                ("envelope", "信封", _ENVELOPES),
                ("stamp", "邮票", _STAMPS),
            )
            if details.get(key) in words
        )
    return {key: value for key, value in data.items() if value}


async def _interview(matter_id: UUID) -> dict[str, Value]:
    """Return what the latest interview came to, as it was recorded."""
    due = await screening.interviews(matter_id)
    stamped: dict[str, Value] = {"interview_number": due[0].number} if due else {}
    held = [one for one in due if one.held_at is not None]
    if not held:
        return stamped
    one = held[0]
    kind = next((known for name, known in DOCUMENT_KINDS.items() if name == one.identity), None)
    shown = kind.label.translate("zh_Hans") if kind else ""
    identity = f"查验{shown}，人证相符" if one.identity_checked and shown else shown
    record = [one.texts["facts"], one.texts["demands"], one.texts["joint"]]
    data: dict[str, Value] = {
        "started": moment(one.held_at),
        "interview_place": one.room,
        "interviewers": one.interviewers,
        "identity": identity,
        "history": tuple(one.texts["history"].splitlines()),
        "record": tuple(line for text in record for line in text.splitlines()),
        "conduct": one.texts["abnormal"] or "无",
    }
    return stamped | {key: value for key, value in data.items() if value}


async def _limits(view: MatterView, at: datetime) -> dict[str, Value]:
    rules = (await clocks.in_force(at)).values
    running = {
        clock.name: clock
        for clock in await clocks.of_matter(view.id, at=at)
        if clock.state in ("running", "paused") and clock.due is not None
    }
    handle = running.get(f"government.{clocks.HANDLE}")
    return {
        "inform_days": str(rules.inform_days),
        "handle_days": str(rules.handle_days),
        "extend_days": str(rules.extend_days),
        "object_days": str(rules.object_days),
        "review_days": str(rules.review_window_days),
        "due_on": chinese_date(handle.due) if handle and handle.due else "",
    }


def _query(view: MatterView) -> dict[str, Value]:
    """Return the code to ask with; its address is the caller's, who knows where the page lies."""
    code = sealing.unseal(view.row["query_cipher"], "government_matter", "query_cipher", view.id)
    return {"query_code": code}


def with_address(data: dict[str, Value], address: str) -> dict[str, Value]:
    """Return the data with the address of the query page and its QR code."""
    return {**data, "query_address": address, "qr": qr.svg(address)} if address else data


def _day(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    return chinese_date(site_time(moment).date() if isinstance(moment, datetime) else moment)
