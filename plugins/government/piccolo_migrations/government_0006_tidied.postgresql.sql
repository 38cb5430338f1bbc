ALTER TABLE "government_commendation" ADD COLUMN "reason_cipher" TEXT NOT NULL DEFAULT '';
