"""Puts every row of the tables before Chromium, Firefox and Holdfast, and writes what came of it.

run.py TABLE [--write] [--only WORD]...: fails where Holdfast differs from a browser and known.tsv does not say why, and
where TABLE (docs/browsers.md) is not what was seen. --write: TABLE is written instead. --only: the rows whose name or kind
has the word; of the others TABLE is believed. --believe: of the browsers TABLE is believed altogether, none is started."""
import argparse
import concurrent.futures
import os
import random
import sys
import time

import network
import table
from authority import Authority
from chromium import Chromium
from firefox import Firefox
from holdfast import Holdfast
from kinds import KINDS
from server import Server
from situation import Situation

HERE = os.path.dirname(os.path.abspath(__file__))
ENGINES = {"chromium": Chromium, "firefox": Firefox}
SECONDS = 20  # the most that a page may take
TRIES = 3  # on a busy machine a browser gives up before its time


def make(ports):
    """[(kind, [situation, ...])]"""
    made = [(kind, [Situation(row, held, ports) for row in rows for held in row.held]) for kind, rows in KINDS]
    names = [row.name for _, rows in KINDS for row in rows]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise ValueError("rows with the same name: %s" % ", ".join(twice))
    return made


def look_up(situations):
    hosts = {host: situation for situation in situations for host in situation.hosts()}

    def find(name):
        while name not in hosts:
            name = name.split(".", 1)[1]
        return hosts[name]
    return find


def browse(browser, engine, situations):
    """The visits of one browser, with all that it has noted."""
    for one in situations:
        if engine not in one.row.not_run:
            one.seen[engine] = shown(one, browser.visit(one.url(), SECONDS))


def shown(situation, cell):
    return cell | {"url": situation.show(cell["url"])}


def note(browser, situations):
    """Policies are noted when all is well."""
    for one in situations:
        for url in one.earlier():
            cells = (browser.visit(url, SECONDS) for _ in range(TRIES))
            last = next((cell for cell in cells if cell["access"] == "open"), None)
            if last is None:
                raise RuntimeError("%s: %s does not come when all is well" % (one.row.name, url))


def ask(holdfast, engine, situations):
    for one, cell in zip(situations, holdfast.visit([one.url() for one in situations])):
        one.said[engine] = shown(one, cell)
    asked = [one for one in situations if one.is_for_check()]
    for one, cell in zip(asked, holdfast.check(asked)):
        if cell is not None:
            one.checked[engine] = shown(one, cell)


def choose(made, only):
    """Those whose row or kind has one of the words; all without words."""
    return [one for kind, group in made for one in group
            if not only or any(word in one.row.name or word in kind for word in only)]


def look(folder, authority, server, situations):
    """What new browsers do, with all that they have noted when all was well."""
    os.makedirs(folder, exist_ok=True)
    browsers = {engine: browser(folder, authority) for engine, browser in ENGINES.items()}
    with concurrent.futures.ThreadPoolExecutor(len(browsers)) as pool:
        list(pool.map(lambda browser: note(browser, situations), browsers.values()))
        flip(situations)
        server.forget()
        list(pool.map(lambda engine: browse(browsers[engine], engine, situations), browsers))
    flip(situations)
    for browser in browsers.values():
        browser.close()
    return {engine: browser.version for engine, browser in browsers.items()}


def look_again(folder, authority, server, page, situations):
    """What differs from the page comes before new browsers once more: a change of theirs is seen each time."""
    for attempt in range(1, TRIES):
        others = [one for one in situations if page.is_otherwise(one)]
        if not others:
            return
        print("look %d at %s" % (attempt + 1, ", ".join(sorted({one.row.name for one in others}))))
        look(os.path.join(folder, "again%d" % attempt), authority, server, others)


def flip(situations):
    for one in situations:
        one.healthy = not one.healthy


def start(folder, situations):
    """The network's names and the server; the authority that is trusted."""
    authority = Authority(folder)
    names = network.Names()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.certify(authority), situations))
    for one in situations:
        one.publish(names)
    return authority, Server(look_up(situations), PORTS)


def ask_holdfast(folder, authority, situations):
    for engine in ENGINES:
        holdfast = Holdfast(folder, authority, os.environ["HOLDFAST"], engine)
        holdfast.visit([url for one in situations for url in one.earlier()])
        flip(situations)
        ask(holdfast, engine, situations)
        flip(situations)


PORTS = random.sample(range(20000, 32000), 2)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("table")
    options.add_argument("--write", action="store_true")
    options.add_argument("--believe", action="store_true")
    options.add_argument("--only", action="append", default=[])
    options = options.parse_args()
    folder = os.getcwd()
    network.make(folder)
    made = make(PORTS)
    chosen = choose(made, options.only)
    began = time.monotonic()
    authority, server = start(folder, chosen)
    page = table.Page(options.table, table.Known(os.path.join(HERE, "known.tsv")))
    if options.believe:
        page.believe(chosen)
    else:
        page.versions = look(folder, authority, server, chosen)
        look_again(folder, authority, server, page, chosen)
    ask_holdfast(folder, authority, chosen)
    failures = page.differences(chosen) + table.disagreements(chosen, page.known) + page.unseen_flips(chosen)
    failures += [] if options.only else page.known.stale()
    failures += page.hold(made, options.write)
    if options.only:
        print("\n".join(page.line(one) for one in chosen))
    print("%.0f s" % (time.monotonic() - began))
    print("\n".join(failures))
    print("%d situations, %d failures" % (len(chosen), len(failures)))
    sys.exit(1 if failures else 0)


main()
