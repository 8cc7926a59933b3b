#include "preload/compile.h"

#include "base/memory.h"
#include "preload/encode.h"
#include "preload/prefix_code.h"
#include "tls/digest.h"

#include <stdlib.h>
#include <string.h>

#define VERSION 1
#define CHECKED_FROM 24
#define SPARE 8
#define SOURCE_MAX 255
#define BLOCK 16 /* names */
#define LANES 4  /* parts of the tails, of equally many blocks; the last may have fewer */
#define COUNT_MAX ((size_t)1 << 22)
#define TAIL_BITS_MAX 3072

/* -- The list ------------------------------------------------------------------------------------------------------ */

/* The browsers' list has IPv4 addresses in it. They are kept, for the image is to be the list; no policy ever applies
 * to them. */
static bool check_entry(const hf_preload_entry *entry, base_error *error)
{
    hf_host host;
    hf_status status = hf_host_parse(entry->name, strlen(entry->name), NULL, &host, NULL);

    if (status != HF_OK)
        base_error_set(error, "\"%s\" is not a host name: %s", entry->name, hf_status_text(status));
    else if (host.kind != HF_HOST_NAME && host.kind != HF_HOST_IPV4)
        base_error_set(error, "\"%s\" is not a host name", entry->name);
    else if (strcmp(host.name, entry->name) != 0)
        base_error_set(error, "\"%s\" must be written \"%s\"", entry->name, host.name);
    else
        return true;
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const hf_preload_entry *)a)->name, ((const hf_preload_entry *)b)->name);
}

/* A sorted copy of the entries, to be freed; NULL if one is wrong. */
static hf_preload_entry *sort_entries(const preload_list *list, base_error *error)
{
    hf_preload_entry *entries = base_allocate(list->count * sizeof *entries);
    bool is_good = true;

    for (size_t i = 0; is_good && i < list->count; i++) {
        entries[i] = list->entries[i];
        is_good = check_entry(&entries[i], error);
    }
    if (is_good)
        qsort(entries, list->count, sizeof *entries, by_name);
    for (size_t i = 1; is_good && i < list->count; i++) {
        is_good = strcmp(entries[i - 1].name, entries[i].name) != 0;
        if (!is_good)
            base_error_set(error, "\"%s\" stands in the list twice", entries[i].name);
    }
    if (is_good)
        return entries;
    free(entries);
    return NULL;
}

static void digest_entries(const hf_preload_entry *entries, size_t count, uint8_t digest[HF_PRELOAD_DIGEST_SIZE])
{
    base_buffer text;

    base_buffer_init(&text, SIZE_MAX / 2);
    for (size_t i = 0; i < count; i++) {
        base_buffer_text(&text, entries[i].name);
        base_buffer_text(&text, entries[i].include_subdomains ? "\t1\n" : "\t0\n");
    }
    if (text.failed)
        base_out_of_memory();
    tls_sha256(base_buffer_string(&text), text.length, digest);
    base_buffer_done(&text);
}

/* -- Writing ------------------------------------------------------------------------------------------------------- */

static void put(base_buffer *image, uint64_t value, unsigned octets)
{
    for (; octets > 0; octets--, value >>= 8)
        base_buffer_char(image, (char)(value & 0xff));
}

/* Each section is made of bits or octets of its own, so that the header can tell their numbers before they are written.
 */
typedef struct sections {
    uint8_t digest[HF_PRELOAD_DIGEST_SIZE];
    base_buffer endings;
    preload_bits codes, tail_codes, contexts, tails;
    uint8_t *buckets, *heads;
    size_t bucket_octets;
    uint32_t longest_tail;
    size_t lanes[LANES]; /* the bits of tails where each begins */
} sections;

static void write_endings(const preload_codebook *book, sections *s)
{
    base_buffer_init(&s->endings, UINT16_MAX);
    for (size_t i = 0; i < book->endings.count; i++) {
        const preload_ending *ending = &book->endings.items[i];
        size_t length = strcspn(ending->name, ".");
        put(&s->endings, length | (size_t)ending->is_listed << 6 | (size_t)ending->include_subdomains << 7, 1);
        put(&s->endings, ending->code_bits | (unsigned)ending->depth << 4, 1);
        base_buffer_append(&s->endings, ending->name, length);
    }
}

