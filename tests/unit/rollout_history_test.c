/* A history of what was served, line by line. */
#include "rollout/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool add_as(rollout_records *records, const char *line, uint64_t number, base_error *error)
{
    return rollout_records_add(records, line, strlen(line), number, error);
}

static bool add(rollout_records *records, const char *line, base_error *error)
{
    return add_as(records, line, 1, error);
}

static void lines_that_are_taken(void **state)
{
    rollout_records records = {0};
    const rollout_name *name;
    base_error error;

    (void)state;
    assert_true(add(&records, "{\"name\":\"B.test\",\"from\":20,\"sts\":\"max-age=5\"}", &error));
    assert_true(
        add(&records, "{\"name\":\"b.test\",\"at\":\"1970-01-01T00:00:10Z\",\"sts\":[\"max-age=1\",\"x\"]}", &error));
    assert_true(add(&records, "{\"name\":\"a.test\",\"from\":5,\"sts\":null}", &error));
    assert_true(add(&records, "{\"name\":\"b.test\",\"from\":30,\"down\":true}", &error));
    assert_true(add(&records, "{\"name\":\"b.test\",\"from\":40,\"sts\":[]}", &error));
    assert_true(add(&records, "{\"name\":\"b.test\",\"list\":\"firefox\",\"last_release\":7}", &error));
    assert_true(add(&records, "", &error));
    assert_true(add(&records, " \t", &error));
    assert_true(rollout_records_sort(&records, &error));
    assert_int_equal(records.name_count, 2);
    name = rollout_records_find(&records, "b.test");
    assert_non_null(name);
    assert_int_equal(name->count, 4);
    assert_int_equal(name->served[0].from, 10);
    assert_string_equal(name->served[0].sts, "max-age=1");
    assert_string_equal(name->served[1].sts, "max-age=5");
    assert_null(name->served[2].sts);
    assert_null(name->served[3].sts);
    assert_null(rollout_records_find(&records, "a.test")->served[0].sts);
    assert_null(rollout_records_find(&records, "c.test"));
    assert_int_equal(records.listed_count, 1);
    assert_int_equal(records.listed[0].engine, FACTS_ENGINE_FIREFOX);
    assert_false(records.listed[0].include_subdomains);
    rollout_records_done(&records);
}

static void lines_that_are_refused(void **state)
{
    static const struct {
        const char *line, *why;
    } cases[] = {
        {"{", "not JSON"},
        {"[]", "not a JSON object"},
        {"{\"name\":\"a.test\",\"from\":1,\"sts\":null,\"name\":\"b.test\"}", "duplicate"},
        {"{\"from\":1,\"sts\":null}", "\"name\" is missing"},
        {"{\"name\":\"a b\",\"from\":1,\"sts\":null}", "is not a host name"},
        {"{\"name\":\"192.0.2.1\",\"from\":1,\"sts\":null}", "is an address"},
        {"{\"name\":\"a.test\",\"sts\":null}", "\"from\" or \"at\" is missing"},
        {"{\"name\":\"a.test\",\"from\":1,\"at\":1,\"sts\":null}", "exclude each other"},
        {"{\"name\":\"a.test\",\"from\":1.5,\"sts\":null}", "neither Unix seconds nor"},
        {"{\"name\":\"a.test\",\"from\":\"soon\",\"sts\":null}", "\"from\""},
        {"{\"name\":\"a.test\",\"from\":9000000000000,\"sts\":null}", "between the years"},
        {"{\"name\":\"a.test\",\"from\":1}", "\"sts\" is missing"},
        {"{\"name\":\"a.test\",\"from\":1,\"sts\":5}", "\"sts\" is neither"},
        {"{\"name\":\"a.test\",\"from\":1,\"sts\":[null]}", "not a string"},
        {"{\"name\":\"a.test\",\"from\":1,\"sts\":null,\"down\":1}", "neither true nor false"},
        {"{\"name\":\"a.test\",\"frm\":1,\"sts\":null}", "\"frm\" is not known"},
        {"{\"name\":\"a.test\",\"from\":1,\"sts\":null,\"last_release\":1}", "belongs to a line with \"list\""},
        {"{\"name\":\"a.test\",\"list\":\"safari\",\"last_release\":1}", "neither \"chromium\" nor \"firefox\""},
        {"{\"name\":\"a.test\",\"list\":\"firefox\"}", "\"last_release\" is missing"},
        {"{\"name\":\"a.test\",\"list\":\"firefox\",\"last_release\":1,\"sts\":null}", "does not go with"},
    };
    rollout_records records = {0};
    base_error error;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_false(add(&records, cases[i].line, &error));
        if (strstr(error.text, cases[i].why) == NULL)
            fail_msg("%s: '%s' is not in '%s'", cases[i].line, cases[i].why, error.text);
    }
    assert_int_equal(records.count, 0);
    assert_int_equal(records.listed_count, 0);
    rollout_records_done(&records);
}

/* The same twice is no contradiction: logs overlap. */
static void one_moment_has_one_answer(void **state)
{
    rollout_records records = {0};
    base_error error;

    (void)state;
    assert_true(add(&records, "{\"name\":\"a.test\",\"at\":1,\"sts\":\"max-age=1\"}", &error));
    assert_true(add(&records, "{\"name\":\"a.test\",\"at\":1,\"sts\":\"max-age=1\"}", &error));
    assert_true(rollout_records_sort(&records, &error));
    rollout_records_done(&records);
    assert_true(add_as(&records, "{\"name\":\"a.test\",\"at\":1,\"sts\":\"max-age=1\"}", 7, &error));
    assert_true(add_as(&records, "{\"name\":\"a.test\",\"at\":1,\"sts\":null}", 3, &error));
    assert_false(rollout_records_sort(&records, &error));
    assert_string_equal(error.text, "lines 3 and 7 contradict each other: a.test at one moment");
    rollout_records_done(&records);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_are_taken),
        cmocka_unit_test(lines_that_are_refused),
        cmocka_unit_test(one_moment_has_one_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
