#include "serve/vhost.h"

#include "http/head.h"

#include "base/ascii.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static const serve_vhost *find_host(const serve_vhosts *hosts, const char *name, size_t length)
{
    for (size_t i = 0; i < hosts->count; i++)
        if (base_ascii_is(name, length, hosts->hosts[i].name))
            return &hosts->hosts[i];
    return &hosts->hosts[0];
}

const tls_identity *serve_vhost_choose(void *hosts, const char *name)
{
    return find_host(hosts, name != NULL ? name : "", name != NULL ? strlen(name) : 0)->identity;
}

/* Without its port. */
static const serve_vhost *host_of(const serve_vhosts *hosts, hf_span authority)
{
    const char *colon = authority.length > 0 ? memchr(authority.data, ':', authority.length) : NULL;

    return find_host(hosts, authority.data, colon != NULL ? (size_t)(colon - authority.data) : authority.length);
}

static const char *choose_answer(const serve_vhost *host, const serve_request *request, bool secure)
{
    bool is_root = request->path.length == 1 && request->path.data[0] == '/';

    if (!secure)
        return host->plain;
    if (strcmp(request->version, "2") == 0)
        return host->http2;
    if (host->head != NULL && serve_request_is(request, "HEAD"))
        return host->head;
    return host->missing != NULL && !is_root ? host->missing : host->secure;
}

static void send_answer(serve_exchange *exchange, const char *text)
{
    http_head_progress progress = {0};
    http_head *head = base_allocate(sizeof *head);
    char *reason;

    if (http_head_parse(text, strlen(text), &progress, head) == HTTP_HEAD_DONE) {
        base_arena arena = {0};
        const char *body = head->raw.data + head->raw.length;
        serve_response response = {.status = head->status, .fields = head->fields, .count = head->count};

        reason = base_arena_copy(&arena, head->reason.data, head->reason.length);
        response.reason = reason;
        serve_answer(exchange, &response, body, strlen(body));
        base_arena_done(&arena);
    } else {
        serve_break(exchange);
    }
    free(head);
}

static void on_request(void *self, serve_exchange *exchange, const serve_request *request)
{
    const serve_vhost *host = host_of(self, request->authority);
    const char *answer = choose_answer(host, request, serve_client_of(exchange)->secure);

    if (answer != NULL)
        send_answer(exchange, answer);
    else
        serve_break(exchange);
}

serve_handler serve_vhost_handler(const serve_vhosts *hosts)
{
    return (serve_handler){.request = on_request, .self = (void *)hosts};
}
