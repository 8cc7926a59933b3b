#include "preload/scan.h"

#include "base/ascii.h"
#include "base/domain.h"
#include "facts/location.h"
#include "http/url.h"

#include <stdlib.h>
#include <string.h>

#define REDIRECTS_MAX 3
#define TRIES 2
#define FIELDS_MAX 16 /* Strict-Transport-Security fields that are kept; two are already too many */

/* One URL that was asked; what it answered holds for all parts of the scan. */
typedef struct asked {
    http_url url;
    facts_exchange exchange;
    struct asked *next;
} asked;

typedef struct hop {
    const char *url;
    bool secure;
    hf_span host; /* as the Location wrote it: the service compares it so */
} hop;

/* The redirects from one URL on. */
typedef struct walk {
    http_url url; /* asked next, or last */
    hop hops[REDIRECTS_MAX + 1];
    size_t count;
    preload_issues issues;
} walk;

typedef struct scan {
    preload_scan_options options;
    const char *name;
    preload_scan *result;
    void (*done)(void *self);
    void *self;
    asked *first;
    http_request request;
    asked *under_way;
    void (*then)(struct scan *s, const facts_exchange *exchange);
    void (*walked)(struct scan *s);
    int tries;
    walk walk;
    bool header_fits;
} scan;

static void add(scan *s, preload_issue_id id, const char *proof)
{
    preload_issues_add(&s->result->issues, id, proof);
}

static void end(scan *s)
{
    void (*done)(void *self) = s->done;
    void *self = s->self;

    free(s);
    done(self);
}

/* -- One request --------------------------------------------------------------------------------------------------- */

static void on_answer(void *self)
{
    scan *s = self;

    s->then(s, &s->under_way->exchange);
}

static void ask_anew(scan *s, const http_url *url, void (*then)(scan *s, const facts_exchange *exchange))
{
    asked *a = base_arena_take(&s->result->arena, sizeof *a);

    a->url = *url;
    a->next = s->first;
    s->first = s->under_way = a;
    s->then = then;
    s->request = (http_request){.host = a->url.url.host.name,
                                .is_address = url->url.host.kind != HF_HOST_NAME,
                                .named = true,
                                .port = url->url.port,
                                .secure = url->url.scheme == HF_SCHEME_HTTPS,
                                .method = FACTS_METHOD_GET,
                                .target = url->target,
                                .now = s->options.now,
                                .offer = TLS_OFFER_BOTH};
    http_fetch(s->options.client, &s->request, &s->result->arena, &a->exchange, on_answer, s);
}

static void ask(scan *s, const http_url *url, void (*then)(scan *s, const facts_exchange *exchange))
{
    for (const asked *a = s->first; a != NULL; a = a->next) {
        if (http_url_same_request(a->url.text, url->text)) {
            then(s, &a->exchange);
            return;
        }
    }
    ask_anew(s, url, then);
}

static bool make_url(scan *s, const char *scheme, const char *prefix, http_url *url)
{
    const char *text = base_arena_format(&s->result->arena, "%s://%s%s/", scheme, prefix, s->name);

    return http_url_read(NULL, text, strlen(text), &s->result->arena, url, NULL) == HTTP_URL_GOOD;
}

/* The service speaks TLS 1.2 and 1.3, with the ciphers and groups that browsers have. */
static bool is_agreed(const facts_tls *tls)
{
    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].depth < 0)
            return false;
    return tls->established && tls->version != NULL &&
           (strcmp(tls->version, "TLSv1.2") == 0 || strcmp(tls->version, "TLSv1.3") == 0);
}

/* It verifies certificates, but does not mind a short key. */
static bool is_verified(const facts_tls *tls)
{
    for (size_t i = 0; i < tls->error_count; i++)
        if (tls->errors[i].code != FACTS_TLS_WEAK_KEY)
            return false;
    return is_agreed(tls);
}

static const facts_response *answer_of(const facts_exchange *exchange)
{
    return exchange->secure && !is_verified(&exchange->tls) ? NULL : exchange->response;
}

static size_t fields_of(const facts_response *response, hf_span values[FIELDS_MAX])
{
    size_t count = 0;

    for (size_t at = hf_header_first(response->fields, response->count); at < response->count && count < FIELDS_MAX;
         at += 1 + hf_header_first(response->fields + at + 1, response->count - at - 1))
        values[count++] = response->fields[at].value;
    return count;
}

/* -- Redirects ----------------------------------------------------------------------------------------------------- */

/* What the service takes for a redirect: without a Location, or with an empty one, it is none. */
static const hf_span *redirect_of(const facts_response *response)
{
    static const int codes[] = {301, 302, 303, 307, 308};
    const hf_field *location = facts_response_field(response, "location");

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (response->status == codes[i] && location != NULL && location->value.length > 0)
            return &location->value;
    return NULL;
}

