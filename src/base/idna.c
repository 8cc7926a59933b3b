#include "base/idna.h"

#include <unicode/uidna.h>

/* CheckBidi and CheckJoiners on, UseSTD3ASCIIRules and transitional processing off: "domain to ASCII" of the WHATWG URL standard. */
#define OPTIONS                                                                                                        \
    (UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE)

/* CheckHyphens and VerifyDnsLength off. Lengths and empty labels are the engine's business. */
#define PASSED_OVER                                                                                                    \
    (UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4 | UIDNA_ERROR_EMPTY_LABEL |     \
     UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG)

static bool to_ascii(void *self, const char *name, size_t length, char *out, size_t capacity, size_t *out_length)
{
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna = uidna_openUTS46(OPTIONS, &status);
    int32_t written;

    (void)self;
    /* ICU counts in 32 bits; the engine never gives more than HF_HOST_TEXT_MAX. */
    if (length > HF_HOST_TEXT_MAX || capacity > INT32_MAX)
        status = U_ILLEGAL_ARGUMENT_ERROR;
    written = uidna_nameToASCII_UTF8(idna, name, (int32_t)length, out, (int32_t)capacity, &info, &status);
    uidna_close(idna);
    if (U_FAILURE(status) || (info.errors & ~(uint32_t)PASSED_OVER) != 0)
        return false;
    *out_length = (size_t)written;
    return true;
}

const hf_idna *base_idna(void)
{
    static const hf_idna hook = {to_ascii, NULL};
    return &hook;
}
