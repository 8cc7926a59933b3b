/*
 * base/ascii.h: letters of ASCII taken for the same in either case, whatever the locale: in a Turkish one strcasecmp
 * tells "ISSUE" from "issue".
 */
#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline char base_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* True if the `length` octets of both are the same. */
static inline bool base_ascii_same(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (base_ascii_lower(a[i]) != base_ascii_lower(b[i]))
            return false;
    return true;
}

/* True if `length` octets of `text` are `word`, which ends in NUL. */
static inline bool base_ascii_is(const char *text, size_t length, const char *word)
{
    size_t i = 0;

    while (i < length && word[i] != '\0' && base_ascii_lower(text[i]) == base_ascii_lower(word[i]))
        i++;
    return i == length && word[i] == '\0';
}

#endif
