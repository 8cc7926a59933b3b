/*
 * The inside of an open preload image. docs/formats/preload-image.md has the format and the reasons for it; in one
 * sentence: names are coded from right to left with prefix codes, sorted, and found by the first bits of their code, so
 * that a query is encoded and nothing is ever decoded.
 *
 *     octets of the image                          made at opening, in one block of memory
 *     suffixes   TLDs and other common endings     suffixes, slots: a hash table of them
 *     contexts   which code follows which octets   pairs, rows: the same as arrays
 *     tables     lengths of the codes              codes
 *     buckets    names by the first bits           groups: where every 16th bucket begins
 *     heads      the next 8 bits of each name
 *     tails      the rest of each name             blocks: where every 8th tail begins, tail_codes
 */
#ifndef HF_ENGINE_PRELOAD_IMAGE_H
#define HF_ENGINE_PRELOAD_IMAGE_H

#include "holdfast/preload.h"

#include "words.h"

#define HF__SYMBOLS_MAX 64      /* characters of the alphabet: a symbol is 6 bits of a history */
#define HF__NO_SYMBOL 0xffu     /* of an octet outside the alphabet */
#define HF__DOT 0u              /* the symbol of '.' */
#define HF__CODE_BITS_MAX 12    /* of one symbol */
#define HF__SUFFIX_BITS_MAX 15  /* of one ending */
#define HF__TAIL_CODE_BITS 10   /* of one length of a tail, at most */
#define HF__TAIL_ESCAPE 63u     /* this "length" says that the flag and the true length follow, */
#define HF__TAIL_ESCAPE_BITS 12 /* in so many bits */
#define HF__TAIL_ESCAPED 0xfffu /* what tail_codes have in place of the bits */
#define HF__TAIL_BITS_MAX 3072u /* of one tail: more than 253 characters of 12 bits each */
#define HF__HEAD_BITS 8
#define HF__DEEPER 0x8000u                     /* in pairs: the rest is where a row begins, not a table */
#define HF__GROUP 16u                          /* buckets */
#define HF__BLOCK 8u                           /* tails */
#define HF__BLOCK_BITS_MAX (HF__BLOCK * 4096u) /* of the tails of a block: more than each may take with its length */
#define HF__LANES 4u      /* parts of the tails that are checked side by side when an image is opened, */
#define HF__LANE_UNIT 16u /* each of so many tails or a multiple */

/* A common ending of names, such as "com" or "co.uk". Number 0 is the root, the empty ending. */
typedef struct hf__ending {
    const uint8_t *label; /* its leftmost label; the others are those of its parent */
    uint64_t children;    /* the bits of its children's labels, see hf__label_bit */
    uint16_t parent;
    uint16_t code;
    uint8_t length;    /* of the label */
    uint8_t code_bits; /* 0: no name is coded below it */
    bool is_listed;
    bool include_subdomains;
} hf__ending;

struct hf_preload_image {
    hf_alloc alloc;
    hf_preload_info info;
    const uint8_t *buckets, *heads, *tails;
    size_t name_count; /* of those that are coded: all but the endings that are listed themselves */
    unsigned bucket_bits;
    unsigned cell_bits; /* bucket and head: so many bits find the names that a query may equal */
    unsigned tail_unit; /* tails are so many bits long, or a multiple */
    unsigned tail_max;  /* bits of the longest */
    unsigned symbol_count;
    unsigned slot_shift; /* from a 32-bit hash to a slot */
    size_t ending_count; /* with the root */
    hf__ending *endings;
    uint16_t *slots; /* number of an ending, 0 when empty */
    uint16_t *rows;
    uint16_t *codes; /* code << 4 | bits, by table * symbol_count + symbol */
    uint32_t *groups;
    uint32_t *blocks;
    uint8_t symbols[256];                         /* of an octet */
    uint8_t octets[HF__SYMBOLS_MAX];              /* of a symbol */
    uint16_t pairs[1 << 12];                      /* by the last two symbols */
    uint16_t tail_codes[1 << HF__TAIL_CODE_BITS]; /* bits of code and tail << 4 | bits of the code, by the next bits; 0
                                                     for none */
};

/* -- Bit strings: the first bit is the highest of the first octet -------------------------------------------------- */

/* The 57 bits from bit `at` on, and behind them whatever comes: at the top of the word. Reads 8 octets. */
static inline uint64_t hf__peek(const uint8_t *octets, size_t at)
{
    return hf__load64_big(octets + at / 8) << at % 8;
}

/* -- The code ------------------------------------------------------------------------------------------------------ */

