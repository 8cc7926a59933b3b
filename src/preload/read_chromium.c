/*
 * Chromium's transport_security_state_static.json: JSON with // comments between lines. Of its "entries", those whose
 * "mode" is "force-https" are the list; the others pin keys. The text is walked once, without a tree: it has over 20
 * MB.
 */
#include "preload/reader.h"

#include <string.h>

typedef struct scan {
    const char *text, *at, *end;
    preload_names *names;
    base_error *error;
} scan;

typedef struct span {
    const char *data;
    size_t length;
} span;

static bool refuse(const scan *s, const char *what)
{
    base_error_set(s->error, "%s", what);
    (void)preload_refuse_at(s->text, s->at, s->error);
    return false;
}

static bool is(span text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.data, word, text.length) == 0;
}

static void skip_blanks(scan *s)
{
    while (s->at < s->end) {
        if (*s->at == '/' && s->end - s->at > 1 && s->at[1] == '/') {
            const char *lf = memchr(s->at, '\n', (size_t)(s->end - s->at));
            s->at = lf != NULL ? lf : s->end;
        } else if (*s->at != ' ' && *s->at != '\n' && *s->at != '\t' && *s->at != '\r') {
            return;
        } else {
            s->at++;
        }
    }
}

/* True, and passed, if the next mark is `c`. */
static bool take(scan *s, char c)
{
    skip_blanks(s);
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

/* Escapes stay as they are: no name, no key and no mode that concerns us has any. */
static bool read_string(scan *s, span *string)
{
    const char *start;

    if (!take(s, '"'))
        return refuse(s, "a string is wanted here");
    for (start = s->at; s->at < s->end && *s->at != '"' && *s->at != '\n'; s->at++) {
        if (*s->at == '\\' && s->end - s->at > 1)
            s->at++;
    }
    if (s->at == s->end || *s->at != '"')
        return refuse(s, "a string without its closing '\"'");
    *string = (span){start, (size_t)(s->at++ - start)};
    return true;
}

/* true, false, null or a number. */
static span read_word(scan *s)
{
    span word = {s->at, 0};

    while (s->at < s->end && strchr(" \t\r\n,:]}[{\"/", *s->at) == NULL)
        s->at++;
    word.length = (size_t)(s->at - word.data);
    return word;
}

/* Depth is counted, so that a million brackets cost no stack; which bracket closes which is not our concern. */
static bool skip_value(scan *s)
{
    size_t depth = 0;
    span ignored;

    do {
        skip_blanks(s);
        if (s->at == s->end)
            return refuse(s, "the text is cut");
        if (*s->at == '"') {
            if (!read_string(s, &ignored))
                return false;
        } else if (*s->at == '{' || *s->at == '[') {
            depth++;
            s->at++;
        } else if (depth > 0 && strchr("}],:", *s->at) != NULL && *s->at != '\0') {
            depth -= *s->at == '}' || *s->at == ']';
            s->at++;
        } else if (read_word(s).length == 0) {
            return refuse(s, "a value is wanted here");
        }
    } while (depth > 0);
    return true;
}

/* What follows a member or an item: a comma and the next, or the end. */
static bool read_next(scan *s, char end, bool *more)
{
    *more = take(s, ',');
    return *more || take(s, end) || refuse(s, "a comma or the closing bracket is missing");
}

typedef struct entry {
    span name, mode;
    bool include_subdomains;
} entry;

static bool read_member(scan *s, entry *e)
{
    span key;

    if (!read_string(s, &key))
        return false;
    if (!take(s, ':'))
        return refuse(s, "a colon is missing");
    if (is(key, "name"))
        return read_string(s, &e->name);
    if (is(key, "mode"))
        return read_string(s, &e->mode);
    if (!is(key, "include_subdomains"))
        return skip_value(s);
    skip_blanks(s);
    span word = read_word(s);
    e->include_subdomains = is(word, "true");
    return e->include_subdomains || is(word, "false") || refuse(s, "include_subdomains is true or false");
}

static bool read_entry(scan *s, bool *more)
{
    const char *start;
    entry e = {0};

    if (!take(s, '{'))
        return refuse(s, "an entry is wanted here: {\"name\": ...}");
    start = s->at;
    for (*more = !take(s, '}'); *more;) {
        if (!read_member(s, &e) || !read_next(s, '}', more))
            return false;
    }
    if (is(e.mode, "force-https")) {
        if (!preload_names_add(s->names, e.name.data != NULL ? e.name.data : "", e.name.length, e.include_subdomains,
                               s->error))
            return preload_refuse_at(s->text, start, s->error);
    } else if (e.mode.length > 0) {
        return refuse(s, "a mode that is not force-https");
    }
    return read_next(s, ']', more);
}

static bool read_entries(scan *s)
{
    bool more;

    if (!take(s, '['))
        return refuse(s, "\"entries\" is not an array");
    for (more = !take(s, ']'); more;) {
        if (!read_entry(s, &more))
            return false;
    }
    return true;
}

static bool read_end(scan *s)
{
    skip_blanks(s);
    return s->at == s->end || refuse(s, "something stands behind the list");
}

/* The entries alone, as the list's service hands out what waits. */
static bool begins_array(scan s)
{
    return take(&s, '[') && take(&s, '{');
}

static bool read(const char *text, size_t length, preload_names *names, base_error *error)
{
    scan s = {text, text, text + length, names, error};
    bool more;
    span key;

    names->maker = "Chromium";
    names->life = PRELOAD_LIFE_CHROMIUM;
    if (begins_array(s))
        return read_entries(&s) && read_end(&s);
    if (!take(&s, '{'))
        return refuse(&s, "an object is wanted here");
    for (more = !take(&s, '}'); more;) {
        if (!read_string(&s, &key))
            return false;
        if (!take(&s, ':'))
            return refuse(&s, "a colon is missing");
        if (!(is(key, "entries") ? read_entries(&s) : skip_value(&s)) || !read_next(&s, '}', &more))
            return false;
    }
    return read_end(&s);
}

/* The object or the array, or the comments in front of it; Firefox's list begins with a comment of the other kind. */
static bool recognises(const char *text, size_t length)
{
    scan s = {.text = text, .at = text, .end = text + length};

    return begins_array(s) || take(&s, '{');
}

const preload_reader preload_reader_chromium = {"Chromium's list", recognises, read};
