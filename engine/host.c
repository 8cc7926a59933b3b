/*
 * The canonical host name. RFC 6797 section 10 describes the steps: part the labels, convert each to an A-label, join
 * them with dots. IDNA reaches the engine through a hook.
 */
#include "holdfast/host.h"

#include "ascii.h"
#include "ip.h"

typedef struct reader {
    const char *text;
    size_t length;
    const hf_idna *idna;
    hf_host *host;
    hf_diag problem; /* what will be reported */
} reader;

static hf_status fail(reader *r, hf_status status, size_t offset, size_t length)
{
    r->problem = (hf_diag){status, offset, length, hf_status_text(status)};
    return status;
}

/* The forbidden domain code points of the WHATWG URL standard, in ASCII. All others browsers take as they are. */
static bool is_forbidden(unsigned char c)
{
    static const bool table[256] = {
        ['#'] = true, ['%'] = true, ['/'] = true,  [':'] = true, ['<'] = true, ['>'] = true, ['?'] = true,
        ['@'] = true, ['['] = true, ['\\'] = true, [']'] = true, ['^'] = true, ['|'] = true, [0x7f] = true,
    };
    return c <= 0x20 || table[c];
}

/*
 * The length of the dot at `at`, or 0. UTS 46 reads three more characters as full stops:
 * U+3002 ideographic, U+FF0E full-width, U+FF61 half-width ideographic.
 */
static size_t dot_length(const reader *r, size_t at)
{
    static const char wide[3][4] = {"\xe3\x80\x82", "\xef\xbc\x8e", "\xef\xbd\xa1"};

    if ((unsigned char)r->text[at] < 0x80)
        return r->text[at] == '.';
    for (size_t i = 0; i < 3; i++) {
        if (r->length - at >= 3 && memcmp(r->text + at, wide[i], 3) == 0)
            return 3;
    }
    return 0;
}

/*
 * Adds `length` octets of a converted label; the offsets are where it stood in the text, for the error.
 * [RFC6797 10-3] "[...] concatenate all the labels in the sequence, in order, into a string, separating each label from
 * the next with a %x2E (".") character."
 */
static hf_status append_label(reader *r, const char *label, size_t length, size_t at, size_t text_length)
{
    hf_host *host = r->host;

    if (length == 0)
        return fail(r, HF_E_HOST_LABEL_EMPTY, at, text_length);
    if (length > HF_LABEL_MAX)
        return fail(r, HF_E_LABEL_TOO_LONG, at, text_length);
    if (host->length + (host->length > 0) + length > HF_HOST_MAX)
        return fail(r, HF_E_HOST_TOO_LONG, at, text_length);
    if (host->length > 0)
        host->name[host->length++] = '.';
    for (size_t i = 0; i < length; i++)
        host->name[host->length++] = (char)hf__lower((unsigned char)label[i]);
    return HF_OK;
}

/* [RFC6797 10-2] "When implementing IDNA2008, convert, validate, and test each A-label and U-label": the hook does. */
static hf_status convert_label(reader *r, size_t at, size_t length)
{
    char ascii[HF_LABEL_MAX];
    size_t ascii_length;

    if (r->idna == NULL)
        return fail(r, HF_E_HOST_NO_IDNA, at, length);
    if (!r->idna->to_ascii(r->idna->self, r->text + at, length, ascii, sizeof ascii, &ascii_length))
        return fail(r, HF_E_HOST_IDNA, at, length);
    /* The hook is not of this library: what it gives must be a label too. */
    for (size_t i = 0; i < ascii_length; i++) {
        unsigned char c = (unsigned char)ascii[i];
        if (is_forbidden(c) || c == '.' || c >= 0x80)
            return fail(r, HF_E_HOST_CHARACTER, at, length);
    }
    return append_label(r, ascii, ascii_length, at, length);
}

static bool is_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] >= 0x80)
            return false;
    }
    return true;
}

/* A label that is ASCII already stays as it is, even one that IDNA would refuse (a_b, -a, xn--0): browsers resolve those. */
static hf_status read_label(reader *r, size_t at, size_t length)
{
    if (is_ascii(r->text + at, length))
        return append_label(r, r->text + at, length, at, length);
    return convert_label(r, at, length);
}

