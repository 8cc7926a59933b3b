/* Which of several errors browsers show. */
#include "agent/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const facts_page *page_of(facts_tls_code first, int first_depth, facts_tls_code second, int second_depth)
{
    facts_tls_error errors[] = {{first, "", 1, first_depth, 0}, {second, "", 2, second_depth, 0}};

    return agent_page_of_chain(&(facts_tls){.errors = errors, .error_count = 2});
}

static void one_error(void **state)
{
    static const struct {
        facts_tls_code code;
        int depth;
        const char *chrome, *firefox;
        bool bypass;
    } cases[] = {
        {FACTS_TLS_EXPIRED, 0, "NET::ERR_CERT_DATE_INVALID", "SEC_ERROR_EXPIRED_CERTIFICATE", true},
        {FACTS_TLS_EXPIRED, 1, "NET::ERR_CERT_DATE_INVALID", "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE", true},
        {FACTS_TLS_NOT_YET_VALID, 0, "NET::ERR_CERT_DATE_INVALID", "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE",
         true},
        {FACTS_TLS_NAME_MISMATCH, 0, "NET::ERR_CERT_COMMON_NAME_INVALID", "SSL_ERROR_BAD_CERT_DOMAIN", true},
        {FACTS_TLS_SELF_SIGNED, 0, "NET::ERR_CERT_AUTHORITY_INVALID", "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", true},
        {FACTS_TLS_ISSUER_MISSING, 0, "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", true},
        {FACTS_TLS_UNTRUSTED_ROOT, 2, "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", true},
        {FACTS_TLS_REVOKED, 0, "NET::ERR_CERT_REVOKED", "SEC_ERROR_REVOKED_CERTIFICATE", false},
        {FACTS_TLS_OTHER, 0, "NET::ERR_CERT_INVALID", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const facts_page *page = page_of(cases[i].code, cases[i].depth, cases[i].code, cases[i].depth);

        assert_string_equal(page->chrome, cases[i].chrome);
        assert_true(page->firefox == cases[i].firefox || strcmp(page->firefox, cases[i].firefox) == 0);
        assert_int_equal(page->bypass, cases[i].bypass);
        assert_true(page->tls);
    }
}

static void the_most_serious(void **state)
{
    (void)state;
    assert_string_equal(page_of(FACTS_TLS_EXPIRED, 0, FACTS_TLS_NAME_MISMATCH, 0)->cause, "name-mismatch");
    assert_string_equal(page_of(FACTS_TLS_NAME_MISMATCH, 0, FACTS_TLS_SELF_SIGNED, 0)->cause, "self-signed");
    assert_string_equal(page_of(FACTS_TLS_ISSUER_MISSING, 0, FACTS_TLS_SIGNATURE_UNCHECKED, 0)->cause,
                        "issuer-missing");
    assert_string_equal(page_of(FACTS_TLS_SELF_SIGNED, 0, FACTS_TLS_REVOKED, 0)->cause, "revoked");
    assert_string_equal(page_of(FACTS_TLS_REVOKED, 0, FACTS_TLS_NOT_AN_AUTHORITY, 1)->cause, "not-an-authority");
    assert_string_equal(page_of(FACTS_TLS_OTHER, 0, FACTS_TLS_WEAK_KEY, 0)->cause, "weak-key");
    assert_null(agent_page_of_chain(&(facts_tls){.error_count = 0}));
}

static void failures(void **state)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_TLS, FACTS_FAILURE_TLS_ALERT, NULL);

    (void)state;
    failure.alert = 40;
    assert_string_equal(agent_page_of_failure(&failure)->firefox, "SSL_ERROR_HANDSHAKE_FAILURE_ALERT");
    failure.alert = 11;
    assert_string_equal(agent_page_of_failure(&failure)->chrome, "ERR_SSL_PROTOCOL_ERROR");
    failure.code = FACTS_FAILURE_TLS_UNRECOGNIZED_NAME;
    assert_string_equal(agent_page_of_failure(&failure)->firefox, "SSL_ERROR_UNRECOGNIZED_NAME_ALERT");
    failure.code = FACTS_FAILURE_CONNECTION_REFUSED;
    assert_string_equal(agent_page_of_failure(&failure)->chrome, "ERR_CONNECTION_REFUSED");
    assert_false(agent_page_of_failure(&failure)->tls);
    failure.code = FACTS_FAILURE_HTTP2_FLOOD;
    assert_null(agent_page_of_failure(&failure)->chrome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_error),
        cmocka_unit_test(the_most_serious),
        cmocka_unit_test(failures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
