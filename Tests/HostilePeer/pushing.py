"""What a member can do as the one who calls: too many links, too many or too slow questions, too large ones."""

import socket
import ssl
import time


class Caller:
    def __init__(self, member, peer):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_3
        self.context.check_hostname = False
        self.context.set_alpn_protocols(["http/1.1"])
        record = member.file.records[peer].message
        self.context.load_verify_locations(cadata=b"".join(record.authorities))
        self.context.load_cert_chain(member.home / "tls" / "node.pem")
        host, _, port = record.endpoints[0].rpartition(":")
        self.place = (host, int(port))

    def link(self, timeout=10):
        return self.context.wrap_socket(socket.create_connection(self.place, timeout))

    def status(self, request, link=None):
        """The status line's number; None if the link was closed instead."""
        try:
            link = link or self.link()
            link.sendall(request)
            answer = link.recv(65536)
            return int(answer.split(b" ")[1]) if answer else None
        except (OSError, ValueError, IndexError):
            return None


def get(path):
    return f"GET /peer/v1/{path} HTTP/1.1\r\nHost: node\r\n\r\n".encode()


def pushes(caller):
    """Name, and whether the node did as it should."""
    links = []

    def many_links():
        for _ in range(300):
            try:
                links.append(caller.link(3))
            except OSError:
                pass
        answered = sum(caller.status(get("hello"), link) == 200 for link in links[:40] + links[-10:])
        for link in links:
            link.close()
        return 1 <= answered <= 8

    def silent_connections():
        sockets = []
        for _ in range(300):
            try:
                sockets.append(socket.create_connection(caller.place, 2))
            except OSError:
                break
        time.sleep(1)
        for one in sockets:
            one.close()
        return True

    def many_questions():
        link = caller.link()
        try:
            for _ in range(2000):
                link.sendall(get("snapshot/se"))
        except OSError:
            return True
        return True

    def slow_question():
        link = caller.link()
        try:
            for byte in get("hello"):
                link.sendall(bytes([byte]))
                time.sleep(0.05)
        except OSError:
            pass
        return True

    def statuses(request, *good):
        return lambda: caller.status(request) in good

    return [
        ("300 links at once", many_links),
        ("300 connections that never greet", silent_connections),
        ("2 000 questions without reading an answer", many_questions),
        ("a question in drops", slow_question),
        ("a path of a megabyte", statuses(get("a" * (1 << 20)), 400, 414, 431, None)),
        ("a body of 64 MiB", statuses(
            b"POST /peer/v1/push HTTP/1.1\r\nHost: n\r\nContent-Length: 67108864\r\n\r\n" + bytes(5 << 20),
            400, 404, 405, 413, None)),
        ("what is no answer to a question", statuses(
            b"POST /peer/v1/push HTTP/1.1\r\nHost: n\r\nContent-Length: 4\r\n\r\n\xff\xff\xff\xff", 400)),
        ("headers without end", statuses(
            b"GET /peer/v1/hello HTTP/1.1\r\n" + b"X-A: " + b"b" * (1 << 20) + b"\r\n\r\n", 400, 431, None)),
        ("no HTTP at all", statuses(bytes(range(256)) * 20, 400, None)),
        ("two lengths of one body", statuses(
            b"POST /peer/v1/push HTTP/1.1\r\nHost: n\r\nContent-Length: 1\r\nContent-Length: 7\r\n\r\nabcdefg",
            400, 404, 405, None)),
        ("a page of the snapshot of nobody", statuses(get("snapshot/zz?after=00"), 404)),
        ("a number that is none", statuses(get("deltas/se/99999999999999?from=-1"), 404)),
    ]
