/* Many sites together: who comes first, and what is counted. */
#include "findings/estate.h"

#include "agent/verdict.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

#define SITES 6

typedef struct scene {
    facts_site sites[SITES];
    finding_judgement judgements[SITES];
    size_t count;
    base_arena arena;
    finding_estate estate;
} scene;

static facts_site *add(scene *s, const char *name, const char *sts)
{
    build_site(&s->sites[s->count], name, sts);
    return &s->sites[s->count++];
}

static void judge(scene *s)
{
    const facts_site *sites[SITES];
    const finding_judgement *judgements[SITES];

    for (size_t i = 0; i < s->count; i++) {
        agent_judge_seen(&(agent_judging){.now = NOW}, &s->sites[i]);
        rule_judge(&s->sites[i], NOW, &s->sites[i].arena, &s->judgements[i]);
        sites[i] = &s->sites[i];
        judgements[i] = &s->judgements[i];
    }
    s->estate = finding_estate_of(sites, judgements, s->count, &s->arena);
}

static void tear_down(scene *s)
{
    for (size_t i = 0; i < s->count; i++)
        facts_site_done(&s->sites[i]);
    base_arena_done(&s->arena);
}

static void expect(const scene *s, size_t rank, const char *name, finding_harm harm)
{
    assert_string_equal(s->estate.ranked[rank].site->host.name, name);
    assert_string_equal(finding_harm_name(s->estate.ranked[rank].harm), finding_harm_name(harm));
}

static void test_order(void **state)
{
    scene s = {0};
    facts_site *closed, *expired;

    (void)state;
    add(&s, "good.test", YEAR);
    add(&s, "plain.test", NULL);
    expired = add(&s, "expired.test", YEAR);
    build_error(&build_first(expired, FACTS_HTTPS)->exchange, FACTS_TLS_EXPIRED, 0, 0);
    closed = add(&s, "closed.test", YEAR);
    build_failure(closed, &build_first(closed, FACTS_HTTPS)->exchange, FACTS_PHASE_CONNECT,
                  FACTS_FAILURE_CONNECTION_REFUSED);
    judge(&s);
    expect(&s, 0, "closed.test", FINDING_HARM_EVERYBODY);
    expect(&s, 1, "expired.test", FINDING_HARM_RETURNING);
    expect(&s, 2, "plain.test", FINDING_HARM_FAULT);
    expect(&s, 3, "good.test", FINDING_HARM_NONE);
    assert_int_equal(s.estate.urgent, 3);
    assert_null(s.estate.ranked[3].worst);
    assert_string_equal(rule_find(s.estate.ranked[1].worst->rule)->name, "cert-expired");
    tear_down(&s);
}

/* A certificate that ends before long comes before a header that is missing, and only where somebody holds a policy. */
static void test_soon(void **state)
{
    scene s = {0};
    facts_site *ending;

    (void)state;
    add(&s, "plain.test", NULL);
    ending = add(&s, "ending.test", YEAR);
    build_link(&build_first(ending, FACTS_HTTPS)->exchange, 0)->not_after = NOW + DAY / 2;
    ending = add(&s, "free.test", NULL);
    build_link(&build_first(ending, FACTS_HTTPS)->exchange, 0)->not_after = NOW + DAY / 2;
    judge(&s);
    expect(&s, 0, "ending.test", FINDING_HARM_SOON);
    assert_string_equal(rule_find(s.estate.ranked[0].worst->rule)->name, "lockout-ahead");
    expect(&s, 1, "plain.test", FINDING_HARM_FAULT);
    expect(&s, 2, "free.test", FINDING_HARM_FAULT);
    tear_down(&s);
}

/* Equals stay in the order in which they were given. */
static void test_equals(void **state)
{
    scene s = {0};

    (void)state;
    add(&s, "b.test", NULL);
    add(&s, "a.test", NULL);
    judge(&s);
    expect(&s, 0, "b.test", FINDING_HARM_FAULT);
    expect(&s, 1, "a.test", FINDING_HARM_FAULT);
    tear_down(&s);
}

static void test_counts(void **state)
{
    scene s = {0};
    facts_site *site;

    (void)state;
    add(&s, "none.test", NULL);
    add(&s, "a.test", YEAR);
    add(&s, "b.test", YEAR);
    site = add(&s, "c.test", "max-age=300");
    build_link(&build_first(site, FACTS_HTTPS)->exchange, 0)->not_after = NOW + 3 * DAY;
    judge(&s);
    assert_int_equal(s.estate.class_count, 3);
    assert_int_equal(s.estate.classes[0].count, 2);
    assert_int_equal(s.estate.classes[0].policy.max_age, 31536000);
    assert_true(s.estate.classes[0].policy.include_subdomains);
    assert_int_equal(s.estate.expiries[FINDING_EXPIRY_WEEK], 1);
    assert_int_equal(s.estate.expiries[FINDING_EXPIRY_EXPIRED], 0);
    tear_down(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_order), cmocka_unit_test(test_soon),
                                       cmocka_unit_test(test_equals), cmocka_unit_test(test_counts)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
