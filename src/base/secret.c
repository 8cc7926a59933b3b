#include "base/secret.h"

#include "base/ascii.h"

#include <string.h>

#define TOKEN_MIN 20       /* octets: longer is no name that somebody has */
#define NAME_MAX 192       /* octets: of what has a secret behind it; a longer one is looked at by its end */
#define LATE_MAX 1024      /* octets: how far behind a '/' the end of a password is looked for */
#define AUTHORITY_MAX 2048 /* octets: how far behind a scheme the end of an authority is looked for */

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

static int digit(char c)
{
    c = base_ascii_lower(c);
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The octet that begins at `at`, its "%3D" decoded if `encoded`. Returns how many octets it takes. */
static size_t octet(const char *text, size_t length, size_t at, bool encoded, char *c)
{
    *c = text[at];
    if (!encoded || *c != '%' || length - at < 3 || digit(text[at + 1]) < 0 || digit(text[at + 2]) < 0)
        return 1;
    *c = (char)(digit(text[at + 1]) * 16 + digit(text[at + 2]));
    return 3;
}

static bool has_blank(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (is_blank(text[i]))
            return true;
    return false;
}

/* "ghp_16C7@", "ghp_16C7:@", "ghp_16C7:x-oauth-basic@": the name is what gives access. */
static bool is_name_secret(size_t length, const char *password, size_t password_length)
{
    return password_length == 0 || length >= TOKEN_MIN || base_ascii_is(password, password_length, "x-oauth-basic");
}

/* The user information ends at the last '@', and the user's name at the first ':'. */
static bool find_password(const char *text, size_t from, size_t to, base_secret *secret)
{
    size_t at = to, end;
    const char *colon, *password;

    while (at > from && text[at - 1] != '@')
        at--;
    if (at <= from + 1)
        return false;
    end = at - 1;
    colon = memchr(text + from, ':', end - from);
    /* "https://a.test, or me@b.test" is no name with an '@' behind it. */
    if (colon == NULL && has_blank(text + from, end - from))
        return false;
    password = colon != NULL ? colon + 1 : text + end;
    secret->at = (size_t)(password - text);
    if (is_name_secret(colon != NULL ? (size_t)(colon - text) - from : end - from, password, end - secret->at))
        secret->at = from;
    secret->length = end - secret->at;
    return true;
}

/* "user[password]" is "password" to servers, and "token[]" and "token[0]" are "token". Returns the length without. */
static size_t close_bracket(char *name, size_t outer, size_t length)
{
    bool counts = true;

    for (size_t i = outer; i < length; i++)
        counts = counts && name[i] >= '0' && name[i] <= '9';
    if (counts)
        return outer;
    memmove(name, name + outer, length - outer);
    return length - outer;
}

/* Without '-', '_' and brackets, decoded, in small letters. */
static size_t normalize(const char *name, size_t length, char out[NAME_MAX])
{
    size_t count = 0, outer = 0, step;
    char c;

    for (size_t i = length > NAME_MAX ? length - NAME_MAX : 0; i < length; i += step) {
        step = octet(name, length, i, true, &c);
        if (c == '[')
            outer = count;
        else if (c == ']')
            outer = count = close_bracket(out, outer, count);
        else if (c != '-' && c != '_')
            out[count++] = base_ascii_lower(c);
    }
    return count;
}

/* "access_token", "X-Amz-Signature", "api-key": by how they end, or as a whole where many a harmless one ends so. */
static bool is_secret_name(const char *name, size_t length)
{
    static const char *const ends[] = {"token",         "secret",    "password",   "passwd",      "passphrase",
                                       "apikey",        "authkey",   "accesskey",  "privatekey",  "secretkey",
                                       "accesskeyid",   "signature", "credential", "credentials", "sessionid",
                                       "authorization", "jwt",       "sessid"};
    static const char *const wholes[] = {"key",  "pwd",  "pass",    "pw",  "sig",
                                         "auth", "code", "session", "sid", "assertion"};
    char text[NAME_MAX];
    size_t count = normalize(name, length, text);

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t end = strlen(ends[i]);

        if (count >= end && memcmp(text + count - end, ends[i], end) == 0)
            return true;
    }
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
        if (base_ascii_is(text, count, wholes[i]))
            return true;
    return false;
}

