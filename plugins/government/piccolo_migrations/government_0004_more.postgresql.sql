CREATE TABLE "government_joining" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kept" UUID NOT NULL REFERENCES "government_petitioner" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "joined" UUID NOT NULL REFERENCES "government_petitioner" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "shared" BOOLEAN NOT NULL DEFAULT true,
    "reason_cipher" TEXT NOT NULL DEFAULT '',
    "moved_cipher" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by" UUID,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "undone_at" TIMESTAMPTZ,
    "undone_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "undone_cipher" TEXT NOT NULL DEFAULT ''
);

ALTER TABLE "government_contact" ADD COLUMN "visit" UUID;

ALTER TABLE "government_contact" ADD COLUMN "leads" BOOLEAN NOT NULL DEFAULT true;

CREATE TABLE "government_wording" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "request" UUID NOT NULL,
    "round" SMALLINT NOT NULL DEFAULT 1,
    "texts_cipher" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE INDEX government_petitioner_merged ON government_petitioner (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX government_joining_kept ON government_joining (kept);

CREATE INDEX government_joining_joined ON government_joining (joined);

CREATE INDEX government_contact_visit ON government_contact (visit) WHERE visit IS NOT NULL;

CREATE UNIQUE INDEX government_wording_round ON government_wording (request, round);

CREATE INDEX government_wording_matter ON government_wording (matter);
