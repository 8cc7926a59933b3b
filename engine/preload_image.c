/*
 * The look-up. The host is encoded from its right end; as soon as the bits fill a cell the cell is looked at, and if it
 * is empty, as 96 of 100 are, neither this name nor any longer one is listed.
 */
#include "preload_image.h"
#include "unzeroed.h"

/* What is asked, and the best answer so far. */
typedef struct query {
    const hf_preload_image *image;
    const uint8_t *name;
    size_t length;
    hf_preload_match match;
    bool is_covered;
} query;

/* The entry that begins at `offset` of the host is listed. Asked with ever longer entries, so the last answer is the
 * most specific. */
static inline void accept(query *q, size_t offset, bool include_subdomains)
{
    if (offset == 0 || include_subdomains) {
        q->match = (hf_preload_match){offset, include_subdomains};
        q->is_covered = true;
    }
}

/* -- Endings ------------------------------------------------------------------------------------------------------- */

static inline bool is_ending(const hf__ending *ending, unsigned parent, const uint8_t *label, size_t length)
{
    if (ending->parent != parent || ending->length != length)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (ending->label[i] != label[i])
            return false;
    }
    return true;
}

/* The number of the ending of which `label` is the leftmost label, or 0. There are always empty slots. */
static inline unsigned find_ending(const hf_preload_image *image, unsigned parent, uint32_t hash, const uint8_t *label,
                                   size_t length)
{
    uint32_t mask = UINT32_MAX >> image->slot_shift;

    for (uint32_t slot = hash >> image->slot_shift;; slot = (slot + 1) & mask) {
        unsigned number = image->slots[slot];
        if (number == 0 || is_ending(&image->endings[number], parent, label, length))
            return number;
    }
}

/* The longest ending of the host, which begins at *start; the root if the image has none. */
static inline const hf__ending *longest_ending(query *q, size_t *start)
{
    const hf_preload_image *image = q->image;
    const uint8_t *name = q->name;
    const hf__ending *best = image->endings;

    for (size_t end = q->length; end > 0 && best->children & hf__label_bit(name, name + end);) {
        uint32_t hash = hf__ending_seed((unsigned)(best - image->endings));
        size_t at = end;
        do
            hash = hf__ending_mix(hash, name[--at]);
        while (at > 0 && name[at - 1] != '.');
        unsigned number = find_ending(image, (unsigned)(best - image->endings), hash, name + at, end - at);
        if (number == 0)
            break;
        best = &image->endings[number];
        *start = at;
        if (best->is_listed)
            accept(q, at, best->include_subdomains);
        end = at > 0 ? at - 1 : 0;
    }
    return best;
}

/* -- Cells --------------------------------------------------------------------------------------------------------- */

/* The names first <= rank < last. */
typedef struct ranks {
    size_t first, last;
} ranks;

/* A walk over the zeros of a bitmap, whose first bit is the lowest of the first octet. */
typedef struct zeros {
    const uint8_t *bitmap;
    size_t at;      /* the bit of the bitmap that was the lowest of the word */
    uint64_t ahead; /* ones where zeros were not met yet */
} zeros;

static inline void zeros_load(zeros *z)
{
    z->ahead = ~hf__load64_little(z->bitmap + z->at / 8) >> z->at % 8;
}

/* The place of the next zero. The bitmap has one: opening counted them. */
static inline size_t next_zero(zeros *z)
{
    while (z->ahead == 0) {
        z->at += 64 - z->at % 8;
        zeros_load(z);
    }
    size_t place = z->at + hf__trailing_zeros(z->ahead);
    z->ahead &= z->ahead - 1;
    return place;
}

/* A bucket is a one for each of its names and then a zero, so the names before it are the ones before it. */
static inline ranks names_of_bucket(const hf_preload_image *image, size_t bucket)
{
    size_t start = image->groups[bucket / HF__GROUP] + (bucket & ~(size_t)(HF__GROUP - 1));
    zeros z = {image->buckets, start, 0};

    zeros_load(&z);
    for (size_t skip = bucket % HF__GROUP; skip > 0; skip--)
        start = next_zero(&z) + 1;
    return (ranks){start - bucket, next_zero(&z) - bucket};
}

