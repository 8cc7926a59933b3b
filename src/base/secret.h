/*
 * base/secret.h: what must not be printed of a text: the passwords of URLs, user names without a password, which are
 * tokens, and the values of parameters whose name says that they give access ("?access_token=", "#id_token=",
 * "&api_key=", "&sig="). All ways out look here (base/escape.h, base/json.h but for base_json_exact, base_error_print),
 * so no caller can forget it; BASE_SECRET_MASK is written in its place.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#define BASE_SECRET_MASK "***"

typedef enum base_secrets {
    BASE_SECRETS_OF_URLS, /* "//USER:PASSWORD@", "//TOKEN@" and "?token=": in any text */
    /* And "USER:PASSWORD@" without a scheme, and what stands behind a "?": in what somebody typed and we refuse. */
    BASE_SECRETS_OF_INPUT,
} base_secrets;

typedef struct base_secret {
    size_t at, length;
} base_secret;

/* The first secret from `from` on. */
bool base_secret_find(const char *text, size_t length, size_t from, base_secrets kinds, base_secret *secret);

#endif
