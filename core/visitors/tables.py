"""Visitors and the watch list. Phone and document numbers are stored encrypted."""

import uuid
from typing import Any

from piccolo.columns import (
    UUID,
    BigInt,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.table import Table


class Visitor(Table, tablename="visitor"):
    """A person who has come or is expected.

    `*_cipher` are AES-256-GCM texts, `*_index` keyed blind indexes for exact look-up. `merged_into`
    points to the visitor that took over this one's history; `erased_at` marks personal data gone.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    name = Varchar(length=100)
    sex = Varchar(length=10, default="")
    organisation = Varchar(length=200, default="")
    phone_cipher = Text(null=True, default=None)
    phone_index = Varchar(length=64, null=True, default=None)
    document_kind = Varchar(length=40, default="")
    document_cipher = Text(null=True, default=None)
    document_index = Varchar(length=64, null=True, default=None)
    document_by_eye = Boolean(default=False)  # kept although its check digit is wrong
    plate = Varchar(length=20, default="")
    photo = UUID(null=True, default=None)
    remark = Text(default="")
    merged_into: ForeignKey[Any] = ForeignKey(
        "self", null=True, default=None, on_delete=OnDelete.restrict
    )
    created_at = Timestamptz(null=False)
    updated_at = Timestamptz(null=False)
    last_visit_at = Timestamptz(null=True, default=None)
    visits = Integer(default=0)
    version = Integer(default=1)
    erased_at = Timestamptz(null=True, default=None)


class VisitorSearchRow(Table, tablename="visitor_search_row"):
    """Gives each visitor a small number under which the full-text index knows them."""

    id = Serial(primary_key=True)
    visitor = ForeignKey(Visitor, null=False, unique=True, on_delete=OnDelete.cascade)
    tokens = Text(default="")


class WatchEntry(Table, tablename="watch_entry"):
    """Someone barred or to be announced (CORE-15): reason, until when, who decided.

    Matched by document, by phone, or by name alone when neither is known.
    """

    id = UUID(primary_key=True, default=uuid.uuid4)
    visitor = ForeignKey(Visitor, null=True, default=None, on_delete=OnDelete.restrict)
    name = Varchar(length=100)
    phone_index = Varchar(length=64, null=True, default=None)
    document_index = Varchar(length=64, null=True, default=None)
    action = Varchar(length=20)  # barred | announce
    reason = Text()
    until = Timestamptz(null=True, default=None)
    decided_by = UUID(null=False)
    decided_by_name = Varchar(length=100, default="")
    created_at = Timestamptz(null=False)
    voided_at = Timestamptz(null=True, default=None)
    void_reason = Text(default="")


class VisitorMerge(Table, tablename="visitor_merge"):
    """Two records found to be one person; both histories are kept (CORE-2)."""

    id = UUID(primary_key=True, default=uuid.uuid4)
    kept = ForeignKey(Visitor, null=False, on_delete=OnDelete.restrict)
    merged = ForeignKey(Visitor, null=False, on_delete=OnDelete.restrict)
    at = BigInt()
    by = UUID(null=False)


INDEXES = (
    "CREATE INDEX visitor_phone ON visitor (phone_index) WHERE phone_index IS NOT NULL",
    "CREATE INDEX visitor_document ON visitor (document_index) WHERE document_index IS NOT NULL",
    "CREATE INDEX visitor_name ON visitor (name)",
    "CREATE INDEX visitor_last_visit ON visitor (last_visit_at)",
    "CREATE INDEX watch_entry_document ON watch_entry (document_index)",
    "CREATE INDEX watch_entry_phone ON watch_entry (phone_index)",
    "CREATE INDEX watch_entry_name ON watch_entry (name)",
)
SQLITE_DDL = (
    "CREATE VIRTUAL TABLE visitor_fts USING fts5(tokens, content='visitor_search_row',"
    " content_rowid='id', tokenize='unicode61', prefix='1 2 3')",
    "CREATE TRIGGER visitor_fts_insert AFTER INSERT ON visitor_search_row BEGIN"
    " INSERT INTO visitor_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
    "CREATE TRIGGER visitor_fts_delete AFTER DELETE ON visitor_search_row BEGIN"
    " INSERT INTO visitor_fts(visitor_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
    " END",
    "CREATE TRIGGER visitor_fts_update AFTER UPDATE ON visitor_search_row BEGIN"
    " INSERT INTO visitor_fts(visitor_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens);"
    " INSERT INTO visitor_fts(rowid, tokens) VALUES (new.id, new.tokens); END",
)
POSTGRESQL_DDL = (
    "CREATE INDEX visitor_fts ON visitor_search_row USING gin (to_tsvector('simple', tokens))",
)
