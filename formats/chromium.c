/*
 * Chromium's TransportSecurity (Edge, Brave, Opera and the others have it too): JSON, {"sts": [item...], "version": 2},
 * an item holding only the hash of its host. Version 1 (until 2020) is an object of items by hash; it can be read, but
 * not written, for Chromium reads it no more.
 */
#include "base64.h"
#include "formats.h"
#include "json.h"
#include "row.h"
#include "writer.h"

#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX 64                   /* longer than any name or string of the format */
#define LATEST INT64_C(9000000000000) /* in microseconds it still fits in 64 bits */

/* A member that is there with another type than Chromium asks for counts as missing. */
typedef struct item {
    char host[TEXT_MAX], mode[TEXT_MAX];
    size_t host_length, mode_length;
    hf_moment expiry, observed;
    bool has_host, has_mode, has_expiry, has_observed, has_include_subdomains;
    bool include_subdomains;
    bool is_old; /* of version 1, which has other names for some members, and other modes */
} item;

typedef struct reader {
    hf__json json;
    const hf_format_options *options;
    const hf_row_visitor *visitor;
    hf_format_writer *writer; /* instead of a visitor: what is kept goes there */
    bool stopped;
    bool has_sts, has_version, has_old;
    int64_t version;
    uint64_t copied; /* writing: all before was dealt with */
    bool copied_item, dropped_item;
    hf_status status;
} reader;

static bool is(const char *text, size_t length, const char *expected)
{
    return length == strlen(expected) && memcmp(text, expected, length) == 0;
}

static bool read_text(hf__json *json, char *out, size_t *length, bool *there)
{
    *there = hf__json_next(json) == '"';
    if (!*there)
        return hf__json_skip(json);
    if (!hf__json_string(json, out, TEXT_MAX, length))
        return false;
    *there = *length <= TEXT_MAX;
    return true;
}

static bool read_time(hf__json *json, hf_moment *moment, bool *there)
{
    char number[TEXT_MAX];
    size_t length;
    int c = hf__json_next(json);

    *there = c == '-' || (c >= '0' && c <= '9');
    if (!*there)
        return hf__json_skip(json);
    if (!hf__json_number(json, number, sizeof number, &length))
        return false;
    *there = length <= sizeof number && hf__decimal((hf_span){number, length}, moment);
    return true;
}

static bool read_flag(hf__json *json, bool *flag, bool *there)
{
    int c = hf__json_next(json);

    *there = c == 't' || c == 'f';
    return *there ? hf__json_bool(json, flag) : hf__json_skip(json);
}

static bool read_member(hf__json *json, const char *name, size_t length, item *it)
{
    if (is(name, length, "host"))
        return read_text(json, it->host, &it->host_length, &it->has_host);
    if (is(name, length, "mode"))
        return read_text(json, it->mode, &it->mode_length, &it->has_mode);
    if (is(name, length, "expiry"))
        return read_time(json, &it->expiry, &it->has_expiry);
    if (is(name, length, "sts_observed") || (it->is_old && is(name, length, "created") && !it->has_observed))
        return read_time(json, &it->observed, &it->has_observed);
    if (is(name, length, "sts_include_subdomains") ||
        (it->is_old && is(name, length, "include_subdomains") && !it->has_include_subdomains))
        return read_flag(json, &it->include_subdomains, &it->has_include_subdomains);
    return hf__json_skip(json);
}

static bool read_item(hf__json *json, item *it)
{
    char name[TEXT_MAX];
    bool first = true;
    size_t length;

    if (!hf__json_open(json, '{'))
        return false;
    while (hf__json_more(json, '}', &first)) {
        if (!hf__json_name(json, name, sizeof name, &length))
            return false;
        if (!(length > sizeof name ? hf__json_skip(json) : read_member(json, name, length, it)))
            return false;
    }
    return json->problem == NULL;
}

static bool mode_is(const item *it, const char *mode)
{
    return is(it->mode, it->mode_length, mode);
}

