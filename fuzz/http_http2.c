/*
 * What a peer may send over HTTP/2, as our callbacks see it: every span lies in the text of its head, every bound
 * holds, every question ends, and the bytes in one piece or in several give the same. The first octet chooses what is
 * asked.
 */
#include "http/http2.h"

#include "http/head.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define QUESTIONS 3
#define CONTENT_MAX 64

static void check(bool condition)
{
    if (!condition)
        abort();
}

static void check_response(const facts_response *response, size_t content_max)
{
    const char *from = response->raw.data, *to = from + response->raw.length;

    check(response->status < 100 || response->status >= 200);
    check(response->raw.length <= HTTP_HEAD_MAX && response->count <= HTTP_HEAD_FIELDS_MAX);
    check(response->interim <= HTTP_HEAD_INTERIM_MAX);
    check(response->content.prefix.length <= content_max && response->content.received <= 65535 + 16384);
    for (size_t i = 0; i < response->count; i++) {
        const hf_field *field = &response->fields[i];

        check(field->name.data >= from && field->name.data + field->name.length <= to);
        check(field->value.data >= from && field->value.data + field->value.length <= to);
    }
}

static size_t drain(http2_session *http2)
{
    size_t length, all = 0;

    while (http2_output(http2, &length), length > 0)
        all += length;
    return all;
}

/* The statuses of all answers, as one number. */
static unsigned long run(const char *bytes, size_t size, size_t step, size_t content_max)
{
    const http_request_line asks[QUESTIONS] = {
        {FACTS_METHOD_HEAD, "/"}, {FACTS_METHOD_GET, "/missing"}, {FACTS_METHOD_GET, "/"}};
    http_answer answers[QUESTIONS] = {0};
    base_arena arena = {0};
    const hf_field cookie = {{"Cookie", 6}, {"n=v", 3}};
    http2_config order = {.authority = "a.test",
                          .fields = &cookie,
                          .field_count = 1,
                          .asks = asks,
                          .answers = answers,
                          .count = QUESTIONS,
                          .content_max = content_max,
                          .arena = &arena,
                          .clock = http_real_clock};
    http2_session *http2 = http2_new(&order);
    facts_failure failure = facts_failure_make(FACTS_PHASE_RESPONSE, FACTS_FAILURE_RESPONSE_EMPTY, NULL), broken;
    unsigned long sum = 0;
    size_t sent = drain(http2);

    for (size_t at = 0; at < size && !http2_is_done(http2); at += step) {
        if (!http2_input(http2, bytes + at, size - at < step ? size - at : step, &broken)) {
            check(broken.code != FACTS_FAILURE_NONE);
            failure = broken;
            break;
        }
        sent += drain(http2);
    }
    http2_end(http2, &failure, FACTS_CONTENT_BROKEN);
    check(http2_is_done(http2));
    sent += drain(http2);
    check(sent < 65536);
    for (size_t i = 0; i < QUESTIONS; i++) {
        check((answers[i].response != NULL) != (answers[i].failure != NULL));
        if (answers[i].response != NULL)
            check_response(answers[i].response, content_max);
        sum = sum * 1000 + (answers[i].response != NULL ? (unsigned long)answers[i].response->status : 0);
    }
    http2_free(http2);
    base_arena_done(&arena);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t content_max;

    if (size == 0)
        return 0;
    content_max = data[0] & 1 ? CONTENT_MAX : 0;
    check(run((const char *)data + 1, size - 1, size, content_max) ==
          run((const char *)data + 1, size - 1, size, content_max));
    run((const char *)data + 1, size - 1, 1 + size / 16, content_max);
    return 0;
}
