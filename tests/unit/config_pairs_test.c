/* The files of certificates and keys that a configuration names: each rule from files made on the spot, and near misses
 * of it. */
#include "cmd/config_pairs.h"
#include "config/platform.h"

#include "lib/scratch.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#define DAY 86400
#define PAIR "server {\nlisten 443 ssl;\nreturn 444;\nssl_certificate %s;\nssl_certificate_key %s;\n%s}\n"

static EVP_PKEY *own_key, *other_key, *authority_key;
static X509 *own, *stapled, *authority, *stranger;
static int64_t now;

static X509 *make(const char *name, const char *issuer, EVP_PKEY *key, EVP_PKEY *signer, const char *staple)
{
    X509 *x509 = X509_new();
    X509_NAME *by = X509_NAME_new();

    X509_set_version(x509, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1,
                               0);
    X509_NAME_add_entry_by_txt(by, "CN", MBSTRING_UTF8, (const unsigned char *)issuer, -1, -1, 0);
    X509_set_issuer_name(x509, by);
    X509_NAME_free(by);
    X509_gmtime_adj(X509_getm_notBefore(x509), -DAY);
    X509_gmtime_adj(X509_getm_notAfter(x509), 30L * DAY);
    X509_set_pubkey(x509, key);
    if (staple != NULL) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_tlsfeature, staple);

        X509_add_ext(x509, extension, -1);
        X509_EXTENSION_free(extension);
    }
    assert_true(X509_sign(x509, signer, EVP_sha256()) > 0);
    return x509;
}

static void write_chain(const char *path, X509 *first, X509 *second)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(PEM_write_X509(file, first) > 0);
    assert_true(second == NULL || PEM_write_X509(file, second) > 0);
    assert_int_equal(fclose(file), 0);
}

static void write_key(const char *path, EVP_PKEY *key)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_true(PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) > 0);
    assert_int_equal(fclose(file), 0);
}

static int set_up(void **state)
{
    if (scratch_enter(state) != 0)
        return -1;
    now = (int64_t)time(NULL);
    own_key = EVP_EC_gen("P-256");
    other_key = EVP_EC_gen("P-256");
    authority_key = EVP_EC_gen("P-256");
    own = make("a.test", "CA", own_key, authority_key, NULL);
    stapled = make("a.test", "CA", own_key, authority_key, "status_request");
    authority = make("CA", "CA", authority_key, authority_key, NULL);
    stranger = make("other CA", "other CA", other_key, other_key, NULL);
    write_chain("own.pem", own, NULL);
    write_chain("chain.pem", own, authority);
    write_chain("wrong.pem", own, stranger);
    write_chain("turned.pem", authority, own);
    write_chain("stapled.pem", stapled, authority);
    write_key("own.key", own_key);
    write_key("other.key", other_key);
    scratch_file("text.pem", "nothing\n");
    return 0;
}

static int tear_down(void **state)
{
    X509_free(own);
    X509_free(stapled);
    X509_free(authority);
    X509_free(stranger);
    EVP_PKEY_free(own_key);
    EVP_PKEY_free(other_key);
    EVP_PKEY_free(authority_key);
    return scratch_leave(state);
}

typedef struct pair_case {
    const char *chain, *key, *more;
    int64_t later; /* than the certificates are made */
    rule_id rule;  /* RULE_COUNT: none */
    size_t line;
    const char *mended; /* what is put in; NULL: nothing */
} pair_case;

static void check_case(const pair_case *wanted, const char *root)
{
    config_estate estate = {.root = root};
    const char *text = base_arena_format(&estate.arena, PAIR, wanted->chain, wanted->key, wanted->more);
    config_file *file = config_estate_add(&estate, "a.conf", text, strlen(text));
    const config_platform *platform = config_platform_find("nginx");
    const config_asking asking = {.platform = platform, .files = &file, .file_count = 1};
    config_lint lint;

    config_lint_init(&lint, &estate, (config_version){0});
    assert_true(platform->lint(&asking, &lint, NULL));
    assert_int_equal(lint.findings.count, 0);
    cmd_config_judge_pairs(&lint, now + wanted->later);
    config_lint_finish(&lint);
    if (lint.findings.count != (wanted->rule != RULE_COUNT))
        fail_msg("%s %s: %zu findings", wanted->chain, wanted->key, lint.findings.count);
    if (lint.findings.count > 0) {
        assert_string_equal(rule_find(lint.findings.items[0].rule)->name, rule_find(wanted->rule)->name);
        assert_int_equal(lint.findings.items[0].place.line, wanted->line);
        assert_int_equal(lint.fixes[0].count, wanted->mended != NULL);
        if (wanted->mended != NULL)
            assert_string_equal(lint.fixes[0].edits[0].text, wanted->mended);
    }
    config_lint_done(&lint);
    config_estate_done(&estate);
}

static void pairs_belong_together(void **state)
{
    static const pair_case cases[] = {
        {"own.pem", "own.key", "", 0, RULE_COUNT, 0, NULL},
        {"chain.pem", "own.key", "", 0, RULE_COUNT, 0, NULL},
        {"chain.pem", "other.key", "", 0, RULE_CHAIN_KEY_MISMATCH, 5, NULL},
        {"turned.pem", "own.key", "", 0, RULE_CHAIN_KEY_MISMATCH, 5, NULL},
        {"wrong.pem", "own.key", "", 0, RULE_CHAIN_KEY_MISMATCH, 4, NULL},
        {"chain.pem", "gone.key", "", 0, RULE_COUNT, 0, NULL},
        {"gone.pem", "other.key", "", 0, RULE_COUNT, 0, NULL},
        {"text.pem", "other.key", "", 0, RULE_COUNT, 0, NULL},
        {"/dev/zero", "other.key", "", 0, RULE_COUNT, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i], NULL);
}

static void certificates_expire(void **state)
{
    static const pair_case cases[] = {
        {"chain.pem", "own.key", "", (int64_t)31 * DAY, RULE_CERTIFICATE_FILE_EXPIRED, 4, NULL},
        {"chain.pem", "own.key", "", (int64_t)29 * DAY, RULE_COUNT, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i], NULL);
}

static void certificates_demand_a_staple(void **state)
{
    static const pair_case cases[] = {
        {"stapled.pem", "own.key", "", 0, RULE_MUST_STAPLE_WITHOUT_STAPLING, 4, "\nssl_stapling on;"},
        {"stapled.pem", "own.key", "ssl_stapling off;\n", 0, RULE_MUST_STAPLE_WITHOUT_STAPLING, 4, "on"},
        {"stapled.pem", "own.key", "ssl_stapling on;\n", 0, RULE_COUNT, 0, NULL},
        {"chain.pem", "own.key", "ssl_stapling off;\n", 0, RULE_COUNT, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i], NULL);
}

static void absolute_paths_count_from_the_root(void **state)
{
    static const pair_case cases[] = {
        {"/etc/nginx/chain.pem", "own.key", "", (int64_t)31 * DAY, RULE_CERTIFICATE_FILE_EXPIRED, 4, NULL},
        {"/chain.pem", "own.key", "", (int64_t)31 * DAY, RULE_CERTIFICATE_FILE_EXPIRED, 4, NULL},
        {"/etc/ssl/chain.pem", "own.key", "", (int64_t)31 * DAY, RULE_COUNT, 0, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_case(&cases[i], scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_belong_together),
        cmocka_unit_test(certificates_expire),
        cmocka_unit_test(certificates_demand_a_staple),
        cmocka_unit_test(absolute_paths_count_from_the_root),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
