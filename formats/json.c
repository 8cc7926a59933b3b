#include "json.h"

static bool fail(hf__json *json, const char *problem)
{
    if (json->problem == NULL) {
        json->problem = problem;
        json->problem_offset = hf__cursor_offset(&json->cursor);
    }
    return false;
}

static bool fail_here(hf__json *json, const char *problem)
{
    return fail(json, hf__cursor_peek(&json->cursor) < 0 ? "the file ends too soon" : problem);
}

int hf__json_next(hf__json *json)
{
    int c;

    if (json->problem != NULL)
        return -1;
    while ((c = hf__cursor_peek(&json->cursor)) == ' ' || c == '\n' || c == '\r' || c == '\t')
        json->cursor.at++;
    return c;
}

static bool take(hf__json *json, char expected, const char *problem)
{
    if (hf__json_next(json) != expected)
        return fail_here(json, problem);
    json->cursor.at++;
    return true;
}

bool hf__json_open(hf__json *json, char bracket)
{
    if (json->depth == HF__JSON_DEPTH)
        return fail(json, "more than 100 values within each other");
    if (!take(json, bracket, bracket == '{' ? "an object was expected" : "an array was expected"))
        return false;
    json->depth++;
    return true;
}

bool hf__json_more(hf__json *json, char closing, bool *first)
{
    int c = hf__json_next(json);

    if (c == closing) {
        json->cursor.at++;
        json->depth--;
        return false;
    }
    if (!*first && !take(json, ',', "a comma or the closing bracket was expected"))
        return false;
    *first = false;
    return json->problem == NULL;
}

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_hex(hf__json *json, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(hf__cursor_peek(&json->cursor));
        if (digit < 0)
            return fail_here(json, "four hexadecimal digits were expected");
        *unit = *unit << 4 | (uint32_t)digit;
        json->cursor.at++;
    }
    return true;
}

typedef struct text {
    char *out;
    size_t capacity, length;
} text;

static void put(text *t, uint32_t octet)
{
    if (t->length < t->capacity)
        t->out[t->length] = (char)octet;
    t->length++;
}

