/*
 * tls/test_ca.h: certificates made on the spot, and with them the identity of a TLS server. For the lab: good ones, and
 * ones with a fault.
 */
#ifndef TLS_TEST_CA_H
#define TLS_TEST_CA_H

#include "tls/tls.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct tls_test_ca tls_test_ca; /* what signs: a root, or an intermediate below it */

/* `issuer` NULL makes a root. NULL when OpenSSL cannot. */
tls_test_ca *tls_test_ca_new(const char *name, const tls_test_ca *issuer, int64_t not_before, int64_t not_after);
/* With a limit: `constraints` are name constraints as OpenSSL's configuration writes them
 * ("permitted;DNS:example.org"), `basic` are basic constraints ("critical,CA:TRUE,pathlen:0"). NULL: none. */
tls_test_ca *tls_test_ca_limited(const char *name, const tls_test_ca *issuer, int64_t not_before, int64_t not_after,
                                 const char *basic, const char *constraints);
void tls_test_ca_free(tls_test_ca *authority);
/* Writes its certificate in PEM, as --cafile reads it. False with errno set. */
bool tls_test_ca_write(const tls_test_ca *authority, const char *path);

/* Which certificates are sent behind the server's own. */
typedef enum tls_test_chain {
    TLS_TEST_CHAIN,           /* every authority below the root, in order */
    TLS_TEST_CHAIN_MISSING,   /* none */
    TLS_TEST_CHAIN_REVERSED,  /* the uppermost first */
    TLS_TEST_CHAIN_DUPLICATE, /* in order, and the server's own once more */
    TLS_TEST_CHAIN_EXTRA,     /* in order, and one that has nothing to do with them */
    TLS_TEST_CHAIN_ROOT,      /* in order, and the root */
} tls_test_chain;

typedef enum tls_test_key { TLS_TEST_P256, TLS_TEST_RSA1024, TLS_TEST_RSA2048 } tls_test_key;

/* The OCSP response that is stapled. */
typedef enum tls_test_staple {
    TLS_TEST_STAPLE_NONE,
    TLS_TEST_STAPLE_GOOD,
    TLS_TEST_STAPLE_REVOKED,
    TLS_TEST_STAPLE_UNKNOWN,
    TLS_TEST_STAPLE_EXPIRED, /* good, but its time is over */
    TLS_TEST_STAPLE_FOREIGN, /* signed by somebody else */
    TLS_TEST_STAPLE_MALFORMED,
} tls_test_staple;

/* All zero, but for names and dates: a good certificate that signs itself. */
typedef struct tls_test_certificate {
    const char *const *names;  /* DNS names, NULL at the end; the first is the subject too */
    const tls_test_ca *issuer; /* NULL: signs itself */
    int64_t not_before, not_after;
    int64_t at;         /* the moment for which a staple is made */
    const char *cipher; /* the only one of TLS 1.2, by its name in RFC 5246; NULL: any */
    tls_test_chain chain;
    tls_test_key key;
    tls_test_staple staple;
    int min_version, max_version; /* of TLS: 0x0301 for TLS 1.0; 0: any */
    bool sha1;                    /* signed with SHA-1 */
    bool for_clients;             /* its purpose is the authentication of clients */
    bool must_staple;
    bool no_names; /* no alternative names: the subject alone */
} tls_test_certificate;

/* A key, a certificate, and what is sent with it. */
tls_identity *tls_test_identity(const tls_test_certificate *mint);

#endif
