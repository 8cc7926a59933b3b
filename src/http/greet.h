/*
 * http/greet.h: one ClientHello, sent to a host by the way that every request to it takes, and the first words of its
 * answer (tls/hello.h).
 */
#ifndef HTTP_GREET_H
#define HTTP_GREET_H

#include "http/fetch.h"
#include "tls/hello.h"

typedef struct http_greeting {
    /* What to do: set before. Everything is borrowed. */
    const tls_hello *hello;
    int64_t limit;      /* milliseconds that the answer may take */
    size_t first_piece; /* octets that are sent alone, and the rest a moment later; 0: all at once */
    tls_exchange (*exchange_of)(uint16_t suite); /* as tls_reply_read takes it */
    /* What came of it. */
    facts_exchange exchange;      /* the way to the host; its failure is one before TLS */
    tls_reply_state state;        /* TLS_REPLY_MORE: no answer; `failure` says why */
    const facts_failure *failure; /* the connection ended, or time did, before the server had answered */
    tls_reply reply;
    size_t octets; /* of the ClientHello */
} http_greeting;

/* `request` needs no method and no target. `done(self)` is called once, from the loop; what it is told lies in `arena`.
 * Everything given must live until then. */
void http_greet(const http_client *client, const http_request *request, base_arena *arena, http_greeting *greeting,
                void (*done)(void *self), void *self);

#endif
