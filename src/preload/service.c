#include "preload/service.h"

#include "http/call.h"

#include <jansson.h>
#include <string.h>

#define ANSWER_MAX 65536 /* octets */
#define STATUS_GOOD 200
#define ISSUES_MAX 100 /* that are told */

typedef struct asking {
    const char *url;
    base_arena *arena;
    io_loop *loop;
    json_t *answer; /* NULL: none came, and `error` says why */
    base_error *error;
} asking;

/* Beside a status that is not 200 stands a text of one line. */
static void read_answer(asking *a, const http_called *called)
{
    json_error_t problem;

    if (called->error != NULL) {
        base_error_set(a->error, "%s: %s", a->url, called->error);
    } else if (called->status != STATUS_GOOD) {
        base_error_set(a->error, "%s: the service answers with status %d: %.200s", a->url, called->status,
                       called->body);
    } else if (called->cut) {
        base_error_set(a->error, "%s: the answer is longer than %d bytes", a->url, ANSWER_MAX);
    } else {
        a->answer = json_loadb(called->body, called->body_length, JSON_REJECT_DUPLICATES, &problem);
        if (!json_is_object(a->answer))
            base_error_set(a->error, "%s: the answer is not a JSON object: line %d: %s", a->url, problem.line,
                           a->answer == NULL ? problem.text : "it is another value");
    }
}

static void on_called(void *self, const http_called *called)
{
    asking *a = self;

    read_answer(a, called);
    io_loop_stop(a->loop);
}

/* The answer, which is to be given back; NULL with the reason. */
static json_t *ask(const preload_service *service, const char *method, const char *action, const char *host,
                   base_arena *arena, base_error *error)
{
    const char *base = service->url != NULL ? service->url : PRELOAD_SERVICE_URL;
    size_t length = strlen(base);
    asking a = {.arena = arena, .error = error, .loop = io_loop_new()};
    http_caller *caller = http_caller_new(a.loop);
    http_call_options options = {.method = method,
                                 .body = strcmp(method, "POST") == 0 ? "" : NULL,
                                 .answer_max = ANSWER_MAX,
                                 .cafile = service->cafile,
                                 .connect_to = service->connect_to};

    while (length > 0 && base[length - 1] == '/')
        length--;
    a.url = options.url = base_arena_format(arena, "%.*s/api/v2/%s?domain=%s", (int)length, base, action, host);
    if (http_call_begin(caller, &options, on_called, &a, error) != NULL)
        io_loop_run(a.loop);
    http_caller_free(caller);
    io_loop_free(a.loop);
    if (!json_is_object(a.answer)) {
        json_decref(a.answer);
        return NULL;
    }
    return a.answer;
}

static const char *text_in(base_arena *arena, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL && *text != '\0' ? base_arena_string(arena, text) : NULL;
}

bool preload_service_status(const preload_service *service, base_arena *arena, facts_submission *submission,
                            base_error *error)
{
    json_t *answer = ask(service, "GET", "status", submission->host, arena, error);
    const char *status = json_string_value(json_object_get(answer, "status"));
    bool known = status != NULL && facts_submission_find(status, &submission->status);

    if (answer != NULL && !known)
        base_error_set(error, "the service gives %s the status '%s', which is not one of its API's", submission->host,
                       status != NULL ? BASE_CUT(status) : "");
    submission->bulk = json_is_true(json_object_get(answer, "bulk"));
    submission->by = text_in(arena, answer, "preloadedDomain");
    submission->message = text_in(arena, answer, "message");
    json_decref(answer);
    return known;
}

static void read_issues(const json_t *list, bool error, base_arena *arena, facts_issue *issues,
                        facts_eligibility *answer)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        const char *code = text_in(arena, item, "code"), *text = text_in(arena, item, "message");

        if (answer->count == ISSUES_MAX)
            return;
        issues[answer->count++] = (facts_issue){code != NULL ? code : "", text != NULL ? text : "", NULL, error};
        answer->errors += error;
    }
}

bool preload_service_send(const preload_service *service, preload_request request, base_arena *arena,
                          facts_eligibility *answer, base_error *error)
{
    json_t *reply = ask(service, "POST", request == PRELOAD_SUBMIT ? "submit" : "remove", answer->host, arena, error);
    const json_t *errors = json_object_get(reply, "errors"), *warnings = json_object_get(reply, "warnings");
    facts_issue *issues = base_arena_take(arena, ISSUES_MAX * sizeof *issues);
    bool read = json_is_array(errors) && json_is_array(warnings);

    if (reply != NULL && !read)
        base_error_set(error, "the service's answer has no lists of errors and warnings");
    read_issues(errors, true, arena, issues, answer);
    read_issues(warnings, false, arena, issues, answer);
    answer->issues = issues;
    answer->seen = read;
    answer->eligible = read && answer->errors == 0;
    json_decref(reply);
    return read;
}
