CREATE TABLE "contractors_permit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "registration" UUID UNIQUE NOT NULL REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("number") <= 40),
    "last_day" DATE NOT NULL DEFAULT CURRENT_DATE
);

CREATE INDEX contractors_permit_day ON contractors_permit (last_day);
