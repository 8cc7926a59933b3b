#include "row.h"

#include "octets.h"
#include "siphash.h"

/* Offsets within a row. */
enum {
    CHECK = 0,
    MARK = 8,
    HOST_LENGTH = 10,
    FLAGS = 11,
    PARTITION_LENGTH = 12,
    ZERO = 14,
    MAX_AGE = 16,
    OBSERVED = 24,
    EXPIRES = 32
};

enum {
    MARK_VALUE = 0x9d1e,
    INCLUDE_SUBDOMAINS = 1,
    SOURCE_SHIFT = 1,
    STATE_SHIFT = 3,
    FORGOTTEN = 32,
    FLAGS_KNOWN = 63
};

static const uint64_t check_key = UINT64_C(0x74736166646c6f48); /* "Holdfast" */

static size_t length_of(size_t host, size_t partition)
{
    return (HF__ROW_HEAD + host + partition + HF__ROW_UNIT - 1) / HF__ROW_UNIT * HF__ROW_UNIT;
}

static uint64_t check_of(const uint8_t *octets, size_t length, uint64_t offset)
{
    return hf__siphash((hf__siphash_key){check_key, offset}, octets + MARK, length - MARK);
}

/* What no canonical name holds is no name, whoever wrote it here. */
static bool is_name(const char *name, size_t length)
{
    char before = '.';

    for (size_t i = 0; i < length; i++) {
        char c = name[i];
        if (c <= ' ' || c >= 0x7f || (c >= 'A' && c <= 'Z') || (c == '.' && before == '.'))
            return false;
        before = c;
    }
    return before != '.';
}

static bool is_entry(const hf_entry *e)
{
    return e->host.length > 0 && e->host.length <= HF_HOST_MAX && e->partition.length <= HF_PARTITION_MAX &&
           (unsigned)e->source <= HF_SOURCE_USER && (unsigned)e->state <= HF_STATE_NEGATIVE &&
           is_name(e->host.data, e->host.length);
}

size_t hf__row_write(const hf__row *row, uint64_t offset, uint8_t out[HF__ROW_MAX])
{
    const hf_entry *e = &row->entry;

    if (!is_entry(e))
        return 0;
    size_t length = length_of(e->host.length, e->partition.length);
    memset(out, 0, length);
    hf__put16(out + MARK, MARK_VALUE);
    out[HOST_LENGTH] = (uint8_t)e->host.length;
    out[FLAGS] = (uint8_t)((e->include_subdomains ? INCLUDE_SUBDOMAINS : 0) | (unsigned)e->source << SOURCE_SHIFT |
                           (unsigned)e->state << STATE_SHIFT | (row->forgotten ? FORGOTTEN : 0));
    hf__put16(out + PARTITION_LENGTH, (uint16_t)e->partition.length);
    hf__put64(out + MAX_AGE, (uint64_t)e->max_age);
    hf__put64(out + OBSERVED, (uint64_t)e->observed);
    hf__put64(out + EXPIRES, (uint64_t)e->expires);
    memcpy(out + HF__ROW_HEAD, e->host.data, e->host.length);
    if (e->partition.length > 0)
        memcpy(out + HF__ROW_HEAD + e->host.length, e->partition.data, e->partition.length);
    hf__put64(out + CHECK, check_of(out, length, offset));
    return length;
}

size_t hf__row_claim(const uint8_t *octets, size_t available)
{
    if (available < HF__ROW_HEAD || hf__get16(octets + MARK) != MARK_VALUE || hf__get16(octets + ZERO) != 0)
        return 0;
    size_t host = octets[HOST_LENGTH], partition = hf__get16(octets + PARTITION_LENGTH);
    if (host == 0 || host > HF_HOST_MAX || partition > HF_PARTITION_MAX || (octets[FLAGS] & ~FLAGS_KNOWN) != 0)
        return 0;
    return length_of(host, partition);
}

size_t hf__row_read(const uint8_t *octets, size_t available, uint64_t offset, hf__row *row)
{
    size_t length = hf__row_claim(octets, available);

    if (length == 0 || length > available || hf__get64(octets + CHECK) != check_of(octets, length, offset))
        return 0;
    unsigned flags = octets[FLAGS];
    const char *text = (const char *)octets + HF__ROW_HEAD;
    *row = (hf__row){.forgotten = (flags & FORGOTTEN) != 0};
    row->entry = (hf_entry){
        .size = sizeof row->entry,
        .host = {text, octets[HOST_LENGTH]},
        .partition = {text + octets[HOST_LENGTH], hf__get16(octets + PARTITION_LENGTH)},
        .max_age = (int64_t)hf__get64(octets + MAX_AGE),
        .observed = (int64_t)hf__get64(octets + OBSERVED),
        .expires = (int64_t)hf__get64(octets + EXPIRES),
        .source = (hf_source)(flags >> SOURCE_SHIFT & 3),
        .state = (hf_state)(flags >> STATE_SHIFT & 3),
        .include_subdomains = (flags & INCLUDE_SUBDOMAINS) != 0,
    };
    return is_entry(&row->entry) ? length : 0;
}
