#include "sites.h"

#include "base/scratch.h"
#include "io/listener.h"
#include "serve/dns.h"
#include "serve/http.h"
#include "tls/test_ca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DAY INT64_C(86400)
#define FIELDS_MAX 16

/* What answers at one name on one port. */
typedef struct place {
    struct sites *sites;
    const json_t *what;
    bool secure;
    tls_identity *identity;
    serve_http *server;
    io_listener *listener; /* of a place that speaks no HTTP */
    io_stream *stream;
    struct place *next;
} place;

struct sites {
    base_arena arena;
    io_loop *loop;
    tls_test_ca *root, *intermediate, *other;
    serve_zone *zone;
    serve_dns *dns;
    io_port *closed;
    place *first;
    base_texts connect_to;
    size_t connections;
    char folder[PATH_MAX];
    http_transport wire;
};

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* -- Certificates -------------------------------------------------------------------------------------------------- */

static bool make_authorities(sites *s)
{
    int64_t now = (int64_t)time(NULL), from = now - 1000 * DAY, until = now + 1000 * DAY;

    s->root = tls_test_ca_new("Vectors root", NULL, from, until);
    s->other = tls_test_ca_new("Vectors other root", NULL, from, until);
    s->intermediate = s->root != NULL ? tls_test_ca_new("Vectors authority", s->root, from, until) : NULL;
    return s->intermediate != NULL && s->other != NULL;
}

static int version_of(const char *text)
{
    return text == NULL ? 0 : 0x0300 + 1 + atoi(strcspn(text, ".") < strlen(text) ? strchr(text, '.') + 1 : "0");
}

static bool find_fault(const sites *s, const char *kind, tls_test_certificate *mint)
{
    static const char *const another[] = {"another.test", NULL};
    int64_t now = (int64_t)time(NULL);

    if (strcmp(kind, "wrong_host") == 0)
        mint->names = another;
    else if (strcmp(kind, "expired") == 0)
        mint->not_after = now - DAY;
    else if (strcmp(kind, "not_yet_valid") == 0)
        mint->not_before = now + DAY;
    else if (strcmp(kind, "self_signed") == 0)
        mint->issuer = NULL;
    else if (strcmp(kind, "untrusted_root") == 0)
        mint->issuer = s->other;
    else if (strcmp(kind, "incomplete_chain") == 0)
        mint->chain = TLS_TEST_CHAIN_MISSING;
    else if (strcmp(kind, "cn_only") == 0)
        mint->no_names = true;
    else
        return strcmp(kind, "valid") == 0;
    return true;
}

static tls_identity *make_identity(const sites *s, const char *name, const json_t *what)
{
    const char *names[] = {name, NULL};
    const char *kind = text_of(what, "cert"), *cipher = text_of(what, "cipher");
    int64_t now = (int64_t)time(NULL);
    tls_test_certificate mint = {.names = names,
                                 .issuer = s->intermediate,
                                 .not_before = now - 30 * DAY,
                                 .not_after = now + 60 * DAY,
                                 .min_version = version_of(text_of(what, "min_tls")),
                                 .max_version = version_of(text_of(what, "max_tls")),
                                 .cipher = cipher,
                                 .key = cipher != NULL && strstr(cipher, "_ECDSA_") == NULL ? TLS_TEST_RSA2048
                                                                                            : TLS_TEST_P256};

    return find_fault(s, kind != NULL ? kind : "valid", &mint) ? tls_test_identity(&mint) : NULL;
}

static const tls_identity *choose(void *self, const char *name)
{
    const place *p = self;

    (void)name;
    return p->identity;
}

/* -- Answers ------------------------------------------------------------------------------------------------------- */

static void add_field(serve_response *response, hf_field *fields, const char *name, const json_t *value)
{
    if (json_is_string(value) && response->count < FIELDS_MAX)
        fields[response->count++] =
            (hf_field){{name, strlen(name)}, {json_string_value(value), json_string_length(value)}};
}

static void on_request(void *self, serve_exchange *exchange, const serve_request *request)
{
    place *p = self;
    const char *path = base_arena_copy(&p->sites->arena, request->path.data, request->path.length);
    const json_t *page = json_object_get(json_object_get(p->what, "paths"), path), *field;
    hf_field fields[FIELDS_MAX];
    serve_response response = {.status = page != NULL ? (int)json_integer_value(json_object_get(page, "status")) : 404,
                               .fields = fields};
    size_t i;

    if (json_is_true(json_object_get(page, "abort"))) {
        serve_break(exchange);
        return;
    }
    add_field(&response, fields, "Location", json_object_get(page, "location"));
    json_array_foreach(json_object_get(page, "hsts"), i, field) add_field(&response, fields, HF_HEADER_NAME, field);
    serve_answer(exchange, &response, "", 0);
}

/* A place that speaks something else: it says so, and hangs up. */
static void on_end(void *self, const facts_failure *failure)
{
    (void)self;
    (void)failure;
}

static void on_data(void *self, const char *bytes, size_t length)
{
    (void)self;
    (void)bytes;
    (void)length;
}

