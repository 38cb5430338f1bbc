CREATE TABLE "site" (
    "id" UUID PRIMARY KEY NOT NULL,
    "code" VARCHAR(20) UNIQUE NOT NULL DEFAULT '' CHECK (length("code") <= 20),
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "audience" INTEGER NOT NULL DEFAULT 1,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "gate" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "code" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("code") <= 20),
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "zone" INTEGER NOT NULL DEFAULT 0,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "site_plugin" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "plugin" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("plugin") <= 60),
    "enabled" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "host" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "department" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("department") <= 100),
    "room" VARCHAR(50) NOT NULL DEFAULT '' CHECK (length("room") <= 50),
    "phone_cipher" TEXT,
    "email" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("email") <= 200),
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "account" (
    "id" UUID PRIMARY KEY NOT NULL,
    "login" VARCHAR(60) UNIQUE NOT NULL DEFAULT '' CHECK (length("login") <= 60),
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "password_hash" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("password_hash") <= 200),
    "pin_hash" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("pin_hash") <= 200),
    "locale" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("locale") <= 20),
    "host" UUID REFERENCES "host" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "email" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("email") <= 200),
    "active" BOOLEAN NOT NULL DEFAULT true,
    "must_change_password" BOOLEAN NOT NULL DEFAULT false,
    "failed_attempts" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "account_role" (
    "id" UUID PRIMARY KEY NOT NULL,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "role" VARCHAR(80) NOT NULL DEFAULT '' CHECK (length("role") <= 80),
    "site" UUID REFERENCES "site" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "account_session" (
    "id" UUID PRIMARY KEY NOT NULL,
    "secret_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '' CHECK (length("secret_hash") <= 64),
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "csrf" VARCHAR(64) NOT NULL DEFAULT '' CHECK (length("csrf") <= 64),
    "created_at" TIMESTAMPTZ NOT NULL,
    "seen_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "revoked_at" TIMESTAMPTZ,
    "address" VARCHAR(64) NOT NULL DEFAULT '' CHECK (length("address") <= 64),
    "user_agent" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("user_agent") <= 200)
);

CREATE TABLE "account_api_token" (
    "id" UUID PRIMARY KEY NOT NULL,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "secret_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '' CHECK (length("secret_hash") <= 64),
    "scopes" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "used_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ
);

CREATE TABLE "rate_limit" (
    "key" VARCHAR(120) PRIMARY KEY NOT NULL DEFAULT '' CHECK (length("key") <= 120),
    "tokens" INTEGER NOT NULL DEFAULT 0,
    "refilled_at" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "visitor" (
    "id" UUID PRIMARY KEY NOT NULL,
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "sex" VARCHAR(10) NOT NULL DEFAULT '' CHECK (length("sex") <= 10),
    "organisation" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("organisation") <= 200),
    "phone_cipher" TEXT,
    "phone_index" VARCHAR(64) CHECK (length("phone_index") <= 64),
    "document_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("document_kind") <= 40),
    "document_cipher" TEXT,
    "document_index" VARCHAR(64) CHECK (length("document_index") <= 64),
    "document_by_eye" BOOLEAN NOT NULL DEFAULT false,
    "plate" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("plate") <= 20),
    "photo" UUID,
    "remark" TEXT NOT NULL DEFAULT '',
    "merged_into" UUID REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "last_visit_at" TIMESTAMPTZ,
    "visits" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 1,
    "erased_at" TIMESTAMPTZ
);

CREATE TABLE "visitor_search_row" (
    "id" INTEGER PRIMARY KEY NOT NULL,
    "visitor" UUID UNIQUE NOT NULL REFERENCES "visitor" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "tokens" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "visitor_merge" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kept" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "merged" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "at" INTEGER NOT NULL DEFAULT 0,
    "by" UUID NOT NULL
);

