/*
 * http/call.h: an HTTP call that does not block: libcurl on the loop, beside whatever else runs there. For webhooks and
 * web services.
 *
 * Certificates are verified; https alone, http only to this very machine, unless asked; no redirects, unless asked. The
 * proxies are those of the environment, as curl reads it: https_proxy or HTTPS_PROXY, http_proxy, all_proxy or
 * ALL_PROXY, no_proxy or NO_PROXY.
 */
#ifndef HTTP_CALL_H
#define HTTP_CALL_H

#include "io/address.h"
#include "io/loop.h"

#include "base/error.h"
#include "base/options.h"
#include "holdfast/header.h"

typedef struct http_caller http_caller; /* any number of calls, which share connections */
typedef struct http_call http_call;

#define HTTP_CALL_FIELDS_MAX 256
#define HTTP_CALL_HEAD_MAX 65536 /* octets of a head that are kept; fields beyond are left out */

typedef struct http_call_options {
    const char *url;
    const char *method;         /* NULL: GET, or POST with a body */
    const char *const *headers; /* lines "Name: value", NULL at the end; NULL: none */
    const char *body;           /* NULL: none */
    size_t body_length;
    size_t answer_max;            /* octets of the answer's body that are kept; the rest is not waited for */
    int64_t timeout_ms;           /* for the whole call; 0: 30 s */
    const char *cafile;           /* trusted instead of the system's certificates (PEM); NULL: the system's */
    const base_texts *connect_to; /* rules as curl's --connect-to has them; NULL: none */
    bool allows_http;             /* to any host */
    bool follows;                 /* redirects, to https alone, and at most 5 */
    bool (*allows)(const io_address *address); /* whether this may be connected to, be it a proxy's; NULL: any */
} http_call_options;

/* What came of a call; good for the time of `done`. */
typedef struct http_called {
    const char *error; /* NULL: an answer came, with any status */
    bool timed_out;    /* that is the error */
    int status;
    const hf_field *fields;
    size_t field_count;
    const char *body; /* never NULL; a NUL stands behind it */
    size_t body_length;
    bool cut; /* there was more of it */
} http_called;

http_caller *http_caller_new(io_loop *loop);
/* Cancels the calls that are under way. Not from inside `done`. */
void http_caller_free(http_caller *caller);

/*
 * Begins; everything given is copied, but for `cafile`. `done(self, ...)` is called once, from the loop, and the call
 * is then over. NULL with the reason: the URL may not be asked, or a header has a line break.
 */
http_call *http_call_begin(http_caller *caller, const http_call_options *options,
                           void (*done)(void *self, const http_called *called), void *self, base_error *error);

/* Ends it without calling `done`. */
void http_call_cancel(http_call *call);

#endif
