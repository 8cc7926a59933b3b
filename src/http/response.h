/*
 * http/response.h: the requests on a connection and their responses, in every version of HTTP.
 */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "facts/exchange.h"

/* One request; a connection may carry several. */
typedef struct http_request_line {
    facts_method method;
    const char *target; /* "/" */
} http_request_line;

/* What came of one request. Neither response nor failure: it was never sent, since the connection was closed in good
 * order before. */
typedef struct http_answer {
    const facts_response *response;
    const facts_failure *failure;
    const facts_reading *firefox; /* as in facts_exchange, and so is the next */
    const facts_response *refused;
} http_answer;

#define HTTP_CONTENT_MAX 262144 /* octets of a body that are passed over, for the sake of the next question */

/* The wall clock, in Unix seconds: where a response's `received` comes from. */
typedef int64_t http_clock(void);
int64_t http_real_clock(void);

/* The moment that a date of RFC 9110 5.6.7 names, or that one of the forms of cookies does; HF_TIME_UNKNOWN: none. */
int64_t http_date(hf_span value);

/* Sets `received` and `date` of a response whose fields are set. */
void http_response_date(facts_response *response, http_clock *clock);

#endif
