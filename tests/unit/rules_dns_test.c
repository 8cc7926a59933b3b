/* What follows from the DNS facts of a name, written down as literals. */
#include "agent/verdict.h"
#include "lib/explained.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"

static const char *const wildcard[] = {"*.test"};
static const char *const here[] = {"192.0.2.1", "192.0.2.2"}, *const elsewhere[] = {"198.51.100.1"};
static const char *const six[] = {"2001:db8::1"};

/* A host in best health with one address, without CAA and HTTPS records; each test spoils something. */
typedef struct scene {
    facts_site site;
    facts_hop *hop;
    facts_name *name;
    finding_judgement report;
} scene;

static void set_up(scene *s)
{
    memset(s, 0, sizeof *s);
    build_site(&s->site, "a.test", YEAR);
    s->hop = build_first(&s->site, FACTS_HTTPS);
    s->name = build_name(&s->site);
}

#define SERVICE .priority = 1, .target = ".", .port = -1

/* The ids of all findings are exactly those given; the list ends with RULE_COUNT. Frees the scene. */
static void assert_findings(scene *s, rule_id first, ...)
{
    va_list wanted;
    size_t i = 0;

    agent_judge_seen(&(agent_judging){.now = NOW}, &s->site);
    rule_judge(&s->site, NOW, &s->site.arena, &s->report);
    leave_out_explanations(&s->report.findings);
    va_start(wanted, first);
    for (rule_id id = first; id != RULE_COUNT; id = va_arg(wanted, rule_id)) {
        assert_true(i < s->report.findings.count);
        assert_string_equal(rule_find(s->report.findings.items[i++].rule)->name, rule_find(id)->name);
    }
    va_end(wanted);
    assert_int_equal(s->report.findings.count, i);
    facts_site_done(&s->site);
}

static void health_has_no_findings(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    assert_findings(&s, RULE_COUNT);
    /* Nobody was asked, or nothing was looked at. */
    set_up(&s);
    *s.name = (facts_name){.host = s.site.host, .unasked = FACTS_UNASKED_ROUTE};
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    s.site.names.count = 0;
    assert_findings(&s, RULE_COUNT);
}

static void what_this_machine_could_not_ask_is_no_finding(void **state)
{
    static const facts_dns_status statuses[] = {FACTS_DNS_TIMEOUT, FACTS_DNS_UNREACHABLE};
    scene s;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        set_up(&s);
        s.name->a = s.name->aaaa = (facts_addresses){statuses[i], NULL, 0};
        s.name->caa.status = s.name->https.status = statuses[i];
        assert_findings(&s, RULE_COUNT);
        assert_true(s.site.verdict.complete);
        set_up(&s);
        s.name->caa.status = s.name->https.status = statuses[i];
        assert_findings(&s, RULE_COUNT);
    }
    /* A resolver that fails at everything says nothing about the name. */
    set_up(&s);
    s.name->a = s.name->aaaa = (facts_addresses){FACTS_DNS_SERVER_FAILURE, NULL, 0};
    s.name->caa.status = s.name->https.status = FACTS_DNS_SERVER_FAILURE;
    assert_findings(&s, RULE_COUNT);
}

static void addresses(void **state)
{
    static const facts_dns_status statuses[] = {FACTS_DNS_SERVER_FAILURE, FACTS_DNS_REFUSED, FACTS_DNS_TIMEOUT,
                                                FACTS_DNS_MALFORMED};
    scene s;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        set_up(&s);
        s.name->aaaa.status = statuses[i];
        assert_findings(&s, RULE_DNS_FAMILY_FAILED, RULE_COUNT);
    }
    set_up(&s);
    s.name->aaaa = s.name->a;
    s.name->a = (facts_addresses){FACTS_DNS_SERVER_FAILURE, NULL, 0};
    assert_findings(&s, RULE_DNS_FAMILY_FAILED, RULE_COUNT);
    set_up(&s);
    build_alias(s.name, "b.test");
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    build_alias(s.name, "b.test");
    s.name->a = s.name->aaaa = (facts_addresses){FACTS_DNS_NAME_UNKNOWN, NULL, 0};
    assert_findings(&s, RULE_DNS_DANGLING, RULE_COUNT);
    /* Without an alias: the name is not in this DNS, and that is all. */
    set_up(&s);
    s.name->a = s.name->aaaa = (facts_addresses){FACTS_DNS_NAME_UNKNOWN, NULL, 0};
    assert_findings(&s, RULE_COUNT);
}

