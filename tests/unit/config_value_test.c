/* What is wrong with an HSTS header as a configuration writes it: each rule from a literal, and near misses of it. */
#include "config/value.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RULES_MAX 3
#define COMMON RULE_INCLUDESUBDOMAINS_MISSING

typedef struct value_case {
    const char *value;
    rule_id rules[RULES_MAX]; /* RULE_COUNT behind the last one, unless there are so many */
    const char *shown;        /* what the first fault underlines; NULL: it is not looked at */
    const char *mended;       /* of the first fault */
} value_case;

static void check_case(const value_case *wanted)
{
    base_arena arena = {0};
    config_value_faults faults = {0};
    size_t count = 0;

    config_value_judge((hf_span){wanted->value, strlen(wanted->value)}, &arena, &faults);
    while (count < RULES_MAX && wanted->rules[count] != RULE_COUNT)
        count++;
    for (size_t i = 0; i < faults.count; i++)
        if (i >= count || faults.items[i].rule != wanted->rules[i])
            fail_msg("'%s': fault %zu is %s: %s", wanted->value, i, rule_find(faults.items[i].rule)->name,
                     faults.items[i].proof);
    if (faults.count != count)
        fail_msg("'%s': %zu faults", wanted->value, faults.count);
    for (size_t i = 0; i < faults.count; i++) {
        assert_non_null(faults.items[i].proof);
        assert_true(faults.items[i].offset + faults.items[i].length <= strlen(wanted->value));
    }
    if (count > 0 && wanted->shown != NULL) {
        char *shown = strndup(wanted->value + faults.items[0].offset, faults.items[0].length);

        assert_string_equal(shown, wanted->shown);
        free(shown);
    }
    if (count > 0 && (faults.items[0].mended == NULL) != (wanted->mended == NULL))
        fail_msg("'%s': mended is '%s'", wanted->value, faults.items[0].mended);
    if (count > 0 && wanted->mended != NULL)
        assert_string_equal(faults.items[0].mended, wanted->mended);
    base_arena_done(&arena);
}

static void check_cases(const value_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_case(&cases[i]);
}

#define CHECK(cases) check_cases(cases, sizeof(cases) / sizeof *(cases))

static void values_without_fault(void **state)
{
    static const value_case cases[] = {
        {"max-age=31536000; includeSubDomains", {RULE_COUNT}, NULL, NULL},
        {"max-age=63072000; includeSubdomains", {RULE_COUNT}, NULL, NULL},
        {" MAX-AGE = 31536000 ;INCLUDESUBDOMAINS", {RULE_COUNT}, NULL, NULL},
        {"includeSubDomains; max-age=315360000", {RULE_COUNT}, NULL, NULL},
        {"", {RULE_COUNT}, NULL, NULL},
    };

    (void)state;
    CHECK(cases);
}

