#!/usr/bin/env python3
"""A TCP server on ADDRESS:PORT that closes each connection after SECONDS, and tells, on SIGTERM, how many it held at once at most.

ARGUMENTS: SECONDS ADDRESS:PORT...; its output is a line "ADDRESS:PORT MOST ALL" for each, ALL the connections there were, and
behind it the times at which they came, in seconds.
"""
import asyncio
import signal
import sys
import time


class Place:
    def __init__(self, name):
        self.name, self.now, self.most, self.times = name, 0, 0, []

    async def serve(self, reader, writer):
        self.now += 1
        self.most = max(self.most, self.now)
        self.times.append(time.monotonic())
        await asyncio.sleep(float(sys.argv[1]))
        self.now -= 1
        writer.close()


async def main():
    places = [Place(name) for name in sys.argv[2:]]
    for place in places:
        address, port = place.name.rsplit(":", 1)
        await asyncio.start_server(place.serve, address, int(port), backlog=1024)
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    print("ready", flush=True)
    await over.wait()
    for place in places:
        print(place.name, place.most, len(place.times), *("%.4f" % t for t in place.times), flush=True)


asyncio.run(main())
