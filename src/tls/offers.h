/* tls/offers.h: ready-made ClientHellos. */
#ifndef TLS_OFFERS_H
#define TLS_OFFERS_H

#include "tls/hello.h"

/* As Chromium 156 sends it, some 1,900 octets; `small`: without X25519MLKEM768, less than 800, as it was before. `host`
 * is borrowed; NULL: an address, which has no SNI. */
tls_hello tls_offer_of_browser(const char *host, bool small);

#endif
