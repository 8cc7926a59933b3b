"""Headless Chromium and Firefox, driven by their own protocols (DevTools over a pipe, Marionette): open(url) goes there as by a link,
and says where it ended. Both trust the root that is given, have a fresh profile and default flags, but for what keeps them from
talking to their makers."""
import json
import os
import select
import subprocess
import time

from marionette import Marionette

PATIENCE = 40  # seconds for a page


def trust(folder, root):
    os.makedirs(folder, exist_ok=True)
    subprocess.run(["certutil", "-d", "sql:" + folder, "-N", "--empty-password"], check=True, stdin=subprocess.DEVNULL)
    subprocess.run(["certutil", "-d", "sql:" + folder, "-A", "-t", "C,,", "-n", "test", "-i", root], check=True,
                   stdin=subprocess.DEVNULL)


class Chromium:
    def __init__(self, folder, root, arguments):
        trust(folder + "/.pki/nssdb", root)
        out_read, self.write_end = os.pipe()
        self.read_end, in_write = os.pipe()

        def pipes():
            os.dup2(out_read, 100)
            os.dup2(in_write, 101)
            os.dup2(100, 3)
            os.dup2(101, 4)

        self.process = subprocess.Popen(
            ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
             "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
             "--user-data-dir=%s/profile" % folder, *arguments, "about:blank"],
            preexec_fn=pipes, close_fds=False, env=dict(os.environ, HOME=folder), stdout=subprocess.DEVNULL,
            stderr=open(folder + "/log", "w"))
        os.close(out_read)
        os.close(in_write)
        self.buffer = b""
        self.number = 0
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.call("Page.enable")

    def receive(self, seconds):
        end = time.time() + seconds
        while b"\0" not in self.buffer:
            if not select.select([self.read_end], [], [], max(0, end - time.time()))[0]:
                return None
            piece = os.read(self.read_end, 1 << 20)
            if not piece:
                raise EOFError("Chromium has ended")
            self.buffer += piece
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if hasattr(self, "session"):
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        while True:
            reply = self.receive(PATIENCE)
            if reply is None:
                return {}
            if reply.get("id") == self.number:
                return reply.get("result", {})

    def open(self, url):
        """The URL of the page; for an error page its code."""
        failed = self.call("Page.navigate", url=url).get("errorText")
        seen = self.call("Runtime.evaluate", expression="location.href").get("result", {}).get("value")
        return failed if failed else seen

    def close(self):
        del self.session
        self.call("Browser.close")
        self.process.wait(20)


class Firefox:
    def __init__(self, folder, root, port, preferences, start):
        """`start`: an address where a page is, from which every URL is opened: what is typed in full goes another way."""
        trust(folder + "/profile", root)
        quiet = {"network.captive-portal-service.enabled": False, "network.connectivity-service.enabled": False,
                 "app.normandy.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
                 "services.settings.server": "data:,", "browser.shell.checkDefaultBrowser": False,
                 "browser.startup.homepage": "about:blank", "browser.startup.page": 0, "security.OCSP.enabled": 0,
                 "browser.safebrowsing.downloads.remote.enabled": False,
                 # Without these Marionette would switch https first off.
                 "remote.prefs.recommended": False, "marionette.port": port}
        with open(folder + "/profile/user.js", "w") as file:
            for name, value in {**quiet, **preferences}.items():
                file.write("user_pref(%s, %s);\n" % (json.dumps(name), json.dumps(value)))
        self.process = subprocess.Popen(
            ["firefox-esr", "--headless", "--no-remote", "--profile", folder + "/profile", "--marionette"],
            env=dict(os.environ, HOME=folder), stdout=open(folder + "/log", "w"), stderr=subprocess.STDOUT)
        for _ in range(600):
            try:
                self.marionette = Marionette(port)
                break
            except OSError:
                time.sleep(0.1)
        self.start = start
        self.call("WebDriver:NewSession", capabilities={})

    def call(self, name, **parameters):
        error, result = self.marionette.call(name, **parameters)
        return result if error is None else error

    def script(self, text, *arguments):
        return self.call("WebDriver:ExecuteScript", script=text, args=list(arguments)).get("value")

    def open(self, url):
        self.call("WebDriver:Navigate", url=self.start)
        self.script("location.href = arguments[0]", url)
        end = time.time() + PATIENCE
        seen, since = None, time.time()
        while time.time() < end:
            time.sleep(0.1)
            now = self.script("return [document.documentURI, document.readyState]")
            if now != seen:
                seen, since = now, time.time()
            if not seen or seen[0].startswith((self.start, "about:blank")):
                continue
            # An error page is never complete, and may stand there for a moment before the browser falls back.
            if time.time() - since > (1 if seen[0].startswith("about:") else 0.1 if seen[1] == "complete" else PATIENCE):
                return seen[0]
        return "nothing"

    def close(self):
        self.call("Marionette:Quit")
        self.process.wait(30)
