#!/usr/bin/env python3
"""old_kernel.py COMMAND...: runs a command as on a kernel without Landlock and without filters on system calls: these
calls answer ENOSYS."""
import ctypes
import os
import platform
import struct
import sys

SECCOMP = {"x86_64": 317, "aarch64": 277, "riscv64": 277}[platform.machine()]
LANDLOCK = 444
LOAD, EQUALS, RETURN = 0x20, 0x15, 0x06
ENOSYS, ALLOW = 0x00050000 | 38, 0x7FFF0000
PR_SET_NO_NEW_PRIVS, SECCOMP_SET_MODE_FILTER = 38, 1

steps = b"".join(
    struct.pack("=HBBI", *step)
    for step in [(LOAD, 0, 0, 0), (EQUALS, 1, 0, SECCOMP), (EQUALS, 0, 1, LANDLOCK), (RETURN, 0, 0, ENOSYS), (RETURN, 0, 0, ALLOW)]
)
kept = ctypes.create_string_buffer(steps, len(steps))
program = ctypes.create_string_buffer(struct.pack("@HP", len(steps) // 8, ctypes.addressof(kept)))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.syscall(SECCOMP, SECCOMP_SET_MODE_FILTER, 0, program) != 0:
    sys.exit("old_kernel.py: " + os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