static void put_code_point(text *t, uint32_t c)
{
    if (c < 0x80) {
        put(t, c);
    } else if (c < 0x800) {
        put(t, 0xc0 | c >> 6);
        put(t, 0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        put(t, 0xe0 | c >> 12);
        put(t, 0x80 | (c >> 6 & 0x3f));
        put(t, 0x80 | (c & 0x3f));
    } else {
        put(t, 0xf0 | c >> 18);
        put(t, 0x80 | (c >> 12 & 0x3f));
        put(t, 0x80 | (c >> 6 & 0x3f));
        put(t, 0x80 | (c & 0x3f));
    }
}

/* Behind "\u". Half a pair alone is legal JSON and no text: U+FFFD stands for it. */
static bool take_unicode(hf__json *json, text *t)
{
    uint32_t high, low;

    if (!take_hex(json, &high))
        return false;
    while (high >= 0xd800 && high < 0xdc00 && hf__cursor_peek(&json->cursor) == '\\') {
        json->cursor.at++;
        if (hf__cursor_peek(&json->cursor) != 'u') {
            put_code_point(t, 0xfffd);
            json->cursor.at--;
            return true;
        }
        json->cursor.at++;
        if (!take_hex(json, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000) {
            put_code_point(t, 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            return true;
        }
        put_code_point(t, 0xfffd);
        high = low;
    }
    put_code_point(t, high >= 0xd800 && high < 0xe000 ? 0xfffd : high);
    return true;
}

static bool take_escape(hf__json *json, text *t)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    int c = hf__cursor_peek(&json->cursor);
    const char *known = c > 0 ? strchr(from, c) : NULL;

    if (c == 'u') {
        json->cursor.at++;
        return take_unicode(json, t);
    }
    if (known == NULL)
        return fail_here(json, "no such escape in a string");
    json->cursor.at++;
    put(t, (unsigned char)to[known - from]);
    return true;
}

bool hf__json_string(hf__json *json, char *out, size_t capacity, size_t *length)
{
    text t = {out, capacity, 0};
    int c;

    if (!take(json, '"', "a string was expected"))
        return false;
    while ((c = hf__cursor_peek(&json->cursor)) != '"') {
        if (c < 0x20)
            return fail_here(json, "a control character in a string");
        json->cursor.at++;
        if (c != '\\')
            put(&t, (uint32_t)c);
        else if (!take_escape(json, &t))
            return false;
    }
    json->cursor.at++;
    *length = t.length;
    return true;
}

bool hf__json_name(hf__json *json, char *out, size_t capacity, size_t *length)
{
    return hf__json_string(json, out, capacity, length) && take(json, ':', "a colon was expected");
}

static bool take_word(hf__json *json, const char *word)
{
    for (; *word != '\0'; word++) {
        if (hf__cursor_peek(&json->cursor) != *word)
            return fail_here(json, "a value was expected");
        json->cursor.at++;
    }
    return true;
}

bool hf__json_bool(hf__json *json, bool *value)
{
    *value = hf__json_next(json) == 't';
    return take_word(json, *value ? "true" : "false");
}

static size_t take_digits(hf__json *json, text *t)
{
    size_t count = 0;
    int c;

    while ((c = hf__cursor_peek(&json->cursor)) >= '0' && c <= '9') {
        put(t, (uint32_t)c);
        json->cursor.at++;
        count++;
    }
    return count;
}

static bool take_one(hf__json *json, text *t, int a, int b)
{
    int c = hf__cursor_peek(&json->cursor);

    if (c != a && c != b)
        return false;
    put(t, (uint32_t)c);
    json->cursor.at++;
    return true;
}

bool hf__json_number(hf__json *json, char *out, size_t capacity, size_t *length)
{
    text t = {out, capacity, 0};

    hf__json_next(json);
    take_one(json, &t, '-', '-');
    if (take_one(json, &t, '0', '0')) {
        if (hf__cursor_peek(&json->cursor) >= '0' && hf__cursor_peek(&json->cursor) <= '9')
            return fail(json, "a number begins with 0");
    } else if (take_digits(json, &t) == 0) {
        return fail_here(json, "a value was expected");
    }
    if (take_one(json, &t, '.', '.') && take_digits(json, &t) == 0)
        return fail_here(json, "a digit was expected");
    if (take_one(json, &t, 'e', 'E')) {
        take_one(json, &t, '+', '-');
        if (take_digits(json, &t) == 0)
            return fail_here(json, "a digit was expected");
    }
    *length = t.length;
    return true;
}

static bool skip_members(hf__json *json)
{
    bool first = true;
    size_t length;

    if (!hf__json_open(json, '{'))
        return false;
    while (hf__json_more(json, '}', &first)) {
        if (!hf__json_name(json, NULL, 0, &length) || !hf__json_skip(json))
            return false;
    }
    return json->problem == NULL;
}

static bool skip_elements(hf__json *json)
{
    bool first = true;

    if (!hf__json_open(json, '['))
        return false;
    while (hf__json_more(json, ']', &first)) {
        if (!hf__json_skip(json))
            return false;
    }
    return json->problem == NULL;
}

/* Recursion is bounded by HF__JSON_DEPTH. */
bool hf__json_skip(hf__json *json)
{
    size_t length;
    bool value;

    switch (hf__json_next(json)) {
    case '{':
        return skip_members(json);
    case '[':
        return skip_elements(json);
    case '"':
        return hf__json_string(json, NULL, 0, &length);
    case 't':
    case 'f':
        return hf__json_bool(json, &value);
    case 'n':
        return take_word(json, "null");
    default:
        return hf__json_number(json, NULL, 0, &length);
    }
}

bool hf__json_ends(hf__json *json)
{
    if (hf__json_next(json) >= 0)
        return fail(json, "something follows the end of the document");
    return json->problem == NULL;
}
