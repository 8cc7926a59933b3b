#include "stores/merge.h"

#include "base/memory.h"
#include "base/sort.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * The rank in the upper 39 bits of `order`: then the number of the row, so that of equals the later wins; then
 * includeSubDomains.
 */
#define RANK_SHIFT 25
#define RANK_MAX ((INT64_C(1) << 39) - 1)
#define NUMBER_SHIFT 1

typedef struct stores_merge_row {
    uint64_t identity, order;
} merge_row;

/* -- Identity ------------------------------------------------------------------------------------------------------ */

static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : 63;
}

/* The first 8 octets of what Chromium wrote in base64; the codec has checked it. */
static uint64_t hash_head(hf_span base64)
{
    uint64_t head = 0;

    for (size_t i = 0; i < 10 && i < base64.length; i++)
        head = head << 6 | (uint64_t)digit_of(base64.data[i]);
    return base64.length > 10 ? head << 4 | (uint64_t)digit_of(base64.data[10]) >> 2 : head;
}

static uint64_t name_head(hf_span name)
{
    unsigned char hash[32];
    uint64_t head = 0;

    hf_name_hash(name, hash);
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | hash[i];
    return head;
}

static uint64_t mix(uint64_t hash, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Firefox's codec gives a row without a partition that of its own site. */
static uint64_t mix_partition(uint64_t hash, const hf_row *row, const hf_format *format,
                              const hf_format_options *options)
{
    char text[HF_HOST_MAX + 64];
    hf_host site;

    if (row->partition.length > 0)
        return mix(hash, row->partition.data, row->partition.length);
    if (format == NULL || strncmp(format->name, "firefox", strlen("firefox")) != 0 || row->host.length == 0 ||
        options->site == NULL || !options->site(options->self, row->host, &site))
        return hash;
    int length = snprintf(text, sizeof text, "^partitionKey=%%28https%%2C%s%%29", site.name);
    return mix(hash, text, (size_t)length);
}

uint64_t stores_identity(const hf_row *row, const hf_format *format, const hf_format_options *options)
{
    uint64_t identity = row->host.length > 0 ? name_head(row->host) : hash_head(row->host_hash);
    char port[2] = {(char)(row->port >> 8), (char)row->port};

    if (format != NULL && (format->always_lost & HF_LOSS_PORT) == 0 && row->port != 0)
        identity = mix(identity, port, sizeof port);
    if (format == NULL || (format->always_lost & HF_LOSS_PARTITION) == 0)
        identity = mix_partition(identity, row, format, options);
    return identity;
}

/* -- The rows ------------------------------------------------------------------------------------------------------ */

void stores_merge_done(stores_merge *merge)
{
    free(merge->rows);
    free(merge->winners);
    free(merge->wide);
    *merge = (stores_merge){0};
}

/* When it was noted; where the store does not keep that, when it ends. */
static uint64_t rank_of(const hf_row *row)
{
    int64_t time = row->observed.seconds != HF_TIME_UNKNOWN ? row->observed.seconds : row->expires.seconds;

    return (uint64_t)(time < 0 ? 0 : time > RANK_MAX ? RANK_MAX : time);
}

void stores_merge_add(stores_merge *merge, uint64_t number, uint64_t identity, const hf_row *row)
{
    if (merge->count == merge->capacity) {
        merge->capacity += merge->capacity / 2 + 1024;
        merge->rows = realloc(merge->rows, merge->capacity * sizeof *merge->rows);
        if (merge->rows == NULL)
            base_out_of_memory();
    }
    uint64_t order = rank_of(row) << RANK_SHIFT | number << NUMBER_SHIFT | row->include_subdomains;
    merge->rows[merge->count++] = (merge_row){identity, order};
}

static int by_identity(const void *a, const void *b)
{
    const merge_row *one = a, *other = b;

    if (one->identity != other->identity)
        return one->identity < other->identity ? -1 : 1;
    return (one->order > other->order) - (one->order < other->order);
}

static void set_bit(unsigned char *bits, uint64_t number)
{
    bits[number / 8] |= (unsigned char)(1u << number % 8);
}

static bool has_bit(const unsigned char *bits, uint64_t number)
{
    return (bits[number / 8] >> number % 8 & 1) != 0;
}

void stores_merge_settle(stores_merge *merge, uint64_t numbers, bool asked_for)
{
    size_t kept = 0;
    bool wide = false;

    merge->winners = base_allocate((size_t)(numbers / 8 + 1));
    merge->wide = base_allocate((size_t)(numbers / 8 + 1));
    if (merge->count > 1)
        base_sort(merge->rows, merge->count, sizeof *merge->rows, by_identity);
    for (size_t i = 0; i < merge->count; i++) {
        const merge_row row = merge->rows[i];
        bool own = (row.order & 1) != 0;
        uint64_t number = row.order >> NUMBER_SHIFT & (STORES_ROWS_MAX - 1);
        wide = wide || own;
        if (i + 1 < merge->count && merge->rows[i + 1].identity == row.identity)
            continue;
        set_bit(merge->winners, number);
        if (merge->widens ? wide : own)
            set_bit(merge->wide, number);
        merge->rows[kept++] = row;
        wide = false;
    }
    merge->count = kept;
    if (!asked_for) {
        free(merge->rows);
        merge->rows = NULL;
        merge->count = 0;
    }
}

bool stores_merge_wins(const stores_merge *merge, uint64_t number, bool *include_subdomains)
{
    *include_subdomains = has_bit(merge->wide, number);
    return has_bit(merge->winners, number);
}

bool stores_merge_holds(const stores_merge *merge, uint64_t identity)
{
    size_t low = 0, high = merge->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (merge->rows[middle].identity == identity)
            return true;
        if (merge->rows[middle].identity < identity)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
