/* The values of extensions, as Chromium and Firefox read them: what the one refuses, the other often ignores. */
#include "tls/strict_state.h"

#include <string.h>

#define LOOSE(strict, why) tls_strict_add(strict, FACTS_TLS_LOOSE_EXTENSION, why)

static bool is_ascii(hf_span text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

/* Ones, and then zeros. */
static bool is_mask(hf_span mask)
{
    bool ended = false;

    for (size_t i = 0; i < mask.length; i++)
        for (unsigned bit = 0x80; bit != 0; bit >>= 1) {
            bool one = ((unsigned char)mask.data[i] & bit) != 0;

            if (one && ended)
                return false;
            ended |= !one;
        }
    return true;
}

static bool is_address(hf_span octets, bool masked)
{
    size_t half = octets.length / 2;

    if (!masked)
        return octets.length == 4 || octets.length == 16;
    return (octets.length == 8 || octets.length == 32) && is_mask((hf_span){octets.data + half, half});
}

const char *tls_strict_general_name(hf_span *rest, bool masks)
{
    tls_der name, inside;
    hf_span content;

    if (!tls_der_next(rest, &name))
        return "a name is not in DER form";
    content = name.content;
    switch (name.tag) {
    case 0x81: /* rfc822Name */
    case 0x82: /* dNSName */
    case 0x86: /* uniformResourceIdentifier */
        return is_ascii(content) ? NULL : "a name has a byte that is not ASCII";
    case 0x87: /* iPAddress */
        return is_address(content, masks) ? NULL : "an IP address has a wrong length";
    case 0xa4: /* directoryName */
        return tls_der_take(&content, TLS_DER_SEQUENCE, &inside) ? NULL : "a directory name is malformed";
    case 0xa0: /* otherName */
    case 0xa3: /* x400Address */
    case 0xa5: /* ediPartyName */
    case 0x88: /* registeredID */
        return NULL;
    default:
        return "a name is of an unknown kind";
    }
}

/* -- One extension each -------------------------------------------------------------------------------------------- */

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL } */
static void read_basic(hf_span value, bool critical, tls_strict *strict)
{
    tls_der flag, length;
    bool wrong = false;
    hf_span inside;

    (void)critical;
    if (!tls_strict_one(value, TLS_DER_SEQUENCE, &inside)) {
        tls_strict_add(strict, FACTS_TLS_BAD_EXTENSION_VALUE, "its basic constraints are malformed");
        return;
    }
    if (tls_der_take(&inside, TLS_DER_BOOLEAN, &flag)) {
        wrong = flag.content.length != 1 || (flag.content.data[0] != '\xff' && flag.content.data[0] != '\0');
        strict->authority = !wrong && flag.content.data[0] == '\xff';
    }
    if (tls_der_take(&inside, TLS_DER_INTEGER, &length)) {
        if (length.content.length == 2 && length.content.data[0] == '\0')
            tls_strict_add(strict, FACTS_TLS_STRICT_EXTENSION, "its basic constraints have a path length above 127");
        else
            wrong |= length.content.length != 1 || ((unsigned char)length.content.data[0] & 0x80) != 0;
    }
    if (wrong || inside.length > 0)
        tls_strict_add(strict, FACTS_TLS_BAD_EXTENSION_VALUE, "its basic constraints are malformed");
}

static void read_usage(hf_span value, bool critical, tls_strict *strict)
{
    hf_span bits;
    unsigned unused, last, any = 0;

    (void)critical;
    if (!tls_strict_one(value, TLS_DER_BITS, &bits) || bits.length < 2 || (unsigned char)bits.data[0] > 7) {
        tls_strict_add(strict, FACTS_TLS_BAD_KEY_USAGE, "its key usage is malformed");
        return;
    }
    unused = (unsigned char)bits.data[0];
    last = (unsigned char)bits.data[bits.length - 1];
    for (size_t i = 1; i < bits.length; i++)
        any |= (unsigned char)bits.data[i];
    strict->has_usage = true;
    strict->usage = (unsigned char)bits.data[1];
    if ((last & ((1u << unused) - 1)) != 0 || any == 0)
        tls_strict_add(strict, FACTS_TLS_BAD_KEY_USAGE, "its key usage has no bit set, or one that is padding");
}