CREATE TABLE "watch_entry" (
    "id" UUID PRIMARY KEY NOT NULL,
    "visitor" UUID REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "phone_index" VARCHAR(64) CHECK (length("phone_index") <= 64),
    "document_index" VARCHAR(64) CHECK (length("document_index") <= 64),
    "action" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("action") <= 20),
    "reason" TEXT NOT NULL DEFAULT '',
    "until" TIMESTAMPTZ,
    "decided_by" UUID NOT NULL,
    "decided_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("decided_by_name") <= 100),
    "created_at" TIMESTAMPTZ NOT NULL,
    "voided_at" TIMESTAMPTZ,
    "void_reason" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "appointment" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "visitor" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "host" UUID REFERENCES "host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "host_text" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("host_text") <= 200),
    "purpose" VARCHAR(80) NOT NULL DEFAULT '' CHECK (length("purpose") <= 80),
    "reason" TEXT NOT NULL DEFAULT '',
    "head_count" INTEGER NOT NULL DEFAULT 1,
    "plate" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("plate") <= 20),
    "starts_at" TIMESTAMPTZ NOT NULL,
    "ends_at" TIMESTAMPTZ NOT NULL,
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "proposed_by" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("proposed_by") <= 20),
    "answer_note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "registration" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '' CHECK (length("number") <= 20),
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "visitor" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "head_count" INTEGER NOT NULL DEFAULT 1,
    "purpose" VARCHAR(80) NOT NULL DEFAULT '' CHECK (length("purpose") <= 80),
    "reason" TEXT NOT NULL DEFAULT '',
    "host" UUID REFERENCES "host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "host_text" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("host_text") <= 200),
    "appointment" UUID REFERENCES "appointment" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "document_shown" BOOLEAN NOT NULL DEFAULT false,
    "plate" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("plate") <= 20),
    "goods" TEXT NOT NULL DEFAULT '',
    "remark" TEXT NOT NULL DEFAULT '',
    "consent" VARCHAR(20) NOT NULL DEFAULT 'none' CHECK (length("consent") <= 20),
    "consent_asked_at" TIMESTAMPTZ,
    "consent_at" TIMESTAMPTZ,
    "consent_means" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("consent_means") <= 20),
    "consent_by" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("consent_by") <= 100),
    "decision_code" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("decision_code") <= 60),
    "decision_reason" TEXT NOT NULL DEFAULT '',
    "decision_rule" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("decision_rule") <= 20),
    "decision_version" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("decision_version") <= 60),
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "received_by" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("received_by") <= 100),
    "arrived_at" TIMESTAMPTZ,
    "entered_at" TIMESTAMPTZ,
    "expected_leave_at" TIMESTAMPTZ,
    "left_at" TIMESTAMPTZ,
    "host_signed_at" TIMESTAMPTZ,
    "stub_returned_at" TIMESTAMPTZ,
    "stub_explained" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "registration_companion" (
    "id" UUID PRIMARY KEY NOT NULL,
    "registration" UUID NOT NULL REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "visitor" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "feedback" (
    "id" UUID PRIMARY KEY NOT NULL,
    "registration" UUID UNIQUE NOT NULL REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "rating" INTEGER NOT NULL DEFAULT 0,
    "remark" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "followed_up_at" TIMESTAMPTZ,
    "followed_up_by" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("followed_up_by") <= 100),
    "follow_up" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "link" (
    "id" UUID PRIMARY KEY NOT NULL,
    "secret_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '' CHECK (length("secret_hash") <= 64),
    "purpose" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("purpose") <= 40),
    "record" UUID NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ
);

