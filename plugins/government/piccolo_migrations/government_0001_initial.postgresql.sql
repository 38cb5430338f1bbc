CREATE TABLE "government_unit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "parent" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "code" VARCHAR(20) NOT NULL DEFAULT '',
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "short_name" VARCHAR(40) NOT NULL DEFAULT '',
    "phone" VARCHAR(40) NOT NULL DEFAULT '',
    "address" VARCHAR(200) NOT NULL DEFAULT '',
    "order" INTEGER NOT NULL DEFAULT 100,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "government_unit_member" (
    "id" UUID PRIMARY KEY NOT NULL,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "head" BOOLEAN NOT NULL DEFAULT false,
    "post" VARCHAR(60) NOT NULL DEFAULT '',
    "since" TIMESTAMPTZ NOT NULL,
    "until" TIMESTAMPTZ
);

CREATE TABLE "government_petitioner" (
    "id" UUID PRIMARY KEY NOT NULL,
    "visitor" UUID REFERENCES "visitor" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name_cipher" TEXT NOT NULL DEFAULT '',
    "name_index" VARCHAR(64),
    "sex" VARCHAR(10) NOT NULL DEFAULT '',
    "birth_year" INTEGER,
    "occupation" VARCHAR(60) NOT NULL DEFAULT '',
    "politics" VARCHAR(40) NOT NULL DEFAULT '',
    "belonging" VARCHAR(20) NOT NULL DEFAULT 'mainland',
    "employer_cipher" TEXT NOT NULL DEFAULT '',
    "address_cipher" TEXT NOT NULL DEFAULT '',
    "email_cipher" TEXT NOT NULL DEFAULT '',
    "phone_cipher" TEXT NOT NULL DEFAULT '',
    "phone_index" VARCHAR(64),
    "document_kind" VARCHAR(40) NOT NULL DEFAULT '',
    "document_cipher" TEXT NOT NULL DEFAULT '',
    "document_index" VARCHAR(64),
    "document_tail" VARCHAR(64),
    "anonymous" BOOLEAN NOT NULL DEFAULT false,
    "merged_into" UUID,
    "created_at" TIMESTAMPTZ NOT NULL,
    "updated_at" TIMESTAMPTZ NOT NULL,
    "erased_at" TIMESTAMPTZ
);

CREATE TABLE "government_search" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "petitioner" UUID NOT NULL REFERENCES "government_petitioner" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    "token" VARCHAR(32) NOT NULL DEFAULT ''
);

CREATE TABLE "government_subject" (
    "id" UUID PRIMARY KEY NOT NULL,
    "parent" UUID REFERENCES "government_subject" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "level" SMALLINT NOT NULL DEFAULT 1,
    "code" VARCHAR(20) NOT NULL DEFAULT '',
    "path" VARCHAR(80) NOT NULL DEFAULT '',
    "name" VARCHAR(60) NOT NULL DEFAULT '',
    "order" INTEGER NOT NULL DEFAULT 100,
    "active" BOOLEAN NOT NULL DEFAULT true
);

CREATE TABLE "government_matter" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "stage" VARCHAR(20) NOT NULL DEFAULT '',
    "channel" VARCHAR(20) NOT NULL DEFAULT '',
    "source" VARCHAR(20) NOT NULL DEFAULT 'own',
    "source_number" VARCHAR(60) NOT NULL DEFAULT '',
    "purpose" VARCHAR(20) NOT NULL DEFAULT '',
    "subject" UUID REFERENCES "government_subject" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "place" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "petitioner" UUID REFERENCES "government_petitioner" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "title_cipher" TEXT NOT NULL DEFAULT '',
    "demand_cipher" TEXT NOT NULL DEFAULT '',
    "facts_cipher" TEXT NOT NULL DEFAULT '',
    "place_cipher" TEXT NOT NULL DEFAULT '',
    "heads" INTEGER NOT NULL DEFAULT 1,
    "size" VARCHAR(10) NOT NULL DEFAULT 'single',
    "frequency" VARCHAR(10) NOT NULL DEFAULT 'first',
    "anonymous" BOOLEAN NOT NULL DEFAULT false,
    "joint_letter" BOOLEAN NOT NULL DEFAULT false,
    "skip_level" BOOLEAN NOT NULL DEFAULT false,
    "skip_reason" TEXT NOT NULL DEFAULT '',
    "earlier_opinion" BOOLEAN NOT NULL DEFAULT false,
    "urgency" SMALLINT NOT NULL DEFAULT 0,
    "secret" BOOLEAN NOT NULL DEFAULT false,
    "same_as" UUID REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "holder" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "first_handler" UUID,
    "first_handler_name" VARCHAR(100) NOT NULL DEFAULT '',
    "day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "query_index" VARCHAR(64),
    "query_cipher" TEXT NOT NULL DEFAULT '',
    "registered_at" TIMESTAMPTZ NOT NULL,
    "registered_by" UUID,
    "registered_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "suggested_at" TIMESTAMPTZ,
    "accepted_at" TIMESTAMPTZ,
    "closed_at" TIMESTAMPTZ,
    "close_reason" VARCHAR(40) NOT NULL DEFAULT '',
    "archived_at" TIMESTAMPTZ,
    "erased_at" TIMESTAMPTZ,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "government_matter_person" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "petitioner" UUID NOT NULL REFERENCES "government_petitioner" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "role" VARCHAR(20) NOT NULL DEFAULT 'petitioner'
);

