"""A real mail server on the loopback whose inbox the tests read."""

import email
import email.policy
import re
import time

import pytest
from aiosmtpd.controller import Controller


class Mailbox:
    """What came, by recipients; the server refuses as many letters as `refuse` says."""

    def __init__(self, port):
        self.port = port
        self.letters = []
        self.refuse = 0

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        if self.refuse:
            self.refuse -= 1
            return "451 try again later"
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos, letter))
        return "250 OK"

    def link(self, number):
        """Wait for so many letters and return the address that the last of them holds."""
        until = time.monotonic() + 20
        while len(self.letters) < number and time.monotonic() < until:
            time.sleep(0.1)
        return re.search(r"http://\S+", self.letters[number - 1][1].get_content())[0]


@pytest.fixture
def mailbox(free_tcp_port):
    """A mail server on the loopback."""
    inbox = Mailbox(free_tcp_port)
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    yield inbox
    controller.stop()
