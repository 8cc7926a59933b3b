/*
 * The known-hosts file beside those of curl and wget.
 *
 * Opening is measured alike for all three, as what a whole process costs (processor time) with a file of so many hosts
 * less what the same process costs without one: ours opens and looks one host up, theirs fetch one page from a server
 * of this program on loopback. wget and curl read the whole file at their start. curl's time grows with the square of
 * the hosts: 10,000 are measured once, and 100,000, which take it minutes, with --all only. The larger the file, the
 * smaller the part of chance, and the fewer the rounds.
 *
 * The rest has no peer: theirs keep a note when the process ends, and are not seen by others before.
 *
 * Look-ups are asked in batches of 64 hosts that are made ready before the clock starts, each host once; printed is the
 * median of all batches. A known host takes one pread of its row, and most of the time is that system call; an unknown
 * host takes none.
 */
#define _DEFAULT_SOURCE
#include <holdfast/store.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 7, PATH_SIZE = 128, NOTES = 100000, NOTES_DURABLE = 200, SEEN = 2000, BATCH = 64, BATCHES = 3000 };

static const int64_t noon = 1800000000;
static char folder[64], self_path[4096];

static void need(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "bench-store: %s: %s\n", what, strerror(errno));
    exit(3);
}

static double now_in(double unit)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return ((double)t.tv_sec + (double)t.tv_nsec / 1e9) * unit;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double at_part(double *values, size_t count, double part)
{
    qsort(values, count, sizeof *values, by_value);
    return values[(size_t)((double)(count - 1) * part)];
}

static void print_line(const char *what, size_t entries, const char *unit, double ours, const char *peer, double theirs)
{
    printf("store: %s, %zu hosts\t%s\t%.2f\t", what, entries, unit, ours);
    if (peer != NULL)
        printf("%s\t%.2f\n", peer, theirs);
    else
        printf("-\t-\n");
    fflush(stdout);
}

/* -- Files of the three programs ----------------------------------------------------------------------------------- */

typedef struct series {
    size_t next, count;
    char name[48];
} series;

static size_t write_name(size_t number, char name[48])
{
    return (size_t)snprintf(name, 48, "host%07zu.example.com", number);
}

static bool next_of_series(void *self, hf_entry *entry)
{
    series *s = self;

    if (s->next == s->count)
        return false;
    entry->host = (hf_span){s->name, write_name(s->next, s->name)};
    entry->include_subdomains = s->next++ % 2 == 1;
    entry->max_age = 31536000;
    entry->observed = noon;
    entry->expires = noon + 31536000;
    entry->source = HF_SOURCE_IMPORT;
    return true;
}

static hf_store *open_store(const char *path, bool durable)
{
    hf_store *store = NULL;
    hf_store_options options = hf_store_options_init();
    hf_store_error error = hf_store_error_init();

    options.path = path;
    options.durable = durable;
    if (hf_store_open(&options, &store, &error) != HF_OK) {
        fprintf(stderr, "bench-store: %s\n", error.text);
        exit(3);
    }
    return store;
}

