CREATE TABLE "school_gate_grade" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(50) NOT NULL DEFAULT '' CHECK (length("name") <= 50),
    "position" INTEGER NOT NULL DEFAULT 0,
    "office" UUID REFERENCES "host" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "school_gate_class" (
    "id" UUID PRIMARY KEY NOT NULL,
    "grade" UUID NOT NULL REFERENCES "school_gate_grade" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(50) NOT NULL DEFAULT '' CHECK (length("name") <= 50),
    "position" INTEGER NOT NULL DEFAULT 0,
    "teacher" UUID REFERENCES "host" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "school_gate_pupil" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "school_class" UUID NOT NULL REFERENCES "school_gate_class" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("number") <= 40),
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "kind" VARCHAR(10) NOT NULL DEFAULT 'pupil' CHECK (length("kind") <= 10),
    "sex" VARCHAR(10) NOT NULL DEFAULT '' CHECK (length("sex") <= 10),
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
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "relation" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("relation") <= 40),
    "phone_cipher" TEXT,
    "phone_index" VARCHAR(64) CHECK (length("phone_index") <= 64),
    "may_collect" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL DEFAULT 0,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "school_gate_staff" (
    "id" UUID PRIMARY KEY NOT NULL,
    "host" UUID UNIQUE NOT NULL REFERENCES "host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("number") <= 40),
    "photo" UUID,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "school_gate_window" (
    "id" UUID PRIMARY KEY NOT NULL,
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("kind") <= 20),
    "day_kind" VARCHAR(20) NOT NULL DEFAULT 'school' CHECK (length("day_kind") <= 20),
    "weekdays" INTEGER NOT NULL DEFAULT 127,
    "starts" VARCHAR(5) NOT NULL DEFAULT '' CHECK (length("starts") <= 5),
    "ends" VARCHAR(5) NOT NULL DEFAULT '' CHECK (length("ends") <= 5),
    "first_day" DATE,
    "last_day" DATE,
    "created_at" TIMESTAMPTZ NOT NULL,
    "voided_at" TIMESTAMPTZ
);

CREATE TABLE "school_gate_opening" (
    "id" UUID PRIMARY KEY NOT NULL,
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("kind") <= 20),
    "note" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("note") <= 200),
    "opened_at" TIMESTAMPTZ NOT NULL,
    "opened_by" UUID,
    "opened_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("opened_by_name") <= 100),
    "closed_at" TIMESTAMPTZ,
    "closed_by" UUID,
    "closed_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("closed_by_name") <= 100)
);

CREATE TABLE "school_gate_day" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("kind") <= 20),
    "note" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("note") <= 100)
);

CREATE TABLE "school_gate_offence" (
    "id" UUID PRIMARY KEY NOT NULL,
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("kind") <= 20),
    "at" TIMESTAMPTZ NOT NULL,
    "event" INTEGER,
    "serious" BOOLEAN NOT NULL DEFAULT false,
    "note" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("note") <= 200),
    "recorded_by" UUID,
    "recorded_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("recorded_by_name") <= 100),
    "reported_at" TIMESTAMPTZ,
    "voided_at" TIMESTAMPTZ,
    "void_reason" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("void_reason") <= 200)
);

CREATE TABLE "school_gate_import" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("kind") <= 20),
    "file_name" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("file_name") <= 200),
    "sha256" VARCHAR(64) NOT NULL DEFAULT '' CHECK (length("sha256") <= 64),
    "encoding" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("encoding") <= 20),
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "rows" INTEGER NOT NULL DEFAULT 0,
    "good" INTEGER NOT NULL DEFAULT 0,
    "bad" INTEGER NOT NULL DEFAULT 0,
    "added" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "same" INTEGER NOT NULL DEFAULT 0,
    "rows_cipher" TEXT,
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "created_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("created_by_name") <= 100),
    "finished_at" TIMESTAMPTZ
);

CREATE TABLE "school_gate_badges" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "title" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("title") <= 100),
    "paper" VARCHAR(10) NOT NULL DEFAULT '' CHECK (length("paper") <= 10),
    "holders" TEXT NOT NULL DEFAULT '[]',
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "total" INTEGER NOT NULL DEFAULT 0,
    "done" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "created_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("created_by_name") <= 100),
    "finished_at" TIMESTAMPTZ
);

CREATE TABLE "school_gate_visit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "registration" UUID UNIQUE NOT NULL REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "pupil" UUID REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "staff" UUID REFERENCES "school_gate_staff" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "about" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("about") <= 100),
    "relation" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("relation") <= 40),
    "organisation" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("organisation") <= 200),
    "confirmed" BOOLEAN NOT NULL DEFAULT false,
    "leaflets" BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE "school_gate_deposit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '' CHECK (length("number") <= 20),
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("kind") <= 20),
    "what" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("what") <= 200),
    "pieces" INTEGER NOT NULL DEFAULT 1,
    "shelf" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("shelf") <= 40),
    "remark" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("remark") <= 200),
    "giver_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("giver_name") <= 100),
    "giver_relation" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("giver_relation") <= 40),
    "giver_phone_cipher" TEXT,
    "giver_phone_index" VARCHAR(64) CHECK (length("giver_phone_index") <= 64),
    "guardian" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "kept_at" TIMESTAMPTZ NOT NULL,
    "kept_by" UUID,
    "kept_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("kept_by_name") <= 100),
    "told_at" TIMESTAMPTZ,
    "told_means" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("told_means") <= 20),
    "told_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("told_by_name") <= 100),
    "ended_at" TIMESTAMPTZ,
    "ended_by" UUID,
    "ended_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("ended_by_name") <= 100),
    "signing" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("signing") <= 20),
    "signature_cipher" TEXT,
    "late_reason" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("late_reason") <= 200),
    "end_reason" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("end_reason") <= 200)
);

