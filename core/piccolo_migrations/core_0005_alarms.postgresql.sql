CREATE TABLE "deadline_alarm" (
    "deadline" UUID PRIMARY KEY NOT NULL REFERENCES "deadline" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "at" BIGINT,
    "fired" TEXT NOT NULL DEFAULT '[]'
);

CREATE INDEX deadline_alarm_at ON deadline_alarm (at) WHERE at IS NOT NULL;

INSERT INTO deadline_alarm (deadline, at, fired)
    SELECT id, CASE WHEN state = 'running' THEN next_at END, fired
    FROM deadline WHERE state IN ('running', 'paused');

DROP INDEX deadline_next;

ALTER TABLE "deadline" DROP COLUMN "next_at";

ALTER TABLE "deadline" DROP COLUMN "fired";
