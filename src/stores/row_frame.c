#include "stores/row_frame.h"

#include <string.h>

#define TEXT_MAX 65536 /* octets of a row as it stands, or of a partition; a row's `raw` has no more than 32 KiB */
#define BILLION 1000000000

/* Lengths, of the texts that follow in this order. */
enum { HOST, HOST_HASH, PARTITION, RAW, TEXTS };

/* Without a hole, for it goes as it is. */
typedef struct head {
    int64_t expires, observed, max_age;
    uint64_t offset, line;
    int32_t expires_nanoseconds, observed_nanoseconds;
    uint32_t lengths[TEXTS];
    uint16_t port, score, last_day, flags;
    unsigned char hash[STORES_HASH_SIZE];
} head;

#define STATES 0xffU /* of the flags: the state */
#define HAS_SUBDOMAINS 0x100U
#define HAS_HASH 0x200U

static void put_text(base_buffer *out, hf_span text)
{
    if (text.length > 0)
        base_buffer_append(out, text.data, text.length);
}

void stores_row_put(base_buffer *out, int kind, const hf_row *row, const unsigned char *hash)
{
    head h = {.expires = row->expires.seconds,
              .observed = row->observed.seconds,
              .max_age = row->max_age,
              .offset = row->offset,
              .line = row->line,
              .expires_nanoseconds = row->expires.nanoseconds,
              .observed_nanoseconds = row->observed.nanoseconds,
              .lengths = {(uint32_t)row->host.length, (uint32_t)row->host_hash.length, (uint32_t)row->partition.length,
                          (uint32_t)row->raw.length},
              .port = row->port,
              .score = row->score,
              .last_day = row->last_day};
    base_frame frame = {.kind = (uint32_t)kind, .length = sizeof h};

    h.flags = (uint16_t)((unsigned)row->state | (row->include_subdomains ? HAS_SUBDOMAINS : 0));
    if (hash != NULL) {
        h.flags |= HAS_HASH;
        memcpy(h.hash, hash, sizeof h.hash);
    }
    for (size_t i = 0; i < TEXTS; i++)
        frame.length += h.lengths[i];
    base_buffer_append(out, (const char *)&frame, sizeof frame);
    base_buffer_append(out, (const char *)&h, sizeof h);
    put_text(out, row->host);
    put_text(out, row->host_hash);
    put_text(out, row->partition);
    put_text(out, row->raw);
}

static bool is_canonical(hf_span name)
{
    hf_host host;

    return name.length == 0 || (hf_host_parse(name.data, name.length, NULL, &host, NULL) == HF_OK &&
                                host.length == name.length && memcmp(host.name, name.data, name.length) == 0);
}

static bool is_printable(hf_span text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~')
            return false;
    return true;
}

static bool is_moment(int32_t nanoseconds)
{
    return nanoseconds >= 0 && nanoseconds < BILLION;
}

static bool cut_texts(const char *body, size_t length, const head *h, hf_row *row)
{
    hf_span texts[TEXTS] = {{NULL, 0}};
    size_t at = 0;

    for (size_t i = 0; i < TEXTS; i++) {
        if (h->lengths[i] > length - at || h->lengths[i] > TEXT_MAX)
            return false;
        if (h->lengths[i] > 0)
            texts[i] = (hf_span){body + at, h->lengths[i]};
        at += h->lengths[i];
    }
    row->host = texts[HOST];
    row->host_hash = texts[HOST_HASH];
    row->partition = texts[PARTITION];
    row->raw = texts[RAW];
    return at == length && is_canonical(row->host) && is_printable(row->host_hash);
}

bool stores_row_take(const char *body, size_t length, hf_row *row, const unsigned char **hash)
{
    static const hf_row_state last = HF_ROW_HPKP;
    head h;

    if (length < sizeof h)
        return false;
    memcpy(&h, body, sizeof h);
    *row = hf_row_init();
    row->expires = (hf_moment){h.expires, h.expires_nanoseconds};
    row->observed = (hf_moment){h.observed, h.observed_nanoseconds};
    row->max_age = h.max_age;
    row->offset = h.offset;
    row->line = h.line;
    row->port = h.port;
    row->score = h.score;
    row->last_day = h.last_day;
    row->state = (hf_row_state)(h.flags & STATES);
    row->include_subdomains = (h.flags & HAS_SUBDOMAINS) != 0;
    *hash = (h.flags & HAS_HASH) != 0 ? (const unsigned char *)body + offsetof(head, hash) : NULL;
    return row->state <= last && is_moment(h.expires_nanoseconds) && is_moment(h.observed_nanoseconds) &&
           cut_texts(body + sizeof h, length - sizeof h, &h, row);
}

void stores_damage_put(base_buffer *out, int kind, const hf_row_damage *damage)
{
    const uint64_t place[] = {damage->offset, damage->line};

    base_frame_put_two(out, kind, 0, place, sizeof place, damage->reason, strlen(damage->reason));
}

bool stores_damage_take(const char *body, size_t length, char reason[STORES_REASON_MAX], hf_row_damage *damage)
{
    uint64_t place[2];

    if (length < sizeof place || length - sizeof place >= STORES_REASON_MAX)
        return false;
    memcpy(place, body, sizeof place);
    memcpy(reason, body + sizeof place, length - sizeof place);
    reason[length - sizeof place] = '\0';
    *damage = (hf_row_damage){place[0], place[1], reason};
    return true;
}