static void path_of(const char *kind, size_t entries, char path[PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/%s-%zu", folder, kind, entries);
}

/* Fills a store and says how long that took (seconds). */
static double make_ours(size_t entries)
{
    char path[PATH_SIZE];
    series s = {.count = entries};

    path_of("ours", entries, path);
    double begin = now_in(1);
    hf_store *store = open_store(path, false);
    need(hf_store_put_all(store, next_of_series, &s, noon, NULL, NULL) == HF_OK, "filling a store");
    hf_store_close(store);
    return now_in(1) - begin;
}

static void make_theirs(size_t entries)
{
    char path[PATH_SIZE], name[48];

    path_of("wget", entries, path);
    FILE *wget = fopen(path, "w");
    path_of("curl", entries, path);
    FILE *curl = fopen(path, "w");
    need(wget != NULL && curl != NULL, path);
    fputs("# HSTS 1.0 Known Hosts database for GNU Wget.\n", wget);
    for (size_t i = 0; i < entries; i++) {
        write_name(i, name);
        fprintf(wget, "%s\t0\t%d\t%lld\t31536000\n", name, (int)(i % 2), (long long)time(NULL));
        fprintf(curl, "%s%s \"20350101 00:00:00\"\n", i % 2 == 1 ? "." : "", name);
    }
    need(fclose(wget) == 0 && fclose(curl) == 0, path);
    path_of("wget", entries, path);
    need(chmod(path, 0600) == 0, path);
}

/* -- Whole processes ----------------------------------------------------------------------------------------------- */

typedef struct cost {
    double milliseconds, mebibytes; /* of processor time; of resident memory */
} cost;

static double milliseconds_of(struct timeval time)
{
    return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3;
}

/* Processor time: what else the machine does must not make a process look dearer, or cheaper, than it is. */
static cost run(const char *const *arguments)
{
    struct rusage usage;
    int status;
    pid_t pid = fork();

    need(pid >= 0, "fork");
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execvp(arguments[0], (char *const *)(uintptr_t)arguments);
        _exit(127);
    }
    need(wait4(pid, &status, 0, &usage) == pid, "wait4");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return (cost){-1, -1};
    return (cost){milliseconds_of(usage.ru_utime) + milliseconds_of(usage.ru_stime), (double)usage.ru_maxrss / 1024};
}

/*
 * What `with` costs more than `without`, which is the same program without the store: the median of pairs that ran one
 * after the other. Negative: one of the two cannot run, or the difference is lost in the noise.
 */
static cost median_difference(const char *const *with, const char *const *without, int rounds)
{
    double milliseconds[ROUNDS], mebibytes[ROUNDS];

    for (int i = 0; i < rounds; i++) {
        cost base = run(without), whole = run(with);
        if (base.milliseconds < 0 || whole.milliseconds < 0)
            return (cost){-1, -1};
        milliseconds[i] = whole.milliseconds - base.milliseconds;
        mebibytes[i] = whole.mebibytes;
    }
    return (cost){at_part(milliseconds, (size_t)rounds, 0.5), at_part(mebibytes, (size_t)rounds, 0.5)};
}

/* bench-store --look FILE|- HOST: what is measured of us. */
static int look(const char *path, const char *name)
{
    hf_host host;
    hf_entry entry = hf_entry_init();

    if (strcmp(path, "-") == 0)
        return 0;
    hf_store *store = open_store(path, false);
    bool known = hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK &&
                 hf_store_match(store, &host, (hf_span){NULL, 0}, noon, &entry) == HF_MATCH_CONGRUENT;
    hf_store_close(store);
    return known ? 0 : 1;
}

/* A server that has one page; its process ends with ours. */
static pid_t serve(char url[64])
{
    static const char page[] = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    need(listener >= 0 && bind(listener, (struct sockaddr *)&address, sizeof address) == 0 &&
             listen(listener, 16) == 0 && getsockname(listener, (struct sockaddr *)&address, &length) == 0,
         "a server");
    snprintf(url, 64, "http://127.0.0.1:%d/", ntohs(address.sin_port));
    pid_t pid = fork();
    need(pid >= 0, "fork");
    while (pid == 0) {
        char request[4096];
        int client = accept(listener, NULL, NULL);
        if (client >= 0 && read(client, request, sizeof request) > 0 && write(client, page, sizeof page - 1) > 0)
            close(client);
    }
    close(listener);
    return pid;
}

/* A difference that is not above the noise is not a figure: it is left out, and standard error says so. */
static void print_opening(size_t entries, cost ours, const char *peer, cost theirs)
{
    static const char what[] = "open and first look-up, processor time";

    if (ours.milliseconds <= 0)
        fprintf(stderr, "bench-store: %s, %zu hosts: below what can be measured\n", what, entries);
    else
        print_line(what, entries, "ms", ours.milliseconds, theirs.milliseconds > 0 ? peer : NULL, theirs.milliseconds);
}

