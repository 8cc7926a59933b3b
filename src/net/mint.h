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
void net_authority_free(net_authority *authority);
/* Writes its certificate in PEM, as --cafile reads it. False with errno set. */
bool net_authority_write(const net_authority *authority, const char *path);

typedef struct net_mint {
    const char *const *names;    /* DNS names, NULL at the end; the first is the subject too */
    const net_authority *issuer; /* NULL: signs itself */
    int64_t not_before, not_after;
    bool without_chain; /* leaves out the intermediate */
} net_mint;

/* A key, a certificate, and the chain that is sent: the issuer's own certificate too, unless it is a root. */
net_tls_identity *net_tls_identity_new(const net_mint *mint);
void net_tls_identity_free(net_tls_identity *identity);

#endif