static void the_grammar(void **state)
{
    static const value_case cases[] = {
        {"max-age:31536000", {RULE_VALUE_MALFORMED, RULE_COUNT}, ":31536000", "max-age=31536000"},
        {"max-age=31536000: includeSubDomains",
         {RULE_VALUE_MALFORMED, RULE_COUNT},
         ": includeSubDomains",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000, includeSubDomains",
         {RULE_VALUE_MALFORMED, RULE_COUNT},
         ",",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000 includeSubDomains",
         {RULE_VALUE_MALFORMED, RULE_COUNT},
         "includeSubDomains",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000; includeSubDomains always",
         {RULE_VALUE_MALFORMED, RULE_COUNT},
         "always",
         "max-age=31536000; includeSubDomains"},
        {"\"max-age=31536000\"", {RULE_VALUE_MALFORMED, RULE_COUNT}, "\"max-age=31536000\"", "max-age=31536000"},
        {"Strict-Transport-Security: max-age=31536000",
         {RULE_VALUE_MALFORMED, RULE_COUNT},
         ": max-age=31536000",
         "max-age=31536000"},
        {"max-age=31536000; =1", {RULE_VALUE_MALFORMED, RULE_COUNT}, "=", NULL},
        {"max-age=\"31536000", {RULE_VALUE_MALFORMED, RULE_COUNT}, "\"31536000", "max-age=31536000"},
        {"max-age=1, max-age=2", {RULE_VALUE_MALFORMED, RULE_COUNT}, ",", NULL},
        {"max-age=31536000 or more", {RULE_VALUE_MALFORMED, RULE_COUNT}, "or more", NULL},
        {"max-age=31536000\x01", {RULE_VALUE_MALFORMED, RULE_COUNT}, "\x01", NULL},
        {"includeSubDomains", {RULE_MAX_AGE_MISSING, RULE_COUNT}, "includeSubDomains", NULL},
        {"31536000; includeSubDomains",
         {RULE_MAX_AGE_MISSING, RULE_COUNT},
         "31536000; includeSubDomains",
         "max-age=31536000; includeSubDomains"},
        {"true", {RULE_MAX_AGE_MISSING, RULE_COUNT}, "true", NULL},
        {"max-age=1y; includeSubDomains",
         {RULE_MAX_AGE_INVALID, RULE_COUNT},
         "1y",
         "max-age=31536000; includeSubDomains"},
        {"max-age=-1", {RULE_MAX_AGE_INVALID, RULE_COUNT}, "-1", NULL},
        {"max-age='31536000'", {RULE_MAX_AGE_INVALID, RULE_COUNT}, "'31536000'", "max-age=31536000"},
        {"max-age; preload", {RULE_MAX_AGE_INVALID, RULE_COUNT}, "max-age", NULL},
        {"max-age=; preload", {RULE_MAX_AGE_INVALID, RULE_COUNT}, "=", NULL},
        {"max-age=1; max-age=1", {RULE_DIRECTIVE_DUPLICATE, RULE_COUNT}, "max-age", "max-age=1"},
        {"max-age=1; max-age=2", {RULE_DIRECTIVE_DUPLICATE, RULE_COUNT}, "max-age", NULL},
        {"max-age=31536000; includeSubDomains=true",
         {RULE_FLAG_WITH_VALUE, RULE_COUNT},
         "includeSubDomains=true",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000; includeSubDomains=false",
         {RULE_FLAG_WITH_VALUE, RULE_COUNT},
         "includeSubDomains=false",
         "max-age=31536000"},
        {"max-age=31536000; includeSubDomains; preload=1",
         {RULE_FLAG_WITH_VALUE, RULE_COUNT},
         "preload=1",
         "max-age=31536000; includeSubDomains; preload"},
    };

    (void)state;
    CHECK(cases);
}

static void names_of_directives(void **state)
{
    static const value_case cases[] = {
        {"max_age=31536000; includeSubDomains",
         {RULE_DIRECTIVE_TYPO, RULE_COUNT},
         "max_age",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000; includeSubDomain; preload",
         {RULE_DIRECTIVE_TYPO, RULE_PRELOAD_PRESENT, RULE_COUNT},
         "includeSubDomain",
         "max-age=31536000; includeSubDomains; preload"},
        {"max-age=31536000; include SubDomains",
         {RULE_DIRECTIVE_TYPO, RULE_COUNT},
         "include SubDomains",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000; includeSubDomains; always",
         {RULE_DIRECTIVE_UNKNOWN, RULE_COUNT},
         "always",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000; includeSubDomains; report-uri=x",
         {RULE_DIRECTIVE_UNKNOWN, RULE_COUNT},
         "report-uri",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000; includeSubDomains; x=\"a preload\"", {RULE_DIRECTIVE_UNKNOWN, RULE_COUNT}, "x", NULL},
        {"max-age=31536000; includeSubDomains; other",
         {RULE_DIRECTIVE_UNKNOWN, RULE_COUNT},
         "other",
         "max-age=31536000; includeSubDomains"},
    };

    (void)state;
    CHECK(cases);
}

