/*
 * facts/subdomains.h: the names below a host that has, or may get, a policy with includeSubDomains: where each is known
 * from, and whether its visitors get in once only HTTPS is left to them.
 */
#ifndef FACTS_SUBDOMAINS_H
#define FACTS_SUBDOMAINS_H

#include "base/json.h"
#include "base/memory.h"
#include "facts/page.h"

#include "holdfast/host.h"

#define FACTS_SUBDOMAINS_MAX 10000 /* names of one host; more are counted */

/* symbol, name, text: where a name is known from. The names of this page's tables are stable. */
#define FACTS_SOURCE_MAP(X)                                                                                            \
    X(LIST, "list", "the list of names")                                                                               \
    X(ZONE, "zone", "the zone file")                                                                                   \
    X(TRANSFER, "transfer", "the zone transfer")                                                                       \
    X(CERTIFICATE, "certificate", "a certificate")                                                                     \
    X(REDIRECT, "redirect", "a redirect")

typedef enum facts_source {
#define FACTS_X(symbol, name, text) FACTS_SOURCE_##symbol,
    FACTS_SOURCE_MAP(FACTS_X)
#undef FACTS_X
        FACTS_SOURCES
} facts_source;

const char *facts_source_name(facts_source source);
const char *facts_source_text(facts_source source);

/* symbol, name */
#define FACTS_SUBDOMAIN_MAP(X)                                                                                         \
    X(GOOD, "good")           /* answers HTTPS in a way that browsers accept */                                        \
    X(ABSENT, "absent")       /* does not resolve: nobody can be lost */                                               \
    X(SILENT, "silent")       /* resolves, and refuses connections on the ports of both HTTPS and HTTP */              \
    X(BROKEN, "broken")       /* visitors do not get in over HTTPS */                                                  \
    X(UNKNOWN, "unknown")     /* could not be proved */                                                                \
    X(WILDCARD, "wildcard")   /* a wildcard in the DNS, which stands for any name: not asked */                        \
    X(DELEGATED, "delegated") /* the names below it are in a zone of their own, which was not read: not asked */

typedef enum facts_subdomain_state {
#define FACTS_X(symbol, name) FACTS_SUBDOMAIN_##symbol,
    FACTS_SUBDOMAIN_MAP(FACTS_X)
#undef FACTS_X
        FACTS_SUBDOMAIN_STATES
} facts_subdomain_state;

const char *facts_subdomain_state_name(facts_subdomain_state state);

/* symbol, name: what the name answers over plain HTTP. */
#define FACTS_PLAIN_MAP(X)                                                                                             \
    X(UNSEEN, "unseen")       /* not asked, or this machine could not look */                                          \
    X(SILENT, "silent")       /* nothing */                                                                            \
    X(REDIRECTS, "redirects") /* a redirect to its own HTTPS */                                                        \
    X(ANSWERS, "answers")     /* a page, or a redirect elsewhere */

typedef enum facts_plain {
#define FACTS_X(symbol, name) FACTS_PLAIN_##symbol,
    FACTS_PLAIN_MAP(FACTS_X)
#undef FACTS_X
} facts_plain;

const char *facts_plain_name(facts_plain plain);

/* symbol, name: what makes browsers ask for nothing but HTTPS below the host. */
#define FACTS_COVER_MAP(X)                                                                                             \
    X(NONE, NULL)         /* nothing, and nobody asks: the names were not looked at */                                 \
    X(WOULD, "would")     /* nothing yet: what would be */                                                             \
    X(POLICY, "policy")   /* the policy that is in force has includeSubDomains */                                      \
    X(PRELOAD, "preload") /* a preload list has the host, or one above it, with its subdomains */

typedef enum facts_cover {
#define FACTS_X(symbol, name) FACTS_COVER_##symbol,
    FACTS_COVER_MAP(FACTS_X)
#undef FACTS_X
} facts_cover;

const char *facts_cover_name(facts_cover cover); /* NULL of FACTS_COVER_NONE */

typedef struct facts_subdomain {
    const char *name; /* canonical, without "*." */
    unsigned sources; /* a bit for each facts_source: 1 << source */
    facts_subdomain_state state;
    facts_plain plain;
    const char *cause, *text;    /* a stable word, and one clause: why it is not good; NULL: it is, or was not asked */
    bool refused[FACTS_ENGINES]; /* by which browsers; of FACTS_ENGINE_ANY: by one of them */
} facts_subdomain;

/* A source that could not be read. */
typedef struct facts_source_failure {
    facts_source source;
    const char *from, *text; /* the server that was asked, and why */
} facts_source_failure;

typedef struct facts_subdomains {
    facts_cover cover;
    facts_subdomain *items; /* by name, behind facts_subdomains_sort */
    size_t count, capacity;
    size_t passed_over; /* service names ("_dmarc"), and others that no host can have */
    size_t outside;     /* names given that are not below the host */
    size_t left_out;    /* beyond FACTS_SUBDOMAINS_MAX */
    size_t seen;        /* new names that the host's own answers tell */
    facts_source_failure *failures;
    size_t failure_count, failure_capacity;
} facts_subdomains;

/*
 * Adds a name, in ASCII, as one to be asked (FACTS_SUBDOMAIN_UNKNOWN), or as a wildcard or a delegation; "*." in front
 * makes it a wildcard. One that is not below `host` is counted, `host` itself is passed over in silence.
 */
void facts_subdomains_add(facts_subdomains *subdomains, const hf_host *host, const char *name, facts_source source,
                          facts_subdomain_state state, base_arena *arena);
void facts_subdomains_fail(facts_subdomains *subdomains, facts_source source, const char *from, const char *text,
                           base_arena *arena);
/* Sorts by name, and makes one of those that are the same. */
void facts_subdomains_sort(facts_subdomains *subdomains);

size_t facts_subdomains_count(const facts_subdomains *subdomains, facts_subdomain_state state);
/* True if something that was to be known is not. */
bool facts_subdomains_is_partial(const facts_subdomains *subdomains);

/* null if they were not looked at. */
void facts_subdomains_json(const facts_subdomains *subdomains, base_json *json);

#endif
