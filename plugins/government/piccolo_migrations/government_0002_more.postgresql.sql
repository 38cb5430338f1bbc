ALTER TABLE "government_opinion" ADD COLUMN "told_on" DATE;

ALTER TABLE "government_opinion" ADD COLUMN "told_means" VARCHAR(20) NOT NULL DEFAULT '';

ALTER TABLE "government_opinion" ADD COLUMN "told_by_name" VARCHAR(100) NOT NULL DEFAULT '';
