#include "cmd/store_unique.h"

#include "base/memory.h"
#include "base/sort.h"

#include <stdio.h>
#include <stdlib.h>

/* The rank in the upper 39 bits of `order`: then the number of the row, so that of equals the later wins; then includeSubDomains. */
#define RANK_SHIFT 25
#define RANK_MAX ((INT64_C(1) << 39) - 1)
#define NUMBER_SHIFT 1

typedef struct cmd_store_unique_row {
    uint64_t identity, order;
} unique_row;

/* -- Identity ----------------------------------------------------------------------------------------------------------------- */

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

uint64_t cmd_store_identity(const hf_row *row, const hf_format *format, const hf_format_options *options)
{
    uint64_t identity = row->host.length > 0 ? name_head(row->host) : hash_head(row->host_hash);
    char port[2] = {(char)(row->port >> 8), (char)row->port};

    if (format != NULL && (format->always_lost & HF_LOSS_PORT) == 0 && row->port != 0)
        identity = mix(identity, port, sizeof port);
    if (format == NULL || (format->always_lost & HF_LOSS_PARTITION) == 0)
        identity = mix_partition(identity, row, format, options);
    return identity;
}

/* -- The rows ------------------------------------------------------------------------------------------------------------------ */

void cmd_store_unique_done(cmd_store_unique *unique)
{
    free(unique->rows);
    free(unique->winners);
    free(unique->wide);
    *unique = (cmd_store_unique){0};
}

/* When it was noted; where the store does not keep that, when it ends. */
static uint64_t rank_of(const hf_row *row)
{
    int64_t time = row->observed.seconds != HF_TIME_UNKNOWN ? row->observed.seconds : row->expires.seconds;

    return (uint64_t)(time < 0 ? 0 : time > RANK_MAX ? RANK_MAX : time);
}

void cmd_store_unique_add(cmd_store_unique *unique, uint64_t number, uint64_t identity, const hf_row *row)
{
    if (unique->count == unique->capacity) {
        unique->capacity += unique->capacity / 2 + 1024;
        unique->rows = realloc(unique->rows, unique->capacity * sizeof *unique->rows);
        if (unique->rows == NULL)
            base_out_of_memory();
    }
    uint64_t order = rank_of(row) << RANK_SHIFT | number << NUMBER_SHIFT | row->include_subdomains;
    unique->rows[unique->count++] = (unique_row){identity, order};
}

static int by_identity(const void *a, const void *b)
{
    const unique_row *one = a, *other = b;

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

void cmd_store_unique_settle(cmd_store_unique *unique, uint64_t numbers, bool asked_for)
{
    size_t kept = 0;
    bool wide = false;

    unique->winners = base_allocate((size_t)(numbers / 8 + 1));
    unique->wide = base_allocate((size_t)(numbers / 8 + 1));
    if (unique->count > 1)
        base_sort(unique->rows, unique->count, sizeof *unique->rows, by_identity);
    for (size_t i = 0; i < unique->count; i++) {
        const unique_row row = unique->rows[i];
        bool own = (row.order & 1) != 0;
        uint64_t number = row.order >> NUMBER_SHIFT & (CMD_STORE_ROWS_MAX - 1);
        wide = wide || own;
        if (i + 1 < unique->count && unique->rows[i + 1].identity == row.identity)
            continue;
        set_bit(unique->winners, number);
        if (unique->widens ? wide : own)
            set_bit(unique->wide, number);
        unique->rows[kept++] = row;
        wide = false;
    }
    unique->count = kept;
    if (!asked_for) {
        free(unique->rows);
        unique->rows = NULL;
        unique->count = 0;
    }
}

bool cmd_store_unique_wins(const cmd_store_unique *unique, uint64_t number, bool *include_subdomains)
{
    *include_subdomains = has_bit(unique->wide, number);
    return has_bit(unique->winners, number);
}

bool cmd_store_unique_holds(const cmd_store_unique *unique, uint64_t identity)
{
    size_t low = 0, high = unique->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (unique->rows[middle].identity == identity)
            return true;
        if (unique->rows[middle].identity < identity)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}
