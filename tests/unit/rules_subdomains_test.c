/* What follows from the names below a host, written down as literals; and how they are collected. */
#include "agent/subdomains.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

typedef struct scene {
    facts_site site;
    finding_judgement report;
} scene;

static void set_up(scene *s)
{
    memset(s, 0, sizeof *s);
    build_site(&s->site, "a.test", YEAR);
    build_name(&s->site);
    s->site.subdomains.cover = FACTS_COVER_POLICY;
}

static facts_subdomain *add(scene *s, const char *name, facts_subdomain_state state)
{
    facts_subdomains *subdomains = &s->site.subdomains;

    facts_subdomains_add(subdomains, &s->site.host, name, FACTS_SOURCE_LIST, state, &s->site.arena);
    return &subdomains->items[subdomains->count - 1];
}

static void break_it(facts_subdomain *item, facts_plain plain, const char *cause)
{
    item->state = FACTS_SUBDOMAIN_BROKEN;
    item->plain = plain;
    item->cause = item->text = cause;
    item->refused[FACTS_ENGINE_ANY] = item->refused[FACTS_ENGINE_CHROMIUM] = true;
}

/* The ids of all findings are exactly those given; the list ends with RULE_COUNT. */
static void assert_findings(scene *s, rule_id first, ...)
{
    va_list wanted;
    size_t i = 0;

    agent_judge_seen(&(agent_judging){.now = NOW}, &s->site);
    rule_judge(&s->site, NOW, &s->site.arena, &s->report);
    va_start(wanted, first);
    for (rule_id id = first; id != RULE_COUNT; id = va_arg(wanted, rule_id)) {
        assert_true(i < s->report.findings.count);
        assert_string_equal(rule_find(s->report.findings.items[i++].rule)->name, rule_find(id)->name);
    }
    va_end(wanted);
    assert_int_equal(s->report.findings.count, i);
}

static void assert_proof(const scene *s, size_t index, const char *proof)
{
    assert_string_equal(s->report.findings.items[index].proof, proof);
}

/* near: subdomain-unreachable-by-https */
static void harmless_names_are_no_finding(void **state)
{
    static const facts_subdomain_state states[] = {FACTS_SUBDOMAIN_GOOD, FACTS_SUBDOMAIN_ABSENT,
                                                   FACTS_SUBDOMAIN_SILENT};
    scene s;

    (void)state;
    set_up(&s);
    for (size_t i = 0; i < 3; i++)
        add(&s, "x.a.test", states[i]);
    assert_findings(&s, RULE_COUNT);
    assert_false(facts_subdomains_is_partial(&s.site.subdomains));
    facts_site_done(&s.site);
}

static void lost_names(void **state)
{
    scene s;

    (void)state;
    /* Those with the same fate are one finding; plain HTTP that redirects to HTTPS serves nobody. */
    set_up(&s);
    break_it(add(&s, "x.a.test", FACTS_SUBDOMAIN_UNKNOWN), FACTS_PLAIN_ANSWERS, "expired");
    break_it(add(&s, "y.a.test", FACTS_SUBDOMAIN_UNKNOWN), FACTS_PLAIN_ANSWERS, "expired");
    break_it(add(&s, "z.a.test", FACTS_SUBDOMAIN_UNKNOWN), FACTS_PLAIN_REDIRECTS, "expired");
    assert_findings(&s, RULE_SUBDOMAIN_PLAIN_HTTP_ONLY, RULE_SUBDOMAIN_UNREACHABLE_BY_HTTPS, RULE_COUNT);
    assert_proof(&s, 0, "x.a.test, y.a.test; over HTTPS: expired; no page in Chrome");
    assert_proof(&s, 1, "z.a.test; over HTTPS: expired; no page in Chrome");
    facts_site_done(&s.site);
    /* Another cause, other browsers: another finding. */
    set_up(&s);
    break_it(add(&s, "x.a.test", FACTS_SUBDOMAIN_UNKNOWN), FACTS_PLAIN_SILENT, "expired");
    break_it(add(&s, "y.a.test", FACTS_SUBDOMAIN_UNKNOWN), FACTS_PLAIN_SILENT, "wrong-name");
    break_it(add(&s, "z.a.test", FACTS_SUBDOMAIN_UNKNOWN), FACTS_PLAIN_SILENT, "expired");
    s.site.subdomains.items[2].refused[FACTS_ENGINE_FIREFOX] = true;
    assert_findings(&s, RULE_SUBDOMAIN_UNREACHABLE_BY_HTTPS, RULE_SUBDOMAIN_UNREACHABLE_BY_HTTPS,
                    RULE_SUBDOMAIN_UNREACHABLE_BY_HTTPS, RULE_COUNT);
    assert_proof(&s, 2, "z.a.test; over HTTPS: expired; no page in Chrome, Firefox");
    facts_site_done(&s.site);
}

