/*
 * facts/http3.h: whether a site says that it speaks HTTP/3, which goes over UDP (QUIC), to a listener of its own.
 * Nobody has looked there.
 */
#ifndef FACTS_HTTP3_H
#define FACTS_HTTP3_H

#include "facts/site.h"

typedef enum facts_http3 {
    FACTS_HTTP3_UNSAID,
    FACTS_HTTP3_IN_FIELD,  /* Alt-Svc of the page over HTTPS (RFC 7838) */
    FACTS_HTTP3_IN_RECORD, /* an HTTPS record (RFC 9460) */
} facts_http3;

facts_http3 facts_http3_of(const facts_site *site);

/* True if nothing answers over TCP, and an HTTPS record says HTTP/3: browsers that ask for the record may get in. */
bool facts_http3_is_alone(const facts_site *site);

#endif