CREATE TABLE "government_contact" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "matter" UUID REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "registration" UUID UNIQUE REFERENCES "registration" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "petitioner" UUID REFERENCES "government_petitioner" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "channel" VARCHAR(20) NOT NULL DEFAULT '',
    "day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "received_at" TIMESTAMPTZ NOT NULL,
    "heads" INTEGER NOT NULL DEFAULT 1,
    "size" VARCHAR(10) NOT NULL DEFAULT 'single',
    "frequency" VARCHAR(10) NOT NULL DEFAULT 'first',
    "receivers" TEXT NOT NULL DEFAULT '',
    "summary_cipher" TEXT NOT NULL DEFAULT '',
    "details_cipher" TEXT NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT 'open',
    "recorded_by" UUID,
    "recorded_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ
);

CREATE TABLE "government_matter_unit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "role" VARCHAR(20) NOT NULL DEFAULT 'undertaking',
    "since" TIMESTAMPTZ NOT NULL,
    "until" TIMESTAMPTZ
);

CREATE TABLE "government_matter_reader" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "why" VARCHAR(40) NOT NULL DEFAULT 'named',
    "since" TIMESTAMPTZ NOT NULL,
    "until" TIMESTAMPTZ
);

CREATE TABLE "government_barred" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user" UUID REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "why" VARCHAR(20) NOT NULL DEFAULT '',
    "since" TIMESTAMPTZ NOT NULL,
    "until" TIMESTAMPTZ,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_step" (
    "id" SERIAL PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "at" TIMESTAMPTZ NOT NULL,
    "act" VARCHAR(40) NOT NULL DEFAULT '',
    "actor" UUID,
    "actor_name" VARCHAR(100) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "body_cipher" TEXT NOT NULL DEFAULT '',
    "shown_to" VARCHAR(20) NOT NULL DEFAULT 'office'
);

CREATE TABLE "government_letter_batch" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "received_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "opened_at" TIMESTAMPTZ NOT NULL,
    "pieces" INTEGER NOT NULL DEFAULT 1,
    "carrier" VARCHAR(60) NOT NULL DEFAULT '',
    "created_by" UUID,
    "created_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "closed_at" TIMESTAMPTZ
);

CREATE TABLE "government_letter" (
    "id" UUID PRIMARY KEY NOT NULL,
    "contact" UUID UNIQUE NOT NULL REFERENCES "government_contact" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "batch" UUID NOT NULL REFERENCES "government_letter_batch" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "envelope" VARCHAR(20) NOT NULL DEFAULT 'whole',
    "stamp" VARCHAR(20) NOT NULL DEFAULT 'whole',
    "pages" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "government_call" (
    "id" UUID PRIMARY KEY NOT NULL,
    "contact" UUID UNIQUE NOT NULL REFERENCES "government_contact" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "rings" SMALLINT,
    "seconds" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "government_after_visit_letter" (
    "id" UUID PRIMARY KEY NOT NULL,
    "contact" UUID UNIQUE NOT NULL REFERENCES "government_contact" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "matter" UUID REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "written_on" DATE,
    "disposition" VARCHAR(20) NOT NULL DEFAULT '',
    "why_idle" VARCHAR(20) NOT NULL DEFAULT '',
    "decided_at" TIMESTAMPTZ,
    "decided_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "threat" BOOLEAN NOT NULL DEFAULT false,
    "told_unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "told_at" TIMESTAMPTZ,
    "told_means" VARCHAR(20) NOT NULL DEFAULT '',
    "told_to_cipher" TEXT NOT NULL DEFAULT '',
    "destroyed_at" TIMESTAMPTZ,
    "destruction" UUID
);

CREATE TABLE "government_online_import" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT 'preview',
    "platform" VARCHAR(60) NOT NULL DEFAULT '',
    "file_name" VARCHAR(200) NOT NULL DEFAULT '',
    "rows_cipher" TEXT NOT NULL DEFAULT '',
    "good" INTEGER NOT NULL DEFAULT 0,
    "bad" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "created_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "finished_at" TIMESTAMPTZ
);

CREATE TABLE "government_online_row" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "platform" VARCHAR(60) NOT NULL DEFAULT '',
    "number_index" VARCHAR(64) NOT NULL DEFAULT '',
    "contact" UUID NOT NULL REFERENCES "government_contact" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

CREATE TABLE "government_suggestion" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by" UUID,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_told" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "root" UUID NOT NULL,
    "petitioner" UUID REFERENCES "government_petitioner" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "contact" UUID REFERENCES "government_contact" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "act" VARCHAR(20) NOT NULL DEFAULT '',
    "ground" VARCHAR(20) NOT NULL DEFAULT '',
    "manner" VARCHAR(10) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "body_cipher" TEXT NOT NULL DEFAULT '',
    "receipt" VARCHAR(20) NOT NULL DEFAULT '',
    "handed_at" TIMESTAMPTZ,
    "document" UUID,
    "rules" VARCHAR(60) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by" UUID,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_interview" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "contact" UUID REFERENCES "government_contact" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "why" VARCHAR(20) NOT NULL DEFAULT '',
    "stamped_at" TIMESTAMPTZ NOT NULL,
    "stamped_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "held_at" TIMESTAMPTZ,
    "room" VARCHAR(60) NOT NULL DEFAULT '',
    "interviewers" TEXT NOT NULL DEFAULT '',
    "identity" VARCHAR(40) NOT NULL DEFAULT '',
    "identity_checked" BOOLEAN NOT NULL DEFAULT false,
    "facts_cipher" TEXT NOT NULL DEFAULT '',
    "demands_cipher" TEXT NOT NULL DEFAULT '',
    "history_cipher" TEXT NOT NULL DEFAULT '',
    "why_cipher" TEXT NOT NULL DEFAULT '',
    "abnormal_cipher" TEXT NOT NULL DEFAULT '',
    "joint_cipher" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "government_follow_up" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "appointment" UUID NOT NULL REFERENCES "appointment" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "why" VARCHAR(20) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_foreign_report" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID UNIQUE NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "reported_at" TIMESTAMPTZ NOT NULL,
    "outline_cipher" TEXT NOT NULL DEFAULT '',
    "request" UUID,
    "approved_at" TIMESTAMPTZ,
    "approved_by" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_opinion" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "level" VARCHAR(10) NOT NULL DEFAULT '',
    "round" SMALLINT NOT NULL DEFAULT 1,
    "unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "outcome" VARCHAR(20) NOT NULL DEFAULT '',
    "texts_cipher" TEXT NOT NULL DEFAULT '',
    "label" VARCHAR(60) NOT NULL DEFAULT '',
    "approval" UUID,
    "document" UUID,
    "signed_by" VARCHAR(200) NOT NULL DEFAULT '',
    "drafted_at" TIMESTAMPTZ NOT NULL,
    "drafted_by" UUID,
    "drafted_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "issued_at" TIMESTAMPTZ,
    "issued_on" DATE,
    "delivered_on" DATE,
    "delivery_method" VARCHAR(20) NOT NULL DEFAULT '',
    "delivery_refused" BOOLEAN NOT NULL DEFAULT false,
    "delivery_signed" BOOLEAN NOT NULL DEFAULT false,
    "delivery_cipher" TEXT NOT NULL DEFAULT '',
    "delivered_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "taken" VARCHAR(10) NOT NULL DEFAULT '',
    "taken_cipher" TEXT NOT NULL DEFAULT '',
    "taken_at" TIMESTAMPTZ,
    "led_to" VARCHAR(10) NOT NULL DEFAULT '',
    "publish_consent" BOOLEAN NOT NULL DEFAULT false,
    "published_on" DATE,
    "circle_cipher" TEXT NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "government_review" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "opinion" UUID NOT NULL REFERENCES "government_opinion" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "level" VARCHAR(10) NOT NULL DEFAULT '',
    "asked_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "late" BOOLEAN NOT NULL DEFAULT false,
    "body" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "other_body" BOOLEAN NOT NULL DEFAULT false,
    "reasons_cipher" TEXT NOT NULL DEFAULT '',
    "evidence_cipher" TEXT NOT NULL DEFAULT '',
    "good_reason_cipher" TEXT NOT NULL DEFAULT '',
    "hearing_since" DATE,
    "recorded_at" TIMESTAMPTZ NOT NULL,
    "recorded_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "decided_at" TIMESTAMPTZ
);