static void measure_opening(size_t entries, const char *url, int rounds, bool with_curl)
{
    char ours[PATH_SIZE], wget[PATH_SIZE + 16], curl[PATH_SIZE], name[48];

    path_of("ours", entries, ours);
    path_of("curl", entries, curl);
    snprintf(wget, sizeof wget, "--hsts-file=%s/wget-%zu", folder, entries);
    write_name(entries / 2, name);
    const char *const our_arguments[] = {self_path, "--look", ours, name, NULL};
    const char *const our_nothing[] = {self_path, "--look", "-", name, NULL};
    const char *const wget_arguments[] = {"wget", "-q", wget, "-O", "-", url, NULL};
    const char *const wget_nothing[] = {"wget", "-q", "--no-hsts", "-O", "-", url, NULL};
    const char *const curl_arguments[] = {"curl", "-s", "--hsts", curl, url, NULL};
    const char *const curl_nothing[] = {"curl", "-s", url, NULL};
    cost our_cost = median_difference(our_arguments, our_nothing, rounds);
    need(our_cost.mebibytes >= 0, "looking a host up");
    cost wget_cost = median_difference(wget_arguments, wget_nothing, rounds);
    print_opening(entries, our_cost, "wget", wget_cost);
    print_line("resident memory", entries, "MiB", our_cost.mebibytes, wget_cost.mebibytes > 0 ? "wget" : NULL,
               wget_cost.mebibytes);
    if (with_curl)
        print_opening(entries, our_cost, "curl", median_difference(curl_arguments, curl_nothing, 1));
}

/* -- Noting -------------------------------------------------------------------------------------------------------- */

static void note(hf_store *store, size_t number)
{
    char name[48];
    hf_host host;
    hf_policy policy = {31536000, true, false};
    hf_response response = hf_response_init();
    hf_store_error error = hf_store_error_init();

    response.now = noon;
    response.secure = true;
    size_t length = write_name(number, name);
    if (hf_host_parse(name, length, NULL, &host, NULL) == HF_OK &&
        hf_store_note(store, &host, &policy, &response, NULL, &error) == HF_OK)
        return;
    fprintf(stderr, "bench-store: %s\n", error.text);
    exit(3);
}

static void measure_noting(size_t entries, size_t count, bool durable)
{
    char path[PATH_SIZE];

    path_of("ours", entries, path);
    hf_store *store = open_store(path, durable);
    double begin = now_in(1);
    for (size_t i = 0; i < count; i++)
        note(store, entries + i);
    double seconds = now_in(1) - begin;
    hf_store_close(store);
    print_line(durable ? "notes a second, durable" : "notes a second", entries, "1/s", (double)count / seconds, NULL,
               0);
}

typedef struct board {
    _Atomic size_t seen;
    _Atomic bool ready;
    double when[SEEN];
} board;

/* The other process looks again and again, and writes down when it sees each. */
static void watch(const char *path, size_t first, size_t count, board *b)
{
    hf_store *store = open_store(path, false);
    char name[48];

    atomic_store(&b->ready, true);
    for (size_t i = 0; i < count; i++) {
        hf_host host;
        size_t length = write_name(first + i, name);
        need(hf_host_parse(name, length, NULL, &host, NULL) == HF_OK, "a host");
        while (!hf_store_get(store, &host, (hf_span){NULL, 0}, NULL))
            need(hf_store_refresh(store, NULL, NULL) == HF_OK, "refreshing");
        b->when[i] = now_in(1e6);
        atomic_store(&b->seen, i + 1);
    }
    _exit(0);
}

static void measure_seeing(size_t entries, size_t count)
{
    char path[PATH_SIZE];
    static double delays[SEEN];
    board *b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    need(b != MAP_FAILED, "shared memory");
    path_of("ours", entries, path);
    size_t first = entries + 10000000;
    pid_t pid = fork();
    need(pid >= 0, "fork");
    if (pid == 0)
        watch(path, first, count, b);
    hf_store *store = open_store(path, false);
    while (!atomic_load(&b->ready))
        usleep(1000);
    for (size_t i = 0; i < count; i++) {
        note(store, first + i);
        double noted = now_in(1e6);
        while (atomic_load(&b->seen) <= i)
            continue;
        delays[i] = b->when[i] > noted ? b->when[i] - noted : 0;
    }
    hf_store_close(store);
    waitpid(pid, NULL, 0);
    munmap(b, sizeof *b);
    print_line("from noted to seen by another process, median", entries, "us", at_part(delays, count, 0.5), NULL, 0);
    print_line("from noted to seen by another process, 99 of 100", entries, "us", at_part(delays, count, 0.99), NULL,
               0);
}

