#include "rules/families.h"

/* In this order. */
#define FAMILY_MAP(X)                                                                                                  \
    X(connection)   /* hops without a response */                                                                      \
    X(response)     /* heads that browsers do not forgive, or do not read alike */                                     \
    X(certificate)  /* certificates, of each hop */                                                                    \
    X(cert_chain)   /* how they are sent */                                                                            \
    X(cert_path)    /* the paths from them to a root */                                                                \
    X(key_types)    /* certificates with another kind of key */                                                        \
    X(offers)       /* protocols and ciphers */                                                                        \
    X(staple)       /* the OCSP response with them */                                                                  \
    X(address)      /* every address of the names */                                                                   \
    X(interception) /* whose root the chain ends at */                                                                 \
    X(hsts)         /* STS fields */                                                                                   \
    X(http)         /* plain HTTP, and where it redirects to */                                                        \
    X(redirect)     /* redirects that lead nowhere, or down to HTTP */                                                 \
    X(answers)      /* STS fields of other answers of the host */                                                      \
    X(lockout)      /* whom a policy stops, now and later */                                                           \
    X(clock)        /* the clocks */                                                                                   \
    X(portal)       /* a network that answers in place of the host */                                                  \
    X(dns)          /* DNS records */                                                                                  \
    X(subdomains)   /* the names below, under includeSubDomains */

#define FAMILY_X(name) extern const rule_family rule_family_##name;
FAMILY_MAP(FAMILY_X)
#undef FAMILY_X

const rule_family *const rule_families[] = {
#define FAMILY_X(name) &rule_family_##name,
    FAMILY_MAP(FAMILY_X)
#undef FAMILY_X
};

const rule_family *const rule_file_families[] = {&rule_family_certificate, &rule_family_cert_chain,
                                                 &rule_family_cert_path};

const size_t rule_file_family_count = sizeof rule_file_families / sizeof *rule_file_families;
const size_t rule_family_count = sizeof rule_families / sizeof *rule_families;
