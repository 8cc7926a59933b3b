/*
 * facts/answers.h: what a host answers over HTTPS to questions that should make no difference to its STS field: another
 * method, another version of HTTP, a path that does not exist.
 */
#ifndef FACTS_ANSWERS_H
#define FACTS_ANSWERS_H

#include "facts/redirects.h"

/* Of a host and of www: HEAD and GET, the page and a path that cannot exist, over HTTP/2 and HTTP/1.1. */
#define FACTS_ANSWERS_MAX 16

typedef struct facts_answer {
    facts_method method;
    bool missing;  /* a path was asked for that cannot exist */
    facts_hop hop; /* its exchange has the TLS of the connection that carried the question */
} facts_answer;

/* All zero: not looked at. */
typedef struct facts_answers {
    const facts_answer *items[FACTS_ANSWERS_MAX];
    size_t count;
} facts_answers;

/* The attempt that connected; NULL: none. */
const facts_attempt *facts_exchange_reached(const facts_exchange *exchange);
/* The address that an exchange reached; NULL: none. */
const char *facts_exchange_address(const facts_exchange *exchange);

void facts_answers_json(const facts_answers *answers, base_json *json);

#endif
