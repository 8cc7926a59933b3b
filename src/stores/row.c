#include "stores/row.h"

#include <string.h>

bool stores_enforces(const hf_row *row, int64_t now)
{
    return row->state == HF_ROW_SET && !hf_row_is_expired(row, now);
}

/*
 * A partition is a suffix of Firefox's key. Safari's session is not one, and stands in `raw`. The older Firefox had
 * origin attributes that do not part storage between sites (first-party isolation, containers): a suffix in its store
 * is a partition only if it names one. The whole key stands in `raw`.
 */
static hf_span partition_of(const hf_row *row, const char *kind)
{
    static const char word[] = "partitionKey=";
    hf_span suffix = row->partition;

    if (strcmp(kind, "safari") == 0)
        return (hf_span){0};
    if (strcmp(kind, "firefox-txt") != 0)
        return suffix;
    for (size_t i = 0; i + strlen(word) <= suffix.length; i++) {
        if (memcmp(suffix.data + i, word, strlen(word)) == 0)
            return suffix;
    }
    return (hf_span){0};
}

facts_store_row stores_row(const hf_row *row, const char *kind, int64_t now)
{
    return (facts_store_row){row, stores_enforces(row, now), hf_row_is_expired(row, now), partition_of(row, kind)};
}
