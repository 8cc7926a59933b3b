"""A network of its own, in which ports 80 and 443 are free and every name means what the rows say: run within
`unshare --net --mount`. Documentation addresses (RFC 5737, RFC 3849) are this machine's; what is beyond them is lost."""
import os
import socket
import struct
import subprocess
import threading

# Who listens where: an address each for what a host may do with ports 80 and 443.
SERVED = {"host": "192.0.2.1", "other": "192.0.2.2", "host6": "2001:db8::1"}
PLAIN_ONLY = {"plain": "192.0.2.3"}
TLS_ONLY = {"tls": "192.0.2.4"}
CLOSED = {"closed": "192.0.2.5", "closed6": "2001:db8::5"}
SILENT = {"silent": "198.51.100.1", "silent6": "2001:db8:ffff::1"}
ADDRESSES = {**SERVED, **PLAIN_ONLY, **TLS_ONLY, **CLOSED, **SILENT}
A, AAAA, HTTPS = 1, 28, 65


def make(folder):
    ours = {**SERVED, **PLAIN_ONLY, **TLS_ONLY, **CLOSED}.values()
    for command in ("link set lo up", "link add outside type veth peer name inside", "link set inside up", "link set outside up",
                    *("addr add %s dev outside nodad" % address for address in ours),
                    "-4 route add default dev outside", "-6 route add default dev outside",
                    *("neigh add %s lladdr 02:00:00:00:00:01 dev outside" % address for address in SILENT.values())):
        subprocess.run(["ip", *command.replace("nodad", "nodad" if ":" in command else "").split()], check=True)
    # What is silent is given up after three seconds, not after two minutes.
    with open("/proc/sys/net/ipv4/tcp_syn_retries", "w") as file:
        file.write("1")
    for name, text in (("hosts", "127.0.0.1 localhost\n::1 localhost\n"), ("resolv.conf", "nameserver 127.0.0.1\n"),
                       ("nsswitch.conf", "hosts: files dns\n")):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text)
        subprocess.run(["mount", "--bind", os.path.join(folder, name), "/etc/" + name], check=True)


class Names:
    """The DNS server: records is {name: {type: [data of a record, ...]}}; of any other name it says that it does not exist."""

    def __init__(self):
        self.records = {}
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def put(self, name, addresses):
        """From now on; None: the name does not exist."""
        self.records[name] = None if addresses is None else {
            A: [socket.inet_aton(one) for one in addresses if ":" not in one],
            AAAA: [socket.inet_pton(socket.AF_INET6, one) for one in addresses if ":" in one]}

    def serve(self):
        while True:
            query, peer = self.socket.recvfrom(4096)
            self.socket.sendto(self.answer(query), peer)

    def answer(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1").lower())
            at += 1 + query[at]
        kind = struct.unpack(">H", query[at + 1:at + 3])[0]
        records = self.records.get(".".join(labels))
        found = (records or {}).get(kind, [])
        head = query[:2] + struct.pack(">HHHHH", 0x8180 | (3 if records is None else 0), 1, len(found), 0, 0)
        return head + query[12:at + 5] + b"".join(
            struct.pack(">HHHIH", 0xC00C, kind, 1, 60, len(data)) + data for data in found)
