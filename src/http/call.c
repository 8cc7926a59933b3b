#include "http/call.h"

#include "http/curl.h"
#include "io/poll.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "holdfast/host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TIMEOUT_DEFAULT 30000

struct http_caller {
    io_loop *loop;
    CURLM *multi;
    io_timer *timer;
    http_call *calls;
};

struct http_call {
    http_call *next, **at;
    http_caller *caller;
    http_curl curl;
    bool (*allows)(const io_address *address);
    void (*done)(void *self, const http_called *called);
    void *self;
    base_arena arena; /* of the fields */
    hf_field fields[HTTP_CALL_FIELDS_MAX];
    size_t field_count, head_length;
    base_buffer body;
    bool cut;
};

/* -- Calls --------------------------------------------------------------------------------------------------------- */

void http_call_cancel(http_call *call)
{
    *call->at = call->next;
    if (call->next != NULL)
        call->next->at = call->at;
    curl_multi_remove_handle(call->caller->multi, call->curl.easy);
    http_curl_done(&call->curl);
    base_arena_done(&call->arena);
    base_buffer_done(&call->body);
    free(call);
}

static void report(http_call *call, CURLcode code)
{
    http_called called = {.fields = call->fields,
                          .field_count = call->field_count,
                          .body = base_buffer_string(&call->body),
                          .body_length = call->body.length,
                          .cut = call->cut};
    long status = 0;

    curl_easy_getinfo(call->curl.easy, CURLINFO_RESPONSE_CODE, &status);
    called.status = (int)status;
    called.timed_out = code == CURLE_OPERATION_TIMEDOUT;
    /* That we took no more of an answer is no failure of it. */
    if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && call->cut))
        called.error = http_curl_reason(&call->curl, code);
    call->done(call->self, &called);
}

static void report_done(http_caller *caller)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(caller->multi, &left)) != NULL) {
        CURLcode code = message->data.result;
        http_call *call = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        report(call, code);
        http_call_cancel(call);
    }
}

/* -- libcurl on the loop ------------------------------------------------------------------------------------------- */

static void on_poll(void *self, int fd, bool readable, bool writable)
{
    http_caller *caller = self;
    int running;

    curl_multi_socket_action(caller->multi, fd, (readable ? CURL_CSELECT_IN : 0) | (writable ? CURL_CSELECT_OUT : 0),
                             &running);
    report_done(caller);
}

static void on_timer(void *self)
{
    http_caller *caller = self;
    int running;

    curl_multi_socket_action(caller->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    report_done(caller);
}

static int on_timer_wanted(CURLM *multi, long milliseconds, void *self)
{
    const http_caller *caller = self;

    (void)multi;
    if (milliseconds < 0)
        io_timer_stop(caller->timer);
    else
        io_timer_start(caller->timer, milliseconds);
    return 0;
}

static int on_socket_wanted(CURL *easy, curl_socket_t fd, int what, void *self, void *given)
{
    http_caller *caller = self;
    io_poll *poll = given;

    (void)easy;
    if (what == CURL_POLL_REMOVE) {
        if (poll != NULL)
            io_poll_free(poll);
        curl_multi_assign(caller->multi, fd, NULL);
        return 0;
    }
    if (poll == NULL) {
        poll = io_poll_new(caller->loop, fd, on_poll, caller);
        curl_multi_assign(caller->multi, fd, poll);
    }
    if (poll != NULL)
        io_poll_wait(poll, what != CURL_POLL_OUT, what != CURL_POLL_IN);
    return 0;
}

http_caller *http_caller_new(io_loop *loop)
{
    http_caller *caller = base_allocate(sizeof *caller);

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || (caller->multi = curl_multi_init()) == NULL)
        base_out_of_memory();
    caller->loop = loop;
    caller->timer = io_timer_new(loop, on_timer, caller);
    curl_multi_setopt(caller->multi, CURLMOPT_SOCKETFUNCTION, on_socket_wanted);
    curl_multi_setopt(caller->multi, CURLMOPT_SOCKETDATA, caller);
    curl_multi_setopt(caller->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
    curl_multi_setopt(caller->multi, CURLMOPT_TIMERDATA, caller);
    return caller;
}

void http_caller_free(http_caller *caller)
{
    if (caller == NULL)
        return;
    while (caller->calls != NULL)
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): each takes itself out of the list, through `at` */
        http_call_cancel(caller->calls);
    curl_multi_cleanup(caller->multi);
    io_timer_free(caller->timer);
    curl_global_cleanup();
    free(caller);
}

/* -- Answers ------------------------------------------------------------------------------------------------------- */

static size_t on_body(char *data, size_t size, size_t count, void *self)
{
    http_call *call = self;
    size_t length = size * count, room = call->body.max - call->body.length;

    call->cut = length > room;
    base_buffer_append(&call->body, data, call->cut ? room : length);
    return call->cut ? 0 : length;
}

