/*
 * Known hosts in memory: look-ups in a large table, beside libsoup's SoupHSTSEnforcer.
 *
 * Both answer the same question about the same names in the same order: has exactly this name a policy in force? That
 * is soup_hsts_enforcer_has_valid_policy there, hf_hosts_get and hf_entry_is_live here. Each gets the name in the form
 * in which its callers have it: libsoup a string, we the hf_host that hf_url_parse made. libsoup has no public call
 * that walks up to the superdomains, so hf_hosts_match, which does, stands without a peer.
 *
 * Known names have two or three labels (x.example, www.x.example); those of the walk have four. They are asked in
 * shuffled order, in batches of 64 that are made ready before the clock starts, since a name to be asked comes from a
 * URL just read: what is measured is the table. The rounds of all subjects alternate, each after one that does not
 * count; printed is the median of all batches of a subject.
 */
#include <holdfast/hosts.h>

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#ifdef HF_HAVE_SOUP
#include <libsoup/soup.h>
#endif

enum { ROUNDS = 9, ROUNDS_OF_MANY = 5, ASKED_MAX = 200000, BATCH = 64, NAME_SIZE = 48, YEAR = 31536000 };

static const int64_t noon = 1800000000; /* our own time; libsoup looks at the clock */

static void *need(void *memory)
{
    if (memory == NULL) {
        fputs("bench-hosts: out of memory\n", stderr);
        exit(3);
    }
    return memory;
}

/* -- Names --------------------------------------------------------------------------------------------------------- */

typedef struct names {
    char *text; /* NUL-terminated, one behind the other */
    size_t count, octets;
} names;

/* Some of them, in both forms in which they are asked. */
typedef struct batch {
    size_t count;
    char text[BATCH][NAME_SIZE];
    hf_host hosts[BATCH];
} batch;

/* A bijection of the 32-bit numbers that leaves no order in them. */
static uint32_t scramble(uint32_t i)
{
    i *= 0x9e3779b1u;
    i ^= i >> 15;
    return i * 0x85ebca77u;
}

/* Name number `i`, or a name of four labels below it. */
static size_t write_name(uint32_t i, bool below, char *out)
{
    static const char *const tops[] = {"com", "net", "org", "de", "example", "info", "io", "shop"};
    static const char *const fronts[2][2] = {{"", "www."}, {"img.cdn.", "img.www."}};
    uint32_t s = scramble(i);
    char label[16];
    size_t length = 0;

    for (uint32_t rest = s; length < 6 || rest > 0; rest /= 26)
        label[length++] = (char)('a' + rest % 26);
    return (size_t)snprintf(out, NAME_SIZE, "%s%.*s.%s", fronts[below][i % 2], (int)length, label, tops[s >> 7 & 7]);
}

static names make_names(const uint32_t *numbers, size_t count, uint32_t first, bool below)
{
    names made = {need(malloc(count * NAME_SIZE)), count, 0};
    char *at = made.text;

    for (size_t i = 0; i < count; i++) {
        size_t length = write_name(first + numbers[i], below, at);
        made.octets += length;
        at += length + 1;
    }
    return made;
}

/* Makes at most `count` names ready, and gives the place behind them. */
static const char *make_batch(const char *from, size_t count, batch *b)
{
    b->count = count < BATCH ? count : BATCH;
    for (size_t i = 0; i < b->count; i++) {
        hf_host *host = &b->hosts[i];
        host->kind = HF_HOST_NAME;
        host->length = strlen(from);
        memcpy(host->name, from, host->length + 1);
        memcpy(b->text[i], from, host->length + 1);
        from += host->length + 1;
    }
    return from;
}

static uint32_t *shuffled(size_t count)
{
    uint32_t *numbers = need(malloc(count * sizeof *numbers)), random = 12345;

    for (size_t i = 0; i < count; i++)
        numbers[i] = (uint32_t)i;
    for (size_t i = count; i-- > 1;) {
        random = random * 1664525u + 1013904223u;
        size_t other = (size_t)((uint64_t)random * (i + 1) >> 32);
        uint32_t kept = numbers[i];
        numbers[i] = numbers[other];
        numbers[other] = kept;
    }
    return numbers;
}

/* -- The two sides ------------------------------------------------------------------------------------------------- */

