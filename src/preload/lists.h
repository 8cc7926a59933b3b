/*
 * preload/lists.h: the preload lists of a command: an image, and below it the built-in top-level domains.
 */
#ifndef PRELOAD_LISTS_H
#define PRELOAD_LISTS_H

#include "base/term.h"
#include "preload/file.h"

typedef struct preload_lists_options {
    const char *image; /* --preload FILE; NULL: the first at hand that still enforces at `now` */
    bool none;         /* --no-preload */
    int64_t max_age;   /* --max-list-age; HF_TIME_UNKNOWN: each list's own life */
} preload_lists_options;

#define PRELOAD_LISTS_DEFAULTS                                                                                         \
    {                                                                                                                  \
        .max_age = HF_TIME_UNKNOWN                                                                                     \
    }

/* The options of every command that asks lists; `settings` has a preload_lists_options named `lists`. */
#define PRELOAD_LISTS_IMAGE(settings)                                                                                  \
    {"preload",      0,                                                                                                \
     "FILE",         "the preload image to ask, instead of the installed one",                                         \
     base_read_text, offsetof(settings, lists.image)},                                                                 \
    {                                                                                                                  \
        "no-preload", 0, NULL, "ask no preload list, not even the built-in top-level domains", NULL,                   \
            offsetof(settings, lists.none)                                                                             \
    }
#define PRELOAD_LISTS_OPTIONS(settings)                                                                                \
    PRELOAD_LISTS_IMAGE(settings),                                                                                     \
    {                                                                                                                  \
        "max-list-age", 0, "DURATION", "a list enforces up to this age, instead of its own life", base_read_duration,  \
            offsetof(settings, lists.max_age)                                                                          \
    }

typedef struct preload_lists {
    preload_file files[PRELOAD_WHICHES]; /* with --preload, one of them */
    const hf_preload *image;             /* of the files the one to ask; NULL: there is none */
    hf_preload builtin;
    const hf_preload *floor; /* the built-in ones, known even when the image is too old; NULL with --no-preload */
} preload_lists;

/*
 * False with the reason if the image named cannot be used. One that nobody named and that cannot be used is told on
 * standard error, and the next is taken.
 */
bool preload_lists_open(preload_lists *lists, const preload_lists_options *options, int64_t now, base_error *error);
void preload_lists_close(preload_lists *lists);

/* The list that covers `host`, whatever its age: the image or the floor. NULL: none does. */
const hf_preload *preload_lists_cover(const preload_lists *lists, const hf_host *host, hf_preload_match *match);

/* Tells on standard error what limits the answers: no list, or one too old. */
void preload_lists_mention(const preload_lists *lists, int64_t now);

#endif
