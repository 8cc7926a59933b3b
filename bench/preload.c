/*
 * The preload image: its size, what a look-up takes, how long making and opening take; beside libpsl's DAFSA of the
 * same names.
 *
 *     bench-preload [--list FILE]... [--quick]
 *
 * FILE of --list is a list in any form that `holdfast preload` reads; each gets its own lines. No list is part of the
 * source. Without --list it is those at hand (`holdfast preload update`); where there is none, the copy of Firefox's in
 * Debian's package mediawiki, which the same code brings as there; and where that cannot be had, or with --quick, one
 * of the same kind that is made up. peers/dafsa.c makes the DAFSA, as psl-make-dafsa does.
 *
 * Both sides get the same question, which entry covers this host? libpsl has no call for it, so its side asks for each
 * superdomain in turn whether it is a rule; names without include_subdomains stand in its second section. Every answer
 * of both sides is compared with that of a plain hash table before anything is measured.
 *
 * Time: 20,000 hosts a set, in batches of 64 that are made ready before the clock starts; the median of all batches of
 * interleaved rounds; making and opening an image, processor time. Instructions: counted by callgrind, where it is
 * installed, in further processes and only while a batch is asked. Such a process (--count HOSTS, with --image FILE or
 * --dafsa FILE for the side) holds that file and 10,000 hosts, no list: under valgrind, the table of a browser's list
 * takes half a minute. Other work does not change a count, so two are made at a time.
 */
#include "base/file.h"
#include "base/memory.h"
#include "bench/peers/dafsa.h"
#include "lib/preload_hosts.h"
#include "preload/compile.h"
#include "preload/debian.h"
#include "preload/file.h"
#include "preload/reader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef HF_HAVE_PSL
#include <libpsl.h>
#endif

enum { ASKED = 20000, COUNTED = 10000, ROUNDS = 9, BATCH = 64, QUICK_NAMES = 2000, NAMES = 94600 };

static const char *const kinds[HOSTS_KINDS] = {"listed",   "subdomain of a listed", "deep below a listed",
                                               "unlisted", "deep unlisted",         "mixed"};

static _Noreturn void stop(const char *why)
{
    fprintf(stderr, "bench-preload: %s\n", why);
    exit(1);
}

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Of the processor, for what takes so long that others get their turn meanwhile. */
static double processor_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

static const char *subject = "made up"; /* the list that is measured */

static void print_line(const char *what, const char *unit, double ours, double theirs)
{
    printf("preload, %s: %s\t%s\t%.10g\t", subject, what, unit, ours);
    if (theirs > 0)
        printf("libpsl\t%.10g\n", theirs);
    else
        printf("-\t-\n");
    fflush(stdout);
}

/* -- The two sides ------------------------------------------------------------------------------------------------- */

/* As in hf_preload. */
typedef struct side {
    bool (*cover)(const void *self, const hf_host *host, hf_preload_match *match);
    const void *self;
} side;

#ifdef HF_HAVE_PSL
static bool cover_by_libpsl(const void *self, const hf_host *host, hf_preload_match *match)
{
    int exact = PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE, ancestor = PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE;

    for (const char *name = host->name;;) {
        if (psl_is_public_suffix2(self, name, name == host->name ? exact : ancestor)) {
            bool covers = name != host->name || psl_is_public_suffix2(self, name, ancestor);
            *match = (hf_preload_match){(size_t)(name - host->name), covers};
            return true;
        }
        const char *dot = strchr(name, '.');
        if (dot == NULL)
            return false;
        name = dot + 1;
    }
}

static side open_libpsl(const char *path)
{
    psl_ctx_t *psl = psl_load_file(path);

    return (side){psl != NULL ? cover_by_libpsl : NULL, psl};
}

static void close_libpsl(side *s)
{
    psl_free((psl_ctx_t *)s->self);
}
#else
static side open_libpsl(const char *path)
{
    (void)path;
    return (side){NULL, NULL};
}

static void close_libpsl(side *s)
{
    (void)s;
}
#endif

static int by_name(const void *a, const void *b)
{
    const dafsa_word *x = a, *y = b;

    return strcmp(x->name, y->name);
}

/* Makes libpsl's file of the same names; those without subdomains are in its second section. */
static bool make_dafsa(const name_list *list, const char *path)
{
    enum { ICANN = 4, PRIVATE = 8 }; /* libpsl's flags of a rule */
    dafsa_word *words = calloc(list->count, sizeof *words);

    for (size_t i = 0; words != NULL && i < list->count; i++)
        words[i] = (dafsa_word){list->entries[i].name, list->entries[i].include_subdomains ? ICANN : PRIVATE};
    if (words != NULL)
        qsort(words, list->count, sizeof *words, by_name);
    bool is_made = words != NULL && dafsa_write(words, list->count, path);
    free(words);
    return is_made;
}