CREATE TABLE "pass" (
    "id" VARCHAR(24) PRIMARY KEY NOT NULL DEFAULT '' CHECK (length("id") <= 24),
    "kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("kind") <= 40),
    "holder" UUID NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "registration" UUID REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "token_type" INTEGER NOT NULL DEFAULT 1,
    "key" INTEGER NOT NULL DEFAULT 1,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "not_before" INTEGER NOT NULL DEFAULT 0,
    "expires" INTEGER NOT NULL DEFAULT 0,
    "zones" INTEGER NOT NULL DEFAULT 65535,
    "single_entry" BOOLEAN NOT NULL DEFAULT false,
    "issued_at" INTEGER NOT NULL DEFAULT 0,
    "issued_by" UUID,
    "revoked_at" INTEGER,
    "revoked_reason" TEXT NOT NULL DEFAULT '',
    "inside" INTEGER NOT NULL DEFAULT 0,
    "entries" INTEGER NOT NULL DEFAULT 0,
    "last_at" INTEGER NOT NULL DEFAULT 0,
    "last_direction" INTEGER NOT NULL DEFAULT -1,
    "last_event" INTEGER NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "pass_key" (
    "id" INTEGER PRIMARY KEY NOT NULL DEFAULT 0,
    "public" BLOB NOT NULL,
    "private_sealed" TEXT NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "created_at" TIMESTAMPTZ NOT NULL,
    "retired_at" TIMESTAMPTZ
);

CREATE TABLE "gate_device" (
    "id" UUID PRIMARY KEY NOT NULL,
    "name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("name") <= 100),
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "secret_hash" VARCHAR(64) UNIQUE CHECK (length("secret_hash") <= 64),
    "enrolment_hash" VARCHAR(64) CHECK (length("enrolment_hash") <= 64),
    "enrolment_expires" INTEGER NOT NULL DEFAULT 0,
    "enrolled_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "last_contact" INTEGER NOT NULL DEFAULT 0,
    "last_seq" INTEGER NOT NULL DEFAULT 0,
    "waiting" INTEGER NOT NULL DEFAULT 0,
    "seq_floor" INTEGER NOT NULL DEFAULT 0,
    "bundle_at" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "gate_device_shift" (
    "id" UUID PRIMARY KEY NOT NULL,
    "device" UUID NOT NULL REFERENCES "gate_device" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "operator" UUID NOT NULL,
    "operator_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("operator_name") <= 100),
    "secret_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '' CHECK (length("secret_hash") <= 64),
    "started_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ
);

CREATE TABLE "scan_event" (
    "id" INTEGER PRIMARY KEY NOT NULL,
    "device" UUID NOT NULL,
    "boot" VARCHAR(24) NOT NULL DEFAULT '' CHECK (length("boot") <= 24),
    "seq" INTEGER NOT NULL DEFAULT 0,
    "at" INTEGER NOT NULL DEFAULT 0,
    "mono" INTEGER NOT NULL DEFAULT 0,
    "clock_offset" INTEGER NOT NULL DEFAULT 0,
    "received_at" INTEGER NOT NULL DEFAULT 0,
    "gate" UUID NOT NULL,
    "site" UUID NOT NULL,
    "pass_id" VARCHAR(24) CHECK (length("pass_id") <= 24),
    "raw_hash" VARCHAR(64) NOT NULL DEFAULT '' CHECK (length("raw_hash") <= 64),
    "direction" INTEGER NOT NULL DEFAULT 0,
    "verdict" INTEGER NOT NULL DEFAULT 0,
    "code" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("code") <= 60),
    "reason" TEXT NOT NULL DEFAULT '',
    "rule" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("rule") <= 20),
    "rule_version" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("rule_version") <= 60),
    "mode" INTEGER NOT NULL DEFAULT 0,
    "source" VARCHAR(10) NOT NULL DEFAULT 'camera' CHECK (length("source") <= 10),
    "bundle" INTEGER NOT NULL DEFAULT 0,
    "operator" UUID,
    "corrects" INTEGER,
    "corrects_seq" INTEGER
);

