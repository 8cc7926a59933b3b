/* The one place that judges an STS field. */
#include "rules/sts_field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000)
#define SPAN(text) ((hf_span){text, sizeof(text) - 1})

static const facts_tls_error expired = {0};

/* The header with this value from `name`, over TLS with or without an error. */
static facts_sts_field judge(const char *name, hf_span value, bool error)
{
    const hf_field fields[] = {{SPAN("server"), SPAN("x")}, {SPAN("Strict-Transport-Security"), value}};
    const facts_response response = {.status = 200, .fields = fields, .count = 2};
    const facts_exchange exchange = {
        .secure = true, .tls = {.established = true, .errors = &expired, .error_count = error}, .response = &response};
    hf_host host;

    assert_int_equal(hf_host_parse(name, strlen(name), NULL, &host, NULL), HF_OK);
    return rule_sts_field(&host, &exchange, NOW, NULL);
}

static void what_a_browser_makes_of_it(void **state)
{
    static const struct {
        const char *host;
        const char *value;
        bool error;
        hf_noted noted;
    } cases[] = {
        {"a.test", "max-age=1", false, HF_NOTED_ADDED},
        {"a.test", "max-age=0", false, HF_NOTED_IGNORED_UNKNOWN},
        {"a.test", "max-age=x", false, HF_NOTED_IGNORED_VOID},
        {"a.test", "", false, HF_NOTED_IGNORED_VOID},
        {"a.test", "max-age=1", true, HF_NOTED_IGNORED_TLS_ERROR},
        {"a.test", "max-age=x", true, HF_NOTED_IGNORED_TLS_ERROR},
        {"192.0.2.1", "max-age=1", false, HF_NOTED_IGNORED_IP},
        {"192.0.2.1", "max-age=x", false, HF_NOTED_IGNORED_IP},
        {"2001:db8::1", "max-age=1", false, HF_NOTED_IGNORED_IP},
        {"localhost", "max-age=1", false, HF_NOTED_IGNORED_LOCALHOST},
        {"x.localhost", "max-age=1", false, HF_NOTED_IGNORED_LOCALHOST},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const facts_sts_field field =
            judge(cases[i].host, (hf_span){cases[i].value, strlen(cases[i].value)}, cases[i].error);

        assert_int_equal(field.count, 1);
        assert_int_equal(field.noted, cases[i].noted);
        assert_int_equal(field.in_force, cases[i].noted == HF_NOTED_ADDED);
        assert_int_equal(field.sent.value.length, strlen(cases[i].value));
        assert_null(field.sent.notes);
    }
}

/* It says the same as the engine does when it is given the fields of the response. */
static void the_engine_says_the_same(void **state)
{
    static const char *const values[] = {"max-age=1", "max-age=0", "x", "", "max-age=5; includeSubDomains"};
    static const char *const names[] = {"a.test", "192.0.2.1", "::1", "localhost"};

    (void)state;
    for (size_t v = 0; v < sizeof values / sizeof *values; v++)
        for (size_t n = 0; n < sizeof names / sizeof *names; n++)
            for (int error = 0; error < 2; error++) {
                const hf_field field = {SPAN("Strict-Transport-Security"), {values[v], strlen(values[v])}};
                hf_response circumstances = hf_response_init();
                hf_noted noted;
                hf_hosts *hosts;
                hf_host host;

                assert_int_equal(hf_hosts_new(NULL, &hosts), HF_OK);
                assert_int_equal(hf_host_parse(names[n], strlen(names[n]), NULL, &host, NULL), HF_OK);
                circumstances.now = NOW;
                circumstances.secure = true;
                circumstances.tls_error = error != 0;
                assert_int_equal(hf_hosts_note_fields(hosts, &host, &field, 1, &circumstances, &noted), HF_OK);
                assert_int_equal(judge(names[n], field.value, error != 0).noted, noted);
                hf_hosts_free(hosts);
            }
}

static void no_header_is_no_policy(void **state)
{
    const facts_response response = {.status = 200};
    const facts_exchange answered = {.tls = {.established = true}, .response = &response}, failed = {0};
    hf_host host;

    (void)state;
    assert_int_equal(hf_host_parse("a.test", 6, NULL, &host, NULL), HF_OK);
    for (int i = 0; i < 3; i++) {
        const facts_exchange *const exchanges[] = {&answered, &failed, NULL};
        const facts_sts_field field = rule_sts_field(&host, exchanges[i], NOW, NULL);

        assert_int_equal(field.count, 0);
        assert_int_equal(field.noted, HF_NOTED_IGNORED_NO_FIELD);
        assert_false(field.in_force);
    }
}

static void equal_values_are_read_once(void **state)
{
    char first[] = "max-age=1; x", second[] = "max-age=1; x";
    base_arena arena = {0};
    rule_sts_values values = {.arena = &arena};
    const facts_sts_value a = rule_sts_value(&values, (hf_span){first, strlen(first)});
    const facts_sts_value b = rule_sts_value(&values, (hf_span){second, strlen(second)});

    (void)state;
    assert_int_equal(values.count, 1);
    assert_true(a.note_count > 0);
    assert_ptr_equal(a.notes, b.notes);
    for (int i = 0; i < 100; i++) {
        char *text = base_arena_format(&arena, "max-age=%d; y", i);

        assert_int_equal(rule_sts_value(&values, (hf_span){text, strlen(text)}).policy.max_age, i);
    }
    assert_int_equal(values.count, 101);
    assert_ptr_equal(rule_sts_value(&values, a.value).notes, a.notes);
    base_arena_done(&arena);
}

/* However many notes there are, all are kept. */
static void all_notes_are_kept(void **state)
{
    static char many[2000];
    base_arena arena = {0};
    facts_sts_value value;
    hf_notes notes = {0};

    (void)state;
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = "=;"[i % 2];
    assert_false(hf_header_parse(many, sizeof many, &(hf_policy){0}, &notes));
    value = facts_sts_read((hf_span){many, sizeof many}, &arena);
    assert_true(notes.count > 100);
    assert_int_equal(value.note_count, notes.count);
    assert_true(value.notes[value.note_count - 1].offset <= sizeof many);
    assert_false(value.valid);
    base_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_browser_makes_of_it), cmocka_unit_test(the_engine_says_the_same),
        cmocka_unit_test(no_header_is_no_policy),     cmocka_unit_test(equal_values_are_read_once),
        cmocka_unit_test(all_notes_are_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
