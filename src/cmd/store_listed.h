/*
 * cmd/store_listed.h: what the preload list of a store's program says about a host.
 */
#ifndef CMD_STORE_LISTED_H
#define CMD_STORE_LISTED_H

#include "base/json.h"
#include "preload/lists.h"

/* The names of a host's walk upwards for which the store has its own say, by where each begins in the host's name. */
typedef struct cmd_store_walk {
    bool has_say[HF_HOST_MAX];
} cmd_store_walk;

/* Get one from cmd_store_list_ask. */
typedef struct cmd_store_listed {
    const hf_preload *list; /* that was asked; NULL: none is at hand, and of what follows only `asks` is set */
    bool asks;              /* the program has a list built in */
    bool is_own;            /* `list` is that one as it was published; false: it belongs to another browser */
    bool listed;
    size_t offset; /* of the name listed in the host's name */
    bool include_subdomains;
    bool stale;
    bool overridden; /* Firefox: its store has another say, and that counts */
    bool enforces;   /* the program does, by its list alone */
    bool walls;      /* it does, or it would by an edition newer than ours that has the name still */
} cmd_store_listed;

/* What a lock-out by a list is answered with, and by one that may have changed since. */
#define CMD_STORE_PRELOADED "preloaded: nobody can remove it here; fix the certificate"
#define CMD_STORE_PRELOADED_ONCE                                                                                       \
    "preloaded, if its newer list has the name still: nobody can remove it here; fix the certificate"

/*
 * Asks the list that the program of `kind` has built in, or else another for comparison. Firefox asks its list only for names that its
 * store says nothing about (`walk`).
 */
cmd_store_listed cmd_store_list_ask(const preload_lists *lists, const char *kind, const hf_host *host,
                                    const cmd_store_walk *walk, int64_t now);

/* One line, when there is something to say. */
void cmd_store_list_print(const cmd_store_listed *listed, const char *kind, const hf_host *host, int64_t now,
                          base_term *term);

/* An object, or null if no list was to be asked. */
void cmd_store_list_json(const cmd_store_listed *listed, bool asked, const hf_host *host, base_json *json);

#endif
