/*
 * agent/book.h: the Known HSTS Hosts of a browser: kept in a file, or in memory for as long as it runs.
 */
#ifndef AGENT_BOOK_H
#define AGENT_BOOK_H

#include "base/error.h"
#include "holdfast/store.h"

/* All zero: nothing is known, and nothing can be noted. */
typedef struct agent_book {
    const hf_preload *preload; /* the list to ask besides; borrowed, NULL: none */
    const hf_preload *floor;   /* the list to ask when all else knows nothing; borrowed, NULL: none */
    hf_store *store;           /* one of these two */
    hf_hosts *hosts;
    int64_t life_max; /* seconds for which a policy is held at most; 0: as long as it says */
} agent_book;

/* How the file is opened. */
typedef struct agent_book_options {
    bool enforce_localhost;
    uint32_t lock_wait; /* the most that the file is waited for, as in hf_store_options */
    /* Hears of what is damaged in the file. May be NULL. */
    void (*damaged)(void *self, const hf_damage *damage);
    void *self;
} agent_book_options;

/* The file at `path`, made if it is missing. */
bool agent_book_open(agent_book *book, const char *path, const agent_book_options *options, base_error *error);

/* Memory alone. It begins with what the file at `path` holds, if it is there; NULL: with nothing. The file is only
 * read. */
bool agent_book_open_memory(agent_book *book, const char *path, const agent_book_options *options, base_error *error);

void agent_book_close(agent_book *book);

/*
 * hf_decide_url, and when that enforces nothing, once more with `floor` (NULL: none) as the list: what is built in
 * stays known when the list that was brought is too old.
 */
void agent_decide(const hf_known *known, const hf_preload *floor, const hf_url *url, int64_t now, hf_verdict *verdict);

/* Decides by what is known at this moment, what other programs noted meanwhile included. */
void agent_book_decide(agent_book *book, const hf_url *url, int64_t now, hf_verdict *verdict);

/* Notes by the rules of RFC 6797 8.1. False, with the reason, if it could not be kept. */
bool agent_book_note(agent_book *book, const hf_host *host, const hf_field *fields, size_t count,
                     const hf_response *response, hf_noted *noted, base_error *error);

#endif
