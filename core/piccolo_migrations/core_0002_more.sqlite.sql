ALTER TABLE "account" ADD COLUMN "digest" BOOLEAN NOT NULL DEFAULT true;

ALTER TABLE "issued_document" ADD COLUMN "label" VARCHAR(80) NOT NULL DEFAULT '' CHECK (length("label") <= 80);

ALTER TABLE "issued_document" ADD COLUMN "data" TEXT NOT NULL DEFAULT '';

ALTER TABLE "issued_document" ADD COLUMN "template" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "issued_document" ADD COLUMN "sealed" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "document_template" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kind" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("kind") <= 60),
    "number" INTEGER NOT NULL DEFAULT 0,
    "source" TEXT NOT NULL DEFAULT '',
    "prefix" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("prefix") <= 40),
    "note" TEXT NOT NULL DEFAULT '',
    "adopted_by" UUID,
    "adopted_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("adopted_by_name") <= 100),
    "adopted_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "document_delivery" (
    "id" UUID PRIMARY KEY NOT NULL,
    "document" UUID NOT NULL REFERENCES "issued_document" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "method" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("method") <= 20),
    "at" TIMESTAMPTZ NOT NULL,
    "refused" BOOLEAN NOT NULL DEFAULT false,
    "person" TEXT NOT NULL DEFAULT '',
    "noted_by" UUID,
    "noted_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("noted_by_name") <= 100),
    "noted_at" TIMESTAMPTZ NOT NULL,
    "voided_at" TIMESTAMPTZ,
    "void_reason" TEXT NOT NULL DEFAULT ''
);

ALTER TABLE "incident_step" ADD COLUMN "after" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("after") <= 40);

CREATE TABLE "holding" (
    "id" UUID PRIMARY KEY NOT NULL,
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_kind") <= 40),
    "record" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("record") <= 60),
    "taken_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "first_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("first_kind") <= 40),
    "first_id" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("first_id") <= 60),
    "first_label" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("first_label") <= 200),
    "first_person" UUID,
    "first_person_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("first_person_name") <= 100),
    "first_person_label" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("first_person_label") <= 200),
    "returns" INTEGER NOT NULL DEFAULT 0,
    "loops" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "holding_span" (
    "id" UUID PRIMARY KEY NOT NULL,
    "holding" UUID NOT NULL REFERENCES "holding" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_kind") <= 40),
    "record" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("record") <= 60),
    "position" INTEGER NOT NULL DEFAULT 0,
    "unit_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("unit_kind") <= 40),
    "unit_id" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("unit_id") <= 60),
    "unit_label" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("unit_label") <= 200),
    "since" TIMESTAMPTZ NOT NULL,
    "until" TIMESTAMPTZ,
    "how" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("how") <= 20),
    "given_by" INTEGER,
    "loop" BOOLEAN NOT NULL DEFAULT false,
    "person" UUID,
    "person_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("person_name") <= 100),
    "reason_cipher" TEXT,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("by_name") <= 100)
);

CREATE INDEX issued_document_unmade ON issued_document (issued_at) WHERE sha256 = '' AND voided_at IS NULL;

CREATE UNIQUE INDEX document_template_number ON document_template (kind, number);

CREATE INDEX document_delivery_document ON document_delivery (document);

CREATE UNIQUE INDEX holding_record ON holding (record_kind, record);

CREATE UNIQUE INDEX holding_span_once ON holding_span (holding, position);

CREATE UNIQUE INDEX holding_span_open ON holding_span (record_kind, record) WHERE until IS NULL;

CREATE INDEX holding_span_unit ON holding_span (unit_kind, unit_id, record_kind) WHERE until IS NULL;

CREATE INDEX holding_span_person ON holding_span (person, record_kind) WHERE until IS NULL AND person IS NOT NULL;

CREATE INDEX holding_bounced ON holding (record_kind, returns, loops) WHERE returns > 0 OR loops > 0;
