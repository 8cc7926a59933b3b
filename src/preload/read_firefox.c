/*
 * Firefox's nsSTSPreloadList.inc: "const PRTime gPreloadListExpirationTime = INT64_C(MICROSECONDS);", then the names in
 * one of three dialects:
 *   NAME, 0 or NAME, 1 a line between two lines of %%: today's.
 *   { "NAME", true }, a line: from 2012 to 2016, and UXP, Pale Moon and TenFourFox to this day.
 *   a comment, "NAME", true, in front of the characters of the name, and indices below: of 2016 to 2018, and KaiOS.
 */
#include "preload/reader.h"

#include <string.h>

#define EXPIRATION "gPreloadListExpirationTime"
#define DIGITS_MAX 18

static bool recognises(const char *text, size_t length)
{
    return preload_begins_with(text, length, EXPIRATION);
}

/* The list says until when it holds; it was made its whole life before. */
static void read_expiration(const char *line, size_t length, preload_names *names)
{
    int64_t microseconds = 0;
    size_t digits = 0, i = 0;

    while (i < length && line[i] != '(')
        i++;
    for (i++; i < length && line[i] >= '0' && line[i] <= '9' && digits < DIGITS_MAX; i++, digits++)
        microseconds = 10 * microseconds + (line[i] - '0');
    if (digits > 0 && i < length && line[i] == ')')
        names->list_time = microseconds / 1000000 - PRELOAD_LIFE_FIREFOX;
}

static bool is_blank(const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    return from == to;
}

static bool read_entry(const char *line, size_t length, preload_names *names, base_error *error)
{
    const char *comma = memchr(line, ',', length);
    const char *flag = length > 0 ? line + length - 1 : line;

    if (comma == NULL || flag <= comma || (*flag != '0' && *flag != '1') || !is_blank(comma + 1, flag)) {
        base_error_set(error, "wanted is NAME, 0 or NAME, 1");
        return false;
    }
    return preload_names_add(names, line, (size_t)(comma - line), *flag == '1', error);
}

/* What is left of the line behind `word`, blanks around it passed over; NULL: something else stands there. */
static const char *behind(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);

    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return (size_t)(end - at) >= length && memcmp(at, word, length) == 0 ? at + length : NULL;
}

/* In quotes, whichever of both older dialects it is: { "NAME", true } or a comment. */
static bool read_quoted(const char *line, size_t length, preload_names *names, base_error *error)
{
    const char *end = line + length, *brace = behind(line, end, "{");
    const char *name = brace != NULL ? brace : behind(line, end, "/*");
    const char *quote, *at;
    bool include_subdomains;

    name = name != NULL ? behind(name, end, "\"") : NULL;
    if (name == NULL)
        return true;
    quote = memchr(name, '"', (size_t)(end - name));
    at = quote != NULL ? behind(quote + 1, end, ",") : NULL;
    include_subdomains = at != NULL && behind(at, end, "true") != NULL;
    if (at == NULL || (!include_subdomains && behind(at, end, "false") == NULL)) {
        base_error_set(error, "wanted is \"NAME\", true or \"NAME\", false");
        return false;
    }
    return preload_names_add(names, name, (size_t)(quote - name), include_subdomains, error);
}

static bool read_line(const char *line, size_t length, bool *inside, preload_names *names, base_error *error)
{
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length == 2 && memcmp(line, "%%", 2) == 0) {
        *inside = !*inside;
        return true;
    }
    if (!*inside && preload_begins_with(line, length, EXPIRATION))
        read_expiration(line, length, names);
    if (*inside)
        return length == 0 || read_entry(line, length, names, error);
    return read_quoted(line, length, names, error);
}

static bool read(const char *text, size_t length, preload_names *names, base_error *error)
{
    const char *at = text, *end = text + length;
    bool inside = false;

    names->maker = "Firefox";
    names->life = PRELOAD_LIFE_FIREFOX;
    while (at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *stop = lf != NULL ? lf : end;

        if (!read_line(at, (size_t)(stop - at), &inside, names, error))
            return preload_refuse_at(text, at, error);
        at = stop + (lf != NULL);
    }
    if (inside)
        base_error_set(error, "the list is cut: its last line, %%%%, is missing");
    return !inside || preload_refuse_at(text, end, error);
}

const preload_reader preload_reader_firefox = {"Firefox's list", recognises, read};