static void fill_ours(void *side, const batch *b)
{
    const hf_policy policy = {YEAR, true, false};
    hf_response response = hf_response_init();

    response.now = noon;
    response.secure = true;
    for (size_t i = 0; i < b->count; i++)
        if (hf_hosts_note(side, &b->hosts[i], &policy, &response, NULL) != HF_OK)
            need(NULL);
}

static size_t ask_ours(void *side, const batch *b)
{
    const hf_span no_partition = {NULL, 0};
    size_t found = 0;
    hf_entry entry = hf_entry_init();

    for (size_t i = 0; i < b->count; i++)
        found += hf_hosts_get(side, &b->hosts[i], no_partition, &entry) && hf_entry_is_live(&entry, noon + 1);
    return found;
}

static size_t walk_ours(void *side, const batch *b)
{
    const hf_span no_partition = {NULL, 0};
    size_t found = 0;

    for (size_t i = 0; i < b->count; i++)
        found += hf_hosts_match(side, &b->hosts[i], no_partition, noon + 1, NULL) == HF_MATCH_SUPERDOMAIN;
    return found;
}

/* `limit` 0: more than are ever put in. */
static void *new_ours(size_t limit)
{
    hf_hosts *hosts;
    hf_hosts_options options = hf_hosts_options_init();

    options.seed = 0x243f6a8885a308d3;
    options.limit = limit;
    return hf_hosts_new(&options, &hosts) == HF_OK ? hosts : need(NULL);
}

#ifdef HF_HAVE_SOUP
static void fill_soup(void *side, const batch *b)
{
    for (size_t i = 0; i < b->count; i++) {
        SoupHSTSPolicy *policy = soup_hsts_policy_new(b->text[i], YEAR, TRUE);
        soup_hsts_enforcer_set_policy(side, policy);
        soup_hsts_policy_free(policy);
    }
}

static size_t ask_soup(void *side, const batch *b)
{
    size_t found = 0;

    for (size_t i = 0; i < b->count; i++)
        found += soup_hsts_enforcer_has_valid_policy(side, b->text[i]) != 0;
    return found;
}
#endif

/* -- Measuring ----------------------------------------------------------------------------------------------------- */

static double nanoseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static size_t heap_in_use(void)
{
#ifdef __GLIBC__
    struct mallinfo2 info = mallinfo2();

    return info.uordblks + info.hblkhd;
#else
    return 0;
#endif
}

typedef struct subject {
    const char *name;
    size_t (*ask)(void *side, const batch *b);
    void *side;
    const names *asked;
    bool known;     /* what each answer must be */
    double *timing; /* nanoseconds a name, of each batch */
    size_t batches;
} subject;

/* A wrong answer is not worth a measurement. */
static void ask_each(subject *s, double *timing)
{
    static batch b;
    const char *at = s->asked->text;

    for (size_t done = 0; done < s->asked->count; done += b.count) {
        at = make_batch(at, s->asked->count - done, &b);
        double begin = nanoseconds();
        size_t found = s->ask(s->side, &b);
        *timing++ = (nanoseconds() - begin) / (double)b.count;
        if (found == (s->known ? b.count : 0))
            continue;
        fprintf(stderr, "bench-hosts: %s: %zu of %zu found\n", s->name, found, b.count);
        exit(1);
    }
}

/*
 * Each side is asked everything twice, and the second time counts, so that none pays for what the other left in the
 * cache.
 */