/* The names whose code begins with these bits, in the order of their codes. */
static inline ranks names_of_cell(const hf_preload_image *image, uint64_t cell)
{
    ranks names = names_of_bucket(image, (size_t)(cell >> HF__HEAD_BITS));
    uint8_t head = (uint8_t)cell;

    while (names.first < names.last && image->heads[names.first] != head)
        names.first++;
    size_t last = names.first;
    while (last < names.last && image->heads[last] == head)
        last++;
    names.last = last;
    return names;
}

/* -- Names --------------------------------------------------------------------------------------------------------- */

static inline hf__tail tail_of(const hf_preload_image *image, size_t rank)
{
    hf__tail tail;
    size_t at = image->blocks[rank / HF__BLOCK];

    for (size_t skip = rank % HF__BLOCK; skip > 0; skip--)
        at = hf__tail_skip(image, at);
    (void)hf__tail_read(image, at, &tail);
    return tail;
}

/*
 * Fills the code up to `length` bits by coding dots behind the name, and writes what the encoder holds beyond `count`
 * whole words. No host has an empty label, so whatever is decoded from such a code is a name and then dots: two names
 * never have one code, though no code says where its name ends.
 */
static inline void fill_up(const hf_preload_image *image, hf__encoder encoder, size_t length, uint32_t *words,
                           size_t count)
{
    while (encoder.length < length)
        hf__encode(image, &encoder, HF__DOT);
    uint64_t last = encoder.bits << 1 << (63 - (encoder.length - 32 * count));
    words[count] = (uint32_t)(last >> 32);
    words[count + 1] = (uint32_t)last;
}

/* How far the search in a cell has come: the names before `rank` come before all that is still looked for. */
typedef struct search {
    size_t rank, last;
    hf__tail tail; /* of `rank` */
    size_t
        equal; /* bits, whole words of the code, that `tail` was found to begin with: they need not be compared again */
} search;

/* Below, equal to or above 0 as the tail comes before `length` bits of `words`, begins with them, or comes after them.
 */
static inline int compare_tail(const hf_preload_image *image, search *s, const uint32_t *words, size_t length)
{
    size_t at = s->tail.start + s->equal, end = length < s->tail.length ? length : s->tail.length;

    for (size_t done = s->equal; done < end; done += 32) {
        unsigned count = end - done < 32 ? (unsigned)(end - done) : 32;
        uint32_t theirs = (uint32_t)(hf__peek(image->tails, at) >> (64 - count)),
                 ours = words[done / 32] >> (32 - count);
        if (theirs != ours)
            return theirs < ours ? -1 : 1;
        s->equal += count & 32;
        at += count;
    }
    return s->tail.length < length ? -1 : 0;
}

/* Goes on to the first name that does not come before these bits. True if it begins with them. */
static bool find_tail(const hf_preload_image *image, search *s, const uint32_t *words, size_t length)
{
    int order = compare_tail(image, s, words, length);
    size_t block = s->rank / HF__BLOCK * HF__BLOCK + HF__BLOCK;

    for (; order < 0 && block < s->last; block += HF__BLOCK) {
        search there = {block, s->last, tail_of(image, block), 0};
        if (compare_tail(image, &there, words, length) >= 0)
            break;
        *s = there;
    }
    while (order < 0 && s->rank + 1 < s->last) {
        s->rank++;
        s->equal = 0;
        (void)hf__tail_read(image, s->tail.end, &s->tail);
        order = compare_tail(image, s, words, length);
    }
    return order == 0;
}

/*
 * Compares the part of the host that is encoded so far, which begins at `offset`, with the names of the cell. False if
 * no longer part of the host is among them.
 */
static bool compare_names(query *q, search *s, size_t offset, hf__encoder encoder, uint32_t *words, size_t count)
{
    const hf_preload_image *image = q->image;
    unsigned length = (unsigned)encoder.length;
    unsigned filled = (length + image->tail_unit - 1) / image->tail_unit * image->tail_unit;

    fill_up(image, encoder, filled, words, count);
    if (!find_tail(image, s, words, length))
        return false;
    /* The name itself stands among all those that begin as it does, where the dots behind it put it. */
    search itself = *s;
    if (!find_tail(image, &itself, words, filled) || itself.tail.length != filled)
        return true;
    accept(q, offset, itself.tail.include_subdomains);
    return s->rank < itself.rank || itself.rank + 1 < s->last;
}

