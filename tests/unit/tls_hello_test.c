/* A ClientHello that is written by hand: OpenSSL's server takes it, and what it answers is read, piece by piece. */
#include "tls/hello.h"
#include "tls/offers.h"

#include <openssl/ssl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define CODES(list) ((tls_codes){list, sizeof(list) / sizeof *(list)})
#define ROUND_MAX 65536

static SSL_CTX *make_server(void)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();

    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 86400);
    X509_set_pubkey(certificate, key);
    assert_int_not_equal(X509_sign(certificate, key, EVP_sha256()), 0);
    SSL_CTX_set_security_level(context, 0);
    assert_int_equal(SSL_CTX_use_certificate(context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return context;
}

/* What a server that speaks up to `version` answers; returns its length. */
static size_t answer(const tls_hello *hello, int version, char out[static ROUND_MAX])
{
    SSL_CTX *context = make_server();
    SSL *ssl = SSL_new(context);
    BIO *in = BIO_new(BIO_s_mem()), *back = BIO_new(BIO_s_mem());
    base_buffer record;
    int length;

    base_buffer_init(&record, TLS_HELLO_MAX);
    tls_hello_write(hello, &record);
    assert_false(record.failed);
    SSL_set_min_proto_version(ssl, TLS1_VERSION);
    SSL_set_max_proto_version(ssl, version);
    BIO_write(in, record.data, (int)record.length);
    SSL_set_bio(ssl, in, back);
    SSL_accept(ssl);
    length = BIO_read(back, out, ROUND_MAX);
    base_buffer_done(&record);
    SSL_free(ssl);
    SSL_CTX_free(context);
    return length > 0 ? (size_t)length : 0;
}

/* All but the whole is not enough, and nothing behind it changes what it says. */
static void read_all(const char *bytes, size_t length, tls_exchange (*exchange_of)(uint16_t), tls_reply_state state,
                     tls_reply *reply)
{
    tls_reply again;
    size_t enough = 0;

    while (tls_reply_read(bytes, enough, exchange_of, reply) == TLS_REPLY_MORE && enough < length)
        enough++;
    assert_int_equal(tls_reply_read(bytes, enough, exchange_of, reply), state);
    assert_int_equal(tls_reply_read(bytes, length, exchange_of, &again), state);
    assert_memory_equal(reply, &again, sizeof again);
}

static tls_exchange as_ecdh(uint16_t suite)
{
    (void)suite;
    return TLS_EXCHANGE_ECDH;
}

static void a_browsers_hello_is_as_large_as_a_browsers(void **state)
{
    base_buffer large, small;
    tls_hello hello = tls_offer_of_browser("www.example.org", false);

    (void)state;
    base_buffer_init(&large, TLS_HELLO_MAX);
    base_buffer_init(&small, TLS_HELLO_MAX);
    tls_hello_write(&hello, &large);
    hello = tls_offer_of_browser("www.example.org", true);
    tls_hello_write(&hello, &small);
    assert_in_range(large.length, 1780, 2020); /* Chromium 156: 1,925 and 2,010; Firefox 153: 1,889 */
    assert_in_range(small.length, 400, 800);
    base_buffer_done(&large);
    base_buffer_done(&small);
}

/* FIPS 203 7.2: what a server checks of the key before it uses it. */
static void the_key_is_one_that_a_server_takes(void **state)
{
    static const char start[] = "\x11\xec\x04\xc0";
    const tls_hello hello = tls_offer_of_browser("a.test", false);
    base_buffer record;
    const unsigned char *key;
    size_t at = 0;

    (void)state;
    base_buffer_init(&record, TLS_HELLO_MAX);
    tls_hello_write(&hello, &record);
    while (memcmp(record.data + at, start, sizeof start - 1) != 0)
        assert_true(++at + sizeof start < record.length);
    key = (const unsigned char *)record.data + at + sizeof start - 1;
    for (size_t i = 0; i < 1152; i += 3) {
        assert_true((key[i] | (key[i + 1] & 15u) << 8) < 3329);
        assert_true((key[i + 1] >> 4 | (unsigned)key[i + 2] << 4) < 3329);
    }
    base_buffer_done(&record);
}

static void openssl_takes_it(void **state)
{
    char bytes[ROUND_MAX];
    tls_reply reply;

    (void)state;
    for (int small = 0; small < 2; small++) {
        const tls_hello hello = tls_offer_of_browser("a.test", small != 0);
        size_t length = answer(&hello, TLS1_3_VERSION, bytes);

        read_all(bytes, length, NULL, TLS_REPLY_HELLO, &reply);
        assert_int_equal(reply.version, TLS_1_3);
        assert_int_equal(reply.suite, 0x1301);
        assert_int_equal(reply.group, 29);
        length = answer(&hello, TLS1_2_VERSION, bytes);
        read_all(bytes, length, as_ecdh, TLS_REPLY_HELLO, &reply);
        assert_int_equal(reply.version, TLS_1_2);
        assert_int_equal(reply.suite, 0xc02b);
        assert_int_equal(reply.group, 29);
        assert_int_equal(reply.signature, 0x0403);
        assert_true(reply.secure_renegotiation);
        assert_true(reply.extended_master_secret);
        assert_true(reply.tickets);
        assert_false(reply.deflate);
    }
}

/* Without a share the server names the group that it wants (HelloRetryRequest). */
static void a_hello_without_a_share_is_answered_with_the_group(void **state)
{
    static const uint16_t versions[] = {TLS_1_3}, suites[] = {0x1303}, groups[] = {25, 24}, signatures[] = {0x0403};
    const tls_hello hello = {.version = TLS_1_2,
                             .versions = CODES(versions),
                             .suites = CODES(suites),
                             .groups = CODES(groups),
                             .signatures = CODES(signatures)};
    char bytes[ROUND_MAX];
    tls_reply reply;

    (void)state;
    read_all(bytes, answer(&hello, TLS1_3_VERSION, bytes), NULL, TLS_REPLY_HELLO, &reply);
    assert_int_equal(reply.version, TLS_1_3);
    assert_int_equal(reply.suite, 0x1303);
    assert_in_range(reply.group, 24, 25);
}

static void a_refusal_is_read(void **state)
{
    static const uint16_t suites[] = {0x0004}, groups[] = {29}, signatures[] = {0x0403};
    const tls_hello hello = {
        .version = TLS_1_2, .suites = CODES(suites), .groups = CODES(groups), .signatures = CODES(signatures)};
    char bytes[ROUND_MAX];
    tls_reply reply;

    (void)state;
    read_all(bytes, answer(&hello, TLS1_2_VERSION, bytes), NULL, TLS_REPLY_ALERT, &reply);
    assert_int_equal(reply.alert, 40);
}

static void what_is_no_tls_is_none(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        tls_reply_state state;
    } rows[] = {
        {"", 0, TLS_REPLY_MORE},
        {"HTTP/1.1 400 Bad Request\r\n\r\n", 28, TLS_REPLY_NOT_TLS},
        {"H", 1, TLS_REPLY_NOT_TLS},
        {"\x15\3\3\0\2\1\x70", 7, TLS_REPLY_MORE},                     /* a warning */
        {"\x15\3\3\0\2\1\x70\x15\3\3\0\2\2\x28", 14, TLS_REPLY_ALERT}, /* and then it ends */
        {"\x16\3\3\0\5\1\0\0\1\0", 10, TLS_REPLY_NOT_TLS},             /* a ClientHello */
        {"\x16\3\3\0\4\2\0\0\0", 9, TLS_REPLY_NOT_TLS},                /* an empty ServerHello */
        {"\x16\3\3\xff\xff\2", 6, TLS_REPLY_MORE},
        {"\x16\2\3\0\1\2", 6, TLS_REPLY_NOT_TLS},
        {"\x17\3\3\0\1x", 6, TLS_REPLY_MORE},
    };
    tls_reply reply;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(tls_reply_read(rows[i].bytes, rows[i].length, as_ecdh, &reply), rows[i].state);
}

