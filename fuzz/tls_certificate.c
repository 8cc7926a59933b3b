/* Certificates: whatever a server calls one, all that is read of it is printable, and the leaf_only reading says the same. */
#include "tls/certificate.h"
#include "tls/chain_order.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_text(const char *text)
{
    for (; *text != '\0'; text++)
        check(*text >= ' ' && *text <= '~');
}

static void check_texts(const char *const *items, size_t count, size_t limit)
{
    check(count <= limit);
    for (size_t i = 0; i < count; i++)
        check_text(items[i]);
}

static void check_certificate(const facts_certificate *c)
{
    check_text(c->subject);
    check_text(c->issuer);
    check_text(c->serial);
    check_text(c->key_type);
    check_text(c->signature);
    check(strlen(c->fingerprint) == 64);
    check_texts(c->names, c->name_count, TLS_NAMES_MAX);
    check_texts(c->ocsp_urls, c->ocsp_url_count, TLS_URLS_MAX);
    check_texts(c->issuer_urls, c->issuer_url_count, TLS_URLS_MAX);
    check_texts(c->crl_urls, c->crl_url_count, TLS_URLS_MAX);
}

/* Sent twice, it is the server's own and a duplicate. */
static void check_places(X509 *x509)
{
    STACK_OF(X509) *sent = sk_X509_new_null();
    facts_place places[2];

    check(sent != NULL && sk_X509_push(sent, x509) == 1 && sk_X509_push(sent, x509) == 2);
    tls_chain_places(sent, places, 2);
    check(places[0] == FACTS_PLACE_LEAF && places[1] == FACTS_PLACE_DUPLICATE);
    sk_X509_free(sent);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned char *at = data;
    X509 *x509 = d2i_X509(NULL, &at, (long)size);
    base_arena arena = {0};
    facts_certificate whole, leaf_only;

    if (x509 != NULL) {
        tls_certificate_read(x509, &arena, &whole);
        check_certificate(&whole);
        tls_certificate_read_leaf_only(x509, &arena, &leaf_only);
        check(strcmp(whole.fingerprint, leaf_only.fingerprint) == 0);
        check(whole.not_before == leaf_only.not_before && whole.not_after == leaf_only.not_after);
        check_places(x509);
    }
    X509_free(x509);
    ERR_clear_error();
    base_arena_done(&arena);
    return 0;
}
