"""A process that carries what the nodes say to each other, told what to do over a socket of JSON lines."""

import json
import os
import signal
import socket
import traceback

import machine


class Carrier:
    """The soak's side: starts the process, and asks it. Subclasses say what runs there."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        self.process = os.fork()
        if self.process == 0:
            status = 1
            try:
                machine.die_with_parent()
                signal.signal(signal.SIGINT, signal.SIG_IGN)
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                ours.close()
                self.carry(theirs)
                status = 0
            except BaseException:
                traceback.print_exc()
            os._exit(status)
        theirs.close()
        ours.settimeout(60)
        self.channel, self.lines = ours, ours.makefile("r")
        self.ready = self.answer()

    def carry(self, channel):
        raise NotImplementedError

    def answer(self):
        line = self.lines.readline()
        if not line:
            raise SystemExit("the process that carries the packets has ended")
        return json.loads(line)

    def ask(self, **request):
        self.channel.sendall((json.dumps(request) + "\n").encode())
        return self.answer()

    def end(self):
        self.channel.close()
        try:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        except (ProcessLookupError, ChildProcessError):
            pass

    # What a network can do; both carriers understand it.

    def block(self, pairs):
        """Cuts directed pairs: what the first says does not reach the second."""
        self.ask(op="set", what="blocked", on=True, pairs=sorted(pairs))

    def unblock(self, pairs):
        self.ask(op="set", what="blocked", on=False, pairs=sorted(pairs))

    def lose(self, pairs, share):
        self.ask(op="set", what="loss", on=share, pairs=sorted(pairs))

    def heal(self):
        self.ask(op="heal")

    def carried_bytes(self):
        return self.ask(op="count")["bytes"]
