ALTER TABLE "holding" ADD COLUMN "domain" VARCHAR(40) NOT NULL DEFAULT '' CHECK (length("domain") <= 40);
