/*
 * The names of an image: buckets and tails are checked once, here, and where some of them begin is noted, so that
 * look-ups need neither check nor search.
 */
#include "preload_image.h"

/* Each group begins behind as many zeros as there are buckets before it: notes those that begin in this word. */
static void note_groups(hf_preload_image *image, size_t at, size_t bucket, uint64_t zeros, const hf__ones *ones)
{
    size_t last = (bucket + (size_t)(ones->octets >> 56)) / HF__GROUP;

    for (size_t group = bucket / HF__GROUP + 1; group <= last; group++) {
        unsigned skip = (unsigned)(group * HF__GROUP - 1 - bucket);
        image->groups[group] = (uint32_t)(at + hf__place_of_one(zeros, ones, skip) + 1 - group * HF__GROUP);
    }
}

/*
 * There is a zero for each bucket, and the last of them is the last bit: so all other bits are the ones of name_count
 * names, a search for a zero always ends, and the names that it gives exist.
 */
bool hf__image_read_buckets(hf_preload_image *image)
{
    size_t bucket_count = (size_t)1 << image->bucket_bits, bits = image->name_count + bucket_count, bucket = 0;
    uint64_t zeros = 0;

    image->groups[0] = 0;
    for (size_t at = 0; at < bits; at += 64) {
        /* With the last word what follows the bitmap is read too, and left away. */
        zeros = ~hf__load64_little(image->buckets + at / 8);
        if (bits - at < 64)
            zeros &= (UINT64_C(1) << (bits - at)) - 1;
        hf__ones ones = hf__count_ones(zeros);
        if (ones.octets >> 56 > bucket_count - bucket)
            return false;
        note_groups(image, at, bucket, zeros, &ones);
        bucket += (size_t)(ones.octets >> 56);
    }
    return bucket == bucket_count && zeros >> (bits - 1) % 64 == 1;
}

