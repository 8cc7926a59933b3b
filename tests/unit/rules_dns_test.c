/* What follows from the DNS facts of a name, written down as literals. */
#include "rules/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795000000)
#define SPAN(text) ((hf_span){text, sizeof(text) - 1})

static const char *const exact[] = {"a.test"}, *const wildcard[] = {"*.test"};
static const char *const here[] = {"192.0.2.1", "192.0.2.2"}, *const elsewhere[] = {"198.51.100.1"};
static const char *const six[] = {"2001:db8::1"};

/* A host in best health with one address, without CAA and HTTPS records; each test spoils something. */
typedef struct scene {
    facts_site site;
    facts_hop hop;
    facts_certificate certificate;
    facts_tls_error error;
    facts_response response;
    hf_field field;
    facts_failure failure;
    facts_address address;
    facts_alias alias;
    facts_https_record records[2];
    facts_caa_record caa[2];
    facts_name *name;
    finding_judgement report;
} scene;

static void set_up(scene *s)
{
    hf_host host;

    memset(s, 0, sizeof *s);
    assert_int_equal(hf_host_parse("a.test", 6, NULL, &host, NULL), HF_OK);
    facts_site_init(&s->site, &host, 443);
    s->field = (hf_field){SPAN("strict-transport-security"), SPAN("max-age=31536000; includeSubDomains")};
    s->response = (facts_response){.version = FACTS_HTTP_1_1, .status = 200, .fields = &s->field, .count = 1};
    s->certificate = (facts_certificate){.subject = "CN=a.test",
                                         .issuer = "CN=I",
                                         .names = exact,
                                         .name_count = 1,
                                         .not_before = NOW - 30 * 86400,
                                         .not_after = NOW + 60 * 86400};
    s->hop = (facts_hop){.url = "https://a.test/", .host = host, .port = 443};
    s->hop.exchange = (facts_exchange){
        .secure = true,
        .response = &s->response,
        .tls = {.established = true, .certificates = &s->certificate, .certificate_count = 1, .errors = &s->error}};
    s->site.chains[FACTS_HTTPS].hops[0] = &s->hop;
    s->site.chains[FACTS_HTTPS].count = 1;
    s->site.names.count = 1;
    s->name = &s->site.names.list[0];
    s->address = (facts_address){here[0], 60};
    *s->name = (facts_name){.host = host,
                            .a = {FACTS_DNS_ANSWERED, &s->address, 1},
                            .aaaa = {FACTS_DNS_NO_DATA, NULL, 0},
                            .caa = {FACTS_DNS_NO_DATA, NULL, s->caa, 0},
                            .https = {FACTS_DNS_NO_DATA, "a.test", s->records, 0}};
}

static void add_record(scene *s, facts_https_record record)
{
    s->name->https.status = FACTS_DNS_ANSWERED;
    s->records[s->name->https.count++] = record;
}

static void add_caa(scene *s, unsigned flags, hf_span tag, hf_span value)
{
    s->name->caa.status = FACTS_DNS_ANSWERED;
    s->name->caa.at = "a.test";
    s->caa[s->name->caa.count++] = (facts_caa_record){.flags = flags, .tag = tag, .value = value};
}

#define SERVICE .priority = 1, .target = ".", .port = -1

/* The ids of all findings are exactly those given; the list ends with RULE_COUNT. Frees the scene. */
static void assert_findings(scene *s, rule_id first, ...)
{
    va_list wanted;
    size_t i = 0;

    rule_judge(&s->site, NOW, &s->site.arena, &s->report);
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
        assert_true(s.report.verdict.complete);
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
    s.alias = (facts_alias){"a.test", "b.test", 60};
    s.name->aliases = &s.alias;
    s.name->alias_count = 1;
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    s.alias = (facts_alias){"a.test", "b.test", 60};
    s.name->aliases = &s.alias;
    s.name->alias_count = 1;
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
    add_record(&s, (facts_https_record){SERVICE});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE, .mandatory = known, .mandatory_count = 2});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE, .mandatory = unknown, .mandatory_count = 1});
    assert_findings(&s, RULE_HTTPS_RECORD_VOID, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE, .mandatory = unknown, .mandatory_count = 1});
    add_record(&s, (facts_https_record){SERVICE});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE});
    add_record(&s, (facts_https_record){SERVICE, .fault = "the record is cut"});
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
    add_record(&s, (facts_https_record){.priority = 1, .target = ".", .port = 8443});
    assert_findings(&s, RULE_HTTPS_RECORD_PORT, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){.priority = 1, .target = ".", .port = 443});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE, .ipv4hint = elsewhere, .ipv4hint_count = 1});
    assert_findings(&s, RULE_HTTPS_RECORD_ADDRESS, RULE_HTTPS_RECORD, RULE_COUNT);
    /* One in common is enough; a family that was not answered contradicts nothing; nor do hints for another name. */
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE, .ipv4hint = here, .ipv4hint_count = 2});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE, .ipv6hint = six, .ipv6hint_count = 1});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){
                       .priority = 1, .target = "b.test", .port = -1, .ipv4hint = elsewhere, .ipv4hint_count = 1});
    assert_findings(&s, RULE_HTTPS_RECORD, RULE_COUNT);
}

