"""The messages of the wire contract, compiled from the .proto files that are part of it."""

import importlib
import pathlib
import subprocess
import sys
import tempfile

from google.protobuf.message import DecodeError

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "Sources" / "Wire" / "Messages"

with tempfile.TemporaryDirectory() as folder:
    files = sorted(str(file) for file in SOURCES.glob("*.proto"))
    subprocess.run(["protoc", f"--proto_path={SOURCES}", f"--python_out={folder}", *files], check=True)
    sys.path.insert(0, folder)
    signed, ledger, statement, alliance, peer = (
        importlib.import_module(f"{name}_pb2") for name in ("signed", "ledger", "statement", "alliance", "peer")
    )
    sys.path.remove(folder)


def parse(message, data):
    """The message that the bytes are; None if they are not."""
    try:
        return message.FromString(data)
    except DecodeError:
        return None
