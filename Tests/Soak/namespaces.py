"""A network of namespaces: each node has a host of its own, whose only device leads into a switch.

The switch delays, loses and cuts.
The namespaces have no name and are held open by the switch alone, so they go when it goes.
"""

import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import socket
import struct
import subprocess
import time

import machine
from carrier import Carrier
from places import one_way_seconds

TUNSETIFF, IFF_TUN, IFF_NO_PI, TFD_NONBLOCK = 0x400454CA, 0x0001, 0x1000, 0o4000
PEER_PORT = 7473
# Large packets leave the processor to the nodes: the switch's work is by packet.
MTU = 9000


class Link:
    __slots__ = ("delay", "loss", "blocked")

    def __init__(self, delay):
        self.delay, self.loss, self.blocked = delay, 0.0, False


class Namespaces(Carrier):
    name = "network namespaces"
    can_lose = True

    def __init__(self, coalitions, seed):
        self.coalitions, self.seed = list(coalitions), seed
        super().__init__()

    def address(self, coalition):
        number = self.coalitions.index(coalition) + 1
        return f"10.77.{number >> 8}.{number & 255}"

    def endpoint(self, coalition):
        return f"{self.address(coalition)}:{PEER_PORT}"

    def listening(self, coalition):
        return self.address(coalition), PEER_PORT

    def health(self, coalition):
        return "127.0.0.1:7474"

    def enter(self, coalition):
        """Called in a child between fork and exec."""
        machine.enter_network(f"/proc/{self.process}/fd/{self.ready['namespaces'][coalition]}")

    def started(self, coalition, process):
        pass

    def carry(self, channel):
        Switch(self, channel).run()


class Switch:
    def __init__(self, network, channel):
        self.channel, self.received = channel, b""
        coalitions = network.coalitions
        self.links = {one: {other: Link(one_way_seconds(one, other)) for other in coalitions} for one in coalitions}
        self.random = random.Random(network.seed)
        self.devices, self.owners, self.by_address = {}, {}, {}
        self.waiting, self.order = [], 0
        self.bytes = self.packets = self.cut = self.lost = 0
        namespaces = {}
        for coalition in coalitions:
            machine.unshare(machine.CLONE_NEWNET)
            namespaces[coalition] = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
            device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", b"eth0", IFF_TUN | IFF_NO_PI))
            address = network.address(coalition)
            commands = f"link set lo up\nlink set eth0 mtu {MTU} up\naddr add {address}/16 dev eth0\n"
            subprocess.run(["ip", "-batch", "-"], input=commands, text=True, check=True)
            self.devices[coalition], self.owners[device] = device, coalition
            self.by_address[socket.inet_aton(address)] = coalition
        self.say(namespaces=namespaces)

    def say(self, **answer):
        self.channel.sendall((json.dumps(answer) + "\n").encode())

    def run(self):
        timer = machine.libc.timerfd_create(time.CLOCK_MONOTONIC, TFD_NONBLOCK)
        poll = select.epoll()
        for descriptor in (*self.owners, self.channel.fileno(), timer):
            poll.register(descriptor, select.EPOLLIN)
        armed, waiting = None, self.waiting
        while True:
            for descriptor, _ in poll.poll(-1, 64):
                if descriptor in self.owners:
                    self.read(self.owners[descriptor], descriptor)
                elif descriptor == timer:
                    armed = None
                    try:
                        os.read(timer, 8)
                    except BlockingIOError:
                        pass
                elif not self.obey():
                    return
            now = time.monotonic()
            while waiting and waiting[0][0] <= now:
                _, _, link, device, packet = heapq.heappop(waiting)
                if link.blocked:
                    self.cut += 1
                else:
                    self.deliver(device, packet)
            if waiting and (armed is None or waiting[0][0] < armed):
                armed = waiting[0][0]
                wait = max(armed - time.monotonic(), 1e-6)
                machine.libc.timerfd_settime(
                    timer, 0, struct.pack("qqqq", 0, 0, int(wait), int(wait % 1 * 1e9)), ctypes.c_void_p())

    def read(self, source, descriptor):
        row = self.links[source]
        for _ in range(64):
            try:
                packet = os.read(descriptor, MTU + 100)
            except OSError:  # nothing more
                return
            target = self.by_address.get(packet[16:20]) if packet[0] >> 4 == 4 else None
            if target is None:
                continue
            link = row[target]
            if link.blocked:
                self.cut += 1
            elif link.loss and self.random.random() < link.loss:
                self.lost += 1
            else:
                self.order += 1
                heapq.heappush(
                    self.waiting, (time.monotonic() + link.delay, self.order, link, self.devices[target], packet))

    def deliver(self, device, packet):
        try:
            os.write(device, packet)
            self.packets += 1
            self.bytes += len(packet)
        except OSError:  # as a full buffer in a router: TCP sends again
            self.lost += 1

    def obey(self):
        data = self.channel.recv(1 << 20)
        self.received += data
        while b"\n" in self.received:
            line, _, self.received = self.received.partition(b"\n")
            request = json.loads(line)
            if request["op"] == "set":
                for one, other in request["pairs"]:
                    setattr(self.links[one][other], request["what"], request["on"])
            elif request["op"] == "heal":
                for row in self.links.values():
                    for link in row.values():
                        link.blocked, link.loss = False, 0.0
            self.say(bytes=self.bytes, packets=self.packets, cut=self.cut, lost=self.lost)
        return bool(data)
