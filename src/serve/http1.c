/* Requests over HTTP/1.1, one after the other. */
#include "serve/http_state.h"

#include <string.h>
#include <strings.h>

#define WORD_MAX 8192 /* octets of a method and of a target */

/* The value of a field, behind its name, colon and blanks; NULL without one. `name` begins with CR LF and ends with the colon. */
static const char *find_field(const char *head, const char *name)
{
    for (const char *line = strstr(head, "\r\n"); line != NULL; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line, name, strlen(name)) == 0)
            return line + strlen(name) + strspn(line + strlen(name), " \t");
    return NULL;
}

/* The value of the Host field, without its port. */
static const serve_vhost *host_of(const serve_http *server, const char *head)
{
    const char *value = find_field(head, "\r\nhost:");

    return value != NULL ? serve_http_host(server, value, strcspn(value, ": \t\r")) : serve_http_host(server, "", 0);
}

/* The next word of the request line, cut to what fits. */
static const char *take_word(const char *at, char word[static WORD_MAX])
{
    size_t length = strcspn(at, " \r"), kept = length < WORD_MAX - 1 ? length : WORD_MAX - 1;

    memcpy(word, at, kept);
    word[kept] = '\0';
    return at + length + (at[length] == ' ');
}

static bool wants_close(const char *head)
{
    const char *value = find_field(head, "\r\nconnection:");

    return value != NULL && strncasecmp(value, "close", 5) == 0;
}

/* Only an answer that tells its length leaves room for another. */
static bool can_stay(const char *request, const char *response)
{
    return !wants_close(request) && !wants_close(response) && find_field(response, "\r\ncontent-length:") != NULL;
}

/* False: the visitor is gone. */
static bool answer(serve_connection *v, const char *request)
{
    char method[WORD_MAX], target[WORD_MAX];
    const char *response, *blank;

    take_word(take_word(request, method), target);
    response = serve_vhost_answer(host_of(v->server, request), v, method, target);
    if (response == NULL) {
        serve_connection_finish(v);
        return false;
    }
    blank = strstr(response, "\r\n\r\n");
    io_stream_write(v->stream, response,
                    strcmp(method, "HEAD") == 0 && blank != NULL ? (size_t)(blank + 4 - response) : strlen(response));
    if (can_stay(request, response))
        return true;
    serve_connection_finish(v);
    return false;
}

void serve_http1_data(serve_connection *v, const char *bytes, size_t length)
{
    const char *end;

    base_buffer_append(&v->received, bytes, length);
    if (v->received.failed) {
        serve_connection_close(v);
        return;
    }
    while ((end = strstr(base_buffer_string(&v->received), "\r\n\r\n")) != NULL) {
        size_t taken = (size_t)(end + 4 - v->received.data);
        char *head = v->received.data;

        /* The request alone, as a string. */
        head[taken - 1] = '\0';
        if (!answer(v, head))
            return;
        v->received.length -= taken;
        memmove(head, head + taken, v->received.length + 1);
    }
}