CREATE TABLE "government_extension" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "request" UUID,
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "days" SMALLINT NOT NULL DEFAULT 0,
    "reason" VARCHAR(20) NOT NULL DEFAULT '',
    "note_cipher" TEXT NOT NULL DEFAULT '',
    "due_before" DATE,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "asked_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "decided_at" TIMESTAMPTZ,
    "decided_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "document" UUID,
    "told_on" DATE,
    "told_method" VARCHAR(20) NOT NULL DEFAULT '',
    "told_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_delay_reason" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "reason" VARCHAR(20) NOT NULL DEFAULT '',
    "note_cipher" TEXT NOT NULL DEFAULT '',
    "due" DATE,
    "in_time" BOOLEAN NOT NULL DEFAULT true,
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "seen_at" TIMESTAMPTZ,
    "seen_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_final_filing" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID UNIQUE NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "confirmed" TEXT NOT NULL DEFAULT '[]',
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_office_page" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID UNIQUE NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name" VARCHAR(100) NOT NULL DEFAULT '',
    "address" VARCHAR(200) NOT NULL DEFAULT '',
    "postcode" VARCHAR(20) NOT NULL DEFAULT '',
    "email" VARCHAR(100) NOT NULL DEFAULT '',
    "phone" VARCHAR(60) NOT NULL DEFAULT '',
    "hours" TEXT NOT NULL DEFAULT '',
    "directions" TEXT NOT NULL DEFAULT '',
    "how_to_query" TEXT NOT NULL DEFAULT '',
    "workflow" TEXT NOT NULL DEFAULT '',
    "laws" TEXT NOT NULL DEFAULT '',
    "lawyers" TEXT NOT NULL DEFAULT '',
    "notice" TEXT NOT NULL DEFAULT '',
    "changed_at" TIMESTAMPTZ NOT NULL,
    "changed_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_unit_page" (
    "id" UUID PRIMARY KEY NOT NULL,
    "unit" UUID UNIQUE NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "address" VARCHAR(200) NOT NULL DEFAULT '',
    "phone" VARCHAR(60) NOT NULL DEFAULT '',
    "email" VARCHAR(100) NOT NULL DEFAULT '',
    "hours" VARCHAR(200) NOT NULL DEFAULT '',
    "leader_days" VARCHAR(200) NOT NULL DEFAULT '',
    "changed_at" TIMESTAMPTZ NOT NULL,
    "changed_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_rating" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "target" VARCHAR(10) NOT NULL DEFAULT '',
    "unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "score" VARCHAR(12) NOT NULL DEFAULT '',
    "remark_cipher" TEXT NOT NULL DEFAULT '',
    "means" VARCHAR(10) NOT NULL DEFAULT '',
    "day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "follow_up_cipher" TEXT NOT NULL DEFAULT '',
    "followed_up_at" TIMESTAMPTZ,
    "followed_up_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_box_note" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "contact_cipher" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "done_cipher" TEXT NOT NULL DEFAULT '',
    "done_at" TIMESTAMPTZ,
    "done_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_reply" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "approval" UUID,
    "document" UUID,
    "label" VARCHAR(60) NOT NULL DEFAULT '',
    "drafted_at" TIMESTAMPTZ NOT NULL,
    "drafted_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "signed_at" TIMESTAMPTZ,
    "signed_by" VARCHAR(200) NOT NULL DEFAULT '',
    "sent_on" DATE,
    "sent_method" VARCHAR(20) NOT NULL DEFAULT ''
);

