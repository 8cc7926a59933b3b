#include "base/secret.h"

#include "base/ascii.h"

#include <string.h>

#define TOKEN_MIN 20 /* octets */

/*
 * Behind the authority of a URL. A backslash is a slash to browsers. In what is refused a '#' may belong to a password:
 * there rather too much is masked than too little, and elsewhere a URL must stay the one it is.
 */
static bool ends_authority(char c, base_secrets kinds)
{
    return c == '/' || c == '\\' || c == '?' || c == '\n' || c == '\r' || (c == '#' && kinds != BASE_SECRETS_OF_INPUT);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

/* "ghp_16C7e42F292c6912E7": what stands for a user and its password at once is too long for a name. */
static bool is_token(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (is_blank(text[i]))
            return false;
    return length >= TOKEN_MIN;
}

/* The user information ends at the last '@', and the user's name at the first ':'. */
static bool find_password(const char *text, size_t from, size_t to, base_secret *secret)
{
    size_t at = to;
    const char *colon;

    while (at > from && text[at - 1] != '@')
        at--;
    colon = at > from ? memchr(text + from, ':', at - 1 - from) : NULL;
    if (at == from || (colon == NULL && !is_token(text + from, at - 1 - from)))
        return false;
    secret->at = colon != NULL ? (size_t)(colon + 1 - text) : from;
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
        if (ends_authority(text[i], BASE_SECRETS_OF_INPUT))
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

/* True behind "https:", where browsers take any number of slashes, none too, for the two. */
static bool follows_scheme(const char *text, size_t i)
{
    static const char *const schemes[] = {"http", "https", "ws", "wss", "ftp"};
    size_t from = i > 0 && text[i - 1] == ':' ? i - 1 : 0;

    for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++) {
        size_t length = strlen(schemes[k]);

        if (from >= length && base_ascii_is(text + from - length, length, schemes[k]))
            return true;
    }
    return false;
}

static bool find_at(const char *text, size_t length, size_t i, base_secrets kinds, base_secret *secret)
{
    size_t end = i;

    if (follows_scheme(text, i) || (i > 0 && is_slash(text[i]) && is_slash(text[i - 1]))) {
        while (i < length && is_slash(text[i]))
            i++;
        for (end = i; end < length && !ends_authority(text[end], kinds); end++)
            ;
        return find_password(text, i, end, secret);
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