static void read_purposes(hf_span value, bool critical, tls_strict *strict)
{
    static const char server[] = "\x2b\x06\x01\x05\x05\x07\x03\x01", ocsp[] = "\x2b\x06\x01\x05\x05\x07\x03\x09",
                      any[] = "\x55\x1d\x25\x00";
    hf_span list = {NULL, 0};
    bool good = tls_strict_one(value, TLS_DER_SEQUENCE, &list) && list.length > 0;
    tls_der purpose;

    (void)critical;
    strict->has_purposes = good;
    while (good && list.length > 0) {
        good = tls_der_take(&list, TLS_DER_OBJECT, &purpose);
        if (!good)
            break;
        if (tls_strict_is(purpose.content, server, sizeof server - 1))
            strict->purposes |= TLS_PURPOSE_SERVER;
        else if (tls_strict_is(purpose.content, ocsp, sizeof ocsp - 1))
            strict->purposes |= TLS_PURPOSE_OCSP;
        else if (tls_strict_is(purpose.content, any, sizeof any - 1))
            strict->purposes |= TLS_PURPOSE_ANY;
    }
    if (!good)
        tls_strict_add(strict, FACTS_TLS_WRONG_PURPOSE, "its extended key usage is malformed");
}

static void read_names(hf_span value, bool critical, tls_strict *strict)
{
    hf_span list;

    (void)critical;
    if (!tls_strict_one(value, TLS_DER_SEQUENCE, &list) || list.length == 0) {
        tls_strict_add(strict, FACTS_TLS_BAD_NAMES, "its list of alternative names is malformed, or empty");
        return;
    }
    strict->names = list;
    while (list.length > 0) {
        const char *wrong = tls_strict_general_name(&list, false);

        if (wrong != NULL) {
            LOOSE(strict, wrong);
            return;
        }
    }
}

/* GeneralSubtrees ::= SEQUENCE OF SEQUENCE { base GeneralName } : the bounds that X.509 allows besides, RFC 5280 does
 * not. */
static const char *check_subtrees(hf_span list)
{
    tls_der subtree;
    const char *wrong = list.length == 0 ? "a list of limits is empty" : NULL;

    while (wrong == NULL && list.length > 0) {
        if (!tls_der_take(&list, TLS_DER_SEQUENCE, &subtree))
            return "a limit is malformed";
        wrong = tls_strict_general_name(&subtree.content, true);
        if (wrong == NULL && subtree.content.length > 0)
            wrong = "a limit has bounds";
    }
    return wrong;
}

static void read_constraints(hf_span value, bool critical, tls_strict *strict)
{
    hf_span inside;
    tls_der permitted, excluded;
    bool has_permitted, has_excluded;
    const char *wrong = NULL;

    (void)critical;
    if (!tls_strict_one(value, TLS_DER_SEQUENCE, &inside) || inside.length == 0) {
        tls_strict_add(strict, FACTS_TLS_BAD_EXTENSION, "its name constraints are malformed, or empty");
        return;
    }
    strict->constraints = inside;
    has_permitted = tls_der_take(&inside, 0xa0, &permitted);
    has_excluded = tls_der_take(&inside, 0xa1, &excluded);
    if (inside.length > 0) {
        tls_strict_add(strict, FACTS_TLS_BAD_EXTENSION, "its name constraints are malformed");
        return;
    }
    if (has_permitted)
        wrong = check_subtrees(permitted.content);
    if (wrong == NULL && has_excluded)
        wrong = check_subtrees(excluded.content);
    if (wrong != NULL)
        LOOSE(strict, wrong);
}

/* -- Policies ------------------------------------------------------------------------------------------------------ */

#define POLICIES_COMPARED 64

static bool are_qualifiers(hf_span list, bool known_only)
{
    static const char cps[] = "\x2b\x06\x01\x05\x05\x07\x02\x01", notice[] = "\x2b\x06\x01\x05\x05\x07\x02\x02";
    tls_der qualifier, id, value;

    if (list.length == 0)
        return false;
    while (list.length > 0) {
        if (!tls_der_take(&list, TLS_DER_SEQUENCE, &qualifier) ||
            !tls_der_take(&qualifier.content, TLS_DER_OBJECT, &id) || !tls_der_next(&qualifier.content, &value) ||
            qualifier.content.length > 0)
            return false;
        if (known_only && !tls_strict_is(id.content, cps, sizeof cps - 1) &&
            !tls_strict_is(id.content, notice, sizeof notice - 1))
            return false;
    }
    return true;
}

