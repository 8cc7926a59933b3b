/* What a text is with its secrets masked: for the targets that hold a writer to it. */
#ifndef FUZZ_MASK_H
#define FUZZ_MASK_H

#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

/* The text with the mask in the place of each secret; they come in order and lie within it. The caller frees it. */
static inline char *mask(const char *text, size_t length, base_secrets kinds, size_t *masked_length)
{
    char *out = malloc(length * sizeof BASE_SECRET_MASK + 1);
    base_secret secret;
    size_t at = 0, end = 0;

    if (out == NULL)
        abort();
    while (base_secret_find(text, length, at, kinds, &secret)) {
        if (secret.at < at || secret.length == 0 || secret.length > length || secret.at > length - secret.length)
            abort();
        memcpy(out + end, text + at, secret.at - at);
        end += secret.at - at;
        memcpy(out + end, BASE_SECRET_MASK, sizeof BASE_SECRET_MASK - 1);
        end += sizeof BASE_SECRET_MASK - 1;
        at = secret.at + secret.length;
    }
    if (length > at)
        memcpy(out + end, text + at, length - at);
    *masked_length = end + length - at;
    return out;
}

#endif
