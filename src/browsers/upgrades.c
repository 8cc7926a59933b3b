#include "browsers/upgrades.h"

#include "base/domain.h"

/*
 * Watched on loopback with fresh profiles and default flags, page by page: names and addresses of every kind, ports,
 * refused and broken connections, silence, slow answers, bad certificates, statuses, redirects back and forth, HTTPS
 * records. Without DNS over HTTPS, which is how they come; with it Firefox obeys HTTPS records, by its documentation.
 * A visit is a link that is followed: where the user has typed http:// in full, Firefox and Safari ask as it is
 * written. That what fell back once is not asked https again for some days is left out: a first visit is one.
 */
static const browsers_upgrade upgrades[FACTS_ENGINES] = {
    [FACTS_ENGINE_ANY] = {.patience = 3000, /* the longest: it goes back only where all do */
                          .record = BROWSERS_RECORD_OBEYED,
                          .source = "what Chromium 156 and Firefox 153 have in common"},
    [FACTS_ENGINE_CHROMIUM] = {.since = "115",
                               .addresses = true,
                               .patience = 3000,
                               .whole_way = true,
                               .record = BROWSERS_RECORD_OBEYED,
                               .source = "Chromium 156.0.8078, watched; 115: chromestatus.com, HTTPS Upgrades"},
    [FACTS_ENGINE_FIREFOX] = {.since = "136",
                              .suffixes = true,
                              .patience = 2200,
                              .error_statuses = true,
                              .record = BROWSERS_RECORD_WAITED_FOR,
                              .source = "Firefox 153.8 ESR, watched; 136: its release notes, HTTPS-First"},
    [FACTS_ENGINE_SAFARI] = {.since = "18.2",
                             .whole_way = true,
                             .source = "WebKit Features in Safari 18.2: webkit.org/blog/16301"},
};

const browsers_upgrade *browsers_upgrade_of(facts_engine engine)
{
    return &upgrades[engine];
}

bool browsers_upgrades(const browsers_upgrade *upgrade, const hf_url *url, bool reachable)
{
    if (url->scheme != HF_SCHEME_HTTP || url->port != 80)
        return false;
    if (url->host.kind != HF_HOST_NAME)
        return upgrade->addresses && reachable;
    return base_domain_is_public(&url->host, upgrade->suffixes);
}

bool browsers_goes_back_at(const browsers_upgrade *upgrade, int status)
{
    return upgrade->error_statuses && status >= 400 && status < 600 && status != 500;
}
