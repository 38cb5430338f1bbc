ALTER TABLE "approval_request" ADD COLUMN "page" VARCHAR(300) NOT NULL DEFAULT '' CHECK (length("page") <= 300);