CREATE TABLE "scan_quarantine" (
    "id" UUID PRIMARY KEY NOT NULL,
    "device" UUID NOT NULL REFERENCES "gate_device" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID NOT NULL,
    "site" UUID NOT NULL,
    "seq" INTEGER NOT NULL DEFAULT 0,
    "digest" VARCHAR(64) NOT NULL DEFAULT '' CHECK (length("digest") <= 64),
    "code" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("code") <= 60),
    "at" INTEGER NOT NULL DEFAULT 0,
    "received_at" INTEGER NOT NULL DEFAULT 0,
    "direction" INTEGER NOT NULL DEFAULT 0,
    "verdict" INTEGER NOT NULL DEFAULT 0,
    "pass_id" VARCHAR(24) CHECK (length("pass_id") <= 24),
    "content" TEXT NOT NULL DEFAULT '',
    "event" INTEGER,
    "settled_at" INTEGER,
    "settled_by" UUID,
    "settled_as" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("settled_as") <= 20),
    "note" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "scan_conflict" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("kind") <= 40),
    "key" VARCHAR(160) UNIQUE NOT NULL DEFAULT '' CHECK (length("key") <= 160),
    "pass_id" VARCHAR(24) CHECK (length("pass_id") <= 24),
    "first_event" INTEGER,
    "second_event" INTEGER,
    "site" UUID NOT NULL,
    "opened_at" INTEGER NOT NULL DEFAULT 0,
    "closed_at" INTEGER,
    "closed_by" UUID,
    "note" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "scan_counter" (
    "id" VARCHAR(160) PRIMARY KEY NOT NULL DEFAULT '' CHECK (length("id") <= 160),
    "day" VARCHAR(10) NOT NULL DEFAULT '' CHECK (length("day") <= 10),
    "gate" UUID NOT NULL,
    "kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("kind") <= 40),
    "direction" INTEGER NOT NULL DEFAULT 0,
    "verdict" INTEGER NOT NULL DEFAULT 0,
    "code" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("code") <= 60),
    "total" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "log_entry" (
    "id" INTEGER PRIMARY KEY NOT NULL,
    "at" INTEGER NOT NULL DEFAULT 0,
    "actor_kind" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("actor_kind") <= 20),
    "actor_id" UUID,
    "actor_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("actor_name") <= 100),
    "place" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("place") <= 100),
    "act" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("act") <= 60),
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_kind") <= 40),
    "record_id" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_id") <= 40),
    "before" TEXT NOT NULL DEFAULT '',
    "after" TEXT NOT NULL DEFAULT '',
    "proof" VARCHAR(60) NOT NULL CHECK (length("proof") <= 60)
);

CREATE TABLE "log_seal" (
    "number" INTEGER PRIMARY KEY NOT NULL DEFAULT 0,
    "at" INTEGER NOT NULL DEFAULT 0,
    "entry_count" INTEGER NOT NULL DEFAULT 0,
    "horizon" INTEGER NOT NULL DEFAULT 0,
    "entries" BLOB NOT NULL,
    "leaves" BLOB NOT NULL,
    "chain" BLOB NOT NULL,
    "key_version" INTEGER NOT NULL DEFAULT 0,
    "signature" BLOB NOT NULL
);

CREATE TABLE "notice" (
    "id" UUID PRIMARY KEY NOT NULL,
    "key" VARCHAR(120) UNIQUE NOT NULL DEFAULT '' CHECK (length("key") <= 120),
    "channel" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("channel") <= 20),
    "user" UUID,
    "recipient_cipher" TEXT,
    "locale" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("locale") <= 20),
    "subject" TEXT NOT NULL DEFAULT '',
    "body" TEXT NOT NULL DEFAULT '',
    "url" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("url") <= 300),
    "state" VARCHAR(20) NOT NULL DEFAULT 'queued' CHECK (length("state") <= 20),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" INTEGER NOT NULL DEFAULT 0,
    "created_at" INTEGER NOT NULL DEFAULT 0,
    "sent_at" INTEGER,
    "read_at" INTEGER,
    "last_error" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "outbox_event" (
    "id" INTEGER PRIMARY KEY NOT NULL,
    "name" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("name") <= 60),
    "record" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record") <= 40),
    "site" UUID,
    "payload" TEXT NOT NULL DEFAULT '{}',
    "plugin" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("plugin") <= 60),
    "state" VARCHAR(20) NOT NULL DEFAULT 'queued' CHECK (length("state") <= 20),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" INTEGER NOT NULL DEFAULT 0,
    "created_at" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "rulebook_version" (
    "id" UUID PRIMARY KEY NOT NULL,
    "plugin" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("plugin") <= 60),
    "number" INTEGER NOT NULL DEFAULT 0,
    "settings" TEXT NOT NULL DEFAULT '',
    "effective_from" INTEGER NOT NULL DEFAULT 0,
    "adopted_by" UUID,
    "adopted_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("adopted_by_name") <= 100),
    "adopted_at" TIMESTAMPTZ NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "voided_at" TIMESTAMPTZ
);

