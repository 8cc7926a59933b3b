/* holdfast config check FILE|DIR... --live: what the running server sends, beside what its configuration predicts. */
#include "cmd/config.h"
#include "cmd/document.h"
#include "http/transport.h"
#include "http/url.h"
#include "report/live.h"

#include <stdlib.h>
#include <string.h>

#define DOCUMENT_MAX ((size_t)256 << 20)
#define ASKED_MAX 2000 /* requests */
#define VALUES_MAX 16  /* HSTS headers of one response that are kept; two are already too many */

typedef struct settings {
    cmd_common common;
    cmd_config_source source;
    http_transport_options wire;
    base_texts hosts;
    bool live;
} settings;

typedef struct job {
    const settings *settings;
    config_estate estate;
    facts_matrix matrix;
    http_transport wire;
    io_loop *loop;
    facts_live_answer *answers;
    facts_live live;
    size_t answer_capacity, note_capacity;
    const char **notes;
    bool over, full;
} job;

static void note(job *j, const char *text)
{
    j->notes =
        base_arena_grow(&j->estate.arena, (void *)j->notes, j->live.note_count, &j->note_capacity, sizeof(char *));
    j->notes[j->live.note_count++] = text;
}

/* -- One request --------------------------------------------------------------------------------------------------- */

static void on_answer(void *self)
{
    job *j = self;

    j->over = true;
    io_loop_stop(j->loop);
}

static void take_fields(job *j, const facts_response *response, facts_live_answer *answer)
{
    const char **values = base_arena_take(&j->estate.arena, VALUES_MAX * sizeof *values);

    for (size_t i = 0; i < response->count && answer->value_count < VALUES_MAX; i++) {
        const hf_field *field = &response->fields[i];

        if (hf_header_is_sts(field->name.data, field->name.length))
            values[answer->value_count++] = base_arena_copy(&j->estate.arena, field->value.data, field->value.length);
    }
    answer->values = values;
    answer->status = response->status;
}

static void fetch(job *j, const http_url *url, facts_live_answer *answer)
{
    const http_request request = {.host = url->url.host.name,
                                  .is_address = url->url.host.kind != HF_HOST_NAME,
                                  .named = true,
                                  .port = url->url.port,
                                  .secure = url->url.scheme == HF_SCHEME_HTTPS,
                                  .method = FACTS_METHOD_GET,
                                  .target = url->target,
                                  .now = cmd_now(&j->settings->common),
                                  .offer = TLS_OFFER_BOTH};
    facts_exchange *exchange = base_arena_take(&j->estate.arena, sizeof *exchange);

    j->over = false;
    http_fetch(&j->wire.client, &request, &j->estate.arena, exchange, on_answer, j);
    if (!j->over)
        io_loop_run(j->loop);
    if (exchange->failure != NULL || exchange->response == NULL)
        answer->trouble = exchange->failure != NULL ? facts_code_text(exchange->failure->code) : "no response came";
    else
        take_fields(j, exchange->response, answer);
}

static void ask(job *j, const facts_matrix_row *row, const char *host, int port, const char *path)
{
    const char *text =
        base_arena_format(&j->estate.arena, "%s://%s:%d%s", row->tls ? "https" : "http", host, port, path);
    facts_live_answer *answer;
    http_url url;

    if (j->live.count >= ASKED_MAX) {
        j->full = true;
        return;
    }
    if (http_url_read(NULL, text, strlen(text), &j->estate.arena, &url, NULL) != HTTP_URL_GOOD)
        return;
    j->answers = base_arena_grow(&j->estate.arena, j->answers, j->live.count, &j->answer_capacity, sizeof *j->answers);
    answer = &j->answers[j->live.count++];
    *answer = (facts_live_answer){.url = url.text, .row = row};
    fetch(j, &url, answer);
    facts_live_judge(answer);
    j->live.results[answer->result]++;
}

/* -- Which requests ------------------------------------------------------------------------------------------------ */

/* A name that can be asked: no wildcard, no expression, no catch-all. */
static bool is_host(const char *name)
{
    hf_host host;

    return hf_host_parse(name, strlen(name), NULL, &host, NULL) == HF_OK && strcmp(name, "_") != 0 &&
           strpbrk(name, "*~$^") == NULL && name[0] != '.';
}

static bool is_asked_for(const job *j, const char *name)
{
    const base_texts *hosts = &j->settings->hosts;

    for (size_t i = 0; i < hosts->count; i++)
        if (strcmp(hosts->items[i], name) == 0)
            return true;
    return hosts->count == 0;
}

static void ask_rows(job *j, const facts_matrix_server *server, const char *host)
{
    for (size_t i = 0; i < server->row_count; i++) {
        const facts_matrix_row *row = &server->rows[i];
        const int port = row->tls ? server->tls_port : server->plain_port;

        if (row->path != NULL && port != 0)
            ask(j, row, host, port, row->path);
        if (row->missing != NULL && port != 0)
            ask(j, row, host, port, row->missing);
    }
}