/* A name that is being encoded, from right to left. */
typedef struct hf__encoder {
    uint64_t bits;    /* the last ones encoded, at the bottom */
    size_t length;    /* bits so far */
    uint32_t history; /* symbols so far, 6 bits each, the latest at the bottom; in front of all stand dots */
} hf__encoder;

/* Where the codes begin of the table for what comes after `history`. */
static inline unsigned hf__codes_after(const hf_preload_image *image, uint32_t history)
{
    unsigned context = image->pairs[history & 0xfff];
    if (context & HF__DEEPER)
        context = image->rows[(context ^ HF__DEEPER) + (history >> 12 & 63)];
    return context;
}

static inline void hf__encode(const hf_preload_image *image, hf__encoder *encoder, unsigned symbol)
{
    unsigned code = image->codes[hf__codes_after(image, encoder->history) + symbol];
    encoder->bits = encoder->bits << (code & 15) | code >> 4;
    encoder->length += code & 15;
    encoder->history = encoder->history << 6 | symbol;
}

/* -- Tails --------------------------------------------------------------------------------------------------------- */

/* What follows the head of a name, and the name's flag. */
typedef struct hf__tail {
    size_t start; /* a bit of image->tails */
    size_t end;   /* where the next one begins */
    unsigned length;
    bool include_subdomains;
} hf__tail;

/*
 * The tail at bit `at`. False only if no code of a length stands there, which no query meets in an opened image.
 */
static inline bool hf__tail_read(const hf_preload_image *image, size_t at, hf__tail *tail)
{
    uint64_t bits = hf__peek(image->tails, at);
    unsigned code = image->tail_codes[bits >> (64 - HF__TAIL_CODE_BITS)], used = code & 15;
    tail->include_subdomains = true;
    tail->length = (code >> 4) - used;
    if (code >> 4 == HF__TAIL_ESCAPED) {
        unsigned escaped = (unsigned)(bits << used >> (64 - HF__TAIL_ESCAPE_BITS));
        tail->include_subdomains = escaped & 1;
        tail->length = (escaped >> 1) * image->tail_unit;
        used += HF__TAIL_ESCAPE_BITS;
    }
    tail->start = at + used;
    tail->end = tail->start + tail->length;
    return used > 0;
}

/* Where the tail behind that at bit `at` begins. */
static inline size_t hf__tail_skip(const hf_preload_image *image, size_t at)
{
    unsigned code = image->tail_codes[hf__peek(image->tails, at) >> (64 - HF__TAIL_CODE_BITS)];
    hf__tail tail;
    if (code >> 4 != HF__TAIL_ESCAPED)
        return at + (code >> 4);
    (void)hf__tail_read(image, at, &tail);
    return tail.end;
}

/* -- Endings ------------------------------------------------------------------------------------------------------- */

/*
 * One of 64 bits, by the last two octets of a label, which ends before `end`. By it most names below "com" are told
 * from those below the few children of "com" that are endings, before any octet is hashed. `start` is that of the name;
 * the label is not empty.
 */
static inline uint64_t hf__label_bit(const uint8_t *start, const uint8_t *end)
{
    unsigned before = end - start > 1 ? end[-2] : '.';
    return UINT64_C(1) << ((end[-1] * 5u + before * 11u) & 63);
}

/* The hash of an ending begins with its parent and takes in the octets of its label from right to left. */
static inline uint32_t hf__ending_seed(unsigned parent)
{
    return parent * UINT32_C(0x9e3779b1);
}

static inline uint32_t hf__ending_mix(uint32_t hash, uint8_t octet)
{
    return (hash ^ octet) * UINT32_C(0x85ebca6b);
}

/* -- Making, in preload_image_*.c; each takes in one section and is false if it breaks the rules ------------------- */

bool hf__image_read_endings(hf_preload_image *image, const uint8_t *octets, size_t length);
bool hf__image_read_alphabet(hf_preload_image *image, const uint8_t *octets);
bool hf__image_read_codes(hf_preload_image *image, const uint8_t *nibbles, unsigned table_count);
bool hf__image_read_contexts(hf_preload_image *image, const uint8_t *octets, size_t bits, unsigned table_count,
                             unsigned row_count);
bool hf__image_read_buckets(hf_preload_image *image);
bool hf__image_read_tails(hf_preload_image *image, const uint8_t *nibbles, const size_t lanes[HF__LANES + 1]);

/*
 * Canonical prefix codes from their lengths: in order of length, then of number. A length of 0 has no code. False if a
 * length is above `max`, or there are more codes than a prefix code can have.
 */
bool hf__canonical_codes(const uint8_t *lengths, size_t count, unsigned max, uint16_t *codes);

#endif
