"""The e-mail channel: one plain-text letter over SMTP."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

import aiosmtplib

from core import clock
from core.i18n import N_
from core.notices.outbox import Channel, Letter
from core.registrations.rulebook import organisation_name
from core.settings import Settings


def channel(settings: Settings) -> Channel:
    """Return a channel that sends through the mail server of the settings.

    `smtp_tls` is `none`, `starttls` or `tls`. A letter keeps its key as Message-ID, so that a mail
    server that is handed it twice can tell. It greets, says who writes, and that nobody reads answers.
    """

    async def send(letter: Letter) -> None:
        office = await organisation_name(clock.now()) or settings.organisation_name
        mail = EmailMessage()
        mail["From"] = sender(settings.mail_from, office)
        mail["To"], mail["Subject"] = letter.address, letter.subject
        mail["Message-ID"] = f"<{letter.id}@laifang>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(written(letter, office))
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


def sender(mail_from: str, office: str) -> str | Address:
    """Return who a letter comes from: the office by name, where the setting names nobody."""
    name, address = parseaddr(mail_from)
    if name or not office or address.count("@") != 1:
        return mail_from
    user, _, domain = address.partition("@")
    return Address(office, user, domain)


def written(letter: Letter, office: str) -> str:
    """Return the letter's whole text: a greeting, what it says, who writes."""
    parts = [
        N_("Good day,").translate(letter.locale),
        letter.body,
        N_("This letter was written by a program; nobody reads answers to it.").translate(
            letter.locale
        ),
    ]
    if office:
        parts[-1] = f"{office}\n{parts[-1]}"
    return "\n\n".join(parts)