CREATE TABLE "legal_hold" (
    "id" UUID PRIMARY KEY NOT NULL,
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_kind") <= 40),
    "record" UUID NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "placed_by" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("placed_by") <= 100),
    "placed_at" TIMESTAMPTZ NOT NULL,
    "lifted_at" TIMESTAMPTZ
);

CREATE TABLE "attachment" (
    "id" UUID PRIMARY KEY NOT NULL,
    "sha256" VARCHAR(64) NOT NULL DEFAULT '' CHECK (length("sha256") <= 64),
    "media_type" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("media_type") <= 60),
    "size" INTEGER NOT NULL DEFAULT 0,
    "width" INTEGER NOT NULL DEFAULT 0,
    "height" INTEGER NOT NULL DEFAULT 0,
    "name" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("name") <= 200),
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_kind") <= 40),
    "record" UUID NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ NOT NULL,
    "erased_at" TIMESTAMPTZ
);

CREATE TABLE "document_number" (
    "id" VARCHAR(80) PRIMARY KEY NOT NULL DEFAULT '' CHECK (length("id") <= 80),
    "last" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "issued_document" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kind" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("kind") <= 60),
    "year" INTEGER NOT NULL DEFAULT 0,
    "number" INTEGER NOT NULL DEFAULT 0,
    "title" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("title") <= 200),
    "sha256" VARCHAR(64) NOT NULL DEFAULT '' CHECK (length("sha256") <= 64),
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_kind") <= 40),
    "record" UUID NOT NULL,
    "issued_at" TIMESTAMPTZ NOT NULL,
    "issued_by" UUID,
    "voided_at" TIMESTAMPTZ,
    "void_reason" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "approval_request" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kind" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("kind") <= 60),
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_kind") <= 40),
    "record" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("record") <= 60),
    "site" UUID REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "title" TEXT NOT NULL DEFAULT '',
    "detail" TEXT NOT NULL DEFAULT '',
    "url" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("url") <= 300),
    "requester" UUID,
    "requester_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("requester_name") <= 100),
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "step" INTEGER NOT NULL DEFAULT 0,
    "round" INTEGER NOT NULL DEFAULT 1,
    "steps" TEXT NOT NULL DEFAULT '',
    "barred" TEXT NOT NULL DEFAULT '[]',
    "payload" TEXT NOT NULL DEFAULT '{}',
    "confidential" BOOLEAN NOT NULL DEFAULT false,
    "remind_hours" INTEGER NOT NULL DEFAULT 24,
    "remind_at" TIMESTAMPTZ,
    "reminded" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL,
    "decided_at" TIMESTAMPTZ,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "approval_seat" (
    "id" UUID PRIMARY KEY NOT NULL,
    "request" UUID NOT NULL REFERENCES "approval_request" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "round" INTEGER NOT NULL DEFAULT 0,
    "step" INTEGER NOT NULL DEFAULT 0,
    "holder" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "holder_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("holder_name") <= 100),
    "must" BOOLEAN NOT NULL DEFAULT false,
    "choice" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("choice") <= 20),
    "opinion" TEXT NOT NULL DEFAULT '',
    "voter" UUID,
    "voter_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("voter_name") <= 100),
    "voted_at" TIMESTAMPTZ,
    "dropped_at" TIMESTAMPTZ
);

CREATE TABLE "approval_substitute" (
    "id" UUID PRIMARY KEY NOT NULL,
    "principal" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "principal_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("principal_name") <= 100),
    "substitute" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "substitute_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("substitute_name") <= 100),
    "first_day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "last_day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "kind" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("kind") <= 60),
    "reason" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("reason") <= 300),
    "created_at" TIMESTAMPTZ NOT NULL,
    "voided_at" TIMESTAMPTZ
);

