#include "lab/lab.h"

#include "lab/dns.h"
#include "lab/hosts.h"

#include "base/memory.h"
#include "base/scratch.h"
#include "io/listener.h"
#include "serve/dns.h"
#include "serve/vhost.h"
#include "tls/test_ca.h"
#include "tls/tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY 86400
#define CLIENTS_MAX 1024 /* connections at once, all of which come from this machine */
#define BODY "<!doctype html><title>Holdfast lab</title>\n"

struct lab {
    base_arena arena;
    tls_test_ca *root, *intermediate;
    tls_test_ca *lower, *expired, *constrained, *short_path, *too_deep; /* below them, each for one fault */
    facts_lab_host *hosts;
    serve_vhost *vhosts;
    serve_vhosts all_vhosts;
    tls_identity **identities;
    serve_http *server;
    io_port *closed; /* nothing listens on it */
    serve_zone *zone;
    serve_dns *dns;
    const char *connect_to, *dns_at;
    char *folder, *cafile;
};

/* -- The authority ------------------------------------------------------------------------------------------------- */

static bool make_folder(lab *l, base_error *error)
{
    char path[PATH_MAX];

    if (!base_scratch_make(path, "holdfast-lab", error))
        return false;
    l->folder = base_arena_string(&l->arena, path);
    l->cafile = base_arena_format(&l->arena, "%s/ca.pem", l->folder);
    return true;
}

/* Those that are good, and those that have a fault of their own. */
static bool make_authorities(lab *l, int64_t now)
{
    int64_t from = now - 1825 * (int64_t)DAY, until = now + 1825 * (int64_t)DAY;

    l->root = tls_test_ca_new("Holdfast lab root", NULL, now - LAB_SPAN, now + LAB_SPAN);
    if (l->root == NULL)
        return false;
    l->intermediate = tls_test_ca_new("Holdfast lab authority", l->root, from, until);
    l->expired = tls_test_ca_new("Holdfast lab expired authority", l->root, from, now - DAY);
    l->constrained = tls_test_ca_limited("Holdfast lab constrained authority", l->root, from, until, NULL,
                                         "critical,permitted;DNS:allowed.test");
    l->short_path =
        tls_test_ca_limited("Holdfast lab last authority", l->root, from, until, "critical,CA:TRUE,pathlen:0", NULL);
    if (l->intermediate == NULL || l->short_path == NULL)
        return false;
    l->lower = tls_test_ca_new("Holdfast lab lower authority", l->intermediate, from, until);
    l->too_deep = tls_test_ca_new("Holdfast lab authority too many", l->short_path, from, until);
    return l->expired != NULL && l->constrained != NULL && l->lower != NULL && l->too_deep != NULL;
}

static bool make_authority(lab *l, int64_t now, base_error *error)
{
    if (!make_authorities(l, now)) {
        base_error_set(error, "cannot make the lab's authority");
        return false;
    }
    if (tls_test_ca_write(l->root, l->cafile))
        return true;
    base_error_set(error, "cannot write %s: %s", l->cafile, strerror(errno));
    return false;
}

/* -- The hosts ----------------------------------------------------------------------------------------------------- */

/* What is peculiar to a certificate besides its dates and its issuer. */
static const tls_test_certificate peculiar[] = {
    [LAB_NO_CHAIN] = {.chain = TLS_TEST_CHAIN_MISSING},
    [LAB_OLD_VERSION] = {.max_version = 0x0301},
    [LAB_OLDER_VERSION] = {.max_version = 0x0302},
    [LAB_WEAK_KEY] = {.key = TLS_TEST_RSA1024},
    [LAB_WEAK_SIGNATURE] = {.sha1 = true},
    [LAB_ORDER] = {.chain = TLS_TEST_CHAIN_REVERSED},
    [LAB_DUPLICATE] = {.chain = TLS_TEST_CHAIN_DUPLICATE},
    [LAB_EXTRA] = {.chain = TLS_TEST_CHAIN_EXTRA},
    [LAB_ROOT_SENT] = {.chain = TLS_TEST_CHAIN_ROOT},
    [LAB_PURPOSE] = {.for_clients = true},
    [LAB_MUST_STAPLE] = {.must_staple = true},
    [LAB_STAPLE_GOOD] = {.must_staple = true, .staple = TLS_TEST_STAPLE_GOOD},
    [LAB_STAPLE_REVOKED] = {.staple = TLS_TEST_STAPLE_REVOKED},
    [LAB_STAPLE_UNKNOWN] = {.staple = TLS_TEST_STAPLE_UNKNOWN},
    [LAB_STAPLE_EXPIRED] = {.staple = TLS_TEST_STAPLE_EXPIRED},
    [LAB_STAPLE_FOREIGN] = {.staple = TLS_TEST_STAPLE_FOREIGN},
    [LAB_STAPLE_MALFORMED] = {.staple = TLS_TEST_STAPLE_MALFORMED},
    [LAB_SEVERAL] = {.key = TLS_TEST_RSA1024},
};