/* The host that a Location names, as it stands there; of a path alone, `before`. */
static hf_span host_in(hf_span location, hf_span before)
{
    const char *at = location.data, *stop = location.data + location.length, *slashes = at, *sign;

    while (slashes < stop && (base_ascii_lower(*slashes) >= 'a' && base_ascii_lower(*slashes) <= 'z'))
        slashes++;
    slashes += slashes > at && slashes < stop && *slashes == ':';
    if (stop - slashes < 2 || slashes[0] != '/' || slashes[1] != '/')
        return before;
    at = slashes + 2;
    for (sign = at; sign < stop && strchr("/?#", *sign) == NULL; sign++)
        if (*sign == '@')
            at = sign + 1;
    stop = sign;
    for (sign = at; sign < stop && *sign != ':'; sign++) {
    }
    return (hf_span){at, (size_t)(sign - at)};
}

static void step(scan *s, const facts_exchange *exchange);

/* False: the walk is over. */
static bool take_redirect(scan *s, const hf_span *location)
{
    walk *w = &s->walk;
    hf_span before = w->count > 0 ? w->hops[w->count - 1].host : (hf_span){s->name, strlen(s->name)};
    http_url next;
    http_url_result read = http_url_read(&w->url, location->data, location->length, &s->result->arena, &next, NULL);
    const char *text = base_arena_copy(&s->result->arena, location->data, location->length);

    if (read == HTTP_URL_MALFORMED) {
        preload_issues_add(&w->issues, PRELOAD_ISSUE_FOLLOW_ERROR, text);
        return false;
    }
    w->hops[w->count++] = (hop){.url = read == HTTP_URL_GOOD ? next.text : text,
                                .secure = read == HTTP_URL_GOOD && next.url.scheme == HF_SCHEME_HTTPS,
                                .host = host_in(*location, before)};
    if (w->count > REDIRECTS_MAX)
        preload_issues_add(&w->issues, PRELOAD_ISSUE_TOO_MANY, text);
    else if (read != HTTP_URL_GOOD)
        preload_issues_add(&w->issues, PRELOAD_ISSUE_FOLLOW_ERROR, text);
    w->url = next;
    return read == HTTP_URL_GOOD && w->count <= REDIRECTS_MAX;
}

static void step(scan *s, const facts_exchange *exchange)
{
    const facts_response *response = answer_of(exchange);
    const hf_span *location = response != NULL ? redirect_of(response) : NULL;

    if (response == NULL)
        preload_issues_add(&s->walk.issues, PRELOAD_ISSUE_FOLLOW_ERROR, s->walk.url.text);
    if (location != NULL && take_redirect(s, location))
        ask(s, &s->walk.url, step);
    else
        s->walked(s);
}

static void follow(scan *s, const http_url *from, void (*walked)(scan *s))
{
    s->walk = (walk){.url = *from, .issues = {.arena = &s->result->arena}};
    s->walked = walked;
    ask(s, from, step);
}

/* A redirect to plain HTTP: the first that there is. */
static void add_insecure(scan *s)
{
    for (size_t i = 0; i < s->walk.count; i++) {
        if (!s->walk.hops[i].secure) {
            add(s, i == 0 ? PRELOAD_ISSUE_INSECURE_INITIAL : PRELOAD_ISSUE_INSECURE_SUBSEQUENT, s->walk.hops[i].url);
            return;
        }
    }
}

/* -- The parts, in the order of the service ------------------------------------------------------------------------ */

static void on_www(scan *s, const facts_exchange *exchange)
{
    bool connected = false;

    for (size_t i = 0; i < exchange->attempt_count; i++)
        connected = connected || exchange->attempts[i].failure == NULL;
    if (connected && !is_verified(&exchange->tls))
        add(s, PRELOAD_ISSUE_WWW_NO_TLS, base_arena_format(&s->result->arena, "www.%s", s->name));
    end(s);
}

static void look_at_www(scan *s)
{
    const char *domain = base_domain_registrable(s->name), *suffix = strchr(s->name, '.');
    http_url url;

    /* Nobody can have a certificate for www below appspot.com. */
    if (domain != s->name || (suffix != NULL && strcmp(suffix, ".appspot.com") == 0) ||
        !make_url(s, "https", "www.", &url))
        end(s);
    else
        ask(s, &url, on_www);
}

static void on_secure_walk(scan *s)
{
    preload_issues_append(&s->result->issues, &s->walk.issues);
    add_insecure(s);
    look_at_www(s);
}

static void walk_securely(scan *s)
{
    http_url url;

    if (make_url(s, "https", "", &url))
        follow(s, &url, on_secure_walk);
    else
        end(s);
}

static bool is_host(hf_span host, const char *prefix, const char *name)
{
    size_t length = strlen(prefix);

    return host.length == length + strlen(name) && memcmp(host.data, prefix, length) == 0 &&
           memcmp(host.data + length, name, strlen(name)) == 0;
}