static void https_records_that_can_be_used(void **state)
{
    static const unsigned known[] = {1, 4}, unknown[] = {9};
    scene s;

    (void)state;
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .mandatory = known, .mandatory_count = 2});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .mandatory = unknown, .mandatory_count = 1});
    assert_findings(&s, RULE_HTTPS_RECORD_VOID, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .mandatory = unknown, .mandatory_count = 1});
    build_https_record(s.name, (facts_https_record){SERVICE});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE});
    build_https_record(s.name, (facts_https_record){SERVICE, .fault = "the record is cut"});
    assert_findings(&s, RULE_HTTPS_RECORD_VOID, RULE_COUNT);
    set_up(&s);
    s.name->https.status = FACTS_DNS_SERVER_FAILURE;
    assert_findings(&s, RULE_HTTPS_RECORD_FAILED, RULE_COUNT);
}

static void https_records_that_lead_astray(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    build_https_record(s.name, (facts_https_record){.priority = 1, .target = ".", .port = 8443});
    assert_findings(&s, RULE_HTTPS_RECORD_PORT, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){.priority = 1, .target = ".", .port = 443});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .ipv4hint = elsewhere, .ipv4hint_count = 1});
    assert_findings(&s, RULE_HTTPS_RECORD_ADDRESS, RULE_HTTPS_RECORD, RULE_COUNT);
    /* One in common is enough; a family that was not answered contradicts nothing; nor do hints for another name. */
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .ipv4hint = here, .ipv4hint_count = 2});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .ipv6hint = six, .ipv6hint_count = 1});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name,
                       (facts_https_record){
                           .priority = 1, .target = "b.test", .port = -1, .ipv4hint = elsewhere, .ipv4hint_count = 1});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
}

static void spoil_https(scene *s)
{
    build_failure(&s->site, &s->hop->exchange, FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED);
    s->site.chains[FACTS_HTTPS].end = FACTS_END_FAILED;
}

/* It is announced by a record, by Alt-Svc, or by neither; and a host that speaks nothing else is not closed. */
static void http3_is_not_checked(void **state)
{
    static const struct {
        const char *field;
        bool says;
    } rows[] = {{"h3=\":443\"; ma=86400", true},
                {"h2=\":443\", \th3-29=\":443\"", true},
                {"h2=\":443\"", false},
                {"clear", false},
                {"", false},
                {"h30=\":443\"", false},
                {",,h3", false}};
    static const hf_span both[] = {{"h2", 2}, {"h3", 2}};
    static const hf_span other[] = {{"h2", 2}, {"h30", 3}};
    scene s;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        set_up(&s);
        build_field(s.hop, "alt-svc", (hf_span){rows[i].field, strlen(rows[i].field)});
        assert_findings(&s, rows[i].says ? RULE_HTTP3_UNCHECKED : RULE_COUNT, RULE_COUNT);
    }
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .alpn = both, .alpn_count = 2});
    assert_findings(&s, RULE_HTTP3_UNCHECKED, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .alpn = other, .alpn_count = 2});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE, .alpn = both, .alpn_count = 2});
    spoil_https(&s);
    assert_findings(&s, RULE_HTTP3_ALONE, RULE_HTTPS_RECORD, RULE_COUNT);
    assert_false(s.site.verdict.complete);
}

static void an_https_record_needs_https(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE});
    spoil_https(&s);
    assert_findings(&s, RULE_PORT_CLOSED, RULE_HTTPS_RECORD_WITHOUT_HTTPS, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){SERVICE});
    build_error(&s.hop->exchange, FACTS_TLS_EXPIRED, 0, 0);
    assert_findings(&s, RULE_CERT_EXPIRED, RULE_HTTPS_RECORD_WITHOUT_HTTPS, RULE_COUNT);
    /* What it leads elsewhere, by an alias or to another port, is not what was seen to fail; and an alias makes the
     * others void. */
    set_up(&s);
    build_https_record(s.name, (facts_https_record){.priority = 0, .target = "b.test", .port = -1});
    build_https_record(s.name, (facts_https_record){SERVICE});
    spoil_https(&s);
    assert_findings(&s, RULE_PORT_CLOSED, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    build_https_record(s.name, (facts_https_record){.priority = 1, .target = ".", .port = 8443});
    spoil_https(&s);
    assert_findings(&s, RULE_PORT_CLOSED, RULE_HTTPS_RECORD_PORT, RULE_HTTPS_RECORD, RULE_COUNT);
}

