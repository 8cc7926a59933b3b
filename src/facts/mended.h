/*
 * facts/mended.h: the chain that a server should send in place of the one that it sends, and what was asked of others
 * to find it.
 */
#ifndef FACTS_MENDED_H
#define FACTS_MENDED_H

#include "facts/tls.h"

#define FACTS_ISSUER_REQUESTS_MAX 8

/* A URL that a certificate names for its issuer's (RFC 5280 4.2.2.1), and what came from there. */
typedef struct facts_issuer_request {
    const char *url;     /* as the certificate has it */
    const char *failure; /* one clause; NULL: certificates came */
    bool unseen;         /* the failure says that nothing could be asked, or that no answer came */
    const char *form;    /* "PEM", "DER", "PKCS #7"; NULL: none came */
    size_t count;        /* certificates that came */
} facts_issuer_request;

typedef struct facts_mended {
    bool wanted; /* false: nobody asked for it, and nothing else is set */
    facts_issuer_request requests[FACTS_ISSUER_REQUESTS_MAX];
    size_t request_count;
    bool found;    /* there is a path to what is trusted */
    facts_tls tls; /* of a found one: what a handshake with that chain would show. Its certificates are the chain */
    const char *written; /* the file that the chain was written to; NULL: none */
    const char *why;     /* it cannot be written, one clause; NULL: it can, or nobody asked */
} facts_mended;

/* NULL: the certificate that was missing was not found; otherwise the one of the chain that no server sent. */
const facts_certificate *facts_mended_addition(const facts_mended *mended, const facts_tls *sent);

/* null unless it was asked for. */
void facts_mended_json(const facts_mended *mended, base_json *json);

#endif
