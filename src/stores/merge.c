#include "stores/merge.h"

#include "base/memory.h"
#include "base/sort.h"
#include "stores/translate.h"

#include <stdio.h>
#include <stdlib.h>

/*
 * In the upper 2 bits of `order` how the row stands, in the next 37 its rank: then its number, so that of equals the
 * later wins; then includeSubDomains.
 */
#define STANDING_SHIFT 62
#define RANK_SHIFT 25
#define RANK_MAX ((INT64_C(1) << 37) - 1)
#define NUMBER_SHIFT 1
#define WITHDRAWN INT64_MIN /* an end that no row has */

typedef struct stores_merge_row {
    uint64_t identity, order;
    int64_t ends;
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

/*
 * Firefox's codec gives a row without a partition that of its own site, in today's form, and Safari's keeps none of
 * Firefox's.
 */
static uint64_t mix_partition(uint64_t hash, const hf_row *row, const hf_format *format,
                              const hf_format_options *options)
{
    char text[HF_HOST_MAX + 64];
    hf_host site;

    bool is_plain = stores_is_of_own_site(row, options);

    if (format != NULL && strcmp(format->name, "safari") == 0)
        is_plain = row->partition.length == 0 || row->partition.data[0] == '^';
    if (!is_plain)
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
    free(merge->lower);
    *merge = (stores_merge){0};
}

/* When it was noted; where the store does not keep that, when it ends. */
static uint64_t rank_of(const hf_row *row)
{
    int64_t time = row->observed.seconds != HF_TIME_UNKNOWN ? row->observed.seconds : row->expires.seconds;

    return (uint64_t)(time < 0 ? 0 : time > RANK_MAX ? RANK_MAX : time);
}

void stores_merge_add(stores_merge *merge, uint64_t number, uint64_t identity, const hf_row *row,
                      const hf_format_options *options)
{
    if (merge->count == merge->capacity) {
        merge->capacity += merge->capacity / 2 + 1024;
        merge->rows = realloc(merge->rows, merge->capacity * sizeof *merge->rows);
        if (merge->rows == NULL)
            base_out_of_memory();
    }
    uint64_t standing = stores_standing_of(row, options);
    uint64_t order =
        standing << STANDING_SHIFT | rank_of(row) << RANK_SHIFT | number << NUMBER_SHIFT | row->include_subdomains;
    merge->rows[merge->count++] = (merge_row){identity, order, row->expires.seconds};
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

static stores_standing standing_of(const merge_row *row)
{
    return (stores_standing)(row->order >> STANDING_SHIFT);
}

static uint64_t number_of(const merge_row *row)
{
    return row->order >> NUMBER_SHIFT & (STORES_ROWS_MAX - 1);
}

static bool has_subdomains(const merge_row *row)
{
    return (row->order & 1) != 0;
}

/* The rows of one host, the strongest and then the latest last. Those of curl widen each other. */
static merge_row settle_host(stores_merge *merge, const merge_row *rows, size_t count)
{
    merge_row winner = rows[count - 1];
    int64_t ends = winner.ends;
    bool wide = has_subdomains(&winner), widest = wide;

    for (size_t i = 0; i + 1 < count; i++) {
        bool is_equal = standing_of(&rows[i]) == standing_of(&winner);
        bool is_policy = standing_of(&rows[i]) == STORES_POLICY;
        wide = wide || (merge->widens && is_equal && has_subdomains(&rows[i]));
        widest = widest || (is_policy && has_subdomains(&rows[i]));
        ends = is_policy && rows[i].ends > ends ? rows[i].ends : ends;
    }
    set_bit(merge->winners, number_of(&winner));
    if (wide)
        set_bit(merge->wide, number_of(&winner));
    winner.order = (winner.order & ~UINT64_C(1)) | wide;
    if ((widest && !wide) || ends > winner.ends) {
        set_bit(merge->lower, number_of(&winner));
        merge->lowers = true;
    }
    return winner;
}

void stores_merge_settle(stores_merge *merge, uint64_t numbers, bool asked_for)
{
    size_t kept = 0, length;

    merge->winners = base_allocate((size_t)(numbers / 8 + 1));
    merge->wide = base_allocate((size_t)(numbers / 8 + 1));
    merge->lower = base_allocate((size_t)(numbers / 8 + 1));
    if (merge->count > 1)
        base_sort(merge->rows, merge->count, sizeof *merge->rows, by_identity);
    for (size_t at = 0; at < merge->count; at += length) {
        for (length = 1; at + length < merge->count; length++) {
            if (merge->rows[at + length].identity != merge->rows[at].identity)
                break;
        }
        merge->rows[kept++] = settle_host(merge, merge->rows + at, length);
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

bool stores_merge_lowers(const stores_merge *merge, uint64_t number)
{
    return has_bit(merge->winners, number) && has_bit(merge->lower, number);
}

static merge_row *find_row(const stores_merge *merge, uint64_t identity)
{
    size_t low = 0, high = merge->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (merge->rows[middle].identity == identity)
            return &merge->rows[middle];
        if (merge->rows[middle].identity < identity)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool stores_merge_holds(const stores_merge *merge, uint64_t identity)
{
    const merge_row *row = find_row(merge, identity);

    return row != NULL && row->ends != WITHDRAWN;
}

bool stores_merge_meet(stores_merge *merge, uint64_t identity, const hf_row *there, const hf_format_options *options)
{
    merge_row *row = find_row(merge, identity);
    stores_standing standing = stores_standing_of(there, options);

    if (row == NULL || row->ends == WITHDRAWN || standing < STORES_SOME_VISITS)
        return false;
    if (merge->keeps_newer && rank_of(there) > (row->order >> RANK_SHIFT & (uint64_t)RANK_MAX))
        return false;
    if (standing_of(row) < STORES_SOME_VISITS) {
        merge->winners[number_of(row) / 8] &= (unsigned char)~(1u << number_of(row) % 8);
        row->ends = WITHDRAWN;
        return false;
    }
    return standing > standing_of(row) || there->expires.seconds > row->ends ||
           (there->include_subdomains && !has_subdomains(row));
}
