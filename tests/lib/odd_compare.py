"""What check and visit make of the hosts of odd_certificates.py, beside what browsers do with them.

odd_compare.py TABLE SERVED CHECKED   TABLE is odd_certificates.tsv, SERVED the hosts that are there, CHECKED the document of `check
                                      --json`. Prints a line for each difference, and last "N compared, M differ".
"""
import json
import sys


def main(table, served, checked):
    wanted = {}
    with open(table) as lines:
        for line in lines:
            if not line.startswith("#"):
                host, chromium, firefox = line.rstrip("\n").split("\t")
                wanted[host] = {"chromium": chromium, "firefox": firefox}
    with open(served) as lines:
        hosts = [line.strip() for line in lines if line.strip() != "ready"]
    with open(checked) as document:
        found = {host["host"]: host for host in json.load(document)["hosts"]}
    compared = differ = 0
    for host in hosts:
        for browser, shown in wanted.pop(host).items():
            access = found[host]["verdict"]["browsers"][browser]["first_visit"]
            compared += 1
            if (access == "open") != (shown == "ok"):
                differ += 1
                print("%s: %s shows %s, and check says %s" % (host, browser, shown, access))
        severities = [finding["severity"] for finding in found[host]["findings"]]
        if found[host]["verdict"]["first_visit"] != "open" and "error" not in severities:
            differ += 1
            print("%s: not open to all, and no finding says why" % host)
    print("%d compared, %d differ" % (compared, differ))
    if wanted:
        print("not served: " + ", ".join(wanted))
    return differ > 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