/* PolicyInformation ::= SEQUENCE { policyIdentifier OBJECT IDENTIFIER, policyQualifiers SEQUENCE OPTIONAL } */
static bool take_policy(hf_span *rest, bool known_only, hf_span *id)
{
    static const char any[] = "\x55\x1d\x20\x00";
    tls_der policy, identifier, qualifiers;

    if (!tls_der_take(rest, TLS_DER_SEQUENCE, &policy) || !tls_der_take(&policy.content, TLS_DER_OBJECT, &identifier))
        return false;
    *id = identifier.content;
    if (policy.content.length == 0)
        return true;
    return tls_der_take(&policy.content, TLS_DER_SEQUENCE, &qualifiers) && policy.content.length == 0 &&
           are_qualifiers(qualifiers.content, known_only || tls_strict_is(*id, any, sizeof any - 1));
}

static bool is_among(hf_span id, const hf_span *seen, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (tls_strict_is(seen[i], id.data, id.length))
            return true;
    return false;
}

static void read_policies(hf_span value, bool critical, tls_strict *strict)
{
    hf_span list, id, seen[POLICIES_COMPARED];
    size_t count = 0;

    if (!tls_strict_one(value, TLS_DER_SEQUENCE, &list) || list.length == 0) {
        LOOSE(strict, "its list of certificate policies is malformed, or empty");
        return;
    }
    strict->policies = list;
    while (list.length > 0) {
        hf_span before = list;

        if (!take_policy(&list, false, &id)) {
            LOOSE(strict, "a certificate policy is malformed");
            return;
        }
        if (critical && !take_policy(&before, true, &id))
            tls_strict_add(strict, FACTS_TLS_UNKNOWN_TO_CHROME,
                           "its certificate policies are critical, and have a qualifier that Chrome does not know");
        if (is_among(id, seen, count))
            LOOSE(strict, "it has a certificate policy twice");
        else if (count < POLICIES_COMPARED)
            seen[count++] = id;
    }
}

/* PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] INTEGER OPTIONAL, inhibitPolicyMapping [1] INTEGER
 * OPTIONAL } */
static void read_policy_constraints(hf_span value, bool critical, tls_strict *strict)
{
    hf_span inside;
    tls_der required = {0}, inhibited = {0};
    bool good = tls_strict_one(value, TLS_DER_SEQUENCE, &inside) && inside.length > 0, requires;

    (void)critical;
    if (!good) {
        LOOSE(strict, "its policy constraints are malformed, or empty");
        return;
    }
    requires = tls_der_take(&inside, 0x80, &required);
    if ((requires && required.content.length != 1) ||
        (tls_der_take(&inside, 0x81, &inhibited) && inhibited.content.length != 1) || inside.length > 0)
        LOOSE(strict, "its policy constraints are malformed");
    else if (requires)
        strict->explicit_policy = (unsigned char)required.content.data[0];
}

static void read_mappings(hf_span value, bool critical, tls_strict *strict)
{
    hf_span list;
    tls_der pair, from, to;
    bool good = tls_strict_one(value, TLS_DER_SEQUENCE, &list) && list.length > 0;

    (void)critical;
    while (good && list.length > 0)
        good = tls_der_take(&list, TLS_DER_SEQUENCE, &pair) && tls_der_take(&pair.content, TLS_DER_OBJECT, &from) &&
               tls_der_take(&pair.content, TLS_DER_OBJECT, &to) && pair.content.length == 0;
    strict->maps_policies = good;
    if (!good)
        LOOSE(strict, "its policy mappings are malformed, or empty");
}

/* -- What Chromium alone reads ------------------------------------------------------------------------------------- */