static void names_that_nobody_proved(void **state)
{
    char name[32];
    scene s;

    (void)state;
    set_up(&s);
    for (int i = 10; i < 20; i++) {
        snprintf(name, sizeof name, "x%d.a.test", i);
        add(&s, name, FACTS_SUBDOMAIN_UNKNOWN)->text = "no answer";
    }
    assert_findings(&s, RULE_SUBDOMAIN_UNKNOWN, RULE_COUNT);
    assert_proof(&s, 0,
                 "x10.a.test, x11.a.test, x12.a.test, x13.a.test, x14.a.test, x15.a.test, x16.a.test, x17.a.test and 2 "
                 "more: no answer");
    assert_true(facts_subdomains_is_partial(&s.site.subdomains));
    facts_site_done(&s.site);
    set_up(&s);
    s.site.subdomains.left_out = 3;
    facts_subdomains_fail(&s.site.subdomains, FACTS_SOURCE_TRANSFER, "ns.a.test", "refused", &s.site.arena);
    assert_findings(&s, RULE_SUBDOMAIN_UNKNOWN, RULE_SUBDOMAIN_SOURCE_UNREAD, RULE_COUNT);
    assert_proof(&s, 1, "the zone transfer from ns.a.test: refused");
    facts_site_done(&s.site);
    set_up(&s);
    add(&s, "*.a.test", FACTS_SUBDOMAIN_UNKNOWN);
    add(&s, "dev.a.test", FACTS_SUBDOMAIN_DELEGATED);
    assert_findings(&s, RULE_SUBDOMAIN_WILDCARD, RULE_SUBDOMAIN_DELEGATED, RULE_COUNT);
    assert_proof(&s, 0, "*.a.test");
    assert_false(facts_subdomains_is_partial(&s.site.subdomains));
    facts_site_done(&s.site);
}

static void collecting(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    add(&s, "y.a.test", FACTS_SUBDOMAIN_UNKNOWN);
    facts_subdomains_add(&s.site.subdomains, &s.site.host, "X.A.test.", FACTS_SOURCE_ZONE, FACTS_SUBDOMAIN_UNKNOWN,
                         &s.site.arena);
    facts_subdomains_add(&s.site.subdomains, &s.site.host, "y.a.test", FACTS_SOURCE_ZONE, FACTS_SUBDOMAIN_UNKNOWN,
                         &s.site.arena);
    add(&s, "a.test", FACTS_SUBDOMAIN_UNKNOWN);
    add(&s, "_dmarc.a.test", FACTS_SUBDOMAIN_UNKNOWN);
    add(&s, "x._tcp.a.test", FACTS_SUBDOMAIN_UNKNOWN);
    add(&s, "x\\046y.a.test", FACTS_SUBDOMAIN_UNKNOWN);
    add(&s, "192.0.2.1", FACTS_SUBDOMAIN_UNKNOWN);
    add(&s, "under_score.a.test", FACTS_SUBDOMAIN_UNKNOWN);
    add(&s, "ba.test", FACTS_SUBDOMAIN_UNKNOWN);
    add(&s, "test", FACTS_SUBDOMAIN_UNKNOWN);
    facts_subdomains_sort(&s.site.subdomains);
    assert_int_equal(s.site.subdomains.count, 3);
    assert_string_equal(s.site.subdomains.items[0].name, "under_score.a.test");
    assert_string_equal(s.site.subdomains.items[1].name, "x.a.test");
    assert_string_equal(s.site.subdomains.items[2].name, "y.a.test");
    assert_int_equal(s.site.subdomains.items[2].sources, 1U << FACTS_SOURCE_LIST | 1U << FACTS_SOURCE_ZONE);
    assert_int_equal(s.site.subdomains.passed_over, 4);
    assert_int_equal(s.site.subdomains.outside, 2);
    facts_site_done(&s.site);
}

static void what_covers_them(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    assert_int_equal(agent_cover_of(&s.site), FACTS_COVER_POLICY);
    facts_site_done(&s.site);
    memset(&s, 0, sizeof s);
    build_site(&s.site, "a.test", "max-age=31536000");
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    assert_int_equal(agent_cover_of(&s.site), FACTS_COVER_WOULD);
    s.site.listings[s.site.listing_count++] = (facts_listing){.matched = "a.test", .include_subdomains = true};
    assert_int_equal(agent_cover_of(&s.site), FACTS_COVER_PRELOAD);
    s.site.listings[0].include_subdomains = false;
    assert_int_equal(agent_cover_of(&s.site), FACTS_COVER_WOULD);
    facts_site_done(&s.site);
    /* A policy that browsers ignore covers nothing. */
    memset(&s, 0, sizeof s);
    build_site(&s.site, "a.test", YEAR);
    build_error(&build_first(&s.site, FACTS_HTTPS)->exchange, FACTS_TLS_EXPIRED, 0, 0);
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    assert_int_equal(agent_cover_of(&s.site), FACTS_COVER_WOULD);
    facts_site_done(&s.site);
}

static void names_that_were_seen(void **state)
{
    static const char *const names[] = {"a.test", "*.a.test", "api.a.test", "b.test"};
    facts_certificate *leaf;
    scene s;

    (void)state;
    set_up(&s);
    leaf = build_certificate(&build_first(&s.site, FACTS_HTTPS)->exchange, 0);
    leaf->names = names;
    leaf->name_count = 4;
    build_hop(&s.site, FACTS_HTTPS, "https://shop.a.test/", 200);
    agent_subdomains_seen(&s.site);
    facts_subdomains_sort(&s.site.subdomains);
    assert_int_equal(s.site.subdomains.count, 2);
    assert_string_equal(s.site.subdomains.items[0].name, "api.a.test");
    assert_int_equal(s.site.subdomains.items[0].sources, 1U << FACTS_SOURCE_CERTIFICATE);
    assert_string_equal(s.site.subdomains.items[1].name, "shop.a.test");
    assert_true((s.site.subdomains.items[1].sources & 1U << FACTS_SOURCE_REDIRECT) != 0);
    assert_int_equal(s.site.subdomains.outside + s.site.subdomains.passed_over, 0);
    facts_site_done(&s.site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(harmless_names_are_no_finding),
        cmocka_unit_test(lost_names),
        cmocka_unit_test(names_that_nobody_proved),
        cmocka_unit_test(collecting),
        cmocka_unit_test(what_covers_them),
        cmocka_unit_test(names_that_were_seen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
