/*
 * facts/page.h: the error page that browsers show in place of a site. Plain values: src/browsers fills them in.
 */
#ifndef FACTS_PAGE_H
#define FACTS_PAGE_H

#include <stdbool.h>

/* symbol, name */
#define FACTS_BROWSER_MAP(X)                                                                                           \
    X(CHROME, "Chrome")                                                                                                \
    X(EDGE, "Edge")                                                                                                    \
    X(FIREFOX, "Firefox")                                                                                              \
    X(SAFARI, "Safari")

typedef enum facts_browser {
#define FACTS_X(symbol, name) FACTS_BROWSER_##symbol,
    FACTS_BROWSER_MAP(FACTS_X)
#undef FACTS_X
        FACTS_BROWSERS
} facts_browser;

const char *facts_browser_name(facts_browser browser);

/* What one browser shows. */
typedef struct facts_shown {
    const char *code; /* NULL: none of its own, or not known */
    bool bypass;      /* without HSTS the user can proceed */
} facts_shown;

typedef struct facts_page {
    const char *id;    /* of the cause in browsers/causes.txt, stable: "issuer-expired" */
    const char *cause; /* the stable word for what was seen: "expired", "connection-refused", "redirect-loop" */
    const char *text;  /* the cause for people, one clause */
    facts_shown shown[FACTS_BROWSERS];
    bool tls;    /* a TLS error in the sense of RFC 6797 8.4: fatal for a Known HSTS Host */
    bool bypass; /* without HSTS users of both Chrome and Firefox can proceed */
} facts_page;

#endif
