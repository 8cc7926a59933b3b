/*
 * The code of an image: which symbols there are, the codes of each table, and which table follows which context.
 */
#include "preload_image.h"

bool hf__canonical_codes(const uint8_t *lengths, size_t count, unsigned max, uint16_t *codes)
{
    uint16_t next[16] = {0};
    unsigned of_length[16] = {0};

    for (size_t i = 0; i < count; i++) {
        if (lengths[i] > max)
            return false;
        of_length[lengths[i]]++;
    }
    of_length[0] = 0;
    uint32_t code = 0;
    for (unsigned length = 1; length <= max; length++) {
        code = (code + of_length[length - 1]) << 1;
        next[length] = (uint16_t)code;
        if (code + of_length[length] > (uint32_t)1 << length)
            return false;
    }
    for (size_t i = 0; i < count; i++)
        codes[i] = lengths[i] == 0 ? 0 : next[lengths[i]]++;
    return true;
}

/* What no canonical host can hold is no symbol either, so that every name that is decoded is one. */
static bool may_be_symbol(uint8_t octet)
{
    return octet > 0x20 && octet < 0x7f && octet != '.' && !(octet >= 'A' && octet <= 'Z');
}

/* The dot is the first symbol, the others ascend. */
bool hf__image_read_alphabet(hf_preload_image *image, const uint8_t *octets)
{
    memset(image->symbols, HF__NO_SYMBOL, sizeof image->symbols);
    memcpy(image->octets, octets, image->symbol_count);
    for (unsigned i = 0; i < image->symbol_count; i++) {
        if (i == 0 ? octets[i] != '.' : !may_be_symbol(octets[i]) || (i > 1 && octets[i] <= octets[i - 1]))
            return false;
        image->symbols[octets[i]] = (uint8_t)i;
    }
    return true;
}

/* Every table codes every symbol, for a host may hold any after any. */
bool hf__image_read_codes(hf_preload_image *image, const uint8_t *nibbles, unsigned table_count)
{
    size_t count = image->symbol_count;

    for (size_t table = 0; table < table_count; table++) {
        uint16_t *codes = image->codes + table * count;
        uint8_t lengths[HF__SYMBOLS_MAX];
        for (size_t i = 0; i < count; i++) {
            size_t place = table * count + i;
            lengths[i] = nibbles[place / 2] >> (place % 2 == 0 ? 4 : 0) & 15;
            if (lengths[i] == 0)
                return false;
        }
        if (!hf__canonical_codes(lengths, count, HF__CODE_BITS_MAX, codes))
            return false;
        for (size_t i = 0; i < count; i++)
            codes[i] = (uint16_t)(codes[i] << 4 | lengths[i]);
    }
    return true;
}

/* -- Contexts ------------------------------------------------------------------------------------------------------ */

/*
 * The tree of contexts, read in the order in which it is written: a context is the number of its table (8 bits), then a
 * bit that says whether longer contexts exist, and if so a bit for each symbol that may stand in front, and the
 * contexts of those that are set.
 */
typedef struct context_reader {
    hf_preload_image *image;
    const uint8_t *octets;
    size_t at, end; /* bits */
    unsigned table_count, row_count, rows_made;
} context_reader;

typedef struct context {
    uint16_t codes; /* where those of its table begin */
    bool is_deeper;
    uint64_t longer; /* a bit for each symbol, that of symbol 0 the highest */
} context;

/* 32 bits at most, as a number. What stands behind the contexts is part of the image, so that a word may be read at any
 * bit of them. */
static bool take_bits(context_reader *r, unsigned count, uint32_t *bits)
{
    if (r->end - r->at < count)
        return false;
    *bits = (uint32_t)(hf__peek(r->octets, r->at) >> 32 >> (32 - count));
    r->at += count;
    return true;
}

static bool read_context(context_reader *r, context *c)
{
    unsigned symbols = r->image->symbol_count, first = symbols < 32 ? symbols : 32;
    uint32_t head, bits = 0, others = 0;

    if (!take_bits(r, 9, &head) || head >> 1 >= r->table_count)
        return false;
    *c = (context){(uint16_t)((head >> 1) * symbols), head & 1, 0};
    if (!c->is_deeper)
        return true;
    if (!take_bits(r, first, &bits) || !take_bits(r, symbols - first, &others))
        return false;
    c->longer = ((uint64_t)bits << (symbols - first) | others) << (64 - symbols);
    return true;
}

static bool is_longer(const context *c, unsigned symbol)
{
    return c->longer << symbol >> 63;
}

/* A context of two symbols, which sets a pair, or of three, which sets a member of its row; there are no longer ones.
 */
static bool read_deep_context(context_reader *r, bool is_pair, uint16_t *member)
{
    unsigned symbols = r->image->symbol_count;
    context c;

    if (!read_context(r, &c))
        return false;
    *member = c.codes;
    if (!c.is_deeper)
        return true;
    if (!is_pair || r->rows_made == r->row_count)
        return false;
    *member = (uint16_t)(HF__DEEPER | r->rows_made * symbols);
    uint16_t *row = r->image->rows + (size_t)r->rows_made++ * symbols;
    for (unsigned i = 0; i < symbols; i++) {
        row[i] = c.codes;
        if (is_longer(&c, i) && !read_deep_context(r, false, &row[i]))
            return false;
    }
    return true;
}

/* A context of one symbol: a column of pairs. */
static bool read_symbol_context(context_reader *r, unsigned symbol)
{
    context c;

    if (!read_context(r, &c))
        return false;
    for (unsigned i = 0; i < r->image->symbol_count; i++) {
        uint16_t *pair = &r->image->pairs[i << 6 | symbol];
        *pair = c.codes;
        if (is_longer(&c, i) && !read_deep_context(r, true, pair))
            return false;
    }
    return true;
}

bool hf__image_read_contexts(hf_preload_image *image, const uint8_t *octets, size_t bits, unsigned table_count,
                             unsigned row_count)
{
    context_reader r = {image, octets, 0, bits, table_count, row_count, 0};
    context root;

    if (!read_context(&r, &root))
        return false;
    for (unsigned i = 0; i < sizeof image->pairs / sizeof image->pairs[0]; i++)
        image->pairs[i] = root.codes;
    for (unsigned i = 0; i < image->symbol_count; i++) {
        if (is_longer(&root, i) && !read_symbol_context(&r, i))
            return false;
    }
    return r.at == r.end && r.rows_made == r.row_count;
}
