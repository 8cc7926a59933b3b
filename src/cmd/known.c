#include "cmd/known.h"

#include "base/idna.h"
#include "base/lines.h"
#include "base/term.h"
#include "base/time.h"

#include <string.h>

#define LINE_MAX_OCTETS 65536
#define OCTETS_MAX ((uint64_t)256 << 20) /* more than the responses of a million hosts */

typedef struct loader {
    const cmd_known_settings *settings;
    base_lines lines;
    const char *line; /* the one being read, for telling where in it something is wrong */
    hf_hosts *hosts;
    base_error *error;
} loader;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The word at the front of `rest`, which goes on behind the blanks after it. */
static hf_span take_word(hf_span *rest)
{
    hf_span word = {rest->data, 0};

    while (word.length < rest->length && !is_blank(rest->data[word.length]))
        word.length++;
    rest->data += word.length;
    rest->length -= word.length;
    while (rest->length > 0 && is_blank(*rest->data)) {
        rest->data++;
        rest->length--;
    }
    return word;
}

static bool refuse(const loader *l, const char *at, const char *what)
{
    base_error_set(l->error, "%s:%llu: offset %td: %s", l->lines.name, (unsigned long long)l->lines.number,
                   at - l->line, what);
    return false;
}

static bool read_host(const loader *l, hf_span word, hf_host *host)
{
    hf_diag diag;
    char text[BASE_CUT_MAX + 1], what[BASE_ERROR_MAX / 2];
    const char *at;

    if (hf_host_parse(word.data, word.length, base_idna(), host, &diag) == HF_OK)
        return true;
    at = word.data + diag.offset;
    snprintf(text, sizeof text, "%.*s", (int)word.length, word.data);
    if (diag.status == HF_E_HOST_CHARACTER)
        snprintf(what, sizeof what, "'%s' is not a host name: %s, '%.*s': write the name alone", BASE_CUT(text),
                 diag.text, (int)diag.length, at);
    else
        snprintf(what, sizeof what, "'%s' is not a host name: %s", BASE_CUT(text), diag.text);
    return refuse(l, at, what);
}

static bool read_time(const loader *l, hf_span word, int64_t *time)
{
    char text[64];
    base_error error;

    if (word.length >= sizeof text || memchr(word.data, '\0', word.length) != NULL)
        return refuse(l, word.data,
                      "what follows @ is not a time: write 2026-11-20, 2026-11-20T10:25:00Z or Unix seconds");
    snprintf(text, sizeof text, "%.*s", (int)word.length, word.data);
    return base_time_parse(text, time, &error) || refuse(l, word.data, error.text);
}

/* Why a field is void: the first error among its notes. */
static bool refuse_field(const loader *l, const char *field, const hf_notes *notes)
{
    size_t i, held = notes->count < notes->capacity ? notes->count : notes->capacity;
    char what[BASE_ERROR_MAX / 2];

    for (i = 0; i < held && hf_note_severity(notes->items[i].id) != HF_SEVERITY_ERROR; i++)
        ;
    if (i == held)
        return refuse(l, field, "the field is void: holdfast header explains it");
    snprintf(what, sizeof what, "the field is void: %s (offset %zu of the field)", hf_note_message(notes->items[i].id),
             notes->items[i].offset);
    return refuse(l, field + notes->items[i].offset, what);
}

/* The rules of RFC 6797 8.1 may ignore a well-formed response, from an IP address for instance. That is worth a word.
 */
static void mention(const loader *l, const hf_host *host, hf_noted noted)
{
    base_error warning;

    if (noted <= HF_NOTED_FORGOTTEN || l->settings->quiet)
        return;
    base_error_set(&warning, "warning: %s:%llu: %s: %s", l->lines.name, (unsigned long long)l->lines.number, host->name,
                   hf_noted_text(noted));
    base_error_print(&warning, stderr);
}

static bool load_line(const loader *l, hf_span rest)
{
    hf_note items[32];
    hf_notes notes = {items, sizeof items / sizeof items[0], 0};
    hf_response response = hf_response_init();
    hf_policy policy;
    hf_noted noted;
    hf_host host;

    if (!read_host(l, take_word(&rest), &host))
        return false;
    response.now = l->settings->now;
    response.secure = true;
    if (rest.length > 0 && *rest.data == '@') {
        hf_span word = take_word(&rest);
        if (!read_time(l, (hf_span){word.data + 1, word.length - 1}, &response.now))
            return false;
    }
    if (!hf_header_parse(rest.data, rest.length, &policy, &notes))
        return refuse_field(l, rest.data, &notes);
    if (policy.max_age > l->settings->life_max)
        policy.max_age = l->settings->life_max;
    if (hf_hosts_note(l->hosts, &host, &policy, &response, &noted) != HF_OK)
        return refuse(l, l->line, "out of memory");
    mention(l, &host, noted);
    return true;
}

static bool load(loader *l)
{
    hf_span line;
    base_line got;

    l->lines.octets_max = OCTETS_MAX;
    while ((got = base_lines_next(&l->lines, &line, l->error)) == BASE_LINE_GOOD) {
        l->line = line.data;
        while (line.length > 0 && is_blank(*line.data)) {
            line.data++;
            line.length--;
        }
        if (line.length > 0 && *line.data != '#' && !load_line(l, line))
            return false;
    }
    if (got == BASE_LINE_TOO_LONG)
        base_error_wrap(l->error, "%s:%llu", l->lines.name, (unsigned long long)l->lines.number);
    return got == BASE_LINE_END;
}

static bool new_hosts(const cmd_known_settings *settings, hf_hosts **hosts, base_error *error)
{
    hf_hosts_options options = hf_hosts_options_init();

    options.enforce_localhost = settings->enforce_localhost;
    if (hf_hosts_new(&options, hosts) == HF_OK)
        return true;
    base_error_set(error, "cannot make a table of hosts: out of memory");
    return false;
}

bool cmd_known_load(const cmd_known_settings *settings, hf_hosts **hosts, base_error *error)
{
    loader l = {.settings = settings, .error = error};
    bool loaded;

    if (!new_hosts(settings, &l.hosts, error))
        return false;
    if (settings->path != NULL) {
        loaded = base_lines_open(&l.lines, settings->path, LINE_MAX_OCTETS, error) && load(&l);
        base_lines_close(&l.lines);
        if (!loaded) {
            hf_hosts_free(l.hosts);
            return false;
        }
    }
    *hosts = l.hosts;
    return true;
}