static void who_may_issue(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    build_caa(s.name, 0, SPAN("issue"), SPAN(";"));
    assert_findings(&s, RULE_CAA_FORBIDS, RULE_COUNT);
    set_up(&s);
    build_caa(s.name, 0, SPAN("ISSUE"), SPAN(" "));
    assert_findings(&s, RULE_CAA_FORBIDS, RULE_COUNT);
    set_up(&s);
    build_caa(s.name, 0, SPAN("issue"), SPAN(";"));
    build_caa(s.name, 0, SPAN("issue"), SPAN(" ca.test; account=1"));
    assert_findings(&s, RULE_COUNT);
    /* iodef alone forbids nothing; issuewild nothing but wildcards. */
    set_up(&s);
    build_caa(s.name, 0, SPAN("iodef"), SPAN("mailto:a@a.test"));
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    build_caa(s.name, 0, SPAN("issue"), SPAN("ca.test"));
    build_caa(s.name, 0, SPAN("issuewild"), SPAN(";"));
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    build_caa(s.name, 0, SPAN("issue"), SPAN("ca.test"));
    build_caa(s.name, 0, SPAN("issuewild"), SPAN(";"));
    build_certificate(&s.hop->exchange, 0)->names = wildcard;
    assert_findings(&s, RULE_CAA_FORBIDS, RULE_COUNT);
    set_up(&s);
    build_caa(s.name, 0, SPAN("issue"), SPAN(";"));
    build_caa(s.name, 0, SPAN("issuewild"), SPAN("ca.test"));
    build_certificate(&s.hop->exchange, 0)->names = wildcard;
    assert_findings(&s, RULE_COUNT);
}

static void tags_and_failures_of_caa(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    build_caa(s.name, 128, SPAN("tbs"), SPAN("x"));
    assert_findings(&s, RULE_CAA_CRITICAL, RULE_COUNT);
    set_up(&s);
    build_caa(s.name, 128, SPAN("issue"), SPAN("ca.test"));
    build_caa(s.name, 0, SPAN("tbs"), SPAN("x"));
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    s.name->caa.status = FACTS_DNS_SERVER_FAILURE;
    s.name->caa.at = "test";
    assert_findings(&s, RULE_CAA_FAILED, RULE_COUNT);
}

/* The place of a finding about a record is the record: also of one that lies above the name. */
static void findings_are_at_their_records(void **state)
{
    const finding_place *place;
    scene s;

    (void)state;
    set_up(&s);
    build_caa(s.name, 0, SPAN("issue"), SPAN(";"));
    s.name->caa.at = "test";
    build_https_record(s.name, (facts_https_record){SERVICE});
    s.name->https.name = "_8443._https.a.test";
    s.name->aaaa.status = FACTS_DNS_SERVER_FAILURE;
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    rule_judge(&s.site, NOW, &s.site.arena, &s.report);
    assert_int_equal(s.report.findings.count, 3);
    for (size_t i = 0; i < 3; i++) {
        static const struct {
            rule_id rule;
            const char *owner, *type;
        } wanted[] = {{RULE_DNS_FAMILY_FAILED, "a.test", "AAAA"},
                      {RULE_CAA_FORBIDS, "test", "CAA"},
                      {RULE_HTTPS_RECORD, "_8443._https.a.test", "HTTPS"}};

        place = &s.report.findings.items[i].place;
        assert_int_equal(s.report.findings.items[i].rule, wanted[i].rule);
        assert_int_equal(place->kind, FINDING_AT_RECORD);
        assert_string_equal(place->owner, wanted[i].owner);
        assert_string_equal(place->type, wanted[i].type);
    }
    facts_site_done(&s.site);
    set_up(&s);
    build_alias(s.name, "b.test");
    s.name->a = s.name->aaaa = (facts_addresses){FACTS_DNS_NAME_UNKNOWN, NULL, 0};
    agent_judge_seen(&(agent_judging){.now = NOW}, &s.site);
    rule_judge(&s.site, NOW, &s.site.arena, &s.report);
    assert_string_equal(s.report.findings.items[0].place.type, "CNAME");
    assert_string_equal(s.report.findings.items[0].place.owner, "a.test");
    facts_site_done(&s.site);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_has_no_findings),
        cmocka_unit_test(what_this_machine_could_not_ask_is_no_finding),
        cmocka_unit_test(addresses),
        cmocka_unit_test(https_records_that_can_be_used),
        cmocka_unit_test(https_records_that_lead_astray),
        cmocka_unit_test(http3_is_not_checked),
        cmocka_unit_test(an_https_record_needs_https),
        cmocka_unit_test(who_may_issue),
        cmocka_unit_test(tags_and_failures_of_caa),
        cmocka_unit_test(findings_are_at_their_records),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