static bool mode_enforces(const item *it)
{
    return mode_is(it, "force-https") || (it->is_old && mode_is(it, "strict"));
}

static bool mode_is_known(const item *it)
{
    return mode_enforces(it) || mode_is(it, "default") || (it->is_old && mode_is(it, "pinning-only"));
}

/* All five are needed, or Chromium skips the item; the oldest versions kept no time of observation. */
static const char *item_problem(const item *it, unsigned char hash[32])
{
    if (!it->has_host)
        return "\"host\" is missing";
    if (!hf__base64_read((hf_span){it->host, it->host_length}, hash))
        return "\"host\" is not the base64 of 32 octets";
    if (!it->has_expiry)
        return "\"expiry\" is missing or no number";
    if (!it->has_include_subdomains)
        return "\"sts_include_subdomains\" is missing or no truth value";
    if (!it->has_observed && !it->is_old)
        return "\"sts_observed\" is missing or no number";
    if (!it->has_mode)
        return "\"mode\" is missing";
    if (!mode_is_known(it))
        return "\"mode\" is neither force-https nor default";
    return NULL;
}

static void fill_row(const reader *r, const item *it, const unsigned char hash[32], hf_host *host, hf_row *row)
{
    const hf_format_options *options = r->options;

    row->host_hash = (hf_span){it->host, it->host_length};
    row->expires = it->expiry;
    if (it->has_observed)
        row->observed = it->observed;
    row->include_subdomains = it->include_subdomains;
    row->state = mode_enforces(it) ? HF_ROW_SET : HF_ROW_UNSET;
    row->raw = hf__cursor_marked(&r->json.cursor);
    if (options->resolve != NULL && options->resolve(options->self, hash, host))
        row->host = (hf_span){host->name, host->length};
}

/*
 * Writing: what stands in front of an item comes along with it, so that a store from which nothing goes stays as it is;
 * except the comma behind a first item that went.
 */
static void copy_item(reader *r, uint64_t from, uint64_t to)
{
    bool leads = !r->copied_item && r->dropped_item;

    if (r->status == HF_OK)
        r->status = hf__writer_copy(r->writer, leads ? from : r->copied, to);
    r->copied_item = true;
}

static void judge_item(reader *r, const item *it, uint64_t offset)
{
    hf_row row = hf__row();
    hf_host host;
    unsigned char hash[32];
    const char *problem = item_problem(it, hash);
    uint64_t end = hf__cursor_offset(&r->json.cursor);

    row.offset = offset;
    if (problem == NULL)
        fill_row(r, it, hash, &host, &row);
    if (r->writer != NULL) {
        if (problem != NULL || hf__writer_keeps(r->writer, &row))
            copy_item(r, offset, end);
        else
            r->dropped_item = true;
        r->copied = end;
    } else if (problem != NULL) {
        r->visitor->damage(r->visitor->self, &(hf_row_damage){offset, 0, problem});
    } else {
        r->stopped = !r->visitor->row(r->visitor->self, &row);
    }
}

static bool read_array_item(reader *r)
{
    item it = {.has_host = false};
    int c = hf__json_next(&r->json);
    uint64_t offset = hf__cursor_offset(&r->json.cursor);

    hf__cursor_mark(&r->json.cursor);
    if (!(c == '{' ? read_item(&r->json, &it) : hf__json_skip(&r->json)))
        return false;
    judge_item(r, &it, offset);
    return !r->stopped;
}

static bool read_sts(reader *r)
{
    bool first = true;

    if (r->has_sts && r->writer != NULL) {
        r->status = HF_E_FORMAT;
        return false;
    }
    if (hf__json_next(&r->json) != '[')
        return hf__json_skip(&r->json);
    r->has_sts = true;
    if (!hf__json_open(&r->json, '['))
        return false;
    r->copied = hf__cursor_offset(&r->json.cursor);
    if (r->writer != NULL)
        r->status = hf__writer_copy(r->writer, 0, r->copied);
    while (hf__json_more(&r->json, ']', &first)) {
        if (!read_array_item(r))
            return false;
    }
    return r->json.problem == NULL;
}

