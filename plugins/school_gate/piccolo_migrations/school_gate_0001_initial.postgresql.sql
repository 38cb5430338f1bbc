CREATE TABLE "school_gate_grade" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(50) NOT NULL DEFAULT '',
    "position" SMALLINT NOT NULL DEFAULT 0,
    "office" UUID REFERENCES "host" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "school_gate_class" (
    "id" UUID PRIMARY KEY NOT NULL,
    "grade" UUID NOT NULL REFERENCES "school_gate_grade" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(50) NOT NULL DEFAULT '',
    "position" SMALLINT NOT NULL DEFAULT 0,
    "teacher" UUID REFERENCES "host" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "school_gate_pupil" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "school_class" UUID NOT NULL REFERENCES "school_gate_class" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(40) NOT NULL DEFAULT '',
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "kind" VARCHAR(10) NOT NULL DEFAULT 'pupil',
    "sex" VARCHAR(10) NOT NULL DEFAULT '',
    "boards" BOOLEAN NOT NULL DEFAULT false,
    "photo" UUID,
    "tokens" TEXT NOT NULL DEFAULT '',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "school_gate_guardian" (
    "id" UUID PRIMARY KEY NOT NULL,
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "visitor" UUID REFERENCES "visitor" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "relation" VARCHAR(40) NOT NULL DEFAULT '',
    "phone_cipher" TEXT,
    "phone_index" VARCHAR(64),
    "may_collect" BOOLEAN NOT NULL DEFAULT true,
    "position" SMALLINT NOT NULL DEFAULT 0,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "school_gate_staff" (
    "id" UUID PRIMARY KEY NOT NULL,
    "host" UUID UNIQUE NOT NULL REFERENCES "host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(40) NOT NULL DEFAULT '',
    "photo" UUID,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "school_gate_window" (
    "id" UUID PRIMARY KEY NOT NULL,
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "day_kind" VARCHAR(20) NOT NULL DEFAULT 'school',
    "weekdays" SMALLINT NOT NULL DEFAULT 127,
    "starts" VARCHAR(5) NOT NULL DEFAULT '',
    "ends" VARCHAR(5) NOT NULL DEFAULT '',
    "first_day" DATE,
    "last_day" DATE,
    "created_at" TIMESTAMPTZ NOT NULL,
    "voided_at" TIMESTAMPTZ
);

CREATE TABLE "school_gate_opening" (
    "id" UUID PRIMARY KEY NOT NULL,
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "note" VARCHAR(200) NOT NULL DEFAULT '',
    "opened_at" TIMESTAMPTZ NOT NULL,
    "opened_by" UUID,
    "opened_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "closed_at" TIMESTAMPTZ,
    "closed_by" UUID,
    "closed_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "school_gate_day" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "note" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "school_gate_offence" (
    "id" UUID PRIMARY KEY NOT NULL,
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "event" BIGINT,
    "serious" BOOLEAN NOT NULL DEFAULT false,
    "note" VARCHAR(200) NOT NULL DEFAULT '',
    "recorded_by" UUID,
    "recorded_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "reported_at" TIMESTAMPTZ,
    "voided_at" TIMESTAMPTZ,
    "void_reason" VARCHAR(200) NOT NULL DEFAULT ''
);

CREATE TABLE "school_gate_import" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "file_name" VARCHAR(200) NOT NULL DEFAULT '',
    "sha256" VARCHAR(64) NOT NULL DEFAULT '',
    "encoding" VARCHAR(20) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "rows" INTEGER NOT NULL DEFAULT 0,
    "good" INTEGER NOT NULL DEFAULT 0,
    "bad" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "same" INTEGER NOT NULL DEFAULT 0,
    "rows_cipher" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "created_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "finished_at" TIMESTAMPTZ
);

CREATE TABLE "school_gate_badges" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "title" VARCHAR(100) NOT NULL DEFAULT '',
    "paper" VARCHAR(10) NOT NULL DEFAULT '',
    "holders" TEXT NOT NULL DEFAULT '[]',
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "created_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "finished_at" TIMESTAMPTZ
);

CREATE TABLE "school_gate_visit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "registration" UUID UNIQUE NOT NULL REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "pupil" UUID REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "staff" UUID REFERENCES "school_gate_staff" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "about" VARCHAR(100) NOT NULL DEFAULT '',
    "relation" VARCHAR(40) NOT NULL DEFAULT '',
    "organisation" VARCHAR(200) NOT NULL DEFAULT '',
    "confirmed" BOOLEAN NOT NULL DEFAULT false,
    "leaflets" BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE "school_gate_deposit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "what" VARCHAR(200) NOT NULL DEFAULT '',
    "pieces" SMALLINT NOT NULL DEFAULT 1,
    "shelf" VARCHAR(40) NOT NULL DEFAULT '',
    "remark" VARCHAR(200) NOT NULL DEFAULT '',
    "giver_name" VARCHAR(100) NOT NULL DEFAULT '',
    "giver_relation" VARCHAR(40) NOT NULL DEFAULT '',
    "giver_phone_cipher" TEXT,
    "giver_phone_index" VARCHAR(64),
    "guardian" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "kept_at" TIMESTAMPTZ NOT NULL,
    "kept_by" UUID,
    "kept_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "told_at" TIMESTAMPTZ,
    "told_means" VARCHAR(20) NOT NULL DEFAULT '',
    "told_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ,
    "ended_by" UUID,
    "ended_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "signing" VARCHAR(20) NOT NULL DEFAULT '',
    "signature_cipher" TEXT,
    "late_reason" VARCHAR(200) NOT NULL DEFAULT '',
    "end_reason" VARCHAR(200) NOT NULL DEFAULT ''
);

