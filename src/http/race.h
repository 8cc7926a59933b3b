/*
 * http/race.h: a TCP connection to the first of several addresses that answers, as browsers make it (RFC 8305 5): the
 * next address is tried when one has failed, or after HTTP_RACE_DELAY without an answer; the one that connects wins,
 * and the others are closed. Families alternate (RFC 8305 4), beginning with that of the first address.
 */
#ifndef HTTP_RACE_H
#define HTTP_RACE_H

#include "facts/exchange.h"
#include "io/address.h"
#include "io/stream.h"

#define HTTP_RACE_DELAY 250 /* milliseconds: "Connection Attempt Delay", RFC 8305 8 */

/* Everything is borrowed until the race is over. */
typedef struct http_course {
    io_loop *loop;
    base_arena *arena; /* of the failures */
    const io_address *addresses;
    const char *const *texts; /* of the addresses, for the attempts */
    size_t count;             /* 1 to IO_ADDRESSES_MAX */
    int64_t limit;            /* milliseconds that each address may take */
    facts_attempt *attempts;  /* filled in as they begin; room for one of each address */
    size_t *attempt_count;
} http_course;

typedef struct http_race http_race;

/*
 * Begins. `over` is called once from the loop, when the race is gone already: with the stream, which is ready, and the
 * numbers of its address and its attempt; or with NULL, when every attempt has its failure. An attempt that another
 * address outran fails with FACTS_FAILURE_OVERTAKEN.
 */
typedef void http_race_over(void *self, io_stream *stream, size_t address, size_t attempt);
http_race *http_race_begin(const http_course *course, http_race_over *over, void *self);

/* Ends it before `over`, which is then not called; open attempts fail with `code`. NULL is allowed. */
void http_race_end(http_race *race, facts_code code);

#endif
