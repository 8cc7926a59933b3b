/* holdfast config matrix FILE|DIR...: which response of which server carries which HSTS header. */
#include "cmd/config.h"
#include "cmd/document.h"
#include "report/matrix.h"

#define DOCUMENT_MAX ((size_t)256 << 20)

typedef struct settings {
    cmd_common common;
    cmd_config_source source;
    bool html;
} settings;

static bool write_html(const facts_matrix *matrix, base_error *error)
{
    base_buffer out;
    bool written;

    base_buffer_init(&out, DOCUMENT_MAX);
    report_matrix_html(matrix, &out);
    written = base_buffer_flush(&out, stdout, error);
    base_buffer_done(&out);
    return written;
}

static bool write_report(const settings *s, const facts_matrix *matrix, base_error *error)
{
    base_buffer out;
    base_json json;
    base_term term;

    if (s->html)
        return write_html(matrix, error);
    if (s->common.json) {
        cmd_document_begin(&out, &json, DOCUMENT_MAX);
        report_matrix_json(matrix, &json);
        return cmd_document_end(&out, error);
    }
    base_term_init(&term, stdout, s->common.color);
    report_matrix_text(matrix, s->common.quiet, &term);
    return true;
}

static int show(const settings *s, const base_operands *operands, config_estate *estate)
{
    config_asking asking;
    facts_matrix matrix;
    base_error error;

    if (!cmd_config_open(&s->source, operands, estate, &asking, &error) ||
        !asking.platform->matrix(&asking, estate, &matrix, &error))
        return cmd_refuse("config matrix: %s", error.text);
    if (write_report(s, &matrix, &error))
        return BASE_EXIT_CLEAN;
    base_error_print(&error, stderr);
    return BASE_EXIT_UNCHECKED;
}

static int run(void *storage, const base_operands *operands)
{
    const settings *s = storage;
    config_estate estate = {0};
    int code;

    if (operands->count == 0)
        return cmd_refuse("config matrix: a FILE or DIR is missing: holdfast config matrix /etc/nginx/nginx.conf");
    if (s->html && s->common.json)
        return cmd_refuse("config matrix: --html and --json contradict each other");
    code = show(s, operands, &estate);
    config_estate_done(&estate);
    return code;
}

static const base_option options[] = {
    CMD_CONFIG_PLATFORM(settings),
    CMD_CONFIG_CONTEXT(settings),
    CMD_CONFIG_ROOT(settings),
    CMD_CONFIG_VERSION(settings),
    {"html", 0, NULL, "print one HTML page, without scripts", NULL, offsetof(settings, html)},
    {0}};

const cmd_command cmd_config_matrix = {
    .name = "config matrix",
    .summary = "which response of which server carries which HSTS header",
    .usage = "[options] FILE|DIR...",
    .common = CMD_JSON | CMD_QUIET,
    .options = options,
    .settings_size = sizeof(settings),
    .run = run,
};