/* Where plain HTTP leads first. What is wrong with the header there is only said when that of https://NAME/ fits. */
static void on_first_redirect(scan *s, const facts_exchange *exchange)
{
    const facts_response *response = answer_of(exchange);
    preload_issues found = {.arena = &s->result->arena};
    hf_span values[FIELDS_MAX];

    if (response == NULL) {
        if (s->header_fits)
            add(s, PRELOAD_ISSUE_HTTP_FIRST_INVALID, s->walk.hops[0].url);
        walk_securely(s);
        return;
    }
    preload_judge_fields(values, fields_of(response, values), PRELOAD_TO_BE_LISTED, PRELOAD_POLICY_1_YEAR, &found);
    add_insecure(s);
    if (found.errors > 0 && s->header_fits)
        add(s, PRELOAD_ISSUE_HTTP_FIRST_NO_HSTS, s->walk.hops[0].url);
    walk_securely(s);
}

static void on_plain_walk(scan *s)
{
    const hop *first = &s->walk.hops[0];
    http_url url;

    preload_issues_append(&s->result->issues, &s->walk.issues);
    if (s->walk.count == 0) {
        add(s, PRELOAD_ISSUE_HTTP_NO_REDIRECT, NULL);
    } else if (first->secure && is_host(first->host, "", s->name) &&
               http_url_read(NULL, first->url, strlen(first->url), &s->result->arena, &url, NULL) == HTTP_URL_GOOD) {
        ask(s, &url, on_first_redirect);
        return;
    } else {
        add(s, is_host(first->host, "www.", s->name) ? PRELOAD_ISSUE_HTTP_WWW_FIRST : PRELOAD_ISSUE_HTTP_FIRST_INSECURE,
            first->url);
    }
    walk_securely(s);
}

static void on_plain(scan *s, const facts_exchange *exchange)
{
    hf_span values[FIELDS_MAX];
    http_url url;

    if (exchange->response == NULL || !make_url(s, "http", "", &url)) {
        add(s, PRELOAD_ISSUE_HTTP_ABSENT, NULL);
        walk_securely(s);
        return;
    }
    if (fields_of(exchange->response, values) > 0)
        add(s, PRELOAD_ISSUE_HTTP_USELESS_HEADER, NULL);
    follow(s, &url, on_plain_walk);
}

static bool is_modern(const facts_tls *tls)
{
    static const char *const ciphers[] = {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                                          "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-GCM-SHA256",
                                          "ECDHE-RSA-AES256-GCM-SHA384",   "ECDHE-RSA-CHACHA20-POLY1305"};

    for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
        if (tls->cipher != NULL && strcmp(tls->cipher, ciphers[i]) == 0)
            return true;
    return strcmp(tls->version, "TLSv1.3") == 0;
}

static void judge_answer(scan *s, const facts_exchange *exchange)
{
    hf_span *values = base_arena_take(&s->result->arena, FIELDS_MAX * sizeof *values);
    size_t before = s->result->issues.errors, count = fields_of(exchange->response, values);
    http_url url;

    if (s->options.aim == PRELOAD_TO_BE_LISTED && !is_modern(&exchange->tls))
        add(s, PRELOAD_ISSUE_OBSOLETE_CIPHER, exchange->tls.cipher);
    s->result->header = preload_judge_fields(values, count, s->options.aim, s->options.policy, &s->result->issues);
    s->header_fits = s->result->issues.errors == before;
    if (s->options.aim == PRELOAD_TO_BE_REMOVED || !make_url(s, "http", "", &url))
        end(s);
    else
        ask(s, &url, on_plain);
}

static void on_secure(scan *s, const facts_exchange *exchange)
{
    http_url url;

    if (answer_of(exchange) != NULL) {
        judge_answer(s, exchange);
        return;
    }
    if (++s->tries < TRIES && exchange->response == NULL && make_url(s, "https", "", &url)) {
        ask_anew(s, &url, on_secure);
        return;
    }
    s->result->failure = exchange->failure;
    add(s,
        exchange->response != NULL && is_agreed(&exchange->tls) ? PRELOAD_ISSUE_INVALID_CHAIN
                                                                : PRELOAD_ISSUE_CANNOT_CONNECT,
        exchange->failure != NULL       ? facts_code_text(exchange->failure->code)
        : exchange->tls.error_count > 0 ? facts_tls_code_text(exchange->tls.errors[0].code)
                                        : NULL);
    end(s);
}

void preload_scan_site(const preload_scan_options *options, const char *name, preload_scan *result,
                       void (*done)(void *self), void *self)
{
    scan *s = base_allocate(sizeof *s);
    http_url url;

    *s = (scan){.options = *options, .name = name, .result = result, .done = done, .self = self};
    result->issues.arena = &result->arena;
    if (options->aim == PRELOAD_TO_BE_LISTED)
        preload_judge_name(name, &result->issues);
    if (result->issues.errors == 0 && options->aim == PRELOAD_TO_BE_LISTED)
        preload_judge_level(name, &result->issues);
    else if (result->issues.errors > 0) {
        end(s);
        return;
    }
    if (make_url(s, "https", "", &url)) {
        ask_anew(s, &url, on_secure);
        return;
    }
    add(s, PRELOAD_ISSUE_CANNOT_CONNECT, NULL);
    end(s);
}
