/* The table of causes: that it has a row for all that a probe can see, and which of several errors a browser shows. */
#include "browsers/accept.h"
#include "findings/catalogue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static facts_page page_of(facts_tls_code first, int first_depth, facts_tls_code second, int second_depth)
{
    const facts_tls_error errors[] = {{first, "", 1, first_depth, 0}, {second, "", 2, second_depth, 0}};
    facts_page page;

    assert_true(browsers_page_of_errors(errors, 2, &page));
    return page;
}

static void assert_code(const facts_page *page, facts_browser browser, const char *code, bool bypass)
{
    if (code == NULL)
        assert_null(page->shown[browser].code);
    else
        assert_string_equal(page->shown[browser].code, code);
    assert_int_equal(page->shown[browser].bypass, bypass);
}

/* A search for a code without a row would run past the table. */
static size_t rows_of(browsers_sign sign, int code, browsers_place place)
{
    size_t count = 0;

    for (size_t i = 0; i < browsers_cause_count; i++)
        count += browsers_causes[i].sign == sign && browsers_causes[i].code == code && browsers_causes[i].alert == 0 &&
                 (browsers_causes[i].place == BROWSERS_ANYWHERE || browsers_causes[i].place == place);
    return count;
}

static void every_code_has_one_cause(void **state)
{
    (void)state;
    for (int code = 0; code < FACTS_TLS_CODES; code++) {
        assert_int_equal(rows_of(BROWSERS_SIGN_TLS_ERROR, code, BROWSERS_LEAF), 1);
        assert_int_equal(rows_of(BROWSERS_SIGN_TLS_ERROR, code, BROWSERS_ISSUER), 1);
    }
    for (int code = 0; code < FACTS_FAILURES; code++)
        assert_int_equal(rows_of(BROWSERS_SIGN_FAILURE, code, BROWSERS_ANYWHERE), 1);
    for (int code = 0; code < BROWSERS_REDIRECTS; code++)
        assert_int_equal(rows_of(BROWSERS_SIGN_REDIRECT, code, BROWSERS_ANYWHERE), 1);
}

/* A row that stands behind one that fits whatever it fits would never be found. */
static void every_row_can_be_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < browsers_cause_count; i++) {
        const browsers_cause *cause = &browsers_causes[i];
        facts_failure failure = facts_failure_make(FACTS_PHASE_TLS, (facts_code)cause->code, NULL);
        facts_tls_error error = {(facts_tls_code)cause->code, "", 0, cause->place == BROWSERS_ISSUER ? 1 : 0, 0};
        facts_page page = {.id = cause->id};

        failure.alert = cause->alert;
        if (cause->sign == BROWSERS_SIGN_TLS_ERROR)
            assert_true(browsers_page_of_errors(&error, 1, &page));
        else if (cause->sign == BROWSERS_SIGN_FAILURE)
            browsers_page_of_failure(&failure, &page);
        else if (cause->sign == BROWSERS_SIGN_REDIRECT)
            browsers_page_of_redirect((browsers_redirect)cause->code, &page);
        assert_string_equal(page.id, cause->id);
    }
}

/* All browsers refuse an error; one of Chrome and Firefox, and not both, accepts what is disputed. */
static void facts_and_rows_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < browsers_cause_count; i++) {
        const browsers_cause *cause = &browsers_causes[i];
        int takers = cause->shown[FACTS_BROWSER_CHROME].lets_in + (int)cause->shown[FACTS_BROWSER_FIREFOX].lets_in;

        if (cause->sign == BROWSERS_SIGN_TLS_ERROR)
            assert_int_equal(takers, facts_tls_code_is_disputed((facts_tls_code)cause->code) ? 1 : 0);
    }
}

