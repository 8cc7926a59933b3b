/*
 * Memory that runs out: a long scenario in which the Nth allocation fails, for every N. The call that meets it says
 * HF_E_MEMORY and has changed no entry; made again, it succeeds, and the scenario ends as if nothing had happened.
 */
#include <holdfast/hosts.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { STEPS = 700, LIMIT = 100, DUMP_SIZE = 1 << 20 };

typedef struct failing {
    size_t held, calls, fails_at; /* fails_at 0: never */
} failing;

static void *failing_allocate(void *self, size_t size)
{
    failing *f = self;

    if (++f->calls == f->fails_at)
        return NULL;
    f->held += size;
    return malloc(size);
}

static void failing_release(void *self, void *block, size_t size)
{
    failing *f = self;

    f->held -= size;
    free(block);
}

/* All that a caller can see of a table. */
typedef struct dump {
    size_t length, count;
    char text[DUMP_SIZE];
} dump;

static void append(dump *d, const void *data, size_t length)
{
    assert_true(d->length + length <= DUMP_SIZE);
    if (length > 0)
        memcpy(d->text + d->length, data, length);
    d->length += length;
}

static void take_dump(const hf_hosts *hosts, dump *d)
{
    uint64_t cursor = 0;
    hf_entry entry = hf_entry_init();

    d->length = 0;
    d->count = hf_hosts_count(hosts);
    while (hf_hosts_next(hosts, &cursor, &entry)) {
        hf_host host = {.kind = HF_HOST_NAME, .length = entry.host.length};
        memcpy(host.name, entry.host.data, entry.host.length);
        assert_true(hf_hosts_get(hosts, &host, entry.partition, NULL)); /* the index agrees with the order */
        append(d, entry.host.data, entry.host.length);
        append(d, entry.partition.data, entry.partition.length);
        append(d, &entry.max_age, sizeof entry.max_age);
        append(d, &entry.observed, sizeof entry.observed);
        append(d, &entry.expires, sizeof entry.expires);
        append(d, &entry.include_subdomains, sizeof entry.include_subdomains);
    }
}

static void assert_same(const dump *a, const dump *b)
{
    assert_int_equal(a->count, b->count);
    assert_int_equal(a->length, b->length);
    assert_memory_equal(a->text, b->text, a->length);
}

/* Step `i`: notes of ever longer names, some in large partitions, and now and then something is forgotten. */
static hf_status step(hf_hosts *hosts, int i)
{
    static const char partition[HF_PARTITION_MAX] = "(https,example.com)";
    hf_policy policy = {i % 7 == 0 ? 3 : 10000, i % 2 == 0, false};
    hf_response response = hf_response_init();
    hf_host host = {.kind = HF_HOST_NAME};

    response.now = i;
    response.secure = true;
    response.partition = (hf_span){partition, i % 5 == 0 ? (size_t)(i % HF_PARTITION_MAX) : 0};
    host.length = (size_t)snprintf(host.name, sizeof host.name, "h%0*d.example", 1 + i % 60, i);
    if (i % 250 == 249)
        hf_hosts_forget_between(hosts, i - 200, i);
    if (i % 90 == 89)
        hf_hosts_forget_expired(hosts, i);
    return hf_hosts_note(hosts, &host, &policy, &response, NULL);
}

static hf_status start(failing *f, hf_hosts **hosts)
{
    hf_alloc alloc = {failing_allocate, failing_release, f};
    hf_hosts_options options = hf_hosts_options_init();

    options.alloc = &alloc;
    options.limit = LIMIT;
    return hf_hosts_new(&options, hosts);
}

static dump before, after, wanted;

/* Runs the scenario; returns how many calls failed. */
static int run(failing *f, dump *end)
{
    hf_hosts *hosts = NULL;
    int failures = 0;

    if (start(f, &hosts) != HF_OK) {
        failures++;
        assert_null(hosts);
        assert_int_equal(f->held, 0);
        assert_int_equal(start(f, &hosts), HF_OK);
    }
    for (int i = 0; i < STEPS; i++) {
        bool forgets = i % 250 == 249 || i % 90 == 89; /* then what went before the note is gone */
        bool may_fail = f->calls < f->fails_at && f->calls + 4 >= f->fails_at;
        if (may_fail && !forgets)
            take_dump(hosts, &before);
        hf_status status = step(hosts, i);
        if (status == HF_OK)
            continue;
        failures++;
        assert_int_equal(status, HF_E_MEMORY);
        take_dump(hosts, &after);
        if (!forgets)
            assert_same(&before, &after);
        assert_int_equal(step(hosts, i), HF_OK);
    }
    assert_int_equal(hf_hosts_memory(hosts), f->held);
    take_dump(hosts, end);
    hf_hosts_free(hosts);
    assert_int_equal(f->held, 0);
    return failures;
}

static void every_allocation_may_fail(void **state)
{
    failing f = {0};

    (void)state;
    assert_int_equal(run(&f, &wanted), 0);
    size_t allocations = f.calls;
    assert_true(allocations > 20);
    int failures = 0;
    for (size_t n = 1; n <= allocations; n++) {
        f = (failing){.fails_at = n};
        failures += run(&f, &after);
        assert_same(&wanted, &after);
    }
    /*
     * Only an allocation without which the work can be done all the same may fail unseen: that of a smaller index, and
     * the two of a look at who will go from a full table, without which the oldest goes (which here it does anyway).
     */
    const size_t looks = STEPS / (LIMIT / 8) + 1;
    assert_true(failures > 15 && (size_t)failures + 5 + 2 * looks >= allocations);
}

static void *nothing(void *self, size_t size)
{
    (void)self, (void)size;
    return NULL;
}

static void a_table_without_memory_cannot_be_made(void **state)
{
    hf_alloc alloc = {nothing, failing_release, NULL};
    hf_hosts_options options = hf_hosts_options_init();
    hf_hosts *hosts = NULL;

    (void)state;
    options.alloc = &alloc;
    assert_int_equal(hf_hosts_new(&options, &hosts), HF_E_MEMORY);
    assert_null(hosts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(a_table_without_memory_cannot_be_made),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
