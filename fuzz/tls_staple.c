/* Stapled OCSP responses: whatever a server staples, nothing is believed that the issuer has not signed. */
#include "tls/staple.h"

#include <openssl/pem.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool condition)
{
    if (!condition)
        abort();
}

#define AT INT64_C(1800000000)

static const char issuer_pem[] = "-----BEGIN CERTIFICATE-----\n"
                                 "MIIBgzCCASmgAwIBAgIUWZQ5HLio+MczN2a1eJwHAlcT1VMwCgYIKoZIzj0EAwIw\n"
                                 "FjEUMBIGA1UEAwwLRnV6eiBpc3N1ZXIwIBcNMjYxMTI2MjIwMTI1WhgPMjEyNjEx\n"
                                 "MDIyMjAxMjVaMBYxFDASBgNVBAMMC0Z1enogaXNzdWVyMFkwEwYHKoZIzj0CAQYI\n"
                                 "KoZIzj0DAQcDQgAEnW4NtLxdbojySfDcYvt8TxbyFftCZtFghAL41GImqDC+D9OA\n"
                                 "i58dATbtvXixxet47Bw531VvNjlF9WJFl8zpR6NTMFEwHQYDVR0OBBYEFNfyJoY0\n"
                                 "7e9eHyR11YEy1xX5Xbn7MB8GA1UdIwQYMBaAFNfyJoY07e9eHyR11YEy1xX5Xbn7\n"
                                 "MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhANBG6udjbyVcCBDC\n"
                                 "ITynJnFHizXZ+4YPCmr+5ohLJbyBAiA3+d15pzaprU3lPR9Zqjvc1K/GI0FtBtfw\n"
                                 "Z0DBQy+FLw==\n"
                                 "-----END CERTIFICATE-----\n";
static const char leaf_pem[] = "-----BEGIN CERTIFICATE-----\n"
                               "MIICVzCCAfygAwIBAgICCrwwCgYIKoZIzj0EAwIwFjEUMBIGA1UEAwwLRnV6eiBp\n"
                               "c3N1ZXIwIBcNMjYxMTI2MjIwMTI2WhgPMjEyNjExMDIyMjAxMjZaMBQxEjAQBgNV\n"
                               "BAMMCWxlYWYudGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGYsgyCv2L7L\n"
                               "3NKFoWCZU9uJoVS1BeESMQPTLd3rexAoJNdG7wBfQ+QvMMYOoamsTHmLahUmY0u2\n"
                               "3SQZOZZORoKjggE4MIIBNDA5BgNVHREEMjAwgglsZWFmLnRlc3SCCyoubGVhZi50\n"
                               "ZXN0hwTAAAIBhxAgAQ24AAAAAAAAAAAAAAABMBEGCCsGAQUFBwEYBAUwAwIBBTBQ\n"
                               "BggrBgEFBQcBAQREMEIwHQYIKwYBBQUHMAGGEWh0dHA6Ly9vY3NwLnRlc3QvMCEG\n"
                               "CCsGAQUFBzAChhVodHRwOi8vY2EudGVzdC9jYS5kZXIwIwYDVR0fBBwwGjAYoBag\n"
                               "FIYSaHR0cDovL2NhLnRlc3QvY3JsMBMGA1UdJQQMMAoGCCsGAQUFBwMBMBgGCisG\n"
                               "AQQB1nkCBAIECgQIAAYAAUEAAUIwHQYDVR0OBBYEFO/nkMYRfgNA/+6K7b8/+V0D\n"
                               "viRTMB8GA1UdIwQYMBaAFNfyJoY07e9eHyR11YEy1xX5Xbn7MAoGCCqGSM49BAMC\n"
                               "A0kAMEYCIQD7flvaebQbndluXNBaBJa5MDDPxDOI4INxIqyWMZghrwIhAL1h0fJ0\n"
                               "S0hQ02pkn6LxOWn6/8nOCcPovPzYFxTsCxFu\n"
                               "-----END CERTIFICATE-----\n";

static X509 *read_pem(const char *text)
{
    BIO *bio = BIO_new_mem_buf(text, -1);
    X509 *x509 = PEM_read_bio_X509(bio, NULL, NULL, NULL);

    BIO_free(bio);
    check(x509 != NULL);
    return x509;
}

static void check_staple(const facts_staple *staple, size_t size)
{
    bool believed = staple->problem == FACTS_STAPLE_NONE;

    check(staple->der.length == size);
    check((unsigned)staple->status <= FACTS_REVOCATION_UNKNOWN && (unsigned)staple->reason <= FACTS_REASON_OTHER);
    check(staple->reason == FACTS_REASON_NONE || staple->status == FACTS_REVOCATION_REVOKED);
    check(!believed || staple->status != FACTS_REVOCATION_UNSTATED);
    check(!believed || staple->next_update == HF_TIME_UNKNOWN || staple->next_update + TLS_STAPLE_SKEW >= AT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static X509 *issuer, *leaf;
    base_arena arena = {0};
    facts_staple staple;

    if (issuer == NULL) {
        issuer = read_pem(issuer_pem);
        leaf = read_pem(leaf_pem);
    }
    tls_staple_read(data, size, leaf, issuer, AT, &arena, &staple);
    check_staple(&staple, size);
    /* Nothing is believed while the issuer is not known. */
    tls_staple_read(data, size, leaf, NULL, AT, &arena, &staple);
    check(staple.problem != FACTS_STAPLE_NONE);
    base_arena_done(&arena);
    return 0;
}
