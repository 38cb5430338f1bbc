ALTER TABLE "account" ADD COLUMN "digest" BOOLEAN NOT NULL DEFAULT true;

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

CREATE UNIQUE INDEX holding_record ON holding (record_kind, record);

CREATE UNIQUE INDEX holding_span_once ON holding_span (holding, position);

CREATE UNIQUE INDEX holding_span_open ON holding_span (record_kind, record) WHERE until IS NULL;

CREATE INDEX holding_span_unit ON holding_span (unit_kind, unit_id, record_kind) WHERE until IS NULL;

CREATE INDEX holding_span_person ON holding_span (person, record_kind) WHERE until IS NULL AND person IS NOT NULL;

CREATE INDEX holding_bounced ON holding (record_kind, returns, loops) WHERE returns > 0 OR loops > 0;
