/*
 * facts/stores.h: what was seen in the HSTS stores of programs, and what became of a change to one. Plain values:
 * src/stores fills them in, src/report prints them.
 */
#ifndef FACTS_STORES_H
#define FACTS_STORES_H

#include "base/error.h"
#include "base/memory.h"
#include "holdfast/formats.h"
#include "holdfast/preload.h"

#include <stdbool.h>

#define FACTS_STORE_OWN "holdfast" /* the kind of our own store */

typedef struct facts_store {
    const char *kind, *path;
} facts_store;

/* One row of a store, and what its program does with it. */
typedef struct facts_store_row {
    const hf_row *row;
    bool enforces, expired;
    hf_span partition; /* as shown: empty where the store's own text for it is not one */
} facts_store_row;

/* -- A place with a store ------------------------------------------------------------------------------------------ */

typedef enum facts_running {
    FACTS_IDLE,
    FACTS_RUNNING,
    FACTS_RUNNING_UNKNOWN, /* this system does not tell */
} facts_running;

#define FACTS_WHO_MAX 160

typedef struct facts_store_place {
    const char *program;
    facts_store store;
    uint64_t entries, damaged;
    int64_t size;
    bool readable; /* false: `problem` says why */
    facts_running running;
    char who[FACTS_WHO_MAX]; /* "process 4711 (firefox)"; empty unless running */
    base_error problem;
} facts_store_place;

/* -- A change ------------------------------------------------------------------------------------------------------ */

#define FACTS_STORE_EXAMPLES_MAX 1000

/* What rows lost on the way: one for each bit of hf_losses. */
typedef struct facts_store_loss {
    hf_loss loss;
    uint64_t count;
    const char *examples[FACTS_STORE_EXAMPLES_MAX]; /* the first of them */
} facts_store_loss;

#define FACTS_STORE_LOSSES 32

typedef struct facts_store_outcome {
    facts_store store;
    uint64_t kept, gone, added, left_out;
    uint64_t newer; /* not put in, because the store knows something newer */
    bool dry_run;
    const char *backup; /* NULL: there was nothing to keep */
    facts_store_loss *losses[FACTS_STORE_LOSSES];
    base_arena arena;
} facts_store_outcome;

/* A copy from other stores: what did not come along by itself. */
typedef struct facts_store_copied {
    facts_store_outcome outcome;
    uint64_t expired, superseded, damaged;
    uint64_t lowered;                                    /* hosts that are protected less than before */
    const char *lowered_hosts[FACTS_STORE_EXAMPLES_MAX]; /* the first of them */
    base_arena arena;                                    /* of their names */
} facts_store_copied;

#define FACTS_STORE_NAMES_MAX 1000

/* What was forgotten. */
typedef struct facts_store_forgotten {
    facts_store_outcome outcome;
    bool subtree;
    uint64_t untimed;                         /* stayed, because the store does not keep when they were noted */
    uint64_t nameless;                        /* stayed, because only a hash is known */
    uint64_t damaged;                         /* stayed, because nobody can tell whose they are */
    const char *parent;                       /* an entry that stays covers a host that was to go; NULL: none does */
    const char *names[FACTS_STORE_NAMES_MAX]; /* the first of those that went */
    size_t name_count;
} facts_store_forgotten;

/* -- A question about a host --------------------------------------------------------------------------------------- */

/* What the preload list of a store's program says about a host. */
typedef struct facts_store_listed {
    const hf_preload *list; /* that was asked; NULL: none is installed, and of what follows only `asks` is set */
    bool asks;              /* the program has a list built in */
    bool is_own;            /* `list` is that one as it was published; false: it belongs to another browser */
    bool listed;
    size_t offset; /* of the name listed in the host's name */
    bool include_subdomains;
    bool stale;
    bool overridden; /* Firefox: its store has another say, and that counts */
    bool enforces;   /* the program does, by its list alone */
    bool walls;      /* it does, or it would by an edition newer than ours that has the name still */
} facts_store_listed;

typedef struct facts_store_answer {
    facts_store store;
    const hf_host *host;
    bool browser; /* the store is a browser's */
    /* Of the store. */
    bool found;
    bool enforces;
    bool preloaded; /* by a mark of the store itself */
    size_t depth;   /* octets of the host in front of the row's name; 0: the host itself */
    hf_row row;     /* its texts copied into the arena */
    /* Of the list. */
    bool list_asked;
    facts_store_listed listed;
    const char *lifted_by; /* what would end it; NULL: nothing is enforced */
    bool liftable;         /* on this machine */
    base_arena arena;
} facts_store_answer;

#endif
