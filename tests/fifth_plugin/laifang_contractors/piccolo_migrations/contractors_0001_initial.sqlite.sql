CREATE TABLE "contractors_permit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "registration" UUID UNIQUE NOT NULL REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("number") <= 40),
    "last_day" DATE NOT NULL DEFAULT CURRENT_DATE
);

CREATE TABLE "contractors_hot_work" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "place" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("place") <= 100),
    "state" VARCHAR(10) NOT NULL DEFAULT '' CHECK (length("state") <= 10),
    "asked_by" UUID,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "request" UUID
);

CREATE INDEX contractors_permit_day ON contractors_permit (last_day);

CREATE INDEX contractors_hot_work_asked ON contractors_hot_work (site, asked_at);