static void run_round(subject *s)
{
    double *timing = s->timing + s->batches;

    ask_each(s, timing);
    ask_each(s, timing);
    s->batches += (s->asked->count + BATCH - 1) / BATCH;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(subject *s)
{
    if (s->batches == 0)
        return 0;
    qsort(s->timing, s->batches, sizeof *s->timing, by_value);
    return s->timing[s->batches / 2];
}

static void print_line(const char *what, size_t entries, const char *unit, double ours, double theirs)
{
    printf("hosts: %s, %zu entries\t%s\t%.1f\t", what, entries, unit, ours);
    if (theirs > 0)
        printf("libsoup\t%.1f\n", theirs);
    else
        printf("-\t-\n");
}

/* -- One size ------------------------------------------------------------------------------------------------------ */

typedef struct side {
    void *table;
    double filling;  /* nanoseconds an entry */
    double overhead; /* octets an entry beyond its name */
} side;

static void fill(side *s, const names *known, void (*fill_batch)(void *side, const batch *b))
{
    static batch b;
    const char *at = known->text;
    size_t before = heap_in_use();

    for (size_t done = 0; done < known->count; done += b.count) {
        at = make_batch(at, known->count - done, &b);
        double begin = nanoseconds();
        fill_batch(s->table, &b);
        s->filling += (nanoseconds() - begin) / (double)known->count;
    }
    s->overhead = (double)(heap_in_use() - before - known->octets) / (double)known->count;
}

static void ask_all(const side *ours, const side *soup, const names asked[4], size_t entries, int rounds)
{
    subject all[] = {
        {"exact name, known", ask_ours, ours->table, &asked[0], true, NULL, 0},
        {"exact name, unknown", ask_ours, ours->table, &asked[1], false, NULL, 0},
        {"whole walk of four labels, below a known host", walk_ours, ours->table, &asked[2], true, NULL, 0},
        {"whole walk of four labels, unknown", walk_ours, ours->table, &asked[3], false, NULL, 0},
#ifdef HF_HAVE_SOUP
        {"libsoup, known", ask_soup, soup->table, &asked[0], true, NULL, 0},
        {"libsoup, unknown", ask_soup, soup->table, &asked[1], false, NULL, 0},
#endif
    };
    size_t subjects = sizeof all / sizeof all[0], ours_only = 4;

    (void)soup;
    for (size_t i = 0; i < subjects; i++)
        all[i].timing = need(malloc((asked[0].count / BATCH + 1) * (size_t)rounds * sizeof(double)));
    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < subjects; i++)
            run_round(&all[i]);
    for (size_t i = 0; i < ours_only; i++)
        print_line(all[i].name, entries, "ns", median(&all[i]), i + 4 < subjects ? median(&all[i + 4]) : 0);
    for (size_t i = 0; i < subjects; i++)
        free(all[i].timing);
}

/* A new host in a full table, which has to choose who goes for it: some names more than the table holds, on average. */
static void measure_full(size_t entries)
{
    uint32_t *numbers = shuffled(entries);
    names known = make_names(numbers, entries, 0, false), more = make_names(numbers, entries, (uint32_t)entries, false);
    side ours = {new_ours(entries), 0, 0};

    fill(&ours, &known, fill_ours);
    ours.filling = 0;
    fill(&ours, &more, fill_ours);
    print_line("a new host noted in a full table", entries, "ns", ours.filling, 0);
    free(known.text);
    free(more.text);
    free(numbers);
    hf_hosts_free(ours.table);
}

static void measure(size_t entries, int rounds)
{
    uint32_t *numbers = shuffled(entries);
    names known = make_names(numbers, entries, 0, false);
    side ours = {new_ours(0), 0, 0}, soup = {NULL, 0, 0};

    fill(&ours, &known, fill_ours);
    ours.overhead = (double)(hf_hosts_memory(ours.table) - known.octets) / (double)entries;
#ifdef HF_HAVE_SOUP
    soup.table = soup_hsts_enforcer_new();
    fill(&soup, &known, fill_soup);
#endif
    free(numbers);
    numbers = shuffled(entries - 1); /* another order than that of filling */
    size_t count = entries - 1 < ASKED_MAX ? entries - 1 : ASKED_MAX;
    names asked[4] = {
        make_names(numbers, count, 0, false),
        make_names(numbers, count, (uint32_t)entries, false),
        make_names(numbers, count, 0, true),
        make_names(numbers, count, (uint32_t)entries, true),
    };
    ask_all(&ours, &soup, asked, entries, rounds);
    print_line("a new host noted", entries, "ns", ours.filling, soup.filling);
    print_line("an entry beyond its name", entries, "octets", ours.overhead, soup.overhead);
    for (size_t i = 0; i < 4; i++)
        free(asked[i].text);
    free(known.text);
    free(numbers);
    hf_hosts_free(ours.table);
#ifdef HF_HAVE_SOUP
    g_object_unref(soup.table);
#endif
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--quick") == 0) {
        measure(2000, 1);
        measure_full(2000);
        return 0;
    }
    measure(100000, ROUNDS);
    measure(1000000, ROUNDS_OF_MANY);
    measure_full(1000000);
    return 0;
}
