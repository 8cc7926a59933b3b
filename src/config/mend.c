#include "config/mend.h"

#include "base/ascii.h"
#include "holdfast/header.h"

#include <string.h>

#define VALUE_MAX 512 /* of a longer one nothing is sure */
#define DIGITS_MAX 12

typedef struct reader {
    hf_span text;
    size_t at;
    bool valid, sure;
    bool has_max_age;
    hf_policy policy;
} reader;

size_t config_smart_quote(hf_span text, size_t at)
{
    return text.length - at >= 3 && memcmp(text.data + at, "\xe2\x80", 2) == 0 &&
                   (unsigned char)text.data[at + 2] >= 0x98 && (unsigned char)text.data[at + 2] <= 0x9f
               ? 3
               : 0;
}

/* -- Words --------------------------------------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c == '\'' || c == '\\';
}

static bool is_at(const reader *r, const char *set)
{
    return r->at < r->text.length && r->text.data[r->at] != '\0' && strchr(set, r->text.data[r->at]) != NULL;
}

/* Blanks and quotes of every kind, none of which belongs to a directive. */
static void skip_blanks(reader *r)
{
    while (r->at < r->text.length) {
        size_t quote = config_smart_quote(r->text, r->at);

        if (quote == 0 && !is_blank(r->text.data[r->at]))
            return;
        r->at += quote > 0 ? quote : 1;
    }
}

static hf_span read_word(reader *r)
{
    size_t start = r->at;

    while (r->at < r->text.length && !is_blank(r->text.data[r->at]) && !is_at(r, ";,=:") &&
           config_smart_quote(r->text, r->at) == 0)
        r->at++;
    return (hf_span){r->text.data + start, r->at - start};
}

static bool is_word(hf_span word, const char *text)
{
    return base_ascii_is(word.data, word.length, text);
}

static bool is_number(hf_span word)
{
    for (size_t i = 0; i < word.length; i++)
        if (word.data[i] < '0' || word.data[i] > '9')
            return false;
    return word.length > 0;
}

/* "max-age", "includeSubDomains" or "preload"; NULL: neither one of them nor near one. */
static const char *meant(hf_span word)
{
    static const char *const names[] = {"max-age", "includeSubDomains", "preload"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_word(word, names[i]))
            return names[i];
    return hf_header_meant(word.data, word.length);
}

/* -- Directives ---------------------------------------------------------------------------------------------------- */

/* "31536000", and what has an obvious unit: "31536000s", "365d", "1y". */
static void take_max_age(reader *r, hf_span word)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {{"", 1}, {"s", 1}, {"d", 86400}, {"y", 31536000}};
    int64_t seconds = 0;
    size_t digits = 0, unit = 0;

    for (; digits < word.length && digits < DIGITS_MAX && is_number((hf_span){word.data + digits, 1}); digits++)
        seconds = seconds * 10 + (word.data[digits] - '0');
    while (unit < sizeof units / sizeof *units &&
           !is_word((hf_span){word.data + digits, word.length - digits}, units[unit].name))
        unit++;
    if (digits == 0 || unit == sizeof units / sizeof *units) {
        r->sure = false;
        return;
    }
    seconds *= units[unit].seconds;
    if (r->has_max_age && r->policy.max_age != seconds)
        r->sure = false;
    r->has_max_age = true;
    r->policy.max_age = seconds;
}

/* A directive without a value, of which people write one all the same. */
static void take_flag(reader *r, bool *flag, hf_span value)
{
    static const char *const on[] = {"", "true", "1", "yes", "on"}, *const off[] = {"false", "0", "no", "off"};

    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        if (is_word(value, on[i])) {
            *flag = true;
            return;
        }
    for (size_t i = 0; i < sizeof off / sizeof *off; i++)
        if (is_word(value, off[i]))
            return;
    r->sure = false;
}

/* What follows a name: the value behind '=', or behind a ':' that stands for it. For max-age a blank will do. */
static hf_span read_value(reader *r, bool is_max_age)
{
    size_t before;
    hf_span value;
    bool equals;

    skip_blanks(r);
    before = r->at;
    equals = is_at(r, "=");
    if (!equals && !(is_max_age && r->at < r->text.length && !is_at(r, ";,")))
        return (hf_span){r->text.data + r->at, 0};
    if (equals || is_at(r, ":"))
        r->at++;
    skip_blanks(r);
    value = read_word(r);
    if (!equals && !is_number((hf_span){value.data, value.length > 0}))
        r->at = before;
    return value;
}

/* The name of a directive, of one or two words: "include SubDomains". */
static const char *read_name(reader *r, hf_span *word)
{
    const char *name;
    hf_span next;
    size_t behind;

    *word = read_word(r);
    name = meant(*word);
    if (name != NULL)
        return name;
    behind = r->at;
    skip_blanks(r);
    next = read_word(r);
    name = next.length > 0 ? meant((hf_span){word->data, (size_t)(next.data + next.length - word->data)}) : NULL;
    if (name == NULL)
        r->at = behind;
    return name;
}

/* A word that is no name of a directive. */
static void take_other(reader *r, hf_span word)
{
    size_t behind = r->at;

    skip_blanks(r);
    if (hf_header_is_sts(word.data, word.length) && is_at(r, ":"))
        return;
    r->at = behind;
    if (is_number(word) && !r->has_max_age)
        take_max_age(r, word);
    else if (r->valid) /* browsers ignore it, so no meaning is lost */
        read_value(r, false);
    else if (!is_word(word, "always"))
        r->sure = false;
}

static void read_directive(reader *r)
{
    hf_span word;
    const char *name = read_name(r, &word);
    bool is_max_age = name != NULL && strcmp(name, "max-age") == 0;
    hf_span value;

    if (name == NULL) {
        take_other(r, word);
        return;
    }
    value = read_value(r, is_max_age);
    if (is_max_age)
        take_max_age(r, value);
    else
        take_flag(r, *name == 'p' ? &r->policy.preload : &r->policy.include_subdomains, value);
}

const char *config_value_mend(hf_span value, bool valid, base_arena *arena)
{
    reader r = {.text = value, .valid = valid, .sure = value.length <= VALUE_MAX};
    char text[HF_HEADER_MAX];
    size_t length;

    while (r.sure && r.at < value.length) {
        skip_blanks(&r);
        if (is_at(&r, ";,:"))
            r.at++;
        else if (is_at(&r, "="))
            r.sure = false;
        else if (r.at < value.length)
            read_directive(&r);
    }
    if (!r.sure || !r.has_max_age || hf_header_format(&r.policy, text, sizeof text, &length) != HF_OK)
        return NULL;
    return base_arena_copy(arena, text, length);
}
