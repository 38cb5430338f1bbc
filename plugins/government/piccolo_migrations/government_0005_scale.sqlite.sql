CREATE INDEX government_matter_same ON government_matter (same_as) WHERE same_as IS NOT NULL;

CREATE INDEX government_matter_urgent ON government_matter (urgency) WHERE urgency > 0;

CREATE INDEX government_matter_ended ON government_matter (closed_at) WHERE closed_at IS NOT NULL;

CREATE INDEX government_contact_on ON government_contact (day);

CREATE INDEX government_contact_petitioner ON government_contact (petitioner);

CREATE INDEX government_step_when ON government_step (matter, at);

CREATE INDEX government_told_petitioner ON government_told (petitioner);

CREATE INDEX government_opinion_of ON government_opinion (matter);

CREATE INDEX government_delay_reason_unseen ON government_delay_reason (matter) WHERE seen_at IS NULL;

CREATE INDEX government_extension_untold ON government_extension (matter) WHERE state = 'granted' AND told_on IS NULL;

CREATE INDEX government_forwarding_weekly ON government_forwarding (weekly) WHERE weekly IS NOT NULL;

CREATE INDEX government_weekly_list_sent ON government_weekly_list (sent_at);

CREATE INDEX government_objection_waiting ON government_objection (matter) WHERE decided_at IS NULL;

CREATE INDEX government_result_unchecked ON government_result (matter) WHERE passed IS NULL;

DROP INDEX government_opinion_undelivered;

DROP INDEX government_petitioner_visitor;

CREATE INDEX government_petitioner_visitor ON government_petitioner (visitor) WHERE visitor IS NOT NULL;

CREATE INDEX government_matter_lacking ON government_matter (stage, day) WHERE suggested_at IS NULL;
