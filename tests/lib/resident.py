#!/usr/bin/env python3
"""resident.py FILE COMMAND...: runs it, with its standard output in FILE; prints the most kB that it and its children held at
once, and its exit code."""
import subprocess
import sys
import time


def family(pid):
    found = [pid]
    try:
        with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as file:
            children = file.read().split()
    except OSError:
        return found
    for child in children:
        found += family(int(child))
    return found


def resident(pid):
    try:
        with open(f'/proc/{pid}/status', encoding='utf-8') as file:
            return sum(int(line.split()[1]) for line in file if line.startswith('VmRSS'))
    except OSError:
        return 0


with open(sys.argv[1], 'wb') as out:
    process = subprocess.Popen(sys.argv[2:], stdout=out)
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(resident(pid) for pid in family(process.pid)))
        time.sleep(0.01)
print(peak, process.returncode)
