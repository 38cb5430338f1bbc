ALTER TABLE "issued_document" ADD COLUMN "delivered" BOOLEAN NOT NULL DEFAULT false;

CREATE INDEX issued_document_undelivered ON issued_document (kind, issued_at) WHERE NOT delivered AND voided_at IS NULL;

UPDATE issued_document SET delivered = true
    WHERE id IN (SELECT document FROM document_delivery WHERE voided_at IS NULL);
