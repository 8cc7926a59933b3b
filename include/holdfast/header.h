/*
 * holdfast/header.h: the STS field (Strict-Transport-Security), RFC 6797 section 6.1, read and written.
 *
 * The grammar is the RFC's over the tokens and quoted-strings of HTTP, with blanks allowed around every part:
 *     field     = [ directive ] *( ";" [ directive ] )
 *     directive = name [ "=" ( token | quoted-string ) ]
 * So `max-age="31536000"`, a trailing `;` and `max-age = 1` are legal, whatever guides say. A field that breaks the
 * grammar, or repeats max-age or includeSubDomains, or gives includeSubDomains a value, or has no max-age, is void as a
 * whole.
 *
 * Nothing here allocates, and no output refers to the input. Thread rule: pure; call from any thread.
 */
#ifndef HOLDFAST_HEADER_H
#define HOLDFAST_HEADER_H

#include "holdfast/status.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HF_HEADER_NAME "Strict-Transport-Security"

/* What a field says. These three are all that there is; the struct will not grow. */
typedef struct hf_policy {
    int64_t max_age; /* seconds, 0 or more; a larger number than INT64_MAX was sent as saturates at INT64_MAX (RFC sets
                        no limit) */
    bool include_subdomains;
    bool preload; /* not of RFC 6797: consent to the browsers' preload lists, without effect on a user agent */
} hf_policy;

typedef enum hf_severity {
    HF_SEVERITY_INFO,    /* legal; worth knowing */
    HF_SEVERITY_WARNING, /* legal, but hardly what was meant, or not what browsers keep */
    HF_SEVERITY_ERROR,   /* makes the whole field void */
} hf_severity;

/*
 * id, severity, RFC 6797 section ("-": not of the RFC), message. The names reach users as "max-age-quoted"; they are
 * stable.
 */
#define HF_NOTE_MAP(X)                                                                                                 \
    X(UNEXPECTED_CHARACTER, "unexpected-character", ERROR, "6.1",                                                      \
      "this does not belong here: a directive is NAME or NAME=VALUE, and ';' ends it")                                 \
    X(FIELDS_MERGED, "fields-merged", ERROR, "6.1",                                                                    \
      "a ',' here: two fields merged into one by a proxy, or ',' written for ';'")                                     \
    X(NAME_MISSING, "name-missing", ERROR, "6.1", "a value without a directive name in front of '='")                  \
    X(VALUE_MISSING, "value-missing", ERROR, "6.1", "'=' must be followed by a token or a quoted string")              \
    X(QUOTE_UNTERMINATED, "quote-unterminated", ERROR, "6.1", "the quoted string has no closing '\"'")                 \
    X(CONTROL_CHARACTER, "control-character", ERROR, "6.1", "a control character, which HTTP forbids here")            \
    X(MAX_AGE_MISSING, "max-age-missing", ERROR, "6.1.1", "the required directive max-age is missing")                 \
    X(MAX_AGE_WITHOUT_VALUE, "max-age-without-value", ERROR, "6.1.1", "max-age needs a value: max-age=SECONDS")        \
    X(MAX_AGE_NOT_DIGITS, "max-age-not-digits", ERROR, "6.1.1",                                                        \
      "max-age must be digits only: no sign, unit, blank or dot")                                                      \
    X(MAX_AGE_DUPLICATE, "max-age-duplicate", ERROR, "6.1", "max-age appears more than once")                          \
    X(INCLUDE_SUBDOMAINS_DUPLICATE, "include-subdomains-duplicate", ERROR, "6.1",                                      \
      "includeSubDomains appears more than once")                                                                      \
    X(INCLUDE_SUBDOMAINS_VALUE, "include-subdomains-value", ERROR, "6.1.2",                                            \
      "includeSubDomains takes no value: to leave subdomains out, leave the directive out")                            \
    X(NEAR_MISS, "near-miss", WARNING, "6.1",                                                                          \
      "this looks like a known directive but is not spelled like one, and is ignored")                                 \
    X(DIRECTIVE_DUPLICATE, "directive-duplicate", WARNING, "6.1",                                                      \
      "an unknown directive appears more than once: browsers accept this, libsoup does not")                           \
    X(PRELOAD_VALUE, "preload-value", WARNING, "-",                                                                    \
      "preload takes no value; with one it is no consent to the preload list")                                         \
    X(PRELOAD_SHORT_MAX_AGE, "preload-short-max-age", WARNING, "-",                                                    \
      "preload has no effect: the list asks for a max-age of at least 31536000 (one year)")                            \
    X(PRELOAD_WITHOUT_SUBDOMAINS, "preload-without-subdomains", WARNING, "-",                                          \
      "preload has no effect: the list asks for includeSubDomains too")                                                \
    X(MAX_AGE_SATURATED, "max-age-saturated", WARNING, "6.1.1",                                                        \
      "more seconds than 63 bits hold: read as the largest number; wget2 would forget the host")                       \
    X(MAX_AGE_OVER_FIREFOX, "max-age-over-firefox", INFO, "-",                                                         \
      "Firefox keeps at most 100 years (3153600000), Chromium 1 year (31536000)")                                      \
    X(MAX_AGE_OVER_CHROMIUM, "max-age-over-chromium", INFO, "-", "Chromium keeps at most 1 year (31536000)")           \
    X(MAX_AGE_ZERO, "max-age-zero", INFO, "6.1.1",                                                                     \
      "max-age=0: the host is forgotten (a preloaded entry and a parent's policy stay)")                               \
    X(MAX_AGE_QUOTED, "max-age-quoted", INFO, "6.2", "a quoted max-age is legal")                                      \
    X(MAX_AGE_LEADING_ZERO, "max-age-leading-zero", INFO, "6.1.1", "leading zeros are legal and without meaning")      \
    X(QUOTED_PAIR, "quoted-pair", INFO, "6.1",                                                                         \
      "'\\' in a quoted string is legal: the character after it counts; Firefox and curl refuse it in max-age")        \
    X(BLANK_AROUND_EQUALS, "blank-around-equals", INFO, "6.1", "blanks around '=' are legal; older curl refuses them") \
    X(LINE_FOLDED, "line-folded", WARNING, "6.1", "a folded line: obsolete in HTTP, read as a blank")                  \
    X(EMPTY_DIRECTIVE, "empty-directive", INFO, "6.1",                                                                 \
      "an empty directive (a ';' too many) is legal; wget 1.x drops the field if it is in front or doubled")           \
    X(UNKNOWN_DIRECTIVE, "unknown-directive", INFO, "6.1", "an unknown directive, ignored")

