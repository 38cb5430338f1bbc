"""Kinds of paper that every domain has."""

from core.documents.facts import DocumentField, DocumentKind
from core.i18n import N_

ADMIN = "core:document:admin"
RECEIPT = "core.delivery_receipt"

KINDS = (
    DocumentKind(
        name=RECEIPT,
        label=N_("Delivery receipt"),
        plugin="core",
        package="core.documents",
        template="receipt.typ",
        see=(ADMIN,),
        issue=(ADMIN,),
        void=(ADMIN,),
        sealed=True,
        order=900,
        fields=(
            DocumentField(
                name="paper",
                label=N_("Paper delivered"),
                sample="办理结果通知",
                required=True,
            ),
            DocumentField(name="paper_number", label=N_("Its number"), sample="通知〔2026〕12号"),
            DocumentField(
                name="case_number", label=N_("Number of the record"), sample="2026-000412"
            ),
            DocumentField(name="addressee", label=N_("Addressee"), sample="欧阳小满"),
            DocumentField(name="method", label=N_("Way of delivery"), sample="直接送达"),
            DocumentField(name="place", label=N_("Place of delivery"), sample="接待大厅2号窗口"),
            DocumentField(name="tracking", label=N_("Tracking number or address"), sample=""),
            DocumentField(name="receiver", label=N_("Who received it"), sample="欧阳小满"),
            DocumentField(name="relation", label=N_("Relation to the addressee"), sample="本人"),
            DocumentField(
                name="received_at", label=N_("Received at"), sample="2026年11月21日 10时30分"
            ),
            DocumentField(name="refused", label=N_("Refused, and why"), sample=""),
            DocumentField(name="witness", label=N_("Witness"), sample=""),
            DocumentField(name="server", label=N_("Delivered by"), sample="李卫国"),
            DocumentField(name="signature", label=N_("Signature of who received it"), sample=""),
        ),
    ),
)
