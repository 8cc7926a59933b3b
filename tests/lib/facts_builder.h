/*
 * tests/lib/facts_builder.h: facts by short calls. build_site makes a site in best health; a test spoils what it is
 * about. All that is made lies in the site's arena, and is freed by facts_site_done.
 */
#ifndef TESTS_FACTS_BUILDER_H
#define TESTS_FACTS_BUILDER_H

#include "facts/site.h"

#include "holdfast/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000)
#define DAY 86400
#define YEAR "max-age=31536000; includeSubDomains"
#define SPAN(text) ((hf_span){text, sizeof(text) - 1})

/* How many of each there is room for: certificates of a chain, fields of a response, errors ... */
#define BUILD_MAX 16

/* https://NAME/ answers 200 with the header `sts` (NULL: none), over TLS 1.3 with a good chain of two. */
void build_site(facts_site *site, const char *name, const char *sts);

/* Another hop at the end of a chain: `url` answers `status` without fields, over TLS as above. The hop before leads
 * there. */
facts_hop *build_hop(facts_site *site, facts_way way, const char *url, int status);
/* The first hop of the way, and what can be changed of a hop. */
facts_hop *build_first(facts_site *site, facts_way way);
facts_response *build_response(facts_hop *hop);
/* Number `index` of those sent. */
facts_certificate *build_certificate(facts_exchange *exchange, size_t index);

/* A field more. */
void build_field(facts_hop *hop, const char *name, hf_span value);
/* The value of the Strict-Transport-Security header of the response; a second call adds a second header. */
void build_sts(facts_hop *hop, const char *value);
/* Number `index` of the path that was built: the leaf, its issuer, and a public root of the trust store. */
facts_link *build_link(facts_exchange *exchange, size_t index);
/* A chain of its own, for an exchange that was copied. */
void build_chain(facts_site *site, facts_tls *tls, const char *name);
/* One certificate more that is sent. */
facts_certificate *build_sent(facts_exchange *exchange, const char *subject, const char *issuer);
/* A good one, in force. */
facts_staple *build_staple(facts_site *site, facts_exchange *exchange);
void build_error(facts_exchange *exchange, facts_tls_code code, int depth, int sent);
/* No response: the request ended with this failure. */
void build_failure(facts_site *site, facts_exchange *exchange, facts_phase phase, facts_code code);
/* The exchange reached this address. */
void build_reached(facts_site *site, facts_exchange *exchange, const char *address);

/* One of several addresses of the host, which shows what the first hop of HTTPS shows. */
facts_endpoint *build_endpoint(facts_site *site, const char *address);
/* The same over plain HTTP, or of www: what the first hop of the way shows. */
facts_endpoint *build_endpoint_of(facts_site *site, facts_way way, const char *address);

/* The host, asked in another way; `missing`: for a path that cannot exist. */
facts_answer *build_answer(facts_site *site, facts_method method, bool missing, int status, const char *sts);

/* The DNS of the host: one A record, and nothing else. */
facts_name *build_name(facts_site *site);
void build_alias(facts_name *name, const char *to);
void build_caa(facts_name *name, unsigned flags, hf_span tag, hf_span value);
void build_https_record(facts_name *name, facts_https_record record);

#endif
