/* http/curl.h: what every use of libcurl here has in common, for the files of http alone. */
#ifndef HTTP_CURL_H
#define HTTP_CURL_H

#include "base/error.h"
#include "base/options.h"

#include <curl/curl.h>

typedef struct http_curl_options {
    const char *url;
    const char *cafile;           /* trusted instead of the system's certificates (PEM); NULL: the system's */
    const base_texts *connect_to; /* rules as curl's --connect-to has them; NULL: none */
    bool allows_http;             /* http is spoken to any host; without it to this machine alone, and by no proxy */
    bool follows;                 /* redirects, to https alone */
} http_curl_options;

/* What curl keeps no copy of. */
typedef struct http_curl {
    CURL *easy;
    struct curl_slist *headers, *routes;
    char text[CURL_ERROR_SIZE];
} http_curl;

/*
 * Verifies certificates, speaks http and https alone, and takes the proxies of the environment. False with the reason:
 * the URL is not one that may be asked. Call http_curl_done in any case; *curl must stay where it is until then.
 */
bool http_curl_init(http_curl *curl, const http_curl_options *options, base_error *error);
void http_curl_done(http_curl *curl);

/* Adds a line to the request's head. */
void http_curl_add_header(http_curl *curl, const char *line);

/* What went wrong, in curl's words. */
const char *http_curl_reason(const http_curl *curl, CURLcode code);

#endif
