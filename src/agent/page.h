/*
 * agent/page.h: the error page that a browser shows in place of the site: its code in Chrome and in Firefox, and whether there is
 * a way round it.
 */
#ifndef AGENT_PAGE_H
#define AGENT_PAGE_H

#include "facts/visit.h"

/*
 * For the errors of a chain: browsers show one of them, the most serious. NULL if there is none. The order is Chromium's
 * (MapCertStatusToNetError), which Firefox agrees with: who signed it, then for whom, then its strength, then the dates.
 */
const facts_page *agent_page_of_chain(const facts_tls *tls);

/* For what kept a response from coming. Never NULL. */
const facts_page *agent_page_of_failure(const facts_failure *failure);

/* For a redirect that is not followed: the cause is one of the names below. */
typedef enum agent_refusal {
    AGENT_REDIRECT_LOOP,
    AGENT_TOO_MANY_REDIRECTS,
    AGENT_SEVERAL_LOCATIONS,
    AGENT_BAD_LOCATION,
    AGENT_OTHER_SCHEME,
    AGENT_NO_ADDRESS_POSSIBLE,
} agent_refusal;

const facts_page *agent_page_of_refusal(agent_refusal refusal);

#endif
