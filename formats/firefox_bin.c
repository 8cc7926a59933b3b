/*
 * Firefox's SiteSecurityServiceState.bin: up to 2,048 slots of 286 octets, big-endian: checksum (the XOR of all words
 * of the slot is 0), score, day of last use, key[256], value[24]. A slot whose checksum is wrong, or whose score or day
 * is 0, is free.
 */
#include "firefox.h"
#include "formats.h"
#include "writer.h"

#include <stdlib.h>

#define SLOT 286
#define SLOTS_MAX 2048
#define KEY 6
#define VALUE (KEY + HF__FIREFOX_KEY_MAX)
#define OCTETS_MAX (UINT64_C(16) << 20) /* Firefox itself reads SLOTS_MAX slots and no further */

static uint16_t word_at(const unsigned char *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

static void put_word(unsigned char *at, uint16_t word)
{
    at[0] = (unsigned char)(word >> 8);
    at[1] = (unsigned char)word;
}

static uint16_t checksum(const unsigned char *slot)
{
    uint16_t sum = 0;

    for (size_t at = 0; at < SLOT; at += 2)
        sum ^= word_at(slot + at);
    return sum;
}

static bool is_blank(const unsigned char *slot)
{
    for (size_t i = 0; i < SLOT; i++) {
        if (slot[i] != 0)
            return false;
    }
    return true;
}

/* The octets before the padding. False if anything follows the first NUL. */
static bool unpad(const unsigned char *field, size_t size, hf_span *text)
{
    const unsigned char *nul = memchr(field, 0, size);
    size_t length = nul != NULL ? (size_t)(nul - field) : size;

    for (size_t i = length; i < size; i++) {
        if (field[i] != 0)
            return false;
    }
    *text = (hf_span){(const char *)field, length};
    return true;
}

static const char *free_reason(const unsigned char *slot)
{
    if (checksum(slot) != 0)
        return "the checksum is wrong: Firefox takes the slot for free";
    if (word_at(slot + 2) == 0)
        return "the score is 0: Firefox takes the slot for free";
    if (word_at(slot + 4) == 0)
        return "the day of last use is 0: Firefox takes the slot for free";
    return NULL;
}

static const char *parse(const unsigned char *slot, const hf_format_options *options, hf_row *row, hf_host *host)
{
    hf_span key, value;
    const char *reason = free_reason(slot);

    if (reason != NULL)
        return reason;
    if (!unpad(slot + KEY, HF__FIREFOX_KEY_MAX, &key) || !unpad(slot + VALUE, HF__FIREFOX_VALUE_MAX, &value))
        return "a NUL in the middle of the key or the value";
    row->score = word_at(slot + 2);
    row->last_day = word_at(slot + 4);
    row->raw = (hf_span){(const char *)slot, SLOT};
    reason = hf__firefox_key(key, options, row, host);
    if (reason == NULL)
        reason = hf__firefox_value(value, row);
    row->host = (hf_span){host->name, host->length};
    return reason;
}

static hf_status read(const hf_format *format, const hf_input *input, const hf_format_options *options,
                      const hf_row_visitor *visitor)
{
    unsigned char slot[SLOT];
    uint64_t offset = 0;
    bool recognised = input->length == 0;
    size_t length;

    (void)format;
    for (;; offset += SLOT) {
        hf_row row = hf__row();
        hf_host host;
        if (!input->read(input->self, offset, (char *)slot, SLOT, &length) || length > SLOT)
            return HF_E_READ;
        if (length < SLOT || offset + SLOT > OCTETS_MAX) /* it may grow while it is read */
            break;
        row.offset = offset;
        recognised = recognised || checksum(slot) == 0;
        if (is_blank(slot))
            continue;
        const char *reason = parse(slot, options, &row, &host);
        if (offset >= (uint64_t)SLOT * SLOTS_MAX)
            reason = "beyond the 2,048 slots that Firefox reads";
        if (reason != NULL)
            visitor->damage(visitor->self, &(hf_row_damage){offset, 0, reason});
        else if (!visitor->row(visitor->self, &row))
            return HF_OK;
    }
    if (length > 0)
        visitor->damage(visitor->self, &(hf_row_damage){offset, 0, "the file ends within a slot"});
    return recognised ? HF_OK : HF_E_FORMAT;
}

static bool detect(const hf_format *format, hf_span head, uint64_t length)
{
    (void)format;
    return length >= SLOT && length % SLOT == 0 && head.length >= SLOT &&
           checksum((const unsigned char *)head.data) == 0;
}

/* -- Writing: all slots at once, 572 KiB at most ------------------------------------------------------------------- */

typedef struct slots {
    size_t count;
    unsigned char slot[SLOTS_MAX][SLOT];
    uint32_t mark[SLOTS_MAX]; /* of the key; 0: the slot is free */
} slots;

/* Slots that Firefox takes for free are used again, as it does; a slot with a live key that we cannot read is none of
 * ours and stays. */
static bool is_free(const unsigned char *slot)
{
    return free_reason(slot) != NULL;
}

/* Never 0. Of a million rows most find all slots taken, and must learn that quickly. */
static uint32_t mark_of(hf_span key)
{
    uint32_t mark = 2166136261u;

    for (size_t i = 0; i < key.length; i++)
        mark = (mark ^ (unsigned char)key.data[i]) * 16777619u;
    return mark | 1;
}

static void mark_slots(slots *all)
{
    hf_span key;

    for (size_t i = 0; i < all->count; i++) {
        if (!is_free(all->slot[i]))
            all->mark[i] = unpad(all->slot[i] + KEY, HF__FIREFOX_KEY_MAX, &key) ? mark_of(key) : 1;
    }
}

static void drop_rows(hf_format_writer *writer, slots *all)
{
    for (size_t i = 0; i < all->count; i++) {
        hf_row row = hf__row();
        hf_host host;
        row.offset = i * SLOT;
        if (parse(all->slot[i], &writer->options, &row, &host) != NULL) {
            writer->rows += !is_free(all->slot[i]);
            continue;
        }
        if (!hf__writer_keeps(writer, &row))
            memset(all->slot[i], 0, SLOT);
    }
}

static hf_status begin(hf_format_writer *writer)
{
    const hf_input *previous = writer->rewrite.previous;
    slots *all = calloc(1, sizeof *all);
    size_t length;

    if (all == NULL)
        return HF_E_MEMORY;
    writer->state = all;
    if (previous == NULL)
        return HF_OK;
    if (previous->length > sizeof all->slot)
        return HF_E_FORMAT_SIZE;
    if (!previous->read(previous->self, 0, (char *)all->slot, sizeof all->slot, &length) || length > sizeof all->slot)
        return HF_E_READ;
    if (length % SLOT != 0 || (length > 0 && checksum(all->slot[0]) != 0 && length == SLOT))
        return HF_E_FORMAT;
    all->count = length / SLOT;
    drop_rows(writer, all);
    mark_slots(all);
    return HF_OK;
}

/* The slot of this key, else the first free one, else a new one; NULL when there is no room. */
static unsigned char *slot_for(slots *all, const char *key, size_t length)
{
    uint32_t mark = mark_of((hf_span){key, length});
    size_t found = SLOTS_MAX;
    hf_span there;

    for (size_t i = 0; i < all->count; i++) {
        if (all->mark[i] == mark && unpad(all->slot[i] + KEY, HF__FIREFOX_KEY_MAX, &there) && there.length == length &&
            memcmp(there.data, key, length) == 0)
            return all->slot[i];
        if (all->mark[i] == 0 && found == SLOTS_MAX)
            found = i;
    }
    if (found == SLOTS_MAX && all->count < SLOTS_MAX)
        found = all->count++;
    if (found == SLOTS_MAX)
        return NULL;
    all->mark[found] = mark;
    return all->slot[found];
}

static hf_status add(hf_format_writer *writer, const hf_row *row, hf_losses *losses)
{
    char key[HF__FIREFOX_KEY_MAX + 1], value[HF__FIREFOX_VALUE_MAX + 1];
    size_t length = row->state != HF_ROW_HPKP ? hf__firefox_print_key(row, &writer->options, key) : 0;

    if (length == 0) {
        *losses |= row->state == HF_ROW_HPKP ? HF_LOSS_STATE : HF_LOSS_HOST;
        return HF_OK;
    }
    unsigned char *slot = slot_for(writer->state, key, length);
    if (slot == NULL) {
        *losses |= HF_LOSS_FULL;
        return HF_OK;
    }
    size_t value_length = hf__firefox_print_value(row, value, losses);
    hf__use use = hf__firefox_use(row, writer->options.now);
    memset(slot, 0, SLOT);
    put_word(slot + 2, use.score);
    put_word(slot + 4, use.day);
    memcpy(slot + KEY, key, length);
    memcpy(slot + VALUE, value, value_length);
    put_word(slot, checksum(slot));
    return HF_OK;
}

static hf_status finish(hf_format_writer *writer)
{
    const slots *all = writer->state;

    hf__writer_put(writer, (const char *)all->slot, all->count * SLOT);
    return HF_OK;
}

static void discard(hf_format_writer *writer)
{
    free(writer->state);
}

const hf_format hf__format_firefox = {
    .name = "firefox",
    .description = "Firefox's SiteSecurityServiceState.bin",
    .max_rows = SLOTS_MAX,
    .max_octets = OCTETS_MAX,
    .writes = true,
    .always_lost = HF__FIREFOX_LOST,
    .detect = detect,
    .read = read,
    .begin = begin,
    .add = add,
    .finish = finish,
    .discard = discard,
};
