/* head: octets, scheme, what Chromium makes of them, what Firefox does, note. What a browser makes of a response is its
 * status, with " noted" where it notes a policy; "0.9" for a page without a head; or the failure. */
#include "runner.h"

#include "base/memory.h"
#include "facts/sts_field.h"
#include "http/head.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OCTETS, SCHEME, CHROMIUM, FIREFOX, COLUMNS };

static bool is_noted(const http_head *head, http_reader reader, base_arena *arena)
{
    size_t first = hf_header_first(head->fields, head->count);
    facts_sts_value sent;
    hf_span value;
    char *copy;

    if (first == head->count)
        return false;
    value = head->fields[first].value;
    copy = base_arena_copy(arena, value.data, value.length);
    http_head_unfold(reader, copy, value.length);
    sent = facts_sts_read((hf_span){copy, value.length}, NULL);
    return sent.valid && sent.policy.max_age > 0;
}

/* The head comes whole, and then the server closes the connection. */
static void describe(http_reader reader, bool secure, const char *octets, size_t length, char out[static 64])
{
    static http_head head;
    http_head_progress progress = {.reader = reader, .old = true, .secure = secure};
    http_head_result result = http_head_parse(octets, length, &progress, &head);
    base_arena arena = {0};

    if (result == HTTP_HEAD_MORE) {
        progress.over = true;
        result = http_head_parse(octets, length, &progress, &head);
    }
    if (result != HTTP_HEAD_DONE)
        snprintf(out, 64, "%s", facts_code_name(http_head_failure(result)));
    else if (head.headless)
        snprintf(out, 64, "0.9");
    else
        snprintf(out, 64, "%d%s", head.status, secure && is_noted(&head, reader, &arena) ? " noted" : "");
    base_arena_done(&arena);
}

static void run(tally *t, char *line)
{
    char *column[COLUMNS + 1], *octets, got[HTTP_READERS][64];
    size_t length, count = split_columns(line, column, COLUMNS + 1);

    octets = count >= COLUMNS ? json_column_octets(column[OCTETS], &length) : NULL;
    if (octets == NULL) {
        vector_fail(t, "a head vector has a JSON string of octets and at least 3 more columns");
        return;
    }
    for (http_reader reader = 0; reader < HTTP_READERS; reader++)
        describe(reader, strcmp(column[SCHEME], "https") == 0, octets, length, got[reader]);
    if (strcmp(got[HTTP_READER_CHROMIUM], column[CHROMIUM]) != 0)
        vector_fail(t, "%s: Chromium reads %s, not %s", column[OCTETS], column[CHROMIUM], got[HTTP_READER_CHROMIUM]);
    else if (strcmp(got[HTTP_READER_FIREFOX], column[FIREFOX]) != 0)
        vector_fail(t, "%s: Firefox reads %s, not %s", column[OCTETS], column[FIREFOX], got[HTTP_READER_FIREFOX]);
    else
        vector_pass(t);
    free(octets);
}

const vector_kind vector_head = {"head", run};
