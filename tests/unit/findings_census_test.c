/* Many judged hosts, one after the other: what is counted, and what becomes of what there is no room for. */
#include "findings/census.h"

#include "agent/verdict.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const lists[] = {"Chrome, Edge", "Firefox"};

static void add_host(finding_census *census, const char *name, bool in_force, bool include_subdomains)
{
    finding_counted counted;

    finding_count_unseen(&counted);
    snprintf(counted.name, sizeof counted.name, "%s", name);
    counted.harm = FINDING_HARM_NONE;
    counted.policy = in_force ? FINDING_POLICY_YEAR : FINDING_POLICY_NONE;
    counted.is_seen = true;
    counted.in_force = in_force;
    counted.include_subdomains = include_subdomains;
    finding_census_add(census, &counted);
}

static finding_census *begin(void)
{
    finding_census *census = calloc(1, sizeof *census);

    assert_non_null(census);
    finding_census_init(census, lists, 2);
    return census;
}

static void end(finding_census *census)
{
    finding_census_done(census);
    free(census);
}

/* In any order; the parent of a parent counts, and one without includeSubDomains does not. */
static void test_coverage(void **state)
{
    finding_census *census = begin();

    (void)state;
    add_host(census, "early.shop.test", false, false);
    add_host(census, "shop.test", true, true);
    add_host(census, "a.b.shop.test", false, false);
    add_host(census, "plain.test", true, false);
    add_host(census, "www.plain.test", false, false);
    add_host(census, "othershop.test", false, false);
    add_host(census, "own.shop.test", true, false);
    finding_census_close(census);
    assert_int_equal(census->covers[FINDING_COVER_OWN], 3);
    assert_int_equal(census->covers[FINDING_COVER_PARENT], 2);
    assert_int_equal(census->covers[FINDING_COVER_NONE], 2);
    assert_int_equal(census->covers[FINDING_COVER_UNKNOWN], 0);
    end(census);
}

static void test_lists(void **state)
{
    finding_census *census = begin();
    finding_counted counted;

    (void)state;
    finding_count_unseen(&counted);
    counted.is_seen = counted.in_force = counted.wants_preload = true;
    counted.listing_count = 2;
    counted.listed[0] = FINDING_LISTED_NOT;
    counted.listed[1] = FINDING_LISTED_ITSELF;
    finding_census_add(census, &counted);
    counted.in_force = counted.wants_preload = false;
    finding_census_add(census, &counted);
    finding_census_close(census);
    assert_int_equal(census->listed[0][FINDING_LISTED_NOT], 2);
    assert_int_equal(census->asks_and_is_not_listed[0], 1);
    assert_int_equal(census->listed_without_policy[1], 1);
    assert_int_equal(census->covers[FINDING_COVER_PRELOADED], 1);
    end(census);
}

/* The bounds: what is beyond them is counted as such, and nothing is called unprotected that may not be. */
static void test_bounds(void **state)
{
    finding_census *census = begin();
    char name[HF_HOST_MAX + 1];
    finding_counted counted;

    (void)state;
    finding_count_unseen(&counted);
    for (int i = 0; i < FINDING_ISSUERS_MAX + 10; i++) {
        snprintf(counted.issuer, sizeof counted.issuer, "CN=%d", i);
        finding_census_add(census, &counted);
    }
    assert_int_equal(census->issuer_count, FINDING_ISSUERS_MAX);
    assert_int_equal(census->other_issuers, 10);
    for (int i = 0; i < FINDING_PARENTS_MAX + 500; i++) {
        snprintf(name, sizeof name, "p%d.test", i);
        add_host(census, name, true, true);
    }
    assert_true(census->parents_left_out >= 500);
    assert_true(census->parent_slots <= 4 * (size_t)FINDING_PARENTS_MAX);
    for (int i = 0; i < 200000; i++) {
        snprintf(name, sizeof name, "a-name-that-is-rather-long-%06d.alone.test", i);
        add_host(census, name, false, false);
    }
    assert_true(census->waiting.length <= FINDING_WAITING_MAX);
    finding_census_close(census);
    assert_int_equal(census->covers[FINDING_COVER_NONE], 0);
    assert_int_equal(census->covers[FINDING_COVER_UNKNOWN], 200000);
    assert_int_equal(census->covers[FINDING_COVER_OWN], FINDING_PARENTS_MAX + 500);
    end(census);
}

/* What a process sends that has read what hosts sent. */
static void test_unsound(void **state)
{
    finding_census *census = begin();
    finding_counted counted;

    (void)state;
    memset(&counted, 0xff, sizeof counted);
    finding_census_add(census, &counted);
    finding_count_unseen(&counted);
    counted.harm = FINDING_HARMS;
    finding_census_add(census, &counted);
    finding_count_unseen(&counted);
    counted.listing_count = 1;
    counted.listed[0] = FINDING_LISTEDS;
    finding_census_add(census, &counted);
    assert_int_equal(census->hosts, 0);
    end(census);
}

/* A site as it is judged. */
static void test_site(void **state)
{
    finding_census *census = begin();
    finding_judgement judgement;
    finding_counted counted;
    facts_site site;

    (void)state;
    build_site(&site, "shop.test", "max-age=31536000; includeSubDomains; preload");
    agent_judge_seen(&(agent_judging){.now = NOW}, &site);
    rule_judge(&site, NOW, &site.arena, &judgement);
    finding_count_site(&site, &judgement, &counted);
    finding_census_add(census, &counted);
    facts_site_done(&site);
    build_site(&site, "short.test", "max-age=300");
    agent_judge_seen(&(agent_judging){.now = NOW}, &site);
    rule_judge(&site, NOW, &site.arena, &judgement);
    finding_count_site(&site, &judgement, &counted);
    finding_census_add(census, &counted);
    facts_site_done(&site);
    finding_census_close(census);
    assert_int_equal(census->hosts, 2);
    assert_int_equal(census->policies[FINDING_POLICY_READY], 1);
    assert_int_equal(census->policies[FINDING_POLICY_SHORT], 1);
    assert_int_equal(census->rules[RULE_HSTS_SHORT], 1);
    assert_int_equal(census->covers[FINDING_COVER_OWN], 2);
    end(census);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_coverage), cmocka_unit_test(test_lists), cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_unsound),  cmocka_unit_test(test_site),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
