#include "stores/places.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define SNAP(name) "snap/" name "/current/"
#define FLATPAK(name) ".var/app/" name "/"
#define MAC "Library/Application Support/"
#define LOCAL "AppData/Local/"
#define ROAMING "AppData/Roaming/"

const stores_place stores_places[] = {
    {"Chromium", "chromium", "chrome", ".config/chromium"},
    {"Chromium (snap)", "chromium", "chrome", "snap/chromium/common/chromium"},
    {"Chromium (snap)", "chromium", "chrome", SNAP("chromium") ".config/chromium"},
    {"Chromium (Flatpak)", "chromium", "chrome", FLATPAK("org.chromium.Chromium") "config/chromium"},
    {"Ungoogled Chromium (Flatpak)", "chromium", "chrome",
     FLATPAK("io.github.ungoogled_software.ungoogled_chromium") "config/chromium"},
    {"Chromium (macOS)", "chromium", "chrome", MAC "Chromium"},
    {"Chromium (Windows)", "chromium", "chrome", LOCAL "Chromium/User Data"},

    {"Chrome", "chromium", "chrome", ".config/google-chrome"},
    {"Chrome Beta", "chromium", "chrome", ".config/google-chrome-beta"},
    {"Chrome Dev", "chromium", "chrome", ".config/google-chrome-unstable"},
    {"Chrome Canary", "chromium", "chrome", ".config/google-chrome-canary"},
    {"Chrome for Testing", "chromium", "chrome", ".config/google-chrome-for-testing"},
    {"Chrome (Flatpak)", "chromium", "chrome", FLATPAK("com.google.Chrome") "config/google-chrome"},
    {"Chrome Dev (Flatpak)", "chromium", "chrome", FLATPAK("com.google.ChromeDev") "config/google-chrome-unstable"},
    {"Chrome (macOS)", "chromium", "chrome", MAC "Google/Chrome"},
    {"Chrome Beta (macOS)", "chromium", "chrome", MAC "Google/Chrome Beta"},
    {"Chrome Dev (macOS)", "chromium", "chrome", MAC "Google/Chrome Dev"},
    {"Chrome Canary (macOS)", "chromium", "chrome", MAC "Google/Chrome Canary"},
    {"Chrome (Windows)", "chromium", "chrome", LOCAL "Google/Chrome/User Data"},
    {"Chrome Beta (Windows)", "chromium", "chrome", LOCAL "Google/Chrome Beta/User Data"},
    {"Chrome Dev (Windows)", "chromium", "chrome", LOCAL "Google/Chrome Dev/User Data"},
    {"Chrome Canary (Windows)", "chromium", "chrome", LOCAL "Google/Chrome SxS/User Data"},

    {"Edge", "chromium", "edge", ".config/microsoft-edge"},
    {"Edge Beta", "chromium", "edge", ".config/microsoft-edge-beta"},
    {"Edge Dev", "chromium", "edge", ".config/microsoft-edge-dev"},
    {"Edge Canary", "chromium", "edge", ".config/microsoft-edge-canary"},
    {"Edge (Flatpak)", "chromium", "edge", FLATPAK("com.microsoft.Edge") "config/microsoft-edge"},
    {"Edge Dev (Flatpak)", "chromium", "edge", FLATPAK("com.microsoft.EdgeDev") "config/microsoft-edge-dev"},
    {"Edge (macOS)", "chromium", "edge", MAC "Microsoft Edge"},
    {"Edge Beta (macOS)", "chromium", "edge", MAC "Microsoft Edge Beta"},
    {"Edge Dev (macOS)", "chromium", "edge", MAC "Microsoft Edge Dev"},
    {"Edge Canary (macOS)", "chromium", "edge", MAC "Microsoft Edge Canary"},
    {"Edge (Windows)", "chromium", "edge", LOCAL "Microsoft/Edge/User Data"},
    {"Edge Beta (Windows)", "chromium", "edge", LOCAL "Microsoft/Edge Beta/User Data"},
    {"Edge Dev (Windows)", "chromium", "edge", LOCAL "Microsoft/Edge Dev/User Data"},
    {"Edge Canary (Windows)", "chromium", "edge", LOCAL "Microsoft/Edge SxS/User Data"},

    {"Brave", "chromium", "brave", ".config/BraveSoftware/Brave-Browser"},
    {"Brave Beta", "chromium", "brave", ".config/BraveSoftware/Brave-Browser-Beta"},
    {"Brave Nightly", "chromium", "brave", ".config/BraveSoftware/Brave-Browser-Nightly"},
    {"Brave (snap)", "chromium", "brave", SNAP("brave") ".config/BraveSoftware/Brave-Browser"},
    {"Brave (Flatpak)", "chromium", "brave", FLATPAK("com.brave.Browser") "config/BraveSoftware/Brave-Browser"},
    {"Brave (macOS)", "chromium", "brave", MAC "BraveSoftware/Brave-Browser"},
    {"Brave Beta (macOS)", "chromium", "brave", MAC "BraveSoftware/Brave-Browser-Beta"},
    {"Brave Nightly (macOS)", "chromium", "brave", MAC "BraveSoftware/Brave-Browser-Nightly"},
    {"Brave (Windows)", "chromium", "brave", LOCAL "BraveSoftware/Brave-Browser/User Data"},
    {"Brave Beta (Windows)", "chromium", "brave", LOCAL "BraveSoftware/Brave-Browser-Beta/User Data"},
    {"Brave Nightly (Windows)", "chromium", "brave", LOCAL "BraveSoftware/Brave-Browser-Nightly/User Data"},

    {"Opera", "chromium", "opera", ".config/opera"},
    {"Opera Beta", "chromium", "opera", ".config/opera-beta"},
    {"Opera Developer", "chromium", "opera", ".config/opera-developer"},
    {"Opera (snap)", "chromium", "opera", SNAP("opera") ".config/opera"},
    {"Opera Beta (snap)", "chromium", "opera", SNAP("opera-beta") ".config/opera-beta"},
    {"Opera Developer (snap)", "chromium", "opera", SNAP("opera-developer") ".config/opera-developer"},
    {"Opera (Flatpak)", "chromium", "opera", FLATPAK("com.opera.Opera") "config/opera"},
    {"Opera (macOS)", "chromium", "opera", MAC "com.operasoftware.Opera"},
    {"Opera Beta (macOS)", "chromium", "opera", MAC "com.operasoftware.OperaNext"},
    {"Opera Developer (macOS)", "chromium", "opera", MAC "com.operasoftware.OperaDeveloper"},
    {"Opera (Windows)", "chromium", "opera", ROAMING "Opera Software/Opera Stable"},
    {"Opera Beta (Windows)", "chromium", "opera", ROAMING "Opera Software/Opera Next"},
    {"Opera Developer (Windows)", "chromium", "opera", ROAMING "Opera Software/Opera Developer"},

    {"Vivaldi", "chromium", "vivaldi", ".config/vivaldi"},
    {"Vivaldi Snapshot", "chromium", "vivaldi", ".config/vivaldi-snapshot"},
    {"Vivaldi (snap)", "chromium", "vivaldi", SNAP("vivaldi") ".config/vivaldi"},
    {"Vivaldi (Flatpak)", "chromium", "vivaldi", FLATPAK("com.vivaldi.Vivaldi") "config/vivaldi"},
    {"Vivaldi (macOS)", "chromium", "vivaldi", MAC "Vivaldi"},
    {"Vivaldi (Windows)", "chromium", "vivaldi", LOCAL "Vivaldi/User Data"},

    {"Firefox", "firefox", NULL, ".mozilla/firefox"},
    {"Firefox", "firefox", NULL, ".config/mozilla/firefox"},
    {"Firefox (snap)", "firefox", NULL, "snap/firefox/common/.mozilla/firefox"},
    {"Firefox (Flatpak)", "firefox", NULL, FLATPAK("org.mozilla.firefox") ".mozilla/firefox"},
    {"Firefox (Flatpak)", "firefox", NULL, FLATPAK("org.mozilla.firefox") "config/mozilla/firefox"},
    {"Firefox (macOS)", "firefox", NULL, MAC "Firefox"},
    {"Firefox (Windows)", "firefox", NULL, ROAMING "Mozilla/Firefox"},
    {"LibreWolf", "firefox", NULL, ".librewolf"},
    {"LibreWolf (Flatpak)", "firefox", NULL, FLATPAK("io.gitlab.librewolf-community") ".librewolf"},
    {"Waterfox", "firefox", NULL, ".waterfox"},
    {"Floorp", "firefox", NULL, ".floorp"},
    {"Zen", "firefox", NULL, ".zen"},
    {"Tor Browser", "firefox", NULL, ".local/share/torbrowser/tbb/x86_64/tor-browser/Browser/TorBrowser/Data/Browser"},
    {"Thunderbird", "firefox", NULL, ".thunderbird"},
    {"Thunderbird (snap)", "firefox", NULL, "snap/thunderbird/common/.thunderbird"},
    {"Thunderbird (Flatpak)", "firefox", NULL, FLATPAK("org.mozilla.Thunderbird") ".thunderbird"},

    {"GNOME Web", "libsoup", NULL, ".local/share/epiphany/hsts-storage.sqlite"},
    {"GNOME Web", "libsoup", NULL, ".config/epiphany/hsts-storage.sqlite"},
    {"GNOME Web (application)", "libsoup", NULL, ".local/share/org.gnome.Epiphany.WebApp*/hsts-storage.sqlite"},
    {"GNOME Web (Flatpak)", "libsoup", NULL, FLATPAK("org.gnome.Epiphany") "data/epiphany/hsts-storage.sqlite"},
    {"WebKitGTK", "libsoup", NULL, ".local/share/*/hsts-storage.sqlite"},
    {"WebKitGTK", "libsoup", NULL, ".cache/*/hsts-storage.sqlite"},
    {"WebKitGTK (Flatpak)", "libsoup", NULL, FLATPAK("*") "data/*/hsts-storage.sqlite"},
    {"WebKitGTK (Flatpak)", "libsoup", NULL, FLATPAK("*") "cache/*/hsts-storage.sqlite"},

    {"Safari", "safari", NULL, "Library/Cookies/HSTS.plist"},
    {"Safari", "safari", NULL, "Library/Containers/com.apple.Safari/Data/Library/Cookies/HSTS.plist"},
    {"an application (macOS)", "safari", NULL, "Library/Containers/*/Data/Library/Cookies/HSTS.plist"},

    {"curl", "curl", NULL, ".curl-hsts"},
    {"curl", "curl", NULL, ".hsts"},
    {"curl", "curl", NULL, ".local/share/curl/hsts"},
    {"curl", "curl", NULL, ".local/share/curl/hsts.txt"},
    {"curl", "curl", NULL, ".config/curl/hsts"},
    {"curl", "curl", NULL, ".cache/curl/hsts"},
    {"wget", "wget", NULL, ".wget-hsts"},
    {"wget2", "wget2", NULL, ".local/share/wget/.wget-hsts"},

    {"Holdfast", "holdfast", NULL, ".local/share/holdfast/known-hosts"},

    {"qutebrowser", "chromium", "none", ".local/share/qutebrowser/webengine"},
    {"an application on QtWebEngine", "chromium", "none", ".local/share/*/QtWebEngine"},
    {"an application on QtWebEngine", "chromium", "none", ".local/share/*/*/QtWebEngine"},
    {"an Electron application", "chromium", "none", ".config/*"},
    {"an Electron application (Flatpak)", "chromium", "none", FLATPAK("*") "config/*"},
    {0},
};

