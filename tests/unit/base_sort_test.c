/* Sorting in place: every order of few items, many items, equal items; and items of other sizes. */
#include "base/sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

typedef struct item {
    uint32_t key;
    char payload[20];
} item;

static int by_key(const void *a, const void *b)
{
    const item *one = a, *other = b;

    return (one->key > other->key) - (one->key < other->key);
}

static void fill(item *items, size_t count, uint32_t (*key)(size_t at))
{
    for (size_t i = 0; i < count; i++) {
        items[i].key = key(i);
        snprintf(items[i].payload, sizeof items[i].payload, "%u", items[i].key);
    }
}

/* In order, each with its own payload, and the sum of the keys is what it was. */
static void check(const item *items, size_t count, uint64_t sum)
{
    char payload[20];

    for (size_t i = 0; i < count; i++) {
        snprintf(payload, sizeof payload, "%u", items[i].key);
        assert_string_equal(items[i].payload, payload);
        assert_true(i == 0 || items[i - 1].key <= items[i].key);
        sum -= items[i].key;
    }
    assert_int_equal(sum, 0);
}

static uint32_t up(size_t at)
{
    return (uint32_t)at;
}

static uint32_t down(size_t at)
{
    return (uint32_t)(100000 - at);
}

static uint32_t same(size_t at)
{
    (void)at;
    return 7;
}

static uint32_t mixed(size_t at)
{
    return (uint32_t)(at * 2654435761u >> 7);
}

static void many_items(void **state)
{
    static uint32_t (*const keys[])(size_t) = {up, down, same, mixed};
    static item items[5000];

    (void)state;
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        for (size_t count = 0; count <= 5000; count += count < 20 ? 1 : 997) {
            uint64_t sum = 0;
            fill(items, count, keys[k]);
            for (size_t i = 0; i < count; i++)
                sum += items[i].key;
            base_sort(items, count, sizeof *items, by_key);
            check(items, count, sum);
        }
    }
}

static int by_octet(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

static void single_octets(void **state)
{
    char word[] = "holdfast";

    (void)state;
    base_sort(word, strlen(word), 1, by_octet);
    assert_string_equal(word, "adfhlost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(many_items), cmocka_unit_test(single_octets)};

    return cmocka_run_group_tests_name("base_sort", tests, NULL, NULL);
}
