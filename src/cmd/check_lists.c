#include "cmd/check_lists.h"
#include "facts/list_words.h"

/* Chromium's list is Edge's too, for Edge takes it as it is; Safari's is inside the system, and Apple does not publish
 * it. */
const char *const cmd_check_list_names[PRELOAD_WHICHES] = {
    [PRELOAD_CHROMIUM] = "Chrome, Edge", [PRELOAD_FIREFOX] = "Firefox"};

static const facts_engine engines[PRELOAD_WHICHES] = {
    [PRELOAD_CHROMIUM] = FACTS_ENGINE_CHROMIUM, [PRELOAD_FIREFOX] = FACTS_ENGINE_FIREFOX};

static void set_match(const hf_preload *list, facts_site *site, facts_listing *listing)
{
    hf_preload_match match;

    if (site->host.kind != HF_HOST_NAME || !list->cover(list->self, &site->host, &match))
        return;
    listing->matched = site->host.name + match.offset;
    listing->include_subdomains = match.include_subdomains;
}

static void set_listing(const preload_lists *lists, preload_which which, int64_t now, facts_site *site,
                        facts_listing *listing)
{
    const preload_file *file = &lists->files[which];
    char words[FACTS_LIST_WORDS_MAX];

    *listing = (facts_listing){.engine = engines[which],
                               .browsers = cmd_check_list_names[which],
                               .readable = true,
                               .list_time = HF_TIME_UNKNOWN};
    if (file->image == NULL) {
        set_match(lists->floor, site, listing);
        listing->age = listing->matched != NULL ? "built in"
                                                : "no preload list is installed, so only the built-in top-level "
                                                  "domains are known: holdfast preload update";
        return;
    }
    facts_list_words(&file->preload, now, words);
    listing->list = base_arena_string(&site->arena, file->preload.source);
    listing->age = base_arena_string(&site->arena, words);
    listing->list_time = file->preload.list_time;
    listing->stale = hf_preload_is_stale(&file->preload, now);
    set_match(&file->preload, site, listing);
}

void cmd_check_lists(const preload_lists *lists, int64_t now, facts_site *site)
{
    if (lists->floor == NULL)
        return;
    for (int which = 0; which < PRELOAD_WHICHES; which++)
        set_listing(lists, (preload_which)which, now, site, &site->listings[site->listing_count++]);
    site->listings[site->listing_count++] =
        (facts_listing){.engine = FACTS_ENGINE_SAFARI, .browsers = "Safari", .list_time = HF_TIME_UNKNOWN};
}
