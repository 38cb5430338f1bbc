"""A line between browser and server that can be cut: a relay of bytes on the loopback."""

import contextlib
import socket
import threading


class Line:
    """Relays to a port. `lose_answers`: requests arrive, what comes back is lost with the line.

    `rewritten`: (found, put instead) of what comes back, of the same length.
    """

    def __init__(self, port: int) -> None:
        self.target = port
        self.lose_answers = False
        self.rewritten = (b"", b"")
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._relay, args=(near,), daemon=True).start()

    def _relay(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=10)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        threading.Thread(target=self._pump, args=(near, far, False), daemon=True).start()
        self._pump(far, near, True)

    def _pump(self, source: socket.socket, sink: socket.socket, is_answer: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if is_answer and self.lose_answers:
                    break
                found, instead = self.rewritten
                if is_answer and found:
                    data = data.replace(found, instead)
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