static void every_row_is_whole(void **state)
{
    (void)state;
    assert_true(browsers_cause_count > 90);
    for (size_t i = 0; i < browsers_cause_count; i++) {
        const browsers_cause *cause = &browsers_causes[i];
        facts_page page;

        browsers_page_of_cause(cause, &page);
        assert_true(*page.id != '\0' && *page.cause != '\0' && *page.text != '\0' && *cause->source != '\0');
        assert_true(cause->tls || cause->sign != BROWSERS_SIGN_TLS_ERROR);
        for (int b = 0; b < FACTS_BROWSERS; b++) {
            const char *code = cause->shown[b].code;

            assert_true(code == NULL || *code != '\0');
            /* There is no way past what is no error of a certificate. */
            assert_true(!cause->shown[b].bypass || (code != NULL && cause->tls));
            if (code != NULL && b <= FACTS_BROWSER_EDGE)
                assert_non_null(strstr(code, "ERR_"));
        }
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(browsers_causes[k].id, cause->id);
    }
}

/* Who takes what, and how that is said. */
static void rows_are_told(void **state)
{
    const browsers_cause *row = browsers_accept_find("rsa-1024-private");
    base_arena arena = {0};

    (void)state;
    assert_non_null(row);
    assert_int_equal(browsers_taking_of(&row->shown[FACTS_BROWSER_FIREFOX]), BROWSERS_TAKES);
    assert_int_equal(browsers_taking_of(&row->shown[FACTS_BROWSER_SAFARI]), BROWSERS_REFUSES);
    assert_int_equal(browsers_taking_of(&(facts_shown){"X", true, false}), BROWSERS_WARNS);
    assert_int_equal(browsers_taking_of(&(facts_shown){0}), BROWSERS_NOT_KNOWN);
    assert_string_equal(browsers_accept_text(row->shown, &arena),
                        "Chrome accepts it, Firefox accepts it, Safari refuses it "
                        "(NSURLErrorServerCertificateUntrusted)");
    assert_string_equal(browsers_accept_text(browsers_accept_find("expired")->shown, &arena),
                        "Chrome warns (NET::ERR_CERT_DATE_INVALID), Firefox warns (SEC_ERROR_EXPIRED_CERTIFICATE), "
                        "Safari warns (NSURLErrorServerCertificateHasBadDate)");
    assert_null(browsers_accept_find("no-such-row"));
    base_arena_done(&arena);
}

