/* The name of a header, where that of HSTS was meant. */
#include "base/ascii.h"
#include "config/mend.h"
#include "config/value.h"
#include "holdfast/header.h"

#include <string.h>

#define NAME "stricttransportsecurity" /* without hyphens */
#define FOLDED_MAX 64
#define TOLERANCE 4 /* letters that may be wrong; no header that exists is so near */
#define SHOWN_MAX 60

/* Lower case, up to a colon, and without what people put between the words. 0: too long for this name. */
static size_t fold(hf_span name, char folded[static FOLDED_MAX], bool *smart)
{
    size_t count = 0;

    memset(folded, 0, FOLDED_MAX);
    *smart = false;
    for (size_t i = 0; i < name.length && !(name.data[i] == ':' && count > 0); i++) {
        if (config_smart_quote(name, i) > 0) {
            *smart = true;
            i += 2;
        } else if (name.data[i] == '\0' || strchr(":-_ \t\r\n.\"'", name.data[i]) == NULL) {
            if (count == FOLDED_MAX)
                return 0;
            folded[count++] = base_ascii_lower(name.data[i]);
        }
    }
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Letters that must be added, removed or changed (Levenshtein). */
static size_t distance(const char *text, size_t length)
{
    size_t row[sizeof NAME], width = strlen(NAME);

    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; i <= length; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t changed = diagonal + (text[i - 1] != NAME[j - 1]);

            diagonal = row[j];
            row[j] = least(changed, 1 + least(row[j], row[j - 1]));
        }
    }
    return row[width];
}

static size_t prefix_length(const char *folded, size_t length)
{
    static const char *const prefixes[] = {"http", "x", "header"};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t prefix = strlen(prefixes[i]);

        if (length > prefix && memcmp(folded, prefixes[i], prefix) == 0)
            return prefix;
    }
    return 0;
}

/* True if the name of HSTS was meant. */
static bool is_near(const char *folded, size_t length)
{
    static const char *const others[] = {"hsts",
                                         "transportsecurity",
                                         "stricttransport",
                                         "strictsecuritytransport",
                                         "securitystricttransport",
                                         "stricttransportsecuritypolicy"};
    size_t prefix = prefix_length(folded, length);

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (base_ascii_is(folded + prefix, length - prefix, others[i]))
            return true;
    return distance(folded, length) <= TOLERANCE || distance(folded + prefix, length - prefix) <= TOLERANCE;
}

static hf_span without_blanks(hf_span name)
{
    while (name.length > 0 && strchr(" \t", name.data[name.length - 1]) != NULL && name.data[name.length - 1] != '\0')
        name.length--;
    return name;
}

bool config_name_judge(hf_span name, bool trims, base_arena *arena, config_value_faults *faults)
{
    hf_span bare = without_blanks(name);
    char folded[FOLDED_MAX];
    config_value_fault fault = {.rule = RULE_HEADER_NAME_TYPO, .length = name.length, .mended = HF_HEADER_NAME};
    size_t length;
    bool smart;

    if (hf_header_is_sts(name.data, name.length))
        return true;
    length = fold(name, folded, &smart);
    if (!is_near(folded, length))
        return false;
    if (smart) {
        fault.rule = RULE_SMART_QUOTES;
        fault.proof = "a typographic quote is part of the name";
    } else if (trims && hf_header_is_sts(bare.data, bare.length)) {
        fault.rule = RULE_HEADER_NAME_SPACE;
        fault.offset = bare.length;
        fault.length = name.length - bare.length;
        fault.proof = "a blank ends the name";
    } else {
        fault.proof = base_arena_format(arena, "'%s%s' in place of " HF_HEADER_NAME,
                                        base_arena_copy(arena, name.data, least(name.length, SHOWN_MAX)),
                                        name.length > SHOWN_MAX ? "..." : "");
    }
    faults->items = base_arena_grow(arena, faults->items, faults->count, &faults->capacity, sizeof *faults->items);
    faults->items[faults->count++] = fault;
    return true;
}
