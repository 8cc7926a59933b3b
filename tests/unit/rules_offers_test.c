/* What a server offers, what browsers get of it, and what is found: from facts, written down as literals. */
#include "agent/verdict.h"
#include "browsers/offers.h"
#include "lib/facts_builder.h"
#include "rules/judge.h"
#include "tls/offers.h"
#include "tls/registry.h"

#include <cmocka.h>

#define SUITES(list) list, sizeof(list) / sizeof *(list)

static const facts_suite tls13[] = {{0x1302, "TLS_AES_256_GCM_SHA384", "X25519", 0},
                                    {0x1301, "TLS_AES_128_GCM_SHA256", "X25519", 0}};
static const facts_suite tls12[] = {{0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "X25519", 0},
                                    {0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "X25519", 0}};
static const facts_suite static_rsa[] = {{0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", NULL, 0}};
static const facts_suite broken[] = {{0x0005, "TLS_RSA_WITH_RC4_128_SHA", NULL, 0},
                                     {0x0002, "TLS_RSA_WITH_NULL_SHA", NULL, 0},
                                     {0x0003, "TLS_RSA_EXPORT_WITH_RC4_40_MD5", NULL, 0},
                                     {0x0009, "TLS_RSA_WITH_DES_CBC_SHA", NULL, 0},
                                     {0x0018, "TLS_DH_anon_WITH_RC4_128_MD5", NULL, 1024}};
static const facts_suite weak[] = {{0x000a, "TLS_RSA_WITH_3DES_EDE_CBC_SHA", NULL, 0}};
static const facts_suite dhe[] = {{0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", NULL, 1024}};
static const char *const groups[] = {"P-384", "X25519"};

/* A site with TLS 1.2 and 1.3 in good order; a test spoils something. */
static facts_protocol *set_up(facts_site *site)
{
    build_site(site, "a.test", YEAR);
    site->offers.looked = true;
    site->offers.secure_renegotiation = true;
    site->offers.protocols[FACTS_TLS_1_3] =
        (facts_protocol){SUITES(tls13), FACTS_ORDER_SERVER, groups, 2, NULL, 0, false, NULL};
    site->offers.protocols[FACTS_TLS_1_2] =
        (facts_protocol){SUITES(tls12), FACTS_ORDER_SERVER, groups, 2, NULL, 0, false, NULL};
    return site->offers.protocols;
}

/* These and no others; the list ends with RULE_COUNT. Frees the site. */
static void assert_findings(facts_site *site, rule_id first, ...)
{
    finding_judgement report;
    va_list wanted;
    size_t wanted_count = 0;

    agent_judge_seen(&(agent_judging){.now = NOW}, site);
    rule_judge(site, NOW, &site->arena, &report);
    va_start(wanted, first);
    for (rule_id id = first; id != RULE_COUNT; id = va_arg(wanted, rule_id)) {
        bool found = false;

        for (size_t i = 0; i < report.findings.count; i++)
            found = found || report.findings.items[i].rule == id;
        if (!found)
            fail_msg("no %s", rule_find(id)->name);
        wanted_count++;
    }
    va_end(wanted);
    assert_int_equal(report.findings.count, wanted_count);
    facts_site_done(site);
}

static size_t count_findings(facts_site *site)
{
    finding_judgement report;
    size_t count;

    agent_judge_seen(&(agent_judging){.now = NOW}, site);
    rule_judge(site, NOW, &site->arena, &report);
    count = report.findings.count;
    facts_site_done(site);
    return count;
}

static void good_order_has_no_findings(void **state)
{
    facts_site site;

    (void)state;
    set_up(&site);
    assert_int_equal(count_findings(&site), 0);
    set_up(&site)[FACTS_TLS_1_3] = (facts_protocol){0};
    site.offers.looked = false;
    assert_int_equal(count_findings(&site), 0);
}

static void what_protects_nothing_is_a_finding(void **state)
{
    facts_site site;

    (void)state;
    set_up(&site)[FACTS_TLS_1_0] = (facts_protocol){.suites = broken, .suite_count = 5};
    assert_findings(&site, RULE_TLS_BROKEN_CIPHER, RULE_TLS_SMALL_GROUP, RULE_TLS_OLD_VERSION, RULE_COUNT);
    for (size_t i = 0; i < 5; i++) {
        set_up(&site)[FACTS_SSL_3_0] = (facts_protocol){.suites = &broken[i], .suite_count = 1};
        assert_findings(&site, RULE_TLS_BROKEN_CIPHER, RULE_TLS_SSL3,
                        broken[i].dh_bits > 0 ? RULE_TLS_SMALL_GROUP : RULE_COUNT, RULE_COUNT);
    }
    set_up(&site)[FACTS_TLS_1_1] = (facts_protocol){.suites = weak, .suite_count = 1};
    assert_findings(&site, RULE_TLS_WEAK_CIPHER, RULE_TLS_OLD_VERSION, RULE_COUNT);
    set_up(&site)[FACTS_TLS_1_2] = (facts_protocol){.suites = dhe, .suite_count = 1};
    assert_findings(&site, RULE_TLS_SMALL_GROUP, RULE_COUNT);
    set_up(&site)[FACTS_TLS_1_2].deflate = true;
    assert_findings(&site, RULE_TLS_COMPRESSION, RULE_COUNT);
    set_up(&site);
    site.offers.secure_renegotiation = false;
    assert_findings(&site, RULE_TLS_RENEGOTIATION, RULE_COUNT);
}

/* In TLS 1.3 nobody is without it, and where TLS 1.3 was not seen whole nobody says that it is missing.
 * near: tls-no-forward-secrecy, tls-without-13 */
static void what_browsers_get_counts(void **state)
{
    facts_failure late = facts_failure_make(FACTS_PHASE_TLS, FACTS_FAILURE_TLS_TIMEOUT, NULL);
    facts_site site;

    (void)state;
    set_up(&site)[FACTS_TLS_1_2] = (facts_protocol){.suites = static_rsa, .suite_count = 1};
    assert_int_equal(count_findings(&site), 0);
    set_up(&site)[FACTS_TLS_1_2] = (facts_protocol){.suites = static_rsa, .suite_count = 1};
    site.offers.protocols[FACTS_TLS_1_3] = (facts_protocol){0};
    assert_findings(&site, RULE_TLS_NO_FORWARD_SECRECY, RULE_TLS_WITHOUT_13, RULE_COUNT);
    set_up(&site)[FACTS_TLS_1_3] = (facts_protocol){.failure = &late};
    assert_int_equal(count_findings(&site), 0);
}

static void browsers_choose_as_the_order_says(void **state)
{
    facts_site site;
    facts_choice choice;

    (void)state;
    set_up(&site);
    choice = browsers_choose(&site.offers, FACTS_ENGINE_CHROMIUM);
    assert_int_equal(choice.version, FACTS_TLS_1_3);
    assert_string_equal(choice.suite->name, "TLS_AES_256_GCM_SHA384");
    assert_string_equal(choice.group, "X25519");
    site.offers.protocols[FACTS_TLS_1_3].order = FACTS_ORDER_CLIENT;
    choice = browsers_choose(&site.offers, FACTS_ENGINE_FIREFOX);
    assert_string_equal(choice.suite->name, "TLS_AES_128_GCM_SHA256");
    site.offers.protocols[FACTS_TLS_1_3].suite_count = 0;
    choice = browsers_choose(&site.offers, FACTS_ENGINE_CHROMIUM);
    assert_int_equal(choice.version, FACTS_TLS_1_2);
    assert_string_equal(choice.suite->name, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
    site.offers.protocols[FACTS_TLS_1_2] = (facts_protocol){.suites = dhe, .suite_count = 1};
    choice = browsers_choose(&site.offers, FACTS_ENGINE_CHROMIUM);
    assert_true(choice.known);
    assert_null(choice.suite);
    assert_false(browsers_choose(&site.offers, FACTS_ENGINE_SAFARI).known);
    facts_site_done(&site);
}

/* The hello that we send as Chromium, and what we say that Chromium offers. */
static void the_hello_offers_what_the_table_says(void **state)
{
    const browsers_offer *offer = browsers_offer_of(FACTS_ENGINE_CHROMIUM);
    const tls_hello hello = tls_offer_of_browser("a.test", false);

    (void)state;
    for (size_t i = 0; i < hello.suites.count; i++)
        assert_string_equal(tls_suite_name(hello.suites.items[i]), offer->suites[i]);
    assert_null(offer->suites[hello.suites.count]);
    for (size_t i = 0; i < hello.groups.count; i++)
        assert_string_equal(tls_group_name(hello.groups.items[i]), offer->groups[i]);
    assert_null(offer->groups[hello.groups.count]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_order_has_no_findings),
        cmocka_unit_test(what_protects_nothing_is_a_finding),
        cmocka_unit_test(what_browsers_get_counts),
        cmocka_unit_test(browsers_choose_as_the_order_says),
        cmocka_unit_test(the_hello_offers_what_the_table_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
