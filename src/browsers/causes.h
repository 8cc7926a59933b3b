/*
 * browsers/causes.h: what can go wrong between a browser and a site, and what each browser then shows. The causes are
 * data: causes.txt, which cmake/causes.cmake makes into the table. Whoever says what a visitor meets asks here: check,
 * visit, the reports.
 */
#ifndef BROWSERS_CAUSES_H
#define BROWSERS_CAUSES_H

#include "facts/exchange.h"
#include "facts/failure.h"
#include "facts/page.h"
#include "facts/tls.h"
#include "facts/tls_error.h"

#include <stdbool.h>
#include <stddef.h>

/* Why a redirect is not followed. */
typedef enum browsers_redirect {
    BROWSERS_REDIRECT_LOOP,
    BROWSERS_REDIRECT_TOO_MANY,
    BROWSERS_REDIRECT_BAD_LOCATION,
    BROWSERS_REDIRECT_OTHER_SCHEME,
    BROWSERS_REDIRECT_NO_ADDRESS_POSSIBLE,
    BROWSERS_REDIRECT_EMPTY_LOCATION,
    BROWSERS_REDIRECTS
} browsers_redirect;

typedef enum browsers_place {
    BROWSERS_ANYWHERE,
    BROWSERS_LEAF,   /* the server's own certificate */
    BROWSERS_ISSUER, /* one above it */
} browsers_place;

/* By what a probe recognises a cause. */
typedef enum browsers_sign {
    BROWSERS_SIGN_NONE, /* only a browser sees it */
    BROWSERS_SIGN_TLS_ERROR,
    BROWSERS_SIGN_FAILURE,
    BROWSERS_SIGN_REDIRECT,
} browsers_sign;

typedef struct browsers_cause {
    const char *id; /* stable */
    browsers_sign sign;
    int code; /* facts_tls_code, facts_code or browsers_redirect */
    browsers_place place;
    int alert;        /* the TLS alert; 0: any, or none */
    const char *text; /* one clause; NULL: that of the code */
    facts_shown shown[FACTS_BROWSERS];
    /* Of TLS errors: which of several Chromium and Firefox show, the lowest first. */
    int chromium_rank, firefox_rank;
    bool general;       /* Chromium shows its page only if it has no more exact one for this chain */
    bool tls;           /* a TLS error in the sense of RFC 6797 8.4: fatal for a Known HSTS Host */
    const char *source; /* how this is known */
} browsers_cause;

extern const browsers_cause browsers_causes[];
extern const size_t browsers_cause_count;

/* Of one cause alone. */
void browsers_page_of_cause(const browsers_cause *cause, facts_page *page);

/* False if there are no errors. The cause is one that cannot be bypassed, if there is one; otherwise that which Chrome
 * shows. */
bool browsers_page_of_errors(const facts_tls_error *errors, size_t count, facts_page *page);

/* The same of all that a handshake showed, in one browser: also of what only some of them refuse. False: the browser
 * goes on; for FACTS_ENGINE_ANY: all of them do. What is known of Safari is left as it is in the table. */
bool browsers_page_of_tls(const facts_tls *tls, facts_engine engine, facts_page *page);
/* True if it is known what the engine shows of the page. */
bool browsers_page_is_known(const facts_page *page, facts_engine engine);
void browsers_page_of_failure(const facts_failure *failure, facts_page *page);
/* What the engine shows of an exchange that it has no response of; what another reads of it, that one shows. */
void browsers_page_of_exchange(const facts_exchange *exchange, facts_engine engine, facts_page *page);
void browsers_page_of_redirect(browsers_redirect redirect, facts_page *page);

#endif
