/*
 * facts/verdict.h: who gets in, and for how long. src/agent forms it by the visits that it makes over what was seen;
 * rules explain it, and reports print it.
 */
#ifndef FACTS_VERDICT_H
#define FACTS_VERDICT_H

#include "facts/page.h"

#include "base/json.h"

#include "holdfast/hosts.h"

/* symbol, name: the ways in. */
#define FACTS_WAY_MAP(X)                                                                                               \
    X(HTTPS, "https")         /* https://HOST */                                                                       \
    X(HTTP, "http")           /* http://HOST */                                                                        \
    X(WWW_HTTPS, "www_https") /* https://www.HOST */                                                                   \
    X(WWW_HTTP, "www_http")

typedef enum facts_way {
#define FACTS_X(symbol, name) FACTS_##symbol,
    FACTS_WAY_MAP(FACTS_X)
#undef FACTS_X
        FACTS_WAYS
} facts_way;

const char *facts_way_name(facts_way way);

/* symbol, name: what a visitor meets, from good to bad. The names are stable. */
#define FACTS_ACCESS_MAP(X)                                                                                            \
    X(OPEN, "open")             /* gets in */                                                                          \
    X(WARNED, "warned")         /* a warning; the user can proceed */                                                  \
    X(LOCKED_OUT, "locked-out") /* an error page that cannot be bypassed (RFC 6797 8.4) */                             \
    X(NONE, "none")             /* no page at all: no connection, no TLS, no response, or redirects without end */     \
    X(UNSEEN, "unseen")         /* not known: on the way this machine could look no further */

typedef enum facts_access {
#define FACTS_X(symbol, name) FACTS_ACCESS_##symbol,
    FACTS_ACCESS_MAP(FACTS_X)
#undef FACTS_X
} facts_access;

const char *facts_access_name(facts_access access);

/* symbol, name: who comes. */
#define FACTS_VISITOR_MAP(X)                                                                                           \
    X(STRANGER, "first_visit")  /* whose browser has learned no policy; preload lists it knows */                      \
    X(RETURNING, "later_visit") /* whose browser holds what the site serves, noted when all was well */

typedef enum facts_visitor {
#define FACTS_X(symbol, name) FACTS_##symbol,
    FACTS_VISITOR_MAP(FACTS_X)
#undef FACTS_X
        FACTS_VISITORS
} facts_visitor;

const char *facts_visitor_name(facts_visitor visitor);

/* How one visit ended. */
typedef struct facts_ending {
    bool seen; /* false: this machine could not look, or it is not known what the browser does; `text` alone is set */
    facts_access access;
    const char *url;          /* where it ended */
    const char *upgraded;     /* the http URL, which a redirect named and a policy turned into `url`; NULL: none did */
    const char *known_host;   /* whose policy was in force there; NULL: none */
    const char *cause, *text; /* why no page was shown: the stable word, and one clause; NULL: one was */
    const char
        *code;  /* what the browser calls it on its page; NULL: nothing, it is not known, or no browser is meant */
    int status; /* of the page that was shown; 0: none */
    bool asked_first; /* https was asked in place of http, without a policy */
    bool fell_back;   /* and that failed: http was asked after all */
    bool noted;       /* the first response set a policy for the host that was asked */
    bool knows;       /* afterwards the browser enforces a policy for the host that was asked */
} facts_ending;

/* What visitors meet who come to one of several addresses. */
typedef struct facts_at_address {
    const char *address;
    int port;
    bool ipv6;
    bool answers; /* false: browsers go on to another address, and nothing else is set */
    facts_ending endings[FACTS_VISITORS];
} facts_at_address;

/* One way in. */
typedef struct facts_entrance {
    const char *url;                                     /* NULL: it was not looked at */
    const char *host;                                    /* as it is written */
    facts_ending endings[FACTS_VISITORS][FACTS_ENGINES]; /* over plain HTTP of strangers alone */
    facts_ending as_written;           /* of plain HTTP: of a client that does not ask https first, as browsers do */
    const facts_at_address *addresses; /* of a host that has several */
    size_t address_count;
} facts_entrance;

typedef struct facts_verdict {
    facts_engine engine; /* as whom: FACTS_ENGINE_ANY, or one browser alone */
    bool possible;       /* false: no policy can ever be held for the host: an address, or localhost */
    bool looked;         /* false: this machine could not look, and nothing else is known */
    bool complete;       /* false: some of what was to be checked could not be */
    bool in_force;       /* a browser that gets this response holds a policy afterwards */
    hf_noted noted;      /* what becomes of the STS field in a browser; without a response: HF_NOTED_IGNORED_NO_FIELD */
    facts_access first_visit;  /* to https://HOST, by any address, in the worst browser */
    facts_access later_visit;  /* the same of returning visitors */
    int64_t certificate_until; /* the first expiry on the way in, at any address; HF_TIME_UNKNOWN without one */
    /* After a visit now, in each browser; of any, the first of them. HF_TIME_UNKNOWN unless in force. */
    int64_t policy_until[FACTS_ENGINES];
    /* Who holds the policy already keeps the old end, if the new one lies less than so many seconds away. */
    int64_t renewal_step[FACTS_ENGINES];
    /* Visitors get in today; if nothing changes, from here on those who hold a policy do not, for a certificate ends.
     * HF_TIME_UNKNOWN: they do not get in today, or nobody holds a policy. */
    int64_t lockout_from;
    facts_entrance entrances[FACTS_WAYS];
} facts_verdict;

/* With the verdict in words. */
void facts_verdict_json(const facts_verdict *verdict, const char *summary, base_json *json);

#endif