static bool ends_value(char c)
{
    return is_blank(c) || c == '&' || c == '#' || c == ';' || c == '\'' || c == '"' || c == '<' || c == '>';
}

/* A comma or a colon with a blank behind it belongs to the sentence that the URL stands in. */
static bool ends_url(const char *text, size_t length, size_t at)
{
    return is_blank(text[at]) || ((text[at] == ',' || text[at] == ':') && at + 1 < length && is_blank(text[at + 1]));
}

/* "token='SECRET'" has a value in quotes; "'https://h/?token='," and '"/?token=":' end in front of one. */
static size_t skip_quote(const char *text, size_t length, size_t at)
{
    if (at + 1 >= length || (text[at] != '\'' && text[at] != '"') || ends_value(text[at + 1]) ||
        memchr(",:.)]}", text[at + 1], 6) != NULL)
        return at;
    return at + 1;
}

/* What is from `name` on, behind a '?', '&', ';' or '#': "token=SECRET", or if that was `encoded`, "token%3DSECRET". */
static bool find_parameter(const char *text, size_t length, size_t name, bool encoded, base_secret *secret)
{
    size_t at, step = 1;
    char c = '\0';

    for (at = name; at < length; at += step) {
        step = octet(text, length, at, encoded, &c);
        if (c == '=' || c == '?' || ends_value(c))
            break;
    }
    if (at >= length || c != '=' || !is_secret_name(text + name, at - name))
        return false;
    secret->at = skip_quote(text, length, at + step);
    for (at = secret->at; at < length && !ends_value(text[at]) && !ends_url(text, length, at); at += step) {
        step = octet(text, length, at, encoded, &c);
        if (c == '&' || c == '#' || c == ';')
            break;
    }
    secret->length = at - secret->at;
    return secret->length > 0;
}

/* A URL in the value of a parameter: what is behind "http%3A%2F%2F": "user%3APASSWORD%40". */
static bool find_encoded_password(const char *text, size_t length, size_t from, base_secret *secret)
{
    size_t colon = 0, password = 0, end = 0, step;
    char c;

    for (size_t at = from; at < length && !ends_value(text[at]); at += step) {
        step = octet(text, length, at, true, &c);
        if (ends_authority(c, BASE_SECRETS_OF_URLS))
            break;
        if (c == '@')
            end = at;
        if (c == ':' && password == 0) {
            colon = at;
            password = at + step;
        }
    }
    if (end <= from)
        return false;
    if (password == 0 || password > end)
        colon = password = end;
    secret->at = is_name_secret(colon - from, text + password, end - password) ? from : password;
    secret->length = end - secret->at;
    return true;
}

/* True at "%2F%2F" behind a scheme or a '='. */
static bool is_encoded_url(const char *text, size_t length, size_t i)
{
    return length - i > 6 && base_ascii_is(text + i, 6, "%2f%2f") && i > 0 &&
           (text[i - 1] == ':' || text[i - 1] == '=' || (i >= 3 && base_ascii_is(text + i - 3, 3, "%3a")));
}

/*
 * "u:a/b@h/", where a password has what ends the authority, at `end`: no URL, for "a" is no port. In one, "80/b@h", an
 * '@' of the path stays.
 */
