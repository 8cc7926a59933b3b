#include "preload/lists.h"

#include "facts/list_words.h"
#include "preload/builtin.h"

#include <string.h>

/* A damaged image must not silently mean a weaker protection. */
static void find(preload_lists *lists, preload_which which)
{
    base_error error;

    if (preload_file_find(&lists->files[which], which, &error))
        return;
    base_error_wrap(&error, "warning: the preload image cannot be used");
    base_error_print(&error, stderr);
}

/* Whose list it is, its source tells; the name of the file may be any. */
static bool open_named(preload_lists *lists, const char *path, base_error *error)
{
    preload_file file;

    if (!preload_file_open(&file, path, error))
        return false;
    lists->files[strncmp(file.preload.source, "Firefox", 7) == 0 ? PRELOAD_FIREFOX : PRELOAD_CHROMIUM] = file;
    return true;
}

static void limit_age(preload_lists *lists, int64_t max_age)
{
    for (size_t i = 0; i < PRELOAD_WHICHES && max_age != HF_TIME_UNKNOWN; i++)
        lists->files[i].preload.life = max_age;
}

/*
 * The first that still enforces, else the first: a list that came in the place of one that grew old is there to be
 * asked.
 */
static const hf_preload *choose(const preload_lists *lists, int64_t now)
{
    const hf_preload *first = NULL;

    for (size_t i = 0; i < PRELOAD_WHICHES; i++) {
        const preload_file *file = &lists->files[i];

        if (file->image != NULL && !hf_preload_is_stale(&file->preload, now))
            return &file->preload;
        if (file->image != NULL && first == NULL)
            first = &file->preload;
    }
    return first;
}

bool preload_lists_open(preload_lists *lists, const preload_lists_options *options, int64_t now, base_error *error)
{
    *lists = (preload_lists){.builtin = preload_builtin()};
    if (options->none)
        return true;
    lists->floor = &lists->builtin;
    if (options->image != NULL) {
        if (!open_named(lists, options->image, error))
            return false;
    } else {
        for (size_t i = 0; i < PRELOAD_WHICHES; i++)
            find(lists, (preload_which)i);
    }
    limit_age(lists, options->max_age);
    lists->image = choose(lists, now);
    return true;
}

void preload_lists_close(preload_lists *lists)
{
    for (size_t i = 0; i < PRELOAD_WHICHES; i++)
        preload_file_close(&lists->files[i]);
    *lists = (preload_lists){0};
}

const hf_preload *preload_lists_cover(const preload_lists *lists, const hf_host *host, hf_preload_match *match)
{
    if (host->kind != HF_HOST_NAME)
        return NULL;
    if (lists->image != NULL && lists->image->cover(lists->image->self, host, match))
        return lists->image;
    if (lists->floor != NULL && lists->floor->cover(lists->floor->self, host, match))
        return lists->floor;
    return NULL;
}

void preload_lists_mention(const preload_lists *lists, int64_t now)
{
    char words[FACTS_LIST_WORDS_MAX];
    base_error note;

    if (lists->floor == NULL)
        return;
    if (lists->image == NULL) {
        base_error_set(
            &note,
            "note: no preload list is installed: of the hosts that browsers know beforehand, only %d top-level "
            "domains are known (holdfast preload update)",
            PRELOAD_BUILTIN_COUNT);
    } else if (hf_preload_is_stale(lists->image, now)) {
        facts_list_words(lists->image, now, words);
        base_error_set(&note, "note: the preload list is stale: %s (holdfast preload update)", words);
    } else {
        return;
    }
    base_error_print(&note, stderr);
}