CREATE TABLE "incident" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '' CHECK (length("number") <= 20),
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "registration" UUID REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(80) NOT NULL DEFAULT '' CHECK (length("kind") <= 80),
    "spot" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("spot") <= 100),
    "seen_cipher" TEXT,
    "result_cipher" TEXT,
    "state" VARCHAR(20) NOT NULL DEFAULT 'open' CHECK (length("state") <= 20),
    "happened_at" TIMESTAMPTZ NOT NULL,
    "opened_at" TIMESTAMPTZ NOT NULL,
    "opened_by" UUID,
    "opened_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("opened_by_name") <= 100),
    "closed_at" TIMESTAMPTZ,
    "closed_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("closed_by_name") <= 100),
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "incident_step" (
    "id" UUID PRIMARY KEY NOT NULL,
    "incident" UUID NOT NULL REFERENCES "incident" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "position" INTEGER NOT NULL DEFAULT 0,
    "name" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("name") <= 60),
    "label" TEXT NOT NULL DEFAULT '',
    "call" BOOLEAN NOT NULL DEFAULT false,
    "done_at" TIMESTAMPTZ,
    "done_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("done_by_name") <= 100),
    "called_cipher" TEXT,
    "called_at" TIMESTAMPTZ,
    "left_out" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("left_out") <= 300)
);

CREATE TABLE "incident_note" (
    "id" UUID PRIMARY KEY NOT NULL,
    "incident" UUID NOT NULL REFERENCES "incident" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'note' CHECK (length("kind") <= 20),
    "text_cipher" TEXT,
    "reason" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("reason") <= 300),
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("by_name") <= 100)
);

CREATE TABLE "shift" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "holder" UUID NOT NULL,
    "holder_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("holder_name") <= 100),
    "began_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "end_kind" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("end_kind") <= 20)
);

CREATE TABLE "shift_handover" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "outgoing_shift" UUID REFERENCES "shift" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "incoming_shift" UUID,
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "offered_cipher" TEXT,
    "accepted_cipher" TEXT,
    "failed_parts" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("failed_parts") <= 300),
    "keys" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("keys") <= 300),
    "remarks" TEXT NOT NULL DEFAULT '',
    "incoming_remarks" TEXT NOT NULL DEFAULT '',
    "reason" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("reason") <= 300),
    "outgoing" UUID,
    "outgoing_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("outgoing_name") <= 100),
    "outgoing_means" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("outgoing_means") <= 20),
    "outgoing_at" TIMESTAMPTZ,
    "incoming" UUID,
    "incoming_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("incoming_name") <= 100),
    "incoming_means" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("incoming_means") <= 20),
    "incoming_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "calendar_day" (
    "id" UUID PRIMARY KEY NOT NULL,
    "day" DATE UNIQUE NOT NULL DEFAULT CURRENT_DATE,
    "kind" VARCHAR(10) NOT NULL DEFAULT '' CHECK (length("kind") <= 10),
    "note" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("note") <= 100),
    "source" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("source") <= 300),
    "provisional" BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE "calendar_import" (
    "id" UUID PRIMARY KEY NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("by_name") <= 100),
    "years" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("years") <= 100),
    "added" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "removed" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "deadline" (
    "id" UUID PRIMARY KEY NOT NULL,
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("record_kind") <= 40),
    "record" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("record") <= 60),
    "name" VARCHAR(60) NOT NULL DEFAULT '' CHECK (length("name") <= 60),
    "track" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("track") <= 20),
    "site" UUID REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "label" TEXT NOT NULL DEFAULT '',
    "event" TEXT NOT NULL DEFAULT '',
    "url" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("url") <= 300),
    "rule" TEXT NOT NULL DEFAULT '',
    "started_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "state" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("state") <= 20),
    "due" DATE,
    "provisional" BOOLEAN NOT NULL DEFAULT false,
    "proof" TEXT NOT NULL DEFAULT '[]',
    "owner" UUID,
    "roles" TEXT NOT NULL DEFAULT '[]',
    "ladder" TEXT NOT NULL DEFAULT '[]',
    "fired" TEXT NOT NULL DEFAULT '[]',
    "next_at" INTEGER,
    "extension_asked" UUID,
    "calendar" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL,
    "finished_on" DATE,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "deadline_pause" (
    "id" UUID PRIMARY KEY NOT NULL,
    "deadline" UUID NOT NULL REFERENCES "deadline" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "first" DATE NOT NULL DEFAULT CURRENT_DATE,
    "until" DATE,
    "reason" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("reason") <= 300),
    "by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("by_name") <= 100)
);

