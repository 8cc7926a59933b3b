/*
 * facts/tls_error.h: what a client finds wrong with a certificate of the chain, or with what the server agreed to.
 */
#ifndef FACTS_TLS_ERROR_H
#define FACTS_TLS_ERROR_H

#include "base/json.h"

/* What some browsers refuse, and others accept: which, src/browsers knows. */
#define FACTS_TLS_DISPUTED_MAP(X)                                                                                      \
    X(CERTIFICATE_FORM, "certificate-form", "the certificate has a form that some browsers cannot read")               \
    X(LOOSE_EXTENSION, "loose-extension", "an extension of the certificate is not encoded as it should be")            \
    X(STRICT_EXTENSION, "strict-extension", "an extension of the certificate has an unusual value")                    \
    X(EMPTY_SUBJECT, "empty-subject", "the subject is empty, and the alternative names are not critical")              \
    X(ALGORITHM_PARAMETERS, "algorithm-parameters", "the signature algorithm has parameters that it must not have")    \
    X(POLICY_REQUIRED, "policy-required", "the chain requires a certificate policy that it does not have")             \
    X(SERVER_IS_CA, "server-is-ca", "the server's own certificate is that of a CA")                                    \
    X(KEY_USAGE, "key-usage", "the certificate's key usage does not allow this key exchange")                          \
    X(EXCHANGE_GROUP, "exchange-group", "some browsers do not offer the server's key exchange group")                  \
    X(KEY_CURVE, "key-curve", "some browsers do not use keys on this curve")                                           \
    X(SHORT_KEY, "short-key", "a key is slightly too short")                                                           \
    X(DOUBTFUL_PURPOSE, "doubtful-purpose", "the certificate's purpose is not clearly that of a server")               \
    X(ODD_DATE, "odd-date", "a date in the certificate is unusual")                                                    \
    X(UNKNOWN_TO_CHROME, "unknown-to-chrome", "the certificate has a critical extension that Chrome does not know")    \
    X(UNKNOWN_TO_FIREFOX, "unknown-to-firefox", "the certificate has a critical extension that Firefox does not know") \
    X(REQUIRED_FEATURE, "required-feature", "the certificate requires a TLS feature that browsers lack")               \
    X(NAME_SCOPE, "name-scope", "a name constraint of a CA has a form that some browsers do not accept")               \
    X(WILDCARD_SUFFIX, "wildcard-suffix", "the name of the certificate is a wildcard below a public suffix")           \
    X(NAME_DOT, "name-dot", "the name of the certificate ends with a dot")

/* symbol, name, text. The names reach users ("issuer-missing"); they are stable. */
#define FACTS_TLS_ERROR_MAP(X)                                                                                         \
    X(EXPIRED, "expired", "the certificate has expired")                                                               \
    X(NOT_YET_VALID, "not-yet-valid", "the certificate is not valid yet")                                              \
    X(BAD_DATE, "bad-date", "a date in the certificate is malformed")                                                  \
    X(NAME_MISMATCH, "name-mismatch", "the certificate is for other names")                                            \
    X(SELF_SIGNED, "self-signed", "the certificate is self-signed")                                                    \
    X(UNTRUSTED_ROOT, "untrusted-root", "the chain ends at a CA that is not trusted")                                  \
    X(ISSUER_MISSING, "issuer-missing", "the certificate's issuer is neither sent nor known")                          \
    X(SIGNATURE_UNCHECKED, "signature-unchecked", "no trusted issuer confirms the certificate")                        \
    X(UNTRUSTED, "untrusted", "the issuer is not trusted")                                                             \
    X(BAD_SIGNATURE, "bad-signature", "invalid signature")                                                             \
    X(REVOKED, "revoked", "the certificate has been revoked")                                                          \
    X(NOT_AN_AUTHORITY, "not-an-authority", "a certificate of the chain may not issue the one below it")               \
    X(NO_CERT_SIGN, "no-cert-sign", "the key usage of a CA does not allow it to issue the certificate below")          \
    X(PATH_LENGTH, "path-length", "the chain is longer than one of its CAs allows")                                    \
    X(CHAIN_TOO_LONG, "chain-too-long", "the chain is longer than browsers check")                                     \
    X(BAD_KEY, "bad-key", "a key of the chain cannot be used")                                                         \
    X(WEAK_KEY, "weak-key", "a key is too short")                                                                      \
    X(WEAK_SIGNATURE, "weak-signature", "a certificate is signed with a broken algorithm")                             \
    X(NAME_CONSTRAINTS, "name-constraints", "the CA may not issue certificates for this name")                         \
    X(WRONG_PURPOSE, "wrong-purpose", "a certificate was issued for another purpose")                                  \
    X(UNKNOWN_EXTENSION, "unknown-extension", "the certificate has an unknown critical extension")                     \
    X(NOT_DER, "not-der", "the certificate is not in DER form")                                                        \
    X(UNREADABLE, "unreadable", "the certificate has a form that browsers cannot read")                                \
    X(BAD_EXTENSION, "bad-extension", "an extension of the certificate is malformed")                                  \
    X(BAD_EXTENSION_VALUE, "bad-extension-value", "an extension of the certificate has an invalid value")              \
    X(BAD_NAMES, "bad-names", "the list of the certificate's names is malformed")                                      \
    X(BAD_KEY_USAGE, "bad-key-usage", "the certificate's key usage is malformed")                                      \
    X(NO_KEY_USAGE, "no-key-usage", "the certificate's key usage allows no TLS")                                       \
    X(KEY_TYPE, "key-type", "browsers do not use keys of this type")                                                   \
    X(ALGORITHMS_DIFFER, "algorithms-differ", "the certificate names two signature algorithms")                        \
    X(NO_GOOD_PATH, "no-good-path", "several paths lead to a CA, and each fails for a different reason")               \
    X(OTHER, "other", "the certificate chain has an error")                                                            \
    /* Of the connection, at depth -1: browsers do not agree to it. */                                                 \
    X(OLD_VERSION, "old-version", "the server speaks neither TLS 1.2 nor TLS 1.3")                                     \
    X(NO_COMMON_CIPHER, "no-common-cipher", "the server has no cipher in common with browsers")                        \
    X(NO_COMMON_GROUP, "no-common-group", "the server has no key exchange group in common with browsers")              \
    X(NO_COMMON_SIGNATURE, "no-common-signature", "the server has no signature algorithm in common with browsers")     \
    FACTS_TLS_DISPUTED_MAP(X)

typedef enum facts_tls_code {
#define FACTS_X(symbol, name, text) FACTS_TLS_##symbol,
    FACTS_TLS_ERROR_MAP(FACTS_X)
#undef FACTS_X
        FACTS_TLS_CODES
} facts_tls_code;

/* One error of one certificate of the chain; or, at depth -1, of the connection. */
typedef struct facts_tls_error {
    facts_tls_code code;
    const char *text; /* the TLS library's words, or more about an error of the connection */
    int number;       /* the TLS library's number; 0: none, the error is ours */
    int depth;        /* in the chain that was built: 0 is the server's own certificate */
    int sent;         /* its place among the certificates sent; -1: it came from the trust store */
} facts_tls_error;

/* True if not every browser minds it. */
bool facts_tls_code_is_disputed(facts_tls_code code);

const char *facts_tls_code_name(facts_tls_code code);
const char *facts_tls_code_text(facts_tls_code code);

/* The member `key`: "errors", "disputed". */
void facts_tls_errors_json(const char *key, const facts_tls_error *errors, size_t count, base_json *json);

#endif