CREATE TABLE "school_gate_stay" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "visitor" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "registration" UUID REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'other',
    "host" UUID REFERENCES "host" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "host_name" VARCHAR(100) NOT NULL DEFAULT '',
    "place" VARCHAR(100) NOT NULL DEFAULT '',
    "first_day" DATE,
    "last_day" DATE,
    "remark" VARCHAR(200) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "badge" VARCHAR(40) NOT NULL DEFAULT '',
    "notified_at" TIMESTAMPTZ NOT NULL,
    "notified_by" UUID,
    "notified_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "registered_at" TIMESTAMPTZ,
    "registered_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ,
    "ended_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "end_reason" VARCHAR(200) NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "school_gate_valuable" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "stay" UUID REFERENCES "school_gate_stay" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "person" VARCHAR(100) NOT NULL DEFAULT '',
    "item" VARCHAR(200) NOT NULL DEFAULT '',
    "mark" VARCHAR(100) NOT NULL DEFAULT '',
    "proof" VARCHAR(20) NOT NULL DEFAULT '',
    "proof_text" VARCHAR(200) NOT NULL DEFAULT '',
    "voucher_staff" UUID REFERENCES "school_gate_staff" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "voucher_pupil" UUID REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "decision_code" VARCHAR(60) NOT NULL DEFAULT '',
    "decision_version" VARCHAR(60) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "guard" UUID,
    "guard_name" VARCHAR(100) NOT NULL DEFAULT '',
    "erased_at" TIMESTAMPTZ
);

CREATE TABLE "school_gate_leave" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'leave',
    "reason" VARCHAR(200) NOT NULL DEFAULT '',
    "starts_at" TIMESTAMPTZ NOT NULL,
    "ends_at" TIMESTAMPTZ NOT NULL,
    "expected_back_at" TIMESTAMPTZ,
    "alone" BOOLEAN NOT NULL DEFAULT false,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "asked_by" UUID,
    "asked_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "contacted_at" TIMESTAMPTZ,
    "contact_means" VARCHAR(20) NOT NULL DEFAULT '',
    "contact_with" VARCHAR(100) NOT NULL DEFAULT '',
    "contact_guardian" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "link_guardian" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "issued_at" TIMESTAMPTZ,
    "issued_by" UUID,
    "issued_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "stamped_at" TIMESTAMPTZ,
    "stamped_by" UUID,
    "stamped_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "refused_at" TIMESTAMPTZ,
    "refused_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "refuse_reason" VARCHAR(200) NOT NULL DEFAULT '',
    "released_at" TIMESTAMPTZ,
    "released_by" UUID,
    "released_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "release_gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "collected_by" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "collector_name" VARCHAR(100) NOT NULL DEFAULT '',
    "collector_document" VARCHAR(40) NOT NULL DEFAULT '',
    "paper_number" VARCHAR(40) NOT NULL DEFAULT '',
    "pupil_signature" TEXT,
    "collector_signature" TEXT,
    "used_at" TIMESTAMPTZ,
    "exit_event" BIGINT,
    "returned_at" TIMESTAMPTZ,
    "return_event" BIGINT,
    "return_note" VARCHAR(200) NOT NULL DEFAULT '',
    "missed_at" TIMESTAMPTZ,
    "voided_at" TIMESTAMPTZ,
    "voided_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "void_reason" VARCHAR(200) NOT NULL DEFAULT ''
);