static void one_error(void **state)
{
    static const struct {
        facts_tls_code code;
        int depth;
        const char *chrome;
        bool chrome_bypass;
        const char *firefox;
        bool firefox_bypass;
    } cases[] = {
        {FACTS_TLS_EXPIRED, 0, "NET::ERR_CERT_DATE_INVALID", true, "SEC_ERROR_EXPIRED_CERTIFICATE", true},
        {FACTS_TLS_EXPIRED, 1, "NET::ERR_CERT_DATE_INVALID", true, "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE", true},
        {FACTS_TLS_NAME_MISMATCH, 0, "NET::ERR_CERT_COMMON_NAME_INVALID", true, "SSL_ERROR_BAD_CERT_DOMAIN", true},
        {FACTS_TLS_UNTRUSTED_ROOT, 2, "NET::ERR_CERT_AUTHORITY_INVALID", true, "SEC_ERROR_UNKNOWN_ISSUER", true},
        {FACTS_TLS_BAD_SIGNATURE, 0, "NET::ERR_CERT_AUTHORITY_INVALID", true, "SEC_ERROR_BAD_SIGNATURE", false},
        {FACTS_TLS_WEAK_SIGNATURE, 0, "NET::ERR_CERT_INVALID", false, "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED",
         true},
        {FACTS_TLS_REVOKED, 0, "NET::ERR_CERT_REVOKED", false, "SEC_ERROR_REVOKED_CERTIFICATE", false},
        {FACTS_TLS_UNKNOWN_EXTENSION, 0, "NET::ERR_CERT_INVALID", false, "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION", false},
        {FACTS_TLS_OTHER, 0, "NET::ERR_CERT_INVALID", false, NULL, false},
        {FACTS_TLS_OLD_VERSION, -1, "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", false, "SSL_ERROR_UNSUPPORTED_VERSION",
         false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        facts_page page = page_of(cases[i].code, cases[i].depth, cases[i].code, cases[i].depth);

        assert_code(&page, FACTS_BROWSER_CHROME, cases[i].chrome, cases[i].chrome_bypass);
        assert_code(&page, FACTS_BROWSER_EDGE, cases[i].chrome, cases[i].chrome_bypass);
        assert_code(&page, FACTS_BROWSER_FIREFOX, cases[i].firefox, cases[i].firefox_bypass);
        assert_int_equal(page.bypass, cases[i].chrome_bypass && cases[i].firefox_bypass);
        assert_string_equal(page.cause, facts_tls_code_name(cases[i].code));
    }
    assert_false(browsers_page_of_errors(NULL, 0, &(facts_page){0}));
}

/* As Chromium 156 and Firefox 153 ESR showed them, of chains with both errors. */
static void two_errors(void **state)
{
    static const struct {
        facts_tls_code first;
        int first_depth;
        facts_tls_code second;
        int second_depth;
        const char *chrome, *firefox, *cause;
        bool bypass;
    } cases[] = {
        {FACTS_TLS_EXPIRED, 0, FACTS_TLS_NAME_MISMATCH, 0, "NET::ERR_CERT_COMMON_NAME_INVALID",
         "SSL_ERROR_BAD_CERT_DOMAIN", "name-mismatch", true},
        {FACTS_TLS_EXPIRED, 1, FACTS_TLS_NAME_MISMATCH, 0, "NET::ERR_CERT_COMMON_NAME_INVALID",
         "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE", "name-mismatch", true},
        {FACTS_TLS_EXPIRED, 0, FACTS_TLS_WRONG_PURPOSE, 0, "NET::ERR_CERT_DATE_INVALID",
         "SEC_ERROR_INADEQUATE_CERT_TYPE", "wrong-purpose", false},
        {FACTS_TLS_WRONG_PURPOSE, 0, FACTS_TLS_NAME_MISMATCH, 0, "NET::ERR_CERT_INVALID",
         "SEC_ERROR_INADEQUATE_CERT_TYPE", "wrong-purpose", false},
        {FACTS_TLS_PATH_LENGTH, 2, FACTS_TLS_NAME_MISMATCH, 0, "NET::ERR_CERT_INVALID",
         "SEC_ERROR_PATH_LEN_CONSTRAINT_INVALID", "path-length", false},
        {FACTS_TLS_SELF_SIGNED, 0, FACTS_TLS_NAME_MISMATCH, 0, "NET::ERR_CERT_AUTHORITY_INVALID",
         "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", "self-signed", true},
        {FACTS_TLS_UNTRUSTED_ROOT, 2, FACTS_TLS_WRONG_PURPOSE, 0, "NET::ERR_CERT_AUTHORITY_INVALID",
         "SEC_ERROR_UNKNOWN_ISSUER", "untrusted-root", true},
        {FACTS_TLS_ISSUER_MISSING, 0, FACTS_TLS_UNKNOWN_EXTENSION, 0, "NET::ERR_CERT_AUTHORITY_INVALID",
         "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION", "unknown-extension", false},
        {FACTS_TLS_NAME_CONSTRAINTS, 0, FACTS_TLS_EXPIRED, 0, "NET::ERR_CERT_DATE_INVALID",
         "SEC_ERROR_CERT_NOT_IN_NAME_SPACE", "name-constraints", false},
        {FACTS_TLS_BAD_SIGNATURE, 0, FACTS_TLS_EXPIRED, 0, "NET::ERR_CERT_AUTHORITY_INVALID", "SEC_ERROR_BAD_SIGNATURE",
         "bad-signature", false},
        {FACTS_TLS_ISSUER_MISSING, 0, FACTS_TLS_SIGNATURE_UNCHECKED, 0, "NET::ERR_CERT_AUTHORITY_INVALID",
         "SEC_ERROR_UNKNOWN_ISSUER", "issuer-missing", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        facts_page page = page_of(cases[i].first, cases[i].first_depth, cases[i].second, cases[i].second_depth);

        assert_string_equal(page.shown[FACTS_BROWSER_CHROME].code, cases[i].chrome);
        assert_string_equal(page.shown[FACTS_BROWSER_FIREFOX].code, cases[i].firefox);
        assert_string_equal(page.cause, cases[i].cause);
        assert_int_equal(page.bypass, cases[i].bypass);
    }
}

static void failures(void **state)
{
    facts_failure failure = facts_failure_make(FACTS_PHASE_TLS, FACTS_FAILURE_TLS_ALERT, NULL);
    facts_page page;

    (void)state;
    failure.alert = 40;
    browsers_page_of_failure(&failure, &page);
    assert_code(&page, FACTS_BROWSER_CHROME, "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", false);
    assert_code(&page, FACTS_BROWSER_FIREFOX, "SSL_ERROR_NO_CYPHER_OVERLAP", false);
    assert_string_equal(page.cause, "tls-alert");
    failure.alert = 11;
    browsers_page_of_failure(&failure, &page);
    assert_code(&page, FACTS_BROWSER_CHROME, "ERR_SSL_PROTOCOL_ERROR", false);
    assert_string_equal(page.text, facts_code_text(FACTS_FAILURE_TLS_ALERT));
    failure.code = FACTS_FAILURE_CONNECTION_REFUSED;
    browsers_page_of_failure(&failure, &page);
    assert_code(&page, FACTS_BROWSER_CHROME, "ERR_CONNECTION_REFUSED", false);
    assert_false(page.tls);
    browsers_page_of_redirect(BROWSERS_REDIRECT_LOOP, &page);
    assert_code(&page, FACTS_BROWSER_FIREFOX, "NS_ERROR_REDIRECT_LOOP", false);
    assert_string_equal(page.cause, "redirect-loop");
}

/* What means the same is said in the same words: a finding's title, a failure's text and a page's text. */
static void same_words(void **state)
{
    static const struct {
        const char *id;
        rule_id rule;
    } pairs[] = {
        {"expired", RULE_CERT_EXPIRED},
        {"issuer-expired", RULE_CERT_CHAIN_EXPIRED},
        {"not-yet-valid", RULE_CERT_NOT_YET_VALID},
        {"name-mismatch", RULE_CERT_WRONG_NAME},
        {"self-signed", RULE_CERT_SELF_SIGNED},
        {"untrusted-root", RULE_CERT_UNKNOWN_ISSUER},
        {"weak-key", RULE_CERT_WEAK_KEY},
        {"weak-signature", RULE_CERT_WEAK_SIGNATURE},
        {"revoked", RULE_CERT_REVOKED},
        {"name-constraints", RULE_CERT_NAME_CONSTRAINTS},
        {"wrong-purpose", RULE_CERT_WRONG_PURPOSE},
        {"not-an-authority", RULE_CERT_NOT_AN_AUTHORITY},
        {"other-error", RULE_CERT_ERROR},
        {"old-version", RULE_TLS_VERSION},
        {"tls-version", RULE_TLS_VERSION},
        {"redirect-loop", RULE_REDIRECT_LOOP},
        {"too-many-redirects", RULE_REDIRECT_TOO_MANY},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        facts_page page;
        size_t k = 0;

        while (k < browsers_cause_count && strcmp(browsers_causes[k].id, pairs[i].id) != 0)
            k++;
        assert_true(k < browsers_cause_count);
        browsers_page_of_cause(&browsers_causes[k], &page);
        assert_string_equal(page.text, rule_find(pairs[i].rule)->title);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_one_cause),
        cmocka_unit_test(every_row_can_be_found),
        cmocka_unit_test(facts_and_rows_agree),
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(rows_are_told),
        cmocka_unit_test(one_error),
        cmocka_unit_test(two_errors),
        cmocka_unit_test(failures),
        cmocka_unit_test(same_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
