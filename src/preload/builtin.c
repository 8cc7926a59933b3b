#include "preload/builtin.h"

#include <stdlib.h>

/* Their owners asked for them once and for all: https://hstspreload.org/#tld. Sorted. */
static const hf_preload_entry domains[] = {
    {"amazon", true},  {"android", true}, {"app", true},           {"audible", true},
    {"azure", true},   {"bank", true},    {"bing", true},          {"boo", true},
    {"channel", true}, {"chrome", true},  {"dad", true},           {"day", true},
    {"dev", true},     {"eat", true},     {"esq", true},           {"fire", true},
    {"fly", true},     {"foo", true},     {"fujitsu", true},       {"gle", true},
    {"gmail", true},   {"google", true},  {"hangout", true},       {"hotmail", true},
    {"imdb", true},    {"ing", true},     {"insurance", true},     {"kindle", true},
    {"meet", true},    {"meme", true},    {"microsoft", true},     {"mov", true},
    {"new", true},     {"nexus", true},   {"office", true},        {"page", true},
    {"phd", true},     {"play", true},    {"prime", true},         {"prof", true},
    {"rsvp", true},    {"search", true},  {"silk", true},          {"skype", true},
    {"windows", true}, {"xbox", true},    {"xn--cckwcxetd", true}, {"xn--jlq480n2rg", true},
    {"youtube", true}, {"zappos", true},  {"zip", true},
};

hf_preload preload_builtin(void)
{
    static const hf_preload_table table = {domains, PRELOAD_BUILTIN_COUNT};
    hf_preload preload = {.size = sizeof preload};

    _Static_assert(sizeof domains / sizeof *domains == PRELOAD_BUILTIN_COUNT, "the table has them all");
    if (hf_preload_from_table(&table, "built-in top-level domains", HF_TIME_UNKNOWN, HF_TIME_NEVER, &preload) != HF_OK)
        abort(); /* the table is sorted: the tests have looked */
    return preload;
}
