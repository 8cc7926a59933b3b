/*
 * The STS field read by RFC 6797 6.1:
 *
 *     Strict-Transport-Security = "Strict-Transport-Security" ":" [ directive ]  *( ";" [ directive ] )
 *     directive                 = directive-name [ "=" directive-value ]
 *     directive-name            = token
 *     directive-value           = token | quoted-string
 *
 * token and quoted-string are those of RFC 9110 5.6, blanks (and folded lines) may stand between all parts. Reading
 * goes on after an error, at the next ';', so that one look shows a site everything that is wrong; the field stays
 * void.
 */
#include "holdfast/header.h"

#include "ascii.h"
#include "near_miss.h"

#define YEAR INT64_C(31536000)
#define CHROMIUM_KEEPS YEAR
#define FIREFOX_KEEPS (100 * YEAR)
#define PRELOAD_NEEDS YEAR
#define UNKNOWN_REMEMBERED 16

typedef struct range {
    size_t at, length;
} range;

typedef struct directive {
    range name;
    range value; /* without the quotes */
    bool has_value, quoted;
} directive;

typedef struct parser {
    const char *text;
    size_t length;
    size_t at;
    hf_notes *notes;
    bool is_void;
    bool saturated;
    range max_age, include_subdomains, preload; /* where each was seen; length 0: not yet */
    range unknown[UNKNOWN_REMEMBERED];
    size_t unknown_count;
    hf_policy policy;
} parser;

static void note(parser *p, hf_note_id id, size_t at, size_t length)
{
    if (hf_note_severity(id) == HF_SEVERITY_ERROR)
        p->is_void = true;
    if (p->notes == NULL)
        return;
    if (p->notes->count < p->notes->capacity)
        p->notes->items[p->notes->count] = (hf_note){id, at, length};
    p->notes->count++;
}

static bool at_end(const parser *p)
{
    return p->at == p->length;
}

static unsigned char peek(const parser *p)
{
    return (unsigned char)p->text[p->at];
}

