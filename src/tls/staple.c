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
static bool is_signed(OCSP_BASICRESP *basic, X509 *issuer, int64_t now)
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
    X509_VERIFY_PARAM_set_time(param, (time_t)now);
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    done = OCSP_basic_verify(basic, known, store, OCSP_TRUSTOTHER) == 1;
    X509_STORE_free(store);
    sk_X509_free(known);
    return done;
}

static facts_staple_problem time_problem(const facts_staple *staple, int64_t now)
{
    if (staple->this_update != HF_TIME_UNKNOWN && staple->this_update > now + TLS_STAPLE_SKEW)
        return FACTS_STAPLE_NOT_YET_VALID;
    if (staple->next_update != HF_TIME_UNKNOWN && staple->next_update < now - TLS_STAPLE_SKEW)
        return FACTS_STAPLE_EXPIRED;
    return FACTS_STAPLE_NONE;
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

static facts_revocation revocation_of(int status)
{
    switch (status) {
    case V_OCSP_CERTSTATUS_GOOD:
        return FACTS_REVOCATION_GOOD;
    case V_OCSP_CERTSTATUS_REVOKED:
        return FACTS_REVOCATION_REVOKED;
    case V_OCSP_CERTSTATUS_UNKNOWN:
        return FACTS_REVOCATION_UNKNOWN;
    default:
        return FACTS_REVOCATION_UNSTATED;
    }
}

/* RFC 5280 5.3.1: CRLReason; 7 is not used. */
static facts_reason reason_of(int number)
{
    static const facts_reason reasons[] = {
        FACTS_REASON_UNSPECIFIED,         FACTS_REASON_KEY_COMPROMISE, FACTS_REASON_CA_COMPROMISE,
        FACTS_REASON_AFFILIATION_CHANGED, FACTS_REASON_SUPERSEDED,     FACTS_REASON_CESSATION_OF_OPERATION,
        FACTS_REASON_CERTIFICATE_HOLD,    FACTS_REASON_OTHER,          FACTS_REASON_REMOVE_FROM_CRL,
        FACTS_REASON_PRIVILEGE_WITHDRAWN, FACTS_REASON_AA_COMPROMISE,
    };

    if (number < 0)
        return FACTS_REASON_NONE;
    return (size_t)number < sizeof reasons / sizeof *reasons ? reasons[number] : FACTS_REASON_OTHER;
}

static void read_single(OCSP_SINGLERESP *single, facts_staple *staple)
{
    ASN1_GENERALIZEDTIME *revoked = NULL, *this_update = NULL, *next_update = NULL;
    int reason = -1, status = OCSP_single_get0_status(single, &reason, &revoked, &this_update, &next_update);

    staple->status = revocation_of(status);
    staple->reason = status == V_OCSP_CERTSTATUS_REVOKED ? reason_of(reason) : FACTS_REASON_NONE;
    staple->revoked_at = time_of(revoked);
    staple->this_update = time_of(this_update);
    staple->next_update = time_of(next_update);
    staple->sct_count = count_scts(single);
}

static facts_staple_problem read_basic(OCSP_BASICRESP *basic, X509 *leaf, X509 *issuer, int64_t now,
                                       facts_staple *staple)
{
    OCSP_SINGLERESP *single = find(basic, leaf, issuer);

    staple->produced_at = time_of(OCSP_resp_get0_produced_at(basic));
    if (single == NULL)
        return FACTS_STAPLE_OTHER_CERTIFICATE;
    read_single(single, staple);
    if (issuer == NULL)
        return FACTS_STAPLE_UNCHECKED_SIGNATURE;
    return is_signed(basic, issuer, now) ? time_problem(staple, now) : FACTS_STAPLE_BAD_SIGNATURE;
}

void tls_staple_read(const void *octets, size_t length, X509 *leaf, X509 *issuer, int64_t now, base_arena *arena,
                     facts_staple *staple)
{
    const unsigned char *from = octets;
    OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &from, (long)length);
    OCSP_BASICRESP *basic = NULL;

    *staple = (facts_staple){.der = {base_arena_copy(arena, octets, length), length},
                             .problem = FACTS_STAPLE_MALFORMED,
                             .produced_at = HF_TIME_UNKNOWN,
                             .this_update = HF_TIME_UNKNOWN,
                             .next_update = HF_TIME_UNKNOWN,
                             .revoked_at = HF_TIME_UNKNOWN};
    if (response != NULL && OCSP_response_status(response) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        staple->problem = FACTS_STAPLE_UNSUCCESSFUL;
    else if (response != NULL)
        basic = OCSP_response_get1_basic(response);
    if (basic != NULL)
        staple->problem = read_basic(basic, leaf, issuer, now, staple);
    OCSP_BASICRESP_free(basic);
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
}
