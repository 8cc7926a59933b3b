#include "report/store_diff.h"

#include "report/store_row.h"

static void print_row(char sign, base_style style, const hf_row *row, base_term *term)
{
    char expires[REPORT_MOMENT_MAX];

    base_term_line(term, style, "%c %-20s  %.*s%s%s%s", sign,
                   report_moment((hf_moment){row->expires.seconds, 0}, expires) ? expires : "never",
                   (int)row->host.length, row->host.data, row->include_subdomains ? " includeSubDomains" : "",
                   row->state != HF_ROW_SET ? " " : "", row->state != HF_ROW_SET ? hf_row_state_name(row->state) : "");
}

void report_store_difference_text(const hf_row *a, const hf_row *b, base_term *term)
{
    if (a != NULL)
        print_row('-', BASE_STYLE_BAD, a, term);
    if (b != NULL)
        print_row('+', BASE_STYLE_GOOD, b, term);
}

static void write_side(const char *key, const hf_row *row, base_json *json)
{
    base_json_key(json, key);
    if (row == NULL) {
        base_json_null(json);
        return;
    }
    base_json_object_begin(json);
    report_key_moment(json, "expires", row->expires);
    base_json_key_bool(json, "include_subdomains", row->include_subdomains);
    base_json_key_string(json, "state", hf_row_state_name(row->state));
    report_key_span(json, "partition", row->partition);
    base_json_object_end(json);
}

void report_store_difference_json(const hf_row *a, const hf_row *b, base_json *json)
{
    const hf_row *either = a != NULL ? a : b;

    base_json_object_begin(json);
    report_key_span(json, "host", either != NULL ? either->host : (hf_span){0});
    write_side("a", a, json);
    write_side("b", b, json);
    base_json_object_end(json);
}
