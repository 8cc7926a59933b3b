/* The list of extensions: its form, and which of them browsers know. */
#include "tls/strict_state.h"

#include <string.h>

#define COMPARED_MAX 64 /* extensions of which doubles are looked for; real certificates have some ten */

/* Who goes on where it is critical. */
typedef enum knower { NOBODY, CHROME = 1, FIREFOX = 2, BOTH = 3 } knower;

#define ROW(id, kind, knower, firefox_reads)                                                                           \
    {                                                                                                                  \
        {id, sizeof(id) - 1}, TLS_STRICT_##kind, knower, firefox_reads                                                 \
    }
static const struct known {
    hf_span id;
    tls_strict_kind kind;
    knower critical;
    bool firefox_reads; /* it takes an empty value, and a second one, for an error */
} known[] = {
    ROW("\x55\x1d\x0f", USAGE, BOTH, true),
    ROW("\x55\x1d\x11", NAMES, BOTH, true),
    ROW("\x55\x1d\x13", BASIC, BOTH, true),
    ROW("\x55\x1d\x1e", CONSTRAINTS, BOTH, true),
    ROW("\x55\x1d\x20", POLICIES, BOTH, true),
    ROW("\x55\x1d\x24", POLICY_CONSTRAINTS, BOTH, true),
    ROW("\x55\x1d\x25", PURPOSES, BOTH, true),
    ROW("\x55\x1d\x36", INHIBIT, BOTH, true),
    ROW("\x55\x1d\x21", MAPPINGS, CHROME, false),
    ROW("\x55\x1d\x0e", SUBJECT_KEY, NOBODY, false),
    ROW("\x55\x1d\x23", AUTHORITY_KEY, NOBODY, false),
    ROW("\x2b\x06\x01\x05\x05\x07\x01\x01", ACCESS, FIREFOX, true),
    ROW("\x2b\x06\x01\x05\x05\x07\x01\x18", FEATURES, FIREFOX, true),
    ROW("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02", OTHER, FIREFOX, true), /* timestamps of transparency */
    ROW("\x2b\x06\x01\x05\x05\x07\x01\x03", OTHER, FIREFOX, true),         /* qcStatements */
    ROW("\x2b\x06\x01\x05\x05\x07\x30\x01\x05", OTHER, FIREFOX, false),    /* ocsp-nocheck */
    ROW("\x60\x86\x48\x01\x86\xf8\x42\x01\x01", OTHER, FIREFOX, false),    /* Netscape's certificate type */
    ROW("\x2b\x06\x01\x04\x01\x82\x37\x15\x0a", OTHER, CHROME, false),     /* Microsoft's application policies */
};

static const struct known unknown = {.kind = TLS_STRICT_OTHER, .critical = NOBODY};

typedef struct extension {
    hf_span id, value;
    bool critical;
} extension;

static const struct known *find(hf_span id)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (tls_strict_is(id, known[i].id.data, known[i].id.length))
            return &known[i];
    return &unknown;
}

/* X.690 8.2 and 11.1: one octet, all bits of which are one; 11.5: the default value, FALSE, is left out. */
static bool read_critical(hf_span *rest, bool *critical, tls_strict *strict)
{
    tls_der flag;

    *critical = false;
    if (!tls_der_take(rest, TLS_DER_BOOLEAN, &flag))
        return true;
    if (flag.content.length != 1 || (flag.content.data[0] != '\xff' && flag.content.data[0] != '\0'))
        return false;
    *critical = flag.content.data[0] == '\xff';
    if (!*critical)
        tls_strict_add(strict, FACTS_TLS_LOOSE_EXTENSION,
                       "an extension writes out that it is not critical, which must be left out");
    return true;
}

static bool take_extension(hf_span *rest, extension *e, tls_strict *strict)
{
    tls_der whole, id, value;
    hf_span inside;

    if (!tls_der_take(rest, TLS_DER_SEQUENCE, &whole))
        return false;
    inside = whole.content;
    if (!tls_der_take(&inside, TLS_DER_OBJECT, &id) || !read_critical(&inside, &e->critical, strict) ||
        !tls_der_take(&inside, TLS_DER_OCTETS, &value) || inside.length > 0)
        return false;
    e->id = id.content;
    e->value = value.content;
    return true;
}