/* -- Looking up ---------------------------------------------------------------------------------------------------- */

/* Some hosts of the store in an order without neighbours, or as many that it does not know. */
static void make_batch(size_t first, size_t entries, bool known, hf_host hosts[BATCH])
{
    char name[48];

    for (size_t i = 0; i < BATCH; i++) {
        size_t length = write_name((known ? 0 : 50000000) + (first + i) * 7919 % entries, name);
        need(hf_host_parse(name, length, NULL, &hosts[i], NULL) == HF_OK, "a host");
    }
}

/* Nanoseconds a host. */
static double time_batch(const hf_store *store, const hf_host hosts[BATCH], bool known)
{
    size_t found = 0;
    double begin = now_in(1e9);

    for (size_t i = 0; i < BATCH; i++)
        found += hf_store_match(store, &hosts[i], (hf_span){NULL, 0}, noon, NULL) != HF_MATCH_NONE;
    double spent = now_in(1e9) - begin;
    need(found == (known ? BATCH : 0), "every host is found, and no other");
    return spent / BATCH;
}

static void measure_looks(size_t entries, size_t batches)
{
    static double times[BATCHES];
    static hf_host hosts[BATCH];
    char path[PATH_SIZE];

    path_of("ours", entries, path);
    hf_store *store = open_store(path, false);
    for (int known = 1; known >= 0; known--) {
        for (size_t i = 0; i < batches; i++) {
            make_batch(i * BATCH, entries, known, hosts);
            times[i] = time_batch(store, hosts, known);
        }
        print_line(known ? "look-up of a known host" : "look-up of an unknown host", entries, "ns",
                   at_part(times, batches, 0.5), NULL, 0);
    }
    hf_store_close(store);
}

static void measure_size(size_t entries, double filling, int rounds, const char *url, bool with_curl)
{
    char path[PATH_SIZE];
    struct stat ours, wget;

    path_of("ours", entries, path);
    need(stat(path, &ours) == 0, path);
    path_of("wget", entries, path);
    need(stat(path, &wget) == 0, path);
    print_line("file, octets a host", entries, "octets", (double)ours.st_size / (double)entries, "wget",
               (double)wget.st_size / (double)entries);
    print_line("import, microseconds a host", entries, "us", filling * 1e6 / (double)entries, NULL, 0);
    measure_opening(entries, url, rounds, with_curl);
}

static void remove_files(size_t entries)
{
    static const char *const kinds[] = {"ours", "wget", "curl"};
    char path[PATH_SIZE];

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        path_of(kinds[i], entries, path);
        unlink(path);
    }
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--look") == 0)
        return look(argv[2], argv[3]);
    bool quick = argc > 1 && strcmp(argv[1], "--quick") == 0, all = argc > 1 && strcmp(argv[1], "--all") == 0;
    static const struct size {
        size_t entries;
        int rounds;
    } all_sizes[] = {{10000, ROUNDS}, {100000, 5}, {1000000, 3}}, quick_sizes[] = {{1000, 1}};
    const struct size *sizes = quick ? quick_sizes : all_sizes;
    size_t count = quick ? 1 : sizeof all_sizes / sizeof *all_sizes;
    char url[64];
    need(realpath(argv[0], self_path) != NULL, argv[0]);
    snprintf(folder, sizeof folder, "/tmp/bench-store-XXXXXX");
    need(mkdtemp(folder) != NULL, folder);
    pid_t server = serve(url);
    for (size_t i = 0; i < count; i++) {
        size_t entries = sizes[i].entries;
        double filling = make_ours(entries);
        make_theirs(entries);
        measure_size(entries, filling, sizes[i].rounds, url, entries <= (all ? 100000 : 10000));
        measure_looks(entries, quick ? 16 : BATCHES);
        measure_noting(entries, quick ? 1000 : NOTES, false);
        measure_noting(entries, quick ? 10 : NOTES_DURABLE, true);
        measure_seeing(entries, quick ? 100 : SEEN);
        remove_files(entries);
    }
    kill(server, SIGKILL);
    waitpid(server, NULL, 0);
    rmdir(folder);
    return 0;
}
