/* Which host's turn it is, by a clock that only the test moves. */
#include "batch/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000)

static hf_host host_of(const char *name)
{
    hf_host host;

    assert_int_equal(hf_host_parse(name, strlen(name), NULL, &host, NULL), HF_OK);
    return host;
}

static void take(batch_schedule *stream, uint64_t index, const char *name, int64_t now)
{
    hf_host host = host_of(name);

    assert_true(batch_schedule_has_room(stream));
    batch_schedule_take(stream, index, &host, 443, now);
}

static batch_item *begun(batch_schedule *stream, int64_t now, uint64_t index)
{
    batch_item *item = NULL;

    assert_int_equal(batch_schedule_next(stream, now, &item), BATCH_STEP_BEGIN);
    assert_int_equal(item->index, index);
    return item;
}

static void nothing(batch_schedule *stream, int64_t now)
{
    batch_item *item;

    assert_int_equal(batch_schedule_next(stream, now, &item), BATCH_STEP_NONE);
}

static void test_concurrency(void **state)
{
    const batch_limits limits = {.concurrency = 2};
    batch_schedule *stream = batch_schedule_new(&limits);
    batch_item *first;

    (void)state;
    take(stream, 0, "a.test", 0);
    take(stream, 1, "a.test", 0);
    take(stream, 2, "b.test", 0);
    first = begun(stream, 0, 0);
    begun(stream, 0, 1);
    nothing(stream, 0);
    assert_int_equal(batch_schedule_at_work(stream), 2);
    assert_int_equal(batch_schedule_due(stream, 0), -1);
    assert_false(batch_schedule_end(stream, first, true, 1)); /* no retries: it is over */
    begun(stream, 1, 2);
    nothing(stream, 1);
    assert_int_equal(batch_schedule_held(stream), 2);
    batch_schedule_free(stream);
}

/* A domain that is busy holds up nobody else, and domains take turns. */
static void test_domain(void **state)
{
    const batch_limits limits = {.concurrency = 10, .per_domain = 1};
    batch_schedule *stream = batch_schedule_new(&limits);
    batch_item *a, *b;

    (void)state;
    take(stream, 0, "a.big.test", 0);
    take(stream, 1, "b.big.test", 0);
    take(stream, 2, "big.test", 0);
    take(stream, 3, "other.co.uk", 0);
    take(stream, 4, "another.co.uk", 0); /* co.uk is a public suffix */
    a = begun(stream, 0, 0);
    b = begun(stream, 0, 3);
    begun(stream, 0, 4);
    nothing(stream, 0);
    assert_false(batch_schedule_end(stream, b, false, 1));
    nothing(stream, 1);
    assert_false(batch_schedule_end(stream, a, false, 2));
    a = begun(stream, 2, 1);
    nothing(stream, 2);
    assert_false(batch_schedule_end(stream, a, false, 3));
    begun(stream, 3, 2);
    batch_schedule_free(stream);
}

static void test_address(void **state)
{
    const batch_limits limits = {.concurrency = 2, .per_address = 1};
    batch_schedule *stream = batch_schedule_new(&limits);
    batch_item *a, *b, *c, *gone;

    (void)state;
    take(stream, 0, "a.test", 0);
    take(stream, 1, "b.test", 0);
    take(stream, 2, "c.test", 0);
    a = begun(stream, 0, 0);
    b = begun(stream, 0, 1);
    nothing(stream, 0);
    assert_true(batch_schedule_found(stream, a, 7, 0));
    assert_false(batch_schedule_found(stream, b, 7, 0)); /* who waits makes room for others */
    c = begun(stream, 0, 2);
    assert_true(batch_schedule_found(stream, c, 8, 0));
    nothing(stream, 0);
    assert_false(batch_schedule_end(stream, a, false, 1));
    assert_int_equal(batch_schedule_next(stream, 1, &gone), BATCH_STEP_GO);
    assert_ptr_equal(gone, b);
    assert_false(batch_schedule_end(stream, b, false, 2));
    assert_false(batch_schedule_end(stream, c, false, 2));
    assert_int_equal(batch_schedule_held(stream), 0);
    batch_schedule_free(stream);
}

