#include "near_miss.h"

#include "ascii.h"

#include <string.h>

#define FOLDED_MAX 32

/* Drops what people put between the parts of a name, and case. Returns the length, or 0 for a text too long to be a
 * near miss. */
static size_t fold(const char *text, size_t length, char folded[FOLDED_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        if (memchr("-_ \t.:", text[i], 6) != NULL)
            continue;
        if (count == FOLDED_MAX)
            return 0;
        folded[count++] = (char)hf__lower((unsigned char)text[i]);
    }
    return count;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance: how many letters must be added, removed or changed. */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t row[FOLDED_MAX + 1];

    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = least(changed, 1 + least(row[j], row[j - 1]));
        }
    }
    return row[b_length];
}

const char *hf__near_miss(const char *text, size_t length)
{
    /* How many letters may be wrong: two in a long name, one in a short one, where two would catch honest words. */
    static const struct {
        const char *name, *folded;
        size_t length, tolerance;
    } known[] = {
        {"max-age", "maxage", 6, 1}, {"includeSubDomains", "includesubdomains", 17, 3}, {"preload", "preload", 7, 1}};
    char folded[FOLDED_MAX];
    size_t count = fold(text, length, folded);

    for (size_t k = 0; k < sizeof known / sizeof known[0]; k++) {
        if (count >= known[k].length && memcmp(folded, known[k].folded, known[k].length) == 0)
            return known[k].name;
        if (count + known[k].tolerance < known[k].length || count > known[k].length + known[k].tolerance)
            continue;
        if (distance(folded, count, known[k].folded, known[k].length) <= known[k].tolerance)
            return known[k].name;
    }
    return NULL;
}