/* The size of a file, 0 if there is none. */
static long size_of(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size = 0;

    if (file != NULL && fseek(file, 0, SEEK_END) == 0)
        size = ftell(file);
    if (file != NULL)
        fclose(file);
    return size;
}

/* -- Asking -------------------------------------------------------------------------------------------------------- */

typedef struct batch {
    size_t count;
    hf_host hosts[BATCH];
} batch;

/* What callgrind counts. */
__attribute__((noinline)) size_t ask_batch(const side *s, const batch *b);
size_t ask_batch(const side *s, const batch *b)
{
    size_t covered = 0;
    hf_preload_match match;

    for (size_t i = 0; i < b->count; i++)
        covered += s->cover(s->self, &b->hosts[i], &match);
    return covered;
}

static void make_batch(const host_set *set, size_t first, batch *b)
{
    b->count = set->count - first < BATCH ? set->count - first : BATCH;
    for (size_t i = 0; i < b->count; i++)
        name_host(set->names[first + i], &b->hosts[i]);
}

static void check_answers(const side *s, const name_table *table, const host_set *set)
{
    hf_host host;

    for (size_t i = 0; i < set->count; i++) {
        hf_preload_match expected = {0, false}, match = {0, false};
        name_host(set->names[i], &host);
        bool should = name_table_cover(table, &host, &expected), does = s->cover(s->self, &host, &match);
        if (should != does || match.offset != expected.offset ||
            match.include_subdomains != expected.include_subdomains)
            stop(set->names[i]);
    }
}

/* Asked twice, and the second time counts: so no side pays for what the other left in the cache. */
static double *time_pass(const side *s, const host_set *set, double *times)
{
    static batch b;

    for (size_t first = 0; first < set->count; first += BATCH) {
        make_batch(set, first, &b);
        size_t covered = ask_batch(s, &b);
        double start = seconds();
        bool is_same = ask_batch(s, &b) == covered;
        *times++ = (seconds() - start) * 1e9 / (double)b.count;
        if (!is_same)
            stop("two answers to one question");
    }
    return times;
}

static void measure_times(const side sides[2], const host_set sets[HOSTS_KINDS], int rounds)
{
    size_t passes = ASKED / BATCH + 1;
    double *times[HOSTS_KINDS][2], *ends[HOSTS_KINDS][2];

    for (int i = 0; i < 2 * HOSTS_KINDS; i++)
        ends[i / 2][i % 2] = times[i / 2][i % 2] = base_allocate((size_t)rounds * passes * sizeof(double));
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < 2 * HOSTS_KINDS; i++) {
            if (sides[i % 2].cover != NULL)
                ends[i / 2][i % 2] = time_pass(&sides[i % 2], &sets[i / 2], ends[i / 2][i % 2]);
        }
    }
    for (int kind = 0; kind < HOSTS_KINDS; kind++) {
        double result[2] = {0, 0};
        for (int i = 0; i < 2; i++) {
            if (sides[i].cover != NULL)
                result[i] = median(times[kind][i], (size_t)(ends[kind][i] - times[kind][i]));
            free(times[kind][i]);
        }
        print_line(kinds[kind], "ns", result[0], result[1]);
    }
}

/* -- The worst host ------------------------------------------------------------------------------------------------ */

/* What the host takes when all it touches is in the cache and nobody disturbs: the best of several goes of eight. */
static double warm_time(const side *s, const hf_host *host, int goes)
{
    hf_preload_match match;
    double best = 1;

    for (int go = 0; go < goes; go++) {
        double start = seconds();
        for (int i = 0; i < 8; i++)
            (void)s->cover(s->self, host, &match);
        double time = (seconds() - start) / 8;
        best = time < best ? time : best;
    }
    return best * 1e9;
}

/* Puts `front` before the name as often as it fits. */
static void lengthen(const char *name, const char *front, hf_host *host)
{
    size_t length = strlen(name), step = strlen(front);
    char text[HF_HOST_MAX + 1], *at = text + HF_HOST_MAX - length;

    memcpy(at, name, length + 1);
    while ((size_t)(at - text) >= step) {
        at -= step;
        memcpy(at, front, step);
    }
    name_host(at, host);
}

