#include "lab/lab.h"

#include "lab/dns.h"
#include "lab/hosts.h"

#include "base/memory.h"
#include "net/dns_server.h"
#include "net/mint.h"
#include "net/server.h"
#include "net/tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY 86400
#define BODY "<!doctype html><title>Holdfast lab</title>\n"

struct lab {
    base_arena arena;
    net_authority *root, *intermediate;
    lab_host *hosts;
    net_vhost *vhosts;
    net_tls_identity **identities;
    net_server *server;
    net_port *closed; /* nothing listens on it */
    net_dns_zone *zone;
    net_dns_server *dns;
    const char *connect_to, *dns_at;
    char *folder, *cafile;
};

/* -- The authority ------------------------------------------------------------------------------------------------------------ */

static bool make_folder(lab *l, base_error *error)
{
    const char *where = getenv("TMPDIR");

    l->folder =
        base_arena_format(&l->arena, "%s/holdfast-lab-XXXXXX", where != NULL && *where != '\0' ? where : "/tmp");
    if (mkdtemp(l->folder) == NULL) {
        base_error_set(error, "cannot make the folder %s: %s", l->folder, strerror(errno));
        l->folder = NULL;
        return false;
    }
    l->cafile = base_arena_format(&l->arena, "%s/ca.pem", l->folder);
    return true;
}

static bool make_authority(lab *l, int64_t at, base_error *error)
{
    l->root = net_authority_new("Holdfast lab root", NULL, at - LAB_SPAN, at + LAB_SPAN);
    if (l->root != NULL)
        l->intermediate =
            net_authority_new("Holdfast lab authority", l->root, at - 1825 * (int64_t)DAY, at + 1825 * (int64_t)DAY);
    if (l->intermediate == NULL) {
        base_error_set(error, "cannot make the lab's authority");
        return false;
    }
    if (net_authority_write(l->root, l->cafile))
        return true;
    base_error_set(error, "cannot write %s: %s", l->cafile, strerror(errno));
    return false;
}

/* -- The hosts ---------------------------------------------------------------------------------------------------------------- */

static net_tls_identity *make_identity(const lab *l, const lab_recipe *recipe, int64_t at)
{
    const char *own[] = {recipe->name, NULL}, *another[] = {"another.test", NULL};
    net_mint mint = {.names = own, .issuer = l->intermediate, .not_before = at - 30 * DAY, .not_after = at + 60 * DAY};

    switch (recipe->certificate) {
    case LAB_GOOD:
    case LAB_CLOSED:
        break;
    case LAB_EXPIRED:
        mint.not_before = at - 91 * DAY;
        mint.not_after = at - DAY;
        break;
    case LAB_EARLY:
        mint.not_before = at + DAY;
        mint.not_after = at + 91 * DAY;
        break;
    case LAB_WRONG_NAME:
        mint.names = another;
        break;
    case LAB_SELF_SIGNED:
        mint.issuer = NULL;
        break;
    case LAB_NO_CHAIN:
        mint.without_chain = true;
        break;
    }
    return net_tls_identity_new(&mint);
}

static const char *response(lab *l, const char *head)
{
    if (head == NULL)
        return NULL;
    return base_arena_format(
        &l->arena, "HTTP/1.1 %sContent-Type: text/html\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n" BODY, head,
        strlen(BODY));
}

static bool make_host(lab *l, size_t i, int64_t at)
{
    const lab_recipe *recipe = &lab_recipes[i];

    l->identities[i] = make_identity(l, recipe, at);
    l->vhosts[i] = (net_vhost){recipe->name, l->identities[i], response(l, recipe->secure), response(l, recipe->plain)};
    return l->identities[i] != NULL;
}

static bool start_hosts(lab *l, net_loop *loop, int64_t at)
{
    for (size_t i = 0; i < lab_recipe_count; i++)
        if (!make_host(l, i, at))
            return false;
    l->server = net_server_new(loop, l->vhosts, lab_recipe_count);
    l->closed = net_port_new(loop);
    l->dns = net_dns_server_new(loop, l->zone);
    return l->server != NULL && l->closed != NULL && l->dns != NULL;
}

static bool start(lab *l, net_loop *loop, int64_t at, base_error *error)
{
    l->zone = lab_dns_zone(error);
    if (l->zone == NULL)
        return false;
    if (start_hosts(l, loop, at))
        return true;
    base_error_set(error, "cannot start the lab's hosts");
    return false;
}

static void list_hosts(lab *l)
{
    l->connect_to = base_arena_format(&l->arena, "::127.0.0.1:%d", lab_port(l));
    l->dns_at = base_arena_format(&l->arena, "127.0.0.1:%d", net_dns_server_port(l->dns));
    for (size_t i = 0; i < lab_recipe_count; i++) {
        const lab_recipe *recipe = &lab_recipes[i];
        lab_host *host = &l->hosts[i];
        size_t count = 0;

        *host = (lab_host){.name = recipe->name, .fault = recipe->fault, .expected = recipe->expected};
        if (recipe->certificate == LAB_CLOSED)
            host->connect_to[count++] =
                base_arena_format(&l->arena, "%s:443:127.0.0.1:%d", recipe->name, net_port_number(l->closed));
        host->connect_to[count] = l->connect_to;
    }
}

lab *lab_new(net_loop *loop, int64_t at, base_error *error)
{
    lab *l = base_allocate(sizeof *l);

    l->hosts = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->hosts);
    l->vhosts = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->vhosts);
    l->identities = base_arena_take(&l->arena, lab_recipe_count * sizeof *l->identities);
    if (make_folder(l, error) && make_authority(l, at, error) && start(l, loop, at, error)) {
        list_hosts(l);
        return l;
    }
    lab_free(l);
    return NULL;
}

void lab_free(lab *l)
{
    if (l == NULL)
        return;
    net_dns_server_free(l->dns);
    net_dns_zone_free(l->zone);
    net_server_free(l->server);
    net_port_free(l->closed);
    for (size_t i = 0; i < lab_recipe_count; i++)
        net_tls_identity_free(l->identities[i]);
    net_authority_free(l->intermediate);
    net_authority_free(l->root);
    if (l->folder != NULL) {
        unlink(l->cafile);
        rmdir(l->folder);
    }
    base_arena_done(&l->arena);
    free(l);
}

const lab_host *lab_hosts(const lab *l, size_t *count)
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
    return net_server_port(l->server);
}

const char *lab_dns(const lab *l)
{
    return l->dns_at;
}

const char *lab_connect_to(const lab *l)
{
    return l->connect_to;
}