static bool read_version(reader *r)
{
    hf_moment number = {0};

    if (!read_time(&r->json, &number, &r->has_version))
        return false;
    r->version = number.seconds;
    return true;
}

/* A member of version 1: its name is the hash. */
static bool read_old_item(reader *r, const char *name, size_t length, uint64_t offset)
{
    item it = {.is_old = true};

    if (hf__json_next(&r->json) != '{')
        return hf__json_skip(&r->json);
    r->has_old = true;
    if (!read_item(&r->json, &it))
        return false;
    memcpy(it.host, name, length);
    it.host_length = length;
    it.has_host = true;
    if (r->writer == NULL)
        judge_item(r, &it, offset);
    return !r->stopped;
}

static bool read_top_member(reader *r)
{
    char name[TEXT_MAX];
    unsigned char hash[32];
    size_t length;

    hf__json_next(&r->json);
    uint64_t offset = hf__cursor_offset(&r->json.cursor);
    hf__cursor_mark(&r->json.cursor);
    if (!hf__json_name(&r->json, name, sizeof name, &length))
        return false;
    if (is(name, length, "sts"))
        return read_sts(r);
    if (is(name, length, "version"))
        return read_version(r);
    if (hf__base64_read((hf_span){name, length}, hash))
        return read_old_item(r, name, length, offset);
    return hf__json_skip(&r->json);
}

static void read_document(reader *r)
{
    bool first = true;

    if (!hf__json_open(&r->json, '{'))
        return;
    while (hf__json_more(&r->json, '}', &first)) {
        if (!read_top_member(r))
            return;
    }
    hf__json_ends(&r->json);
}

static const char *version_problem(const reader *r)
{
    if (r->has_sts && !r->has_version)
        return "\"version\" is missing: Chromium ignores the whole file";
    if (r->has_version && r->version != 2)
        return "a version other than 2: Chromium ignores the whole file";
    return NULL;
}

static hf_status read(const hf_format *format, const hf_input *input, const hf_format_options *options,
                      const hf_row_visitor *visitor)
{
    reader r = {.options = options, .visitor = visitor};
    hf_status status = hf__cursor_init(&r.json.cursor, input);

    (void)format;
    if (status != HF_OK)
        return status;
    read_document(&r);
    const char *problem = r.stopped || r.json.problem != NULL ? NULL : version_problem(&r);
    if (problem != NULL)
        visitor->damage(visitor->self, &(hf_row_damage){0, 0, problem});
    if (r.json.problem != NULL)
        visitor->damage(visitor->self, &(hf_row_damage){r.json.problem_offset, 0, r.json.problem});
    if (r.json.cursor.failed)
        status = HF_E_READ;
    else if (r.json.problem != NULL && !r.has_sts && !r.has_old && !r.has_version)
        status = HF_E_FORMAT;
    hf__cursor_done(&r.json.cursor);
    return status;
}

static bool detect(const hf_format *format, hf_span head, uint64_t length)
{
    (void)format;
    size_t at = 0;

    (void)length;
    while (at < head.length &&
           (head.data[at] == ' ' || head.data[at] == '\n' || head.data[at] == '\r' || head.data[at] == '\t'))
        at++;
    return at < head.length && head.data[at] == '{';
}

/* -- Writing ------------------------------------------------------------------------------------------------------- */

typedef struct output {
    uint64_t copied; /* of the previous store: what follows goes behind the new rows */
    bool needs_comma;
} output;