static void write_model(const preload_codebook *book, sections *s)
{
    for (unsigned table = 0; table < book->model.table_count; table++) {
        for (unsigned i = 0; i < book->model.symbol_count; i++)
            preload_bits_put(&s->codes, book->model.lengths[table][i], 4);
    }
    preload_model_write_contexts(&book->model, &s->contexts);
    for (unsigned i = 0; i <= PRELOAD_TAIL_ESCAPE; i++)
        preload_bits_put(&s->tail_codes, book->tail_lengths[i], 4);
}

/* A bucket is a one for each of its names, then a zero; here the lowest bit of an octet is the first. */
static void write_cells(const preload_codebook *book, sections *s)
{
    size_t bucket_count = (size_t)1 << book->bucket_bits;

    s->bucket_octets = (book->name_count + bucket_count + 7) / 8;
    s->buckets = base_allocate(s->bucket_octets);
    s->heads = base_allocate(book->name_count);
    for (size_t i = 0; i < book->name_count; i++) {
        size_t start = book->names[i].start;
        size_t place = preload_bits_get(&book->bits, start, book->bucket_bits) + i;
        s->buckets[place / 8] |= (uint8_t)(1 << place % 8);
        s->heads[i] = (uint8_t)preload_bits_get(&book->bits, start + book->bucket_bits, PRELOAD_HEAD_BITS);
    }
}

static void write_tails(const preload_codebook *book, sections *s)
{
    uint16_t codes[PRELOAD_TAIL_ESCAPE + 1];
    size_t blocks = (book->name_count + BLOCK - 1) / BLOCK, lane = (blocks + LANES - 1) / LANES * BLOCK;

    preload_codes(book->tail_lengths, PRELOAD_TAIL_ESCAPE + 1, codes);
    for (size_t i = 0; i < book->name_count; i++) {
        const preload_name *name = &book->names[i];
        if (i % lane == 0)
            s->lanes[i / lane] = s->tails.length;
        uint32_t length = preload_tail_length(book, name);
        unsigned symbol = preload_tail_symbol(book, name);
        preload_bits_put(&s->tails, codes[symbol], book->tail_lengths[symbol]);
        if (symbol == PRELOAD_TAIL_ESCAPE)
            preload_bits_put(&s->tails, length / book->tail_unit << 1 | book->entries[name->entry].include_subdomains,
                             PRELOAD_TAIL_ESCAPE_BITS);
        for (uint32_t done = 0; done < length; done += 32) {
            unsigned count = length - done < 32 ? length - done : 32;
            uint32_t piece = preload_bits_get(&book->bits, name->start + name->length - length + done, count);
            preload_bits_put(&s->tails, piece, count);
        }
        s->longest_tail = length > s->longest_tail ? length : s->longest_tail;
    }
    for (size_t i = 1; i < LANES; i++) {
        if (i * lane >= book->name_count)
            s->lanes[i] = s->tails.length;
    }
}

static void sections_done(sections *s)
{
    base_buffer_done(&s->endings);
    preload_bits_done(&s->codes);
    preload_bits_done(&s->tail_codes);
    preload_bits_done(&s->contexts);
    preload_bits_done(&s->tails);
    free(s->buckets);
    free(s->heads);
}

static bool fits(const sections *s, base_error *error)
{
    const char *what = s->endings.failed                 ? "top-level domains"
                       : s->tails.length > UINT32_MAX    ? "names"
                       : s->longest_tail > TAIL_BITS_MAX ? "characters that nobody expects in a name"
                                                         : NULL;

    if (what != NULL)
        base_error_set(error, "the list does not fit into an image: there are too many %s", what);
    return what == NULL;
}

static void write_header(const preload_list *list, const preload_codebook *book, const sections *s, base_buffer *image)
{
    base_buffer_append(image, "\x89HFP\r\n\x1a\n", 8);
    put(image, VERSION, 4);
    put(image, 0, 4 + 8); /* size and checksum come when all is there */
    put(image, (uint64_t)list->list_time, 8);
    put(image, (uint64_t)list->life, 8);
    base_buffer_append(image, (const char *)s->digest, sizeof s->digest);
    put(image, list->count, 4);
    put(image, book->name_count, 4);
    put(image, s->tails.length, 4);
    put(image, s->contexts.length, 4);
    put(image, book->endings.count, 2);
    put(image, s->endings.length, 2);
    put(image, book->model.row_count, 2);
    put(image, s->longest_tail, 2);
    put(image, book->model.table_count, 2);
    put(image, book->bucket_bits, 1);
    put(image, book->tail_unit, 1);
    put(image, book->alphabet_length, 1);
    put(image, strlen(list->source), 1);
    put(image, 0, 2);
    for (size_t i = 1; i < LANES; i++)
        put(image, s->lanes[i], 4);
}