/*
 * [RFC6797 10-1] "Convert the input putative domain name string to an order-preserving sequence of individual label
 * strings."
 */
static hf_status read_labels(reader *r)
{
    size_t start = 0, dot;
    hf_status status;

    for (size_t at = 0; at<r->length; at += dot> 0 ? dot : 1) {
        dot = dot_length(r, at);
        if (dot == 0)
            continue;
        status = read_label(r, start, at - start);
        if (status != HF_OK)
            return status;
        start = at + dot;
    }
    /* One dot at the end means the root, and is no label. */
    return start < r->length ? read_label(r, start, r->length - start) : HF_OK;
}

/* WHATWG: a name whose last label is a number is an IPv4 address or nothing. */
static hf_status settle_ipv4(reader *r)
{
    hf_host *host = r->host;
    char address[HF__IPV4_TEXT_MAX];
    size_t length;

    if (!hf__ends_in_number(host->name, host->length))
        return HF_OK;
    if (!hf__ipv4_canonical(host->name, host->length, address, &length))
        return fail(r, HF_E_HOST_IPV4, 0, r->length);
    host->kind = HF_HOST_IPV4;
    host->length = length;
    memcpy(host->name, address, length);
    return HF_OK;
}

static hf_status read_name(reader *r)
{
    hf_status status;

    /* Before any label: a name with a forbidden character is nobody's, while one with an empty label browsers still open. */
    for (size_t i = 0; i < r->length; i++) {
        if (is_forbidden((unsigned char)r->text[i]))
            return fail(r, HF_E_HOST_CHARACTER, i, 1);
    }
    r->host->kind = HF_HOST_NAME;
    status = read_labels(r);
    return status == HF_OK ? settle_ipv4(r) : status;
}

static hf_status read_ipv6(reader *r, size_t at, size_t length)
{
    char address[HF__IPV6_TEXT_MAX];

    if (!hf__ipv6_canonical(r->text + at, length, address, &r->host->length))
        return fail(r, HF_E_HOST_IPV6, 0, r->length);
    r->host->kind = HF_HOST_IPV6;
    memcpy(r->host->name, address, r->host->length);
    return HF_OK;
}

static size_t count_octet(const char *text, size_t length, char octet)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == octet;
    return count;
}

static hf_status read_host(reader *r)
{
    if (r->length == 0)
        return fail(r, HF_E_HOST_EMPTY, 0, 0);
    if (r->length > HF_HOST_TEXT_MAX)
        return fail(r, HF_E_HOST_TEXT_TOO_LONG, HF_HOST_TEXT_MAX, r->length - HF_HOST_TEXT_MAX);
    if (r->text[0] == '[') {
        if (r->text[r->length - 1] != ']')
            return fail(r, HF_E_HOST_IPV6, 0, r->length);
        return read_ipv6(r, 1, r->length - 2);
    }
    /* One colon is most likely a port, which has no place here; two or more can only mean IPv6. */
    if (count_octet(r->text, r->length, ':') >= 2)
        return read_ipv6(r, 0, r->length);
    return read_name(r);
}

/*
 * [RFC6797 8-1] All names "are already IDNA-canonicalized": whatever else takes a hf_host relies on this.
 * [RFC6797 10-4] A name that "was not successfully IDNA-canonicalized" is no host, so nothing can be known about it.
 */
hf_status hf_host_parse(const char *text, size_t length, const hf_idna *idna, hf_host *host, hf_diag *diag)
{
    hf_host result = {.length = 0};
    reader r = {.text = text, .length = length, .idna = idna, .host = &result};
    hf_status status;

    if ((text == NULL && length > 0) || host == NULL)
        return HF_E_ARGUMENT;
    status = read_host(&r);
    if (status == HF_OK) {
        result.name[result.length] = '\0';
        *host = result;
    } else if (diag != NULL) {
        *diag = r.problem;
    }
    return status;
}

bool hf_host_is_localhost(const hf_host *host)
{
    static const char word[] = "localhost";
    size_t length = sizeof word - 1;

    if (host->kind != HF_HOST_NAME || host->length < length)
        return false;
    if (memcmp(host->name + host->length - length, word, length) != 0)
        return false;
    return host->length == length || host->name[host->length - length - 1] == '.';
}
