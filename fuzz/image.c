/*
 * Preload images: whatever the octets, opening refuses them or every later call keeps within them and ends. Checksum
 * and size are put right first, for else nothing but them would ever be tried; the mutator below changes numbers and
 * sections as an image has them.
 */
#include <holdfast/preload.h>

#include <stdlib.h>
#include <string.h>

enum { HEADER = 116, SPARE = 8, ASKED_MAX = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void store(uint8_t *at, uint64_t value, unsigned octets)
{
    for (; octets > 0; octets--, value >>= 8)
        *at++ = (uint8_t)value;
}

static uint64_t load(const uint8_t *at, unsigned octets)
{
    uint64_t value = 0;

    while (octets-- > 0)
        value = value << 8 | at[octets];
    return value;
}

static void seal(uint8_t *data, size_t size)
{
    memcpy(data, "\x89HFP\r\n\x1a\n\1\0\0", 12);
    store(data + 12, size, 4);
    store(data + 16, hf_preload_checksum(data, size), 8);
}

/* -- What is done with an image ------------------------------------------------------------------------------------ */

static void ask(const hf_preload *preload, const char *name, size_t length)
{
    hf_preload_match match;
    hf_host host;

    if (hf_host_parse(name, length, NULL, &host, NULL) != HF_OK || host.kind != HF_HOST_NAME)
        return;
    if (preload->cover(preload->self, &host, &match))
        check(match.offset == 0 || (match.offset < host.length && host.name[match.offset - 1] == '.'));
}

static void ask_around(const hf_preload *preload, const char *name)
{
    char longer[HF_HOST_MAX + 8] = "a.b";
    size_t length = strlen(name);

    ask(preload, name, length);
    memcpy(longer + 3, name, length);
    ask(preload, longer, length + 3); /* a.bNAME */
    longer[2] = '.';
    ask(preload, longer, length + 3); /* a..NAME, which is no host */
    longer[1] = '-';
    ask(preload, longer, length + 3); /* a-.NAME */
    ask(preload, name + 1, length - 1);
    ask(preload, name, length - 1);
}

static void use(const hf_preload_image *image, const uint8_t *data, size_t size)
{
    hf_preload_info info = hf_preload_info_init();
    hf_preload preload;
    hf_preload_cursor cursor = {{0}};
    char name[HF_HOST_MAX + 1];
    size_t count = 0;
    bool include_subdomains;

    hf_preload_describe(image, &info);
    check(info.length == size && strlen(info.source) <= 255);
    hf_preload_from_image(image, &preload);
    for (; hf_preload_next(image, &cursor, name, &include_subdomains); count++) {
        check(count < info.count && strlen(name) <= HF_HOST_MAX);
        if (count < ASKED_MAX && name[0] != '\0')
            ask_around(&preload, name);
    }
    for (size_t at = 0; at + 24 <= size && at < (size_t)24 * ASKED_MAX; at += 24)
        ask(&preload, (const char *)data + at, 24);
}

static void open_and_use(const uint8_t *data, size_t size)
{
    hf_preload_image *image;

    if (hf_preload_open(data, size, NULL, &image) != HF_OK)
        return;
    use(image, data, size);
    hf_preload_close(image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    open_and_use(data, size);
    if (size < HEADER + SPARE)
        return 0;
    uint8_t *sealed = malloc(size);
    if (sealed == NULL)
        return 0;
    memcpy(sealed, data, size);
    seal(sealed, size);
    open_and_use(sealed, size);
    free(sealed);
    return 0;
}

/* -- The mutator --------------------------------------------------------------------------------------------------- */

/* The numbers of the header: where, and of how many octets. */
static const struct {
    uint8_t at, octets;
} numbers[] = {{24, 8}, {32, 8}, {72, 4}, {76, 4}, {80, 4},  {84, 4},  {88, 2},  {90, 2},  {92, 2},
               {94, 2}, {96, 2}, {98, 1}, {99, 1}, {100, 1}, {101, 1}, {104, 4}, {108, 4}, {112, 4}};

static size_t in_octets(uint64_t bits)
{
    return (size_t)((bits + 7) / 8);
}

/* Where the sections end, by what the header says: the source, the alphabet, the endings, ... */
static size_t section_ends(const uint8_t *h, size_t ends[9])
{
    size_t names = load(h + 76, 4), symbols = h[100];
    size_t sizes[9] = {(size_t)h[101] + 1,
                       symbols,
                       load(h + 90, 2),
                       in_octets(4 * load(h + 96, 2) * symbols),
                       32,
                       in_octets(load(h + 84, 4)),
                       in_octets(names + (UINT64_C(1) << (h[98] & 31))),
                       names,
                       in_octets(load(h + 80, 4))};
    size_t at = HEADER;

    for (int i = 0; i < 9; i++)
        ends[i] = at += sizes[i];
    return at + SPARE;
}

static unsigned draw(unsigned *seed, size_t limit)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (unsigned)((uint64_t)(*seed >> 8) * limit >> 24);
}

static void change_octet(uint8_t *at, unsigned *seed)
{
    switch (draw(seed, 4)) {
    case 0:
        *at ^= (uint8_t)(1 << draw(seed, 8));
        break;
    case 1:
        *at = (uint8_t)(*at + 1);
        break;
    case 2:
        *at = (uint8_t)(draw(seed, 2) * 0xff);
        break;
    default:
        *at = (uint8_t)draw(seed, 256);
    }
}

/* A small step, or one bit. */
static void change_number(uint8_t *data, unsigned *seed)
{
    size_t i = draw(seed, sizeof numbers / sizeof numbers[0]);
    uint8_t *at = data + numbers[i].at;
    uint64_t value = load(at, numbers[i].octets), step = draw(seed, 9);

    value = draw(seed, 2) == 0 ? value + step - 4 : value ^ UINT64_C(1) << draw(seed, 8 * numbers[i].octets);
    store(at, value, numbers[i].octets);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    size_t ends[9], before = size;

    if (max_size < HEADER + SPARE)
        return size;
    if (size < HEADER + SPARE) {
        memset(data + size, 0, HEADER + SPARE - size);
        size = HEADER + SPARE;
    }
    for (unsigned edits = 1 + draw(&seed, 4); edits > 0; edits--) {
        (void)section_ends(data, ends);
        int section = (int)draw(&seed, 11) - 1;
        size_t first = section <= 0 ? HEADER : ends[section - 1],
               last = section < 0 || section > 8 ? size : ends[section];
        if (section == -1)
            change_number(data, &seed);
        else if (first < last && last <= size)
            change_octet(data + first + draw(&seed, last - first), &seed);
    }
    /* Numbers that ask for more or less get it, at the end, where it can only be tails. */
    size = section_ends(data, ends);
    if (size < HEADER + SPARE || size > max_size)
        size = before < HEADER + SPARE ? HEADER + SPARE : before;
    if (size > before)
        memset(data + before, (int)draw(&seed, 256), size - before);
    seal(data, size);
    return size;
}
