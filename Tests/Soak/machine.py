"""What this machine lets a soak do: namespaces of the kernel, small file systems, children that never outlive it."""

import ctypes
import os
import shutil
import signal
import subprocess

CLONE_NEWNS, CLONE_NEWNET, MS_REC, MS_PRIVATE, PR_SET_PDEATHSIG = 0x00020000, 0x40000000, 0x4000, 1 << 18, 1
libc = ctypes.CDLL(None, use_errno=True)


def checked(result, what):
    if result:
        error = ctypes.get_errno()
        raise OSError(error, f"{what}: {os.strerror(error)}")


def die_with_parent():
    """For a child between fork and exec: it is killed when the soak ends, however that ends."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def unshare(flags):
    checked(libc.unshare(flags), "unshare")


def enter_network(path):
    descriptor = os.open(path, os.O_RDONLY)
    try:
        checked(libc.setns(descriptor, CLONE_NEWNET), "setns")
    finally:
        os.close(descriptor)


def isolate_mounts():
    """Mounts that are made from now on belong to this process and its children alone, and vanish with them."""
    unshare(CLONE_NEWNS)
    checked(libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None), "mount")


def mount(arguments):
    subprocess.run(["mount", *arguments], check=True, capture_output=True)


def reason_against_namespaces():
    """Why there can be no network namespaces here; None if there can."""
    if os.geteuid() != 0:
        return "only root may make network namespaces"
    if not shutil.which("ip"):
        return "the command ip (package iproute2) is missing"
    if not os.access("/dev/net/tun", os.R_OK | os.W_OK):
        return "/dev/net/tun is missing"
    return reason_against_root_work(CLONE_NEWNET)


def reason_against_mounts():
    if os.geteuid() != 0:
        return "only root may mount a small file system"
    return reason_against_root_work(CLONE_NEWNS)


def reason_against_root_work(flags):
    """Tries it in a child: root of a container is often not allowed to."""
    child = os.fork()
    if child == 0:
        os._exit(0 if libc.unshare(flags) == 0 else 1)
    return None if os.waitpid(child, 0)[1] == 0 else "the kernel does not let this user make namespaces"


def peak_memory(process):
    """The most that a process has had resident since it began, in bytes; 0 when it has gone."""
    try:
        with open(f"/proc/{process}/status", encoding="ascii") as lines:
            for line in lines:
                if line.startswith("VmHWM"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def unmount(folder):
    subprocess.run(["umount", "-l", str(folder)], capture_output=True)
