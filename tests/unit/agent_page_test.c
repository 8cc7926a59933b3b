/* Which of several errors browsers show. */
#include "agent/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const agent_page *page_of(const char *first, int first_depth, const char *second, int second_depth)
{
    facts_tls_error errors[] = {{first, "", 1, first_depth, 0}, {second, "", 2, second_depth, 0}};
    facts_tls tls = {.errors = errors, .error_count = second != NULL ? 2 : 1};

    return agent_page_of_chain(&tls);
}

static void one_error(void **state)
{
    static const struct {
        const char *code;
        int depth;
        const char *chrome, *firefox;
        bool bypass;
    } cases[] = {
        {"expired", 0, "NET::ERR_CERT_DATE_INVALID", "SEC_ERROR_EXPIRED_CERTIFICATE", true},
        {"expired", 1, "NET::ERR_CERT_DATE_INVALID", "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE", true},
        {"not-yet-valid", 0, "NET::ERR_CERT_DATE_INVALID", "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE", true},
        {"name-mismatch", 0, "NET::ERR_CERT_COMMON_NAME_INVALID", "SSL_ERROR_BAD_CERT_DOMAIN", true},
        {"self-signed", 0, "NET::ERR_CERT_AUTHORITY_INVALID", "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", true},
        {"issuer-missing", 0, "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", true},
        {"untrusted-root", 2, "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_UNKNOWN_ISSUER", true},
        {"revoked", 0, "NET::ERR_CERT_REVOKED", "SEC_ERROR_REVOKED_CERTIFICATE", false},
        {"never-heard-of", 0, "NET::ERR_CERT_INVALID", NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const agent_page *page = page_of(cases[i].code, cases[i].depth, NULL, 0);

        assert_string_equal(page->chrome, cases[i].chrome);
        assert_true(page->firefox == cases[i].firefox || strcmp(page->firefox, cases[i].firefox) == 0);
        assert_int_equal(page->bypass, cases[i].bypass);
        assert_true(page->tls);
    }
}

static void the_most_serious(void **state)
{
    (void)state;
    assert_string_equal(page_of("expired", 0, "name-mismatch", 0)->cause, "name-mismatch");
    assert_string_equal(page_of("name-mismatch", 0, "self-signed", 0)->cause, "self-signed");
    assert_string_equal(page_of("issuer-missing", 0, "signature-unchecked", 0)->cause, "issuer-missing");
    assert_string_equal(page_of("self-signed", 0, "revoked", 0)->cause, "revoked");
    assert_string_equal(page_of("revoked", 0, "not-an-authority", 1)->cause, "not-an-authority");
    assert_string_equal(page_of("never-heard-of", 0, "weak-key", 0)->cause, "weak-key");
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