static void what_editors_do(void **state)
{
    static const value_case cases[] = {
        {"\xe2\x80\x9cmax-age=31536000; includeSubDomains\xe2\x80\x9d",
         {RULE_SMART_QUOTES, RULE_COUNT},
         "\xe2\x80\x9c",
         "max-age=31536000; includeSubDomains"},
        {"max-age=\xe2\x80\x99"
         "1y",
         {RULE_SMART_QUOTES, RULE_MAX_AGE_INVALID, RULE_COUNT},
         NULL,
         "max-age=31536000"},
        {"max-age=31536000;\n    includeSubDomains",
         {RULE_VALUE_MULTILINE, RULE_COUNT},
         "\n",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000;\r\n includeSubDomains",
         {RULE_VALUE_MULTILINE, RULE_COUNT},
         "\r\n",
         "max-age=31536000; includeSubDomains"},
        /* Another character of three octets is no quote. */
        {"max-age=31536000; \xe2\x82\xac", {RULE_VALUE_MALFORMED, RULE_COUNT}, "\xe2\x82\xac", NULL},
    };

    (void)state;
    CHECK(cases);
}

static void the_policy(void **state)
{
    static const value_case cases[] = {
        {"max-age=0", {RULE_MAX_AGE_ZERO, RULE_COUNT}, "max-age=0", NULL},
        {"max-age=1; includeSubDomains", {RULE_MAX_AGE_SHORT, RULE_COUNT}, "max-age=1", NULL},
        {"includeSubDomains; max-age=15767999 ", {RULE_MAX_AGE_SHORT, RULE_COUNT}, "max-age=15767999", NULL},
        {"max-age=15768000; includeSubDomains", {RULE_MAX_AGE_UNDER_1Y, RULE_COUNT}, "max-age=15768000", NULL},
        {"max-age=31535999; includeSubDomains", {RULE_MAX_AGE_UNDER_1Y, RULE_COUNT}, NULL, NULL},
        {"max-age=31536000", {COMMON, RULE_COUNT}, "max-age=31536000", NULL},
        {"max-age=315360001; includeSubDomains",
         {RULE_MAX_AGE_HUGE, RULE_COUNT},
         "max-age=315360001",
         "max-age=63072000; includeSubDomains"},
        {"max-age=31536000000; includeSubDomains",
         {RULE_MAX_AGE_HUGE, RULE_COUNT},
         NULL,
         "max-age=31536000; includeSubDomains"},
        {"max-age=99999999999999999999999; includeSubDomains",
         {RULE_MAX_AGE_HUGE, RULE_COUNT},
         NULL,
         "max-age=63072000; includeSubDomains"},
        {"max-age=\"31536000\"; includeSubDomains",
         {RULE_MAX_AGE_QUOTED, RULE_COUNT},
         "\"31536000\"",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000; includeSubDomains;",
         {RULE_TRAILING_SEMICOLON, RULE_COUNT},
         ";",
         "max-age=31536000; includeSubDomains"},
        {"max-age=31536000; includeSubDomains; preload", {RULE_PRELOAD_PRESENT, RULE_COUNT}, "preload", NULL},
        {"max-age=31536000; preload", {RULE_PRELOAD_WITHOUT_SUBDOMAINS, RULE_COUNT}, "preload", NULL},
        {"max-age=31535999; includeSubDomains; preload", {RULE_PRELOAD_MAX_AGE, RULE_COUNT}, "preload", NULL},
        /* Without preload it would still be too short. */
        {"max-age=10886400; includeSubDomains; preload",
         {RULE_MAX_AGE_SHORT, RULE_PRELOAD_MAX_AGE, RULE_COUNT},
         NULL,
         NULL},
        /* A value that browsers ignore has no policy to judge. */
        {"max-age=1; preload=1; includeSubDomains=1",
         {RULE_FLAG_WITH_VALUE, RULE_FLAG_WITH_VALUE, RULE_COUNT},
         NULL,
         "max-age=1; includeSubDomains; preload"},
    };

    (void)state;
    CHECK(cases);
}

