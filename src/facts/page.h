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

/* symbol, name for options and JSON, the browser that stands for it: as whom somebody goes. */
#define FACTS_ENGINE_MAP(X)                                                                                            \
    X(ANY, "any", FACTS_BROWSERS) /* whatever one of the browsers refuses is refused: the worst that visitors meet */  \
    X(CHROMIUM, "chromium", FACTS_BROWSER_CHROME)                                                                      \
    X(FIREFOX, "firefox", FACTS_BROWSER_FIREFOX)                                                                       \
    X(SAFARI, "safari", FACTS_BROWSER_SAFARI)

typedef enum facts_engine {
#define FACTS_X(symbol, name, browser) FACTS_ENGINE_##symbol,
    FACTS_ENGINE_MAP(FACTS_X)
#undef FACTS_X
        FACTS_ENGINES
} facts_engine;

const char *facts_engine_name(facts_engine engine);
/* False: no engine has this name. */
bool facts_engine_find(const char *name, facts_engine *engine);
/* Not of FACTS_ENGINE_ANY. */
facts_browser facts_engine_browser(facts_engine engine);

/* What one browser shows. */
typedef struct facts_shown {
    const char *code; /* NULL: none of its own, or not known */
    bool bypass;      /* without HSTS the user can proceed */
    bool lets_in;     /* it does not mind: the site is shown */
} facts_shown;

typedef struct facts_page {
    const char *id;    /* of the cause in browsers/causes.txt, stable: "issuer-expired" */
    const char *cause; /* the stable word for what was seen: "expired", "connection-refused", "redirect-loop" */
    const char *text;  /* the cause for people, one clause */
    facts_shown shown[FACTS_BROWSERS];
    bool tls;    /* a TLS error in the sense of RFC 6797 8.4: fatal for a Known HSTS Host */
    bool bypass; /* without HSTS users of both Chrome and Firefox can proceed, where they are stopped at all */
} facts_page;

#endif