static void ask_server(job *j, const facts_matrix_server *server)
{
    size_t asked = 0;

    for (size_t i = 0; i < server->name_count; i++)
        if (is_host(server->names[i]) && is_asked_for(j, server->names[i])) {
            ask_rows(j, server, server->names[i]);
            asked++;
        }
    if (asked == 0 && j->settings->hosts.count == 0)
        note(j, base_arena_format(&j->estate.arena, "%s:%zu: the server has no name that can be asked for.",
                                  server->file != NULL ? server->file : "-", server->line));
}

static void ask_all(job *j)
{
    for (size_t i = 0; i < j->matrix.server_count; i++)
        ask_server(j, &j->matrix.servers[i]);
    if (j->full)
        note(j, base_arena_format(&j->estate.arena, "Only the first %d requests were made.", ASKED_MAX));
    if (j->live.count == 0)
        note(j, "Nothing could be asked.");
    j->live.answers = j->answers;
    j->live.notes = j->notes;
}

/* -- The whole ----------------------------------------------------------------------------------------------------- */

static int fail(base_error *error, int code)
{
    base_error_wrap(error, "config check");
    base_error_print(error, stderr);
    return code;
}

static int exit_code(const facts_live *live)
{
    if (live->results[FACTS_LIVE_DIFFERS] > 0)
        return BASE_EXIT_FINDINGS;
    if (live->count == live->results[FACTS_LIVE_UNSEEN])
        return BASE_EXIT_UNCHECKED;
    return live->results[FACTS_LIVE_UNSEEN] > 0 || live->results[FACTS_LIVE_UNSURE] > 0 ? BASE_EXIT_PARTLY
                                                                                        : BASE_EXIT_CLEAN;
}

static int tell(const job *j)
{
    base_buffer out;
    base_json json;
    base_term term;
    base_error error;

    if (j->settings->common.json) {
        cmd_document_begin(&out, &json, DOCUMENT_MAX);
        report_live_json(&j->live, &json);
        return cmd_document_end(&out, &error) ? exit_code(&j->live) : fail(&error, BASE_EXIT_UNCHECKED);
    }
    base_term_init(&term, stdout, j->settings->common.color);
    report_live_text(&j->live, j->settings->common.quiet, &term);
    return exit_code(&j->live);
}

static int look(job *j)
{
    base_error error;
    http_route *route = http_transport_route(&j->settings->wire, &error);
    int code;

    if (route == NULL)
        return cmd_refuse("config check: %s", error.text);
    j->loop = io_loop_new();
    if (http_transport_open(&j->wire, j->loop, route, &j->settings->wire, &error)) {
        ask_all(j);
        code = tell(j);
        http_transport_close(&j->wire);
    } else {
        code = fail(&error, http_transport_was_asked_for(&j->settings->wire) ? BASE_EXIT_USAGE : BASE_EXIT_UNCHECKED);
    }
    io_loop_free(j->loop);
    return code;
}

static int run(void *storage, const base_operands *operands)
{
    const settings *s = storage;
    job j = {.settings = s};
    config_asking asking;
    base_error error;
    int code;

    if (operands->count == 0)
        return cmd_refuse("config check: a FILE or DIR is missing: holdfast config check /etc/nginx/nginx.conf --live");
    if (!s->live)
        return cmd_refuse("config check: it sends requests to the servers of the configuration: agree with --live");
    if (s->wire.timeout == 0)
        return cmd_refuse("config check: --timeout: a timeout of 0 leaves no time to look");
    if (s->wire.ipv4 && s->wire.ipv6)
        return cmd_refuse("config check: --ipv4 and --ipv6 leave no address");
    if (cmd_config_open(&s->source, operands, &j.estate, &asking, &error) &&
        asking.platform->matrix(&asking, &j.estate, &j.matrix, &error))
        code = look(&j);
    else
        code = cmd_refuse("config check: %s", error.text);
    config_estate_done(&j.estate);
    return code;
}

static const base_option options[] = {
    {"live", 0, NULL, "send the requests: GET, one for each location and one for a page that is not there", NULL,
     offsetof(settings, live)},
    {"host", 0, "NAME", "ask for this server name alone; may be repeated", base_read_texts, offsetof(settings, hosts)},
    CMD_CONFIG_PLATFORM(settings),
    CMD_CONFIG_CONTEXT(settings),
    CMD_CONFIG_ROOT(settings),
    CMD_CONFIG_VERSION(settings),
    HTTP_TRANSPORT_OPTIONS(settings),
    {"timeout", 0, "DURATION", "the most that one request may take, 30s by default", base_read_duration,
     offsetof(settings, wire.timeout)},
    {0}};

static const settings defaults = {.wire = {.timeout = HTTP_TIMEOUT_DEFAULT, .patient = true}};

const cmd_command cmd_config_check = {
    .name = "config check",
    .summary = "what the running server sends, beside what its configuration predicts",
    .usage = "[options] FILE|DIR... --live",
    .common = CMD_JSON | CMD_AT | CMD_QUIET,
    .options = options,
    .settings_size = sizeof(settings),
    .defaults = &defaults,
    .run = run,
};