CREATE TABLE "school_gate_stay" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '' CHECK (length("number") <= 20),
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "visitor" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "registration" UUID REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'other' CHECK (length("kind") <= 20),
    "host" UUID REFERENCES "host" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "host_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("host_name") <= 100),
    "place" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("place") <= 100),
    "first_day" DATE,
    "last_day" DATE,
    "remark" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("remark") <= 200),
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "badge" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("badge") <= 40),
    "notified_at" TIMESTAMPTZ NOT NULL,
    "notified_by" UUID,
    "notified_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("notified_by_name") <= 100),
    "registered_at" TIMESTAMPTZ,
    "registered_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("registered_by_name") <= 100),
    "ended_at" TIMESTAMPTZ,
    "ended_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("ended_by_name") <= 100),
    "end_reason" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("end_reason") <= 200),
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "school_gate_valuable" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '' CHECK (length("number") <= 20),
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "stay" UUID REFERENCES "school_gate_stay" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "person" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("person") <= 100),
    "item" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("item") <= 200),
    "mark" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("mark") <= 100),
    "proof" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("proof") <= 20),
    "proof_text" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("proof_text") <= 200),
    "voucher_staff" UUID REFERENCES "school_gate_staff" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "voucher_pupil" UUID REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "decision_code" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("decision_code") <= 60),
    "decision_version" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("decision_version") <= 60),
    "at" TIMESTAMPTZ NOT NULL,
    "guard" UUID,
    "guard_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("guard_name") <= 100),
    "erased_at" TIMESTAMPTZ
);

CREATE TABLE "school_gate_leave" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("number") <= 20),
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'leave' CHECK (length("kind") <= 20),
    "reason" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("reason") <= 200),
    "starts_at" TIMESTAMPTZ NOT NULL,
    "ends_at" TIMESTAMPTZ NOT NULL,
    "expected_back_at" TIMESTAMPTZ,
    "alone" BOOLEAN NOT NULL DEFAULT false,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "asked_by" UUID,
    "asked_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("asked_by_name") <= 100),
    "contacted_at" TIMESTAMPTZ,
    "contact_means" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("contact_means") <= 20),
    "contact_with" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("contact_with") <= 100),
    "contact_guardian" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "link_guardian" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "issued_at" TIMESTAMPTZ,
    "issued_by" UUID,
    "issued_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("issued_by_name") <= 100),
    "stamped_at" TIMESTAMPTZ,
    "stamped_by" UUID,
    "stamped_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("stamped_by_name") <= 100),
    "refused_at" TIMESTAMPTZ,
    "refused_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("refused_by_name") <= 100),
    "refuse_reason" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("refuse_reason") <= 200),
    "released_at" TIMESTAMPTZ,
    "released_by" UUID,
    "released_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("released_by_name") <= 100),
    "release_gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "collected_by" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "collector_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("collector_name") <= 100),
    "collector_document" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("collector_document") <= 40),
    "paper_number" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("paper_number") <= 40),
    "pupil_signature" TEXT,
    "collector_signature" TEXT,
    "used_at" TIMESTAMPTZ,
    "exit_event" INTEGER,
    "returned_at" TIMESTAMPTZ,
    "return_event" INTEGER,
    "return_note" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("return_note") <= 200),
    "missed_at" TIMESTAMPTZ,
    "voided_at" TIMESTAMPTZ,
    "voided_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("voided_by_name") <= 100),
    "void_reason" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("void_reason") <= 200)
);

CREATE TABLE "school_gate_event" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("number") <= 20),
    "school_class" UUID NOT NULL REFERENCES "school_gate_class" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "title" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("title") <= 100),
    "place" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("place") <= 100),
    "note" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("note") <= 300),
    "admits_from" TIMESTAMPTZ NOT NULL,
    "starts_at" TIMESTAMPTZ NOT NULL,
    "ends_at" TIMESTAMPTZ NOT NULL,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "approval" UUID,
    "decided_at" TIMESTAMPTZ,
    "decision_note" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("decision_note") <= 300),
    "applied_by" UUID,
    "applied_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("applied_by_name") <= 100),
    "created_at" TIMESTAMPTZ NOT NULL,
    "cancelled_at" TIMESTAMPTZ,
    "cancel_reason" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("cancel_reason") <= 200)
);

CREATE TABLE "school_gate_event_guest" (
    "id" UUID PRIMARY KEY NOT NULL,
    "event" UUID NOT NULL REFERENCES "school_gate_event" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "pupil" UUID NOT NULL REFERENCES "school_gate_pupil" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "guardian" UUID REFERENCES "school_gate_guardian" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "relation" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("relation") <= 40),
    "position" INTEGER NOT NULL DEFAULT 0,
    "pass_id" VARCHAR(24) NOT NULL DEFAULT '' CHECK (length("pass_id") <= 24),
    "came_at" TIMESTAMPTZ,
    "came_how" VARCHAR(10) NOT NULL DEFAULT '' CHECK (length("came_how") <= 10),
    "came_gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "came_event" INTEGER,
    "document" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("document") <= 40),
    "recorded_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("recorded_by_name") <= 100),
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
