CREATE TABLE "site" (
    "id" UUID PRIMARY KEY NOT NULL,
    "code" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "audience" INTEGER NOT NULL DEFAULT 1,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "gate" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "code" VARCHAR(20) NOT NULL DEFAULT '',
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "zone" SMALLINT NOT NULL DEFAULT 0,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "site_plugin" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "plugin" VARCHAR(60) NOT NULL DEFAULT '',
    "enabled" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "host" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "department" VARCHAR(100) NOT NULL DEFAULT '',
    "room" VARCHAR(50) NOT NULL DEFAULT '',
    "phone_cipher" TEXT,
    "email" VARCHAR(200) NOT NULL DEFAULT '',
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "account" (
    "id" UUID PRIMARY KEY NOT NULL,
    "login" VARCHAR(60) UNIQUE NOT NULL DEFAULT '',
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "password_hash" VARCHAR(200) NOT NULL DEFAULT '',
    "pin_hash" VARCHAR(200) NOT NULL DEFAULT '',
    "locale" VARCHAR(20) NOT NULL DEFAULT '',
    "host" UUID REFERENCES "host" ("id") ON DELETE SET NULL ON UPDATE CASCADE,
    "email" VARCHAR(200) NOT NULL DEFAULT '',
    "active" BOOLEAN NOT NULL DEFAULT true,
    "must_change_password" BOOLEAN NOT NULL DEFAULT false,
    "failed_attempts" INTEGER NOT NULL DEFAULT 0,
    "locked_until" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "account_role" (
    "id" UUID PRIMARY KEY NOT NULL,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "role" VARCHAR(80) NOT NULL DEFAULT '',
    "site" UUID REFERENCES "site" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "account_session" (
    "id" UUID PRIMARY KEY NOT NULL,
    "secret_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "csrf" VARCHAR(64) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "seen_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "revoked_at" TIMESTAMPTZ,
    "address" VARCHAR(64) NOT NULL DEFAULT '',
    "user_agent" VARCHAR(200) NOT NULL DEFAULT ''
);

CREATE TABLE "account_api_token" (
    "id" UUID PRIMARY KEY NOT NULL,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "secret_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "scopes" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ,
    "used_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ
);

CREATE TABLE "rate_limit" (
    "key" VARCHAR(120) PRIMARY KEY NOT NULL DEFAULT '',
    "tokens" BIGINT NOT NULL DEFAULT 0,
    "refilled_at" BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE "visitor" (
    "id" UUID PRIMARY KEY NOT NULL,
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "sex" VARCHAR(10) NOT NULL DEFAULT '',
    "organisation" VARCHAR(200) NOT NULL DEFAULT '',
    "phone_cipher" TEXT,
    "phone_index" VARCHAR(64),
    "document_kind" VARCHAR(40) NOT NULL DEFAULT '',
    "document_cipher" TEXT,
    "document_index" VARCHAR(64),
    "document_by_eye" BOOLEAN NOT NULL DEFAULT false,
    "plate" VARCHAR(20) NOT NULL DEFAULT '',
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
    "id" SERIAL PRIMARY KEY NOT NULL,
    "visitor" UUID UNIQUE NOT NULL REFERENCES "visitor" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "tokens" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "visitor_merge" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kept" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "merged" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "at" BIGINT NOT NULL DEFAULT 0,
    "by" UUID NOT NULL
);

CREATE TABLE "watch_entry" (
    "id" UUID PRIMARY KEY NOT NULL,
    "visitor" UUID REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "phone_index" VARCHAR(64),
    "document_index" VARCHAR(64),
    "action" VARCHAR(20) NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "until" TIMESTAMPTZ,
    "decided_by" UUID NOT NULL,
    "decided_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "voided_at" TIMESTAMPTZ,
    "void_reason" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "appointment" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "visitor" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "host" UUID REFERENCES "host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "host_text" VARCHAR(200) NOT NULL DEFAULT '',
    "purpose" VARCHAR(80) NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "head_count" INTEGER NOT NULL DEFAULT 1,
    "plate" VARCHAR(20) NOT NULL DEFAULT '',
    "starts_at" TIMESTAMPTZ NOT NULL,
    "ends_at" TIMESTAMPTZ NOT NULL,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "proposed_by" VARCHAR(20) NOT NULL DEFAULT '',
    "answer_note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "registration" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "visitor" UUID NOT NULL REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "head_count" INTEGER NOT NULL DEFAULT 1,
    "purpose" VARCHAR(80) NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "host" UUID REFERENCES "host" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "host_text" VARCHAR(200) NOT NULL DEFAULT '',
    "appointment" UUID REFERENCES "appointment" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "document_shown" BOOLEAN NOT NULL DEFAULT false,
    "plate" VARCHAR(20) NOT NULL DEFAULT '',
    "goods" TEXT NOT NULL DEFAULT '',
    "remark" TEXT NOT NULL DEFAULT '',
    "consent" VARCHAR(20) NOT NULL DEFAULT 'none',
    "consent_asked_at" TIMESTAMPTZ,
    "consent_at" TIMESTAMPTZ,
    "consent_means" VARCHAR(20) NOT NULL DEFAULT '',
    "consent_by" VARCHAR(100) NOT NULL DEFAULT '',
    "decision_code" VARCHAR(60) NOT NULL DEFAULT '',
    "decision_reason" TEXT NOT NULL DEFAULT '',
    "decision_rule" VARCHAR(20) NOT NULL DEFAULT '',
    "decision_version" VARCHAR(60) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "received_by" VARCHAR(100) NOT NULL DEFAULT '',
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
    "rating" SMALLINT NOT NULL DEFAULT 0,
    "remark" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "followed_up_at" TIMESTAMPTZ,
    "followed_up_by" VARCHAR(100) NOT NULL DEFAULT '',
    "follow_up" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "link" (
    "id" UUID PRIMARY KEY NOT NULL,
    "secret_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "purpose" VARCHAR(40) NOT NULL DEFAULT '',
    "record" UUID NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "used_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ
);

CREATE TABLE "pass" (
    "id" VARCHAR(24) PRIMARY KEY NOT NULL DEFAULT '',
    "kind" VARCHAR(40) NOT NULL DEFAULT '',
    "holder" UUID NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "registration" UUID REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "token_type" SMALLINT NOT NULL DEFAULT 1,
    "key" SMALLINT NOT NULL DEFAULT 1,
    "generation" SMALLINT NOT NULL DEFAULT 0,
    "not_before" BIGINT NOT NULL DEFAULT 0,
    "expires" BIGINT NOT NULL DEFAULT 0,
    "zones" INTEGER NOT NULL DEFAULT 65535,
    "single_entry" BOOLEAN NOT NULL DEFAULT false,
    "issued_at" BIGINT NOT NULL DEFAULT 0,
    "issued_by" UUID,
    "revoked_at" BIGINT,
    "revoked_reason" TEXT NOT NULL DEFAULT '',
    "inside" SMALLINT NOT NULL DEFAULT 0,
    "entries" INTEGER NOT NULL DEFAULT 0,
    "last_at" BIGINT NOT NULL DEFAULT 0,
    "last_direction" SMALLINT NOT NULL DEFAULT -1,
    "last_event" BIGINT NOT NULL DEFAULT 0,
    "version" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "pass_key" (
    "id" SMALLINT PRIMARY KEY NOT NULL DEFAULT 0,
    "public" BYTEA NOT NULL DEFAULT '',
    "private_sealed" TEXT NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "retired_at" TIMESTAMPTZ
);

CREATE TABLE "gate_device" (
    "id" UUID PRIMARY KEY NOT NULL,
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "secret_hash" VARCHAR(64) UNIQUE,
    "enrolment_hash" VARCHAR(64),
    "enrolment_expires" BIGINT NOT NULL DEFAULT 0,
    "enrolled_at" TIMESTAMPTZ,
    "revoked_at" TIMESTAMPTZ,
    "last_contact" BIGINT NOT NULL DEFAULT 0,
    "last_seq" BIGINT NOT NULL DEFAULT 0,
    "waiting" BIGINT NOT NULL DEFAULT 0,
    "seq_floor" BIGINT NOT NULL DEFAULT 0,
    "bundle_at" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "gate_device_shift" (
    "id" UUID PRIMARY KEY NOT NULL,
    "device" UUID NOT NULL REFERENCES "gate_device" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "operator" UUID NOT NULL,
    "operator_name" VARCHAR(100) NOT NULL DEFAULT '',
    "secret_hash" VARCHAR(64) UNIQUE NOT NULL DEFAULT '',
    "started_at" TIMESTAMPTZ NOT NULL,
    "expires_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ
);

CREATE TABLE "scan_event" (
    "id" BIGSERIAL PRIMARY KEY NOT NULL,
    "device" UUID NOT NULL,
    "boot" VARCHAR(24) NOT NULL DEFAULT '',
    "seq" BIGINT NOT NULL DEFAULT 0,
    "at" BIGINT NOT NULL DEFAULT 0,
    "mono" BIGINT NOT NULL DEFAULT 0,
    "clock_offset" BIGINT NOT NULL DEFAULT 0,
    "received_at" BIGINT NOT NULL DEFAULT 0,
    "gate" UUID NOT NULL,
    "site" UUID NOT NULL,
    "pass_id" VARCHAR(24),
    "raw_hash" VARCHAR(64) NOT NULL DEFAULT '',
    "direction" SMALLINT NOT NULL DEFAULT 0,
    "verdict" SMALLINT NOT NULL DEFAULT 0,
    "code" VARCHAR(60) NOT NULL DEFAULT '',
    "reason" TEXT NOT NULL DEFAULT '',
    "rule" VARCHAR(20) NOT NULL DEFAULT '',
    "rule_version" VARCHAR(60) NOT NULL DEFAULT '',
    "mode" SMALLINT NOT NULL DEFAULT 0,
    "source" VARCHAR(10) NOT NULL DEFAULT 'camera',
    "bundle" BIGINT NOT NULL DEFAULT 0,
    "operator" UUID,
    "corrects" BIGINT,
    "corrects_seq" BIGINT
);

CREATE TABLE "scan_quarantine" (
    "id" UUID PRIMARY KEY NOT NULL,
    "device" UUID NOT NULL REFERENCES "gate_device" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID NOT NULL,
    "site" UUID NOT NULL,
    "seq" BIGINT NOT NULL DEFAULT 0,
    "digest" VARCHAR(64) NOT NULL DEFAULT '',
    "code" VARCHAR(60) NOT NULL DEFAULT '',
    "at" BIGINT NOT NULL DEFAULT 0,
    "received_at" BIGINT NOT NULL DEFAULT 0,
    "direction" SMALLINT NOT NULL DEFAULT 0,
    "verdict" SMALLINT NOT NULL DEFAULT 0,
    "pass_id" VARCHAR(24),
    "content" TEXT NOT NULL DEFAULT '',
    "event" BIGINT,
    "settled_at" BIGINT,
    "settled_by" UUID,
    "settled_as" VARCHAR(20) NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "scan_conflict" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kind" VARCHAR(40) NOT NULL DEFAULT '',
    "key" VARCHAR(160) UNIQUE NOT NULL DEFAULT '',
    "pass_id" VARCHAR(24),
    "first_event" BIGINT,
    "second_event" BIGINT,
    "site" UUID NOT NULL,
    "opened_at" BIGINT NOT NULL DEFAULT 0,
    "closed_at" BIGINT,
    "closed_by" UUID,
    "note" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "scan_counter" (
    "id" VARCHAR(160) PRIMARY KEY NOT NULL DEFAULT '',
    "day" VARCHAR(10) NOT NULL DEFAULT '',
    "gate" UUID NOT NULL,
    "kind" VARCHAR(40) NOT NULL DEFAULT '',
    "direction" SMALLINT NOT NULL DEFAULT 0,
    "verdict" SMALLINT NOT NULL DEFAULT 0,
    "code" VARCHAR(60) NOT NULL DEFAULT '',
    "total" BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE "log_entry" (
    "id" BIGSERIAL PRIMARY KEY NOT NULL,
    "at" BIGINT NOT NULL DEFAULT 0,
    "actor_kind" VARCHAR(20) NOT NULL DEFAULT '',
    "actor_id" UUID,
    "actor_name" VARCHAR(100) NOT NULL DEFAULT '',
    "place" VARCHAR(100) NOT NULL DEFAULT '',
    "act" VARCHAR(60) NOT NULL DEFAULT '',
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '',
    "record_id" VARCHAR(40) NOT NULL DEFAULT '',
    "before" TEXT NOT NULL DEFAULT '',
    "after" TEXT NOT NULL DEFAULT '',
    "proof" VARCHAR(60) NOT NULL
);

CREATE TABLE "log_seal" (
    "number" BIGINT PRIMARY KEY NOT NULL DEFAULT 0,
    "at" BIGINT NOT NULL DEFAULT 0,
    "entry_count" INTEGER NOT NULL DEFAULT 0,
    "horizon" BIGINT NOT NULL DEFAULT 0,
    "entries" BYTEA NOT NULL DEFAULT '',
    "leaves" BYTEA NOT NULL DEFAULT '',
    "chain" BYTEA NOT NULL DEFAULT '',
    "key_version" INTEGER NOT NULL DEFAULT 0,
    "signature" BYTEA NOT NULL DEFAULT ''
);

CREATE TABLE "notice" (
    "id" UUID PRIMARY KEY NOT NULL,
    "key" VARCHAR(120) UNIQUE NOT NULL DEFAULT '',
    "channel" VARCHAR(20) NOT NULL DEFAULT '',
    "user" UUID,
    "recipient_cipher" TEXT,
    "locale" VARCHAR(20) NOT NULL DEFAULT '',
    "subject" TEXT NOT NULL DEFAULT '',
    "body" TEXT NOT NULL DEFAULT '',
    "url" VARCHAR(300) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" BIGINT NOT NULL DEFAULT 0,
    "created_at" BIGINT NOT NULL DEFAULT 0,
    "sent_at" BIGINT,
    "read_at" BIGINT,
    "last_error" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "outbox_event" (
    "id" BIGSERIAL PRIMARY KEY NOT NULL,
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "record" VARCHAR(40) NOT NULL DEFAULT '',
    "site" UUID,
    "payload" TEXT NOT NULL DEFAULT '{}',
    "plugin" VARCHAR(60) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT 'queued',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" BIGINT NOT NULL DEFAULT 0,
    "created_at" BIGINT NOT NULL DEFAULT 0,
    "last_error" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "rulebook_version" (
    "id" UUID PRIMARY KEY NOT NULL,
    "plugin" VARCHAR(60) NOT NULL DEFAULT '',
    "number" BIGINT NOT NULL DEFAULT 0,
    "settings" TEXT NOT NULL DEFAULT '',
    "effective_from" BIGINT NOT NULL DEFAULT 0,
    "adopted_by" UUID,
    "adopted_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "adopted_at" TIMESTAMPTZ NOT NULL,
    "note" TEXT NOT NULL DEFAULT '',
    "voided_at" TIMESTAMPTZ
);

CREATE TABLE "legal_hold" (
    "id" UUID PRIMARY KEY NOT NULL,
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '',
    "record" UUID NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "placed_by" VARCHAR(100) NOT NULL DEFAULT '',
    "placed_at" TIMESTAMPTZ NOT NULL,
    "lifted_at" TIMESTAMPTZ
);

CREATE TABLE "attachment" (
    "id" UUID PRIMARY KEY NOT NULL,
    "sha256" VARCHAR(64) NOT NULL DEFAULT '',
    "media_type" VARCHAR(60) NOT NULL DEFAULT '',
    "size" BIGINT NOT NULL DEFAULT 0,
    "width" INTEGER NOT NULL DEFAULT 0,
    "height" INTEGER NOT NULL DEFAULT 0,
    "name" VARCHAR(200) NOT NULL DEFAULT '',
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '',
    "record" UUID NOT NULL,
    "created_by" UUID,
    "created_at" TIMESTAMPTZ NOT NULL,
    "erased_at" TIMESTAMPTZ
);

CREATE TABLE "document_number" (
    "id" VARCHAR(80) PRIMARY KEY NOT NULL DEFAULT '',
    "last" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "issued_document" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kind" VARCHAR(60) NOT NULL DEFAULT '',
    "year" INTEGER NOT NULL DEFAULT 0,
    "number" INTEGER NOT NULL DEFAULT 0,
    "title" VARCHAR(200) NOT NULL DEFAULT '',
    "sha256" VARCHAR(64) NOT NULL DEFAULT '',
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '',
    "record" UUID NOT NULL,
    "issued_at" TIMESTAMPTZ NOT NULL,
    "issued_by" UUID,
    "voided_at" TIMESTAMPTZ,
    "void_reason" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "approval_request" (
    "id" UUID PRIMARY KEY NOT NULL,
    "kind" VARCHAR(60) NOT NULL DEFAULT '',
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '',
    "record" VARCHAR(60) NOT NULL DEFAULT '',
    "site" UUID REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "title" TEXT NOT NULL DEFAULT '',
    "detail" TEXT NOT NULL DEFAULT '',
    "url" VARCHAR(300) NOT NULL DEFAULT '',
    "requester" UUID,
    "requester_name" VARCHAR(100) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT '',
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
    "holder_name" VARCHAR(100) NOT NULL DEFAULT '',
    "must" BOOLEAN NOT NULL DEFAULT false,
    "choice" VARCHAR(20) NOT NULL DEFAULT '',
    "opinion" TEXT NOT NULL DEFAULT '',
    "voter" UUID,
    "voter_name" VARCHAR(100) NOT NULL DEFAULT '',
    "voted_at" TIMESTAMPTZ,
    "dropped_at" TIMESTAMPTZ
);

CREATE TABLE "approval_substitute" (
    "id" UUID PRIMARY KEY NOT NULL,
    "principal" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "principal_name" VARCHAR(100) NOT NULL DEFAULT '',
    "substitute" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "substitute_name" VARCHAR(100) NOT NULL DEFAULT '',
    "first_day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "last_day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "kind" VARCHAR(60) NOT NULL DEFAULT '',
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "voided_at" TIMESTAMPTZ
);

CREATE TABLE "incident" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) UNIQUE NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "registration" UUID REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(80) NOT NULL DEFAULT '',
    "spot" VARCHAR(100) NOT NULL DEFAULT '',
    "seen_cipher" TEXT,
    "result_cipher" TEXT,
    "state" VARCHAR(20) NOT NULL DEFAULT 'open',
    "happened_at" TIMESTAMPTZ NOT NULL,
    "opened_at" TIMESTAMPTZ NOT NULL,
    "opened_by" UUID,
    "opened_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "closed_at" TIMESTAMPTZ,
    "closed_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "incident_step" (
    "id" UUID PRIMARY KEY NOT NULL,
    "incident" UUID NOT NULL REFERENCES "incident" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "position" SMALLINT NOT NULL DEFAULT 0,
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "label" TEXT NOT NULL DEFAULT '',
    "call" BOOLEAN NOT NULL DEFAULT false,
    "done_at" TIMESTAMPTZ,
    "done_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "called_cipher" TEXT,
    "called_at" TIMESTAMPTZ,
    "left_out" VARCHAR(300) NOT NULL DEFAULT ''
);

CREATE TABLE "incident_note" (
    "id" UUID PRIMARY KEY NOT NULL,
    "incident" UUID NOT NULL REFERENCES "incident" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT 'note',
    "text_cipher" TEXT,
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "shift" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "holder" UUID NOT NULL,
    "holder_name" VARCHAR(100) NOT NULL DEFAULT '',
    "began_at" TIMESTAMPTZ NOT NULL,
    "ended_at" TIMESTAMPTZ,
    "end_kind" VARCHAR(20) NOT NULL DEFAULT ''
);

CREATE TABLE "shift_handover" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "gate" UUID NOT NULL REFERENCES "gate" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "outgoing_shift" UUID REFERENCES "shift" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "incoming_shift" UUID,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "offered_cipher" TEXT,
    "accepted_cipher" TEXT,
    "failed_parts" VARCHAR(300) NOT NULL DEFAULT '',
    "keys" VARCHAR(300) NOT NULL DEFAULT '',
    "remarks" TEXT NOT NULL DEFAULT '',
    "incoming_remarks" TEXT NOT NULL DEFAULT '',
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "outgoing" UUID,
    "outgoing_name" VARCHAR(100) NOT NULL DEFAULT '',
    "outgoing_means" VARCHAR(20) NOT NULL DEFAULT '',
    "outgoing_at" TIMESTAMPTZ,
    "incoming" UUID,
    "incoming_name" VARCHAR(100) NOT NULL DEFAULT '',
    "incoming_means" VARCHAR(20) NOT NULL DEFAULT '',
    "incoming_at" TIMESTAMPTZ,
    "created_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "calendar_day" (
    "id" UUID PRIMARY KEY NOT NULL,
    "day" DATE UNIQUE NOT NULL DEFAULT CURRENT_DATE,
    "kind" VARCHAR(10) NOT NULL DEFAULT '',
    "note" VARCHAR(100) NOT NULL DEFAULT '',
    "source" VARCHAR(300) NOT NULL DEFAULT '',
    "provisional" BOOLEAN NOT NULL DEFAULT false
);

CREATE TABLE "calendar_import" (
    "id" UUID PRIMARY KEY NOT NULL,
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "years" VARCHAR(100) NOT NULL DEFAULT '',
    "added" INTEGER NOT NULL DEFAULT 0,
    "changed" INTEGER NOT NULL DEFAULT 0,
    "removed" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "deadline" (
    "id" UUID PRIMARY KEY NOT NULL,
    "record_kind" VARCHAR(40) NOT NULL DEFAULT '',
    "record" VARCHAR(60) NOT NULL DEFAULT '',
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "track" VARCHAR(20) NOT NULL DEFAULT '',
    "site" UUID REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "label" TEXT NOT NULL DEFAULT '',
    "event" TEXT NOT NULL DEFAULT '',
    "url" VARCHAR(300) NOT NULL DEFAULT '',
    "rule" TEXT NOT NULL DEFAULT '',
    "started_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "due" DATE,
    "provisional" BOOLEAN NOT NULL DEFAULT false,
    "proof" TEXT NOT NULL DEFAULT '[]',
    "owner" UUID,
    "roles" TEXT NOT NULL DEFAULT '[]',
    "ladder" TEXT NOT NULL DEFAULT '[]',
    "fired" TEXT NOT NULL DEFAULT '[]',
    "next_at" BIGINT,
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
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "deadline_extension" (
    "id" UUID PRIMARY KEY NOT NULL,
    "deadline" UUID NOT NULL REFERENCES "deadline" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "position" INTEGER NOT NULL DEFAULT 0,
    "length" INTEGER NOT NULL DEFAULT 0,
    "unit" VARCHAR(20) NOT NULL DEFAULT '',
    "granted_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
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

CREATE INDEX visitor_fts ON visitor_search_row USING gin (to_tsvector('simple', tokens));

ALTER TABLE log_entry ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();

CREATE INDEX log_entry_xid ON log_entry (xid);