CREATE TABLE "government_news" (
    "id" VARCHAR(20) PRIMARY KEY NOT NULL DEFAULT '',
    "step" BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE "government_reception_leader" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "post" VARCHAR(60) NOT NULL DEFAULT '',
    "director" BOOLEAN NOT NULL DEFAULT false,
    "order" INTEGER NOT NULL DEFAULT 100,
    "until" TIMESTAMPTZ
);

CREATE TABLE "government_reception_day" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "monday" DATE NOT NULL DEFAULT CURRENT_DATE,
    "day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "moved_from" DATE,
    "begins" VARCHAR(5) NOT NULL DEFAULT '',
    "ends" VARCHAR(5) NOT NULL DEFAULT '',
    "place" VARCHAR(200) NOT NULL DEFAULT '',
    "kind" VARCHAR(10) NOT NULL DEFAULT '',
    "state" VARCHAR(10) NOT NULL DEFAULT 'planned',
    "leader" UUID REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "leader_name" VARCHAR(100) NOT NULL DEFAULT '',
    "post" VARCHAR(60) NOT NULL DEFAULT '',
    "delegate" UUID REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "delegate_name" VARCHAR(100) NOT NULL DEFAULT '',
    "delegate_post" VARCHAR(60) NOT NULL DEFAULT '',
    "slots" INTEGER NOT NULL DEFAULT 8,
    "note" VARCHAR(200) NOT NULL DEFAULT ''
);

CREATE TABLE "government_reception_section" (
    "id" UUID PRIMARY KEY NOT NULL,
    "day" UUID NOT NULL REFERENCES "government_reception_day" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "added_at" TIMESTAMPTZ NOT NULL,
    "added_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_booking" (
    "id" UUID PRIMARY KEY NOT NULL,
    "day" UUID NOT NULL REFERENCES "government_reception_day" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "matter" UUID REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "position" INTEGER NOT NULL DEFAULT 1,
    "name_cipher" TEXT NOT NULL DEFAULT '',
    "phone_cipher" TEXT NOT NULL DEFAULT '',
    "phone_index" VARCHAR(64),
    "topic_cipher" TEXT NOT NULL DEFAULT '',
    "heads" INTEGER NOT NULL DEFAULT 1,
    "means" VARCHAR(10) NOT NULL DEFAULT '',
    "state" VARCHAR(10) NOT NULL DEFAULT 'booked',
    "booked_at" TIMESTAMPTZ NOT NULL,
    "booked_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "settled_at" TIMESTAMPTZ,
    "settled_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_monthly" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "month" DATE NOT NULL DEFAULT CURRENT_DATE,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "content" TEXT NOT NULL DEFAULT '',
    "remark" TEXT NOT NULL DEFAULT '',
    "checked_at" TIMESTAMPTZ NOT NULL,
    "checked_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "sent_at" TIMESTAMPTZ,
    "sent_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "received_at" TIMESTAMPTZ,
    "received_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_accused" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(10) NOT NULL DEFAULT '',
    "unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user" UUID REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "name_cipher" TEXT NOT NULL DEFAULT '',
    "since" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "withdrawn_at" TIMESTAMPTZ,
    "withdrawn_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "reason_cipher" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "government_recusal" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user_name" VARCHAR(100) NOT NULL DEFAULT '',
    "how" VARCHAR(10) NOT NULL DEFAULT '',
    "reason_cipher" TEXT NOT NULL DEFAULT '',
    "since" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "lifted_at" TIMESTAMPTZ,
    "lifted_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "lift_reason_cipher" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "government_glass" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number_cipher" TEXT NOT NULL DEFAULT '',
    "asker" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "asker_name" VARCHAR(100) NOT NULL DEFAULT '',
    "reason_cipher" TEXT NOT NULL DEFAULT '',
    "asked_at" TIMESTAMPTZ NOT NULL,
    "state" VARCHAR(10) NOT NULL DEFAULT '',
    "decided_at" TIMESTAMPTZ,
    "decided_by" UUID,
    "decided_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "until" TIMESTAMPTZ
);

CREATE TABLE "government_file" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "contact" UUID REFERENCES "government_contact" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "name_cipher" TEXT NOT NULL DEFAULT '',
    "media_type" VARCHAR(60) NOT NULL DEFAULT '',
    "size" BIGINT NOT NULL DEFAULT 0,
    "attachment" UUID NOT NULL,
    "added_at" TIMESTAMPTZ NOT NULL,
    "added_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "erased_at" TIMESTAMPTZ
);

CREATE TABLE "government_urging" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "means" VARCHAR(20) NOT NULL DEFAULT '',
    "spoke_with" VARCHAR(100) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "answer_by" DATE NOT NULL DEFAULT CURRENT_DATE,
    "answer_cipher" TEXT NOT NULL DEFAULT '',
    "answered_at" TIMESTAMPTZ,
    "at" TIMESTAMPTZ NOT NULL,
    "by" UUID,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "document" UUID
);

