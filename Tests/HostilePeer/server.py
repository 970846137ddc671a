"""A peer's door with a valid certificate behind which somebody answers as a script says."""

import socket
import ssl
import threading
import time


class HostileServer:
    """Takes links over mutual TLS 1.3 and hands each request's path to `answer`, which writes what it likes."""

    def __init__(self, member, host, port):
        self.answer = None
        self.requests = {}
        self.refused = 0
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(member.home / "tls" / "node.pem")
        authorities = b"".join(one for record in member.file.records.values() for one in record.message.authorities)
        context.load_verify_locations(cadata=authorities)
        context.verify_mode = ssl.CERT_REQUIRED
        self.context = context
        self.listener = socket.create_server((host, port), backlog=64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.settimeout(120)
            with self.context.wrap_socket(connection, server_side=True) as link:
                received = b""
                while True:
                    while b"\r\n\r\n" not in received:
                        data = link.recv(65536)
                        if not data:
                            return
                        received += data
                    head, _, received = received.partition(b"\r\n\r\n")
                    path = head.split(b" ")[1].decode().removeprefix("/peer/v1/")
                    kind = path.split("?")[0].split("/")[0]
                    self.requests[kind] = self.requests.get(kind, 0) + 1
                    if self.answer(link, kind, path) is False:
                        return
        except OSError:
            self.refused += 1


def send(link, body, status="200 OK", kind="application/protobuf", length=None, headers=b""):
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n"
    link.sendall(head.encode() + headers + b"\r\n" + body)


def linger(link, seconds, body):
    """Holds a request as a long poll is held."""
    time.sleep(seconds)
    send(link, body)