static hf_status begin_again(hf_format_writer *writer, output *out)
{
    reader r = {.options = &writer->options, .writer = writer};
    hf_status status = hf__cursor_init(&r.json.cursor, writer->rewrite.previous);

    if (status != HF_OK)
        return status;
    read_document(&r);
    if (r.json.cursor.failed)
        status = HF_E_READ;
    else if (r.status != HF_OK)
        status = r.status;
    else if (r.json.problem != NULL || !r.has_sts || r.has_old || version_problem(&r) != NULL)
        status = HF_E_FORMAT;
    hf__cursor_done(&r.json.cursor);
    *out = (output){r.copied, r.copied_item};
    return status;
}

static hf_status begin(hf_format_writer *writer)
{
    writer->state = calloc(1, sizeof(output));
    if (writer->state == NULL)
        return HF_E_MEMORY;
    if (writer->rewrite.previous != NULL)
        return begin_again(writer, writer->state);
    hf__writer_puts(writer, "{\"sts\":[");
    return HF_OK;
}

/* Chromium keeps microseconds. */
static size_t print_time(hf_moment moment, char out[HF__DECIMAL_MAX], hf_losses *losses)
{
    if (moment.nanoseconds % 1000 != 0)
        *losses |= HF_LOSS_FRACTION;
    moment.nanoseconds -= moment.nanoseconds % 1000;
    if (moment.seconds > LATEST) {
        moment = (hf_moment){LATEST, 0};
        *losses |= HF_LOSS_EXPIRES;
    }
    if (moment.seconds < -LATEST)
        moment = (hf_moment){0, 0};
    return hf__decimal_print(moment, out);
}

static hf_moment observation(const hf_row *row, int64_t now, hf_losses *losses)
{
    hf_losses ignored = 0;
    hf__term term;

    if (row->observed.seconds != HF_TIME_UNKNOWN)
        return row->observed;
    term = hf__row_term(row, now, LATEST, &ignored);
    *losses |= ignored & HF_LOSS_OBSERVED_INVENTED;
    return (hf_moment){term.observed, 0};
}

static hf_status add(hf_format_writer *writer, const hf_row *row, hf_losses *losses)
{
    output *out = writer->state;
    unsigned char hash[32];
    char host[HF__BASE64_MAX + 1] = "", expiry[HF__DECIMAL_MAX], observed[HF__DECIMAL_MAX], text[512];
    bool known = row->host.length > 0;

    if (!known && !hf__base64_read(row->host_hash, hash)) {
        *losses |= HF_LOSS_NO_NAME;
        return HF_OK;
    }
    if (known)
        hf_name_hash(row->host, hash);
    hf__base64_print(hash, host);
    print_time(row->expires, expiry, losses);
    print_time(observation(row, writer->options.now, losses), observed, losses);
    int length =
        snprintf(text, sizeof text,
                 "%s{\"expiry\":%s,\"host\":\"%s\",\"mode\":\"force-https\",\"sts_include_subdomains\":%s,"
                 "\"sts_observed\":%s}",
                 out->needs_comma ? "," : "", expiry, host, row->include_subdomains ? "true" : "false", observed);
    hf__writer_put(writer, text, (size_t)length);
    out->needs_comma = true;
    writer->rows++;
    return HF_OK;
}

static hf_status finish(hf_format_writer *writer)
{
    const output *out = writer->state;

    if (writer->rewrite.previous != NULL)
        return hf__writer_copy(writer, out->copied, writer->rewrite.previous->length);
    hf__writer_puts(writer, "],\"version\":2}");
    return HF_OK;
}

static void discard(hf_format_writer *writer)
{
    free(writer->state);
}

const hf_format hf__format_chromium = {
    .name = "chromium",
    .description = "TransportSecurity of Chromium, Chrome, Edge, Brave, Opera, Vivaldi",
    .max_octets = HF__OCTETS_MAX,
    .writes = true,
    .always_lost = HF_LOSS_NAME | HF_LOSS_PORT | HF_LOSS_MAX_AGE | HF_LOSS_PARTITION | HF_LOSS_STATE,
    .detect = detect,
    .read = read,
    .begin = begin,
    .add = add,
    .finish = finish,
    .discard = discard,
};