CREATE TABLE "government_supervision" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "reason" VARCHAR(20) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "requirement_cipher" TEXT NOT NULL DEFAULT '',
    "unurged_cipher" TEXT NOT NULL DEFAULT '',
    "due_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "opened_at" TIMESTAMPTZ NOT NULL,
    "opened_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "answer_cipher" TEXT NOT NULL DEFAULT '',
    "answered_at" TIMESTAMPTZ,
    "approval" UUID,
    "document" UUID,
    "handed_at" TIMESTAMPTZ,
    "outcome_cipher" TEXT NOT NULL DEFAULT '',
    "closed_at" TIMESTAMPTZ,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "government_supervision_step" (
    "id" UUID PRIMARY KEY NOT NULL,
    "supervision" UUID NOT NULL REFERENCES "government_supervision" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "means" VARCHAR(20) NOT NULL DEFAULT '',
    "with_whom" VARCHAR(100) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_recommendation" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "due_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "made_at" TIMESTAMPTZ NOT NULL,
    "made_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "feedback" VARCHAR(20) NOT NULL DEFAULT '',
    "feedback_cipher" TEXT NOT NULL DEFAULT '',
    "answered_at" TIMESTAMPTZ,
    "answered_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_monthly_list" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "month" DATE NOT NULL DEFAULT CURRENT_DATE,
    "given_at" TIMESTAMPTZ NOT NULL,
    "given_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "lines" INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE "government_weekly_list" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "week" DATE NOT NULL DEFAULT CURRENT_DATE,
    "report_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "sent_at" TIMESTAMPTZ NOT NULL,
    "sent_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_forwarding" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "copy_unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "ground" VARCHAR(40) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "content_cipher" TEXT NOT NULL DEFAULT '',
    "requirement_cipher" TEXT NOT NULL DEFAULT '',
    "due_on" DATE,
    "first_due_on" DATE,
    "urgent" BOOLEAN NOT NULL DEFAULT false,
    "letter" VARCHAR(20) NOT NULL DEFAULT 'owed',
    "letter_on" DATE,
    "letter_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "weekly" UUID REFERENCES "government_weekly_list" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "meeting_on" DATE,
    "approval" UUID,
    "ordered_at" TIMESTAMPTZ NOT NULL,
    "ordered_by" UUID,
    "ordered_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "sent_at" TIMESTAMPTZ,
    "taken_at" TIMESTAMPTZ,
    "taken_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "person" UUID,
    "person_name" VARCHAR(100) NOT NULL DEFAULT '',
    "plan_cipher" TEXT NOT NULL DEFAULT '',
    "contacted_at" TIMESTAMPTZ,
    "progress_at" TIMESTAMPTZ,
    "returned_at" TIMESTAMPTZ,
    "ended_at" TIMESTAMPTZ,
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "government_unit_call" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "purpose" VARCHAR(20) NOT NULL DEFAULT '',
    "record" UUID,
    "called_at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "spoke_with" VARCHAR(100) NOT NULL DEFAULT '',
    "answer_cipher" TEXT NOT NULL DEFAULT ''
);

CREATE TABLE "government_objection" (
    "id" UUID PRIMARY KEY NOT NULL,
    "forwarding" UUID NOT NULL REFERENCES "government_forwarding" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "reason_cipher" TEXT NOT NULL DEFAULT '',
    "proposed" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "raised_at" TIMESTAMPTZ NOT NULL,
    "raised_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "granted" BOOLEAN,
    "answer_cipher" TEXT NOT NULL DEFAULT '',
    "decided_at" TIMESTAMPTZ,
    "decided_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_result" (
    "id" UUID PRIMARY KEY NOT NULL,
    "forwarding" UUID NOT NULL REFERENCES "government_forwarding" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "round" SMALLINT NOT NULL DEFAULT 1,
    "course_cipher" TEXT NOT NULL DEFAULT '',
    "result_cipher" TEXT NOT NULL DEFAULT '',
    "basis_cipher" TEXT NOT NULL DEFAULT '',
    "measures_cipher" TEXT NOT NULL DEFAULT '',
    "taken" VARCHAR(20) NOT NULL DEFAULT '',
    "words_cipher" TEXT NOT NULL DEFAULT '',
    "sealed" BOOLEAN NOT NULL DEFAULT false,
    "signed_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "petitioner_signed" BOOLEAN NOT NULL DEFAULT false,
    "returned_at" TIMESTAMPTZ NOT NULL,
    "returned_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "late" BOOLEAN NOT NULL DEFAULT false,
    "passed" BOOLEAN,
    "failed" VARCHAR(120) NOT NULL DEFAULT '',
    "findings_cipher" TEXT NOT NULL DEFAULT '',
    "checked_at" TIMESTAMPTZ,
    "checked_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "due_before" DATE,
    "due_after" DATE
);

CREATE TABLE "government_grading" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "grade" SMALLINT NOT NULL DEFAULT 0,
    "suggested" SMALLINT NOT NULL DEFAULT 0,
    "heads" INTEGER NOT NULL DEFAULT 1,
    "announced" BOOLEAN NOT NULL DEFAULT false,
    "date_that_matters" DATE,
    "reason_cipher" TEXT NOT NULL DEFAULT '',
    "graded_at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_signing" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "phase" VARCHAR(20) NOT NULL DEFAULT '',
    "kind" VARCHAR(60) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT 'open',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "approval" UUID,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "asked_by" UUID,
    "asked_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "decided_at" TIMESTAMPTZ
);

CREATE TABLE "government_signer_opinion" (
    "id" UUID PRIMARY KEY NOT NULL,
    "signing" UUID NOT NULL REFERENCES "government_signing" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user" UUID,
    "user_name" VARCHAR(100) NOT NULL DEFAULT '',
    "choice" VARCHAR(20) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "said_at" TIMESTAMPTZ NOT NULL
);

