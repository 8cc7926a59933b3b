/*
 * holdfast/host.h: a host name in the one form in which policies are kept and compared (RFC 6797 sections 8.2, 9 and
 * 10).
 *
 * The canonical form: A-labels in lower case, joined by dots, no dot at the end. IP addresses are told apart in every
 * spelling that browsers know (0x7f.1, 2130706433, [::1]), because no policy may ever apply to one (RFC
 * 6797 8.1.1, 8.3).
 *
 * Names in ASCII are taken as they are, as browsers do: underscores, hyphens at either end and xn-- labels that decode
 * to nothing are kept. A name that holds anything else goes through the caller's IDNA hook, for the tables of Unicode
 * are no part of this library.
 *
 * Nothing here allocates. Thread rule: pure; call from any thread (if the hook may be).
 */
#ifndef HOLDFAST_HOST_H
#define HOLDFAST_HOST_H

#include "holdfast/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HF_HOST_MAX 253       /* octets of a canonical name, without the final dot (RFC 1035 2.3.4) */
#define HF_LABEL_MAX 63       /* octets of one label */
#define HF_HOST_TEXT_MAX 1024 /* octets accepted before conversion */

/*
 * The IDNA hook. Turns a whole name in UTF-8 (never pure ASCII, at most HF_HOST_TEXT_MAX octets) into ASCII: UTS 46
 * ToASCII, non-transitional, with CheckBidi and CheckJoiners, without CheckHyphens, VerifyDnsLength and
 * UseSTD3ASCIIRules, as browsers do. Mapping comes before labels: the dots U+3002, U+FF0E, U+FF61 become dots,
 * full-width letters ASCII, and a soft hyphen nothing. Writes at most `capacity` octets, sets *out_length and returns
 * true; false if the name is no valid UTF-8 or not allowed. What it gives is checked like any other name.
 */
typedef struct hf_idna {
    bool (*to_ascii)(void *self, const char *name, size_t length, char *out, size_t capacity, size_t *out_length);
    void *self;
} hf_idna;

typedef enum hf_host_kind {
    HF_HOST_NAME, /* a DNS name: the only kind that may hold a policy */
    HF_HOST_IPV4, /* an IPv4 address; `name` is its dotted form */
    HF_HOST_IPV6, /* an IPv6 address; `name` is its RFC 5952 form without brackets */
    /*
     * Only from hf_url_parse: legal in a URL, but not a DNS name, because a label is empty or too long. Such a host can
     * never be noted; hf_decide enforces it when it lies below a known host with includeSubDomains. `name` is the
     * longest right-hand part that is a DNS name ("example.com" for "a..example.com"), or empty.
     */
    HF_HOST_OTHER,
} hf_host_kind;

/* A canonical host. A plain value: copy it freely. `name` ends in NUL and holds no other. */
typedef struct hf_host {
    hf_host_kind kind;
    size_t length;
    char name[HF_HOST_MAX + 1];
} hf_host;

/*
 * Reads a host as it stands in a URL's authority or in a configuration, without port; an IPv6 address with or without
 * brackets. One dot at the end is removed. `idna` may be NULL: then only ASCII is understood. HF_HOST_TEXT_MAX is a
 * limit of ours: browsers read longer ones, which shrink under IDNA; here they are refused, and nothing may be
 * requested from what was refused. Fails with HF_E_HOST_*, HF_E_LABEL_TOO_LONG (63) or HF_E_HOST_TOO_LONG (253); `diag`
 * (may be NULL) gives the octets concerned.
 */
HF_API HF_MUST_USE hf_status hf_host_parse(const char *text, size_t length, const hf_idna *idna, hf_host *host,
                                           hf_diag *diag);

/*
 * True for "localhost" and every name below it. Holdfast exempts them from HSTS unless told otherwise (see hosts.h):
 * they never leave the machine, and a policy noted from one developer's server would break all the others. Chromium
 * does the same.
 */
HF_API bool hf_host_is_localhost(const hf_host *host);

#ifdef __cplusplus
}
#endif
#endif
