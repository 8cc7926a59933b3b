#include "preload/encode.h"

#include "base/memory.h"
#include "preload/prefix_code.h"

#include <stdlib.h>
#include <string.h>

#define DOT 0
#define BUCKET_BITS_MAX 24
#define UNIT_MAX 8

/* -- Names as symbols ---------------------------------------------------------------------------------------------- */

/* Octets of the name in front of its ending, without the dot; 0 if it is the ending. */
static size_t front_length(const preload_codebook *book, size_t entry)
{
    const char *name = book->entries[entry].name;
    const char *ending = book->endings.items[book->endings.of_entry[entry]].name;
    size_t length = strlen(name), ending_length = strlen(ending);

    return length == ending_length ? 0 : length - ending_length - 1;
}

static bool make_alphabet(preload_codebook *book, size_t count, uint8_t symbols[256])
{
    bool is_used[256] = {false};

    for (size_t i = 0; i < count; i++) {
        for (size_t k = front_length(book, i); k > 0; k--)
            is_used[(uint8_t)book->entries[i].name[k - 1]] = true;
    }
    book->alphabet[0] = '.';
    book->alphabet_length = 1;
    for (unsigned octet = 0; octet < 256; octet++) {
        if (!is_used[octet] || octet == '.')
            continue;
        if (book->alphabet_length == PRELOAD_SYMBOLS_MAX)
            return false;
        symbols[octet] = (uint8_t)book->alphabet_length;
        book->alphabet[book->alphabet_length++] = (uint8_t)octet;
    }
    symbols['.'] = DOT;
    return true;
}

static void make_text(preload_codebook *book, size_t count, const uint8_t symbols[256])
{
    size_t length = 0, at = 0;

    for (size_t i = 0; i < count; i++)
        length += front_length(book, i);
    book->text = base_allocate(length);
    book->ends = base_allocate(count * sizeof *book->ends);
    book->names = base_allocate(count * sizeof *book->names);
    for (size_t i = 0; i < count; i++) {
        size_t front = front_length(book, i);
        if (front == 0)
            continue;
        while (front > 0)
            book->text[at++] = symbols[(uint8_t)book->entries[i].name[--front]];
        book->names[book->name_count].entry = (uint32_t)i;
        book->ends[book->name_count++] = at;
    }
}

/* -- Names as codes ------------------------------------------------------------------------------------------------ */

/* Dots enough for any cell and unit: no code is shorter than a bit. */
#define FILLING (BUCKET_BITS_MAX + PRELOAD_HEAD_BITS + UNIT_MAX)

static void encode_name(preload_codebook *book, size_t number)
{
    preload_name *name = &book->names[number];
    const preload_ending *ending = &book->endings.items[book->endings.of_entry[name->entry]];
    uint32_t history = 0;

    name->start = book->bits.length;
    preload_bits_put(&book->bits, ending->code, ending->code_bits);
    for (size_t i = number == 0 ? 0 : book->ends[number - 1]; i < book->ends[number]; i++) {
        preload_model_encode(&book->model, history, book->text[i], &book->bits);
        history = history << 6 | book->text[i];
    }
    name->code_bits = (uint32_t)(book->bits.length - name->start);
    for (size_t end = book->bits.length + FILLING; book->bits.length < end; history <<= 6)
        preload_model_encode(&book->model, history, DOT, &book->bits);
}

/* -- The shape: how many bits for buckets, and the unit of tails --------------------------------------------------- */

/*
 * A bit more for the buckets costs a bitmap twice as large and takes a bit from each name that has it. Names with
 * shorter codes than a cell gain nothing.
 */
static void choose_bucket_bits(preload_codebook *book)
{
    uint64_t best = UINT64_MAX;

    for (unsigned bits = 0; bits <= BUCKET_BITS_MAX; bits++) {
        uint64_t cost = (uint64_t)1 << bits;
        for (size_t i = 0; i < book->name_count; i++) {
            uint32_t length = book->names[i].code_bits, cell = bits + PRELOAD_HEAD_BITS;
            cost += length > cell ? length - cell : 0;
        }
        if (cost < best) {
            best = cost;
            book->bucket_bits = bits;
        }
    }
}

uint32_t preload_tail_length(const preload_codebook *book, const preload_name *name)
{
    return name->length - book->bucket_bits - PRELOAD_HEAD_BITS;
}

