/* url: input, expected ("-": left as it is), alternatives, note. The known hosts are fixed by the format. */
#include "runner.h"

#include "base/idna.h"

#include <holdfast/holdfast.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT, EXPECTED, ALTERNATIVES, COLUMNS };

#define INVALID "!invalid"
#define UNCHANGED "-"

static hf_hosts *known_hosts(void)
{
    static const struct {
        const char *name;
        bool include_subdomains;
    } known[] = {{"example.com", true}, {"exact.test", false}, {"xn--bcher-kva.test", true}};
    hf_hosts *hosts = NULL;

    if (hf_hosts_new(NULL, &hosts) != HF_OK)
        abort();
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        hf_entry entry = hf_entry_init();
        entry.host = (hf_span){known[i].name, strlen(known[i].name)};
        entry.expires = HF_TIME_NEVER;
        entry.include_subdomains = known[i].include_subdomains;
        if (hf_hosts_put(hosts, &entry, 0) != HF_OK)
            abort();
    }
    return hosts;
}

/* The upgraded URL, UNCHANGED, or INVALID. Free it. A URL may hold NUL, so the length counts. */
static char *answer(const char *text, size_t length, size_t *out_length)
{
    hf_known known = {.hosts = known_hosts()};
    hf_verdict verdict = hf_verdict_init();
    hf_url url;
    size_t capacity = HF_URL_WRITTEN_MAX(length);
    char *out = malloc(capacity);

    if (out == NULL)
        abort();
    *out_length = 0;
    if (hf_url_parse(text, length, base_idna(), &url, NULL) != HF_OK)
        strcpy(out, INVALID);
    else if (hf_decide_url(&known, &url, (hf_span){0}, 1, &verdict) != HF_OK || !verdict.upgrade)
        strcpy(out, UNCHANGED);
    else if (hf_url_upgrade(&url, text, length, out, capacity, out_length) != HF_OK)
        abort();
    if (*out_length == 0)
        *out_length = strlen(out);
    hf_hosts_free((hf_hosts *)known.hosts);
    return out;
}

/* True if `got` is one of the |-separated answers. */
static bool is_among(const char *got, size_t length, const char *list)
{
    for (const char *at = list; at != NULL; at = strchr(at, '|')) {
        at += *at == '|';
        if (strncmp(at, got, length) == 0 && (at[length] == '|' || at[length] == '\0'))
            return true;
    }
    return false;
}

/* The texts of a column: a JSON string, or "-" as it stands. */
static char *column_text(const char *column, size_t *length)
{
    *length = strlen(UNCHANGED);
    return strcmp(column, UNCHANGED) == 0 ? strdup(UNCHANGED) : json_column_text(column, length);
}

static void judge(tally *t, char **column, const char *input, size_t length)
{
    size_t got_length, expected_length, others_length;
    char *got = answer(input, length, &got_length);
    char *expected = column_text(column[EXPECTED], &expected_length);
    char *others = column_text(column[ALTERNATIVES], &others_length);
    bool has_others = strcmp(column[ALTERNATIVES], UNCHANGED) != 0;

    if (expected == NULL || others == NULL)
        vector_fail(t, "expected and alternatives must be JSON strings or -: %s, %s", column[EXPECTED],
                    column[ALTERNATIVES]);
    else if ((got_length == expected_length && memcmp(got, expected, got_length) == 0) ||
             (has_others && is_among(got, got_length, others)))
        vector_pass(t);
    else
        vector_fail(t, "%s: expected %s, got %s", column[INPUT], column[EXPECTED], got);
    free(got);
    free(expected);
    free(others);
}

static void run(tally *t, char *line)
{
    char *column[COLUMNS + 1], *input;
    size_t length, count = split_columns(line, column, COLUMNS + 1);

    if (count < EXPECTED + 1) {
        vector_fail(t, "a url vector has at least 2 columns");
        return;
    }
    if (count < ALTERNATIVES + 1)
        column[ALTERNATIVES] = UNCHANGED;
    input = json_column_text(column[INPUT], &length);
    if (input == NULL)
        vector_fail(t, "the input is no JSON string: %s", column[INPUT]);
    else
        judge(t, column, input, length);
    free(input);
}

const vector_kind vector_url = {"url", run};