static void set_dates(lab_certificate kind, int64_t now, tls_test_certificate *mint)
{
    mint->at = now;
    mint->not_before = now - 30 * DAY;
    mint->not_after = now + 60 * DAY;
    if (kind == LAB_EXPIRED || kind == LAB_SEVERAL) {
        mint->not_before = now - 91 * DAY;
        mint->not_after = now - DAY;
    } else if (kind == LAB_EARLY) {
        mint->not_before = now + DAY;
        mint->not_after = now + 91 * DAY;
    } else if (kind == LAB_LATE) {
        mint->not_before = now - 87 * DAY;
        mint->not_after = now + 3 * DAY;
    } else if (kind == LAB_LONG_LIFE) {
        mint->not_after = now + 700 * (int64_t)DAY;
    }
}

static const tls_test_ca *issuer_of(const lab *l, lab_certificate kind)
{
    switch (kind) {
    case LAB_SELF_SIGNED:
        return NULL;
    case LAB_ORDER:
        return l->lower;
    case LAB_CHAIN_EXPIRED:
    case LAB_SEVERAL:
        return l->expired;
    case LAB_NAME_CONSTRAINTS:
        return l->constrained;
    case LAB_PATH_LENGTH:
        return l->too_deep;
    default:
        return l->intermediate;
    }
}

static tls_identity *make_identity(const lab *l, const lab_recipe *recipe, int64_t now)
{
    const char *own[] = {recipe->name, NULL}, *another[] = {"another.test", NULL};
    lab_certificate kind = recipe->certificate;
    tls_test_certificate mint = {0};

    if ((size_t)kind < sizeof peculiar / sizeof *peculiar)
        mint = peculiar[kind];
    mint.names = kind == LAB_WRONG_NAME || kind == LAB_SEVERAL ? another : own;
    mint.issuer = issuer_of(l, kind);
    set_dates(kind, now, &mint);
    return tls_test_identity(&mint);
}

static const char *response(lab *l, const char *head)
{
    if (head == NULL)
        return NULL;
    return base_arena_format(&l->arena, "HTTP/1.1 %sContent-Type: text/html\r\nContent-Length: %zu\r\n\r\n" BODY, head,
                             strlen(BODY));
}

static bool make_host(lab *l, size_t i, int64_t now)
{
    const lab_recipe *recipe = &lab_recipes[i];

    if (recipe->certificate != LAB_DEFAULT)
        l->identities[i] = make_identity(l, recipe, now);
    l->vhosts[i] = (serve_vhost){.name = recipe->name,
                                 .identity = l->identities[i],
                                 .secure = response(l, recipe->secure),
                                 .plain = response(l, recipe->plain),
                                 .http2 = response(l, recipe->http2),
                                 .head = response(l, recipe->head),
                                 .missing = response(l, recipe->missing)};
    if (l->identities[i] != NULL && recipe->http2 != NULL)
        tls_identity_speak_http2(l->identities[i]);
    /* The first host is the one that the server takes for all that it does not know. */
    if (recipe->certificate == LAB_DEFAULT)
        l->vhosts[i].identity = l->identities[0];
    return l->vhosts[i].identity != NULL;
}