unsigned preload_tail_symbol(const preload_codebook *book, const preload_name *name)
{
    uint32_t units = preload_tail_length(book, name) / book->tail_unit;
    bool is_plain = units < PRELOAD_TAIL_ESCAPE && book->entries[name->entry].include_subdomains;

    return is_plain ? units : PRELOAD_TAIL_ESCAPE;
}

/* Rounds all lengths up to the unit, gives their codes, and says what tails and lengths take. */
static uint64_t use_unit(preload_codebook *book, unsigned unit)
{
    uint32_t weights[PRELOAD_TAIL_ESCAPE + 1] = {0}, cell = book->bucket_bits + PRELOAD_HEAD_BITS;
    uint64_t cost = 0;

    book->tail_unit = unit;
    for (size_t i = 0; i < book->name_count; i++) {
        preload_name *name = &book->names[i];
        uint32_t tail = name->code_bits > cell ? name->code_bits - cell : 0;
        tail = (tail + unit - 1) / unit * unit;
        name->length = cell + tail;
        unsigned symbol = preload_tail_symbol(book, name);
        weights[symbol]++;
        cost += tail + (symbol == PRELOAD_TAIL_ESCAPE ? PRELOAD_TAIL_ESCAPE_BITS : 0);
    }
    preload_code_lengths(weights, PRELOAD_TAIL_ESCAPE + 1, PRELOAD_TAIL_CODE_BITS, book->tail_lengths);
    for (unsigned i = 0; i <= PRELOAD_TAIL_ESCAPE; i++)
        cost += (uint64_t)weights[i] * book->tail_lengths[i];
    return cost;
}

static void choose_unit(preload_codebook *book)
{
    uint64_t best = UINT64_MAX;
    unsigned chosen = 1;

    for (unsigned unit = 1; unit <= UNIT_MAX; unit++) {
        uint64_t cost = use_unit(book, unit);
        if (cost < best) {
            best = cost;
            chosen = unit;
        }
    }
    (void)use_unit(book, chosen);
}

/* -- Order --------------------------------------------------------------------------------------------------------- */

/* What qsort compares: the first bits of a code, and the name itself for when they are not enough. */
typedef struct sortable {
    uint64_t first;
    const preload_bits *bits;
    preload_name name;
} sortable;

static int by_code(const void *a, const void *b)
{
    const sortable *x = a, *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    uint32_t common = x->name.length < y->name.length ? x->name.length : y->name.length;
    for (uint32_t at = 0; at < common; at += 32) {
        unsigned count = common - at < 32 ? common - at : 32;
        uint32_t p = preload_bits_get(x->bits, x->name.start + at, count);
        uint32_t q = preload_bits_get(y->bits, y->name.start + at, count);
        if (p != q)
            return p < q ? -1 : 1;
    }
    return (x->name.length > y->name.length) - (x->name.length < y->name.length);
}

/* Only the cell must be in order for the look-up; the rest makes the image a function of the set of names. */
static void sort_names(preload_codebook *book)
{
    unsigned cell = book->bucket_bits + PRELOAD_HEAD_BITS;
    sortable *order = base_allocate(book->name_count * sizeof *order);

    for (size_t i = 0; i < book->name_count; i++) {
        const preload_name *name = &book->names[i];
        order[i] = (sortable){preload_bits_get(&book->bits, name->start, cell), &book->bits, *name};
    }
    qsort(order, book->name_count, sizeof *order, by_code);
    for (size_t i = 0; i < book->name_count; i++)
        book->names[i] = order[i].name;
    free(order);
}

bool preload_encode(preload_codebook *book, const hf_preload_entry *entries, size_t count)
{
    uint8_t symbols[256];

    *book = (preload_codebook){.entries = entries};
    preload_endings_choose(&book->endings, entries, count);
    if (!make_alphabet(book, count, symbols))
        return false;
    make_text(book, count, symbols);
    preload_model_learn(&book->model, book->alphabet_length, book->text, book->ends, book->name_count);
    for (size_t i = 0; i < book->name_count; i++)
        encode_name(book, i);
    choose_bucket_bits(book);
    choose_unit(book);
    sort_names(book);
    return true;
}

void preload_codebook_done(preload_codebook *book)
{
    preload_endings_done(&book->endings);
    preload_model_done(&book->model);
    preload_bits_done(&book->bits);
    free(book->text);
    free(book->ends);
    free(book->names);
    *book = (preload_codebook){0};
}
