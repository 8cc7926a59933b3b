/*
 * cmd/lists.h: the preload lists of a command: an image, and below it the built-in top-level domains.
 */
#ifndef CMD_LISTS_H
#define CMD_LISTS_H

#include "base/term.h"
#include "preload/file.h"

typedef struct cmd_lists_options {
    const char *image; /* --preload FILE; NULL: the first at hand that still enforces at `now` */
    bool none;         /* --no-preload */
    int64_t max_age;   /* --max-list-age; HF_TIME_UNKNOWN: each list's own life */
} cmd_lists_options;

#define CMD_LISTS_DEFAULTS                                                                                             \
    {                                                                                                                  \
        .max_age = HF_TIME_UNKNOWN                                                                                     \
    }

/* The options of every command that asks lists; `settings` has a cmd_lists_options named `lists`. */
#define CMD_LISTS_IMAGE(settings)                                                                                      \
    {"preload",      0,                                                                                                \
     "FILE",         "the preload image to ask, instead of the one at hand",                                           \
     base_read_text, offsetof(settings, lists.image)},                                                                 \
    {                                                                                                                  \
        "no-preload", 0, NULL, "ask no preload list, not even the built-in top-level domains", NULL,                   \
            offsetof(settings, lists.none)                                                                             \
    }
#define CMD_LISTS_OPTIONS(settings)                                                                                    \
    CMD_LISTS_IMAGE(settings),                                                                                         \
    {                                                                                                                  \
        "max-list-age", 0, "DURATION", "a list enforces up to this age, instead of its own life", base_read_duration,  \
            offsetof(settings, lists.max_age)                                                                          \
    }

typedef struct cmd_lists {
    preload_file files[PRELOAD_WHICHES]; /* with --preload, one of them */
    const hf_preload *image;             /* of the files the one to ask; NULL: there is none */
    hf_preload builtin;
    const hf_preload *floor; /* the built-in ones, known even when the image is too old; NULL with --no-preload */
} cmd_lists;

/*
 * False with the reason if the image named cannot be used. One that nobody named and that cannot be used is told on standard error,
 * and the next is taken.
 */
bool cmd_lists_open(cmd_lists *lists, const cmd_lists_options *options, int64_t now, base_error *error);
void cmd_lists_close(cmd_lists *lists);

/* The list that covers `host`, whatever its age: the image or the floor. NULL: none does. */
const hf_preload *cmd_lists_cover(const cmd_lists *lists, const hf_host *host, hf_preload_match *match);

/* "Chromium 2026-06-01, 172 days old", "..., too old to enforce since 2026-08-10T00:00:00Z" */
#define CMD_LIST_WORDS_MAX 512
void cmd_list_words(const hf_preload *list, int64_t now, char words[CMD_LIST_WORDS_MAX]);

/* Tells on standard error what limits the answers: no list, or one too old. */
void cmd_lists_mention(const cmd_lists *lists, int64_t now);

#endif