static hf_span keep(http_call *call, const char *from, const char *to)
{
    while (from < to && (*from == ' ' || *from == '\t'))
        from++;
    while (to > from && (to[-1] == ' ' || to[-1] == '\t' || to[-1] == '\r' || to[-1] == '\n'))
        to--;
    return (hf_span){base_arena_copy(&call->arena, from, (size_t)(to - from)), (size_t)(to - from)};
}

/* Line by line; of several heads (interim responses, redirects, a proxy's) the last counts. */
static size_t on_header(char *data, size_t size, size_t count, void *self)
{
    http_call *call = self;
    size_t length = size * count;
    const char *colon = memchr(data, ':', length);

    if (length > 5 && memcmp(data, "HTTP/", 5) == 0) {
        call->field_count = 0;
        call->head_length = 0;
        return length;
    }
    call->head_length += length;
    if (colon == NULL || call->head_length > HTTP_CALL_HEAD_MAX || call->field_count == HTTP_CALL_FIELDS_MAX)
        return length;
    call->fields[call->field_count++] = (hf_field){keep(call, data, colon), keep(call, colon + 1, data + length)};
    return length;
}

/* -- The beginning ------------------------------------------------------------------------------------------------- */

/* Where curl is about to connect to. */
static curl_socket_t on_open(void *self, curlsocktype purpose, struct curl_sockaddr *to)
{
    const http_call *call = self;
    io_address address;

    (void)purpose;
    if (!io_address_from(&to->addr, 0, &address) || !call->allows(&address))
        return CURL_SOCKET_BAD;
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static void set_options(http_call *call, const http_call_options *options)
{
    CURL *easy = call->curl.easy;

    curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)(options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_DEFAULT));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    if (options->allows != NULL) {
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, call);
        /* A connection that another call was allowed says nothing about this one. */
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    }
}

static void set_request(http_call *call, const http_call_options *options)
{
    char agent[64];

    if (options->body != NULL) {
        curl_easy_setopt(call->curl.easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)options->body_length);
        curl_easy_setopt(call->curl.easy, CURLOPT_COPYPOSTFIELDS, options->body);
    }
    if (options->method != NULL && strcmp(options->method, "HEAD") == 0)
        curl_easy_setopt(call->curl.easy, CURLOPT_NOBODY, 1L);
    if (options->method != NULL)
        curl_easy_setopt(call->curl.easy, CURLOPT_CUSTOMREQUEST, options->method);
    snprintf(agent, sizeof agent, "holdfast/%s", hf_version());
    curl_easy_setopt(call->curl.easy, CURLOPT_USERAGENT, agent);
    /* A body is sent at once, not after a second's wait for a 100 that may not come. */
    http_curl_add_header(&call->curl, "Expect:");
    for (size_t i = 0; options->headers != NULL && options->headers[i] != NULL; i++)
        http_curl_add_header(&call->curl, options->headers[i]);
}

/* A line break would begin another header. */
static bool check_lines(const http_call_options *options, base_error *error)
{
    for (size_t i = 0; options->headers != NULL && options->headers[i] != NULL; i++) {
        if (strpbrk(options->headers[i], "\r\n") == NULL)
            continue;
        base_error_set(error, "'%s': a line break in a header", BASE_CUT(options->headers[i]));
        return false;
    }
    if (options->method == NULL || strpbrk(options->method, " \t\r\n") == NULL)
        return true;
    base_error_set(error, "'%s' is not a method", BASE_CUT(options->method));
    return false;
}

static void enter(http_caller *caller, http_call *call)
{
    call->caller = caller;
    call->next = caller->calls;
    call->at = &caller->calls;
    if (call->next != NULL)
        call->next->at = &call->next;
    caller->calls = call;
    if (curl_multi_add_handle(caller->multi, call->curl.easy) != CURLM_OK)
        base_out_of_memory();
}

http_call *http_call_begin(http_caller *caller, const http_call_options *options,
                           void (*done)(void *self, const http_called *called), void *self, base_error *error)
{
    const http_curl_options common = {.url = options->url,
                                      .cafile = options->cafile,
                                      .connect_to = options->connect_to,
                                      .allows_http = options->allows_http,
                                      .follows = options->follows};
    http_call *call = base_allocate(sizeof *call);

    if (!check_lines(options, error) || !http_curl_init(&call->curl, &common, error)) {
        free(call);
        return NULL;
    }
    call->allows = options->allows;
    call->done = done;
    call->self = self;
    base_buffer_init(&call->body, options->answer_max);
    set_options(call, options);
    set_request(call, options);
    enter(caller, call);
    return call;
}