static void the_name_is_read(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        const char *name; /* NULL: none */
    } rows[] = {
        {"\0\11\0\0\6a.test", 11, "a.test"},
        {"\0\14\0\0\6a.test\0\0\0", 14, "a.test"}, /* the first of two */
        {"\0\11\1\0\6a.test", 11, NULL},           /* a name of another kind */
        {"\0\11\0\0\7a.test", 11, NULL},           /* longer than its list */
        {"\0\12\0\0\6a.test", 11, NULL},           /* a list that is longer than the extension */
        {"\0\11\0\0\6a\0test", 11, NULL},
        {"\0\3\0\0\0", 5, NULL},
        {"\0\0", 2, NULL},
        {"", 0, NULL},
    };
    char name[TLS_HELLO_NAME_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(tls_hello_name((const uint8_t *)rows[i].bytes, rows[i].length, name), rows[i].name != NULL);
        if (rows[i].name != NULL)
            assert_string_equal(name, rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_browsers_hello_is_as_large_as_a_browsers),
        cmocka_unit_test(the_key_is_one_that_a_server_takes),
        cmocka_unit_test(openssl_takes_it),
        cmocka_unit_test(a_hello_without_a_share_is_answered_with_the_group),
        cmocka_unit_test(a_refusal_is_read),
        cmocka_unit_test(what_is_no_tls_is_none),
        cmocka_unit_test(the_name_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