/* Takes a whole word from the encoder, if it has one: no code is so long that it could have two. */
static inline bool take_word(const hf__encoder *encoder, uint32_t *words, size_t *count)
{
    size_t pending = encoder->length - 32 * *count;

    if (pending < 32)
        return false;
    words[(*count)++] = (uint32_t)(encoder->bits >> (pending - 32));
    return true;
}

/*
 * The cell is full and holds names: walks on through the host, `at` octets of which are left, and compares where a
 * label begins. From here on the encoder counts the bits of the tail alone.
 */
static void match_names(query *q, ranks names, hf__encoder encoder, size_t at)
{
    const hf_preload_image *image = q->image;
    HF__UNZEROED uint32_t words[HF__TAIL_BITS_MAX / 32 + 3]; /* the bits of the host behind the cell */
    size_t count = 0;                                        /* whole words of them; the rest is in the encoder */
    search s = {names.first, names.last, tail_of(image, names.first), 0};

    encoder.length -= image->cell_bits;
    for (;;) {
        bool is_full = false;
        unsigned symbol = HF__DOT;
        while (!is_full && at > 0 && (symbol = image->symbols[q->name[at - 1]]) != HF__DOT) {
            if (symbol == HF__NO_SYMBOL)
                return;
            hf__encode(image, &encoder, symbol);
            is_full = take_word(&encoder, words, &count);
            at--;
        }
        /* In the middle of a label, when a word is full, this is to stop early: most names that share a cell go apart
         * soon. */
        if (is_full && !find_tail(image, &s, words, 32 * count))
            return;
        if (is_full && at > 0 && q->name[at - 1] != '.')
            continue;
        if (!compare_names(q, &s, at, encoder, words, count) || at == 0)
            return;
        hf__encode(image, &encoder, HF__DOT);
        (void)take_word(&encoder, words, &count);
        at--;
    }
}

/*
 * The part of the host that begins at `offset` does not fill a cell: dots behind it do. Its tail is empty, so it is the
 * first of its cell if it is listed at all.
 */
static void match_short_name(query *q, hf__encoder encoder, size_t offset)
{
    const hf_preload_image *image = q->image;

    while (encoder.length < image->cell_bits)
        hf__encode(image, &encoder, HF__DOT);
    ranks names = names_of_cell(image, encoder.bits >> (encoder.length - image->cell_bits));
    if (names.first == names.last)
        return;
    hf__tail tail = tail_of(image, names.first);
    if (tail.length == 0)
        accept(q, offset, tail.include_subdomains);
}

/* The names below an ending, which begins behind the dot at `dot`. */
static void match_below(query *q, const hf__ending *ending, size_t dot)
{
    const hf_preload_image *image = q->image;
    const uint8_t *name = q->name;
    hf__encoder encoder = {ending->code, ending->code_bits, 0};
    size_t at = dot;

    while (encoder.length < image->cell_bits) {
        unsigned symbol = at > 0 ? image->symbols[name[at - 1]] : HF__DOT;
        if (symbol == HF__NO_SYMBOL)
            return;
        if (symbol == HF__DOT) {
            match_short_name(q, encoder, at);
            if (at == 0)
                return;
        }
        hf__encode(image, &encoder, symbol);
        at--;
    }
    ranks names = names_of_cell(image, encoder.bits >> (encoder.length - image->cell_bits));
    if (names.first < names.last)
        match_names(q, names, encoder, at);
}

static bool cover(const void *self, const hf_host *host, hf_preload_match *match)
{
    query q = {.image = self, .name = (const uint8_t *)host->name, .length = host->length};
    size_t start = host->length;
    const hf__ending *ending = longest_ending(&q, &start);

    if (ending->code_bits > 0 && start > 0)
        match_below(&q, ending, start - 1);
    if (q.is_covered)
        *match = q.match;
    return q.is_covered;
}

void hf_preload_from_image(const hf_preload_image *image, hf_preload *preload)
{
    *preload = (hf_preload){
        .size = sizeof *preload,
        .cover = cover,
        .self = image,
        .source = image->info.source,
        .list_time = image->info.list_time,
        .life = image->info.life,
    };
}
