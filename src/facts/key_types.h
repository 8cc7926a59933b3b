/*
 * facts/key_types.h: the certificates that a server shows to who accepts only one kind of key: a server may have one of
 * each, and browsers see but one of them.
 */
#ifndef FACTS_KEY_TYPES_H
#define FACTS_KEY_TYPES_H

#include "facts/exchange.h"

/* symbol, name */
#define FACTS_KEY_TYPE_MAP(X)                                                                                          \
    X(RSA, "RSA")                                                                                                      \
    X(ECDSA, "ECDSA")

typedef enum facts_key_type {
#define FACTS_X(symbol, name) FACTS_KEY_##symbol,
    FACTS_KEY_TYPE_MAP(FACTS_X)
#undef FACTS_X
        FACTS_KEY_TYPES
} facts_key_type;

const char *facts_key_type_name(facts_key_type type);

typedef struct facts_key_certificates {
    bool looked;
    facts_exchange exchanges[FACTS_KEY_TYPES]; /* of each its TLS alone counts; no certificate: the server has none */
} facts_key_certificates;

/* Null if nobody looked. */
void facts_key_certificates_json(const facts_key_certificates *keys, base_json *json);

#endif
