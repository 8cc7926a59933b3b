"""One headless Chromium, driven by the DevTools protocol over a pipe; a tab a visit."""
import fcntl
import json
import os
import subprocess
import threading

from holdfast import cell

# What cannot be the default here: root has no sandbox, no display is there, and nobody answers a question.
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe"]

# What the page says of itself if it is one of Chromium's warnings.
WARNING = """(() => { const data = typeof loadTimeData === 'undefined' ? {} : loadTimeData.data_ || {};
                 return {type: data.type || '', overridable: data.overridable === true}; })()"""
# The page has come all the same: what is not shown was thrown away (204), or saved.
CAME = ("net::ERR_ABORTED", "net::ERR_HTTP_RESPONSE_CODE_FAILURE")


class Chromium:
    title = "Chromium"

    def __init__(self, folder, authority):
        self.folder = folder
        home = os.path.join(folder, "chromium")
        for database in (".pki/nssdb", ".local/share/pki/nssdb"):
            authority.trust_by_nss(os.path.join(home, database))
        answers_read, answers_write = pipe()
        orders_read, orders_write = pipe()
        self.process = subprocess.Popen(
            ["bash", "-c", 'exec "$@" 3<&%d 4>&%d' % (orders_read, answers_write), "-", "chromium", *FLAGS,
             "--user-data-dir=" + os.path.join(home, "profile"), "about:blank"],
            pass_fds=(orders_read, answers_write), env={**os.environ, "HOME": home},
            stdout=subprocess.DEVNULL, stderr=open(os.path.join(folder, "chromium.log"), "w"))
        os.close(answers_write)
        os.close(orders_read)
        self.orders = os.fdopen(orders_write, "wb", 0)
        self.reader = os.fdopen(answers_read, "rb")
        self.number = 0
        self.results = {}
        self.events = {}
        self.news = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.version = self.call("Browser.getVersion")["product"].rsplit("/", 1)[1]

    def read(self):
        text = b""
        while piece := os.read(self.reader.fileno(), 1 << 20):
            *messages, text = (text + piece).split(b"\0")
            with self.news:
                for message in map(json.loads, messages):
                    if "id" in message:
                        self.results[message["id"]] = message
                    else:
                        self.events.setdefault(message.get("sessionId"), []).append(message)
                self.news.notify_all()
        with self.news:
            self.results[None] = {}
            self.news.notify_all()

    def send(self, method, session=None, **parameters):
        with self.news:
            self.number += 1
            number = self.number
        order = {"id": number, "method": method, "params": parameters}
        self.orders.write(json.dumps(order | ({"sessionId": session} if session else {})).encode() + b"\0")
        return number

    def result(self, number, seconds=30):
        with self.news:
            if not self.news.wait_for(lambda: number in self.results or None in self.results, seconds):
                return None
            message = self.results.pop(number)
        if "error" in message:
            raise RuntimeError("Chromium: %s" % message["error"]["message"])
        return message["result"]

    def call(self, method, session=None, **parameters):
        result = self.result(self.send(method, session, **parameters))
        if result is None:
            raise RuntimeError("Chromium does not answer %s" % method)
        return result

    def visit(self, url, seconds):
        """What a visitor who types the URL gets: a dict with access, status, url and code."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network"):
            self.call(domain + ".enable", session)
        number = self.send("Page.navigate", session, url=url, transitionType="typed")
        try:
            return self.seen(session, self.result(number, seconds))
        finally:
            self.call("Target.closeTarget", targetId=target)
            self.events.pop(session, None)

    def seen(self, session, navigated):
        if navigated is None:
            return cell("none", None, "-", "TIME")
        self.settle(session, navigated)
        events = [event for event in self.events.get(session, []) if event["params"].get("type") == "Document"]
        responses = [event["params"]["response"] for event in events if event["method"] == "Network.responseReceived"]
        error = navigated.get("errorText")
        if responses and (error is None or error in CAME):
            return cell("open", responses[-1]["status"], responses[-1]["url"], None)
        frame = self.call("Page.getFrameTree", session)["frameTree"]["frame"]
        warning = self.call("Runtime.evaluate", session, expression=WARNING, returnByValue=True)["result"]["value"]
        access = "none" if not warning["type"] else "warned" if warning["overridable"] else "locked-out"
        return cell(access, None, frame.get("unreachableUrl", frame["url"]), error or "NOTHING")

    def settle(self, session, navigated):
        """Until the page that came of it, the site's or Chromium's own, is loaded."""
        def loaded():
            return any(e["method"] == "Page.loadEventFired" for e in self.events.get(session, []))
        if navigated.get("errorText") == "net::ERR_ABORTED":
            return
        with self.news:
            self.news.wait_for(loaded, 10)

    def close(self):
        self.process.terminate()
        self.process.wait()


def pipe():
    """Two descriptors above those that Chromium wants for itself."""
    ends = os.pipe()
    high = tuple(fcntl.fcntl(end, fcntl.F_DUPFD, 20) for end in ends)
    for end in ends:
        os.close(end)
    return high