static bool listen_somewhere(lab *l, io_loop *loop)
{
    const serve_http_options options = {.handler = serve_vhost_handler(&l->all_vhosts),
                                        .choose = serve_vhost_choose,
                                        .choose_self = &l->all_vhosts,
                                        .address_max = CLIENTS_MAX,
                                        .connections_max = CLIENTS_MAX};
    io_address address;
    base_error error;

    l->all_vhosts = (serve_vhosts){l->vhosts, lab_recipe_count};
    l->server = serve_http_new(loop, &options);
    io_address_parse("127.0.0.1", 0, &address);
    return serve_http_listen(l->server, &address, false, SERVE_EITHER, &error);
}

static bool start_hosts(lab *l, io_loop *loop, int64_t now)
{
    for (size_t i = 0; i < lab_recipe_count; i++)
        if (!make_host(l, i, now))
            return false;
    l->closed = io_port_new(loop);
    l->dns = serve_dns_new(loop, l->zone);
    return listen_somewhere(l, loop) && l->closed != NULL && l->dns != NULL;
}

static bool start(lab *l, io_loop *loop, int64_t now, base_error *error)
{
    l->zone = lab_dns_zone(error);
    if (l->zone == NULL)
        return false;
    if (start_hosts(l, loop, now))
        return true;
    base_error_set(error, "cannot start the lab's hosts");
    return false;
}

/* Browsers' limit to the life of a certificate holds for those that were issued since 2020-09-01. */
static const char *expected_of(const lab_recipe *recipe, int64_t now)
{
    bool before = now - 30 * DAY < INT64_C(1598918400);

    return recipe->certificate == LAB_LONG_LIFE && before ? "hsts-in-force" : recipe->expected;
}

static void list_hosts(lab *l, int64_t now)
{
    l->connect_to = base_arena_format(&l->arena, "::127.0.0.1:%d", lab_port(l));
    l->dns_at = base_arena_format(&l->arena, "127.0.0.1:%d", serve_dns_port(l->dns));
    for (size_t i = 0; i < lab_recipe_count; i++) {
        const lab_recipe *recipe = &lab_recipes[i];
        facts_lab_host *host = &l->hosts[i];
        size_t count = 0;

        *host = (facts_lab_host){.name = recipe->name, .fault = recipe->fault, .expected = expected_of(recipe, now)};
        if (recipe->certificate == LAB_CLOSED)
            host->connect_to[count++] =
                base_arena_format(&l->arena, "%s:443:127.0.0.1:%d", recipe->name, io_port_number(l->closed));
        host->connect_to[count] = l->connect_to;
    }
}

lab *lab_new(io_loop *loop, int64_t now, base_error *error)
{
    lab *l = base_allocate(sizeof *l);

    l->hosts = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->hosts);
    l->vhosts = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->vhosts);
    l->identities = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->identities);
    if (make_folder(l, error) && make_authority(l, now, error) && start(l, loop, now, error)) {
        list_hosts(l, now);
        return l;
    }
    lab_free(l);
    return NULL;
}

void lab_free(lab *l)
{
    if (l == NULL)
        return;
    serve_dns_free(l->dns);
    serve_zone_free(l->zone);
    serve_http_free(l->server);
    io_port_free(l->closed);
    for (size_t i = 0; i < lab_recipe_count; i++)
        tls_identity_free(l->identities[i]);
    tls_test_ca_free(l->too_deep);
    tls_test_ca_free(l->short_path);
    tls_test_ca_free(l->constrained);
    tls_test_ca_free(l->expired);
    tls_test_ca_free(l->lower);
    tls_test_ca_free(l->intermediate);
    tls_test_ca_free(l->root);
    if (l->folder != NULL)
        base_scratch_remove(l->folder);
    base_arena_done(&l->arena);
    free(l);
}

const facts_lab_host *lab_hosts(const lab *l, size_t *count)
{
    *count = lab_recipe_count;
    return l->hosts;
}

const char *lab_cafile(const lab *l)
{
    return l->cafile;
}

int lab_port(const lab *l)
{
    return serve_http_port(l->server);
}

const char *lab_dns(const lab *l)
{
    return l->dns_at;
}

const char *lab_connect_to(const lab *l)
{
    return l->connect_to;
}
