#include "stores/places.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define MAC "Library/Application Support/"
#define BOX "Library/Containers/*/Data/Library/"
#define LOCAL "AppData/Local/"
#define ROAMING "AppData/Roaming/"

/*
 * A program a row, of a family's kind: below the home on Linux, in the snap, in the Flatpak, on macOS, on Windows; NULL
 * where it does not exist. For programs of Android the home is the folder of their data.
 */
#define PLACES(kind, program, pages, linux_, snap, flatpak, mac, windows)                                              \
    {program, kind, pages, linux_}, {program " (snap)", kind, pages, snap},                                            \
        {program " (Flatpak)", kind, pages, flatpak}, {program " (macOS)", kind, pages, mac},                          \
    {                                                                                                                  \
        program " (Windows)", kind, pages, windows                                                                     \
    }
#define SNAP(name, path) "snap/" name "/" path
#define FLATPAK(id, path) ".var/app/" id "/" path
#define ANDROID(kind, program, pages, path)                                                                            \
    {                                                                                                                  \
        program " (Android)", kind, pages, path                                                                        \
    }

const stores_place stores_places[] = {
    PLACES("chromium", "Chromium", "chrome", ".config/chromium", SNAP("chromium", "common/chromium"),
           FLATPAK("org.chromium.Chromium", "config/chromium"), MAC "Chromium", LOCAL "Chromium/User Data"),
    PLACES("chromium", "Chromium", "chrome", NULL, SNAP("chromium", "current/.config/chromium"), NULL, NULL, NULL),
    PLACES("chromium", "Ungoogled Chromium", "chrome", NULL, NULL,
           FLATPAK("io.github.ungoogled_software.ungoogled_chromium", "config/chromium"), NULL, NULL),
    PLACES("chromium", "Chrome", "chrome", ".config/google-chrome", NULL,
           FLATPAK("com.google.Chrome", "config/google-chrome"), MAC "Google/Chrome", LOCAL "Google/Chrome/User Data"),
    PLACES("chromium", "Chrome Beta", "chrome", ".config/google-chrome-beta", NULL, NULL, MAC "Google/Chrome Beta",
           LOCAL "Google/Chrome Beta/User Data"),
    PLACES("chromium", "Chrome Dev", "chrome", ".config/google-chrome-unstable", NULL,
           FLATPAK("com.google.ChromeDev", "config/google-chrome-unstable"), MAC "Google/Chrome Dev",
           LOCAL "Google/Chrome Dev/User Data"),
    PLACES("chromium", "Chrome Canary", "chrome", ".config/google-chrome-canary", NULL, NULL,
           MAC "Google/Chrome Canary", LOCAL "Google/Chrome SxS/User Data"),
    PLACES("chromium", "Chrome for Testing", "chrome", ".config/google-chrome-for-testing", NULL, NULL,
           MAC "Google/Chrome for Testing", LOCAL "Google/Chrome for Testing/User Data"),
    PLACES("chromium", "Edge", "edge", ".config/microsoft-edge", NULL,
           FLATPAK("com.microsoft.Edge", "config/microsoft-edge"), MAC "Microsoft Edge",
           LOCAL "Microsoft/Edge/User Data"),
    PLACES("chromium", "Edge Beta", "edge", ".config/microsoft-edge-beta", NULL, NULL, MAC "Microsoft Edge Beta",
           LOCAL "Microsoft/Edge Beta/User Data"),
    PLACES("chromium", "Edge Dev", "edge", ".config/microsoft-edge-dev", NULL,
           FLATPAK("com.microsoft.EdgeDev", "config/microsoft-edge-dev"), MAC "Microsoft Edge Dev",
           LOCAL "Microsoft/Edge Dev/User Data"),
    PLACES("chromium", "Edge Canary", "edge", ".config/microsoft-edge-canary", NULL, NULL, MAC "Microsoft Edge Canary",
           LOCAL "Microsoft/Edge SxS/User Data"),
    PLACES("chromium", "Brave", "brave", ".config/BraveSoftware/Brave-Browser",
           SNAP("brave", "current/.config/BraveSoftware/Brave-Browser"),
           FLATPAK("com.brave.Browser", "config/BraveSoftware/Brave-Browser"), MAC "BraveSoftware/Brave-Browser",
           LOCAL "BraveSoftware/Brave-Browser/User Data"),
    PLACES("chromium", "Brave Beta", "brave", ".config/BraveSoftware/Brave-Browser-Beta", NULL, NULL,
           MAC "BraveSoftware/Brave-Browser-Beta", LOCAL "BraveSoftware/Brave-Browser-Beta/User Data"),
    PLACES("chromium", "Brave Nightly", "brave", ".config/BraveSoftware/Brave-Browser-Nightly", NULL, NULL,
           MAC "BraveSoftware/Brave-Browser-Nightly", LOCAL "BraveSoftware/Brave-Browser-Nightly/User Data"),
    PLACES("chromium", "Opera", "opera", ".config/opera", SNAP("opera", "current/.config/opera"),
           FLATPAK("com.opera.Opera", "config/opera"), MAC "com.operasoftware.Opera",
           ROAMING "Opera Software/Opera Stable"),
    PLACES("chromium", "Opera Beta", "opera", ".config/opera-beta", SNAP("opera-beta", "current/.config/opera-beta"),
           NULL, MAC "com.operasoftware.OperaNext", ROAMING "Opera Software/Opera Next"),
    PLACES("chromium", "Opera Developer", "opera", ".config/opera-developer",
           SNAP("opera-developer", "current/.config/opera-developer"), NULL, MAC "com.operasoftware.OperaDeveloper",
           ROAMING "Opera Software/Opera Developer"),
    PLACES("chromium", "Opera GX", "opera", NULL, NULL, NULL, MAC "com.operasoftware.OperaGX",
           ROAMING "Opera Software/Opera GX "
                   "Stable"),
    PLACES("chromium", "Vivaldi", "vivaldi", ".config/vivaldi", SNAP("vivaldi", "current/.config/vivaldi"),
           FLATPAK("com.vivaldi.Vivaldi", "config/vivaldi"), MAC "Vivaldi", LOCAL "Vivaldi/User Data"),
    PLACES("chromium", "Vivaldi Snapshot", "vivaldi", ".config/vivaldi-snapshot", NULL, NULL, MAC "Vivaldi Snapshot",
           NULL),
    PLACES("chromium", "Yandex Browser", "browser", ".config/yandex-browser", NULL,
           FLATPAK("ru.yandex.Browser", "config/yandex-browser"), MAC "Yandex/YandexBrowser",
           LOCAL "Yandex/YandexBrowser/User Data"),
    PLACES("chromium", "Arc", "chrome", NULL, NULL, NULL, MAC "Arc/User Data", NULL),
    ANDROID("chromium", "Chrome", "chrome", "app_chrome"),
    ANDROID("chromium", "a WebView", "none", "app_webview"),
    PLACES("firefox", "Firefox", NULL, ".mozilla/firefox", SNAP("firefox", "common/.mozilla/firefox"),
           FLATPAK("org.mozilla.firefox", ".mozilla/firefox"), MAC "Firefox", ROAMING "Mozilla/Firefox"),
    PLACES("firefox", "Firefox", NULL, ".config/mozilla/firefox", NULL,
           FLATPAK("org.mozilla.firefox", "config/mozilla/firefox"), NULL, NULL),
    PLACES("firefox", "LibreWolf", NULL, ".librewolf", NULL, FLATPAK("io.gitlab.librewolf-community", ".librewolf"),
           MAC "librewolf", ROAMING "librewolf"),
    PLACES("firefox", "LibreWolf", NULL, ".config/librewolf/librewolf", NULL,
           FLATPAK("io.gitlab.librewolf-community", ".config/librewolf/librewolf"), NULL, NULL),
    PLACES("firefox", "LibreWolf", NULL, NULL, NULL,
           FLATPAK("io.gitlab.librewolf-community", "config/librewolf/librewolf"), NULL, NULL),
    PLACES("firefox", "Waterfox", NULL, ".waterfox", NULL, FLATPAK("net.waterfox.waterfox", ".waterfox"),
           MAC "Waterfox", ROAMING "Waterfox"),
    PLACES("firefox", "Floorp", NULL, ".floorp", NULL, FLATPAK("one.ablaze.floorp", ".floorp"), MAC "Floorp",
           ROAMING "Floorp"),
    PLACES("firefox", "Zen", NULL, ".zen", NULL, FLATPAK("app.zen_browser.zen", ".zen"), MAC "zen", ROAMING "zen"),
    PLACES("firefox", "Zen", NULL, ".config/zen", NULL, NULL, NULL, NULL),
    PLACES("firefox", "Tor Browser", NULL,
           ".local/share/"
           "torbrowser/tbb/*/"
           "tor-browser/Browser/"
           "TorBrowser/Data/"
           "Browser",
           NULL,
           FLATPAK("org.torproject."
                   "torbrowser-"
                   "launcher",
                   "data/torbrowser/"
                   "tbb/*/"
                   "tor-browser/"
                   "Browser/"
                   "TorBrowser/Data/"
                   "Browser"),
           MAC "TorBrowser-Data/"
               "Browser",
           "Desktop/Tor "
           "Browser/Browser/"
           "TorBrowser/Data/"
           "Browser"),
    PLACES("firefox", "Tor Browser", NULL,
           "tor-browser/Browser/"
           "TorBrowser/Data/Browser",
           NULL, NULL, NULL, NULL),
    PLACES("firefox", "Tor Browser", NULL,
           "*/tor-browser/Browser/"
           "TorBrowser/Data/"
           "Browser",
           NULL, NULL, NULL, NULL),
    PLACES("firefox", "Mullvad Browser", NULL,
           "mullvad-browser/"
           "Browser/TorBrowser/"
           "Data/Browser",
           NULL, NULL,
           MAC "MullvadBrowser-Data/"
               "Browser",
           "Desktop/Mullvad "
           "Browser/Browser/"
           "TorBrowser/Data/"
           "Browser"),
    PLACES("firefox", "Mullvad Browser", NULL,
           "*/mullvad-browser/"
           "Browser/"
           "TorBrowser/Data/"
           "Browser",
           NULL, NULL, NULL, NULL),
    PLACES("firefox", "Pale Moon", NULL,
           ".moonchild "
           "productions/"
           "pale moon",
           NULL, NULL, MAC "Pale Moon",
           ROAMING "Moonchild "
                   "Productions/"
                   "Pale Moon"),
    PLACES("firefox", "Basilisk", NULL,
           ".moonchild"
           " productio"
           "ns/"
           "basilisk",
           NULL, NULL, MAC "Basilisk",
           ROAMING "Moonchild "
                   "Production"
                   "s/"
                   "Basilisk"),
    PLACES("firefo"
           "x",
           "SeaMon"
           "key",
           NULL,
           ".mozil"
           "la/"
           "seamon"
           "key",
           NULL, NULL,
           MAC "SeaMon"
               "key",
           ROAMING "Mozill"
                   "a/"
                   "SeaMon"
                   "key"),
    PLACES("firefox", "IceCat", NULL, ".mozilla/icecat", NULL, NULL, MAC "IceCat", ROAMING "Mozilla/IceCat"),
    PLACES("fi"
           "re"
           "fo"
           "x",
           "Th"
           "un"
           "de"
           "rb"
           "ir"
           "d",
           NULL,
           ".t"
           "hu"
           "nd"
           "er"
           "bi"
           "r"
           "d",
           SNAP("thunderbird", "common/.thunderbird"), FLATPAK("org.mozilla.Thunderbird", ".thunderbird"),
           "Li"
           "br"
           "ar"
           "y/"
           "Th"
           "un"
           "de"
           "rb"
           "ir"
           "d",
           ROAMING "Th"
                   "un"
                   "de"
                   "rb"
                   "ir"
                   "d"),
    ANDROID("firefox", "Firefox", NULL, "files/mozilla"),
    {"G"
     "N"
     "O"
     "M"
     "E"
     " "
     "W"
     "e"
     "b",
     "l"
     "i"
     "b"
     "s"
     "o"
     "u"
     "p",
     NULL,
     "."
     "l"
     "o"
     "c"
     "a"
     "l"
     "/"
     "s"
     "h"
     "a"
     "r"
     "e"
     "/"
     "e"
     "p"
     "i"
     "p"
     "h"
     "a"
     "n"
     "y"
     "/"
     "h"
     "s"
     "t"
     "s"
     "-"
     "s"
     "t"
     "o"
     "r"
     "a"
     "g"
     "e"
     "."
     "s"
     "q"
     "l"
     "i"
     "t"
     "e"},
    {"GNOME Web", "libsoup", NULL, ".config/epiphany/hsts-storage.sqlite"},
    {"GNOME Web (application)", "libsoup", NULL, ".local/share/org.gnome.Epiphany.WebApp*/hsts-storage.sqlite"},
    {"GNOME Web (Flatpak)", "libsoup", NULL, FLATPAK("org.gnome.Epiphany", "data/epiphany/hsts-storage.sqlite")},
    {"WebKitGTK", "libsoup", NULL, ".local/share/*/hsts-storage.sqlite"},
    {"WebKitGTK", "libsoup", NULL, ".cache/*/hsts-storage.sqlite"},
    {"WebKitGTK (Flatpak)", "libsoup", NULL, FLATPAK("*", "data/*/hsts-storage.sqlite")},
    {"WebKitGTK (Flatpak)", "libsoup", NULL, FLATPAK("*", "cache/*/hsts-storage.sqlite")},

    {"Safari", "safari", NULL, "Library/Cookies/HSTS.plist"},
    {"Safari", "safari", NULL, "Library/Containers/com.apple.Safari/Data/Library/Cookies/HSTS.plist"},
    {"an application (macOS)", "safari", NULL, BOX "Cookies/HSTS.plist"},
    {"an application (macOS)", "safari", NULL, BOX "Caches/*/HSTS.plist"},
    {"an application (macOS)", "safari", NULL, "Library/Caches/*/HSTS.plist"},

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
    {"a program on WebView2", "chromium", "none", LOCAL "*/EBWebView"},
    {"a program on WebView2", "chromium", "none", LOCAL "Packages/*/LocalState/EBWebView"},
    PLACES("chromium", "an Electron application", "none", ".config/*", SNAP("*", "current/.config/*"),
           FLATPAK("*", "config/*"), MAC "*", ROAMING "*"),
    {"an Electron application (macOS)", "chromium", "none", BOX "Application Support/*"},
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
        if (place->below_home == NULL)
            continue;
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