static void spoil_https(scene *s)
{
    s->failure = facts_failure_make(FACTS_PHASE_CONNECT, FACTS_FAILURE_CONNECTION_REFUSED, NULL);
    s->hop.exchange.failure = &s->failure;
    s->hop.exchange.response = NULL;
    s->hop.exchange.tls = (facts_tls){0};
    s->site.chains[FACTS_HTTPS].end = FACTS_END_FAILED;
}

static void an_https_record_needs_https(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE});
    spoil_https(&s);
    assert_findings(&s, RULE_PORT_CLOSED, RULE_HTTPS_RECORD_WITHOUT_HTTPS, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){SERVICE});
    s.error = (facts_tls_error){FACTS_TLS_EXPIRED, "certificate has expired", 10, 0, 0};
    s.hop.exchange.tls.error_count = 1;
    assert_findings(&s, RULE_CERT_EXPIRED, RULE_HTTPS_RECORD_WITHOUT_HTTPS, RULE_COUNT);
    /* What it leads elsewhere, by an alias or to another port, is not what was seen to fail; and an alias makes the
     * others void. */
    set_up(&s);
    add_record(&s, (facts_https_record){.priority = 0, .target = "b.test", .port = -1});
    add_record(&s, (facts_https_record){SERVICE});
    spoil_https(&s);
    assert_findings(&s, RULE_PORT_CLOSED, RULE_HTTPS_RECORD, RULE_COUNT);
    set_up(&s);
    add_record(&s, (facts_https_record){.priority = 1, .target = ".", .port = 8443});
    spoil_https(&s);
    assert_findings(&s, RULE_PORT_CLOSED, RULE_HTTPS_RECORD_PORT, RULE_HTTPS_RECORD, RULE_COUNT);
}

static void who_may_issue(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    add_caa(&s, 0, SPAN("issue"), SPAN(";"));
    assert_findings(&s, RULE_CAA_FORBIDS, RULE_COUNT);
    set_up(&s);
    add_caa(&s, 0, SPAN("ISSUE"), SPAN(" "));
    assert_findings(&s, RULE_CAA_FORBIDS, RULE_COUNT);
    set_up(&s);
    add_caa(&s, 0, SPAN("issue"), SPAN(";"));
    add_caa(&s, 0, SPAN("issue"), SPAN(" ca.test; account=1"));
    assert_findings(&s, RULE_COUNT);
    /* iodef alone forbids nothing; issuewild nothing but wildcards. */
    set_up(&s);
    add_caa(&s, 0, SPAN("iodef"), SPAN("mailto:a@a.test"));
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    add_caa(&s, 0, SPAN("issue"), SPAN("ca.test"));
    add_caa(&s, 0, SPAN("issuewild"), SPAN(";"));
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    add_caa(&s, 0, SPAN("issue"), SPAN("ca.test"));
    add_caa(&s, 0, SPAN("issuewild"), SPAN(";"));
    s.certificate.names = wildcard;
    assert_findings(&s, RULE_CAA_FORBIDS, RULE_COUNT);
    set_up(&s);
    add_caa(&s, 0, SPAN("issue"), SPAN(";"));
    add_caa(&s, 0, SPAN("issuewild"), SPAN("ca.test"));
    s.certificate.names = wildcard;
    assert_findings(&s, RULE_COUNT);
}

static void tags_and_failures_of_caa(void **state)
{
    scene s;

    (void)state;
    set_up(&s);
    add_caa(&s, 128, SPAN("tbs"), SPAN("x"));
    assert_findings(&s, RULE_CAA_CRITICAL, RULE_COUNT);
    set_up(&s);
    add_caa(&s, 128, SPAN("issue"), SPAN("ca.test"));
    add_caa(&s, 0, SPAN("tbs"), SPAN("x"));
    assert_findings(&s, RULE_COUNT);
    set_up(&s);
    s.name->caa.status = FACTS_DNS_SERVER_FAILURE;
    s.name->caa.at = "test";
    assert_findings(&s, RULE_CAA_FAILED, RULE_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_has_no_findings),
        cmocka_unit_test(what_this_machine_could_not_ask_is_no_finding),
        cmocka_unit_test(addresses),
        cmocka_unit_test(https_records_that_can_be_used),
        cmocka_unit_test(https_records_that_lead_astray),
        cmocka_unit_test(an_https_record_needs_https),
        cmocka_unit_test(who_may_issue),
        cmocka_unit_test(tags_and_failures_of_caa),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