/* tchar of RFC 9110 5.6.2. */
static bool is_token_octet(unsigned char c)
{
    static const bool table[256] = {
        ['!'] = true, ['#'] = true, ['$'] = true, ['%'] = true, ['&'] = true, ['\''] = true, ['*'] = true, ['+'] = true,
        ['-'] = true, ['.'] = true, ['^'] = true, ['_'] = true, ['`'] = true, ['|'] = true,  ['~'] = true, ['0'] = true,
        ['1'] = true, ['2'] = true, ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true,  ['7'] = true, ['8'] = true,
        ['9'] = true, ['A'] = true, ['B'] = true, ['C'] = true, ['D'] = true, ['E'] = true,  ['F'] = true, ['G'] = true,
        ['H'] = true, ['I'] = true, ['J'] = true, ['K'] = true, ['L'] = true, ['M'] = true,  ['N'] = true, ['O'] = true,
        ['P'] = true, ['Q'] = true, ['R'] = true, ['S'] = true, ['T'] = true, ['U'] = true,  ['V'] = true, ['W'] = true,
        ['X'] = true, ['Y'] = true, ['Z'] = true, ['a'] = true, ['b'] = true, ['c'] = true,  ['d'] = true, ['e'] = true,
        ['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true, ['j'] = true, ['k'] = true,  ['l'] = true, ['m'] = true,
        ['n'] = true, ['o'] = true, ['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true,  ['t'] = true, ['u'] = true,
        ['v'] = true, ['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true,
    };

    return table[c];
}

/* Controls that no field value may hold (RFC 9110 5.5): all of C0 but HTAB, and DEL. */
static bool is_control(unsigned char c)
{
    return (c < 0x20 && c != '\t') || c == 0x7f;
}

/* The length of a folded line's start (CR LF and one blank) at the cursor, or 0. */
static size_t fold_length(const parser *p)
{
    const char *s = p->text + p->at;

    return p->length - p->at >= 3 && s[0] == '\r' && s[1] == '\n' && (s[2] == ' ' || s[2] == '\t') ? 3 : 0;
}

static bool skip_fold(parser *p)
{
    size_t length = fold_length(p);

    if (length == 0)
        return false;
    note(p, HF_NOTE_LINE_FOLDED, p->at, length);
    p->at += length;
    return true;
}

/* implied *LWS (RFC 2616 2.1, which RFC 6797 6.1 builds on). */
static void skip_blanks(parser *p)
{
    while (!at_end(p)) {
        if (peek(p) == ' ' || peek(p) == '\t')
            p->at++;
        else if (!skip_fold(p))
            return;
    }
}

static range read_token(parser *p)
{
    range token = {p->at, 0};

    while (!at_end(p) && is_token_octet(peek(p)))
        p->at++;
    token.length = p->at - token.at;
    return token;
}

/* The octet behind a '\': quoted-pair of RFC 9110 5.6.4. */
static void read_quoted_pair(parser *p)
{
    size_t start = p->at++;

    if (at_end(p))
        return;
    if (is_control(peek(p)))
        note(p, HF_NOTE_CONTROL_CHARACTER, p->at, 1);
    else
        note(p, HF_NOTE_QUOTED_PAIR, start, 2);
    p->at++;
}

/* From the opening to behind the closing quote. False if there is none. */
static bool read_quoted_string(parser *p, range *inside)
{
    size_t open = p->at++;

    while (!at_end(p)) {
        unsigned char c = peek(p);
        if (c == '"') {
            *inside = (range){open + 1, p->at - open - 1};
            p->at++;
            return true;
        }
        if (c == '\\') {
            read_quoted_pair(p);
        } else if (!skip_fold(p)) {
            if (is_control(c))
                note(p, HF_NOTE_CONTROL_CHARACTER, p->at, 1);
            p->at++;
        }
    }
    note(p, HF_NOTE_QUOTE_UNTERMINATED, open, p->length - open);
    return false;
}

/* After an error: on to the ';' that ends this directive, and not to one inside a quoted string. */
static void skip_directive(parser *p)
{
    bool quoted = false;

    for (; !at_end(p); p->at++) {
        unsigned char c = peek(p);
        if (c == ';' && !quoted)
            return;
        if (c == '"')
            quoted = !quoted;
        else if (c == '\\' && quoted && p->at + 1 < p->length)
            p->at++;
    }
}

static bool is_known(const parser *p, range name)
{
    const char *text = p->text + name.at;

    return hf__equals_folded(text, name.length, "max-age") ||
           hf__equals_folded(text, name.length, "includesubdomains") || hf__equals_folded(text, name.length, "preload");
}

static hf_note_id refusal(const parser *p, const directive *d)
{
    unsigned char c = peek(p);

    if (is_control(c))
        return HF_NOTE_CONTROL_CHARACTER;
    if (c == ',')
        return HF_NOTE_FIELDS_MERGED;
    return c == '=' && d->name.length == 0 ? HF_NOTE_NAME_MISSING : HF_NOTE_UNEXPECTED_CHARACTER;
}

/* Refuses the directive for the octet at the cursor, and moves behind it. */
static void refuse_rest(parser *p, const directive *d)
{
    size_t wrong = p->at, start = d->name.at, end;
    hf_note_id id = refusal(p, d);

    skip_directive(p);
    for (end = p->at; end > wrong + 1 && (p->text[end - 1] == ' ' || p->text[end - 1] == '\t');)
        end--;
    /* "include SubDomains": what stands in the way belongs to the name that was meant. */
    if (id == HF_NOTE_UNEXPECTED_CHARACTER && !d->has_value && !is_known(p, d->name) &&
        hf__near_miss(p->text + start, end - start) != NULL)
        note(p, HF_NOTE_NEAR_MISS, start, end - start);
    note(p, id, wrong, id == HF_NOTE_UNEXPECTED_CHARACTER ? end - wrong : 1);
}

/*
 * "=" and what follows. False if that is no value; the cursor then stands behind the directive.
 * [RFC6797 6.2-1] "The max-age directive value can optionally be quoted": as that of any directive.
 */
static bool read_value(parser *p, directive *d)
{
    size_t equals, name_end = d->name.at + d->name.length;

    equals = p->at++;
    skip_blanks(p);
    if (p->at - name_end > 1)
        note(p, HF_NOTE_BLANK_AROUND_EQUALS, name_end, p->at - name_end);
    d->has_value = true;
    if (!at_end(p) && peek(p) == '"') {
        d->quoted = true;
        return read_quoted_string(p, &d->value);
    }
    d->value = read_token(p);
    if (d->value.length > 0)
        return true;
    note(p, HF_NOTE_VALUE_MISSING, equals, 1);
    skip_directive(p);
    return false;
}

/*
 * A directive up to its ';' or the end. False if it breaks the grammar; then it has been noted and passed over.
 * [RFC6797 6.1-5] "UAs MUST ignore any STS header field containing directives, or other header field value data, that
 * does not conform to the syntax defined in this specification."
 */
static bool read_directive(parser *p, directive *d)
{
    *d = (directive){.name = read_token(p)};
    if (d->name.length == 0) {
        refuse_rest(p, d);
        return false;
    }
    skip_blanks(p);
    if (!at_end(p) && peek(p) == '=' && !read_value(p, d))
        return false;
    skip_blanks(p);
    if (at_end(p) || peek(p) == ';')
        return true;
    refuse_rest(p, d);
    return false;
}

/*
 * The digits of max-age, quoted-pairs undone. False if anything else is among them, or there are none.
 * [RFC6797 6.1.1-2] "The syntax of the max-age directive's REQUIRED value (after quoted-string unescaping, if
 * necessary) is defined as: max-age-value = delta-seconds".
 */
static bool read_seconds(parser *p, const directive *d, int64_t *seconds)
{
    const char *s = p->text + d->value.at;
    size_t length = d->value.length;
    int64_t sum = 0;

    for (size_t i = 0; i < length; i++) {
        if (d->quoted && s[i] == '\\')
            i++;
        if (!hf__is_digit((unsigned char)s[i]))
            return false;
        int digit = s[i] - '0';
        /* RFC 6797 6.1.1 sets no upper limit to delta-seconds, so a larger number stands for "longer than we can
         * count". */
        if (sum > (INT64_MAX - digit) / 10) {
            p->saturated = true;
            sum = INT64_MAX;
        } else {
            sum = sum * 10 + digit;
        }
    }
    *seconds = sum;
    return length > 0;
}

static void take_max_age(parser *p, const directive *d)
{
    bool repeated = p->max_age.length > 0;

    p->max_age = d->name;
    /* [RFC6797 6.1-3] "All directives MUST appear only once in an STS header field." */
    if (repeated) {
        note(p, HF_NOTE_MAX_AGE_DUPLICATE, d->name.at, d->name.length);
        return;
    }
    if (!d->has_value) {
        note(p, HF_NOTE_MAX_AGE_WITHOUT_VALUE, d->name.at, d->name.length);
        return;
    }
    if (!read_seconds(p, d, &p->policy.max_age)) {
        note(p, HF_NOTE_MAX_AGE_NOT_DIGITS, d->value.at - d->quoted, d->value.length + 2 * (size_t)d->quoted);
        return;
    }
    p->max_age = d->value;
    if (d->quoted)
        note(p, HF_NOTE_MAX_AGE_QUOTED, d->value.at - 1, d->value.length + 2);
    if (d->value.length > 1 && p->text[d->value.at] == '0')
        note(p, HF_NOTE_MAX_AGE_LEADING_ZERO, d->value.at, 1);
}

static void take_include_subdomains(parser *p, const directive *d)
{
    bool repeated = p->include_subdomains.length > 0;

    p->include_subdomains = d->name;
    /* [RFC6797 6.1-3] "All directives MUST appear only once in an STS header field." */
    if (repeated) {
        note(p, HF_NOTE_INCLUDE_SUBDOMAINS_DUPLICATE, d->name.at, d->name.length);
        return;
    }
    /* [RFC6797 6.1.2-1] "The OPTIONAL "includeSubDomains" directive is a valueless directive". */
    if (d->has_value) {
        note(p, HF_NOTE_INCLUDE_SUBDOMAINS_VALUE, d->name.at, d->value.at + d->value.length + d->quoted - d->name.at);
        return;
    }
    p->policy.include_subdomains = true;
}

static bool same_name(const parser *p, range a, range b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++) {
        if (hf__lower((unsigned char)p->text[a.at + i]) != hf__lower((unsigned char)p->text[b.at + i]))
            return false;
    }
    return true;
}

/*
 * RFC 6797 6.1 rule 2 asks that every directive appear once, and rule 5 that unrecognised ones be ignored. For a
 * repeated unknown directive the two collide; Chromium and Firefox ignore it, and so do we, with a warning.
 */
static void note_repeated(parser *p, range name)
{
    for (size_t i = 0; i < p->unknown_count; i++) {
        if (same_name(p, p->unknown[i], name)) {
            note(p, HF_NOTE_DIRECTIVE_DUPLICATE, name.at, name.length);
            return;
        }
    }
    if (p->unknown_count < UNKNOWN_REMEMBERED)
        p->unknown[p->unknown_count++] = name;
}

static void take_preload(parser *p, const directive *d)
{
    note_repeated(p, d->name);
    if (d->has_value) {
        note(p, HF_NOTE_PRELOAD_VALUE, d->name.at, d->value.at + d->value.length + d->quoted - d->name.at);
        return;
    }
    p->preload = d->name;
    p->policy.preload = true;
}

/*
 * [RFC6797 6.1-6] "If an STS header field contains directive(s) not recognized by the UA, the UA MUST ignore the
 * unrecognized directives".
 */
static void take_unknown(parser *p, const directive *d)
{
    bool near = hf__near_miss(p->text + d->name.at, d->name.length) != NULL;

    note(p, near ? HF_NOTE_NEAR_MISS : HF_NOTE_UNKNOWN_DIRECTIVE, d->name.at, d->name.length);
    note_repeated(p, d->name);
}

/* [RFC6797 6.1-4] "Directive names are case-insensitive." */
static void take_directive(parser *p, const directive *d)
{
    const char *name = p->text + d->name.at;

    if (hf__equals_folded(name, d->name.length, "max-age"))
        take_max_age(p, d);
    else if (hf__equals_folded(name, d->name.length, "includesubdomains"))
        take_include_subdomains(p, d);
    else if (hf__equals_folded(name, d->name.length, "preload"))
        take_preload(p, d);
    else
        take_unknown(p, d);
}

/* A max-age whose directive broke the grammar is wrong, but not missing. */
static void remember_broken(parser *p, const directive *d)
{
    if (p->max_age.length == 0 && hf__equals_folded(p->text + d->name.at, d->name.length, "max-age"))
        p->max_age = d->name;
}

/*
 * [RFC6797 6.1-2] "The order of appearance of directives is not significant."
 * [RFC6797 6.1-7] "the UA MUST process the recognized directives", whatever stands around them.
 */
static void read_field(parser *p)
{
    size_t semicolon = 0;
    bool previous_empty = true; /* so that a field without any directive is not called one ';' too many */
    directive d;

    for (;;) {
        skip_blanks(p);
        bool empty = at_end(p) || peek(p) == ';';
        if (empty && !at_end(p))
            note(p, HF_NOTE_EMPTY_DIRECTIVE, p->at, 1);
        else if (empty && !previous_empty)
            note(p, HF_NOTE_EMPTY_DIRECTIVE, semicolon, 1);
        else if (!empty && read_directive(p, &d))
            take_directive(p, &d);
        else if (!empty)
            remember_broken(p, &d);
        if (at_end(p))
            return;
        semicolon = p->at++;
        previous_empty = empty;
    }
}

/* What is worth knowing about a valid max-age. */
static void note_max_age(parser *p)
{
    int64_t seconds = p->policy.max_age;
    range at = p->max_age;

    if (p->saturated)
        note(p, HF_NOTE_MAX_AGE_SATURATED, at.at, at.length);
    if (seconds > FIREFOX_KEEPS)
        note(p, HF_NOTE_MAX_AGE_OVER_FIREFOX, at.at, at.length);
    else if (seconds > CHROMIUM_KEEPS)
        note(p, HF_NOTE_MAX_AGE_OVER_CHROMIUM, at.at, at.length);
    else if (seconds == 0)
        note(p, HF_NOTE_MAX_AGE_ZERO, at.at, at.length);
}

static void note_preload(parser *p)
{
    if (p->policy.max_age < PRELOAD_NEEDS)
        note(p, HF_NOTE_PRELOAD_SHORT_MAX_AGE, p->preload.at, p->preload.length);
    if (!p->policy.include_subdomains)
        note(p, HF_NOTE_PRELOAD_WITHOUT_SUBDOMAINS, p->preload.at, p->preload.length);
}

bool hf_header_parse(const char *value, size_t length, hf_policy *policy, hf_notes *notes)
{
    parser p = {.text = value, .length = length, .notes = notes};

    if (notes != NULL)
        notes->count = 0;
    read_field(&p);
    /* [RFC6797 6.1.1-1] "The REQUIRED "max-age" directive". */
    if (p.max_age.length == 0)
        note(&p, HF_NOTE_MAX_AGE_MISSING, length, 0);
    /*
     * [RFC6797 8.1-8] "The UA MUST ignore any STS header fields not conforming to the grammar specified in Section
     * 6.1".
     */
    if (p.is_void)
        return false;
    note_max_age(&p);
    if (p.policy.preload)
        note_preload(&p);
    *policy = p.policy;
    return true;
}

const char *hf_header_meant(const char *name, size_t length)
{
    return hf__near_miss(name, length);
}

bool hf_header_is_sts(const char *name, size_t length)
{
    return hf__equals_folded(name, length, "strict-transport-security");
}

/*
 * [RFC6797 8.1-6] "If a UA receives more than one STS header field in an HTTP response message over secure transport,
 * then the UA MUST process only the first such header field."
 */
size_t hf_header_first(const hf_field *fields, size_t count)
{
    size_t i = 0;

    while (i < count && !hf_header_is_sts(fields[i].name.data, fields[i].name.length))
        i++;
    return i;
}