CREATE TABLE "school_gate_event" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "school_class" UUID NOT NULL REFERENCES "school_gate_class" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "title" VARCHAR(100) NOT NULL DEFAULT '',
    "place" VARCHAR(100) NOT NULL DEFAULT '',
    "note" VARCHAR(300) NOT NULL DEFAULT '',
    "admits_from" TIMESTAMPTZ NOT NULL,
    "starts_at" TIMESTAMPTZ NOT NULL,
    "ends_at" TIMESTAMPTZ NOT NULL,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "approval" UUID,
    "decided_at" TIMESTAMPTZ,
    "decision_note" VARCHAR(300) NOT NULL DEFAULT '',
    "applied_by" UUID,
    "applied_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "cancelled_at" TIMESTAMPTZ,
    "cancel_reason" VARCHAR(200) NOT NULL DEFAULT ''
);

CREATE TABLE "school_gate_event_guest" (
    "id" UUID PRIMARY KEY NOT NULL,
    "event" UUID NOT NULL REFERENCES "school_gate_event" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "guardian" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "relation" VARCHAR(40) NOT NULL DEFAULT '',
    "position" SMALLINT NOT NULL DEFAULT 0,
    "pass_id" VARCHAR(24) NOT NULL DEFAULT '',
    "came_at" TIMESTAMPTZ,
    "came_how" VARCHAR(10) NOT NULL DEFAULT '',
    "came_gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "came_event" BIGINT,
    "document" VARCHAR(40) NOT NULL DEFAULT '',
    "recorded_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "removed_at" TIMESTAMPTZ
);

CREATE UNIQUE INDEX school_gate_grade_name ON school_gate_grade (site, name);

CREATE UNIQUE INDEX school_gate_class_name ON school_gate_class (grade, name);

CREATE INDEX school_gate_class_teacher ON school_gate_class (teacher);

CREATE UNIQUE INDEX school_gate_pupil_number ON school_gate_pupil (site, number);

CREATE INDEX school_gate_pupil_class ON school_gate_pupil (school_class, name);

CREATE INDEX school_gate_guardian_pupil ON school_gate_guardian (pupil, position);

CREATE INDEX school_gate_guardian_phone ON school_gate_guardian (phone_index);

CREATE INDEX school_gate_guardian_visitor ON school_gate_guardian (visitor);

CREATE UNIQUE INDEX school_gate_staff_number ON school_gate_staff (site, number);

CREATE INDEX school_gate_window_gate ON school_gate_window (gate);

CREATE UNIQUE INDEX school_gate_opening_open ON school_gate_opening (gate) WHERE closed_at IS NULL;

CREATE INDEX school_gate_opening_gate ON school_gate_opening (gate, opened_at);

CREATE UNIQUE INDEX school_gate_day_once ON school_gate_day (site, day);

CREATE INDEX school_gate_offence_pupil ON school_gate_offence (pupil, at);

CREATE INDEX school_gate_offence_at ON school_gate_offence (at);

CREATE UNIQUE INDEX school_gate_offence_event ON school_gate_offence (event) WHERE event IS NOT NULL;

CREATE INDEX school_gate_import_created ON school_gate_import (site, created_at);

CREATE INDEX school_gate_badges_created ON school_gate_badges (site, created_at);

CREATE INDEX school_gate_visit_pupil ON school_gate_visit (pupil);

CREATE INDEX school_gate_visit_staff ON school_gate_visit (staff);

CREATE INDEX school_gate_deposit_kept ON school_gate_deposit (site, kept_at) WHERE state = 'kept';

CREATE INDEX school_gate_deposit_at ON school_gate_deposit (site, kept_at);

CREATE INDEX school_gate_deposit_pupil ON school_gate_deposit (pupil, kept_at);

CREATE INDEX school_gate_deposit_phone ON school_gate_deposit (giver_phone_index);

CREATE INDEX school_gate_stay_open ON school_gate_stay (site, last_day) WHERE state <> 'ended';

CREATE INDEX school_gate_stay_visitor ON school_gate_stay (visitor);

CREATE INDEX school_gate_stay_registration ON school_gate_stay (registration);

CREATE INDEX school_gate_valuable_at ON school_gate_valuable (site, at);

CREATE INDEX school_gate_valuable_stay ON school_gate_valuable (stay);

CREATE INDEX school_gate_leave_pupil ON school_gate_leave (pupil, ends_at);

CREATE INDEX school_gate_leave_ends ON school_gate_leave (ends_at);

CREATE INDEX school_gate_leave_out ON school_gate_leave (expected_back_at) WHERE used_at IS NOT NULL AND returned_at IS NULL AND voided_at IS NULL;

CREATE INDEX school_gate_event_class ON school_gate_event (school_class, starts_at);

CREATE INDEX school_gate_event_ends ON school_gate_event (ends_at);

CREATE INDEX school_gate_event_guest_event ON school_gate_event_guest (event, position);

CREATE INDEX school_gate_event_guest_guardian ON school_gate_event_guest (guardian);
