"""Delivery of papers: how, when, to whom, who signed or saw it refused; printed as 送达回证.

What was noted stays; a mistake is voided with its reason and noted anew. The latest that is not void
counts.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args
from uuid import UUID, uuid4

from core import db, settings
from core.clock import local
from core.documents import issuing, reasons
from core.documents.drawing import chinese_date
from core.documents.facts import Delivery, Method, Value
from core.documents.kinds import kind_of
from core.documents.own_kinds import RECEIPT
from core.documents.tables import DocumentDelivery, IssuedDocument
from core.errors import InvalidInputError, NotFoundError, WrongStateError
from core.forms import Field
from core.i18n import N_, Message
from core.log.services import record
from core.permissions import Actor
from core.plugins import Plugins
from core.privacy.crypto import Keyring
from core.signatures import clean as clean_signature
from core.text import TextError

METHODS: Mapping[Method, Message] = {
    "direct": N_("Handed over in person"),
    "substitute": N_("Handed to somebody of the same household or unit"),
    "left": N_("Left at the place, with a witness"),
    "registered": N_("Registered letter"),
    "electronic": N_("Electronic delivery"),
    "posted": N_("Public announcement"),
}
# As the printed receipt says it.
_PRINTED: Mapping[Method, str] = {
    "direct": "直接送达",
    "substitute": "代收送达",
    "left": "留置送达",
    "registered": "挂号邮寄送达",
    "electronic": "电子送达",
    "posted": "公告送达",
}
# What is asked about a delivery, on whichever page it is noted.
HOW = Field(
    name="method",
    label=N_("How it was delivered"),
    kind="radio",
    required=True,
    options=tuple(METHODS.items()),
)
WHEN = Field(name="at", label=N_("Delivered at"), kind="datetime", required=True)
DETAILS = (
    Field(name="receiver", label=N_("Who received it"), max_length=60),
    Field(
        name="relation",
        label=N_("Relation to the addressee"),
        max_length=40,
        help=N_("The addressee in person, a relative, the unit's post room."),
    ),
    Field(name="place", label=N_("Place of delivery"), max_length=100),
    Field(name="tracking", label=N_("Tracking number or address"), max_length=100),
    Field(name="refused", label=N_("Refused to take or sign it"), kind="checkbox"),
    Field(name="reason", label=N_("Why it was refused"), max_length=300),
    Field(name="witness", label=N_("Witness"), max_length=100),
)
FIELDS = (HOW, WHEN, *DETAILS)
_TABLE = "document_delivery"
_TEXTS = ("receiver", "relation", "place", "tracking", "reason", "witness")
_HANDED = ("direct", "substitute")
_PERSON = ("receiver", "relation", "place", "tracking", "reason", "witness", "signature")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A delivery as it was noted, with who noted it."""

    id: UUID
    delivery: Delivery
    noted_by: str
    noted_at: datetime
    voided: bool = False
    void_reason: str = ""


def typed(values: Mapping[str, str], signature: str = "") -> Delivery:
    """Return a delivery as `FIELDS` were filled in; InvalidInputError for a time that is none."""
    try:
        moment = datetime.fromisoformat(values["at"]).replace(tzinfo=settings.load().zone)
    except ValueError as error:
        raise InvalidInputError({"at": N_("A day and a time of day.")}) from error
    return Delivery(
        method=cast("Method", values["method"]),
        at=moment,
        refused=bool(values["refused"]),
        signature=signature,
        **{name: values[name] for name in _TEXTS},
    )


async def note(
    document_id: UUID, delivery: Delivery, *, actor: Actor, at: datetime
) -> DocumentDelivery:
    """Note how a paper was delivered; joins the act's transaction if there is one.

    InvalidInputError: nobody named, no witness where one is needed, no reason for a refusal, a time
    before the paper's own or ahead.
    """
    signature = _checked(delivery, at)
    async with db.writing():
        document = await IssuedDocument.objects().get(IssuedDocument.id == document_id)
        if document is None:
            raise NotFoundError
        if document.voided_at is not None:
            raise WrongStateError(N_("This paper is void; it is not delivered."))
        if delivery.at < document.issued_at.replace(second=0, microsecond=0):
            raise InvalidInputError({"at": N_("This is before the paper was issued.")})
        made = uuid4()
        person = {name: getattr(delivery, name) for name in _PERSON} | {"signature": signature}
        row = DocumentDelivery(
            id=made,
            document=document_id,
            method=delivery.method,
            at=delivery.at,
            refused=delivery.refused,
            person=_sealed(issuing.keys_of(document.kind, sealed=document.sealed), made, person),
            noted_by=actor.id,
            noted_by_name=actor.name,
            noted_at=at,
        )
        await DocumentDelivery.insert(row)
        await mark([document_id])
        shown = {"document": document_id, "method": delivery.method, "at": delivery.at.isoformat()}
        shown["refused"] = delivery.refused
        await record(actor, "document.deliver", "document", document_id, at=at, after=shown)
    return row


async def void(delivery_id: UUID, reason: str, *, actor: Actor, at: datetime) -> None:
    """Declare a note of delivery void, as it was noted wrongly."""
    if not reason.strip():
        raise InvalidInputError({"reason": N_("Say what was noted wrongly.")})
    async with db.writing():
        row = await DocumentDelivery.objects().get(DocumentDelivery.id == delivery_id)
        if row is None:
            raise NotFoundError
        if row.voided_at is not None:
            raise WrongStateError(N_("This note is void already."))
        document = await IssuedDocument.objects().get(IssuedDocument.id == row.document)
        if document is None:
            raise NotFoundError
        said = reason.strip()[:500]
        row.voided_at = at
        row.void_reason = reasons.kept(document, said, "document_delivery", row.id)
        await row.save([DocumentDelivery.voided_at, DocumentDelivery.void_reason])
        await mark([row.document])
        shown = {"delivery": delivery_id, **reasons.logged(document, said)}
        await record(actor, "document.undeliver", "document", row.document, at=at, after=shown)


