#include "preload/eligible.h"

#include "base/ascii.h"
#include "base/domain.h"
#include "holdfast/header.h"

#include <string.h>

#define YEAR 31536000u
#define EIGHTEEN_WEEKS 10886400u
#define TEN_YEARS 315360000u

static const struct {
    const char *name;
    uint64_t least;
    preload_issue_id too_short;
} policies[PRELOAD_POLICIES] = {
    [PRELOAD_POLICY_1_YEAR] = {"bulk-1-year", YEAR, PRELOAD_ISSUE_MAX_AGE_BELOW_YEAR},
    [PRELOAD_POLICY_18_WEEKS] = {"bulk-18-weeks", EIGHTEEN_WEEKS, PRELOAD_ISSUE_MAX_AGE_BELOW_18_WEEKS},
};

const char *preload_policy_name(preload_policy policy)
{
    return policies[policy].name;
}

/* -- The header ---------------------------------------------------------------------------------------------------- */

static bool is_word(hf_span span, const char *word)
{
    return base_ascii_is(span.data, span.length, word);
}

static bool begins_with(hf_span span, const char *word)
{
    size_t length = strlen(word);

    return span.length >= length && base_ascii_is(span.data, length, word);
}

/* The octets of the white space that begins here, of Unicode's too, as the service trims it; 0: none does. */
static size_t blank_at(const char *text, size_t length)
{
    static const char *const wide[] = {"\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
                                       "\xe2\x80\x82", "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86",
                                       "\xe2\x80\x87", "\xe2\x80\x88", "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8",
                                       "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"};

    if (length > 0 && (*text == ' ' || (*text >= '\t' && *text <= '\r')))
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (length >= strlen(wide[i]) && memcmp(text, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    return 0;
}

static hf_span trim(hf_span span)
{
    size_t blank = 1, back;

    while ((blank = blank_at(span.data, span.length)) > 0)
        span = (hf_span){span.data + blank, span.length - blank};
    do {
        for (back = 1; back <= 3 && back <= span.length; back++)
            if (blank_at(span.data + span.length - back, back) == back)
                break;
        if (back > 3 || back > span.length)
            break;
        span.length -= back;
    } while (span.length > 0);
    return span;
}

/* What follows "max-age=". False, with the issue: it is no number. */
static bool read_max_age(hf_span text, const char *proof, uint64_t *max_age, preload_issues *issues)
{
    uint64_t sum = 0;
    bool fits = text.length > 0;

    if (text.length > 1 && text.data[0] == '0')
        preload_issues_add(issues, PRELOAD_ISSUE_MAX_AGE_LEADING_ZERO, proof);
    for (size_t i = 0; i < text.length; i++) {
        uint64_t digit = (uint64_t)(text.data[i] - '0');

        if (text.data[i] < '0' || text.data[i] > '9') {
            preload_issues_add(issues, PRELOAD_ISSUE_MAX_AGE_NON_DIGIT, proof);
            return false;
        }
        fits = fits && sum <= (UINT64_MAX - digit) / 10;
        sum = sum * 10 + digit;
    }
    if (!fits)
        preload_issues_add(issues, PRELOAD_ISSUE_MAX_AGE_NO_NUMBER, proof);
    *max_age = sum;
    return fits;
}

static void take_max_age(hf_span directive, preload_header *header, preload_issues *issues)
{
    const size_t name = strlen("max-age=");
    const char *proof = base_arena_copy(issues->arena, directive.data, directive.length);
    uint64_t max_age;

    if (!read_max_age((hf_span){directive.data + name, directive.length - name}, proof, &max_age, issues))
        return;
    if (header->has_max_age)
        preload_issues_add_once(issues, PRELOAD_ISSUE_REPEATED_MAX_AGE);
    else
        header->max_age = max_age;
    header->has_max_age = true;
}

static void take_flag(bool *flag, preload_issue_id repeated, preload_issues *issues)
{
    if (*flag)
        preload_issues_add_once(issues, repeated);
    *flag = true;
}

static void take(hf_span directive, preload_header *header, preload_issues *issues)
{
    if (is_word(directive, "preload"))
        take_flag(&header->preload, PRELOAD_ISSUE_REPEATED_PRELOAD, issues);
    else if (begins_with(directive, "preload"))
        preload_issues_add_once(issues, PRELOAD_ISSUE_INVALID_PRELOAD);
    else if (is_word(directive, "includeSubDomains"))
        take_flag(&header->include_subdomains, PRELOAD_ISSUE_REPEATED_SUBDOMAINS, issues);
    else if (begins_with(directive, "includeSubDomains"))
        preload_issues_add_once(issues, PRELOAD_ISSUE_INVALID_SUBDOMAINS);
    else if (begins_with(directive, "max-age="))
        take_max_age(directive, header, issues);
    else if (begins_with(directive, "max-age"))
        preload_issues_add_once(issues, PRELOAD_ISSUE_MAX_AGE_NO_VALUE);
    else if (directive.length == 0)
        preload_issues_add_once(issues, PRELOAD_ISSUE_EMPTY_DIRECTIVE);
    else
        preload_issues_add(issues, PRELOAD_ISSUE_UNKNOWN_DIRECTIVE,
                           base_arena_copy(issues->arena, directive.data, directive.length));
}

preload_header preload_header_read(hf_span value, preload_issues *issues)
{
    preload_header header = {0};
    const char *at = value.data, *end = value.data + value.length;

    if (memchr(value.data, ';', value.length) == NULL && trim(value).length == 0) {
        preload_issues_add(issues, PRELOAD_ISSUE_EMPTY, NULL);
        return header;
    }
    for (;;) {
        const char *semicolon = memchr(at, ';', (size_t)(end - at));
        const char *stop = semicolon != NULL ? semicolon : end;

        take(trim((hf_span){at, (size_t)(stop - at)}), &header, issues);
        if (semicolon == NULL)
            return header;
        at = semicolon + 1;
    }
}

static void judge_listing(const preload_header *header, preload_policy policy, preload_issues *issues)
{
    if (!header->include_subdomains)
        preload_issues_add(issues, PRELOAD_ISSUE_SUBDOMAINS_MISSING, NULL);
    if (!header->preload)
        preload_issues_add(issues, PRELOAD_ISSUE_PRELOAD_MISSING, NULL);
    if (!header->has_max_age)
        preload_issues_add(issues, PRELOAD_ISSUE_MAX_AGE_MISSING, NULL);
    else if (header->max_age == 0)
        preload_issues_add(issues, PRELOAD_ISSUE_MAX_AGE_ZERO, NULL);
    else if (header->max_age < policies[policy].least)
        preload_issues_add(issues, policies[policy].too_short, NULL);
    else if (header->max_age > TEN_YEARS)
        preload_issues_add(issues, PRELOAD_ISSUE_MAX_AGE_OVER_10_YEARS, NULL);
}

/* What is only a warning in the header is none for a removal. */
static void judge_removal(const preload_header *header, const preload_issues *parsed, preload_issues *issues)
{
    for (size_t i = 0; i < parsed->count; i++)
        if (preload_issue_is_error(parsed->items[i].id))
            preload_issues_add(issues, parsed->items[i].id, parsed->items[i].proof);
    if (header->preload)
        preload_issues_add(issues, PRELOAD_ISSUE_CONTAINS_PRELOAD, NULL);
    if (!header->has_max_age)
        preload_issues_add(issues, PRELOAD_ISSUE_REMOVABLE_MAX_AGE, NULL);
}

void preload_judge_header(hf_span value, preload_aim aim, preload_policy policy, preload_issues *issues)
{
    preload_issues parsed = {.arena = issues->arena};
    preload_header header = preload_header_read(value, &parsed);

    if (aim == PRELOAD_TO_BE_REMOVED) {
        judge_removal(&header, &parsed, issues);
    } else {
        preload_issues_append(issues, &parsed);
        judge_listing(&header, policy, issues);
    }
}

const hf_span *preload_judge_fields(const hf_span *values, size_t count, preload_aim aim, preload_policy policy,
                                    preload_issues *issues)
{
    if (count != 1) {
        preload_issues_add(issues, count == 0 ? PRELOAD_ISSUE_NO_HEADER : PRELOAD_ISSUE_MULTIPLE_HEADERS, NULL);
        return NULL;
    }
    preload_judge_header(values[0], aim, policy, issues);
    return &values[0];
}

/* What the service says of a number is said of the header: nothing else in it can be an error there. */
const char *preload_header_dispute(hf_span value)
{
    base_arena arena = {0};
    preload_issues issues = {.arena = &arena};
    bool read = preload_header_read(value, &issues).has_max_age && issues.errors == 0, valid;
    hf_policy policy;

    base_arena_done(&arena);
    valid = hf_header_parse(value.data, value.length, &policy, NULL);
    if (read && !valid)
        return "the service reads this header, but browsers ignore it: it is not valid (RFC 6797 6.1), and protects "
               "nobody. holdfast header says why.";
    if (!read && valid)
        return "browsers obey this header: it is valid (RFC 6797 6.1). The service cannot read it: write max-age as "
               "plain digits, without quotes and without blanks around the '='.";
    return NULL;
}

/* -- The name ------------------------------------------------------------------------------------------------------ */

static bool has_other_characters(const char *name)
{
    for (; *name != '\0'; name++) {
        char c = base_ascii_lower(*name);

        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.')
            return true;
    }
    return false;
}

/* Four numbers up to 255, without needless zeros: what browsers take for an address besides is a name to the service.
 */
static bool is_dotted_address(const char *name)
{
    for (int part = 0; part < 4; part++) {
        unsigned number = 0;
        size_t digits = strspn(name, "0123456789");

        if (digits == 0 || digits > 3 || (digits > 1 && *name == '0'))
            return false;
        while (digits-- > 0)
            number = number * 10 + (unsigned)(*name++ - '0');
        if (number > 255 || *name++ != (part < 3 ? '.' : '\0'))
            return false;
    }
    return true;
}

void preload_judge_name(const char *name, preload_issues *issues)
{
    size_t length = strlen(name);

    if (name[0] == '.')
        preload_issues_add(issues, PRELOAD_ISSUE_BEGINS_WITH_DOT, NULL);
    else if (length > 0 && name[length - 1] == '.')
        preload_issues_add(issues, PRELOAD_ISSUE_ENDS_WITH_DOT, NULL);
    else if (strstr(name, "..") != NULL)
        preload_issues_add(issues, PRELOAD_ISSUE_DOUBLE_DOT, NULL);
    else if (length == 0 || (strchr(name, ':') == NULL && base_domain_is_suffix(name)))
        preload_issues_add(issues, PRELOAD_ISSUE_PUBLIC_SUFFIX, NULL);
    else if (has_other_characters(name))
        preload_issues_add(issues, PRELOAD_ISSUE_INVALID_CHARACTERS, NULL);
    else if (is_dotted_address(name))
        preload_issues_add(issues, PRELOAD_ISSUE_IP_ADDRESS, NULL);
}

void preload_judge_level(const char *name, preload_issues *issues)
{
    const char *domain = base_domain_registrable(name);

    if (domain == NULL)
        preload_issues_add(issues, PRELOAD_ISSUE_NO_REGISTRABLE, NULL);
    else if (domain != name)
        preload_issues_add(issues, PRELOAD_ISSUE_SUBDOMAIN, base_arena_string(issues->arena, domain));
}