CREATE TABLE "government_instruction" (
    "id" UUID PRIMARY KEY NOT NULL,
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "signing" UUID REFERENCES "government_signing" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "leader" UUID,
    "leader_name" VARCHAR(100) NOT NULL DEFAULT '',
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "given_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "recorded_at" TIMESTAMPTZ NOT NULL,
    "recorded_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "done_cipher" TEXT NOT NULL DEFAULT '',
    "done_at" TIMESTAMPTZ,
    "done_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_coordination" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "why" VARCHAR(20) NOT NULL DEFAULT '',
    "plan_cipher" TEXT NOT NULL DEFAULT '',
    "place" VARCHAR(100) NOT NULL DEFAULT '',
    "meets_at" TIMESTAMPTZ,
    "signing" UUID,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "asked_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "held_at" TIMESTAMPTZ,
    "minutes_cipher" TEXT NOT NULL DEFAULT '',
    "decision_cipher" TEXT NOT NULL DEFAULT '',
    "decided_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ
);

CREATE TABLE "government_coordination_unit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "coordination" UUID NOT NULL REFERENCES "government_coordination" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "came" BOOLEAN
);

CREATE TABLE "government_measure" (
    "id" UUID PRIMARY KEY NOT NULL,
    "coordination" UUID NOT NULL REFERENCES "government_coordination" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "text_cipher" TEXT NOT NULL DEFAULT '',
    "due_on" DATE NOT NULL DEFAULT CURRENT_DATE,
    "done_cipher" TEXT NOT NULL DEFAULT '',
    "done_at" TIMESTAMPTZ,
    "done_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_joint_reception" (
    "id" UUID PRIMARY KEY NOT NULL,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "matter" UUID NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "why" VARCHAR(20) NOT NULL DEFAULT '',
    "place" VARCHAR(100) NOT NULL DEFAULT '',
    "arrive_by" TIMESTAMPTZ NOT NULL,
    "asked_at" TIMESTAMPTZ NOT NULL,
    "asked_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "outcome" VARCHAR(20) NOT NULL DEFAULT '',
    "note_cipher" TEXT NOT NULL DEFAULT '',
    "ended_at" TIMESTAMPTZ
);

CREATE TABLE "government_joint_unit" (
    "id" UUID PRIMARY KEY NOT NULL,
    "joint" UUID NOT NULL REFERENCES "government_joint_reception" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "arrived_at" TIMESTAMPTZ,
    "people" VARCHAR(200) NOT NULL DEFAULT ''
);

CREATE TABLE "government_bulletin" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT 'draft',
    "batch" UUID NOT NULL,
    "first" DATE NOT NULL DEFAULT CURRENT_DATE,
    "last" DATE NOT NULL DEFAULT CURRENT_DATE,
    "unit" UUID REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "matter" UUID REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "follows" UUID REFERENCES "government_bulletin" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "figures" TEXT NOT NULL DEFAULT '',
    "texts_cipher" TEXT NOT NULL DEFAULT '',
    "approval" UUID,
    "document" UUID,
    "label" VARCHAR(60) NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ NOT NULL,
    "created_by" UUID,
    "created_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "signed_by" VARCHAR(200) NOT NULL DEFAULT '',
    "issued_at" TIMESTAMPTZ,
    "read_at" TIMESTAMPTZ,
    "read_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "closed_at" TIMESTAMPTZ,
    "closed_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "version" INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE "government_assessment" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "period" VARCHAR(10) NOT NULL DEFAULT '',
    "first" DATE NOT NULL DEFAULT CURRENT_DATE,
    "content" TEXT NOT NULL DEFAULT '',
    "version" VARCHAR(60) NOT NULL DEFAULT '',
    "fixed_at" TIMESTAMPTZ NOT NULL,
    "fixed_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_commendation" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "unit" UUID NOT NULL REFERENCES "government_unit" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "reason" VARCHAR(300) NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_staff_mark" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "user" UUID NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "first" DATE NOT NULL DEFAULT CURRENT_DATE,
    "attitude" SMALLINT NOT NULL DEFAULT 0,
    "speed" SMALLINT NOT NULL DEFAULT 0,
    "results" SMALLINT NOT NULL DEFAULT 0,
    "satisfaction" SMALLINT NOT NULL DEFAULT 0,
    "note_cipher" TEXT NOT NULL DEFAULT '',
    "at" TIMESTAMPTZ NOT NULL,
    "by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_hand_over" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(20) NOT NULL DEFAULT '',
    "total" INTEGER NOT NULL DEFAULT 0,
    "pages" INTEGER NOT NULL DEFAULT 0,
    "at" TIMESTAMPTZ NOT NULL,
    "by" UUID,
    "by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "taken_by_name" VARCHAR(100) NOT NULL DEFAULT ''
);

CREATE TABLE "government_destruction" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "year" INTEGER NOT NULL DEFAULT 0,
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "total" INTEGER NOT NULL DEFAULT 0,
    "method" VARCHAR(200) NOT NULL DEFAULT '',
    "proposed_at" TIMESTAMPTZ NOT NULL,
    "proposed_by" UUID,
    "proposed_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "decided_at" TIMESTAMPTZ,
    "decided_by" UUID,
    "decided_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "document" UUID
);

