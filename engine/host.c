/*
 * The canonical host name. RFC 6797 section 10 describes the steps: part the labels, convert each to an A-label, join
 * them with dots. IDNA reaches the engine through a hook.
 */
#include "holdfast/host.h"

#include "ascii.h"
#include "host_text.h"
#include "ip.h"
#include "unzeroed.h"

typedef struct reader {
    const char *text;
    size_t length, given; /* octets of `text`; of what the caller gave */
    bool converted;       /* `text` is what the IDNA hook made of it */
    bool lenient;         /* what is no DNS name becomes an HF_HOST_OTHER */
    bool root_dot;
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

/* Where a label stands in the text that was given, for the error. After IDNA that is known for the name as a whole
 * only. */
static hf_status fail_label(reader *r, hf_status status, size_t at, size_t length)
{
    return r->converted ? fail(r, status, 0, r->given) : fail(r, status, at, length);
}

static hf_status append_label(reader *r, size_t at, size_t length)
{
    hf_host *host = r->host;

    if (length == 0)
        return fail_label(r, HF_E_HOST_LABEL_EMPTY, at, length);
    if (length > HF_LABEL_MAX)
        return fail_label(r, HF_E_LABEL_TOO_LONG, at, length);
    if (host->length + (host->length > 0) + length > HF_HOST_MAX)
        return fail_label(r, HF_E_HOST_TOO_LONG, at, length);
    if (host->length > 0)
        host->name[host->length++] = '.';
    for (size_t i = 0; i < length; i++)
        host->name[host->length++] = (char)hf__lower((unsigned char)r->text[at + i]);
    return HF_OK;
}

static hf_status read_labels(reader *r)
{
    size_t start = 0;
    hf_status status;

    for (size_t at = 0; at < r->length; at++) {
        if (r->text[at] != '.')
            continue;
        status = append_label(r, start, at - start);
        if (status != HF_OK)
            return status;
        start = at + 1;
    }
    /* One dot at the end means the root, and is no label. */
    return start < r->length ? append_label(r, start, r->length - start) : HF_OK;
}

/* A name with a forbidden character is nobody's, while one with an empty label browsers still open: so this comes
 * before any label. */
static hf_status check_octets(reader *r, bool *ascii)
{
    *ascii = true;
    for (size_t i = 0; i < r->length; i++) {
        unsigned char c = (unsigned char)r->text[i];
        if (is_forbidden(c))
            return fail_label(r, HF_E_HOST_CHARACTER, i, 1);
        *ascii = *ascii && c < 0x80;
    }
    return HF_OK;
}

/* WHATWG: a name whose last label is a number is an IPv4 address or nothing. `length` is without the root's dot. */
static hf_status read_ipv4(reader *r, size_t length)
{
    char address[HF__IPV4_TEXT_MAX];

    if (!hf__ipv4_canonical(r->text, length, address, &r->host->length))
        return fail(r, HF_E_HOST_IPV4, 0, r->given);
    r->host->kind = HF_HOST_IPV4;
    memcpy(r->host->name, address, r->host->length);
    return HF_OK;
}

/* Where the longest right-hand part of the text that is a DNS name begins, dots at its end not counted; `end` if there
 * is none. */
static size_t tail_start(const reader *r, size_t end)
{
    size_t start = end, at = end;

    while (at > 0) {
        size_t label = at;
        while (label > 0 && r->text[label - 1] != '.')
            label--;
        if (label == at || at - label > HF_LABEL_MAX || end - label > HF_HOST_MAX)
            break;
        start = label;
        at = label > 0 ? label - 1 : 0;
    }
    return start;
}

/*
 * Browsers open URLs whose host has an empty or overlong label, and only the resolver then fails, or a proxy is asked
 * for it. Such a name is no DNS name, but it lies below the DNS name that it ends in.
 */
static hf_status settle_other(reader *r)
{
    size_t end = r->length, start;

    while (end > 0 && r->text[end - 1] == '.')
        end--;
    start = hf__ends_in_number(r->text, end) ? end : tail_start(r, end);
    *r->host = (hf_host){.kind = HF_HOST_OTHER, .length = end - start};
    for (size_t i = start; i < end; i++)
        r->host->name[i - start] = (char)hf__lower((unsigned char)r->text[i]);
    return HF_OK;
}

static hf_status read_ascii(reader *r)
{
    bool root_dot = r->length > 1 && r->text[r->length - 1] == '.';
    size_t length = r->length - root_dot;
    hf_status status;

    if (hf__ends_in_number(r->text, length))
        return read_ipv4(r, length);
    r->host->kind = HF_HOST_NAME;
    status = read_labels(r);
    r->root_dot = root_dot && status == HF_OK;
    return status != HF_OK && r->lenient ? settle_other(r) : status;
}

/* The hook is not of this library: what it gives is checked as if it had been given to us. */
static hf_status read_checked(reader *r)
{
    bool ascii;
    hf_status status;

    if (r->length == 0)
        return fail_label(r, HF_E_HOST_EMPTY, 0, 0);
    status = check_octets(r, &ascii);
    if (status == HF_OK && !ascii)
        status = fail_label(r, HF_E_HOST_IDNA, 0, 0);
    return status == HF_OK ? read_ascii(r) : status;
}

static hf_status read_converted(reader *r)
{
    HF__UNZEROED char ascii[HF_HOST_TEXT_MAX];
    reader converted = *r;
    hf_status status;

    if (r->idna == NULL)
        return fail(r, HF_E_HOST_NO_IDNA, 0, r->length);
    if (!r->idna->to_ascii(r->idna->self, r->text, r->length, ascii, sizeof ascii, &converted.length))
        return fail(r, HF_E_HOST_IDNA, 0, r->length);
    converted.text = ascii;
    converted.converted = true;
    status = read_checked(&converted);
    r->problem = converted.problem;
    r->root_dot = converted.root_dot;
    return status;
}

static hf_status read_name(reader *r)
{
    bool ascii;
    hf_status status = check_octets(r, &ascii);

    if (status != HF_OK)
        return status;
    return ascii ? read_ascii(r) : read_converted(r);
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

/* Sets *host, or else r->problem. */
static hf_status read_and_end(reader *r, hf_host *host)
{
    hf_status status = read_host(r);

    if (status != HF_OK)
        return status;
    r->host->name[r->host->length] = '\0';
    *host = *r->host;
    return HF_OK;
}

/*
 * [RFC6797 8-1] All names "are already IDNA-canonicalized": whatever else takes a hf_host relies on this.
 * [RFC6797 10-4] A name that "was not successfully IDNA-canonicalized" is no host, so nothing can be known about it.
 */
hf_status hf_host_parse(const char *text, size_t length, const hf_idna *idna, hf_host *host, hf_diag *diag)
{
    hf_host result = {.length = 0};
    reader r = {.text = text, .length = length, .given = length, .idna = idna, .host = &result};
    hf_status status;

    if ((text == NULL && length > 0) || host == NULL)
        return HF_E_ARGUMENT;
    status = read_and_end(&r, host);
    if (status != HF_OK && diag != NULL)
        *diag = r.problem;
    return status;
}

hf_status hf__host_read(const char *text, size_t length, const hf_idna *idna, hf_host *host, bool *root_dot,
                        hf_diag *diag)
{
    hf_host result = {.length = 0};
    reader r = {.text = text, .length = length, .given = length, .lenient = true, .idna = idna, .host = &result};
    hf_status status = read_and_end(&r, host);

    *root_dot = r.root_dot;
    if (status != HF_OK)
        *diag = r.problem;
    return status;
}

bool hf__host_to_ascii(const char *text, size_t length, const hf_idna *idna, char out[HF_HOST_TEXT_MAX],
                       size_t *out_length)
{
    bool ascii = true;

    for (size_t i = 0; i < length; i++)
        ascii = ascii && (unsigned char)text[i] < 0x80;
    if (!ascii && (idna == NULL || !idna->to_ascii(idna->self, text, length, out, HF_HOST_TEXT_MAX, &length)))
        return false;
    if (ascii)
        memcpy(out, text, length);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = hf__lower((unsigned char)out[i]);
        if (is_forbidden(c) || c >= 0x80)
            return false;
        out[i] = (char)c;
    }
    *out_length = length;
    return true;
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
