#include "stores/preloaded.h"

#include "stores/store.h"

#include <string.h>

static bool is_firefox(const char *kind)
{
    return strncmp(kind, "firefox", strlen("firefox")) == 0;
}

static const hf_preload *file_of(const preload_lists *lists, preload_which which)
{
    return lists->files[which].image != NULL ? &lists->files[which].preload : NULL;
}

/* The list built into the program; ours asks the installed one. */
static const hf_preload *own_list(const preload_lists *lists, const char *kind)
{
    if (strcmp(kind, "chromium") == 0)
        return file_of(lists, PRELOAD_CHROMIUM);
    if (is_firefox(kind))
        return file_of(lists, PRELOAD_FIREFOX);
    return strcmp(kind, FACTS_STORE_OWN) == 0 ? lists->image : NULL;
}

static bool has_list(const char *kind)
{
    return strcmp(kind, "chromium") == 0 || is_firefox(kind) || strcmp(kind, FACTS_STORE_OWN) == 0;
}

static bool ask(const hf_preload *list, const hf_host *host, hf_preload_match *match)
{
    return list != NULL && list->cover(list->self, host, match);
}

/*
 * Firefox goes up from the host and asks the list about each name by itself, but not about one that its store has a
 * say on: a knock-out, or an entry that is over, or one without includeSubDomains, hides the list's entry of the same
 * name.
 */
static bool ask_as_firefox(const hf_preload *list, const hf_host *host, const stores_walk *walk,
                           hf_preload_match *match)
{
    const char *dot;
    hf_host name;

    for (size_t at = 0;; at = (size_t)(dot - host->name) + 1) {
        if (!walk->has_say[at] && hf_host_parse(host->name + at, host->length - at, NULL, &name, NULL) == HF_OK &&
            ask(list, &name, match) && match->offset == 0 && (at == 0 || match->include_subdomains)) {
            match->offset = at;
            return true;
        }
        dot = strchr(host->name + at, '.');
        if (dot == NULL)
            return false;
    }
}

static void take(facts_store_listed *listed, const hf_preload *list, const hf_preload_match *match, bool is_browser,
                 int64_t now)
{
    listed->list = list;
    listed->listed = true;
    listed->offset = match->offset;
    listed->include_subdomains = match->include_subdomains;
    listed->stale = hf_preload_is_stale(list, now);
    listed->enforces = listed->is_own && !listed->stale && !listed->overridden;
    listed->walls = listed->enforces || (listed->is_own && !listed->overridden && is_browser);
}

/*
 * The top-level domains that every browser's list has, when the list at hand says nothing: it is missing, or has
 * another form of them.
 */
static void ask_floor(facts_store_listed *listed, const preload_lists *lists, const hf_host *host,
                      const stores_walk *walk, int64_t now)
{
    hf_preload_match match;

    if (!listed->asks || lists->floor == NULL || listed->enforces || !ask(lists->floor, host, &match) ||
        walk->has_say[match.offset])
        return;
    listed->is_own = true;
    listed->overridden = false;
    take(listed, lists->floor, &match, true, now);
}

facts_store_listed stores_ask_list(const preload_lists *lists, const char *kind, const hf_host *host,
                                   const stores_walk *walk, int64_t now)
{
    static const stores_walk nothing;
    facts_store_listed listed = {.asks = has_list(kind), .list = own_list(lists, kind)};
    hf_preload_match match;

    listed.is_own = listed.list != NULL;
    if (listed.list == NULL)
        listed.list = lists->image;
    if (listed.list != NULL)
        listed.stale = hf_preload_is_stale(listed.list, now);
    const stores_walk *heard = is_firefox(kind) ? walk : &nothing;
    bool covered = is_firefox(kind) && ask_as_firefox(listed.list, host, heard, &match);
    bool is_listed = covered || ask(listed.list, host, &match);
    listed.overridden = is_listed && is_firefox(kind) && !covered;
    if (is_listed)
        take(&listed, listed.list, &match, strcmp(kind, FACTS_STORE_OWN) != 0, now);
    ask_floor(&listed, lists, host, heard, now);
    return listed;
}
