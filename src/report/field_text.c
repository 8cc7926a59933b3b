#include "report/field_text.h"

#include "base/buffer.h"
#include "base/escape.h"
#include "base/time.h"

#include <string.h>

#define INDENT "    "
#define WHOLE_MAX 160 /* octets: a value up to here is shown whole */
#define BEFORE 40     /* octets shown in front of a note, and all in all, of a longer one */
#define WINDOW 100
#define EXCERPT_MAX 4096 /* octets of a printed line */

static void print_policy(const facts_sts_value *field, base_term *term)
{
    char words[BASE_WORDS_MAX];
    const hf_policy *policy = &field->policy;

    base_duration_words(policy->max_age, words);
    if (policy->max_age == 0)
        base_term_line(term, BASE_STYLE_PLAIN, "  max-age            0: forget this host");
    else
        base_term_line(term, BASE_STYLE_PLAIN, "  max-age            %lld: %s", (long long)policy->max_age, words);
    base_term_line(term, BASE_STYLE_PLAIN, "  includeSubDomains  %s",
                   policy->include_subdomains ? "yes: the host and every name below it" : "no: this host alone");
    base_term_line(term, BASE_STYLE_PLAIN, "  preload            %s",
                   policy->preload ? "yes: consents to the browsers' preload lists" : "no");
}

/* The part of the value that is shown for a note, and the two lines that show it. */
typedef struct excerpt {
    const facts_sts_value *field;
    size_t from, to;
    base_buffer text;
    base_buffer marks;
} excerpt;

static void choose_window(excerpt *e, const hf_note *note)
{
    e->from = 0;
    e->to = e->field->value.length;
    if (e->field->value.length <= WHOLE_MAX)
        return;
    e->from = note->offset > BEFORE ? note->offset - BEFORE : 0;
    e->to = e->field->value.length - e->from > WINDOW ? e->from + WINDOW : e->field->value.length;
}

/* One octet of the value and, as wide as it is printed, what stands under it. */
static void add_octet(excerpt *e, size_t at, const hf_note *note)
{
    char visible[BASE_ESCAPED_MAX];
    size_t columns = base_escape_octet((unsigned char)e->field->value.data[at], visible), i;

    base_buffer_text(&e->text, visible);
    for (i = 0; i < columns; i++) {
        if (at == note->offset && i == 0)
            base_buffer_char(&e->marks, '^');
        else if (at >= note->offset && at - note->offset < note->length)
            base_buffer_char(&e->marks, '~');
        else if (at < note->offset)
            base_buffer_char(&e->marks, ' ');
    }
}

static void build(excerpt *e, const hf_note *note)
{
    size_t at;

    choose_window(e, note);
    base_buffer_clear(&e->text);
    base_buffer_clear(&e->marks);
    if (e->from > 0) {
        base_buffer_text(&e->text, "...");
        base_buffer_text(&e->marks, "   ");
    }
    for (at = e->from; at < e->to; at++)
        add_octet(e, at, note);
    if (note->offset == e->field->value.length)
        base_buffer_char(&e->marks, '^');
    if (e->to < e->field->value.length)
        base_buffer_text(&e->text, "...");
}

static void print_note(const hf_note *note, const char *value, base_term *term)
{
    static const base_style styles[] = {[HF_SEVERITY_INFO] = BASE_STYLE_BOLD,
                                        [HF_SEVERITY_WARNING] = BASE_STYLE_WARN,
                                        [HF_SEVERITY_ERROR] = BASE_STYLE_BAD};
    hf_severity severity = hf_note_severity(note->id);
    const char *section = hf_note_section(note->id);
    const char *meant = note->id == HF_NOTE_NEAR_MISS ? hf_header_meant(value + note->offset, note->length) : NULL;
    bool in_rfc = section[0] != '-';

    base_term_print(term, styles[severity], "  %s", hf_severity_name(severity));
    base_term_line(term, BASE_STYLE_PLAIN, ": %s%s%s%s", hf_note_message(note->id),
                   meant != NULL ? ": did you mean " : "", meant != NULL ? meant : "", meant != NULL ? "?" : "");
    base_term_line(term, BASE_STYLE_DIM, INDENT "%s, offset %zu%s%s", hf_note_name(note->id), note->offset,
                   in_rfc ? ", RFC 6797 " : "", in_rfc ? section : "");
}

static void print_notes(const facts_sts_value *field, base_term *term)
{
    excerpt e = {.field = field};
    size_t i;

    base_buffer_init(&e.text, EXCERPT_MAX);
    base_buffer_init(&e.marks, EXCERPT_MAX);
    for (i = 0; i < field->note_count; i++) {
        const hf_note *note = &field->notes[i];
        print_note(note, field->value.data, term);
        if (field->value.length == 0)
            continue;
        build(&e, note);
        base_term_line(term, BASE_STYLE_PLAIN, INDENT "%s", base_buffer_string(&e.text));
        base_term_line(term, BASE_STYLE_GOOD, INDENT "%s", base_buffer_string(&e.marks));
    }
    base_buffer_done(&e.text);
    base_buffer_done(&e.marks);
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static void print_verdict(const facts_sts_value *field, base_term *term)
{
    if (!field->valid)
        base_term_line(term, BASE_STYLE_BAD, "invalid: browsers ignore this header");
    else if (field->policy.max_age == 0)
        base_term_line(term, BASE_STYLE_GOOD, "valid: the host is forgotten");
    else
        base_term_line(term, BASE_STYLE_GOOD, "valid");
}

static void print_canonical(const facts_sts_value *field, base_term *term)
{
    char canonical[HF_HEADER_MAX];
    size_t length;

    if (hf_header_format(&field->policy, canonical, sizeof canonical, &length) == HF_OK)
        base_term_line(term, BASE_STYLE_PLAIN, "  canonical          %s", canonical);
}

void report_field_text(const facts_sts_value *field, bool quiet, bool verbose, base_term *term)
{
    print_verdict(field, term);
    if (quiet)
        return;
    if (field->valid)
        print_policy(field, term);
    if (field->valid && verbose)
        print_canonical(field, term);
    print_notes(field, term);
}
