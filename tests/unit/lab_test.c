/* The lab's table: each host once, each with what a check must find, by ids that the catalogue has; and the lab that is
 * made of it, at moments that lie far apart. */
#include "findings/catalogue.h"
#include "lab/dns.h"
#include "lab/hosts.h"
#include "lab/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000)

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);

    return length > tail && strcmp(text + length - tail, end) == 0;
}

static void each_host_is_there_once(void **state)
{
    (void)state;
    assert_true(lab_recipe_count > 0);
    for (size_t i = 0; i < lab_recipe_count; i++) {
        assert_true(ends_with(lab_recipes[i].name, ".lab.test"));
        assert_true(strlen(lab_recipes[i].fault) > 0);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(lab_recipes[i].name, lab_recipes[k].name);
    }
}

static bool is_id(const char *text, size_t length)
{
    for (rule_id id = 0; id < RULE_COUNT; id++)
        if (strlen(rule_find(id)->name) == length && memcmp(rule_find(id)->name, text, length) == 0)
            return true;
    return false;
}

static void expect_ids(const char *name, const char *expected)
{
    for (const char *at = expected; *at != '\0';) {
        size_t length = strcspn(at, ",");

        if (!is_id(at, length))
            fail_msg("%s: '%.*s' is not a rule", name, (int)length, at);
        at += length;
        at += strspn(at, ", ");
    }
}

static void what_must_be_found_can_be_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < lab_recipe_count; i++)
        if (strcmp(lab_recipes[i].expected, "hsts-in-force") != 0)
            expect_ids(lab_recipes[i].name, lab_recipes[i].expected);
}

static void the_zone_can_be_read(void **state)
{
    base_error error = {""};
    serve_zone *zone = lab_dns_zone(&error);

    (void)state;
    assert_string_equal(error.text, "");
    assert_non_null(zone);
    serve_zone_free(zone);
}

/* Its hosts are those of the table, and its file is gone with it. */
static void serve_at(int64_t now)
{
    base_error error = {""};
    io_loop *loop = io_loop_new();
    lab *served = lab_new(loop, now, &error);
    const facts_lab_host *hosts;
    char file[4096];
    size_t count;

    assert_string_equal(error.text, "");
    assert_non_null(served);
    hosts = lab_hosts(served, &count);
    assert_int_equal(count, lab_recipe_count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(hosts[i].name, lab_recipes[i].name);
        assert_non_null(hosts[i].connect_to[0]);
    }
    assert_true(lab_port(served) > 0);
    snprintf(file, sizeof file, "%s", lab_cafile(served));
    assert_int_equal(access(file, R_OK), 0);
    lab_free(served);
    assert_int_equal(access(file, F_OK), -1);
    io_loop_free(loop);
}

static void it_serves_at_any_moment(void **state)
{
    (void)state;
    serve_at(NOW);
    serve_at(0);
    serve_at(INT64_C(4102444800)); /* 2100 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_host_is_there_once),
        cmocka_unit_test(what_must_be_found_can_be_found),
        cmocka_unit_test(the_zone_can_be_read),
        cmocka_unit_test(it_serves_at_any_moment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
