#include "base/idna.h"

#include <unicode/uidna.h>

/* CheckBidi and CheckJoiners on, UseSTD3ASCIIRules and transitional processing off: "domain to ASCII" of the WHATWG URL
 * standard. */
#define OPTIONS                                                                                                        \
    (UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE)

/* CheckHyphens and VerifyDnsLength off. Lengths and empty labels are the engine's business. */
#define PASSED_OVER                                                                                                    \
    (UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4 | UIDNA_ERROR_EMPTY_LABEL |     \
     UIDNA_ERROR_LABEL_TOO_LONG | UIDNA_ERROR_DOMAIN_NAME_TOO_LONG)

#define CAPITAL_SHARP_S "\xe1\xba\x9e" /* U+1E9E */
#define SHARP_S "\xc3\x9f"             /* U+00DF */

/*
 * The capital sharp s is a sharp s in UTS 46 since Unicode 15.1, and so in today's browsers; ICU before 74 still makes
 * "ss" of it, which is another name.
 */
static size_t lower_sharp_s(const char *name, size_t length, char *out)
{
    const size_t capital = sizeof CAPITAL_SHARP_S - 1, small = sizeof SHARP_S - 1;
    size_t written = 0;

    for (size_t i = 0; i < length;) {
        if (length - i >= capital && memcmp(name + i, CAPITAL_SHARP_S, capital) == 0) {
            memcpy(out + written, SHARP_S, small);
            written += small;
            i += capital;
        } else {
            out[written++] = name[i++];
        }
    }
    return written;
}

static bool to_ascii(void *self, const char *name, size_t length, char *out, size_t capacity, size_t *out_length)
{
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    char mapped[HF_HOST_TEXT_MAX];
    UIDNA *idna;
    int32_t written;

    (void)self;
    /* ICU counts in 32 bits; the engine never gives more than HF_HOST_TEXT_MAX. */
    if (length > HF_HOST_TEXT_MAX || capacity > INT32_MAX)
        return false;
    length = lower_sharp_s(name, length, mapped);
    idna = uidna_openUTS46(OPTIONS, &status);
    written = uidna_nameToASCII_UTF8(idna, mapped, (int32_t)length, out, (int32_t)capacity, &info, &status);
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

bool base_idna_to_unicode(hf_span name, char *out, size_t capacity, size_t *length)
{
    UErrorCode status = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    UIDNA *idna;
    int32_t written;
    hf_host back;

    if (name.length > HF_HOST_MAX || capacity > INT32_MAX)
        return false;
    idna = uidna_openUTS46(OPTIONS, &status);
    written = uidna_nameToUnicodeUTF8(idna, name.data, (int32_t)name.length, out, (int32_t)capacity, &info, &status);
    uidna_close(idna);
    if (U_FAILURE(status) || hf_host_parse(out, (size_t)written, base_idna(), &back, NULL) != HF_OK ||
        back.length != name.length || memcmp(back.name, name.data, name.length) != 0)
        return false;
    *length = (size_t)written;
    return true;
}
