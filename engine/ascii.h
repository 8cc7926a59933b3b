/*
 * ASCII without the locale: <ctype.h> answers differently under tr_TR and others, and a policy must not.
 */
#ifndef HF_ENGINE_ASCII_H
#define HF_ENGINE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline unsigned char hf__lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

static inline bool hf__is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

/* The value of a hexadecimal digit, or -1. */
static inline int hf__hex_digit(unsigned char c)
{
    if (hf__is_digit(c))
        return c - '0';
    c = hf__lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* True if `text` is `lower_word` in any case. `lower_word` is lower-case and NUL-terminated. */
static inline bool hf__equals_folded(const char *text, size_t length, const char *lower_word)
{
    size_t i = 0;
    while (i < length && lower_word[i] != '\0' && hf__lower((unsigned char)text[i]) == (unsigned char)lower_word[i])
        i++;
    return i == length && lower_word[i] == '\0';
}

#endif
