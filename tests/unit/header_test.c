/* The STS field: notes with their exact octets, limits, and the way back. Verdicts by the hundred stand in
 * tests/vectors/. */
#include <holdfast/header.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define NOTES_MAX 16

/* The notes of a value in short: "max-age-quoted@8+5 unknown-directive@15+3". */
static const char *notes_of(const char *value, size_t length)
{
    static char text[1024];
    hf_note items[NOTES_MAX];
    hf_notes notes = {items, NOTES_MAX, 0};
    hf_policy policy;
    size_t at = 0;

    text[0] = '\0';
    if (hf_header_parse(value, length, &policy, &notes))
        at += (size_t)snprintf(text, sizeof text, "valid");
    else
        at += (size_t)snprintf(text, sizeof text, "void");
    for (size_t i = 0; i < notes.count && i < NOTES_MAX; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, " %s@%zu+%zu", hf_note_name(items[i].id), items[i].offset,
                               items[i].length);
    return text;
}

static void notes_say_where(void **state)
{
    static const struct {
        const char *value, *notes;
    } cases[] = {
        {"max-age=31536000; includeSubDomains", "valid"},
        /* [RFC6797 6.2-1] */
        {"max-age=\"31536000\"", "valid max-age-quoted@8+10"},
        {"max-age=\"\\1\\2\"", "valid quoted-pair@9+2 quoted-pair@11+2 max-age-quoted@8+6"},
        {"max-age=300;", "valid empty-directive@11+1"},
        {";max-age=300;;", "valid empty-directive@0+1 empty-directive@13+1"},
        {"max-age = 300", "valid blank-around-equals@7+3"},
        {"max-age=0300", "valid max-age-leading-zero@8+1"},
        {"max-age=0", "valid max-age-zero@8+1"},
        {"max-age=63072000", "valid max-age-over-chromium@8+8"},
        {"max-age=3153600001", "valid max-age-over-firefox@8+10"},
        {"max-age=99999999999999999999", "valid max-age-saturated@8+20 max-age-over-firefox@8+20"},
        {"max-age=1; foo; FOO=1", "valid unknown-directive@11+3 unknown-directive@16+3 directive-duplicate@16+3"},
        {"max-age=1; includeSubDomain", "valid near-miss@11+16"},
        {"max-age=1; preload", "valid preload-short-max-age@11+7 preload-without-subdomains@11+7"},
        {"max-age=31536000; includeSubDomains; preload=1", "valid preload-value@37+9"},
        {"max-age=1;\r\n includeSubDomains", "valid line-folded@10+3"},
        {"max_age=31536000", "void near-miss@0+7 max-age-missing@16+0"},
        {"max-age=1; include SubDomains", "void near-miss@11+18 unexpected-character@19+10"},
        {"max-age:31536000", "void unexpected-character@7+9"},
        {"max-age 100", "void unexpected-character@8+3"},
        {"max-age==1", "void value-missing@7+1"},
        {"max-age", "void max-age-without-value@0+7"},
        {"max-age=", "void value-missing@7+1"},
        {"max-age=-1", "void max-age-not-digits@8+2"},
        {"max-age=\"\"", "void max-age-not-digits@8+2"},
        {"max-age=1y", "void max-age-not-digits@8+2"},
        {"max-age=1; max-age=2", "void max-age-duplicate@11+7"},
        {"max-age=1; includeSubDomains=true", "void include-subdomains-value@11+22"},
        {"max-age=1; includeSubDomains; includesubdomains", "void include-subdomains-duplicate@30+17"},
        {"max-age=100, max-age=200", "void fields-merged@11+1"},
        {"max-age=1; =2", "void name-missing@11+1"},
        {"max-age=1; x=\"a;b", "void quote-unterminated@13+4"},
        {"max-age=1; x=\"a\001b\"", "void control-character@15+1 unknown-directive@11+1"},
        {"max-age=1\n", "void control-character@9+1"},
        {"\"max-age=1\"", "void unexpected-character@0+11 max-age-missing@11+0"},
        {"", "void max-age-missing@0+0"},
        {" ;", "void empty-directive@1+1 max-age-missing@2+0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(notes_of(cases[i].value, strlen(cases[i].value)), cases[i].notes);
}

static void goes_on_after_an_error(void **state)
{
    (void)state;
    assert_string_equal(notes_of("foo bar; max-age=x; includeSubDomains=1", 39),
                        "void unexpected-character@4+3 max-age-not-digits@17+1 include-subdomains-value@20+19");
}

static void nul_is_an_octet_like_any_control(void **state)
{
    (void)state;
    assert_string_equal(notes_of("max-age=1\0", 10), "void control-character@9+1");
    assert_string_equal(notes_of("max-age=1; x=\"\0\"", 16), "void control-character@14+1 unknown-directive@11+1");
}

/* [RFC6797 6.1.1-2] */
static void overflow_saturates(void **state)
{
    hf_policy policy;

    (void)state;
    assert_true(hf_header_parse("max-age=9223372036854775807", 27, &policy, NULL));
    assert_true(policy.max_age == INT64_MAX);
    assert_true(hf_header_parse("max-age=9223372036854775808", 27, &policy, NULL));
    assert_true(policy.max_age == INT64_MAX);
    assert_true(hf_header_parse("max-age=18446744073709551616", 28, &policy, NULL));
    assert_true(policy.max_age == INT64_MAX);
    assert_true(hf_header_parse("max-age=9223372036854775806", 27, &policy, NULL));
    assert_true(policy.max_age == INT64_MAX - 1);
}

static void a_void_field_leaves_the_policy_alone(void **state)
{
    hf_policy policy = {7, true, true};

    (void)state;
    assert_false(hf_header_parse("max-age=1; max-age=2", 20, &policy, NULL));
    assert_true(policy.max_age == 7 && policy.include_subdomains && policy.preload);
    assert_false(hf_header_parse(NULL, 0, &policy, NULL));
}

static void notes_are_counted_beyond_the_storage(void **state)
{
    hf_note item;
    hf_notes notes = {&item, 1, 99};
    hf_policy policy;

    (void)state;
    assert_true(hf_header_parse(";;;max-age=1", 12, &policy, &notes));
    assert_int_equal(notes.count, 3);
    assert_int_equal(item.offset, 0);
    notes = (hf_notes){NULL, 0, 0};
    assert_true(hf_header_parse(";;;max-age=1", 12, &policy, &notes));
    assert_int_equal(notes.count, 3);
}

/* Whatever is cut off, no octet behind the length is read: each prefix stands in a block of its own for the sanitizers
 * to guard. */
static void every_prefix_is_bounded(void **state)
{
    static const char value[] = " max-age = \"1\\2\" ;\r\n includeSubDomains; x=\"a\\\"b\"; include SubDomains,";
    hf_policy policy;

    (void)state;
    for (size_t length = 0; length < sizeof value; length++) {
        char *block = malloc(length + (length == 0));
        assert_non_null(block);
        memcpy(block, value, length);
        bool valid = hf_header_parse(block, length, &policy, NULL);
        assert_true(!valid || policy.max_age == 12);
        free(block);
    }
}

/* [RFC6797 8.1-6] */
static void the_first_field_counts(void **state)
{
    static const hf_field fields[] = {
        {{"Server", 6}, {"x", 1}},
        {{"strict-transport-securitY", 25}, {"max-age=oops", 12}},
        {{"Strict-Transport-Security", 25}, {"max-age=1", 9}},
    };

    (void)state;
    assert_int_equal(hf_header_first(fields, 3), 1);
    assert_int_equal(hf_header_first(fields, 1), 1);
    assert_int_equal(hf_header_first(NULL, 0), 0);
    assert_false(hf_header_is_sts("Strict-Transport-Securit", 24));
    assert_false(hf_header_is_sts("Strict-Transport-Security2", 26));
}

/* [RFC6797 7.1-2] */
static void formats_what_it_reads(void **state)
{
    char text[HF_HEADER_MAX];
    size_t length;
    hf_policy policy = {31536000, true, true};

    (void)state;
    assert_int_equal(hf_header_format(&policy, text, sizeof text, &length), HF_OK);
    assert_string_equal(text, "max-age=31536000; includeSubDomains; preload");
    assert_int_equal(length, strlen(text));
    policy = (hf_policy){INT64_MAX, true, true};
    assert_int_equal(hf_header_format(&policy, text, sizeof text, &length), HF_OK);
    assert_string_equal(text, "max-age=9223372036854775807; includeSubDomains; preload");
    policy = (hf_policy){0, false, false};
    assert_int_equal(hf_header_format(&policy, text, 10, &length), HF_OK);
    assert_string_equal(text, "max-age=0");
    text[0] = '#';
    length = 77;
    assert_int_equal(hf_header_format(&policy, text, 9, &length), HF_E_BUFFER);
    assert_true(text[0] == '#' && length == 77);
    policy.max_age = -1;
    assert_int_equal(hf_header_format(&policy, text, sizeof text, &length), HF_E_ARGUMENT);
    assert_int_equal(hf_header_format(NULL, text, sizeof text, &length), HF_E_ARGUMENT);
}

static void a_near_miss_names_what_was_meant(void **state)
{
    static const struct {
        const char *text, *meant;
    } cases[] = {
        {"max_age", "max-age"},
        {"MaxAge", "max-age"},
        {"includeSubDomain", "includeSubDomains"},
        {"include SubDomains", "includeSubDomains"},
        {"preloaded", "preload"},
        {"pre-load", "preload"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(hf_header_meant(cases[i].text, strlen(cases[i].text)), cases[i].meant);
    assert_null(hf_header_meant("report-uri", 10));
    assert_null(hf_header_meant("", 0));
}

static void every_note_is_described(void **state)
{
    (void)state;
    for (int id = 0; id < HF_NOTE_COUNT; id++) {
        assert_true(strlen(hf_note_name(id)) > 1);
        assert_true(strlen(hf_note_section(id)) >= 1);
        assert_true(strlen(hf_note_message(id)) > 10);
        assert_true(strlen(hf_severity_name(hf_note_severity(id))) > 1);
    }
    assert_string_equal(hf_note_name(HF_NOTE_COUNT), "?");
    assert_string_equal(hf_severity_name((hf_severity)9), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(notes_say_where),
        cmocka_unit_test(goes_on_after_an_error),
        cmocka_unit_test(nul_is_an_octet_like_any_control),
        cmocka_unit_test(overflow_saturates),
        cmocka_unit_test(a_void_field_leaves_the_policy_alone),
        cmocka_unit_test(notes_are_counted_beyond_the_storage),
        cmocka_unit_test(every_prefix_is_bounded),
        cmocka_unit_test(the_first_field_counts),
        cmocka_unit_test(formats_what_it_reads),
        cmocka_unit_test(a_near_miss_names_what_was_meant),
        cmocka_unit_test(every_note_is_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
