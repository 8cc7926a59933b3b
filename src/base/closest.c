#include "base/closest.h"

#include <string.h>

#define WORD_MAX 32

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
    size_t rows[3][WORD_MAX + 1];
    size_t i, j;

    for (j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (i = 1; i <= a_length; i++) {
        size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (j = 1; j <= b_length; j++) {
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = least(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a_length % 3][b_length];
}

void base_closest_offer(base_closest *closest, const char *candidate)
{
    size_t length = strlen(closest->word), candidate_length = strlen(candidate), distance;

    if (length == 0 || length > WORD_MAX || candidate_length > WORD_MAX)
        return;
    distance = edit_distance(closest->word, length, candidate, candidate_length);
    /* A third of the word may be wrong; a beginning counts as near, for it was perhaps meant as an abbreviation. */
    if (distance > (candidate_length + 2) / 3 && strncmp(candidate, closest->word, length) != 0)
        return;
    if (closest->found != NULL && distance >= closest->distance)
        return;
    closest->found = candidate;
    closest->distance = distance;
}
