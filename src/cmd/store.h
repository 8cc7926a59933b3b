/*
 * cmd/store.h: what the commands of `holdfast store` share. One file a command, listed in cmd/store.c.
 */
#ifndef CMD_STORE_H
#define CMD_STORE_H

#include "base/claims.h"
#include "base/json.h"
#include "cmd/command.h"
#include "cmd/document.h"
#include "preload/lists.h"
#include "stores/context.h"
#include "stores/find.h"
#include "stores/store.h"

#include <stddef.h>

/* -- Options ------------------------------------------------------------------------------------------------------- */

typedef struct cmd_store_settings {
    cmd_common common;
    bool jsonl, csv;
    base_texts from;
    const char *to;
    bool all;
    const char *root;
    const char *names;
    bool subtree;
    int64_t between; /* HF_TIME_UNKNOWN: not asked for */
    bool dry_run;
    int64_t timeout; /* seconds to wait for a lock; -1: as usual */
    const char *left_out;
    preload_lists_options lists;
} cmd_store_settings;

extern const cmd_store_settings cmd_store_defaults;

#define CMD_STORE_FROM                                                                                                 \
    {                                                                                                                  \
        "from", 0, "KIND:PATH", "this store (may be repeated; default: Holdfast's own)", base_read_texts,              \
            offsetof(cmd_store_settings, from)                                                                         \
    }
#define CMD_STORE_TO                                                                                                   \
    {                                                                                                                  \
        "to", 0, "KIND:PATH", "into this store", base_read_text, offsetof(cmd_store_settings, to)                      \
    }
#define CMD_STORE_ALL                                                                                                  \
    {                                                                                                                  \
        "all", 0, NULL, "every store that `where` finds", NULL, offsetof(cmd_store_settings, all)                      \
    }
#define CMD_STORE_ROOT                                                                                                 \
    {                                                                                                                  \
        "root", 0, "DIR", "look for stores in the homes below DIR, of any system", base_read_text,                     \
            offsetof(cmd_store_settings, root)                                                                         \
    }
#define CMD_STORE_NAMES                                                                                                \
    {                                                                                                                  \
        "names", 0, "FILE", "names, one a line, to try on the hashes that Chromium keeps", base_read_text,             \
            offsetof(cmd_store_settings, names)                                                                        \
    }
/* The names of the lists are tried too; where names are tried, and nowhere else. */
#define CMD_STORE_TRIED CMD_STORE_NAMES, PRELOAD_LISTS_IMAGE(cmd_store_settings)
#define CMD_STORE_DRY_RUN                                                                                              \
    {                                                                                                                  \
        "dry-run", 'n', NULL, "say what would be done, and change nothing", NULL,                                      \
            offsetof(cmd_store_settings, dry_run)                                                                      \
    }
#define CMD_STORE_TIMEOUT                                                                                              \
    {                                                                                                                  \
        "timeout", 0, "DURATION", "the most that a store locked by another process is waited for", base_read_duration, \
            offsetof(cmd_store_settings, timeout)                                                                      \
    }
#define CMD_STORE_LEFT_OUT                                                                                             \
    {                                                                                                                  \
        "left-out", 0, "FILE", "write down every entry that stayed out, and why", base_read_text,                      \
            offsetof(cmd_store_settings, left_out)                                                                     \
    }
#define CMD_STORE_JSONL                                                                                                \
    {                                                                                                                  \
        "jsonl", 0, NULL, "print a JSON document a line", NULL, offsetof(cmd_store_settings, jsonl)                    \
    }
#define CMD_STORE_CSV                                                                                                  \
    {                                                                                                                  \
        "csv", 0, NULL, "print a table for spreadsheets", NULL, offsetof(cmd_store_settings, csv)                      \
    }

/* False, after a word on standard error, if two outputs were asked for at once. */
bool cmd_store_one_output(const char *command, const cmd_store_settings *settings);

/* Prints what went wrong and returns BASE_EXIT_UNCHECKED. */
int cmd_store_fail(const base_error *error);

/* -- Which stores -------------------------------------------------------------------------------------------------- */

typedef struct cmd_store_sources {
    stores_store *items;
    size_t count;
    stores_list found; /* what `items` point to with --all */
    char own[STORES_PATH_MAX];
} cmd_store_sources;

/* False with the reason if --root names no folder. */
bool cmd_store_root(const cmd_store_settings *settings, base_error *error);

/* KIND:PATH, as stores_store_parse, with what the settings say of every store. */
bool cmd_store_parse(const cmd_store_settings *settings, const char *text, char own[STORES_PATH_MAX],
                     stores_store *store, base_error *error);

/* Those that --from and the operands `more` name, with --all every one; when none is named, our own. */
bool cmd_store_sources_open(const cmd_store_settings *settings, char *const *more, size_t more_count,
                            cmd_store_sources *sources, base_error *error);
void cmd_store_sources_close(cmd_store_sources *sources);

/*
 * What codecs need: the names of --names; when one of `sources` (NULL: none does) keeps hashes, those of our own
 * store and of the preload lists too. False with the reason. Give it back with stores_context_done.
 */
bool cmd_store_context(const cmd_store_settings *settings, const cmd_store_sources *sources, stores_context *context,
                       base_error *error);

/* Claims the files of --names and --preload for reading (base/claims.h). */
bool cmd_store_claim_names(const cmd_store_settings *settings, base_claims *claims, base_error *error);

/* -- Output -------------------------------------------------------------------------------------------------------- */

#define CMD_STORE_OUTPUT_MAX ((size_t)64 << 20) /* of one row, far more than there can be */

/* Says, if there are any, how many entries of a store are damaged. */
void cmd_store_tell_damage(const char *path, uint64_t damaged);

/*
 * What a command over several stores returns when `failed` of them could not be done, and `damaged` entries of the
 * others could not be read. Says what was passed over when they were looked for. Either makes it partly done.
 */
int cmd_store_code(size_t failed, uint64_t damaged, const cmd_store_sources *sources);

/* Says what was passed over when stores were looked for; true if nothing was. */
bool cmd_store_saw_all(const stores_list *list);

#endif