async def mark(ids: Sequence[UUID]) -> None:
    """Mark on these papers whether a note of delivery stands; inside the transaction that wrote one."""
    await db.execute_many(
        "UPDATE issued_document SET delivered = EXISTS (SELECT 1 FROM document_delivery v"
        " WHERE v.document = issued_document.id AND v.voided_at IS NULL) WHERE id = {}",
        [(one,) for one in ids],
    )


async def of_document(document_id: UUID) -> list[Noted]:
    """Return what was noted of a paper's delivery, the newest first."""
    return (await of_documents([document_id])).get(document_id, [])


async def of_documents(ids: Sequence[UUID]) -> dict[UUID, list[Noted]]:
    """Return what was noted of the delivery of several papers, the newest first."""
    if not ids:
        return {}
    rows = (
        await DocumentDelivery.objects()
        .where(DocumentDelivery.document.is_in(list(ids)))
        .order_by(DocumentDelivery.noted_at, ascending=False)
    )
    papers = {
        row.id: row
        for row in await IssuedDocument.objects().where(IssuedDocument.id.is_in(list(ids)))
    }
    found: dict[UUID, list[Noted]] = {}
    for row in rows:
        found.setdefault(row.document, []).append(_noted(row, papers[row.document]))
    return found


async def delivered_at(document_id: UUID) -> datetime | None:
    """Return when a paper reached its addressee; windows such as 30 days count from it."""
    noted = [one for one in await of_document(document_id) if not one.voided]
    return noted[0].delivery.at if noted else None


async def receipt_pdf(
    document_id: UUID, *, addressee: str = "", at: datetime, plugins: Plugins
) -> bytes:
    """Return the paper's delivery receipt, filled in as far as noted; blank to take along before."""
    document = await IssuedDocument.objects().get(IssuedDocument.id == document_id)
    if document is None:
        raise NotFoundError
    noted = [one for one in await of_document(document_id) if not one.voided]
    data = issuing.data_of(document)
    about: dict[str, Value] = {
        "paper": document.title or _named(plugins, document.kind),
        "paper_number": document.label,
        "case_number": data.get(kind_of(plugins, document.kind).case, ""),
        "addressee": addressee or data.get("to", ""),
        "office": data.get("office", ""),
        **(_filled(noted[0]) if noted else {}),
    }
    return await issuing.drawn(kind_of(plugins, RECEIPT), about, at=at)


def _filled(noted: Noted) -> dict[str, str]:
    one = noted.delivery
    moment = local(one.at, settings.load().zone)
    texts = {name: getattr(one, name) for name in _PERSON if name != "reason"}
    return {
        **texts,
        "method": _PRINTED[one.method],
        "received_at": f"{chinese_date(moment.date())} {moment.hour}时{moment.minute:02}分",
        "refused": one.reason if one.refused else "",
        "server": noted.noted_by,
    }


def _named(plugins: Plugins, kind: str) -> str:
    return kind_of(plugins, kind).label.translate("zh_Hans")


def _checked(delivery: Delivery, now: datetime) -> str:
    """Return the clean signature; InvalidInputError names what is missing."""
    problems: dict[str, Message] = {}
    if delivery.method not in get_args(Method):
        problems["method"] = N_("Please choose one of the options.")
    if delivery.at > now:
        problems["at"] = N_("A delivery cannot be noted before it happened.")
    if not delivery.receiver.strip() and not delivery.refused and delivery.method in _HANDED:
        problems["receiver"] = N_("Say who received it.")
    if delivery.method == "substitute" and not delivery.relation.strip():
        problems["relation"] = N_("Say what that person is to the addressee.")
    if (delivery.refused or delivery.method == "left") and not delivery.witness.strip():
        problems["witness"] = N_("Name who witnessed it.")
    if delivery.refused and not delivery.reason.strip():
        problems["reason"] = N_("Say why it was refused.")
    if delivery.method in ("registered", "electronic") and not delivery.tracking.strip():
        problems["tracking"] = N_("Give the tracking number, or the address it was sent to.")
    signature = ""
    try:
        signature = clean_signature(delivery.signature)
    except TextError as error:
        problems["signature"] = error.message
    if problems:
        raise InvalidInputError(problems)
    return signature


def _sealed(keyring: Keyring, delivery_id: UUID, person: Mapping[str, str]) -> str:
    text = json.dumps(dict(person), ensure_ascii=False)
    return keyring.encrypt(text, _TABLE, "person", delivery_id)


def _noted(row: DocumentDelivery, document: IssuedDocument) -> Noted:
    keyring = issuing.keys_of(document.kind, sealed=document.sealed)
    person: dict[str, str] = dict.fromkeys(_PERSON, "")
    if row.person:
        opened = keyring.decrypt(row.person, _TABLE, "person", row.id)
        person |= json.loads(opened)
    return Noted(
        id=row.id,
        delivery=Delivery(
            method=cast("Method", row.method), at=row.at, refused=row.refused, **person
        ),
        noted_by=row.noted_by_name,
        noted_at=row.noted_at,
        voided=row.voided_at is not None,
        void_reason=reasons.opened(document, row.void_reason, "document_delivery", row.id),
    )