static void test_pause(void **state)
{
    const batch_limits limits = {.concurrency = 10, .pause = SECOND};
    batch_schedule *stream = batch_schedule_new(&limits);

    (void)state;
    take(stream, 0, "a.test", 0);
    take(stream, 1, "www.a.test", 0);
    take(stream, 2, "b.test", 0);
    assert_false(batch_schedule_end(stream, begun(stream, 0, 0), false, 1));
    begun(stream, 1, 2);
    nothing(stream, SECOND - 1);
    assert_int_equal(batch_schedule_due(stream, 1), SECOND);
    begun(stream, SECOND, 1);
    nothing(stream, SECOND);
    batch_schedule_free(stream);
}

/* Nobody is woken by a pause that is over while there is no room for another host. */
static void test_pause_while_full(void **state)
{
    const batch_limits limits = {.concurrency = 1, .pause = SECOND};
    batch_schedule *stream = batch_schedule_new(&limits);
    batch_item *first;

    (void)state;
    take(stream, 0, "a.test", 0);
    take(stream, 1, "b.a.test", 0);
    first = begun(stream, 0, 0);
    nothing(stream, 3 * SECOND);
    assert_int_equal(batch_schedule_due(stream, 3 * SECOND), -1);
    assert_false(batch_schedule_end(stream, first, false, 4 * SECOND));
    begun(stream, 4 * SECOND, 1);
    batch_schedule_free(stream);
}

/* Never more than the rate, in any second, but for what may be made up for. */
static void test_rate(void **state)
{
    const batch_limits limits = {.concurrency = 10, .rate = 100};
    batch_schedule *stream = batch_schedule_new(&limits);
    int64_t now = 5 * SECOND, end = now + 3 * SECOND;
    uint64_t begun_so_far = 0, index = 0;
    batch_item *item;

    (void)state;
    while (now < end) {
        while (batch_schedule_held(stream) < 20)
            take(stream, index++, "a.test", now);
        while (batch_schedule_next(stream, now, &item) == BATCH_STEP_BEGIN) {
            begun_so_far++;
            assert_false(batch_schedule_end(stream, item, false, now));
        }
        now = batch_schedule_held(stream) > 0 ? batch_schedule_due(stream, now) : now + 1;
    }
    assert_in_range(begun_so_far, 300, 306);
    batch_schedule_free(stream);
}

static int64_t retry_after(batch_schedule *stream, int64_t now, unsigned tries)
{
    batch_item *item;
    int64_t due;

    assert_int_equal(batch_schedule_next(stream, now, &item), BATCH_STEP_BEGIN);
    assert_int_equal(item->tries, tries);
    if (!batch_schedule_end(stream, item, true, now))
        return -1;
    nothing(stream, now);
    due = batch_schedule_due(stream, now);
    assert_true(due > now);
    return due;
}

static void test_retries(void **state)
{
    const batch_limits limits = {.concurrency = 1, .per_domain = 1, .retries = 3, .back_off = SECOND, .seed = 11};
    batch_schedule *stream = batch_schedule_new(&limits);
    int64_t now = 0, due;

    (void)state;
    take(stream, 0, "a.test", 0);
    for (unsigned tries = 1; tries <= 3; tries++) {
        due = retry_after(stream, now, tries);
        assert_in_range(due - now, (SECOND / 2) << (tries - 1), SECOND << (tries - 1));
        now = due;
    }
    assert_int_equal(retry_after(stream, now, 4), -1);
    assert_int_equal(batch_schedule_held(stream), 0);
    /* What cannot pass is not tried again; who waits to be tried again is in nobody's way. */
    take(stream, 1, "a.test", now);
    assert_false(batch_schedule_end(stream, begun(stream, now, 1), false, now));
    take(stream, 2, "a.test", now);
    assert_true(batch_schedule_end(stream, begun(stream, now, 2), true, now));
    take(stream, 3, "a.test", now);
    begun(stream, now, 3);
    batch_schedule_free(stream);
}

