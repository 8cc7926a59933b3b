/* The list of findings: it grows, keeps each once, and has the worst first. */
#include "findings/finding.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 3000

static const facts_hop hop = {
    .url = "https://a.test/", .host = {.name = "a.test", .length = 6, .kind = HF_HOST_NAME}, .port = 443};

/* However many there are of lower severity, the error that came last is there, and comes first. */
static void nothing_is_left_out(void **state)
{
    base_arena arena = {0};
    finding_list list = {.arena = &arena};
    const finding_place place = finding_at_certificate(&hop, 0, "CN=a.test");
    const finding_place page = finding_at_hop(&hop, 1);

    (void)state;
    for (int i = 0; i < MANY; i++)
        finding_add(&list, &place, RULE_CERT_NAME_UNCOVERED, "n%d.test", i);
    assert_false(finding_reaches(&list, HF_SEVERITY_ERROR));
    finding_add(&list, &page, RULE_HSTS_MISSING, "none");
    assert_true(finding_reaches(&list, HF_SEVERITY_ERROR));
    finding_sort(&list);
    assert_int_equal(list.count, MANY + 1);
    assert_int_equal(list.items[0].rule, RULE_HSTS_MISSING);
    for (int i = 0; i < MANY; i++) {
        char name[32];

        snprintf(name, sizeof name, "n%d.test", i);
        assert_string_equal(list.items[i + 1].proof, name);
    }
    assert_int_equal(finding_count(&list, HF_SEVERITY_ERROR), 1);
    assert_int_equal(finding_count(&list, HF_SEVERITY_WARNING), MANY);
    assert_int_equal(finding_count(&list, HF_SEVERITY_INFO), 0);
    base_arena_done(&arena);
}

static void the_same_one_is_kept_once(void **state)
{
    base_arena arena = {0};
    finding_list list = {.arena = &arena};
    const finding_place a = finding_at_record("a.test", "CAA"), b = finding_at_record("b.test", "CAA");

    (void)state;
    finding_add(&list, &a, RULE_CAA_FORBIDS, "proof")->fix = "other";
    assert_string_equal(finding_add(&list, &a, RULE_CAA_FORBIDS, "proof")->fix, "other");
    assert_int_equal(list.count, 1);
    finding_add(&list, &b, RULE_CAA_FORBIDS, "proof");
    finding_add(&list, &a, RULE_CAA_FAILED, "proof");
    finding_add(&list, &a, RULE_CAA_FORBIDS, "other proof");
    assert_int_equal(list.count, 4);
    assert_string_equal(list.items[3].fix, rule_find(RULE_CAA_FORBIDS)->fix);
    assert_int_equal(list.items[3].severity, HF_SEVERITY_WARNING);
    base_arena_done(&arena);
}

/* Those of one severity stay in their order, also when the severity was changed. */
static void the_order_is_kept(void **state)
{
    base_arena arena = {0};
    finding_list list = {.arena = &arena};
    const finding_place place = finding_at_site(&hop.host);

    (void)state;
    finding_add(&list, &place, RULE_HSTS_SHORT, "1");
    finding_add(&list, &place, RULE_HSTS_MISSING, "2");
    finding_add(&list, &place, RULE_HSTS_SEVERAL, "3");
    finding_add(&list, &place, RULE_HSTS_SHORT, "4")->severity = HF_SEVERITY_ERROR;
    finding_add(&list, &place, RULE_HSTS_SEVERAL, "5");
    finding_sort(&list);
    assert_int_equal(list.count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(list.items[i].proof[0], "24351"[i]);
    finding_add(&list, &place, RULE_HSTS_SEVERAL, "6");
    assert_int_equal(list.count, 6);
    base_arena_done(&arena);
}

static void an_empty_list_is_sorted_too(void **state)
{
    base_arena arena = {0};
    finding_list list = {.arena = &arena};

    (void)state;
    finding_sort(&list);
    assert_int_equal(list.count, 0);
    assert_false(finding_reaches(&list, HF_SEVERITY_INFO));
    base_arena_done(&arena);
}

static void a_long_proof_is_cut_and_says_so(void **state)
{
    base_arena arena = {0};
    finding_list list = {.arena = &arena};
    const finding_place place = finding_at_site(&hop.host);
    static char text[9000];
    const char *proof;

    (void)state;
    memset(text, 'x', sizeof text - 1);
    proof = finding_add(&list, &place, RULE_HSTS_SHORT, "%s", text)->proof;
    assert_true(strlen(proof) < sizeof text);
    assert_string_equal(proof + strlen(proof) - 4, "x...");
    base_arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_left_out),
        cmocka_unit_test(the_same_one_is_kept_once),
        cmocka_unit_test(the_order_is_kept),
        cmocka_unit_test(an_empty_list_is_sorted_too),
        cmocka_unit_test(a_long_proof_is_cut_and_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