/* Sets all members of tail_codes that begin with a code: so the code need not be parted from what follows it. */
static bool make_tail_codes(hf_preload_image *image, const uint8_t *nibbles)
{
    uint8_t lengths[HF__TAIL_ESCAPE + 1];
    uint16_t codes[HF__TAIL_ESCAPE + 1];

    for (unsigned i = 0; i <= HF__TAIL_ESCAPE; i++)
        lengths[i] = nibbles[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
    if (!hf__canonical_codes(lengths, HF__TAIL_ESCAPE + 1, HF__TAIL_CODE_BITS, codes))
        return false;
    memset(image->tail_codes, 0, sizeof image->tail_codes);
    for (unsigned units = 0; units <= HF__TAIL_ESCAPE; units++) {
        unsigned rest = HF__TAIL_CODE_BITS - lengths[units];
        if (lengths[units] > 0 && units != HF__TAIL_ESCAPE && units * image->tail_unit > image->tail_max)
            return false;
        unsigned bits = units == HF__TAIL_ESCAPE ? HF__TAIL_ESCAPED : lengths[units] + units * image->tail_unit;
        for (unsigned i = 0; lengths[units] > 0 && i < 1u << rest; i++)
            image->tail_codes[((unsigned)codes[units] << rest) + i] = (uint16_t)(bits << 4 | lengths[units]);
    }
    return true;
}

/* Some of the names, whole blocks, and where the tail of the next of them begins. */
typedef struct lane {
    size_t rank, last, at;
} lane;

/* Passes over the tail at *at. Lengths that have a code were found short enough with the codes, so only others are
 * looked at. */
static inline bool pass_tail(const hf_preload_image *image, size_t *at, size_t end)
{
    if (*at > end)
        return false;
    unsigned code = image->tail_codes[hf__peek(image->tails, *at) >> (64 - HF__TAIL_CODE_BITS)];
    if (code != 0 && code >> 4 != HF__TAIL_ESCAPED) {
        *at += code >> 4;
        return true;
    }
    hf__tail tail;
    bool is_good = hf__tail_read(image, *at, &tail) && tail.length <= image->tail_max;
    *at = tail.end;
    return is_good;
}

static bool pass_block(hf_preload_image *image, lane *l, size_t end)
{
    size_t at = l->at, rank = l->rank, last = l->last - rank < HF__BLOCK ? l->last : rank + HF__BLOCK;

    if (rank < last)
        image->blocks[rank / HF__BLOCK] = (uint32_t)at;
    for (; rank < last; rank++) {
        if (!pass_tail(image, &at, end))
            return false;
    }
    l->at = at;
    l->rank = last;
    return true;
}

/* How long the tails are that begin with these bits, with their code; 0: they must be looked at closer. */
typedef struct skips {
    uint16_t bits[1 << HF__TAIL_CODE_BITS];
} skips;

static void make_skips(const hf_preload_image *image, skips *s)
{
    for (unsigned i = 0; i < 1 << HF__TAIL_CODE_BITS; i++) {
        unsigned bits = image->tail_codes[i] >> 4;
        s->bits[i] = bits == HF__TAIL_ESCAPED ? 0 : (uint16_t)bits;
    }
}

/* Where the tail behind that at `at` begins; `is_good` ends if no tail may stand there. */
static inline size_t next_tail(const hf_preload_image *image, const skips *s, size_t at, bool *is_good)
{
    hf__tail tail;
    uint32_t bits = hf__load32_big(image->tails + at / 8) << at % 8;
    unsigned skip = s->bits[bits >> (32 - HF__TAIL_CODE_BITS)];

    if (skip != 0)
        return at + skip;
    *is_good = *is_good && hf__tail_read(image, at, &tail) && tail.length <= image->tail_max;
    return *is_good ? tail.end : at;
}

/*
 * A block of each lane, none of which comes near the end of the tails: so none of these tails need be looked at whether
 * it does. That they stand side by side in the loop is what lets a processor do them at once.
 */
static bool pass_blocks(hf_preload_image *image, const skips *s, lane lanes[HF__LANES])
{
    size_t at[HF__LANES] = {lanes[0].at, lanes[1].at, lanes[2].at, lanes[3].at};
    bool is_good = true;

    for (unsigned i = 0; i < HF__LANES; i++) {
        image->blocks[lanes[i].rank / HF__BLOCK] = (uint32_t)at[i];
        lanes[i].rank += HF__BLOCK;
    }
    for (unsigned n = 0; n < HF__BLOCK; n++) {
        at[0] = next_tail(image, s, at[0], &is_good);
        at[1] = next_tail(image, s, at[1], &is_good);
        at[2] = next_tail(image, s, at[2], &is_good);
        at[3] = next_tail(image, s, at[3], &is_good);
    }
    for (unsigned i = 0; i < HF__LANES; i++)
        lanes[i].at = at[i];
    return is_good;
}

/* True if each lane has a whole block left, and more room than any block may take. */
static bool may_pass_blocks(const lane lanes[HF__LANES], size_t end)
{
    for (unsigned i = 0; i < HF__LANES; i++) {
        if (lanes[i].last - lanes[i].rank < HF__BLOCK || end < HF__BLOCK_BITS_MAX ||
            lanes[i].at > end - HF__BLOCK_BITS_MAX)
            return false;
    }
    return true;
}

/*
 * Every tail is passed over once. Where one ends is not known before its length is read, and there a processor would
 * wait; so the header says where to begin in four places, and while one lane waits the others go on. Each must end
 * where the next begins.
 */
bool hf__image_read_tails(hf_preload_image *image, const uint8_t *nibbles, const size_t lanes[HF__LANES + 1])
{
    size_t units = (image->name_count + HF__LANE_UNIT - 1) / HF__LANE_UNIT;
    size_t names = (units + HF__LANES - 1) / HF__LANES * HF__LANE_UNIT;
    lane all[HF__LANES];
    skips s;

    if (!make_tail_codes(image, nibbles))
        return false;
    for (size_t i = 0; i < HF__LANES; i++) {
        size_t first = i * names, last = first + names;
        all[i] = (lane){first < image->name_count ? first : image->name_count,
                        last < image->name_count ? last : image->name_count, lanes[i]};
    }
    size_t done = 0;
    make_skips(image, &s);
    for (; may_pass_blocks(all, lanes[HF__LANES]); done += HF__BLOCK) {
        if (!pass_blocks(image, &s, all))
            return false;
    }
    for (; done < names; done += HF__BLOCK) {
        for (size_t i = 0; i < HF__LANES; i++) {
            if (!pass_block(image, &all[i], lanes[HF__LANES]))
                return false;
        }
    }
    for (size_t i = 0; i < HF__LANES; i++) {
        if (all[i].at != lanes[i + 1])
            return false;
    }
    return true;
}

/* -- Enumeration --------------------------------------------------------------------------------------------------- */

/* Where an enumeration stands; the four numbers of a hf_preload_cursor. */
typedef struct place {
    uint64_t ending; /* the number of the last ending that was looked at */
    uint64_t rank;   /* of the name that comes next; */
    uint64_t bit;    /* of the buckets, where its one is or soon comes, */
    uint64_t tail;   /* and where its tail begins */
} place;

/* The code of a name, cell and tail in one. */
typedef struct code_bits {
    uint8_t octets[(HF__TAIL_BITS_MAX + 64) / 8 + 8];
    size_t at, length;
} code_bits;

static void append(code_bits *bits, uint64_t value, unsigned count)
{
    for (; count > 0; count--, bits->length++) {
        if (value >> (count - 1) & 1)
            bits->octets[bits->length / 8] |= (uint8_t)(0x80 >> bits->length % 8);
    }
}

/* The next `count` bits; beyond the end zeros, which the caller must not take for a code. */
static unsigned look(const code_bits *bits, unsigned count)
{
    return (unsigned)(hf__peek(bits->octets, bits->at) >> (64 - count));
}

/* True, and the code taken, if it comes next. What has no code never does. */
static bool take_code(code_bits *bits, unsigned code, unsigned length)
{
    if (length == 0 || bits->length - bits->at < length || look(bits, length) != code)
        return false;
    bits->at += length;
    return true;
}

static const hf__ending *decode_ending(const hf_preload_image *image, code_bits *bits)
{
    for (size_t i = 1; i < image->ending_count; i++) {
        const hf__ending *ending = &image->endings[i];
        if (take_code(bits, ending->code, ending->code_bits))
            return ending;
    }
    return NULL;
}

/* HF__NO_SYMBOL when no whole code is left. */
static unsigned decode_symbol(const hf_preload_image *image, uint32_t history, code_bits *bits)
{
    const uint16_t *codes = image->codes + hf__codes_after(image, history);

    for (unsigned symbol = 0; symbol < image->symbol_count; symbol++) {
        if (take_code(bits, codes[symbol] >> 4, codes[symbol] & 15))
            return symbol;
    }
    return HF__NO_SYMBOL;
}

/* A name, written from right to left into the end of a buffer. */
typedef struct writer {
    char text[HF_HOST_MAX + 1];
    size_t start;
    bool overflowed;
} writer;

static void put(writer *w, uint8_t octet)
{
    if (w->start == 0)
        w->overflowed = true;
    else
        w->text[--w->start] = (char)octet;
}

static void put_ending(const hf_preload_image *image, const hf__ending *ending, writer *w)
{
    const hf__ending *path[16];
    size_t count = 0;

    for (; ending != image->endings; ending = &image->endings[ending->parent])
        path[count++] = ending;
    for (; count > 0; count--) {
        for (size_t i = path[count - 1]->length; i > 0; i--)
            put(w, path[count - 1]->label[i - 1]);
        if (count > 1)
            put(w, '.');
    }
}

/* Decodes all the whole codes there are, and takes away the dots that only filled the code up. */
static bool decode_name(const hf_preload_image *image, code_bits *bits, writer *w)
{
    const hf__ending *ending = decode_ending(image, bits);

    if (ending == NULL)
        return false;
    put_ending(image, ending, w);
    put(w, '.');
    uint32_t history = 0;
    for (unsigned symbol; (symbol = decode_symbol(image, history, bits)) != HF__NO_SYMBOL && w->start > 0;) {
        put(w, image->octets[symbol]);
        history = history << 6 | symbol;
    }
    while (w->start < HF_HOST_MAX && w->text[w->start] == '.')
        w->start++;
    return !w->overflowed;
}

static bool next_ending(const hf_preload_image *image, place *p, writer *w, bool *include_subdomains)
{
    while (++p->ending < image->ending_count) {
        const hf__ending *ending = &image->endings[p->ending];
        if (!ending->is_listed)
            continue;
        *include_subdomains = ending->include_subdomains;
        put_ending(image, ending, w);
        return !w->overflowed;
    }
    p->ending = image->ending_count;
    return false;
}

static bool next_name(const hf_preload_image *image, place *p, writer *w, bool *include_subdomains)
{
    code_bits bits = {{0}, 0, 0};
    hf__tail tail;

    if (p->rank >= image->name_count)
        return false;
    while ((image->buckets[p->bit / 8] >> p->bit % 8 & 1) == 0)
        p->bit++;
    append(&bits, (p->bit - p->rank) << HF__HEAD_BITS | image->heads[p->rank], image->cell_bits);
    (void)hf__tail_read(image, (size_t)p->tail, &tail);
    for (unsigned done = 0; done < tail.length; done += 32) {
        unsigned count = tail.length - done < 32 ? tail.length - done : 32;
        append(&bits, hf__peek(image->tails, tail.start + done) >> (64 - count), count);
    }
    *include_subdomains = tail.include_subdomains;
    *p = (place){p->ending, p->rank + 1, p->bit + 1, tail.end};
    return decode_name(image, &bits, w);
}

bool hf_preload_next(const hf_preload_image *image, hf_preload_cursor *cursor, char name[HF_HOST_MAX + 1],
                     bool *include_subdomains)
{
    place p = {cursor->place[0], cursor->place[1], cursor->place[2], cursor->place[3]};
    writer w = {.start = HF_HOST_MAX};
    bool include, found = p.ending < image->ending_count && next_ending(image, &p, &w, &include);

    if (!found)
        found = !w.overflowed && next_name(image, &p, &w, &include);
    if (!found)
        return false;
    memcpy(name, w.text + w.start, HF_HOST_MAX - w.start);
    name[HF_HOST_MAX - w.start] = '\0';
    *include_subdomains = include;
    *cursor = (hf_preload_cursor){{p.ending, p.rank, p.bit, p.tail}};
    return true;
}
