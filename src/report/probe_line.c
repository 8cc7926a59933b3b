#include "report/probe_line.h"

#include "base/csv.h"
#include "base/escape.h"
#include "base/term.h"
#include "base/utf8.h"
#include "findings/estate.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define HOST_WIDTH 32
#define VALUE_MAX 160 /* octets of a field that a line of text shows */
#define CELL_MAX ((size_t)4 << 20)
#define GAP 2   /* between the columns of a table */
#define LEAST 6 /* of a column that has to give room */
#define DOTS "..."

/* -- Text ---------------------------------------------------------------------------------------------------------- */

static void print_value(base_term *term, hf_span value)
{
    char text[BASE_ESCAPED_MAX];
    size_t length = value.length < VALUE_MAX ? value.length : VALUE_MAX;

    for (size_t i = 0; i < length; i++) {
        base_escape_octet((unsigned char)value.data[i], text);
        fputs(text, term->out);
    }
    if (length < value.length)
        fputs("...", term->out);
}

static void print_state(base_term *term, const facts_probed *probed, const facts_sts_field *sts)
{
    const facts_tls *tls = &probed->https->tls;
    bool sent = sts->count > 0;
    bool good = tls->error_count == 0;
    const char *state = !sent                           ? "no HSTS"
                        : !sts->sent.valid              ? "invalid"
                        : sts->sent.policy.max_age == 0 ? "disabled"
                        : sts->in_force                 ? "in force"
                                                        : "ignored";

    base_term_print(term, sts->in_force ? BASE_STYLE_GOOD : BASE_STYLE_WARN, good && !sent ? "%s" : "%-10s", state);
    for (size_t i = 0; i < tls->error_count; i++)
        base_term_print(term, BASE_STYLE_BAD, "%s%s", i > 0 ? "," : "", facts_tls_code_name(tls->errors[i].code));
    if (sent && !good)
        fputs("  ", term->out);
    if (sent)
        print_value(term, sts->sent.value);
}

static void print_judged(const report_probed *item, base_term *term)
{
    const finding_judgement *judgement = item->judgement;
    const finding *worst;
    finding_harm harm;

    if (judgement == NULL)
        return;
    harm = finding_harm_of(item->probed->site, judgement, &worst);
    if (item->with_verdict && harm > FINDING_HARM_NOTICE)
        base_term_print(term, harm > FINDING_HARM_FAULT ? BASE_STYLE_BAD : BASE_STYLE_WARN, "  %s",
                        finding_harm_text(harm));
    if (item->with_verdict && worst != NULL)
        base_term_print(term, BASE_STYLE_PLAIN, "  %s", rule_find(worst->rule)->name);
    if (judgement->findings.count > 0)
        base_term_print(term, BASE_STYLE_DIM, "  %zu finding%s", judgement->findings.count,
                        judgement->findings.count == 1 ? "" : "s");
}

static void write_text(const report_line_form *form, const report_probed *item, FILE *out)
{
    const facts_probed *probed = item->probed;
    base_term term = {.out = out, .colored = form->colored};
    char name[HF_HOST_MAX + 16], port[16] = "";
    bool bracketed = probed->host->kind == HF_HOST_IPV6 && probed->port != 443; /* as a list has it */

    if (probed->port != 443)
        snprintf(port, sizeof port, ":%d", probed->port);
    snprintf(name, sizeof name, bracketed ? "[%s]%s" : "%s%s", probed->host->name, port);
    base_term_print(&term, BASE_STYLE_PLAIN, "%-*s  ", HOST_WIDTH, name);
    if (probed->failure != NULL) {
        base_term_print(&term, BASE_STYLE_BAD, "%s", facts_code_name(probed->failure->code));
        base_term_print(&term, BASE_STYLE_PLAIN, ": %s", facts_code_text(probed->failure->code));
        if (*probed->failure->detail != '\0')
            base_term_print(&term, BASE_STYLE_DIM, " (%s)", probed->failure->detail);
        return;
    }
    base_term_print(&term, BASE_STYLE_PLAIN, "%d  %-7s  ", probed->https->response->status,
                    probed->https->tls.version != NULL ? probed->https->tls.version : "-");
    print_state(&term, probed, item->sts);
    print_judged(item, &term);
}

/* What `write` prints, behind `out`. */
static void print_into(base_buffer *out, void write(const void *self, FILE *file), const void *self)
{
    char *text = NULL;
    size_t length = 0;
    FILE *file = open_memstream(&text, &length);

    if (file == NULL) {
        out->failed = true;
        return;
    }
    write(self, file);
    if (fclose(file) == 0)
        base_buffer_append(out, text, length);
    free(text);
}

typedef struct printing {
    const report_line_form *form;
    const report_probed *item;
} printing;

static void print_probed(const void *self, FILE *file)
{
    const printing *p = self;

    write_text(p->form, p->item, file);
}