static void test_full(void **state)
{
    const batch_limits limits = {.concurrency = 1, .per_domain = 1};
    batch_schedule *stream = batch_schedule_new(&limits);
    uint64_t index = 0;

    (void)state;
    while (batch_schedule_has_room(stream))
        take(stream, index++, "a.test", 0);
    assert_int_equal(index, 1 + BATCH_WAITING_MAX);
    assert_false(batch_schedule_end(stream, begun(stream, 0, 0), false, 0));
    assert_true(batch_schedule_has_room(stream));
    batch_schedule_stop(stream);
    nothing(stream, 1);
    assert_false(batch_schedule_has_room(stream));
    batch_schedule_free(stream);
}

/* Chance does what it likes: no limit is ever passed, and every host ends once. */
static void test_at_random(void **state)
{
    const batch_limits limits = {
        .concurrency = 16, .per_domain = 2, .per_address = 3, .pause = 10, .retries = 2, .back_off = 50, .seed = 1};

    enum { HOSTS = 20000, DOMAINS = 40, ADDRESSES = 8 };
    batch_schedule *stream = batch_schedule_new(&limits);
    static unsigned char ended[HOSTS];
    batch_item *working[16], *item;
    unsigned at_domain[DOMAINS] = {0}, at_address[ADDRESSES] = {0}, random = 1;
    size_t count = 0, over = 0;
    uint64_t index = 0;
    char name[32];

    (void)state;
    for (int64_t now = 0; over < HOSTS; now++) {
        batch_step step;

        while (index < HOSTS && batch_schedule_has_room(stream) && batch_schedule_held(stream) < 500) {
            random = random * 1103515245 + 12345;
            snprintf(name, sizeof name, "h%u.d%u.test", (unsigned)index,
                     (unsigned)(index % 3 ? random >> 16 : 0) % DOMAINS);
            take(stream, index++, name, now);
        }
        while ((step = batch_schedule_next(stream, now, &item)) != BATCH_STEP_NONE) {
            unsigned domain = (unsigned)strtoul(strchr(item->host.name, '.') + 2, NULL, 10);
            unsigned address = domain % ADDRESSES;

            if (step == BATCH_STEP_BEGIN)
                assert_true(++at_domain[domain] <= 2);
            if (step == BATCH_STEP_BEGIN && !batch_schedule_found(stream, item, address + 1, now))
                continue;
            assert_true(++at_address[address] <= 3);
            assert_true(count < 16);
            working[count++] = item;
        }
        random = random * 1103515245 + 12345;
        if (count > 0 && (random >> 16) % 3 != 0) {
            size_t which = (random >> 18) % count;
            unsigned domain = (unsigned)strtoul(strchr(working[which]->host.name, '.') + 2, NULL, 10);
            uint64_t done = working[which]->index;

            item = working[which];
            working[which] = working[--count];
            at_domain[domain]--;
            at_address[domain % ADDRESSES]--;
            if (!batch_schedule_end(stream, item, (random >> 20) % 4 == 0, now)) {
                assert_int_equal(ended[done]++, 0);
                over++;
            }
        }
    }
    assert_int_equal(batch_schedule_held(stream), 0);
    batch_schedule_free(stream);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_concurrency), cmocka_unit_test(test_domain),    cmocka_unit_test(test_address),
        cmocka_unit_test(test_pause),       cmocka_unit_test(test_rate),      cmocka_unit_test(test_retries),
        cmocka_unit_test(test_full),        cmocka_unit_test(test_at_random), cmocka_unit_test(test_pause_while_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