/* Each name, the name with one octet changed, and the name below as many labels as fit, short ones and long ones. */
static void measure_worst(const side *s, const name_list *list, size_t step)
{
    double worst = 0;
    hf_host worst_host = {.name = ""};
    uint64_t random = 7;

    for (size_t i = 0; i < list->count; i += step) {
        hf_host hosts[4];
        name_host(list->entries[i].name, &hosts[0]);
        hosts[1] = hosts[0];
        hosts[1].name[name_random(&random, hosts[1].length)] = 'q';
        lengthen(list->entries[i].name, "a.", &hosts[2]);
        lengthen(list->entries[i].name, "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0.", &hosts[3]);
        for (int k = 0; k < 4; k++) {
            double time = warm_time(s, &hosts[k], 5);
            if (time > worst) /* or only disturbed */
                time = warm_time(s, &hosts[k], 100);
            if (time > worst) {
                worst = time;
                worst_host = hosts[k];
            }
        }
    }
    print_line("worst warm query", "ns", worst, 0);
    fprintf(stderr, "the worst: %s\n", worst_host.name);
}

/* -- Instructions -------------------------------------------------------------------------------------------------- */

enum { LISTS_MAX = 8 };

typedef struct options {
    const char *lists[LISTS_MAX];
    size_t list_count;
    const char *program, *dafsa;
    const char *counted; /* a counted process: the file of its hosts */
    const char *image;   /* and that of the image; NULL: it counts libpsl */
    bool quick;
} options;

/* Where files lie that go with the program. */
typedef struct workshop {
    char dafsa[64], image[64], hosts[HOSTS_KINDS][64];
} workshop;

static void ask_file(const side *s, const char *path)
{
    static batch b;
    char name[HF_HOST_MAX + 2];
    FILE *file = fopen(path, "r");

    while (file != NULL && fgets(name, sizeof name, file) != NULL) {
        name[strcspn(name, "\n")] = '\0';
        name_host(name, &b.hosts[b.count++]);
        if (b.count == BATCH) {
            ask_batch(s, &b);
            b.count = 0;
        }
    }
    if (b.count > 0)
        ask_batch(s, &b);
    if (file == NULL || fclose(file) != 0)
        stop("the hosts cannot be read");
}

/* What a counted process does. */
static void count(const options *o)
{
    base_buffer octets;
    base_error error;
    hf_preload_image *image = NULL;
    hf_preload preload = {0};
    side s = {NULL, NULL};

    base_buffer_init(&octets, (size_t)1 << 30);
    if (o->image == NULL) {
        s = open_libpsl(o->dafsa);
    } else if (base_file_read(o->image, &octets, &error) &&
               hf_preload_open(octets.data, octets.length, NULL, &image) == HF_OK) {
        hf_preload_from_image(image, &preload);
        s = (side){preload.cover, preload.self};
    }
    if (s.cover == NULL)
        stop("what is to be counted cannot be opened");
    ask_file(&s, o->counted);
    if (image == NULL)
        close_libpsl(&s);
    hf_preload_close(image);
    base_buffer_done(&octets);
}

static FILE *start_count(const char *program, const char *hosts, const char *option, const char *file)
{
    char command[4 * 4096];

    snprintf(command, sizeof command,
             "valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=ask_batch '%s' --count '%s' "
             "%s '%s' 2>&1",
             program, hosts, option, file);
    return popen(command, "r");
}

/* Instructions a host; 0 if callgrind is not there. */
static double end_count(FILE *pipe)
{
    char line[1024];
    double collected = 0;

    while (pipe != NULL && fgets(line, sizeof line, pipe) != NULL) {
        const char *found = strstr(line, "Collected : ");
        if (found != NULL)
            collected = strtod(found + 12, NULL);
    }
    if (pipe != NULL)
        pclose(pipe);
    return collected / COUNTED;
}

static_assert(HOSTS_KINDS % 2 == 0, "two at a time");

static void count_side(const char *program, const workshop *w, const char *option, const char *file,
                       double counts[HOSTS_KINDS])
{
    for (int kind = 0; kind < HOSTS_KINDS; kind += 2) {
        FILE *one = start_count(program, w->hosts[kind], option, file);
        FILE *other = start_count(program, w->hosts[kind + 1], option, file);

        counts[kind] = end_count(one);
        counts[kind + 1] = end_count(other);
    }
}

static void write_hosts(const char *path, const host_set *set)
{
    FILE *file = fopen(path, "w");

    for (size_t i = 0; file != NULL && i < COUNTED; i++)
        fprintf(file, "%s\n", set->names[i]);
    if (file == NULL || fclose(file) != 0)
        stop("the hosts cannot be written for callgrind");
}

static void write_image(const char *path, const base_buffer *octets)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(octets->data, 1, octets->length, file) != octets->length || fclose(file) != 0)
        stop("the image cannot be written for callgrind");
}