/* Firefox goes on with Microsoft's and Netscape's where the standard ones are there, Chromium with Microsoft's: they
 * stand there in nearly all cases. */
static void check_critical(const struct known *of, tls_strict *strict)
{
    if (of->critical == NOBODY)
        tls_strict_add(strict, FACTS_TLS_UNKNOWN_EXTENSION, "it has a critical extension that browsers do not know");
    else if (of->critical == CHROME)
        tls_strict_add(strict, FACTS_TLS_UNKNOWN_TO_FIREFOX, "it has a critical extension that Firefox does not know");
    else if (of->critical == FIREFOX)
        tls_strict_add(strict, FACTS_TLS_UNKNOWN_TO_CHROME, "it has a critical extension that Chrome does not know");
}

/* RFC 5280 4.2: "A certificate MUST NOT include more than one instance of a particular extension." */
static void check_double(const extension *seen, size_t count, const struct known *of, tls_strict *strict)
{
    for (size_t i = 0; i + 1 < count; i++)
        if (tls_strict_is(seen[i].id, seen[count - 1].id.data, seen[count - 1].id.length)) {
            tls_strict_add(strict, of->firefox_reads ? FACTS_TLS_BAD_EXTENSION_VALUE : FACTS_TLS_LOOSE_EXTENSION,
                           "it has an extension twice");
            return;
        }
}

static void check_extension(const extension *e, bool subject_empty, tls_strict *strict)
{
    const struct known *of = find(e->id);

    if (e->critical)
        check_critical(of, strict);
    if (of->firefox_reads && e->value.length == 0)
        tls_strict_add(strict, FACTS_TLS_BAD_EXTENSION_VALUE, "an extension is empty");
    else
        tls_strict_value(of->kind, e->value, e->critical, strict);
    /* RFC 5280 4.2.1.6: "If the subject field contains an empty sequence, then [...] the subjectAltName extension
     * [MUST be] critical". */
    if (of->kind == TLS_STRICT_NAMES && subject_empty && !e->critical)
        tls_strict_add(strict, FACTS_TLS_EMPTY_SUBJECT, "its subject is empty, and its alternative names not critical");
}

static void check_server(tls_strict *strict)
{
    if (strict->authority)
        tls_strict_add(strict, FACTS_TLS_SERVER_IS_CA, "its basic constraints say CA:TRUE");
    if (strict->has_purposes && (strict->purposes & TLS_PURPOSE_OCSP) != 0)
        tls_strict_add(strict, FACTS_TLS_DOUBTFUL_PURPOSE, "its extended key usage has OCSPSigning");
}

void tls_strict_extensions(hf_span list, bool leaf, bool subject_empty, tls_strict *strict)
{
    extension seen[COMPARED_MAX], further;
    size_t count = 0;

    if (list.length == 0)
        tls_strict_add(strict, FACTS_TLS_LOOSE_EXTENSION, "its list of extensions is empty");
    while (list.length > 0) {
        extension *e = count < COMPARED_MAX ? &seen[count] : &further;

        if (!take_extension(&list, e, strict)) {
            tls_strict_add(strict, FACTS_TLS_BAD_EXTENSION, "an extension is not in DER form");
            return;
        }
        if (count < COMPARED_MAX)
            check_double(seen, ++count, find(e->id), strict);
        check_extension(e, subject_empty, strict);
    }
    if (strict->has_purposes && (strict->purposes & (TLS_PURPOSE_SERVER | TLS_PURPOSE_ANY)) == 0)
        tls_strict_add(strict, FACTS_TLS_WRONG_PURPOSE, "its extended key usage has no serverAuth");
    else if (strict->has_purposes && (strict->purposes & TLS_PURPOSE_SERVER) == 0)
        tls_strict_add(strict, FACTS_TLS_DOUBTFUL_PURPOSE, "its extended key usage has any purpose, and no serverAuth");
    if (leaf)
        check_server(strict);
}
