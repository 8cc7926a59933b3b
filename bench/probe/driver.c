/*
 * probe-driver [--repeat N] [--timeout SECONDS] [--memory SECONDS] CAFILE PORT CONCURRENCY LIST [HOST=PORT]...: looks
 * at each host of the list once, at 127.0.0.1:PORT, by probe_site in depth `field`, so many at once, and throws away
 * what it saw. What a probe costs, without what a command does around it. Each host must show an STS field, but for
 * those with a port of their own (HOST=PORT), which may do as they like. The last line says how it went; exit 1 if a
 * host was not as it must be. With --memory it says what they all take that are under way, as soon as that grows no
 * more, at the latest after so many seconds.
 */
#include "http/fetch.h"
#include "probe/site.h"

#include "base/lines.h"
#include "base/term.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define REPORTED_MAX 10 /* failures that are told one by one */

enum { MEMORY_PERIOD = 250, MEMORY_STILL = 2000 }; /* ms */

typedef struct driver driver;

typedef struct worker {
    driver *driver;
    facts_site site;
} worker;

struct driver {
    http_client client;
    int64_t at;
    const char *path;
    base_lines lines;
    long repeat;
    char **odd; /* HOST=PORT, NULL at the end */
    size_t good, bad, odd_count, open;
    double good_wall, good_cpu; /* when the last good host was done */
    io_timer *timer;            /* NULL: memory is not asked for */
    long resident;              /* the most so far, kB */
    long still;                 /* how long it has not grown, ms */
    double start, patience;     /* seconds */
};

static double seconds_since(clockid_t clock, double start)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9 - start;
}