static void count_ours(const options *o, const workshop *w, const host_set sets[HOSTS_KINDS], const base_buffer *octets,
                       double counts[HOSTS_KINDS])
{
    for (int kind = 0; kind < HOSTS_KINDS; kind++)
        write_hosts(w->hosts[kind], &sets[kind]);
    write_image(w->image, octets);
    count_side(o->program, w, "--image", w->image, counts);
}

static void print_counts(const double ours[HOSTS_KINDS], const double theirs[HOSTS_KINDS])
{
    for (int kind = 0; kind < HOSTS_KINDS; kind++) {
        if (ours[kind] > 0)
            print_line(kinds[kind], "instr", ours[kind], theirs[kind]);
    }
}

/* -- All of it ----------------------------------------------------------------------------------------------------- */

static double make_image(const name_list *list, base_buffer *octets)
{
    preload_list source = {list->entries, list->count, "bench", HF_TIME_UNKNOWN, HF_TIME_NEVER};
    base_error error;
    double best = 1e9;

    for (int i = 0; i < 3; i++) {
        base_buffer_clear(octets);
        double start = processor_seconds();
        if (!preload_compile(&source, octets, &error))
            stop(error.text);
        double time = processor_seconds() - start;
        best = time < best ? time : best;
    }
    return best;
}

static double open_time(const base_buffer *octets)
{
    double times[31];

    for (int i = 0; i < 31; i++) {
        hf_preload_image *image;
        double start = processor_seconds();
        if (hf_preload_open(octets->data, octets->length, NULL, &image) != HF_OK)
            stop("the image cannot be opened");
        times[i] = (processor_seconds() - start) * 1e6;
        hf_preload_close(image);
    }
    return median(times, 31);
}

/* What needs no peer. */
static void measure_ours(const options *o, const workshop *w, const name_table *table, const side *ours,
                         const base_buffer *octets, host_set sets[HOSTS_KINDS], double counts[HOSTS_KINDS])
{
    for (int kind = 0; kind < HOSTS_KINDS; kind++) {
        host_set_make(&sets[kind], (host_set_kind)kind, table, o->quick ? 1000 : ASKED);
        check_answers(ours, table, &sets[kind]);
    }
    if (!o->quick)
        count_ours(o, w, sets, octets, counts);
    measure_worst(ours, table->list, o->quick ? 10 : 1);
}

static void measure_both(const options *o, const workshop *w, const name_table *table, side sides[2],
                         const host_set sets[HOSTS_KINDS], const double ours[HOSTS_KINDS])
{
    double theirs[HOSTS_KINDS] = {0};

    for (int kind = 0; sides[1].cover != NULL && kind < HOSTS_KINDS; kind++)
        check_answers(&sides[1], table, &sets[kind]);
    measure_times(sides, sets, o->quick ? 1 : ROUNDS);
    if (sides[1].cover != NULL && !o->quick)
        count_side(o->program, w, "--dafsa", w->dafsa, theirs);
    print_counts(ours, theirs);
}

static void run(const options *o, const workshop *w, const name_list *list, base_buffer *octets)
{
    name_table table;
    host_set sets[HOSTS_KINDS];
    double counts[HOSTS_KINDS] = {0};
    hf_preload_image *image;
    hf_preload preload;
    hf_preload_info info = hf_preload_info_init();

    print_line("making the image", "ms", make_image(list, octets) * 1e3, 0);
    print_line("opening the image", "us", open_time(octets), 0);
    if (hf_preload_open(octets->data, octets->length, NULL, &image) != HF_OK)
        stop("the image cannot be opened");
    hf_preload_describe(image, &info);
    hf_preload_from_image(image, &preload);
    print_line("memory taken at opening", "octets", (double)info.memory, 0);
    side sides[2] = {{preload.cover, preload.self}, {NULL, NULL}};
    name_table_init(&table, list);
    measure_ours(o, w, &table, &sides[0], octets, sets, counts);
    if (!make_dafsa(list, w->dafsa))
        stop("libpsl's file cannot be made");
    sides[1] = open_libpsl(w->dafsa);
    print_line("the image", "octets", (double)octets->length, sides[1].cover != NULL ? (double)size_of(w->dafsa) : 0);
    measure_both(o, w, &table, sides, sets, counts);
    for (int kind = 0; kind < HOSTS_KINDS; kind++)
        host_set_done(&sets[kind]);
    close_libpsl(&sides[1]);
    hf_preload_close(image);
    name_table_done(&table);
}

