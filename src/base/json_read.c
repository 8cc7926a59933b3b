#include "base/json_read.h"

#include "base/utf8.h"

#include <string.h>

typedef struct reader {
    const char *text;
    size_t length;
    size_t at;
    bool octets; /* a code point is an octet, not UTF-8 */
    char *out;
    size_t capacity;
    size_t written;
    base_error *error;
} reader;

static bool refuse(reader *r, size_t at, const char *what)
{
    base_error_set(r->error, "offset %zu: %s", at, what);
    return false;
}

static void skip_blanks(reader *r)
{
    while (r->at < r->length && strchr(" \t\r\n", r->text[r->at]) != NULL && r->text[r->at] != '\0')
        r->at++;
}

static bool put(reader *r, const char *data, size_t length)
{
    if (length > r->capacity - r->written)
        return refuse(r, r->at, "the string is too long");
    memcpy(r->out + r->written, data, length);
    r->written += length;
    return true;
}

/* `at` is where the code point was written in the line. */
static bool put_point(reader *r, size_t at, uint32_t point)
{
    char text[4];

    if (!r->octets)
        return put(r, text, base_utf8_encode(point, text));
    if (point > 0xff) {
        base_error_set(r->error, "offset %zu: U+%04X is no octet: a field value is octets, U+0000 to U+00FF", at,
                       (unsigned)point);
        return false;
    }
    text[0] = (char)point;
    return put(r, text, 1);
}

/* The four digits of \uXXXX at the cursor. */
static bool read_unit(reader *r, uint32_t *unit)
{
    uint32_t value = 0;
    int i;

    for (i = 0; i < 4; i++) {
        unsigned char c = r->at < r->length ? (unsigned char)r->text[r->at] : 0;
        unsigned char letter = (unsigned char)(c | 0x20);
        if (c >= '0' && c <= '9')
            value = value << 4 | (uint32_t)(c - '0');
        else if (letter >= 'a' && letter <= 'f')
            value = value << 4 | (uint32_t)(letter - 'a' + 10);
        else
            return refuse(r, r->at, "\\u needs four hexadecimal digits");
        r->at++;
    }
    *unit = value;
    return true;
}

/* Behind \u. A pair of surrogates is one code point, one alone is none. */
static bool read_unicode(reader *r, size_t start)
{
    uint32_t point, low;

    if (!read_unit(r, &point))
        return false;
    if (point >= 0xd800 && point <= 0xdbff && r->length - r->at >= 2 && memcmp(r->text + r->at, "\\u", 2) == 0) {
        r->at += 2;
        if (!read_unit(r, &low))
            return false;
        if (low < 0xdc00 || low > 0xdfff)
            return refuse(r, start, "a surrogate without its partner");
        point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
    }
    if (point >= 0xd800 && point <= 0xdfff)
        return refuse(r, start, "a surrogate without its partner");
    return put_point(r, start, point);
}

/* At a backslash. */
static bool read_escape(reader *r)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    size_t start = r->at++;
    const char *found;

    if (r->at == r->length)
        return refuse(r, start, "the string has no closing '\"'");
    if (r->text[r->at] == 'u') {
        r->at++;
        return read_unicode(r, start);
    }
    found = r->text[r->at] != '\0' ? strchr(letters, r->text[r->at]) : NULL;
    if (found == NULL)
        return refuse(r, start, "no such escape in JSON");
    r->at++;
    return put(r, &meanings[found - letters], 1);
}

/* Everything that is no plain ASCII: an escape, a code point of several octets, or an error. */
static bool read_special(reader *r)
{
    unsigned char c = (unsigned char)r->text[r->at];
    size_t start = r->at, taken;
    uint32_t point;

    if (c == '\\')
        return read_escape(r);
    if (c < 0x20)
        return refuse(r, start, "a raw control character in a JSON string");
    taken = base_utf8_decode(r->text + r->at, r->length - r->at, &point);
    if (taken == 0)
        return refuse(r, start, "not UTF-8");
    r->at += taken;
    return put_point(r, start, point);
}

static size_t plain_run(const reader *r)
{
    size_t at = r->at;

    while (at < r->length) {
        unsigned char c = (unsigned char)r->text[at];
        if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
            break;
        at++;
    }
    return at - r->at;
}

static bool read_string(reader *r)
{
    skip_blanks(r);
    if (r->at == r->length || r->text[r->at] != '"')
        return refuse(r, r->at, "a JSON string is wanted here");
    r->at++;
    for (;;) {
        size_t run = plain_run(r);
        if (!put(r, r->text + r->at, run))
            return false;
        r->at += run;
        if (r->at == r->length)
            return refuse(r, r->at, "the string has no closing '\"'");
        if (r->text[r->at] == '"')
            break;
        if (!read_special(r))
            return false;
    }
    r->at++;
    skip_blanks(r);
    return r->at == r->length || refuse(r, r->at, "something stands behind the string");
}

static bool read_line(reader *r, size_t *out_length)
{
    if (!read_string(r))
        return false;
    *out_length = r->written;
    return true;
}

bool base_json_read_octets(const char *line, size_t length, char *out, size_t capacity, size_t *out_length,
                           base_error *error)
{
    reader r = {.text = line, .length = length, .octets = true, .out = out, .capacity = capacity, .error = error};

    return read_line(&r, out_length);
}

bool base_json_read_text(const char *line, size_t length, char *out, size_t capacity, size_t *out_length,
                         base_error *error)
{
    reader r = {.text = line, .length = length, .octets = false, .out = out, .capacity = capacity, .error = error};

    return read_line(&r, out_length);
}