CREATE TABLE "government_case_file" (
    "id" UUID PRIMARY KEY NOT NULL,
    "site" UUID NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "matter" UUID UNIQUE NOT NULL REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "kind" VARCHAR(20) NOT NULL DEFAULT '',
    "kind_reason_cipher" TEXT NOT NULL DEFAULT '',
    "year" INTEGER NOT NULL DEFAULT 0,
    "number" VARCHAR(40) NOT NULL DEFAULT '',
    "state" VARCHAR(20) NOT NULL DEFAULT '',
    "contents_cipher" TEXT NOT NULL DEFAULT '',
    "pages" INTEGER NOT NULL DEFAULT 0,
    "keep_years" SMALLINT NOT NULL DEFAULT 10,
    "keep_until" DATE,
    "filed_at" TIMESTAMPTZ NOT NULL,
    "filed_by_name" VARCHAR(100) NOT NULL DEFAULT '',
    "hand_over" UUID REFERENCES "government_hand_over" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "document" UUID
);

CREATE TABLE "government_destruction_entry" (
    "id" UUID PRIMARY KEY NOT NULL,
    "destruction" UUID NOT NULL REFERENCES "government_destruction" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "matter" UUID REFERENCES "government_matter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "letter" UUID REFERENCES "government_after_visit_letter" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    "number" VARCHAR(40) NOT NULL DEFAULT '',
    "day" DATE NOT NULL DEFAULT CURRENT_DATE,
    "pages" INTEGER NOT NULL DEFAULT 1,
    "why" VARCHAR(20) NOT NULL DEFAULT ''
);

CREATE UNIQUE INDEX government_unit_code ON government_unit (site, code);

CREATE UNIQUE INDEX government_unit_member_once ON government_unit_member (unit, "user") WHERE until IS NULL;

CREATE INDEX government_unit_member_user ON government_unit_member ("user");

CREATE UNIQUE INDEX government_search_token ON government_search (token, petitioner);

CREATE INDEX government_search_petitioner ON government_search (petitioner);

CREATE INDEX government_petitioner_name ON government_petitioner (name_index);

CREATE INDEX government_petitioner_phone ON government_petitioner (phone_index);

CREATE INDEX government_petitioner_document ON government_petitioner (document_index);

CREATE INDEX government_petitioner_visitor ON government_petitioner (visitor);

CREATE UNIQUE INDEX government_subject_path ON government_subject (path);

CREATE UNIQUE INDEX government_matter_number ON government_matter (number);

CREATE INDEX government_matter_day ON government_matter (site, day, number);

CREATE INDEX government_matter_list ON government_matter (day, number);

CREATE INDEX government_matter_at ON government_matter (stage, day, number);

CREATE INDEX government_matter_stage ON government_matter (site, stage, registered_at);

CREATE INDEX government_matter_holder ON government_matter (holder, stage);

CREATE INDEX government_matter_petitioner ON government_matter (petitioner);

CREATE INDEX government_matter_query ON government_matter (query_index) WHERE query_index IS NOT NULL;

CREATE UNIQUE INDEX government_matter_person_once ON government_matter_person (matter, petitioner);

CREATE INDEX government_matter_person_of ON government_matter_person (petitioner);

CREATE UNIQUE INDEX government_contact_number ON government_contact (number);

CREATE INDEX government_contact_day ON government_contact (site, day, channel);

CREATE INDEX government_contact_matter ON government_contact (matter);

CREATE UNIQUE INDEX government_matter_unit_once ON government_matter_unit (matter, unit);

CREATE INDEX government_matter_unit_unit ON government_matter_unit (unit, matter);

CREATE INDEX government_matter_reader_user ON government_matter_reader ("user", matter);

CREATE INDEX government_barred_matter ON government_barred (matter);

CREATE INDEX government_step_matter ON government_step (matter, id);

CREATE UNIQUE INDEX government_letter_batch_number ON government_letter_batch (number);

CREATE INDEX government_letter_batch_day ON government_letter_batch (site, received_on);

CREATE INDEX government_letter_batch_of ON government_letter (batch);

CREATE INDEX government_after_visit_due ON government_after_visit_letter (disposition) WHERE destroyed_at IS NULL;

CREATE INDEX government_after_visit_matter ON government_after_visit_letter (matter);

CREATE UNIQUE INDEX government_online_row_once ON government_online_row (site, platform, number_index);

CREATE INDEX government_suggestion_matter ON government_suggestion (matter);

CREATE INDEX government_told_matter ON government_told (matter);

CREATE UNIQUE INDEX government_told_written_once ON government_told (root, petitioner) WHERE manner = 'written' AND act IN ('refuse', 'end');

CREATE UNIQUE INDEX government_interview_number ON government_interview (number);

CREATE INDEX government_interview_matter ON government_interview (matter);

CREATE INDEX government_follow_up_matter ON government_follow_up (matter);

CREATE UNIQUE INDEX government_follow_up_appointment ON government_follow_up (appointment);

CREATE UNIQUE INDEX government_opinion_once ON government_opinion (matter, level, round) WHERE state <> 'void';

CREATE INDEX government_opinion_approval ON government_opinion (approval) WHERE approval IS NOT NULL;

CREATE INDEX government_opinion_undelivered ON government_opinion (state, delivered_on);

CREATE INDEX government_review_matter ON government_review (matter);

CREATE INDEX government_extension_matter ON government_extension (matter);

CREATE INDEX government_extension_request ON government_extension (request) WHERE request IS NOT NULL;

CREATE INDEX government_delay_reason_matter ON government_delay_reason (matter);

CREATE UNIQUE INDEX government_rating_once ON government_rating (matter, target);

CREATE INDEX government_rating_unit ON government_rating (unit, day);

CREATE INDEX government_rating_day ON government_rating (target, day);

CREATE INDEX government_box_note_site ON government_box_note (site, at);

CREATE INDEX government_reply_matter ON government_reply (matter);

CREATE INDEX government_reply_approval ON government_reply (approval) WHERE approval IS NOT NULL;

CREATE UNIQUE INDEX government_reception_monday ON government_reception_day (site, monday);