CREATE TABLE "deadline_extension" (
    "id" UUID PRIMARY KEY NOT NULL,
    "deadline" UUID NOT NULL REFERENCES "deadline" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "position" INTEGER NOT NULL DEFAULT 0,
    "length" INTEGER NOT NULL DEFAULT 0,
    "unit" VARCHAR(20) NOT NULL DEFAULT '' CHECK (length("unit") <= 20),
    "granted_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "reason" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("reason") <= 300),
    "by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("by_name") <= 100),
    "approval" UUID
);

CREATE UNIQUE INDEX gate_site_code ON gate (site, code);

CREATE UNIQUE INDEX site_plugin_once ON site_plugin (site, plugin);

CREATE INDEX host_name ON host (name);

CREATE UNIQUE INDEX account_role_once ON account_role ("user", role, coalesce(cast(site as varchar(36)), ''));

CREATE INDEX account_session_user ON account_session ("user");

CREATE INDEX account_session_expires ON account_session (expires_at);

CREATE INDEX visitor_phone ON visitor (phone_index) WHERE phone_index IS NOT NULL;

CREATE INDEX visitor_document ON visitor (document_index) WHERE document_index IS NOT NULL;

CREATE INDEX visitor_name ON visitor (name);

CREATE INDEX visitor_last_visit ON visitor (last_visit_at);

CREATE INDEX watch_entry_document ON watch_entry (document_index);

CREATE INDEX watch_entry_phone ON watch_entry (phone_index);

CREATE INDEX watch_entry_name ON watch_entry (name);

CREATE INDEX appointment_day ON appointment (site, starts_at);

CREATE INDEX appointment_host ON appointment (host, starts_at);

CREATE INDEX registration_site_state ON registration (site, state);

CREATE INDEX registration_created ON registration (created_at);

CREATE INDEX registration_visitor ON registration (visitor, created_at);

CREATE INDEX registration_open ON registration (site, state, created_at) WHERE state IN ('expected', 'waiting', 'held', 'inside', 'left');

CREATE INDEX registration_host ON registration (host, created_at);

CREATE INDEX registration_companion_reg ON registration_companion (registration);

CREATE INDEX registration_companion_visitor ON registration_companion (visitor);

CREATE INDEX link_record ON link (record, purpose);

CREATE INDEX pass_holder ON pass (holder, kind);

CREATE INDEX pass_registration ON pass (registration);

CREATE INDEX pass_inside ON pass (site, inside) WHERE inside = 1;

CREATE INDEX pass_site ON pass (site, expires);

