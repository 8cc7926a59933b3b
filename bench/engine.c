/*
 * The pure calls of the engine, a field, a host and a URL at a time, beside libsoup's reader of the same field syntax.
 * Each row is the median of interleaved rounds, in nanoseconds of CPU time a call.
 */
#include <holdfast/holdfast.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef HF_HAVE_SOUP
#include <libsoup/soup.h>
#endif

#define ROUNDS 9
#define CALLS 400000
#define CALLS_QUICK 2000

static const char field[] = "max-age=31536000; includeSubDomains; preload";
static const char name[] = "www.Example-Shop.co.uk";
static const char url[] = "http://www.example-shop.co.uk:80/a/b?c=d";

static uint64_t sink; /* what the calls give, so that none of them can be left out */

static double cpu_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void parse_field(void)
{
    hf_policy policy = {0, false, false};

    sink += hf_header_parse(field, sizeof field - 1, &policy, NULL) + (uint64_t)policy.max_age;
}

static void parse_field_with_notes(void)
{
    hf_note items[8];
    hf_notes notes = {items, 8, 0};
    hf_policy policy = {0, false, false};

    sink += hf_header_parse(field, sizeof field - 1, &policy, &notes) + notes.count;
}

static void parse_host(void)
{
    hf_host host;

    sink += (uint64_t)hf_host_parse(name, sizeof name - 1, NULL, &host, NULL) + host.length;
}

static void upgrade_url(void)
{
    hf_url parsed;
    char out[64];
    size_t length = 0;

    if (hf_url_parse(url, sizeof url - 1, NULL, &parsed, NULL) == HF_OK &&
        hf_url_upgrade(&parsed, url, sizeof url - 1, out, sizeof out, &length) == HF_OK)
        sink += length;
}

#ifdef HF_HAVE_SOUP
static void soup_field(void)
{
    GHashTable *list = soup_header_parse_semi_param_list_strict(field);

    sink += g_hash_table_size(list);
    soup_header_free_param_list(list);
}
#define PEER "libsoup soup_header_parse_semi_param_list_strict"
#else
#define PEER "-"
#define soup_field NULL
#endif

static double time_round(void (*call)(void), int calls)
{
    double start = cpu_ns();

    for (int i = 0; i < calls; i++)
        call();
    return (cpu_ns() - start) / calls;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double values[ROUNDS])
{
    qsort(values, ROUNDS, sizeof values[0], by_value);
    return values[ROUNDS / 2];
}

static void measure(const char *subject, void (*ours)(void), const char *peer, void (*theirs)(void), int calls)
{
    double our_rounds[ROUNDS], their_rounds[ROUNDS] = {0};

    for (int round = 0; round < ROUNDS; round++) {
        our_rounds[round] = time_round(ours, calls);
        if (theirs != NULL)
            their_rounds[round] = time_round(theirs, calls);
    }
    printf("%s\tns\t%.1f\t", subject, median(our_rounds));
    if (theirs != NULL)
        printf("%s\t%.1f\n", peer, median(their_rounds));
    else
        printf("-\t-\n");
}

int main(int argc, char **argv)
{
    int calls = argc > 1 && strcmp(argv[1], "--quick") == 0 ? CALLS_QUICK : CALLS;

    measure("STS field", parse_field, PEER, soup_field, calls);
    measure("STS field, with notes", parse_field_with_notes, "-", NULL, calls);
    measure("host name", parse_host, "-", NULL, calls);
    measure("URL parsed and upgraded", upgrade_url, "-", NULL, calls);
    fprintf(stderr, "checksum %" PRIu64 "\n", sink);
    return 0;
}
