#include "tls/staple.h"

#include "tls/certificate.h"
#include "tls/sct.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>

/* True if the answer is about `leaf`; by its number alone when its issuer is not known. */
static bool is_about(OCSP_SINGLERESP *single, const X509 *leaf, const X509 *issuer)
{
    /* OpenSSL's getters take a CERTID that is not const, and give back what is not ours. */
    OCSP_CERTID *id = (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(single), *own;
    ASN1_OBJECT *digest = NULL;
    ASN1_INTEGER *serial = NULL;
    const EVP_MD *md;
    bool same;

    if (OCSP_id_get0_info(NULL, &digest, NULL, &serial, id) != 1)
        return false;
    if (issuer == NULL)
        return ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(leaf)) == 0;
    md = EVP_get_digestbyobj(digest);
    own = md != NULL ? OCSP_cert_to_id(md, leaf, issuer) : NULL;
    same = own != NULL && OCSP_id_cmp(own, id) == 0;
    OCSP_CERTID_free(own);
    return same;
}

static OCSP_SINGLERESP *find(OCSP_BASICRESP *basic, const X509 *leaf, const X509 *issuer)
{
    for (int i = 0; i < OCSP_resp_count(basic); i++)
        if (is_about(OCSP_resp_get0(basic, i), leaf, issuer))
            return OCSP_resp_get0(basic, i);
    return NULL;
}

/* RFC 6960 4.2.2.2: it must be signed by the issuer itself, or by one whom the issuer has appointed. */
static bool is_signed(OCSP_BASICRESP *basic, X509 *issuer, int64_t at)
{
    X509_STORE *store = X509_STORE_new();
    STACK_OF(X509) *known = sk_X509_new_null();
    X509_VERIFY_PARAM *param;
    bool done = false;

    if (store == NULL || known == NULL || X509_STORE_add_cert(store, issuer) != 1 || sk_X509_push(known, issuer) <= 0) {
        X509_STORE_free(store);
        sk_X509_free(known);
        return false;
    }
    param = X509_STORE_get0_param(store);
    X509_VERIFY_PARAM_set_time(param, (time_t)at);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    done = OCSP_basic_verify(basic, known, store, OCSP_TRUSTOTHER) == 1;
    X509_STORE_free(store);
    sk_X509_free(known);
    return done;
}

static const char *time_problem(const tls_staple *staple, int64_t at)
{
    if (staple->this_update != HF_TIME_UNKNOWN && staple->this_update > at + TLS_STAPLE_SKEW)
        return "not-yet-valid";
    if (staple->next_update != HF_TIME_UNKNOWN && staple->next_update < at - TLS_STAPLE_SKEW)
        return "expired";
    return NULL;
}

static int64_t time_of(const ASN1_GENERALIZEDTIME *time)
{
    return time != NULL ? tls_certificate_time(time) : HF_TIME_UNKNOWN;
}

static size_t count_scts(OCSP_SINGLERESP *single)
{
    int at = OCSP_SINGLERESP_get_ext_by_NID(single, NID_ct_cert_scts, -1);

    return at < 0 ? 0 : tls_sct_count_extension(X509_EXTENSION_get_data(OCSP_SINGLERESP_get_ext(single, at)));
}

static void read_single(OCSP_SINGLERESP *single, tls_staple *staple)
{
    static const char *const words[] = {"good", "revoked", "unknown"};
    ASN1_GENERALIZEDTIME *revoked = NULL, *this_update = NULL, *next_update = NULL;
    int reason = -1, status = OCSP_single_get0_status(single, &reason, &revoked, &this_update, &next_update);

    staple->status = status >= 0 && status < 3 ? words[status] : NULL;
    staple->reason = status == V_OCSP_CERTSTATUS_REVOKED && reason >= 0 ? OCSP_crl_reason_str(reason) : NULL;
    staple->revoked_at = time_of(revoked);
    staple->this_update = time_of(this_update);
    staple->next_update = time_of(next_update);
    staple->sct_count = count_scts(single);
}

static const char *read_basic(OCSP_BASICRESP *basic, X509 *leaf, X509 *issuer, int64_t at, tls_staple *staple)
{
    OCSP_SINGLERESP *single = find(basic, leaf, issuer);

    staple->produced_at = time_of(OCSP_resp_get0_produced_at(basic));
    if (single == NULL)
        return "other-certificate";
    read_single(single, staple);
    if (issuer == NULL)
        return "unchecked-signature";
    return is_signed(basic, issuer, at) ? time_problem(staple, at) : "bad-signature";
}

void tls_staple_read(const void *octets, size_t length, X509 *leaf, X509 *issuer, int64_t at, base_arena *arena,
                     tls_staple *staple)
{
    const unsigned char *from = octets;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &from, (long)length);
    OCSP_BASICRESP *basic = NULL;

    *staple = (tls_staple){.der = {base_arena_copy(arena, octets, length), length},
                           .problem = "malformed",
                           .produced_at = HF_TIME_UNKNOWN,
                           .this_update = HF_TIME_UNKNOWN,
                           .next_update = HF_TIME_UNKNOWN,
                           .revoked_at = HF_TIME_UNKNOWN};
    if (response != NULL && OCSP_response_status(response) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        staple->problem = "unsuccessful";
    else if (response != NULL)
        basic = OCSP_response_get1_basic(response);
    if (basic != NULL)
        staple->problem = read_basic(basic, leaf, issuer, at, staple);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
}