CREATE INDEX pass_revoked ON pass (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE UNIQUE INDEX scan_event_device_seq ON scan_event (device, seq);

CREATE INDEX scan_event_pass ON scan_event (pass_id, at);

CREATE INDEX scan_event_at ON scan_event (at);

CREATE INDEX scan_event_gate ON scan_event (gate, at);

CREATE INDEX scan_event_corrects ON scan_event (corrects) WHERE corrects IS NOT NULL;

CREATE INDEX scan_event_waits ON scan_event (device, corrects_seq) WHERE corrects_seq IS NOT NULL AND corrects IS NULL;

CREATE UNIQUE INDEX scan_quarantine_act ON scan_quarantine (device, digest);

CREATE INDEX scan_quarantine_open ON scan_quarantine (site, received_at) WHERE settled_at IS NULL;

CREATE INDEX scan_conflict_pass ON scan_conflict (pass_id);

CREATE INDEX scan_conflict_open ON scan_conflict (site, opened_at) WHERE closed_at IS NULL;

CREATE INDEX scan_counter_day ON scan_counter (day);

CREATE INDEX log_entry_record ON log_entry (record_kind, record_id, id);

CREATE INDEX log_entry_actor ON log_entry (actor_id, id);

CREATE INDEX log_entry_act ON log_entry (act, id);

CREATE INDEX log_entry_at ON log_entry (at);

CREATE INDEX notice_due ON notice (next_at) WHERE state = 'queued';

CREATE INDEX notice_user ON notice ("user", created_at);

CREATE INDEX outbox_event_due ON outbox_event (next_at) WHERE state = 'queued';

CREATE UNIQUE INDEX rulebook_version_number ON rulebook_version (plugin, number);

CREATE UNIQUE INDEX rulebook_version_in_force ON rulebook_version (plugin, effective_from) WHERE voided_at IS NULL;

CREATE INDEX legal_hold_record ON legal_hold (record_kind, record);

CREATE INDEX attachment_record ON attachment (record_kind, record);

CREATE INDEX attachment_sha256 ON attachment (sha256);

CREATE UNIQUE INDEX issued_document_number ON issued_document (kind, year, number);

CREATE INDEX issued_document_record ON issued_document (record_kind, record);

CREATE INDEX approval_request_record ON approval_request (record_kind, record);

CREATE INDEX approval_request_requester ON approval_request (requester, created_at);

CREATE INDEX approval_request_remind ON approval_request (remind_at) WHERE state = 'open';

CREATE UNIQUE INDEX approval_seat_once ON approval_seat (request, round, step, holder) WHERE dropped_at IS NULL;

CREATE UNIQUE INDEX approval_seat_one_vote ON approval_seat (request, round, step, voter) WHERE voter IS NOT NULL;

CREATE INDEX approval_seat_waiting ON approval_seat (holder) WHERE choice = '' AND dropped_at IS NULL;

CREATE INDEX approval_substitute_of ON approval_substitute (substitute, last_day);

CREATE INDEX incident_open ON incident (site, opened_at) WHERE state = 'open';

CREATE INDEX incident_at ON incident (site, happened_at);

CREATE INDEX incident_registration ON incident (registration);

CREATE UNIQUE INDEX incident_step_once ON incident_step (incident, position);

CREATE INDEX incident_note_of ON incident_note (incident, at);

CREATE UNIQUE INDEX shift_on_duty ON shift (gate) WHERE ended_at IS NULL;

CREATE INDEX shift_at ON shift (gate, began_at);

CREATE INDEX shift_holder ON shift (holder, began_at);

CREATE UNIQUE INDEX shift_handover_offered ON shift_handover (gate) WHERE state = 'offered';

CREATE INDEX shift_handover_at ON shift_handover (gate, created_at);

CREATE INDEX deadline_record ON deadline (record_kind, record);

CREATE INDEX deadline_next ON deadline (next_at) WHERE state = 'running';

CREATE INDEX deadline_due ON deadline (due) WHERE state = 'running';

CREATE INDEX deadline_stale ON deadline (calendar) WHERE state IN ('running', 'paused');

CREATE INDEX deadline_owner ON deadline (owner, due) WHERE state = 'running';

CREATE UNIQUE INDEX deadline_extension_once ON deadline_extension (deadline, position);

CREATE INDEX deadline_pause_of ON deadline_pause (deadline);

CREATE UNIQUE INDEX deadline_paused ON deadline_pause (deadline) WHERE until IS NULL;

CREATE VIRTUAL TABLE visitor_fts USING fts5(tokens, content='visitor_search_row', content_rowid='id', tokenize='unicode61', prefix='1 2 3');

CREATE TRIGGER visitor_fts_insert AFTER INSERT ON visitor_search_row BEGIN INSERT INTO visitor_fts(rowid, tokens) VALUES (new.id, new.tokens); END;

CREATE TRIGGER visitor_fts_delete AFTER DELETE ON visitor_search_row BEGIN INSERT INTO visitor_fts(visitor_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); END;

CREATE TRIGGER visitor_fts_update AFTER UPDATE ON visitor_search_row BEGIN INSERT INTO visitor_fts(visitor_fts, rowid, tokens) VALUES ('delete', old.id, old.tokens); INSERT INTO visitor_fts(rowid, tokens) VALUES (new.id, new.tokens); END;
