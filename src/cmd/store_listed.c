#include "cmd/store_listed.h"

#include "cmd/store.h"

#include <string.h>

static bool is_firefox(const char *kind)
{
    return strncmp(kind, "firefox", strlen("firefox")) == 0;
}

static const hf_preload *file_of(const preload_lists *lists, preload_which which)
{
    return lists->files[which].image != NULL ? &lists->files[which].preload : NULL;
}

/* The list built into the program; ours asks the one at hand. */
static const hf_preload *own_list(const preload_lists *lists, const char *kind)
{
    if (strcmp(kind, "chromium") == 0)
        return file_of(lists, PRELOAD_CHROMIUM);
    if (is_firefox(kind))
        return file_of(lists, PRELOAD_FIREFOX);
    return strcmp(kind, STORES_OWN) == 0 ? lists->image : NULL;
}

static bool has_list(const char *kind)
{
    return strcmp(kind, "chromium") == 0 || is_firefox(kind) || strcmp(kind, STORES_OWN) == 0;
}

static bool ask(const hf_preload *list, const hf_host *host, hf_preload_match *match)
{
    return list != NULL && list->cover(list->self, host, match);
}

/*
 * Firefox goes up from the host and asks the list about each name by itself, but not about one that its store has a say on: a knock-out,
 * or an entry that is over, or one without includeSubDomains, hides the list's entry of the same name.
 */
static bool ask_as_firefox(const hf_preload *list, const hf_host *host, const cmd_store_walk *walk,
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

static void take(cmd_store_listed *listed, const hf_preload *list, const hf_preload_match *match, bool is_browser,
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

/* The top-level domains that every browser's list has, when the list at hand says nothing: it is missing, or has another form of them. */
static void ask_floor(cmd_store_listed *listed, const preload_lists *lists, const hf_host *host,
                      const cmd_store_walk *walk, int64_t now)
{
    hf_preload_match match;

    if (!listed->asks || lists->floor == NULL || listed->enforces || !ask(lists->floor, host, &match) ||
        walk->has_say[match.offset])
        return;
    listed->is_own = true;
    listed->overridden = false;
    take(listed, lists->floor, &match, true, now);
}

cmd_store_listed cmd_store_list_ask(const preload_lists *lists, const char *kind, const hf_host *host,
                                    const cmd_store_walk *walk, int64_t now)
{
    static const cmd_store_walk nothing;
    cmd_store_listed listed = {.asks = has_list(kind), .list = own_list(lists, kind)};
    hf_preload_match match;

    listed.is_own = listed.list != NULL;
    if (listed.list == NULL)
        listed.list = lists->image;
    if (listed.list != NULL)
        listed.stale = hf_preload_is_stale(listed.list, now);
    const cmd_store_walk *heard = is_firefox(kind) ? walk : &nothing;
    bool covered = is_firefox(kind) && ask_as_firefox(listed.list, host, heard, &match);
    bool is_listed = covered || ask(listed.list, host, &match);
    listed.overridden = is_listed && is_firefox(kind) && !covered;
    if (is_listed)
        take(&listed, listed.list, &match, strcmp(kind, STORES_OWN) != 0, now);
    ask_floor(&listed, lists, host, heard, now);
    return listed;
}

/* -- Telling ------------------------------------------------------------------------------------------------------------------ */

static void print_entry(const cmd_store_listed *listed, const hf_host *host, const char *words, base_term *term)
{
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s (%s)", host->name + listed->offset,
                   listed->include_subdomains ? " with includeSubDomains" : "", words);
}

static const char *what_of(const cmd_store_listed *listed, const char *kind)
{
    if (listed->enforces)
        return "on its preload list";
    if (listed->overridden)
        return "on a preload list, but what the store says of the name counts more";
    if (listed->is_own)
        return strcmp(kind, STORES_OWN) == 0 ? "on the preload list, which is too old to be obeyed"
                                             : "on its preload list, in an edition that is too old to tell";
    if (listed->asks)
        return "on another browser's preload list; its own is not at hand (holdfast preload update)";
    return strcmp(kind, "safari") == 0 ? "on the preload list of another browser; Safari's is much like it"
                                       : "on a browser's preload list, which this program does not ask";
}

void cmd_store_list_print(const cmd_store_listed *listed, const char *kind, const hf_host *host, int64_t now,
                          base_term *term)
{
    char words[PRELOAD_LIST_WORDS_MAX];

    if (listed->list == NULL) {
        if (listed->asks && strcmp(kind, STORES_OWN) != 0)
            base_term_line(
                term, BASE_STYLE_DIM,
                "  its preload list is not at hand (holdfast preload update): it may enforce the host all the same");
        return;
    }
    preload_list_words(listed->list, now, words);
    if (!listed->listed) {
        base_term_line(term, BASE_STYLE_DIM, "  not on %s (%s)",
                       listed->is_own ? "its preload list" : "the preload list at hand", words);
        return;
    }
    base_term_print(term, listed->enforces ? BASE_STYLE_PLAIN : BASE_STYLE_WARN, "  %s", what_of(listed, kind));
    print_entry(listed, host, words, term);
}

void cmd_store_list_json(const cmd_store_listed *listed, bool asked, const hf_host *host, base_json *json)
{
    const hf_preload *list = listed->list;

    if (!asked) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    cmd_store_key_string(json, "list", list != NULL ? list->source : NULL);
    base_json_key(json, "list_time");
    base_json_time(json, list != NULL ? list->list_time : HF_TIME_UNKNOWN);
    base_json_key(json, "own");
    base_json_bool(json, listed->is_own);
    base_json_key(json, "stale");
    base_json_bool(json, listed->stale);
    base_json_key(json, "listed");
    if (list != NULL)
        base_json_bool(json, listed->listed);
    else
        base_json_null(json);
    cmd_store_key_string(json, "matched", listed->listed ? host->name + listed->offset : NULL);
    base_json_key(json, "include_subdomains");
    base_json_bool(json, listed->listed && listed->include_subdomains);
    base_json_key(json, "overridden");
    base_json_bool(json, listed->overridden);
    base_json_key(json, "enforces");
    base_json_bool(json, listed->enforces);
    base_json_object_end(json);
}