static long resident_kb(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long all = 0, resident = 0;

    if (file != NULL && fscanf(file, "%ld %ld", &all, &resident) != 2)
        resident = 0;
    if (file != NULL)
        fclose(file);
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static bool is_odd(const driver *d, const char *host)
{
    size_t length = strlen(host);

    for (char **odd = d->odd; *odd != NULL; odd++)
        if (strncmp(*odd, host, length) == 0 && (*odd)[length] == '=')
            return true;
    return false;
}

static bool is_good(const facts_site *site)
{
    const facts_exchange *exchange = facts_site_https(site);

    if (exchange == NULL || exchange->response == NULL || exchange->tls.error_count > 0)
        return false;
    for (size_t i = 0; i < exchange->response->count; i++) {
        hf_span name = exchange->response->fields[i].name;

        if (name.length == 25 && strncasecmp(name.data, "strict-transport-security", 25) == 0)
            return true;
    }
    return false;
}

/* False at the end of the list, when it was read often enough. */
static bool next_host(driver *d, hf_host *host)
{
    hf_span line;

    for (;;) {
        base_line result = base_lines_next(&d->lines, &line, NULL);

        if (result == BASE_LINE_GOOD && hf_host_parse(line.data, line.length, NULL, host, NULL) == HF_OK)
            return true;
        if (result == BASE_LINE_FAILED || (result == BASE_LINE_END && --d->repeat <= 0))
            return false;
        if (result == BASE_LINE_END) {
            base_lines_close(&d->lines);
            if (!base_lines_open(&d->lines, d->path, 1024, NULL))
                return false;
        }
    }
}

static void on_done(void *self);

static void work(worker *w)
{
    driver *d = w->driver;
    hf_host host;

    if (!next_host(d, &host))
        return;
    d->open++;
    facts_site_init(&w->site, &host, 443);
    w->site.depth = FACTS_DEPTH_FIELD;
    probe_site(&d->client, d->at, &w->site, on_done, w);
}

static void report(const worker *w)
{
    const facts_exchange *exchange = facts_site_https(&w->site);

    if (w->driver->bad >= REPORTED_MAX)
        return;
    fprintf(stderr, "%s: %s\n", w->site.host.name,
            exchange != NULL && exchange->failure != NULL ? facts_code_name(exchange->failure->code)
                                                          : "no field, or an error of TLS");
}

static void on_done(void *self)
{
    worker *w = self;
    driver *d = w->driver;

    d->open--;
    if (is_odd(d, w->site.host.name)) {
        d->odd_count++;
    } else {
        bool good = is_good(&w->site);

        if (!good)
            report(w);
        d->good += good;
        d->bad += !good;
        d->good_wall = seconds_since(CLOCK_MONOTONIC, 0);
        d->good_cpu = seconds_since(CLOCK_PROCESS_CPUTIME_ID, 0);
    }
    facts_site_done(&w->site);
    work(w);
    if (d->open == 0)
        io_loop_stop(d->client.loop);
}

/* When memory has not grown for so long, all connections stand: what do they take? */
static void on_memory(void *self)
{
    driver *d = self;
    long resident = resident_kb();

    d->still = resident > d->resident ? 0 : d->still + MEMORY_PERIOD;
    d->resident = resident > d->resident ? resident : d->resident;
    if (d->still < MEMORY_STILL && seconds_since(CLOCK_MONOTONIC, d->start) < d->patience) {
        io_timer_start(d->timer, MEMORY_PERIOD);
        return;
    }
    printf("%zu in flight, %ld kB\n", d->open, resident);
    exit(0);
}

static bool set_up(driver *d, char **argv, base_error *error)
{
    http_route *route = http_route_new();
    char rule[512];

    for (char **odd = d->odd; *odd != NULL; odd++) {
        const char *port = strchr(*odd, '=');

        if (port == NULL)
            return false;
        snprintf(rule, sizeof rule, "%.*s:443:127.0.0.1:%s", (int)(port - *odd), *odd, port + 1);
        if (!http_route_add_connect_to(route, rule, error))
            return false;
    }
    snprintf(rule, sizeof rule, ":443:127.0.0.1:%s", argv[1]);
    if (!http_route_add_connect_to(route, rule, error))
        return false;
    d->path = argv[3];
    d->client.route = route;
    d->client.loop = io_loop_new();
    d->client.resolver = dns_resolver_new(d->client.loop, NULL, error);
    d->client.trust = d->client.resolver != NULL ? tls_trust_store_new(argv[0], error) : NULL;
    d->at = (int64_t)time(NULL);
    return d->client.trust != NULL && base_lines_open(&d->lines, d->path, 1024, error);
}

static void run(driver *d, size_t concurrency, long memory)
{
    worker *workers = base_allocate(concurrency * sizeof *workers);
    double wall = seconds_since(CLOCK_MONOTONIC, 0), cpu = seconds_since(CLOCK_PROCESS_CPUTIME_ID, 0);
    long before = resident_kb();

    if (memory > 0) {
        d->timer = io_timer_new(d->client.loop, on_memory, d);
        d->start = wall;
        d->patience = (double)memory;
        io_timer_start(d->timer, MEMORY_PERIOD);
    }
    for (size_t i = 0; i < concurrency; i++) {
        workers[i].driver = d;
        work(&workers[i]);
    }
    if (d->open > 0)
        io_loop_run(d->client.loop);
    io_timer_free(d->timer);
    printf("%zu good, %zu not, %zu odd; a good host: %.1f us wall, %.1f us CPU; %.0f us CPU in all; "
           "resident %ld kB before, %ld kB after\n",
           d->good, d->bad, d->odd_count, (d->good_wall - wall) * 1e6 / (double)(d->good + d->bad + 1e-9),
           (d->good_cpu - cpu) * 1e6 / (double)(d->good + d->bad + 1e-9),
           seconds_since(CLOCK_PROCESS_CPUTIME_ID, cpu) * 1e6, before, resident_kb());
    free(workers);
}

int main(int argc, char **argv)
{
    driver d = {.client = {.limits = HTTP_LIMITS_DEFAULT, .clock = http_real_clock}, .repeat = 1};
    base_error error = {
        "usage: probe-driver [--repeat N] [--timeout S] [--memory S] CAFILE PORT CONCURRENCY LIST [HOST=PORT]..."};
    long memory = 0;

    for (argv++, argc--; argc > 1 && strncmp(*argv, "--", 2) == 0; argv += 2, argc -= 2) {
        long value = strtol(argv[1], NULL, 10);

        if (strcmp(*argv, "--repeat") == 0)
            d.repeat = value;
        else if (strcmp(*argv, "--memory") == 0)
            memory = value;
        else
            d.client.limits = (http_limits){value * 1000, value * 1000, value * 1000, value * 1000, value * 3000};
    }
    d.odd = argv + 4;
    if (argc < 4 || !set_up(&d, argv, &error)) {
        base_error_print(&error, stderr);
        return 2;
    }
    run(&d, (size_t)strtoul(argv[2], NULL, 10), memory);
    tls_trust_store_free((tls_trust_store *)d.client.trust);
    dns_resolver_free(d.client.resolver);
    http_route_free((http_route *)d.client.route);
    io_loop_free(d.client.loop);
    base_lines_close(&d.lines);
    return d.bad > 0 || d.good == 0;
}
