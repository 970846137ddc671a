"""A network for users without rights: every node has loopback addresses of its own, and a relay stands between them.

The relay learns who dials from the kernel's table of sockets. A cut keeps the bytes until it is healed, as TCP would.
"""

import asyncio
import contextlib
import json
import os
import random
import socket

from carrier import Carrier
from places import one_way_seconds

PIECE, WAITING_PIECES = 1 << 16, 32


def free_ports(count, hosts=("127.0.0.1",)):
    """Below the ports that the system gives out by itself, and free on every one of the hosts."""
    free = []
    for port in random.sample(range(20_000, 30_000), 1_000):
        with contextlib.ExitStack() as open_sockets:
            try:
                for host in hosts:
                    open_sockets.enter_context(socket.socket()).bind((host, port))
            except OSError:
                continue
        free.append(port)
        if len(free) == count:
            return free
    raise OSError("there is no free port on loopback")


class Loopback(Carrier):
    name = "loopback addresses"
    can_lose = False

    def __init__(self, coalitions):
        self.coalitions = list(coalitions)
        self.port, self.health_port = free_ports(2, ("127.77.0.1", "127.77.1.1"))
        super().__init__()

    def endpoint(self, coalition):
        return f"127.77.0.{self.coalitions.index(coalition) + 1}:{self.port}"

    def listening(self, coalition):
        return f"127.77.1.{self.coalitions.index(coalition) + 1}", self.port

    def health(self, coalition):
        return f"{self.listening(coalition)[0]}:{self.health_port}"

    def enter(self, coalition):
        pass

    def started(self, coalition, process):
        self.ask(op="node", coalition=coalition, process=process)

    def carry(self, channel):
        asyncio.run(Relay(self).run(channel))


class Relay:
    def __init__(self, network):
        self.network, self.processes, self.bytes = network, {}, 0
        self.blocked, self.healed, self.tasks = set(), asyncio.Event(), set()

    async def run(self, channel):
        for coalition in self.network.coalitions:
            host, _, port = self.network.endpoint(coalition).rpartition(":")
            await asyncio.start_server(
                lambda reader, writer, to=coalition: self.join(to, reader, writer), host, int(port))
        reader, writer = await asyncio.open_connection(sock=channel)
        writer.write(b"{}\n")
        while line := await reader.readline():
            request = json.loads(line)
            if request["op"] == "node":
                self.processes[request["coalition"]] = request["process"]
            elif request["op"] == "heal":
                self.blocked.clear()
            elif request["op"] == "set" and request["what"] == "blocked":
                pairs = {tuple(pair) for pair in request["pairs"]}
                self.blocked = self.blocked | pairs if request["on"] else self.blocked - pairs
            self.healed.set()
            self.healed = asyncio.Event()
            writer.write((json.dumps({"bytes": self.bytes}) + "\n").encode())

    def dialler(self, peer):
        """The coalition whose process holds the other end of a connection."""
        host, port = peer
        place = f"{int.from_bytes(bytes(map(int, host.split('.'))), 'little'):08X}:{port:04X}"
        with open("/proc/net/tcp", encoding="ascii") as table:
            sockets = {f"socket:[{fields[9]}]" for fields in map(str.split, table) if fields[1] == place}
        for coalition, process in self.processes.items():
            try:
                for descriptor in os.scandir(f"/proc/{process}/fd"):
                    try:
                        if os.readlink(descriptor.path) in sockets:
                            return coalition
                    except OSError:
                        continue
            except OSError:
                continue
        return None

    async def join(self, target, reader, writer):
        source = self.dialler(writer.get_extra_info("peername"))
        host, port = self.network.listening(target)
        try:
            if source is None:
                return
            await self.passable(source, target, one_way_seconds(source, target))
            onward, back = await asyncio.open_connection(host, port)
            await asyncio.gather(self.pump(source, target, reader, back), self.pump(target, source, onward, writer))
        except OSError:
            pass
        finally:
            writer.close()

    async def passable(self, source, target, seconds):
        await asyncio.sleep(seconds)
        while (source, target) in self.blocked:
            await self.healed.wait()

    async def pump(self, source, target, reader, writer):
        """Bytes come out as they went in, later; those of many pieces are on their way at once."""
        pieces = asyncio.Queue(WAITING_PIECES)
        delay, clock = one_way_seconds(source, target), asyncio.get_running_loop().time

        async def emit():
            while True:
                due, data = await pieces.get()
                await self.passable(source, target, max(0, due - clock()))
                if not data:
                    break
                self.bytes += len(data)
                writer.write(data)
                await writer.drain()

        out = asyncio.ensure_future(emit())
        try:
            data = True
            while data:
                data = await reader.read(PIECE)
                put = asyncio.ensure_future(pieces.put((clock() + delay, data)))
                await asyncio.wait([put, out], return_when=asyncio.FIRST_COMPLETED)
                if out.done():
                    put.cancel()
                    break
            await out
        except OSError:
            pass
        finally:
            out.cancel()
            writer.close()
