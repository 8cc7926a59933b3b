/* Zones as people write them down. */
#include "dns/master.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static char out[1024];

static void on_record(void *self, const char *owner, unsigned type)
{
    (void)self;
    snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s:%u", *out != '\0' ? " " : "", owner, type);
}

/* "OWNER:TYPE ...", or what is wrong. */
static const char *records(const char *origin, const char *file)
{
    static base_error error;
    dns_master master;

    out[0] = '\0';
    assert_true(dns_master_begin(&master, origin));
    for (const char *at = file; *at != '\0'; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n'))
        if (!dns_master_line(&master, (hf_span){at, strcspn(at, "\n")}, on_record, NULL, &error))
            return error.text;
    return dns_master_end(&master, &error) ? out : error.text;
}

static void test_owners(void **state)
{
    (void)state;
    assert_string_equal(records("a.test", "www A 192.0.2.1\n"), "www.a.test:1");
    assert_string_equal(records(NULL, "$ORIGIN a.test.\n@ SOA x y 1 2 3 4 5\n NS ns\nWWW.B.Test. AAAA ::1\n"),
                        "a.test:6 a.test:2 www.b.test:28");
    assert_string_equal(records("a.test", "$ORIGIN dev\nx A 1\n$ORIGIN b.test.\nx A 1\n. NS y.\n"),
                        "x.dev.a.test:1 x.b.test:1 .:2");
    assert_string_equal(records("a.test", "*.x CNAME y\na\\.b A 1\n\\065bc A 1\nd\\(e A 1\n"),
                        "*.x.a.test:5 a\\046b.a.test:1 abc.a.test:1 d\\040e.a.test:1");
    /* What looks like a directive of another kind, but is the data of a record. */
    assert_string_equal(records("a.test", "x TXT $ORIGIN b.test.\ny A 1\n"), "x.a.test:0 y.a.test:1");
}

static void test_ttl_and_class(void **state)
{
    (void)state;
    assert_string_equal(
        records("a.test", "$TTL 1h30m\na 300 IN A 1\nb IN 1w2d A 1\nc in a 1\nd 5 A 1\n\tIN AAAA ::1\n"),
        "a.a.test:1 b.a.test:1 c.a.test:1 d.a.test:1 d.a.test:28");
    /* Owners that look like a TTL, a class or a type. */
    assert_string_equal(records("a.test", "300 A 1\nin A 1\na IN A 1\n"), "300.a.test:1 in.a.test:1 a.a.test:1");
    assert_string_equal(records("a.test", "a TYPE65 \\# 0\nb TYPE1 \\# 4 c0000201\nc NSEC3PARAM 1 0 0 -\n"),
                        "a.a.test:65 b.a.test:1 c.a.test:0");
}

static void test_comments_and_parentheses(void **state)
{
    (void)state;
    assert_string_equal(
        records("a.test", "; x A 1\n\n   ; y\n@ SOA ns h ( 1 ; serial )\n  2\n x A ) \nb A 1 ; (\nc A 1\n"),
        "a.test:6 b.a.test:1 c.a.test:1");
    /* A line inside of parentheses has no owner, wherever it begins. */
    assert_string_equal(records("a.test", "a (\nIN\nA\n192.0.2.1 )\nb A 1\n"), "a.a.test:1 b.a.test:1");
    assert_string_equal(records("a.test", "a TXT \"; ( \\\" x\" y\nb TXT \"one\ntwo A 1\" three\nc A 1\r\n"),
                        "a.a.test:0 b.a.test:0 c.a.test:1");
}

static void test_refused(void **state)
{
    char deep[300];

    (void)state;
    assert_string_equal(records(NULL, "www A 1\n"), "'www': a relative name, and no $ORIGIN stands before it");
    assert_string_equal(records("a.test", " A 1\n"), "'A': a record without an owner");
    assert_string_equal(records("a.test", "www.a.test\n"), "a record without a type");
    assert_string_equal(records("a.test", "www 300\n"), "a record without a type");
    assert_string_equal(records("a.test", "www <html>\n"), "'<html>': the type of a record belongs here");
    assert_string_equal(records("a.test", "a..b A 1\n"), "'a..b': not a domain name");
    assert_string_equal(records("a.test", "a\\256 A 1\n"), "'a\\256': not a domain name");
    assert_string_equal(records("a.test", "a\\25 A 1\n"), "'a\\25': not a domain name");
    assert_string_equal(records("a.test", "a A 1 )\n"), "')': a parenthesis that does not belong here");
    assert_string_equal(records("a.test", "a SOA (\n"), "the file ends inside of parentheses");
    assert_string_equal(records("a.test", "a TXT \"x\n"), "the file ends inside of a string");
    assert_string_equal(records("a.test", "$ORIGIN\n"), "'$ORIGIN': a value must follow on the same line");
    assert_non_null(strstr(records("a.test", "$INCLUDE other\n"), "not read here"));
    assert_non_null(strstr(records("a.test", "$GENERATE 1-9 x$ A 1\n"), "named-compilezone"));
    memset(deep, 'x', 64);
    memcpy(deep + 64, " A 1\n", 6);
    assert_non_null(strstr(records("a.test", deep), "not a domain name"));
    /* Relative to the origin it would be longer than names may be. */
    for (size_t i = 0; i < 250; i++)
        deep[i] = i % 2 == 0 ? 'x' : '.';
    memcpy(deep + 249, " A 1\n", 6);
    assert_non_null(strstr(records("a.test", deep), "not a domain name"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_owners),
        cmocka_unit_test(test_ttl_and_class),
        cmocka_unit_test(test_comments_and_parentheses),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
