#include "facts/list_words.h"

#include "base/time.h"

#include <stdio.h>

#define DAY 86400

void facts_list_words(const hf_preload *list, int64_t now, char words[FACTS_LIST_WORDS_MAX])
{
    const char *source = list->source != NULL && *list->source != '\0' ? list->source : "a list without a name";
    char until[BASE_TIME_MAX];
    long long days;

    if (list->list_time == HF_TIME_UNKNOWN) {
        snprintf(words, FACTS_LIST_WORDS_MAX, "%s", source);
    } else if (now < list->list_time) {
        snprintf(words, FACTS_LIST_WORDS_MAX, "%s, made later than now", source);
    } else {
        days = (long long)(((uint64_t)now - (uint64_t)list->list_time) / DAY);
        base_time_format(list->life > HF_TIME_NEVER - 1 - (list->list_time > 0 ? list->list_time : 0)
                             ? HF_TIME_NEVER
                             : list->list_time + list->life,
                         until);
        snprintf(words, FACTS_LIST_WORDS_MAX, "%s, %lld day%s old%s%s", source, days, days == 1 ? "" : "s",
                 hf_preload_is_stale(list, now) ? ", too old to enforce since " : "",
                 hf_preload_is_stale(list, now) ? until : "");
    }
}