static void put_bits(base_buffer *image, const preload_bits *bits)
{
    if (bits->length > 0)
        base_buffer_append(image, (const char *)bits->octets, (bits->length + 7) / 8);
}

static void write_sections(const preload_list *list, const preload_codebook *book, const sections *s,
                           base_buffer *image)
{
    base_buffer_append(image, list->source, strlen(list->source) + 1);
    base_buffer_append(image, (const char *)book->alphabet, book->alphabet_length);
    base_buffer_append(image, base_buffer_string(&s->endings), s->endings.length);
    put_bits(image, &s->codes);
    put_bits(image, &s->tail_codes);
    put_bits(image, &s->contexts);
    base_buffer_append(image, (const char *)s->buckets, s->bucket_octets);
    base_buffer_append(image, (const char *)s->heads, book->name_count);
    put_bits(image, &s->tails);
    put(image, 0, SPARE);
}

static void seal(base_buffer *image)
{
    base_buffer tail;
    char *octets = image->data;

    base_buffer_init(&tail, 12);
    put(&tail, image->length, 4);
    memcpy(octets + 12, tail.data, 4);
    base_buffer_clear(&tail);
    put(&tail, hf_preload_checksum(octets, image->length), 8);
    memcpy(octets + 16, tail.data, 8);
    base_buffer_done(&tail);
}

/* -- The proof ----------------------------------------------------------------------------------------------------- */

/* An image that does not give back the list is a mistake of this compiler: better no image. */
static bool answers_as(const hf_preload_image *image, const hf_preload_entry *entries, size_t count, base_error *error)
{
    hf_preload preload;

    hf_preload_from_image(image, &preload);
    for (size_t i = 0; i < count; i++) {
        hf_host host = {.kind = HF_HOST_NAME, .length = strlen(entries[i].name)};
        hf_preload_match match;
        memcpy(host.name, entries[i].name, host.length + 1);
        if (!preload.cover(preload.self, &host, &match) || match.offset != 0 ||
            match.include_subdomains != entries[i].include_subdomains) {
            base_error_set(error, "the image made of the list does not know \"%s\" as the list does", entries[i].name);
            return false;
        }
    }
    return true;
}

static bool prove(const base_buffer *octets, const hf_preload_entry *entries, size_t count, base_error *error)
{
    hf_preload_image *image;
    hf_status status = hf_preload_open(octets->data, octets->length, NULL, &image);

    if (status != HF_OK) {
        base_error_set(error, "the image made of the list cannot be opened: %s", hf_status_text(status));
        return false;
    }
    bool is_good = answers_as(image, entries, count, error);
    hf_preload_close(image);
    return is_good;
}

/* -- All of it ----------------------------------------------------------------------------------------------------- */

static bool compile_sorted(const preload_list *list, const hf_preload_entry *entries, base_buffer *image,
                           base_error *error)
{
    preload_codebook book;
    sections s = {.longest_tail = 0};

    if (!preload_encode(&book, entries, list->count)) {
        base_error_set(error, "the names hold more than %d different characters", PRELOAD_SYMBOLS_MAX);
        preload_codebook_done(&book);
        return false;
    }
    digest_entries(entries, list->count, s.digest);
    write_endings(&book, &s);
    write_model(&book, &s);
    write_cells(&book, &s);
    write_tails(&book, &s);
    bool is_good = fits(&s, error);
    if (is_good) {
        write_header(list, &book, &s, image);
        write_sections(list, &book, &s, image);
        is_good = !image->failed;
        if (is_good)
            seal(image);
        else
            base_error_set(error, "the image is larger than the %zu octets allowed", image->max);
    }
    sections_done(&s);
    preload_codebook_done(&book);
    return is_good && prove(image, entries, list->count, error);
}

bool preload_compile(const preload_list *list, base_buffer *image, base_error *error)
{
    size_t source_length = strlen(list->source);

    if (list->count > COUNT_MAX || source_length > SOURCE_MAX || list->life < 0) {
        base_error_set(error,
                       "an image holds at most %zu names and a source of %d octets, and its life is not negative",
                       COUNT_MAX, SOURCE_MAX);
        return false;
    }
    hf_preload_entry *entries = sort_entries(list, error);
    if (entries == NULL)
        return false;
    bool is_good = compile_sorted(list, entries, image, error);
    free(entries);
    return is_good;
}