static void on_accepted(void *self, io_stream *stream, const io_address *peer)
{
    place *p = self;
    const char *raw = text_of(p->what, "raw");

    (void)peer;
    p->sites->connections++;
    stream->sink = (io_sink){.data = on_data, .end = on_end, .self = p};
    raw = raw != NULL ? raw : "220 not the protocol that was expected\r\n";
    io_stream_write(stream, raw, strlen(raw));
    io_stream_leave(stream);
}

/* -- The places ---------------------------------------------------------------------------------------------------- */

/* serve_http counts the connections that are open: each is counted when its first request, or its handshake, comes. */
static const tls_identity *count_and_choose(void *self, const char *name)
{
    place *p = self;

    p->sites->connections++;
    return choose(self, name);
}

static void count_and_answer(void *self, serve_exchange *exchange, const serve_request *request)
{
    place *p = self;

    p->sites->connections += !p->secure;
    on_request(self, exchange, request);
}

static int listen_http(sites *s, place *p)
{
    serve_http_options options = {.handler = {.request = count_and_answer, .self = p}};
    io_address address;
    base_error error;

    if (p->secure) {
        options.choose = count_and_choose;
        options.choose_self = p;
    }
    p->server = serve_http_new(s->loop, &options);
    io_address_parse("127.0.0.1", 0, &address);
    if (!serve_http_listen(p->server, &address, false, p->secure ? SERVE_TLS : SERVE_PLAIN, &error))
        return 0;
    return serve_http_port(p->server);
}

static int listen_raw(sites *s, place *p)
{
    io_address address;
    base_error error;

    io_address_parse("127.0.0.1", 0, &address);
    p->listener = io_listener_tcp(s->loop, &address, false, on_accepted, p, &error);
    return p->listener != NULL ? io_listener_port(p->listener) : 0;
}

/* Its port; 0: it cannot be as it is described. */
static int start_place(sites *s, const char *name, const json_t *what, bool secure)
{
    place *p;

    if (what == NULL || json_is_null(what))
        return io_port_number(s->closed);
    p = base_arena_take(&s->arena, sizeof *p);
    *p = (place){.sites = s, .what = what, .secure = secure, .next = s->first};
    s->first = p;
    if (json_object_get(what, "raw") != NULL)
        return listen_raw(s, p);
    p->identity = secure ? make_identity(s, name, what) : NULL;
    return secure && p->identity == NULL ? 0 : listen_http(s, p);
}

static bool start_host(sites *s, const char *name, const json_t *host, base_error *error)
{
    for (int secure = 0; secure <= 1; secure++) {
        int port = start_place(s, name, json_object_get(host, secure ? "https" : "http"), secure);

        if (port == 0 || s->connect_to.count == BASE_TEXTS_MAX) {
            base_error_set(error, "%s: cannot be started as it is described", name);
            return false;
        }
        s->connect_to.items[s->connect_to.count++] =
            base_arena_format(&s->arena, "%s:%d:127.0.0.1:%d", name, secure ? 443 : 80, port);
    }
    return true;
}

static bool open_wire(sites *s, base_error *error)
{
    http_transport_options options = {.connect_to = s->connect_to, .timeout = 10, .proxy = ""};

    options.cafile = base_arena_format(&s->arena, "%s/ca.pem", s->folder);
    options.dns_servers = base_arena_format(&s->arena, "127.0.0.1:%d", serve_dns_port(s->dns));
    if (!tls_test_ca_write(s->root, options.cafile)) {
        base_error_set(error, "%s cannot be written", options.cafile);
        return false;
    }
    return http_transport_open(&s->wire, s->loop, http_transport_route(&options, error), &options, error);
}

static bool start(sites *s, json_t *hosts, base_error *error)
{
    const char *name;
    json_t *host;

    if (!base_scratch_make(s->folder, "hf-vectors", error))
        return false;
    s->closed = io_port_new(s->loop);
    s->zone = serve_zone_new("nobody.test");
    s->dns = serve_dns_new(s->loop, s->zone);
    if (s->closed == NULL || s->dns == NULL || !make_authorities(s)) {
        base_error_set(error, "the servers of the vectors cannot be started");
        return false;
    }
    json_object_foreach(hosts, name, host) if (!start_host(s, name, host, error)) return false;
    return open_wire(s, error);
}

sites *sites_new(json_t *hosts, base_error *error)
{
    sites *s = base_allocate(sizeof *s);

    s->loop = io_loop_new();
    if (start(s, hosts, error))
        return s;
    sites_free(s);
    return NULL;
}

void sites_free(sites *s)
{
    http_transport_close(&s->wire);
    for (place *p = s->first; p != NULL; p = p->next) {
        serve_http_free(p->server);
        io_listener_free(p->listener);
        tls_identity_free(p->identity);
    }
    serve_dns_free(s->dns);
    serve_zone_free(s->zone);
    io_port_free(s->closed);
    tls_test_ca_free(s->intermediate);
    tls_test_ca_free(s->other);
    tls_test_ca_free(s->root);
    io_loop_free(s->loop);
    if (s->folder[0] != '\0')
        base_scratch_remove(s->folder);
    base_arena_done(&s->arena);
    free(s);
}

const http_client *sites_client(const sites *s)
{
    return &s->wire.client;
}

size_t sites_connections(const sites *s)
{
    return s->connections;
}
