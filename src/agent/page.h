/*
 * agent/page.h: the error page that a browser shows in place of the site: its code in Chrome and in Firefox, and whether there is
 * a way round it.
 */
#ifndef AGENT_PAGE_H
#define AGENT_PAGE_H

#include "facts/exchange.h"

typedef struct agent_page {
    const char *cause;   /* stable: "expired", "connection-refused", "redirect-loop" */
    const char *text;    /* the same for people, one clause */
    const char *chrome;  /* the code that Chrome shows; NULL: none of its own */
    const char *firefox; /* and Firefox */
    bool tls;            /* a TLS error in the sense of RFC 6797 8.4 */
    bool bypass;         /* without HSTS there is a way round it */
} agent_page;

/*
 * For the errors of a chain: browsers show one of them, the most serious. NULL if there is none. The order is Chromium's
 * (MapCertStatusToNetError), which Firefox agrees with: who signed it, then for whom, then its strength, then the dates.
 */
const agent_page *agent_page_of_chain(const facts_tls *tls);

/* For what kept a response from coming. Never NULL. */
const agent_page *agent_page_of_failure(const facts_failure *failure);

/* For a redirect that is not followed: the cause is one of the names below. */
typedef enum agent_refusal {
    AGENT_REDIRECT_LOOP,
    AGENT_TOO_MANY_REDIRECTS,
    AGENT_SEVERAL_LOCATIONS,
    AGENT_BAD_LOCATION,
    AGENT_OTHER_SCHEME,
    AGENT_NO_ADDRESS_POSSIBLE,
} agent_refusal;

const agent_page *agent_page_of_refusal(agent_refusal refusal);

#endif