/* AuthorityInfoAccessSyntax ::= SEQUENCE SIZE (1..MAX) OF SEQUENCE { OBJECT IDENTIFIER, GeneralName } */
static bool is_access(hf_span value)
{
    hf_span list;
    tls_der item, method, place;
    bool good = tls_strict_one(value, TLS_DER_SEQUENCE, &list) && list.length > 0;

    while (good && list.length > 0)
        good = tls_der_take(&list, TLS_DER_SEQUENCE, &item) && tls_der_take(&item.content, TLS_DER_OBJECT, &method) &&
               tls_der_next(&item.content, &place) && item.content.length == 0 &&
               (place.tag != 0x86 || is_ascii(place.content));
    return good;
}

/* AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] OPTIONAL, authorityCertIssuer [1] OPTIONAL,
 * authorityCertSerialNumber [2] OPTIONAL }: the last two together, or not at all. */
static bool is_authority_key(hf_span value)
{
    hf_span inside;
    tls_der part;
    bool issuer, serial;

    if (!tls_strict_one(value, TLS_DER_SEQUENCE, &inside))
        return false;
    tls_der_take(&inside, 0x80, &part);
    issuer = tls_der_take(&inside, 0xa1, &part);
    serial = tls_der_take(&inside, 0x82, &part);
    return issuer == serial && inside.length == 0;
}

static bool is_small_integer(hf_span value)
{
    hf_span number;

    return tls_strict_one(value, TLS_DER_INTEGER, &number) && number.length == 1 &&
           ((unsigned char)number.data[0] & 0x80) == 0;
}

/* Firefox demands of each feature that it is status_request (RFC 7633), and that it is fulfilled. */
static void read_features(hf_span value, bool critical, tls_strict *strict)
{
    hf_span list;
    tls_der feature;

    (void)critical;
    if (!tls_strict_one(value, TLS_DER_SEQUENCE, &list))
        list = (hf_span){NULL, 0};
    while (list.length > 0)
        if (!tls_der_take(&list, TLS_DER_INTEGER, &feature) || !tls_strict_is(feature.content, "\x05", 1)) {
            tls_strict_add(strict, FACTS_TLS_REQUIRED_FEATURE,
                           "it requires a TLS feature other than a stapled response");
            return;
        }
}

static void read_inhibit(hf_span value, bool critical, tls_strict *strict)
{
    (void)critical;
    if (!is_small_integer(value))
        LOOSE(strict, "its inhibitAnyPolicy is malformed");
}

static void read_access(hf_span value, bool critical, tls_strict *strict)
{
    (void)critical;
    if (!is_access(value))
        LOOSE(strict, "its authority information access is malformed, empty, or not ASCII");
}

static void read_subject_key(hf_span value, bool critical, tls_strict *strict)
{
    hf_span octets;

    (void)critical;
    if (!tls_strict_one(value, TLS_DER_OCTETS, &octets))
        LOOSE(strict, "its subject key identifier is malformed");
}

static void read_authority_key(hf_span value, bool critical, tls_strict *strict)
{
    (void)critical;
    if (!is_authority_key(value))
        LOOSE(strict, "its authority key identifier is malformed");
}

void tls_strict_value(tls_strict_kind kind, hf_span value, bool critical, tls_strict *strict)
{
    static void (*const readers[TLS_STRICT_KINDS])(hf_span value, bool critical, tls_strict *strict) = {
        [TLS_STRICT_BASIC] = read_basic,
        [TLS_STRICT_USAGE] = read_usage,
        [TLS_STRICT_PURPOSES] = read_purposes,
        [TLS_STRICT_NAMES] = read_names,
        [TLS_STRICT_CONSTRAINTS] = read_constraints,
        [TLS_STRICT_POLICIES] = read_policies,
        [TLS_STRICT_POLICY_CONSTRAINTS] = read_policy_constraints,
        [TLS_STRICT_MAPPINGS] = read_mappings,
        [TLS_STRICT_INHIBIT] = read_inhibit,
        [TLS_STRICT_ACCESS] = read_access,
        [TLS_STRICT_SUBJECT_KEY] = read_subject_key,
        [TLS_STRICT_AUTHORITY_KEY] = read_authority_key,
        [TLS_STRICT_FEATURES] = read_features,
    };

    if (readers[kind] != NULL)
        readers[kind](value, critical, strict);
}
