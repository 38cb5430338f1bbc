ALTER TABLE "school_gate_guardian" ADD COLUMN "photo" UUID;

ALTER TABLE "school_gate_offence" ADD COLUMN "spoken_at" TIMESTAMPTZ;

ALTER TABLE "school_gate_offence" ADD COLUMN "spoken_by_name" VARCHAR(100) NOT NULL DEFAULT '' CHECK (length("spoken_by_name") <= 100);

ALTER TABLE "school_gate_offence" ADD COLUMN "spoken_note" VARCHAR(200) NOT NULL DEFAULT '' CHECK (length("spoken_note") <= 200);
