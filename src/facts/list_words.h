/*
 * facts/list_words.h: a preload list and its age, in words.
 */
#ifndef FACTS_LIST_WORDS_H
#define FACTS_LIST_WORDS_H

#include "holdfast/preload.h"

/* "Chromium 2026-06-01, 172 days old", "..., too old to enforce since 2026-08-10T00:00:00Z" */
#define FACTS_LIST_WORDS_MAX 512
void facts_list_words(const hf_preload *list, int64_t now, char words[FACTS_LIST_WORDS_MAX]);

#endif