const stores_pointer stores_pointers[] = {
    {"curl", "curl", ".curlrc", "hsts"},
    {"curl", "curl", ".config/curlrc", "hsts"},
    {"wget", "wget", ".wgetrc", "hsts-file"},
    {"wget2", "wget2", ".wget2rc", "hsts-file"},
    {"wget2", "wget2", ".config/wget/wget2rc", "hsts-file"},
    {0},
};

/* "firefox-txt" lies beside "firefox". */
static bool same_family(const char *kind, const char *other)
{
    return strcmp(kind, other) == 0 || (strcmp(kind, "firefox-txt") == 0 && strcmp(other, "firefox") == 0);
}

const stores_place *stores_place_of(const char *kind, const char *path)
{
    const stores_place *best = NULL;
    size_t longest = 0;

    for (const stores_place *place = stores_places; place->program != NULL; place++) {
        size_t length = strlen(place->below_home);
        const char *at = strchr(place->below_home, '*') == NULL && same_family(kind, place->kind)
                             ? strstr(path, place->below_home)
                             : NULL;
        if (at != NULL && length > longest && (at[length] == '/' || at[length] == '\0')) {
            best = place;
            longest = length;
        }
    }
    return best;
}

#define NET_INTERNALS(scheme) "open " scheme "://net-internals/#hsts in it, and use \"Delete domain security policies\""