static void names_of_the_header(void **state)
{
    static const struct {
        const char *name;
        bool trims, is_hsts;
        rule_id rule; /* RULE_COUNT: no fault */
    } cases[] = {
        {"Strict-Transport-Security", false, true, RULE_COUNT},
        {"strict-transport-security", false, true, RULE_COUNT},
        {"Strict_Transport_Security", false, true, RULE_HEADER_NAME_TYPO},
        {"Strict-Transport-Security:", false, true, RULE_HEADER_NAME_TYPO},
        {"Strict-Transport-Security: max-age=31536000; includeSubDomains; preload; and whatever else", false, true,
         RULE_HEADER_NAME_TYPO},
        {"Strict-Transport-Securty", false, true, RULE_HEADER_NAME_TYPO},
        {"Strict-Transport Security", false, true, RULE_HEADER_NAME_TYPO},
        {"StrictTransportSecurity", false, true, RULE_HEADER_NAME_TYPO},
        {"Strict-Transport", false, true, RULE_HEADER_NAME_TYPO},
        {"HTTP-Strict-Transport-Security", false, true, RULE_HEADER_NAME_TYPO},
        {"X-Strict-Transport-Security", false, true, RULE_HEADER_NAME_TYPO},
        {"HSTS", false, true, RULE_HEADER_NAME_TYPO},
        {"Strict-Transport-Security ", true, true, RULE_HEADER_NAME_SPACE},
        {"Strict-Transport-Security ", false, true, RULE_HEADER_NAME_TYPO},
        {"\xe2\x80\x9cStrict-Transport-Security\xe2\x80\x9d", false, true, RULE_SMART_QUOTES},
        {"Content-Security-Policy", false, false, RULE_COUNT},
        {"X-Content-Type-Options", false, false, RULE_COUNT},
        {"Transfer-Encoding", false, false, RULE_COUNT},
        {"Cross-Origin-Resource-Policy", false, false, RULE_COUNT},
        {"X-XSS-Protection", false, false, RULE_COUNT},
        {"Server", false, false, RULE_COUNT},
        {"X", false, false, RULE_COUNT},
        {":", false, false, RULE_COUNT},
        {"", false, false, RULE_COUNT},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        base_arena arena = {0};
        config_value_faults faults = {0};
        hf_span name = {cases[i].name, strlen(cases[i].name)};
        rule_id found;

        if (config_name_judge(name, cases[i].trims, &arena, &faults) != cases[i].is_hsts)
            fail_msg("'%s' is taken for something else", cases[i].name);
        found = faults.count > 0 ? faults.items[0].rule : RULE_COUNT;
        if (found != cases[i].rule || faults.count > 1)
            fail_msg("'%s' has another fault", cases[i].name);
        base_arena_done(&arena);
    }
}

/* A value of any length is judged in a time that grows with it, and its texts stay short. */
static void long_values(void **state)
{
    static const char *const parts[] = {"a;", "\n", "\"", "\xe2\x80\x9c", "max-age=1;", "max-age", ","};

    (void)state;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t part = strlen(parts[i]), length = ((size_t)1 << 20) / part * part;
        char *value = malloc(length);
        base_arena arena = {0};
        config_value_faults faults = {0};

        assert_non_null(value);
        for (size_t at = 0; at < length; at += part)
            memcpy(value + at, parts[i], part);
        config_value_judge((hf_span){value, length}, &arena, &faults);
        assert_true(faults.count > 0 && faults.count < 40);
        for (size_t k = 0; k < faults.count; k++)
            assert_true(strlen(faults.items[k].proof) < 200 && faults.items[k].offset <= length);
        base_arena_done(&arena);
        free(value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_without_fault), cmocka_unit_test(the_grammar), cmocka_unit_test(names_of_directives),
        cmocka_unit_test(what_editors_do),      cmocka_unit_test(the_policy),  cmocka_unit_test(names_of_the_header),
        cmocka_unit_test(long_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