static bool find_late_password(const char *text, size_t length, size_t from, size_t end, base_secret *secret)
{
    const char *colon = memchr(text + from, ':', end - from);
    size_t most = length - end > LATE_MAX ? end + LATE_MAX : length;
    bool port = true;

    if (colon == NULL || text[from] == '[' || has_blank(text + from, end - from))
        return false;
    secret->at = (size_t)(colon + 1 - text);
    secret->length = 0;
    for (size_t i = secret->at; i < end; i++)
        port = port && text[i] >= '0' && text[i] <= '9';
    for (size_t i = end; !port && i < most && !is_blank(text[i]) && text[i] != '\'' && text[i] != '"'; i++)
        if (text[i] == '@')
            secret->length = i - secret->at;
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

/* To the end of the word, and of a quotation. What we ask the preload list's service about alone is none. */
static bool find_query(const char *text, size_t length, size_t from, base_secret *secret)
{
    static const char domain[] = "domain=";
    size_t known = sizeof domain - 1;

    secret->at = from;
    while (from < length && !ends_url(text, length, from) && text[from] != '\'' && text[from] != '"')
        from++;
    secret->length = from - secret->at;
    if (secret->length >= known && memcmp(text + secret->at, domain, known) == 0 &&
        memchr(text + secret->at, '&', secret->length) == NULL)
        return false;
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

/* Behind the slashes of "//user:password@". */
static bool find_authority(const char *text, size_t length, size_t i, base_secrets kinds, base_secret *secret)
{
    size_t end, most;

    while (i < length && is_slash(text[i]))
        i++;
    /* A text of many schemes without an end would be scanned anew from each. */
    most = length - i > AUTHORITY_MAX ? i + AUTHORITY_MAX : length;
    for (end = i; end < most && !ends_authority(text[end], kinds); end++)
        ;
    return find_password(text, i, end, secret) || find_late_password(text, length, i, end, secret);
}

static bool find_at(const char *text, size_t length, size_t i, base_secrets kinds, base_secret *secret)
{
    size_t end = i, step;
    char c;

    step = octet(text, length, i, true, &c);
    if ((c == '?' || c == '&' || c == '#' || c == ';') && find_parameter(text, length, i + step, step > 1, secret))
        return true;
    if (is_encoded_url(text, length, i))
        return find_encoded_password(text, length, i + 6, secret);
    if ((i > 0 && text[i - 1] == ':' && follows_scheme(text, i)) ||
        (i > 0 && is_slash(text[i]) && is_slash(text[i - 1]) && (i == 1 || !is_slash(text[i - 2]))))
        return find_authority(text, length, i, kinds, secret);
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

static bool has(const char *text, size_t length, char c)
{
    return memchr(text, c, length) != NULL;
}

/* Before a name of a query, or of a parameter of a path: almost no header has one. */
static bool has_separator(const char *text, size_t length)
{
    return has(text, length, '?') || has(text, length, '#') || has(text, length, '&') ||
           (has(text, length, ';') && has(text, length, '/'));
}

/* Almost no text has one. */
static bool may_have_secret(const char *text, size_t length)
{
    return has(text, length, '@') || has(text, length, '%') || (has(text, length, '=') && has_separator(text, length));
}

/* Both, and what is between: it is behind the sign of the one that stands behind the other. */
static void join(base_secret *secret, const base_secret *other)
{
    size_t end = secret->at + secret->length, other_end = other->at + other->length;

    if (other->at < secret->at)
        secret->at = other->at;
    secret->length = (other_end > end ? other_end : end) - secret->at;
}

/* In "?//user:password@token=SECRET" what is found first stands last. */
bool base_secret_find(const char *text, size_t length, size_t from, base_secrets kinds, base_secret *secret)
{
    base_secret other;
    bool found = false;

    if (length == 0 || (kinds != BASE_SECRETS_OF_INPUT && !may_have_secret(text, length)))
        return false;
    for (size_t i = from; i < length && !(found && i >= secret->at + secret->length); i++) {
        if (!find_at(text, length, i, kinds, &other) || other.at < from || is_masked(text, &other))
            continue;
        if (found)
            join(secret, &other);
        else
            *secret = other;
        found = true;
    }
    return found;
}