static const struct {
    const char *pages, *text;
} chromium_pages[] = {
    {"chrome", NET_INTERNALS("chrome")}, {"edge", NET_INTERNALS("edge")},       {"brave", NET_INTERNALS("brave")},
    {"opera", NET_INTERNALS("opera")},   {"vivaldi", NET_INTERNALS("vivaldi")},
};

static const struct {
    const char *kind, *page, *ending;
} programs[] = {
    {"chromium", NET_INTERNALS("chrome"),
     "it runs as long as SingletonLock lies in the folder of its profiles, with no window too: quit it from its menu"},
    {"firefox", "press Ctrl+Shift+H (macOS: Cmd+Shift+H) in it, find the site, and choose \"Forget About This Site\"",
     "it runs as long as somebody holds a lock on .parentlock in its profile: quit it from its menu"},
    {"safari",
     "quit Safari, and on macOS end the process that keeps the store with `killall nsurlstoraged` right before; on an "
     "iPhone "
     "or iPad: Settings, Safari, Clear History and Website Data",
     "on macOS `pgrep nsurlstoraged` tells; the store is not Safari's own but that process's"},
    {"libsoup", "in GNOME Web: Preferences, Privacy, Personal Data, \"HSTS policies\"",
     "`fuser FILE` tells who has it open: close that program"},
    {"curl", "curl has no such command: wait until it is done", "`pgrep -a curl` tells: wait until it is done"},
    {"wget", "wget has no such command: wait until it is done", "`pgrep -a wget` tells: wait until it is done"},
    {"wget2", "wget2 has no such command: wait until it is done", "`pgrep -a wget2` tells: wait until it is done"},
};

const char *stores_page_of(const char *kind, const char *path)
{
    const stores_place *place = stores_place_of(kind, path);

    for (size_t i = 0; place != NULL && i < sizeof chromium_pages / sizeof chromium_pages[0]; i++) {
        if (place->pages != NULL && strcmp(place->pages, chromium_pages[i].pages) == 0)
            return chromium_pages[i].text;
    }
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        if (same_family(kind, programs[i].kind))
            return programs[i].page;
    }
    return NULL;
}

const char *stores_ending_of(const char *kind)
{
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        if (same_family(kind, programs[i].kind))
            return programs[i].ending;
    }
    return NULL;
}