CREATE INDEX government_reception_day_day ON government_reception_day (day);

CREATE UNIQUE INDEX government_reception_section_once ON government_reception_section (day, unit);

CREATE INDEX government_booking_day ON government_booking (day, position);

CREATE INDEX government_booking_phone ON government_booking (phone_index);

CREATE UNIQUE INDEX government_monthly_once ON government_monthly (site, month);

CREATE INDEX government_accused_matter ON government_accused (matter);

CREATE INDEX government_recusal_matter ON government_recusal (matter);

CREATE INDEX government_glass_state ON government_glass (state, asked_at);

CREATE INDEX government_glass_asker ON government_glass (asker, asked_at);

CREATE INDEX government_file_matter ON government_file (matter);

CREATE INDEX government_file_contact ON government_file (contact);

CREATE INDEX government_barred_user ON government_barred ("user");

CREATE INDEX government_urging_matter ON government_urging (matter, unit);

CREATE INDEX government_urging_waiting ON government_urging (unit, answer_by) WHERE answered_at IS NULL;

CREATE UNIQUE INDEX government_supervision_number ON government_supervision (number);

CREATE UNIQUE INDEX government_supervision_once ON government_supervision (matter, unit) WHERE closed_at IS NULL;

CREATE INDEX government_supervision_opened ON government_supervision (opened_at);

CREATE INDEX government_supervision_step_of ON government_supervision_step (supervision, at);

CREATE UNIQUE INDEX government_recommendation_number ON government_recommendation (number);

CREATE UNIQUE INDEX government_monthly_list_once ON government_monthly_list (site, month);

CREATE UNIQUE INDEX government_forwarding_number ON government_forwarding (number);

CREATE INDEX government_forwarding_matter ON government_forwarding (matter, ordered_at);

CREATE INDEX government_forwarding_unit ON government_forwarding (unit, state, sent_at);

CREATE UNIQUE INDEX government_forwarding_one ON government_forwarding (matter) WHERE state IN ('sent', 'taken', 'returned');

CREATE UNIQUE INDEX government_forwarding_to_sign ON government_forwarding (matter) WHERE state = 'signing';

CREATE INDEX government_forwarding_owed ON government_forwarding (unit, sent_at) WHERE letter = 'owed';

CREATE UNIQUE INDEX government_weekly_list_once ON government_weekly_list (unit, week);

CREATE INDEX government_unit_call_matter ON government_unit_call (matter, called_at);

CREATE UNIQUE INDEX government_objection_open ON government_objection (forwarding) WHERE decided_at IS NULL;

CREATE INDEX government_objection_matter ON government_objection (matter);

CREATE INDEX government_result_matter ON government_result (matter, returned_at);

CREATE UNIQUE INDEX government_result_round ON government_result (forwarding, round);

CREATE INDEX government_grading_matter ON government_grading (matter, graded_at);

CREATE INDEX government_signing_matter ON government_signing (matter, asked_at);

CREATE UNIQUE INDEX government_signing_approval ON government_signing (approval) WHERE approval IS NOT NULL;

CREATE INDEX government_signing_waiting ON government_signing (phase, state);

CREATE INDEX government_signer_opinion_of ON government_signer_opinion (signing, said_at);

CREATE INDEX government_instruction_matter ON government_instruction (matter);

CREATE INDEX government_instruction_signing ON government_instruction (signing);

CREATE UNIQUE INDEX government_coordination_number ON government_coordination (number);

CREATE INDEX government_coordination_matter ON government_coordination (matter);

CREATE INDEX government_coordination_state ON government_coordination (state);

CREATE UNIQUE INDEX government_coordination_unit_once ON government_coordination_unit (coordination, unit);

CREATE INDEX government_measure_of ON government_measure (coordination);

CREATE INDEX government_measure_due ON government_measure (due_on) WHERE done_at IS NULL;

CREATE UNIQUE INDEX government_joint_number ON government_joint_reception (number);

CREATE INDEX government_joint_matter ON government_joint_reception (matter);

CREATE INDEX government_joint_open ON government_joint_reception (arrive_by) WHERE ended_at IS NULL;

CREATE UNIQUE INDEX government_joint_unit_once ON government_joint_unit (joint, unit);

CREATE INDEX government_bulletin_site ON government_bulletin (site, kind, first);

CREATE INDEX government_bulletin_unit ON government_bulletin (unit, issued_at) WHERE unit IS NOT NULL;

CREATE INDEX government_bulletin_batch ON government_bulletin (batch);

CREATE INDEX government_bulletin_follows ON government_bulletin (follows) WHERE follows IS NOT NULL;

CREATE UNIQUE INDEX government_assessment_once ON government_assessment (site, period, first);

CREATE INDEX government_commendation_unit ON government_commendation (unit, at);

CREATE INDEX government_commendation_site ON government_commendation (site, at);

CREATE UNIQUE INDEX government_staff_mark_once ON government_staff_mark (site, "user", first);

CREATE UNIQUE INDEX government_case_file_number ON government_case_file (site, number);

CREATE INDEX government_case_file_list ON government_case_file (site, year, kind);

CREATE INDEX government_case_file_due ON government_case_file (keep_until) WHERE state <> 'destroyed';

CREATE INDEX government_case_file_hand_over ON government_case_file (hand_over);

CREATE UNIQUE INDEX government_hand_over_number ON government_hand_over (number);

CREATE UNIQUE INDEX government_destruction_once ON government_destruction (site, year) WHERE state <> 'refused';

CREATE INDEX government_destruction_entry_of ON government_destruction_entry (destruction);

CREATE INDEX government_destruction_entry_matter ON government_destruction_entry (matter);
