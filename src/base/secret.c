#include "base/secret.h"

#include <string.h>

/* Behind the authority of a URL; in a text also what stands around URLs. A backslash is a slash to browsers. */
static bool ends_authority(char c)
{
    return c == '/' || c == '\\' || c == '?' || c == '#' || c == '<' || c == '>' || c == '"' || c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* The user information ends at the last '@', and the user's name at the first ':'. */
static bool find_password(const char *text, size_t from, size_t to, base_secret *secret)
{
    size_t at = to;
    const char *colon;

    while (at > from && text[at - 1] != '@')
        at--;
    colon = at > from ? memchr(text + from, ':', at - 1 - from) : NULL;
    if (colon == NULL)
        return false;
    secret->at = (size_t)(colon + 1 - text);
    secret->length = at - 1 - secret->at;
    return secret->length > 0;
}

static bool is_masked(const char *text, const base_secret *secret)
{
    return secret->length == sizeof BASE_SECRET_MASK - 1 &&
           memcmp(text + secret->at, BASE_SECRET_MASK, secret->length) == 0;
}

/* What a word is: "'user:password@host'" without quotes. */
static bool find_in_word(const char *text, size_t from, size_t to, base_secret *secret)
{
    if (from < to && (text[from] == '\'' || text[from] == '"'))
        from++;
    for (size_t i = from; i < to; i++)
        if (ends_authority(text[i]))
            to = i;
    return find_password(text, from, to, secret);
}

/* To the end of the word, and of a quotation. */
static bool find_query(const char *text, size_t length, size_t from, base_secret *secret)
{
    secret->at = from;
    while (from < length && !is_blank(text[from]) && text[from] != '\'' && text[from] != '"')
        from++;
    secret->length = from - secret->at;
    return secret->length > 0;
}

static bool find_at(const char *text, size_t length, size_t i, base_secrets kinds, base_secret *secret)
{
    size_t end = i;

    if (i > 0 && is_slash(text[i]) && is_slash(text[i - 1])) {
        for (end = i + 1; end < length && !ends_authority(text[end]); end++)
            ;
        return find_password(text, i + 1, end, secret);
    }
    if (kinds != BASE_SECRETS_OF_INPUT)
        return false;
    if (text[i] == '?')
        return find_query(text, length, i + 1, secret);
    if (i > 0 && !is_blank(text[i - 1]))
        return false;
    while (end < length && !is_blank(text[end]))
        end++;
    return find_in_word(text, i, end, secret);
}

bool base_secret_find(const char *text, size_t length, size_t from, base_secrets kinds, base_secret *secret)
{
    /* Almost no text has one. */
    if (length == 0 || (memchr(text, '@', length) == NULL && kinds != BASE_SECRETS_OF_INPUT))
        return false;
    for (size_t i = from; i < length; i++)
        if (find_at(text, length, i, kinds, secret) && secret->at >= from && !is_masked(text, secret))
            return true;
    return false;
}