typedef enum hf_note_id {
#define HF_X(symbol, name, severity, section, message) HF_NOTE_##symbol,
    HF_NOTE_MAP(HF_X)
#undef HF_X
        HF_NOTE_COUNT
} hf_note_id;

/* One peculiarity and the octets of the value that show it. length 0: something is missing at that offset. */
typedef struct hf_note {
    hf_note_id id;
    size_t offset;
    size_t length;
} hf_note;

/*
 * A list of notes in the caller's storage. Set `items` and `capacity`; the parser sets `count`, which goes on counting
 * when the storage is full (count > capacity then says how many there were). Notes stand in the order in which they
 * were found: from left to right, except that those about a directive or the field as a whole follow those about its
 * parts.
 */
typedef struct hf_notes {
    hf_note *items;
    size_t capacity;
    size_t count;
} hf_notes;

/*
 * Reads the value of one STS field: `length` octets, any of them, NUL included. `value` may be NULL when `length` is 0.
 * True: the field is valid and *policy is set. False: a user agent must ignore the field (RFC 6797 8.1); *policy is
 * untouched, and at least one note of severity ERROR says why. `notes` may be NULL. Time is linear in `length`, except
 * that naming a repeated unknown directive looks back over at most 16 earlier ones.
 */
HF_API HF_MUST_USE bool hf_header_parse(const char *value, size_t length, hf_policy *policy, hf_notes *notes);

/*
 * The directive that `name` was meant to be: for the octets under a note NEAR_MISS "max-age", "includeSubDomains" or
 * "preload". NULL if it is near none of them.
 */
HF_API const char *hf_header_meant(const char *name, size_t length);

/* True if `name` is the name of the STS field, in any case (RFC 6797 6.1; HTTP/2 sends it in lower case). */
HF_API bool hf_header_is_sts(const char *name, size_t length);

/* One header field of a response. */
typedef struct hf_field {
    hf_span name;
    hf_span value;
} hf_field;

/*
 * The index of the first STS field among `count` fields, or `count` when there is none. RFC 6797 8.1: "If a UA receives
 * more than one STS header field in an HTTP response message over secure transport, then the UA MUST process only the
 * first such header field." Whether that first one is valid makes no difference to the later ones.
 */
HF_API size_t hf_header_first(const hf_field *fields, size_t count);

/*
 * Writes the canonical value for a policy: "max-age=N", then "; includeSubDomains", then "; preload". *length becomes
 * the number of octets, without the NUL that is written too. HF_HEADER_MAX octets are always enough. HF_E_BUFFER:
 * `capacity` is too small. HF_E_ARGUMENT: a negative max_age.
 */
#define HF_HEADER_MAX 64
HF_API HF_MUST_USE hf_status hf_header_format(const hf_policy *policy, char *buffer, size_t capacity, size_t *length);

/* The four facts of a note id, as in HF_NOTE_MAP. Never NULL; "?" for a number that is no note id. */
HF_API const char *hf_note_name(hf_note_id id);
HF_API hf_severity hf_note_severity(hf_note_id id);
HF_API const char *hf_note_section(hf_note_id id);
HF_API const char *hf_note_message(hf_note_id id);
/* "info", "warning" or "error". */
HF_API const char *hf_severity_name(hf_severity severity);

#ifdef __cplusplus
}
#endif
#endif
