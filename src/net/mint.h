/*
 * net/mint.h: certificates made on the spot, and with them the identity of a TLS server. For the lab: good ones, and ones with a
 * fault.
 */
#ifndef NET_MINT_H
#define NET_MINT_H

#include <stdbool.h>
#include <stdint.h>

typedef struct net_authority net_authority;       /* what signs: a root, or an intermediate below it */
typedef struct net_tls_identity net_tls_identity; /* what a TLS server shows, and proves to be */

/* `issuer` NULL makes a root. NULL when OpenSSL cannot. */
net_authority *net_authority_new(const char *name, const net_authority *issuer, int64_t not_before, int64_t not_after);
/* With a limit: `constraints` are name constraints as OpenSSL's configuration writes them ("permitted;DNS:example.org"), `basic` are
 * basic constraints ("critical,CA:TRUE,pathlen:0"). NULL: none. */
net_authority *net_authority_limited(const char *name, const net_authority *issuer, int64_t not_before,
                                     int64_t not_after, const char *basic, const char *constraints);
void net_authority_free(net_authority *authority);
/* Writes its certificate in PEM, as --cafile reads it. False with errno set. */
bool net_authority_write(const net_authority *authority, const char *path);

/* Which certificates are sent behind the server's own. */
typedef enum net_mint_chain {
    NET_MINT_CHAIN,           /* every authority below the root, in order */
    NET_MINT_CHAIN_MISSING,   /* none */
    NET_MINT_CHAIN_REVERSED,  /* the uppermost first */
    NET_MINT_CHAIN_DUPLICATE, /* in order, and the server's own once more */
    NET_MINT_CHAIN_EXTRA,     /* in order, and one that has nothing to do with them */
    NET_MINT_CHAIN_ROOT,      /* in order, and the root */
} net_mint_chain;

typedef enum net_mint_key { NET_MINT_P256, NET_MINT_RSA1024, NET_MINT_RSA2048 } net_mint_key;

/* The OCSP response that is stapled. */
typedef enum net_mint_staple {
    NET_MINT_STAPLE_NONE,
    NET_MINT_STAPLE_GOOD,
    NET_MINT_STAPLE_REVOKED,
    NET_MINT_STAPLE_UNKNOWN,
    NET_MINT_STAPLE_EXPIRED, /* good, but its time is over */
    NET_MINT_STAPLE_FOREIGN, /* signed by somebody else */
    NET_MINT_STAPLE_MALFORMED,
} net_mint_staple;

/* All zero, but for names and dates: a good certificate that signs itself. */
typedef struct net_mint {
    const char *const *names;    /* DNS names, NULL at the end; the first is the subject too */
    const net_authority *issuer; /* NULL: signs itself */
    int64_t not_before, not_after;
    int64_t at; /* the moment for which a staple is made */
    net_mint_chain chain;
    net_mint_key key;
    bool sha1;        /* signed with SHA-1 */
    bool for_clients; /* its purpose is the authentication of clients */
    bool must_staple;
    net_mint_staple staple;
    int max_version; /* of TLS: 0x0301 for TLS 1.0; 0: any */
} net_mint;

/* A key, a certificate, and what is sent with it. */
net_tls_identity *net_tls_identity_new(const net_mint *mint);
void net_tls_identity_free(net_tls_identity *identity);

#endif