static options read_options(int argc, char **argv)
{
    options o = {.program = argv[0]};

    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--quick") == 0) {
            o.quick = true;
            continue;
        }
        if (strcmp(argv[i], "--list") == 0 && o.list_count < LISTS_MAX)
            o.lists[o.list_count++] = value;
        else if (strcmp(argv[i], "--dafsa") == 0)
            o.dafsa = value;
        else if (strcmp(argv[i], "--image") == 0)
            o.image = value;
        else if (strcmp(argv[i], "--count") == 0)
            o.counted = value;
        else
            stop("the options are --list FILE, up to eight times, and --quick");
        i++;
    }
    return o;
}

/* -- Lists --------------------------------------------------------------------------------------------------------- */

static void measure_list(const options *o, const workshop *w, const name_list *list)
{
    base_buffer octets;

    base_buffer_init(&octets, (size_t)1 << 30);
    run(o, w, list, &octets);
    base_buffer_done(&octets);
    remove(w->dafsa);
    remove(w->image);
    for (int kind = 0; kind < HOSTS_KINDS; kind++)
        remove(w->hosts[kind]);
}

/* Names the list by its source and the number of its names: "Firefox 2025-09-29, 168231 names". */
static void name_subject(preload_names *names, char text[128])
{
    const char *source = preload_names_source(names);

    snprintf(text, 128, "%.90s%s%zu names", source, *source != '\0' ? ", " : "", names->count);
    subject = text;
}

static bool measure_text(const options *o, const workshop *w, const base_buffer *text, base_error *error)
{
    char words[128];
    preload_names names;

    preload_names_init(&names);
    bool is_read = preload_read(base_buffer_string(text), text->length, &names, error);
    if (is_read) {
        name_list list = {names.entries, names.count, {NULL}};
        name_subject(&names, words);
        measure_list(o, w, &list);
    }
    preload_names_done(&names);
    return is_read;
}

static bool measure_file(const options *o, const workshop *w, const char *path, base_error *error)
{
    base_buffer text;

    base_buffer_init(&text, PRELOAD_TEXT_MAX);
    bool is_read = base_file_read(path, &text, error) && measure_text(o, w, &text, error);
    base_buffer_done(&text);
    return is_read;
}

/* How many there were. */
static int measure_at_hand(const options *o, const workshop *w)
{
    int count = 0;

    for (int which = 0; which < PRELOAD_WHICHES; which++) {
        preload_file file;
        base_error error;
        if (preload_file_find(&file, (preload_which)which, &error) && file.image != NULL)
            count += measure_text(o, w, &file.bytes, &error);
        preload_file_close(&file);
    }
    return count;
}

static bool measure_debian(const options *o, const workshop *w)
{
    base_buffer text;
    base_error error;

    base_buffer_init(&text, PRELOAD_TEXT_MAX);
    preload_debian debian = {.root = "", .text = &text};
    bool is_there = preload_debian_get(&debian, &error);
    if (is_there)
        fprintf(stderr, "bench-preload: no list is at hand, so this is %s\n", debian.origin);
    is_there = is_there && measure_text(o, w, &text, &error);
    if (!is_there)
        fprintf(stderr, "bench-preload: no list is at hand (%s), so one is made up\n", error.text);
    base_buffer_done(&text);
    return is_there;
}

static void measure_made_up(const options *o, const workshop *w)
{
    name_list list;

    name_list_make(&list, o->quick ? QUICK_NAMES : NAMES, 2026);
    measure_list(o, w, &list);
    name_list_done(&list);
}

static void measure(const options *o, const workshop *w)
{
    base_error error;

    for (size_t i = 0; i < o->list_count; i++) {
        if (!measure_file(o, w, o->lists[i], &error))
            stop(error.text);
    }
    if (o->list_count == 0 && (o->quick || (measure_at_hand(o, w) == 0 && !measure_debian(o, w))))
        measure_made_up(o, w);
}

int main(int argc, char **argv)
{
    options o = read_options(argc, argv);
    char folder[] = "/tmp/bench-preload.XXXXXX";
    workshop w;

    if (o.counted != NULL) {
        count(&o);
        return 0;
    }
    if (mkdtemp(folder) == NULL)
        stop("there is no place for files in /tmp");
    snprintf(w.dafsa, sizeof w.dafsa, "%s/dafsa", folder);
    snprintf(w.image, sizeof w.image, "%s/image", folder);
    for (int kind = 0; kind < HOSTS_KINDS; kind++)
        snprintf(w.hosts[kind], sizeof w.hosts[kind], "%s/hosts-%d", folder, kind);
    measure(&o, &w);
    rmdir(folder);
    return 0;
}