static void print_refused(const void *self, FILE *file)
{
    const printing *p = self;
    const facts_refused *refused = p->item->refused;
    base_term term = {.out = file, .colored = p->form->colored};

    base_term_print(&term, BASE_STYLE_PLAIN, "%-*s  ", HOST_WIDTH, "-");
    base_term_print(&term, BASE_STYLE_BAD, "refused");
    base_term_print(&term, BASE_STYLE_PLAIN, ": %s, line %" PRIu64 ": ", refused->source, refused->line);
    base_escape_input(refused->message, strlen(refused->message), file);
}

/* -- JSON ---------------------------------------------------------------------------------------------------------- */

static void write_json(const report_line_form *form, const report_probed *item, base_buffer *out)
{
    base_json json;

    base_json_init(&json, out, false);
    facts_site_limit_json(&json);
    base_json_object_begin(&json);
    report_fields_json(&form->fields, item, &json);
    base_json_object_end(&json);
}

/* Whatever fields were asked for, an error is told whole. */
static void write_refused(const report_probed *item, base_buffer *out)
{
    static report_fields whole;
    base_json json;

    if (whole.count == 0)
        report_fields_read(&whole, "index,error", NULL);
    base_json_init(&json, out, false);
    base_json_object_begin(&json);
    report_fields_json(&whole, item, &json);
    base_json_object_end(&json);
}

/* -- CSV and tables ------------------------------------------------------------------------------------------------ */

void report_line_fit(report_line_form *form, size_t width)
{
    size_t count = form->fields.count, sum = GAP * (count - 1);

    for (size_t i = 0; i < count; i++)
        sum += form->widths[i] = report_column_width(&form->fields.columns[i]);
    /* The widest gives room first. */
    while (sum > width) {
        size_t widest = 0;

        for (size_t i = 1; i < count; i++)
            if (form->widths[i] > form->widths[widest])
                widest = i;
        if (form->widths[widest] <= LEAST)
            break;
        form->widths[widest]--;
        sum--;
    }
    form->widths[count - 1] += sum < width ? width - sum : 0;
}

/* The octets of the first `count` characters. */
static size_t octets_of(const char *text, size_t length, size_t count)
{
    size_t at = 0;

    while (at < length && count > 0) {
        at++;
        while (at < length && ((unsigned char)text[at] & 0xc0) == 0x80)
            at++;
        count--;
    }
    return at;
}

static void add_cell(const report_line_form *form, size_t column, const char *text, size_t length, base_buffer *out)
{
    size_t width = form->widths[column], count;
    base_buffer escaped;

    base_buffer_init(&escaped, CELL_MAX);
    base_escape(text, length, &escaped);
    count = base_utf8_count(base_buffer_string(&escaped), escaped.length);
    if (count > width) {
        base_buffer_append(out, escaped.data, octets_of(escaped.data, escaped.length, width - strlen(DOTS)));
        base_buffer_text(out, DOTS);
        count = width;
    } else {
        base_buffer_append(out, base_buffer_string(&escaped), escaped.length);
    }
    for (; column + 1 < form->fields.count && count < width + GAP; count++)
        base_buffer_char(out, ' ');
    base_buffer_done(&escaped);
}

static void add(const report_line_form *form, size_t column, const char *text, size_t length, base_buffer *out)
{
    if (form->style == REPORT_LINE_CSV)
        base_csv_cell(out, text, length);
    else
        add_cell(form, column, text, length, out);
}

static void write_row(const report_line_form *form, const report_probed *item, base_buffer *out)
{
    base_buffer cell;

    base_buffer_init(&cell, CELL_MAX);
    for (size_t i = 0; i < form->fields.count; i++) {
        base_buffer_clear(&cell);
        report_column_text(&form->fields.columns[i], item, &cell);
        add(form, i, base_buffer_string(&cell), cell.length, out);
    }
    base_buffer_done(&cell);
    if (form->style == REPORT_LINE_CSV)
        base_csv_end(out);
}

void report_line_head(const report_line_form *form, base_buffer *out)
{
    for (size_t i = 0; i < form->fields.count; i++)
        add(form, i, form->fields.columns[i].name, strlen(form->fields.columns[i].name), out);
    if (form->style == REPORT_LINE_CSV)
        base_csv_end(out);
    else
        base_buffer_char(out, '\n');
}

/* -- A line -------------------------------------------------------------------------------------------------------- */

void report_probe_line(const report_line_form *form, const report_probed *item, base_buffer *out)
{
    const printing text = {form, item};
    report_probed without = *item;

    if (form->style == REPORT_LINE_TEXT) {
        print_into(out, print_probed, &text);
    } else if (form->style != REPORT_LINE_JSON) {
        write_row(form, item, out);
    } else {
        write_json(form, item, out);
        if (!out->failed)
            return;
        /* The facts are too long: the rest is said without them. */
        base_buffer_clear(out);
        without.without_facts = true;
        write_json(form, &without, out);
    }
}

void report_refused_line(const report_line_form *form, const facts_refused *refused, base_buffer *out)
{
    const report_probed item = {.refused = refused};
    const printing text = {form, &item};

    if (form->style == REPORT_LINE_JSON)
        write_refused(&item, out);
    else if (form->style == REPORT_LINE_CSV)
        write_row(form, &item, out);
    else
        print_into(out, print_refused, &text);
}
