/*
 * Names of a certificate against a host, beside a simple model: label by label. The first line of the input is the
 * host, each further one a name; the certificate holds them all.
 */
#include "tls/verify.h"

#include "holdfast/host.h"

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

#define LABELS_MAX 512

typedef struct label {
    const char *text;
    size_t length;
} label;

static size_t split(const char *text, size_t length, label labels[static LABELS_MAX])
{
    size_t count = 0, from = 0;

    for (size_t i = 0; i <= length && count < LABELS_MAX; i++)
        if (i == length || text[i] == '.') {
            labels[count++] = (label){text + from, i - from};
            from = i + 1;
        }
    return count;
}

static bool is_equal(label a, label b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++) {
        unsigned char x = (unsigned char)a.text[i], y = (unsigned char)b.text[i];
        bool letters = (x | 32) >= 'a' && (x | 32) <= 'z' && x < 128;

        if (x != y && !(letters && (x ^ y) == 32))
            return false;
    }
    return true;
}

/* What a browser would say. */
static bool model(const char *name, size_t length, const char *host)
{
    label names[LABELS_MAX], hosts[LABELS_MAX];
    size_t count = split(name, length, names), host_count = split(host, strlen(host), hosts);
    bool star = count > 2 && names[0].length == 1 && names[0].text[0] == '*';
    bool rest = count == host_count, first;

    for (size_t i = 1; rest && i < count; i++)
        rest = is_equal(names[i], hosts[i]);
    first = rest && (is_equal(names[0], hosts[0]) || star);
    return first;
}

static void add_name(GENERAL_NAMES *names, const char *text, size_t length)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *string = ASN1_IA5STRING_new();

    check(name != NULL && string != NULL && ASN1_STRING_set(string, text, (int)length) == 1);
    GENERAL_NAME_set0_value(name, GEN_DNS, string);
    check(sk_GENERAL_NAME_push(names, name) > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = text + size, *line = size > 0 ? memchr(text, '\n', size) : NULL;
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    X509 *leaf = X509_new();
    tls_verify_record record = {0};
    bool expected = false, found;
    hf_host host;

    check(names != NULL && leaf != NULL);
    if (line != NULL && hf_host_parse(text, (size_t)(line - text), NULL, &host, NULL) == HF_OK &&
        host.kind == HF_HOST_NAME) {
        while (line != NULL && line < end) {
            const char *from = line + 1, *next = from < end ? memchr(from, '\n', (size_t)(end - from)) : NULL;
            size_t length = (size_t)((next != NULL ? next : end) - from);

            add_name(names, from, length);
            expected |= model(from, length, host.name);
            line = next;
        }
        check(X509_add1_ext_i2d(leaf, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1);
        found = tls_verify_host(leaf, host.name, false, &record);
        check(found == expected);
        check(record.count == (found ? 0 : 1));
    }
    GENERAL_NAMES_free(names);
    X509_free(leaf);
    return 0;
}
