/*
 * http/as_browser.h: the fields of a request, as a browser sends them when its user types a URL: servers answer who
 * asks otherwise with something else. They are Chromium's, in its order (156, measured at both versions of HTTP), but
 * for Accept-Encoding: nothing is decompressed here.
 */
#ifndef HTTP_AS_BROWSER_H
#define HTTP_AS_BROWSER_H

#include "base/error.h"
#include "base/memory.h"
#include "holdfast/header.h"

#include <stdbool.h>

#define HTTP_GIVEN_MAX 32           /* fields that a user may give */
#define HTTP_GIVEN_OCTETS_MAX 16384 /* of all of them together */
#define HTTP_FIELDS_MAX (HTTP_GIVEN_MAX + 16)

/* What its user changes of it; all zero: nothing. */
typedef struct http_as_browser {
    const char *user_agent; /* NULL: the browser's */
    /* A field of the same name takes the place of the browser's, and without a value takes it away. */
    hf_field given[HTTP_GIVEN_MAX];
    size_t given_count, given_octets;
} http_as_browser;

/* The browser's User-Agent. */
extern const char http_browser_agent[];

/* To whom a request goes. */
typedef struct http_addressee {
    bool secure; /* over TLS */
    bool http2;
    bool named;          /* the host that the user named: only there goes what browsers do not send by themselves */
    bool trusted;        /* over TLS without any error: only there go credentials */
    const char *cookies; /* those that the host has set; NULL: none */
} http_addressee;

/* Fills in *fields, in their order, without Host, Connection and those of a proxy; returns how many. Names have the
 * case of HTTP/1.1. What is made for it lies in `arena`. */
size_t http_browser_fields(const http_as_browser *with, const http_addressee *to, base_arena *arena,
                           hf_field fields[static HTTP_FIELDS_MAX]);

/* True if a field that was given is a credential by its name. */
bool http_has_credentials(const http_as_browser *with);

/*
 * Adds "Name: value", which is borrowed. False with the reason, in which the value is not: it may be a secret. Names
 * of fields that tell one message from the next, or name the host, are refused.
 */
bool http_give_field(http_as_browser *with, const char *text, base_error *error);

/* Sets the User-Agent, which is borrowed. False with the reason. */
bool http_give_agent(http_as_browser *with, const char *text, base_error *error);

#endif
