"""Two PostgreSQL clusters on loopback with logical replication over TLS 1.3: the yardstick that every figure stands beside.

Settings are in its favour: large buffers and write-ahead log, the binary protocol, a subscriber that need not sync its commits.
"""

import getpass
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from nodes import CLOCK_TICKS, free_port

SETTINGS = """
listen_addresses = '127.0.0.1'
ssl = on
ssl_min_protocol_version = 'TLSv1.3'
wal_level = logical
shared_buffers = '512MB'
max_wal_size = '4GB'
checkpoint_timeout = '15min'
logical_decoding_work_mem = '256MB'
wal_retrieve_retry_interval = '100ms'
autovacuum = off
"""


def binaries():
    folders = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not folders:
        raise SystemExit("PostgreSQL is needed beside: apt-get install postgresql")
    return folders[-1]


class Cluster:
    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        self.data = folder / "data"
        self.command("initdb", "-D", str(self.data), "-A", "trust", "-N")
        key, certificate = self.data / "server.key", self.data / "server.crt"
        self.command("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                     "-keyout", str(key), "-out", str(certificate), "-subj", "/CN=bench", "-days", "2")
        self.command("chmod", "600", str(key))
        with open(self.data / "postgresql.conf", "a") as file:
            file.write(SETTINGS + f"port = {self.port}\nunix_socket_directories = '{folder}'\n")
        self.command("pg_ctl", "-D", str(self.data), "-l", str(folder / "log"), "-w", "start")
        self.shell = subprocess.Popen(
            self.as_user([str(binaries() / "psql"), "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p",
                          str(self.port), "-d", "postgres", "-U", self.user()]),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    @staticmethod
    def user():
        return "postgres" if os.geteuid() == 0 else getpass.getuser()

    def as_user(self, command):
        return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command

    def command(self, name, *arguments):
        path = binaries() / name
        done = subprocess.run(
            self.as_user([str(path if path.exists() else name), *arguments]), capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{name} ended with {done.returncode}: {done.stderr}")

    def ask(self, sql):
        """Runs a statement and returns its rows; psql stays open, so that nothing is started."""
        self.shell.stdin.write(f"{sql};\n\\echo done\n")
        self.shell.stdin.flush()
        rows = []
        for line in self.shell.stdout:
            if line == "done\n":
                return rows
            rows.append(line.rstrip("\n"))
        raise SystemExit(f"PostgreSQL went away: {(self.folder / 'log').read_text()[-600:]}")

    def cpu_seconds(self):
        """Of the postmaster and all its children, ended ones included."""
        leader = int((self.data / "postmaster.pid").read_text().split()[0])
        total = 0
        for folder in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
                if int(folder.name) == leader:
                    total += sum(map(int, fields[11:15]))
                elif int(fields[1]) == leader:
                    total += sum(map(int, fields[11:13]))
            except (FileNotFoundError, ProcessLookupError):
                continue
        return total / CLOCK_TICKS

    def stop(self):
        self.shell.stdin.close()
        self.shell.wait()
        self.command("pg_ctl", "-D", str(self.data), "-m", "immediate", "stop")


class Postgres:
    """A publishes, B subscribes."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vaka-bench-postgres-"))
        self.folder.chmod(0o755)
        self.clusters = []
        for name in ("a", "b"):
            folder = self.folder / name
            folder.mkdir()
            if os.geteuid() == 0:
                shutil.chown(folder, "postgres")
            self.clusters.append(Cluster(folder))
        self.a, self.b = self.clusters
        for cluster in self.clusters:
            cluster.ask("CREATE TABLE statements (key bytea PRIMARY KEY, salt bytea NOT NULL, statement bytea NOT NULL)")
        self.a.ask("CREATE PUBLICATION everything FOR ALL TABLES")

    def load(self, file):
        """One COPY, one transaction."""
        self.a.ask(f"COPY statements FROM '{file}'")

    def subscribe(self):
        self.b.ask(
            f"CREATE SUBSCRIPTION copy CONNECTION 'host=127.0.0.1 port={self.a.port} dbname=postgres "
            f"user={Cluster.user()} sslmode=require' PUBLICATION everything WITH (binary = true)")

    def wait_until_copied(self):
        while self.b.ask("SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r'") != ["1"]:
            time.sleep(0.005)

    def wait_until_visible(self, key):
        while not self.b.ask(f"SELECT 1 FROM statements WHERE key = '\\x{key}'"):
            time.sleep(0.0005)

    def disk(self):
        self.b.ask("CHECKPOINT")
        return int(self.b.ask("SELECT pg_total_relation_size('statements')")[0])

    def end(self):
        for cluster in self.clusters:
            cluster.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
