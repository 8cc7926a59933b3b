/* Lists of hosts as people keep them. */
#include "base/host_list.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* What the lines of `file` name, with '|' between; the reason, if it has no column with that heading. */
static const char *named_in(const char *file, const char *heading)
{
    static char out[1024];
    base_host_list list = {.heading = heading};
    base_error error;

    out[0] = '\0';
    for (const char *at = file; *at != '\0'; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n')) {
        hf_span text, line = {at, strcspn(at, "\n")};
        base_listed listed = base_host_list_line(&list, line, &text, &error);

        if (listed == BASE_LISTED_WRONG)
            snprintf(out, sizeof out, "%s", error.text);
        if (listed == BASE_LISTED_WRONG)
            break;
        if (listed == BASE_LISTED_ONE)
            snprintf(out + strlen(out), sizeof out - strlen(out), "%s%.*s", *out != '\0' ? "|" : "", (int)text.length,
                     text.data);
    }
    return out;
}

static const char *named(const char *file)
{
    return named_in(file, NULL);
}

static void test_lines(void **state)
{
    (void)state;
    assert_string_equal(named("a.test\n\n  b.test \t\r\n# c.test\nd.test # why\n"), "a.test|b.test|d.test");
    assert_string_equal(named("https://a.test/x#part\n"), "https://a.test/x#part");
    assert_string_equal(named("\"a.test\"\n{\"host\": \"b.test\", \"port\": 1}\n"),
                        "\"a.test\"|{\"host\": \"b.test\", \"port\": 1}");
}

static void test_csv(void **state)
{
    (void)state;
    assert_string_equal(named("a.test,Ann\nb.test,\n"), "a.test|b.test");
    assert_string_equal(named("# ours\nOwner,Host,Note\nAnn,a.test,x\n\"Bo, jr\",\"b.test\",\n"), "a.test|b.test");
    assert_string_equal(named("domain\na.test\n"), "a.test");
    assert_string_equal(named("a.test,site\nb.test,blog\n"), "a.test|b.test");
    /* A heading is the first line alone; a row that is too short names nothing that could be a host. */
    assert_string_equal(named("a.test\nhost\n"), "a.test|host");
    assert_string_equal(named("owner,host\nBo,b.test\nAnn\n"), "b.test|");
    assert_string_equal(named("\"a.test\",\"x\"\n"), "a.test");
    assert_string_equal(named("\"a.test\nb.test\n"), "\"a.test|b.test");
}

static void test_named_column(void **state)
{
    (void)state;
    assert_string_equal(named_in("# ours\nHost,Alias,Old\na.test,\"b.test\",c.test\n", "alias"), "b.test");
    assert_string_equal(named_in("Host,Alias\na.test\n", "ALIAS"), "");
    assert_string_equal(named_in("Host,Alias\na.test,b.test\n", "aliases"),
                        "no column 'aliases': the first line is 'Host,Alias'");
    assert_string_equal(named_in("a.test\n", "a.test"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_csv),
                                       cmocka_unit_test(test_named_column)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
