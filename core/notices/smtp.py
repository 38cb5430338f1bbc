"""The e-mail channel: one plain-text letter over SMTP."""

from email.message import EmailMessage

import aiosmtplib

from core.notices.outbox import Channel, Letter
from core.settings import Settings


def channel(settings: Settings) -> Channel:
    """Return a channel that sends through the mail server of the settings.

    `smtp_tls` is `none`, `starttls` or `tls`. A letter keeps its key as Message-ID, so that a mail
    server that is handed it twice can tell.
    """

    async def send(letter: Letter) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = (
            settings.mail_from,
            letter.address,
            letter.subject,
        )
        mail["Message-ID"] = f"<{letter.id}@laifang>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.body)
        await aiosmtplib.send(
            mail,
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password or None,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            timeout=20,
        )

    return send
