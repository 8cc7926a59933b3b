"""One headless Firefox, driven by Marionette; a tab a visit."""
import json
import os
import subprocess
import sys
import time
import urllib.parse

from holdfast import cell

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../lib"))
from marionette import Marionette  # noqa: E402

PREFERENCES = {
    "marionette.port": 0,
    "remote.prefs.recommended": False,
    # Nobody looks at what is drawn, and processes are not what is measured.
    "layout.frame_rate": 4,
    "ui.prefersReducedMotion": 1,
    "fission.autostart": False,
    # No page of Firefox's own comes before the rows.
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}

# In the browser's own scope: opens a tab, and tells what the loads of its document came to. One that fails may be
# followed by another, over https or over http; one that is cut off without an answer surely is, or it was a download.
VISIT = """
const [url, milliseconds, resolve] = arguments;
const seen = {responses: [], stops: []};
const tab = gBrowser.addTrustedTab("about:blank", {inBackground: false});
const browser = tab.linkedBrowser;
gBrowser.selectedTab = tab;
const {STATE_START, STATE_STOP, STATE_IS_NETWORK} = Ci.nsIWebProgressListener;
const began = Date.now();
let changed = began, loads = 0;
const observer = {observe(subject) {
    const channel = subject.QueryInterface(Ci.nsIHttpChannel);
    if (channel.isDocument && channel.loadInfo.browsingContext === browser.browsingContext) {
        seen.responses.push([channel.responseStatus, channel.URI.spec]);
        changed = Date.now();
    }
}};
const listener = {onStateChange(which, progress, request, flags, status) {
    const of = request instanceof Ci.nsIChannel ? request.URI.spec : "";
    if (which !== browser || !(flags & STATE_IS_NETWORK) || !progress.isTopLevel || of === "about:blank")
        return;
    changed = Date.now();
    loads += flags & STATE_START ? 1 : -1;
    if (flags & STATE_STOP)
        seen.stops.push([status >>> 0, of]);
}};
function shown() {
    return browser.documentURI ? browser.documentURI.spec : "about:blank";
}
function isOver() {
    const last = seen.stops.at(-1);
    if (/^about:(net|cert)error/.test(shown()))
        return true;
    if (!last || loads > 0)
        return false;
    return Date.now() - changed > (last[0] === 0 && seen.responses.length > 0 ? 50 : 3000);
}
const timer = setInterval(() => {
    if (!isOver() && Date.now() - began < milliseconds)
        return;
    clearInterval(timer);
    Services.obs.removeObserver(observer, "http-on-examine-response");
    gBrowser.removeTabsProgressListener(listener);
    seen.shown = shown();
    seen.url = browser.currentURI.spec;
    const status = (seen.stops.at(-1) || [0])[0];
    seen.name = Object.keys(Cr).find(name => Cr[name] >>> 0 === status) || "";
    resolve(seen);
}, 20);
Services.obs.addObserver(observer, "http-on-examine-response");
gBrowser.addTabsProgressListener(listener);
browser.fixupAndLoadURIString(url, {triggeringPrincipal: Services.scriptSecurityManager.getSystemPrincipal()});
"""

# In an error page: the code of NSS, if it is one of those, and whether the page has a way past it.
CODE = """
const certificate = document.getFailedCertSecurityInfo ? document.getFailedCertSecurityInfo() : {};
const code = certificate.errorCodeString || document.getNetErrorInfo && document.getNetErrorInfo().errorCodeString || "";
return [code, certificate.errorIsOverridable !== false];
"""
# The page has come all the same: what is not shown was thrown away (204), or saved.
CAME = ("NS_OK", "NS_BINDING_ABORTED")
# The error behind a page for which nothing was loaded.
FOR_PAGES = {"deniedPortAccess": "NS_ERROR_PORT_ACCESS_NOT_ALLOWED"}
CLOSE = "gBrowser.removeAllTabsBut(gBrowser.tabs[0], {animate: false, skipPermitUnload: true});"


class Firefox:
    title = "Firefox"

    def __init__(self, folder, authority):
        home = os.path.join(folder, "firefox")
        profile = os.path.join(home, "profile")
        authority.trust_by_nss(profile)
        with open(os.path.join(profile, "user.js"), "w") as file:
            for name, value in PREFERENCES.items():
                file.write("user_pref(%s, %s);\n" % (json.dumps(name), json.dumps(value)))
        self.process = subprocess.Popen(
            ["firefox-esr", "--headless", "--no-remote", "--profile", profile, "--marionette", "--remote-allow-system-access"],
            env={**os.environ, "HOME": home}, stdout=open(os.path.join(folder, "firefox.log"), "w"), stderr=subprocess.STDOUT)
        self.marionette = Marionette(self.port(os.path.join(profile, "MarionetteActivePort")))
        opened = self.call("WebDriver:NewSession", capabilities={"alwaysMatch": {}})
        self.version = opened["capabilities"]["browserVersion"]
        self.call("Marionette:SetContext", value="chrome")
        self.call("WebDriver:SetTimeouts", script=120000)

    def port(self, file):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with open(file) as text:
                    return int(text.read())
            except (OSError, ValueError):
                time.sleep(0.05)
        raise RuntimeError("Firefox opens no port")

    def call(self, method, **parameters):
        error, result = self.marionette.call(method, **parameters)
        if error is not None:
            raise RuntimeError("Firefox: %s" % error["message"])
        return result

    def visit(self, url, seconds):
        """What a visitor who types the URL gets."""
        seen = self.call("WebDriver:ExecuteAsyncScript", script=VISIT, args=[url, seconds * 1000])["value"]
        try:
            return self.judge(seen)
        finally:
            self.call("WebDriver:ExecuteScript", script=CLOSE, args=[])

    def judge(self, seen):
        if not seen["shown"].startswith(("about:neterror", "about:certerror")):
            if not seen["responses"] or seen["name"] not in CAME:
                return cell("none", None, seen["stops"][-1][1] if seen["stops"] else seen["url"], seen["name"] or "TIME")
            return cell("open", *seen["responses"][-1], None)
        page, _, said = seen["shown"].partition("?")
        said = dict(urllib.parse.parse_qsl(said))
        if said["e"] in ("httpErrorPage", "serverError"):
            return cell("open", *seen["responses"][-1], None)
        code, overridable = self.nss_code(page == "about:certerror" or said["e"] == "nssFailure2")
        if page == "about:certerror":
            access = "locked-out" if said.get("s") == "badStsCert" or not overridable else "warned"
        else:
            access = "locked-out" if code.startswith(("SEC_", "MOZILLA_PKIX_")) else "none"
        named = seen["name"] if seen["name"] not in ("NS_OK", "") else FOR_PAGES.get(said["e"], said["e"])
        return cell(access, None, said["u"], code or named)

    def nss_code(self, must_come):
        """The page that is to have one may not be there yet."""
        until = time.monotonic() + 10
        self.call("Marionette:SetContext", value="content")
        try:
            self.call("WebDriver:SwitchToWindow", handle=self.call("WebDriver:GetWindowHandles")[-1])
            while True:
                told = self.call("WebDriver:ExecuteScript", sandbox="system", script=CODE, args=[])["value"]
                if told[0] or not must_come or time.monotonic() > until:
                    return told
                time.sleep(0.05)
        finally:
            self.call("Marionette:SetContext", value="chrome")

    def close(self):
        self.process.terminate()
        self.process.wait()
